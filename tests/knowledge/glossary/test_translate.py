"""Terms named in a text, and their names in the other language."""

from __future__ import annotations

import csv

import pytest

from knowledge.glossary.glossary import TERMS, load_terms
from knowledge.glossary.translate import find_terms, translate


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("신청 마감일이 언제예요?", "deadline"),
        ("What is the deadline?", "마감일"),
        ("지원금은 얼마인가요?", "Subsidy"),
        ("IRB가 뭔가요?", "Institutional Review Board"),
        ("Do the IRBs meet monthly?", "기관생명윤리위원회"),
        ("대조군을 어떻게 잡나요", "Control group"),
        ("표본 크기 계산", "Sample size"),
        ("export review", "반출심사"),
        ("반출 심사는 얼마나 걸리나요", "Export review"),
    ],
)
def test_names_in_the_other_language(text: str, expected: str) -> None:
    assert expected in translate(text, load_terms())


@pytest.mark.parametrize(
    "text",
    ["am I eligible", "to be or not to be", "", "?", "\x00", "😀", "가", "ſ K", "조합 가능한 변수를 알려줘"],
)
def test_no_name_is_seen_where_there_is_none(text: str) -> None:
    assert not {"AMI", "Acute myocardial infarction", "Bronchiectasis", "Cooperative"} & {
        term.en[0] for mention in find_terms(text, load_terms()) for term in mention.terms
    }


def test_the_longest_name_wins() -> None:
    (mention,) = find_terms("데이터심의위원회", load_terms())
    assert [term.id for term in mention.terms] == ["drb"]
    assert (mention.start, mention.end) == (0, 8)


def test_offsets_are_those_of_the_text_given() -> None:
    text = "우리 병원 데이터 심의 위원회 는"
    spans = [text[m.start : m.end] for m in find_terms(text, load_terms())]
    assert "데이터 심의 위원회" in spans


def test_nothing_that_the_text_holds_is_given_back() -> None:
    assert not [name for name in translate("IRB와 DRB", load_terms()) if name.lower() in "irb와 drb"]


def test_the_rows_are_whole_and_unique() -> None:
    with TERMS.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert all(None not in row and None not in row.values() for row in rows)
    assert len({row["id"] for row in rows}) == len(rows)
    assert all(row["en"] and row["ko"] for row in rows)


@pytest.mark.parametrize(
    "text", ["this is it", "state aid", "그의 말", "부동산 자료", "조직도", "ten patients have"]
)
def test_everyday_words_are_no_abbreviations(text: str) -> None:
    assert find_terms(text, load_terms()) == ()


@pytest.mark.parametrize(
    ("text", "term"), [("AIDS patients", "AIDS"), ("two IRBs", "IRB"), ("biopsies", "Biopsy")]
)
def test_plurals_of_names(text: str, term: str) -> None:
    found = [t for mention in find_terms(text, load_terms()) for t in mention.terms]
    assert [t for t in found if term in t.names]
