"""Passages: exact ranges of the text, along its structure."""

from __future__ import annotations

import random
from itertools import pairwise
from pathlib import Path

import pytest

from knowledge.documents.document import Document
from knowledge.documents.load import File, load, parse
from knowledge.documents.sentences import sentences
from knowledge.documents.split import LARGE, LONGEST, SMALL, split

SAMPLES = Path(__file__).parents[3] / "knowledge" / "sample" / "documents"


def document(text: str) -> Document:
    return parse(File("a.md", text.encode()), "a.md")[0]


def check(doc: Document) -> None:
    """What holds for every document: exact text, in order, no sentence cut."""
    passages = split(doc)
    assert passages
    for number, passage in enumerate(passages):
        assert passage.id == f"{doc.document}#{doc.version}#{number}"
        assert passage.text == doc.text[passage.start : passage.end]
        assert passage.text.strip() == passage.text != ""
    assert all(a.end <= b.start for a, b in pairwise(passages))
    whole = sentences(doc.text, 0, len(doc.text))
    for span in whole:
        if span.end - span.start <= LONGEST:
            holders = [p for p in passages if p.start <= span.start and span.end <= p.end]
            assert len(holders) == 1, doc.text[span.start : span.end]


def test_sections_give_passages_with_their_heading_path() -> None:
    doc = document(
        "# Book\n\nIntro.\n\n## One\n\nText one.\n\n### Deep **part** ##\n\nText deep.\n\n## Two\n\nText two."
    )
    found = [(p.section, p.text) for p in split(doc)]
    assert found == [
        ("Book", "Intro."), ("One", "Text one."), ("One > Deep part", "Text deep."), ("Two", "Text two."),
    ]  # fmt: skip


def test_short_blocks_share_a_passage_and_long_sections_are_divided() -> None:
    short = " ".join(["A short sentence stands here."] * 3)
    passages = split(document("# T\n\n" + "\n\n".join([short] * 20)))
    assert len(passages) > 1
    assert all(SMALL <= len(p.text) <= LARGE for p in passages[:-1])


def test_a_long_paragraph_is_cut_between_sentences() -> None:
    doc = document(
        "# T\n\n" + " ".join(f"Sentence number {n} has a ratio of 0.{n} here." for n in range(120))
    )
    check(doc)
    assert all(p.text.endswith(".") and p.text.startswith("Sentence") for p in split(doc))


def test_a_lead_in_stays_with_its_list() -> None:
    filler = " ".join(["Words that fill the section up to its brim."] * 19)
    doc = document(
        f"# T\n\n{filler}\n\nThe papers are:\n\n- a plan\n- a pledge\n" + "- more and more paper\n" * 10
    )
    assert any(p.text.startswith("The papers are:\n\n- a plan") for p in split(doc))


def test_text_without_any_stop_is_still_bounded() -> None:
    for text in ("가" * 9000, "word " * 3000, "a\nb\n" * 3000):
        passages = split(document(text))
        assert all(len(p.text) <= LONGEST for p in passages)
        assert sum(len(p.text) for p in passages) > len(text) * 0.7


def test_a_document_of_headings_only_is_one_passage() -> None:
    assert [p.text for p in split(document("# Only\n\n## Headings\n"))] == ["# Only\n\n## Headings"]


def test_language_is_that_of_the_passage() -> None:
    doc = document(
        "# 안내\n\n## 한국어\n\n여기는 한국어 설명입니다.\n\n## English\n\nThis part is written in English.\n"
    )
    assert [p.language for p in split(doc)] == ["ko", "en"]


@pytest.mark.parametrize("seed", range(30))
def test_random_structures_keep_their_text(seed: int) -> None:
    rng = random.Random(seed)
    pieces = [
        *(
            "# H1\n",
            "## H2 **b**\n",
            "### 제목\n",
            "Setext\n====\n",
            "---\n",
            "\n",
            "\n\n",
            "<!-- note -->\n",
        ),
        *("A sentence. Another one, e.g. this.\n", "문장입니다. 또 하나입니다.\n", "No stop at the end\n"),
        *("- item one\n- item two. Two sentences.\n", "1. first\n2. second\n", "○ 기호 목록\n※ 참고. 사항\n"),
        *("| a | b |\n|---|---|\n| 1 | 2. |\n| x | y |\n", "> quoted text. More.\n", "```\ncode. x\n```\n"),
        *("The papers:\n", " ".join(["긴 문단의 문장입니다."] * 90) + "\n", "😀 emoji. 끝\n"),
    ]
    check(document("Start here.\n\n" + "".join(rng.choice(pieces) for _ in range(40))))


@pytest.mark.parametrize("path", sorted(SAMPLES.rglob("*.md")), ids=lambda p: f"{p.parent.name}/{p.stem}")
def test_sample_documents_keep_their_text(path: Path) -> None:
    check(load(path, path.name))
