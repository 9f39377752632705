"""What a question is taken to ask: terms that an answer has to hold, and those that it need not."""

from __future__ import annotations

import pytest

from assistant.evidence.question import read_question
from assistant.evidence.wanted import Wanted
from knowledge.glossary.glossary import load_terms


def wanted(question: str, held: frozenset[str] = frozenset()) -> dict[str, Wanted]:
    (part,) = read_question(question, load_terms(), lambda word: 0.6 if word in held else None, 2026)
    return {w.text: w for w in part.wanted}


def test_either_of_two_things_is_enough() -> None:
    found = wanted("Can I apply by letter or fax?")
    assert any({"letter", "fax"} <= set(w.forms) for w in found.values())


@pytest.mark.parametrize("question", ["외국인도 협진을 받을 수 있어요?", "외국인도 신청할 수 있나요?"])
def test_a_particle_is_no_part_of_a_word(question: str) -> None:
    assert "외국인" in wanted(question)


def test_a_cost_is_asked_of_the_thing_itself() -> None:
    assert [part.text for part in wanted("기숙사비는 얼마인가요?")["기숙사비"].parts] == ["기숙사"]


def test_who_heads_a_body_is_not_the_body() -> None:
    head = wanted("진흥원장은 누구인가요?", frozenset({"진흥원"}))["진흥원장"]
    assert head.kind == "name" and not head.parts


def test_a_light_word_that_opens_a_longer_one_counts() -> None:
    assert any("중간" in w.text and not w.soft for w in wanted("중간보고서는 몇 쪽인가요?").values())


def test_what_is_counted_is_the_first_plural() -> None:
    (part,) = read_question("How many reviewers score a proposal?", load_terms(), lambda word: None, 2026)
    assert part.counted is not None and part.counted.text == "reviewers"


def test_a_question_whether_it_is_still_open_wants_a_date() -> None:
    for question in ("Is the call still open?", "아직 신청할 수 있나요?"):
        (part,) = read_question(question, load_terms(), lambda word: None, 2026)
        assert "when" in part.asks
