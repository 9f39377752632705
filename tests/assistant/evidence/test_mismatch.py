"""Sentences that tell something else of the kind that is asked for."""

from __future__ import annotations

import pytest

from assistant.evidence.cover import Matcher
from assistant.evidence.gives import gives_of
from assistant.evidence.mismatch import mismatches
from assistant.evidence.question import Part, read_question
from assistant.evidence.sense import Sense
from assistant.evidence.units import Unit, units_of
from assistant.evidence.views import View
from knowledge.documents.document import Document
from knowledge.documents.embed import SentenceEncoder
from knowledge.glossary.glossary import load_terms
from knowledge.text import language_of


def part_of(question: str) -> Part:
    return read_question(question, load_terms(), lambda _: 0.5, 2031)[0]


def sentence(text: str) -> Unit:
    document = Document("pier.md", "1", "Pier", language_of(text), text)
    return units_of(document)[0]


@pytest.mark.parametrize(
    ("question", "told", "other"),
    [
        ("How many boats were lost so far?", "Each pier takes twelve boats at most.", "Twelve were lost."),
        ("지금까지 배를 몇 척 받았나요?", "부두는 배를 12척까지 받는다.", "부두는 배 12척을 받았다."),
    ],
)
def test_a_rule_does_not_tell_what_happened(question: str, told: str, other: str) -> None:
    assert mismatches(part_of(question), sentence(told), "")["happened"] == 1.0
    assert mismatches(part_of(question), sentence(other), "")["happened"] == 0.0
    rule = part_of("How many boats may moor?")
    assert mismatches(rule, sentence("Each pier takes up to twelve boats."), "")["happened"] == 0.0


@pytest.mark.parametrize(
    ("question", "nameless", "named"),
    [
        ("What is the name of the pilot?", "The pilot comes on board.", "The pilot is called Orla Finch."),
        ("등대지기 이름이 뭐예요?", "등대지기는 매일 불을 켠다.", "등대지기 김철수가 매일 불을 켠다."),
        ("어느 보험사에 드나요?", "배는 보험에 든다.", "배는 Tidewell 보험에 든다."),
    ],
)
def test_a_name_is_asked_for(question: str, nameless: str, named: str) -> None:
    assert mismatches(part_of(question), sentence(nameless), "")["nameless"] == 1.0
    assert mismatches(part_of(question), sentence(named), "")["nameless"] == 0.0
    assert mismatches(part_of("When does the pilot come?"), sentence(nameless), "")["nameless"] == 0.0


@pytest.mark.parametrize(
    ("question", "text", "head", "other"),
    [
        ("How much is the mooring fee?", "The fine for mooring is 90 crowns.", "", 1.0),
        ("How much is the mooring fee?", "Mooring costs 90 crowns.", "", 0.0),
        ("How much is the mooring fee?", "Mooring | 90 crowns", "Place | Price", 0.0),
        ("How much is the mooring fee?", "Mooring | 90 crowns", "", 0.0),
        ("선원 급여는 얼마인가요?", "선원의 보험금은 90만 원이다.", "", 1.0),
        ("계류 요금은 얼마인가요?", "The mooring fee is 90 crowns.", "", 0.0),
    ],
)
def test_an_amount_has_a_purpose(question: str, text: str, head: str, other: float) -> None:
    assert mismatches(part_of(question), sentence(text), head)["other_amount"] == other


@pytest.mark.parametrize(
    ("question", "text", "gives"),
    [
        ("부두 견학에 몇 명이 가나요?", "부두 견학은 45분 동안 한다.", False),
        ("부두 견학에 몇 명이 가나요?", "부두 견학에는 12명이 간다.", True),
        ("시험에 몇 문제가 나오나요?", "시험에서 80점을 받는다.", False),
        ("How much does mooring cost?", "Mooring costs 1.5 times the day rate.", True),
        ("What is the price of mooring?", "Mooring is 50 % of the day rate.", True),
        ("What is the price of mooring?", "Mooring is open to 50 % of all boats.", False),
        ("How heavy is the anchor?", "The anchor weighs 90 kg.", True),
        ("밧줄은 몇 킬로까지 버티나요?", "밧줄은 90 kg까지 버틴다.", True),
    ],
)
def test_numbers_of_another_kind_are_none(question: str, text: str, gives: bool) -> None:
    part, unit = part_of(question), sentence(text)
    match = Matcher(Sense(SentenceEncoder().vectors))
    assert gives_of(part, match, unit, [View(unit.words, 1.0)], frozenset()) is gives
