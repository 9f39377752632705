"""How words are counted: ideas in other words, other forms and the other language; twins of documents."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from knowledge.catalog.entries import Entry
from knowledge.documents.asking import shares
from knowledge.documents.coverage import coverage
from knowledge.documents.embed import SentenceEncoder, Vectors
from knowledge.documents.index import TWIN, KnowledgeIndex
from knowledge.documents.labels import label_terms
from knowledge.documents.lexical import Lexicon, root
from knowledge.documents.marks import marks_of, wanted_marks
from knowledge.documents.question import Idea, Meaning, ask
from knowledge.documents.store import Row
from knowledge.documents.twins import evened, twins
from tests.knowledge.documents.conftest import write


def nowhere(texts: Sequence[str]) -> Vectors:
    return np.zeros((len(texts), 512), dtype=np.float32)


def ideas(words: str, *extra: Meaning | str) -> tuple[Idea, ...]:
    return ask(words, nowhere, extra).ideas


def lead(index: KnowledgeIndex, words: str, document: str, *extra: Meaning) -> float:
    """By how much ``document`` scores above the best other one."""
    hits = index.search(words, 20, expand=lambda _: extra)
    own = next(hit.score for hit in hits if hit.passage.document == document)
    return own - max(hit.score for hit in hits if hit.passage.document != document)


def test_each_word_is_an_idea_and_words_that_only_ask_are_none() -> None:
    assert ideas("How much could we get for a kelp harvest?") == (Idea(("kelp",)), Idea(("harvest",)))
    assert ideas("얼마나 할 수 있나요?") != ()  # where nothing else is left, they stand


def test_what_says_the_same_belongs_to_its_words() -> None:
    harvest, fee = Meaning("kelp harvest", ("해초 수확",)), Meaning("fee", ("price", "요금"))
    found = ideas("kelp harvest fee", harvest, fee)
    assert Idea(("fee",), (("price",), ("요금",))) in found
    assert Idea(("kelp", "harvest"), (("해초", "수확"),)) in found
    assert ideas("fee", "price")[1:] == (Idea((), (("price",),)),)
    assert ideas("fee", Meaning("fee", ("price",)), "price") == (Idea(("fee",), (("price",),)),)


@pytest.mark.parametrize(
    ("one", "other"),
    [("application", "applied"), ("selection", "selected"), ("submits", "submitted")],
)
def test_forms_of_a_word_have_a_root(one: str, other: str) -> None:
    assert root(one)[:4] == root(other)[:4]


def test_a_lexicon_knows_the_kin_of_a_word() -> None:
    lexicon = Lexicon([["selection", "fee"], ["selected"], ["rope"]])
    assert set(lexicon.kin("selection")) == {"selection", "selected"}
    assert lexicon.kin("rope") == ["rope"] and lexicon.kin("boat") == []
    rows, values = lexicon.said("fee")
    assert rows.tolist() == [0] and values[0] > 0
    assert lexicon.said("boat")[0].size == 0


def test_another_form_and_another_word_find_a_passage(fresh: KnowledgeIndex, tmp_path: Path) -> None:
    things = ["tariff", "selection", "opening", "lantern", "timetable", "rope", "crane", "number"]
    said = "# Note {}\n\nThe {} of pier {} is written on the board."
    texts = {f"n{n}.md": said.format(n, what, n) for n, what in enumerate(things)}
    fresh.add_paths([write(tmp_path / "docs", texts)])
    assert lead(fresh, "Who selected the pier?", "n1.md") > 1
    plain = lead(fresh, "sum owed at the pier", "n0.md")
    assert lead(fresh, "sum owed at the pier", "n0.md", Meaning("sum owed", ("tariff",))) > plain + 1


def test_a_word_that_means_the_same_finds_a_passage_in_either_language(
    fresh: KnowledgeIndex, tmp_path: Path
) -> None:
    said = {"pay.md": "A teacher gets a salary.", "dog.md": "A dog has a collar.", "boat.md": "배와 돛."}
    fresh.add_paths([write(tmp_path / "docs", {name: f"# Note\n\n{text}" for name, text in said.items()})])
    (shelf,) = (shelf for shelf in fresh._picture.shelves if shelf.language == "en")
    assert shelf.vocabulary is not None
    wages = ["wage", "급여"]
    like = shelf.vocabulary.neighbours(dict(zip(wages, fresh.encode(wages), strict=True)))
    assert [shelf.vocabulary.words[near.places[-1]] for near in like.values()] == ["salary", "salary"]
    assert all(0 < share <= 1 for near in like.values() for share in near.shares)
    for words in ("wage of an instructor", "강사의 급여"):
        plain, _ = coverage(ask(words, fresh.encode, by_word=False), shelf, shelf.lexicon)
        near, _ = coverage(ask(words, fresh.encode), shelf, shelf.lexicon)
        rows = [row.document for row in shelf.rows]
        assert (near >= plain).all() and near[rows.index("pay.md")] > plain[rows.index("pay.md")] + 0.05


def test_words_that_passages_hardly_repeat_weigh_little_and_no_question_is_alike_for_asking() -> None:
    assert 0 < min(shares().values()) < max(shares().values()) < 1
    assert {"happen", "어떻"} <= shares().keys() and not {"fee", "신청"} & shares().keys()
    encoder = SentenceEncoder()
    pairs = [("How much is the kelp?", "How long is the rope?"), ("해초는 얼마예요?", "밧줄은 언제 와요?")]
    for pair in pairs:
        one, other = (ask(words, encoder.vectors) for words in pair)
        assert one.content @ other.content < one.vector @ other.vector - 0.01
        assert float(np.linalg.norm(one.content)) == pytest.approx(1, abs=1e-3)


def test_what_only_names_the_kind_counts_where_the_thing_is_not_named(
    fresh: KnowledgeIndex, tmp_path: Path
) -> None:
    texts = {f"n{n}.md": f"# Note {n}\n\nThe {what} is by the door." for n, what in enumerate(
        ["seaweed", "kelp", "rope", "crane", "lamp"]
    )}  # fmt: skip
    fresh.add_paths([write(tmp_path / "docs", texts)])
    kind = ("seaweed",)
    for thing, document in (("dulse", "n0.md"), ("kelp", "n1.md")):
        assert lead(fresh, f"Where is the {thing}?", document, Meaning(thing, kind, kind=True)) > 1
    assert Idea(("kelp",), (), (("seaweed",),)) in ideas("kelp", Meaning("kelp", kind, kind=True))


def test_a_passage_with_a_value_of_the_kind_asked_for_comes_first(
    fresh: KnowledgeIndex, tmp_path: Path
) -> None:
    said = {
        "day.md": "The regatta is held on 3 June.", "fee.md": "The regatta has a fee of 20 euros.",
        "who.md": "The regatta is looked after by a clerk.", "call.md": "The regatta: 051-123-4567.",
    }  # fmt: skip
    fresh.add_paths([write(tmp_path / "docs", {name: f"# Regatta\n\n{text}" for name, text in said.items()})])
    for words, document in (
        ("When is the regatta?", "day.md"), ("What does the regatta cost?", "fee.md"),
        ("regatta phone", "call.md"),
    ):  # fmt: skip
        assert lead(fresh, words, document) > 0


@pytest.mark.parametrize(
    ("question", "text", "mark"),
    [
        ("When does it close?", "until 28 April", "=date"),
        ("마감일이 언제인가요?", "2025년 4월 28일까지", "=date"),
        ("How much is the fee?", "KRW 30,000 a day", "=money"),
        ("요금은 얼마인가요?", "한 시간에 3만 원", "=money"),
        ("How many working days does it take?", "within ten working days", "=duration"),
        ("며칠 걸리나요?", "5영업일 안에", "=duration"),
        ("Whom can I call?", "help@example.org", "=contact"),
        ("전화번호 알려 주세요", "02-123-4567", "=contact"),
        ("지원 비율은?", "총액의 70 %", "=share"),
        ("What time does it open?", "from 9:30", "=time"),
    ],
)
def test_questions_want_values_and_passages_have_them(question: str, text: str, mark: str) -> None:
    assert mark in wanted_marks(question) and mark in marks_of(text)
    assert not wanted_marks("Which boats are blue?") and not marks_of("All boats are blue since 2019.")


@pytest.mark.parametrize(
    ("text", "pairs"),
    [
        ("항만책임자(harbour master)가 정한다.", [("항만책임자", "harbour master")]),
        ("밀물 높이 (HAT)", [("높이", "hat")]),
        ("After the tide review (조석심사) and not before", [("조석심사", "tide review")]),
        ("The National Tide Office (국립조석원) runs it", [("국립조석원", "national tide office")]),
        ("of a (가나)", []),
        ("3월(잠정), 가(나), a (b)", []),
    ],
)
def test_names_in_both_languages_are_learned(text: str, pairs: list[tuple[str, str]]) -> None:
    assert [tuple(term[1:].split("=")) for term in label_terms(text)] == pairs


def test_what_a_text_calls_in_both_languages_is_found_by_either(
    fresh: KnowledgeIndex, tmp_path: Path
) -> None:
    texts = {
        "list.md": "# 이름\n\n방파지기(groyne warden)는 셋이다.",
        "warden.md": "# Notes\n\nA groyne warden is paid.",
        "other.md": "# Notes\n\nA sailor is paid.", "third.md": "# Notes\n\nA cook is paid.",
    }  # fmt: skip
    folder = write(tmp_path / "docs", texts)
    fresh.add_paths([folder / "list.md", folder / "warden.md", folder / "other.md", folder / "third.md"])
    with_label = {hit.passage.document: hit.score for hit in fresh.search("방파지기 보수", 9)}
    fresh.remove_paths([folder / "list.md"])
    without = {hit.passage.document: hit.score for hit in fresh.search("방파지기 보수", 9)}
    assert with_label["warden.md"] > without["warden.md"] + 1


def rows(document: str, *sections: str) -> list[Row]:
    return [Row(n, f"{document}#{n}", document, "", section, n * 10) for n, section in enumerate(sections)]


def test_documents_that_differ_in_the_language_only_are_twins() -> None:
    english = [*rows("en/fees.md", "Fees", "Fees", "Refund"), *rows("call-en.md", "A", "B")]
    korean = [*rows("ko/fees.md", "요금", "환불"), *rows("call-ko.md", "가"), *rows("y.md", "Y")]
    assert twins(korean, english) == {
        "ko/fees.md#0": "en/fees.md#0", "en/fees.md#0": "ko/fees.md#0",
        "ko/fees.md#1": "en/fees.md#2", "en/fees.md#2": "ko/fees.md#1",
    }  # fmt: skip
    doubled = [*korean, *rows("kor/fees.md", "요금", "환불")]
    assert twins(doubled, english) == {}


def test_twins_share_a_score_nearer_to_the_better_one_in_the_order_of_the_question() -> None:
    pair = {"k": "e", "e": "k"}
    assert evened({"k": 1.0, "e": 5.0, "x": 4.0}, {"k"}, pair, 1.5) == {"k": 4.0, "e": 2.5, "x": 4.0}
    assert evened({"e": 5.0}, {"k"}, pair, 1.5) == {"e": 3.5}


def test_of_twins_the_one_in_the_language_of_the_question_comes_first(
    fresh: KnowledgeIndex, tmp_path: Path
) -> None:
    fresh.add_paths([write(tmp_path / "docs", {
        "ko/boats.md": "# 배\n\n## 요금\n\n배는 한 시간에 8크라운입니다.\n\n## 반납\n\n부두에 둡니다.",
        "en/boats.md": "# Boats\n\n## Price\n\nA boat costs 8 crowns an hour.\n\n## Return\n\nAt the pier.",
        "en/lamp.md": "# Lamp\n\nThe lamp burned oil.",
    })])  # fmt: skip
    for words, first, second in (
        ("What does a rowing boat cost?", "en/boats.md", "ko/boats.md"),
        ("배 한 시간 요금이 얼마인가요?", "ko/boats.md", "en/boats.md"),
    ):
        hits = fresh.search(words, 2)
        assert [hit.passage.document for hit in hits] == [first, second]
        assert hits[0].score - hits[1].score == pytest.approx(TWIN, abs=0.01)


def catalog(index: KnowledgeIndex, *said: tuple[str, str]) -> None:
    """Index tables, and variables called "TABLE.day", as (name, text)."""
    entries = [
        Entry(f"d/{name}", "variable" if name.endswith(".day") else "table", name, text, "en")
        for name, text in said
    ]
    index.replace_catalog(entries, "1")


def test_a_variable_says_what_its_table_says_and_a_little_less(fresh: KnowledgeIndex) -> None:
    tables = [("stays", "Nights on the ward."), ("v1.0", "Nights in the harbour hostel."), ("gear", "Ropes.")]
    names = ["stays.day", "v1.0.day", "gear.day"]
    catalog(fresh, *tables, *((name, "First day.") for name in names))
    shelf = next(s for s in fresh._picture.shelves if s.kind == "variable")
    assert shelf.tables is not None
    owners = {row.document: number for row, number in zip(shelf.rows, shelf.table_rows, strict=True)}
    known = [row.document for row in shelf.tables.rows]
    assert {name: known[number] for name, number in owners.items()} == {
        "d/stays.day": "d/stays", "d/v1.0.day": "d/v1.0", "d/gear.day": "d/gear"
    }  # fmt: skip
    for words, table in (("first day of nights on the ward", "stays"), ("first day of the hostel", "v1.0")):
        hits = fresh.search(words, 3, kinds=frozenset({"variable"}))
        assert hits[0].passage.document == f"d/{table}.day"
        assert hits[0].score > hits[1].score + 1


def test_of_names_that_are_alike_the_one_without_a_word_that_nobody_asked_for_comes_first(
    fresh: KnowledgeIndex,
) -> None:
    columns = ("Haul weight", "Haul weight draft code", "Haul ID")
    entries = [Entry("d/haul", "table", "Haul", "Haul (haul). Nets that came in.", "en")]
    entries += [
        Entry(f"d/haul.{name.lower().replace(' ', '_')}", "variable", name, f"{name}. Of a haul.", "en")
        for name in columns
    ]
    fresh.replace_catalog(entries, "1")
    shelf = next(shelf for shelf in fresh._picture.shelves if shelf.kind == "variable")
    assert [row.document for n, row in enumerate(shelf.rows) if shelf.is_key(n)] == ["d/haul.haul_id"]

    def names(words: str) -> list[str]:
        hits = fresh.search(words, 3, kinds=frozenset({"variable"}))
        return [hit.passage.title for hit in hits]

    assert names("weight of a haul") == list(columns)
    assert names("draft code of the haul weight")[0] == "Haul weight draft code"
    assert names("identifier of the haul, its ID")[0] == "Haul ID"


def test_what_a_whole_catalog_is_about_says_little_in_it(fresh: KnowledgeIndex) -> None:
    things = ["Paid by patient.", "Statin one.", "Statin two.", *(f"Rope {n}." for n in range(6))]
    catalog(fresh, *((f"t{n}.day", text) for n, text in enumerate(things)))
    names = [hit.passage.document for hit in fresh.search("Which patient has a statin?", 3)]
    assert set(names[:2]) == {"d/t1.day", "d/t2.day"}
