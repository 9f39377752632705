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


@pytest.mark.parametrize(
    ("turns", "quoted"),
    [
        (["How much does the voucher pay?", "Until when can I apply for it?"], "13 March 2026"),
        (["How much does the voucher pay?", "And where do I apply?"], "voucher portal"),
        (["바우처 지원금은 얼마인가요?", "그건 언제까지 신청하나요?"], "2026년 3월 13일"),
        (["접수 마감일은 언제인가요?", "어디로 내요?"], "누리집"),
    ],
)
def test_a_turn_goes_on_from_a_question_to_the_documents(assistant, turns, quoted):
    first, then = say(assistant, *turns)
    assert first.citations, first.text
    assert then.citations and quoted in then.text
    assert turns[0] in then.text.split("\n")[0]  # what it was read with is said


@pytest.mark.parametrize(
    ("turns", "named"),
    [
        (["How much does the voucher pay?", "And for foreign companies?"], "foreign companies"),
        (["바우처 지원금은 얼마인가요?", "그럼 외국 기업은요?"], "외국 기업"),
    ],
)
def test_what_the_documents_do_not_say_of_the_new_thing_is_not_answered_from_the_old(
    assistant, turns, named
):
    then = say(assistant, *turns)[-1]
    assert (then.status, then.reason) == ("not_found", "not_stated"), then.text
    assert turns[0] in then.text and named in then.text


def test_rows_end_what_a_turn_to_the_documents_could_go_on_from(assistant):
    *_, counted, turned = say(
        assistant, "When is the deadline?", "How many glaucoma patients does Saebit have?", "And in 2021?"
    )
    assert counted.query is not None
    assert turned.query is not None and turned.query.plan["years"] == {"low": 2021, "high": 2021}


@pytest.mark.parametrize(
    ("turns", "sex"),
    [
        (["How many women with glaucoma are there at Saebit?", "Forget the women"], None),
        (["새빛대학교병원의 여성 녹내장 환자 수는?", "여성 조건은 빼줘"], None),
        (["How many glaucoma patients does Saebit have?", "Leave out the men"], ["F"]),
        (["새빛대학교병원의 녹내장 환자 수는?", "남자는 빼고"], ["F"]),
        (["How many women with glaucoma are there at Saebit?", "Leave out the men"], ["F"]),
    ],
)
def test_a_sex_is_left_out(assistant, turns, sex):
    last = say(assistant, *turns)[-1]
    assert last.query is not None, last.text
    assert last.query.plan.get("sex") == sex
    assert last.query.plan["hospitals"] == ["saebit"]


@pytest.mark.parametrize(
    ("turns", "show"),
    [
        (["How many glaucoma patients does Nuri have?", "Where is that hospital?"], "hospital.region_en"),
        (["누리안과병원의 녹내장 환자 수는?", "그 병원은 어디에 있어요?"], "hospital.region_en"),
        (["HbA1c는 어떤 변수인가요?", "단위는?"], "variable.unit"),
        (["Which variables measure HbA1c?", "What is its unit?"], "variable.unit"),
    ],
)
def test_a_field_is_asked_of_what_was_named(assistant, turns, show):
    first, last = say(assistant, *turns)
    assert last.query is not None, last.text
    assert show in last.query.plan["show"]
    kept = first.query.plan.get("hospitals") or first.query.plan["conditions"][0]["values"]
    assert last.query.plan["conditions"][0]["values"] == kept


@pytest.mark.parametrize("turn", ["해마다 어떻게 변했어요?", "연도별로 어떻게 달라졌나요?"])
def test_how_it_changed_is_by_year(assistant, turn):
    last = say(assistant, "새빛대학교병원의 녹내장 환자 수는?", turn)[-1]
    assert last.query is not None, last.text
    assert last.query.plan["group_by"] == ["year"]
    assert last.query.plan["hospitals"] == ["saebit"]


@pytest.mark.parametrize("turn", ["Okay thanks, bye", "고맙습니다, 안녕히 계세요"])
def test_thanks_are_no_question_to_the_documents(assistant, turn):
    assert say(assistant, "When is the deadline?", turn)[-1].intent == "smalltalk"
