"""Finding: across languages, across kinds, with superseded documents, with any words, from many threads."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import pytest

from knowledge.documents.document import Hit
from knowledge.documents.index import KnowledgeIndex
from knowledge.documents.question import Meaning
from knowledge.documents.retriever import PassageRetriever
from knowledge.errors import QuestionInvalid
from tests.knowledge.documents.conftest import write
from tests.knowledge.documents.test_index import Entry


def first(index: KnowledgeIndex, words: str) -> tuple[str, str]:
    passage = index.search(words, 5)[0].passage
    return passage.document, passage.section


SAME_LANGUAGE = [
    ("When do the tours of the lighthouse begin?", ("lighthouse.md", "Guided tours")),
    ("What did the lamp burn?", ("lighthouse.md", "Lamp oil")),
    ("배를 빌리는 요금은 얼마인가요?", ("boats.txt", "대여 요금")),
    ("폭풍 때 수위는 몇 분마다 기록하나요?", ("storm.md", "기록 간격")),
]
ACROSS = [
    ("How much does it cost to rent a rowing boat?", ("boats.txt", "대여 요금")),
    ("How are missing values of frozen sensors marked?", ("storm.md", "결측 처리")),
    ("등대 안내 관람은 언제 시작하나요?", ("lighthouse.md", "Guided tours")),
    ("옛날 등불은 기름을 얼마나 썼나요?", ("lighthouse.md", "Lamp oil")),
]


@pytest.mark.parametrize(("words", "expected"), SAME_LANGUAGE + ACROSS)
def test_the_passage_that_answers_comes_first(
    index: KnowledgeIndex, words: str, expected: tuple[str, str]
) -> None:
    assert first(index, words) == expected


def test_scores_fall_and_k_limits(index: KnowledgeIndex) -> None:
    hits = index.search("reading room pass", 3)
    assert len(hits) == 3
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    assert index.search("reading room pass", 0) == []
    assert len(index.search("reading room pass", 10_000)) == len(index.search("reading room pass", 100))


def lead_of(document: str, hits: list[Hit]) -> float:
    """By how much ``document`` scores above the best other one."""
    own = max(hit.score for hit in hits if hit.passage.document == document)
    return own - max(hit.score for hit in hits if hit.passage.document != document)


def test_words_for_the_question_in_the_other_language_help(fresh: KnowledgeIndex, tmp_path: Path) -> None:
    catches = {"kelp": "bladder wrack", "eels": "eel", "clams": "clam", "cod": "cod"}
    texts = {f"{name}.md": f"# Quota\n\nThe {what} quota is nine crates." for name, what in catches.items()}
    fresh.add_paths([write(tmp_path / "docs", texts)])
    words = "뜸부기말 할당량"
    plain = fresh.search(words, 4)
    asked: list[str] = []

    def expand(words: str) -> list[Meaning]:
        asked.append(words)
        return [Meaning("뜸부기말", ("bladder wrack",))]

    helped = fresh.search(words, 4, expand=expand)
    assert asked == [words]
    assert helped[0].passage.document == "kelp.md"
    assert lead_of("kelp.md", helped) > lead_of("kelp.md", plain) + 1


def test_a_superseded_document_is_found_lower_unless_it_is_named(index: KnowledgeIndex) -> None:
    assert index.superseded("rules/call-2030.md") == "rules/call-2031.md"
    assert index.superseded("rules/call-2031.md") is None
    assert index.superseded("absent.md") is None
    assert first(index, "What deposit does a reader pay?") == ("rules/call-2031.md", "Deposit")
    assert first(index, "What deposit did a reader pay in 2030?") == ("rules/call-2030.md", "Deposit")
    names = [hit.passage.document for hit in index.search("deposit of a reader", 4)]
    assert {"rules/call-2030.md", "rules/call-2031.md"} <= set(names)


def test_a_document_replaces_another_only_once_it_is_in_force(index: KnowledgeIndex) -> None:
    before, after = date(2031, 1, 31), date(2031, 2, 1)
    assert index.superseded("rules/call-2030.md", today=before) is None
    assert index.superseded("rules/call-2030.md", today=after) == "rules/call-2031.md"
    asked = [index.search("deposit of a reader", 9, today=day) for day in (before, after)]
    early, late = [
        next(
            h.score for h in hits if h.passage.document.endswith("2030.md") and h.passage.section == "Deposit"
        )
        for hits in asked
    ]
    assert early > late


def test_a_file_name_means_the_nearest_document_of_that_name(fresh: KnowledgeIndex, tmp_path: Path) -> None:
    new = "---\nsupersedes: [old.md, x/y.md, itself.md]\n---\nNew rule."
    fresh.add_paths([write(tmp_path / "docs", {
        "en/new.md": new, "en/old.md": "Old.", "ko/old.md": "옛 규칙.", "x/y.md": "Other.", "en/z.md": "Z.",
    })])  # fmt: skip
    assert fresh.superseded("en/old.md") == "en/new.md"
    assert fresh.superseded("ko/old.md") is None
    assert fresh.superseded("x/y.md") == "en/new.md"
    assert fresh.superseded("en/z.md") is None


CATALOG = [
    Entry("gulls", "dataset", "Gull census", "Gull census (gulls). Counts of nests on the cliffs.", "en"),
    Entry(
        "gulls/nests.n_eggs",
        "variable",
        "Number of eggs",
        "Number of eggs (n_eggs). Values: 0, 1, 2, 3.",
        "en",
    ),
    Entry("gulls/nests.n_eggs", "variable", "알의 수", "알의 수 (n_eggs). 값: 0, 1, 2, 3.", "ko"),
    Entry("gulls/nests.wing", "variable", "Wing span", "Wing span (wing). Unit: cm.", "en"),
    Entry("gulls/nests.wing", "variable", "날개 길이", "날개 길이 (wing). 단위: cm.", "ko"),
]


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory, archive: Path) -> KnowledgeIndex:
    built = KnowledgeIndex(tmp_path_factory.mktemp("both"), today=date(2031, 6, 1))
    built.add_paths([archive])
    built.replace_catalog(CATALOG, "v1")
    return built


@pytest.mark.parametrize(
    ("words", "kind", "document"),
    [
        ("What values can n_eggs take?", "variable", "gulls/nests.n_eggs"),
        ("날개 길이의 단위는?", "variable", "gulls/nests.wing"),
        ("gull census dataset", "dataset", "gulls"),
        ("What deposit does a reader pay?", "document", "rules/call-2031.md"),
        ("폭풍 때 수위는 몇 분마다 기록하나요?", "document", "storm.md"),
    ],
)
def test_catalog_and_documents_are_searched_together(
    both: KnowledgeIndex, words: str, kind: str, document: str
) -> None:
    hit = both.search(words, 5)[0].passage
    assert (hit.kind, hit.document) == (kind, document)


def test_kinds_narrow_the_search(both: KnowledgeIndex) -> None:
    hits = both.search("eggs deposit", 20, kinds=frozenset({"variable", "dataset"}))
    assert {hit.passage.kind for hit in hits} == {"variable", "dataset"}
    with pytest.raises(QuestionInvalid, match="'patient'"):
        both.search("eggs", kinds=frozenset({"patient"}))


@pytest.mark.parametrize("words", ["", " \n\t ", "\u3000"])
def test_no_words_are_refused(index: KnowledgeIndex, words: str) -> None:
    with pytest.raises(QuestionInvalid):
        index.search(words)


@pytest.mark.parametrize("words", ["😀😀", "?!…", "\x00", "\ud800", "---"])
def test_words_without_a_letter_find_nothing(index: KnowledgeIndex, words: str) -> None:
    assert index.search(words) == []


@pytest.mark.parametrize(
    "words",
    [
        *("deposit\x00 reader", "deposit \ud83d reader", "요금" * 10_000, "a" * 20_000, "reader " * 4_000),
        *("’; DROP TABLE passages; --", "\u202edeposit", "🚣 요금 🚣", "0", "ａｂｃ", "ㅋㅋㅋㅋ"),
        *("x\n" * 9_000, "%s {}"),
    ],
    ids=range(13),
)  # fmt: skip
def test_any_words_are_searched(index: KnowledgeIndex, words: str) -> None:
    hits = index.search(words, 5)
    assert len(hits) == 5
    assert all(hit.passage.text for hit in hits)


def test_an_empty_index_finds_nothing(fresh: KnowledgeIndex) -> None:
    assert fresh.search("anything") == []
    assert fresh.documents() == []


def test_many_threads_get_the_answers_of_one(index: KnowledgeIndex) -> None:
    asked = [words for words, _ in SAME_LANGUAGE + ACROSS] * 6
    expected = [index.search(words, 5) for words in asked]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(lambda words: index.search(words, 5), asked)) == expected


def test_searching_goes_on_while_documents_change(
    fresh: KnowledgeIndex, archive: Path, tmp_path: Path
) -> None:
    fresh.add_paths([archive])
    other = write(
        tmp_path / "more", {f"m{n}.md": f"# Extra {n}\n\nReaders of room {n} pay." for n in range(8)}
    )

    def change() -> None:
        for _ in range(3):
            fresh.add_paths([other], source="more")
            fresh.remove_paths([other], source="more")

    with ThreadPoolExecutor(5) as pool:
        changing = pool.submit(change)
        found = [pool.submit(fresh.search, "What deposit does a reader pay?", 3) for _ in range(80)]
        changing.result()
    assert all(task.result()[0].passage.document == "rules/call-2031.md" for task in found)


def test_the_langchain_retriever_gives_the_same_passages(index: KnowledgeIndex) -> None:
    pages = PassageRetriever(index=index, k=3).invoke("배 대여 요금")
    hits = index.search("배 대여 요금", 3)
    assert [(page.id, page.page_content) for page in pages] == [(h.passage.id, h.passage.text) for h in hits]
    assert pages[0].metadata["document"] == "boats.txt"
    assert pages[0].metadata["score"] == hits[0].score
