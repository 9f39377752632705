"""Conversations as they are answered: what carries over, what is asked back, what begins anew."""

from __future__ import annotations

from datetime import date
from itertools import count

import pytest

OPEN = date(2026, 3, 1)
_NUMBERS = count(1)


def say(assistant, *turns):
    """The answers to the turns of one new conversation."""
    name = f"conv-{next(_NUMBERS)}"
    return [assistant.ask(text, today=OPEN, conversation=name) for text in turns]


@pytest.mark.parametrize(
    ("turns", "plan"),
    [
        (
            ["누리 녹내장 레지스트리의 녹내장 환자 수는?", "그중 여성은?", "연도별로 나눠줘"],
            {
                "cohorts": ["glaucoma"],
                "datasets": ["nuri_glaucoma"],
                "sex": ["F"],
                "group_by": ["dataset", "year"],
            },
        ),
        (
            ["How many glaucoma patients does each hospital have?", "Split that by sex"],
            {"cohorts": ["glaucoma"], "group_by": ["hospital", "sex"]},
        ),
        (
            [
                "How many glaucoma patients does each hospital have?",
                "and atrial fibrillation?",
                "And in 2022?",
            ],
            {"cohorts": ["af"], "group_by": ["hospital"], "years": {"low": 2022, "high": 2022}},
        ),
        (
            ["누리안과병원의 녹내장 환자 수", "새빛대학교병원은?", "두 병원을 비교해줘"],
            {"cohorts": ["glaucoma"], "hospitals": ["nuri", "saebit"], "group_by": ["hospital"]},
        ),
        (
            ["How many glaucoma patients does Nuri have?", "What about the other hospitals?"],
            {"cohorts": ["glaucoma"], "hospitals": ["saebit"]},
        ),
        (
            ["How many women with glaucoma are there at Saebit?", "Drop the sex filter"],
            {"cohorts": ["glaucoma"], "hospitals": ["saebit"]},
        ),
    ],
)
def test_a_turn_keeps_what_it_does_not_change(assistant, turns, plan):
    last = say(assistant, *turns)[-1]
    assert last.query is not None, last.text
    got = {name: last.query.plan.get(name) for name in plan}
    assert got == plan
    assert "sex" not in last.query.plan or "sex" in plan


@pytest.mark.parametrize(
    "text",
    ["By sex?", "And in 2022?", "성별로 나눠줘", "그 병원의 환자 수는?", "나머지는?", "the second one?",
     "Which of them have HbA1c?"],
)  # fmt: skip
def test_a_reference_to_nothing_is_asked_about(assistant, text):
    assert say(assistant, text)[0].status == "clarify"


def test_a_new_question_clears_what_was_limited(assistant):
    last = say(
        assistant,
        "How many women with glaucoma were there at Saebit in 2021?",
        "How many patients have type 2 diabetes?",
    )[-1]
    assert last.query is not None
    assert not {"sex", "years", "hospitals"} & set(last.query.plan)


def test_a_conversation_begins_anew(assistant):
    first, cleared, after = say(
        assistant, "How many glaucoma patients does Saebit have?", "start over", "by year?"
    )
    assert first.status == "answered"
    assert cleared.status == "answered" and cleared.query is None
    assert after.status == "clarify"


def test_a_follow_up_to_an_empty_answer_changes_its_year(assistant):
    empty, why, then = say(
        assistant, "누리 녹내장 레지스트리의 1999년 녹내장 환자 수는?", "왜 없어?", "그럼 2021년은?"
    )
    assert empty.status == "not_found" and why.status == "not_found"
    assert then.query is not None and then.query.plan["years"] == {"low": 2021, "high": 2021}


@pytest.mark.parametrize(("reply", "tables"), [("2", 1), ("the first one", 1), ("both", 2)])
def test_a_choice_is_answered(assistant, reply, tables):
    offered, answer = say(assistant, "How many glaucoma patients aged 47 or older does Nuri have?", reply)
    assert offered.status == "clarify" and len(offered.options) == 2
    assert answer.status == "answered"
    assert answer.text.count("**Read as:**") == tables


def test_a_question_for_both_catalog_and_documents_is_answered_in_parts(assistant):
    answer = say(assistant, "How many glaucoma patients does each hospital have, and when is the deadline?")[
        0
    ]
    assert answer.status == "answered", answer.text
    assert answer.query is not None and answer.query.plan["cohorts"] == ["glaucoma"]
    assert answer.citations and "13 March 2026" in answer.text


def test_a_question_to_the_documents_is_not_bent_to_the_count_before(assistant):
    first, rules = say(
        assistant,
        "How many glaucoma patients does Saebit have?",
        "When is the deadline and where do I apply?",
    )
    assert first.query is not None
    assert rules.query is None and rules.citations


def test_the_first_of_a_list_is_pointed_to(assistant):
    listed, first, second = say(
        assistant,
        "What datasets does Nuri Eye Hospital have?",
        "What period does the first one cover?",
        "And the second?",
    )
    ids = [row[listed.query.columns.index("dataset")] for row in listed.query.rows]
    for answer, id in ((first, ids[0]), (second, ids[1])):
        at = answer.query.columns.index("dataset")
        assert [row[at] for row in answer.query.rows] == [id]
