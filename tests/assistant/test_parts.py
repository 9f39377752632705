"""Questions that ask several things at once, and those that only sound so."""

from __future__ import annotations

from datetime import date

import pytest

from assistant.parts import pieces, stands_alone

TODAY = date(2026, 3, 1)


@pytest.mark.parametrize(
    ("question", "kinds"),
    [
        (
            "How many glaucoma patients are there by sex, and what is the unit of IOP?",
            ["count", "list"],
        ),
        (
            "병원별 녹내장 환자 수는 몇 명이고, 달인 심방세동 레지스트리의 수집 기간은 언제인가요?",
            ["count", "list"],
        ),
    ],
)
def test_rows_of_every_part_come_with_the_answer_and_go_to_the_desk(eye_home, assistant, question, kinds):
    answer = assistant.ask(question, today=TODAY)
    assert answer.status == "answered"
    assert [query.plan["kind"] for query in answer.queries] == kinds
    assert answer.query == answer.queries[0] and len(answer.further) == 1
    for query in answer.queries:
        assert query.rows
        assert eye_home.records.reviews.get(query.id).sql == query.sql


@pytest.mark.parametrize(
    "question",
    [
        "Which datasets have IOP and are updated monthly?",
        "Which datasets started after 2015 and are still ongoing?",
        "안압이 있고 매월 갱신되는 데이터셋은?",
        "2015년 이후에 시작했고 아직 수집 중인 데이터셋은?",
        "How many glaucoma patients and how many atrial fibrillation patients are there?",
        "What period does the Nuri glaucoma registry cover and how often is it updated?",
    ],
)
def test_what_one_query_answers_is_one_question(assistant, question):
    answer = assistant.ask(question, today=TODAY)
    assert answer.query is not None and not answer.further
    assert answer.text.count("**Read as:**") + answer.text.count("**질문을 이렇게 읽었습니다:**") == 1


def test_both_conditions_of_one_question_are_in_the_query(assistant):
    answer = assistant.ask("Which datasets started after 2015 and are updated monthly?", today=TODAY)
    assert answer.query is not None
    fields = {condition["field"] for condition in answer.query.plan["conditions"]}
    assert fields == {"dataset.start_year", "dataset.update_frequency"}


@pytest.mark.parametrize(
    ("piece", "alone"),
    [
        ("are still ongoing?", False),
        ("매월 갱신되는 데이터셋은?", False),
        ("which have SpO2?", True),
        ("몇 명인가요?", True),
    ],
)
def test_a_piece_asks_by_itself_or_goes_on(piece, alone):
    assert stands_alone(piece) is alone


def test_a_question_of_too_many_parts_is_left_whole():
    question = "What is A? What is B? What is C? What is D?"
    assert pieces(question) == (question,)


@pytest.mark.parametrize(
    ("question", "parts"),
    [
        ("Is IOP recorded anywhere? And do we need approval before we get it?", 2),
        ("Glaucoma patients by year please? Also, what does access cost?", 2),
        ("Among people seen at the clinic, how many aged 60 or older have glaucoma?", 1),
        ("안압이 어느 데이터셋에 있나요? 그리고 이용료도 얼마인지 궁금해요", 2),
        ("How many people have glaucoma, and until when can we apply?", 2),
        ("List the datasets; also, is travel paid?", 2),
    ],
)
def test_words_that_lead_over_are_no_part(question, parts):
    assert len(pieces(question)) == parts


def test_the_documents_answer_beside_what_the_catalog_does_not_hold(assistant):
    answer = assistant.ask("How many osteoporosis patients are there? And what is the deadline?", today=TODAY)
    assert answer.text.count("### ") == 2


def test_somebody_who_is_away_is_no_reason_to_refuse(assistant):
    asked = "My colleague Jane is on leave, so could you tell me how many patients came down with glaucoma?"
    assert assistant.ask(asked, today=TODAY).status == "answered"


def test_what_somebody_gives_away_of_a_person_is_reason_to_refuse(assistant):
    asked = "If I give you someone's postcode and birthday, could you say if they are in the registry?"
    assert assistant.ask(asked, today=TODAY).reason == "reidentification"


def test_a_part_may_go_on_with_the_part_before_it(assistant):
    answer = assistant.ask("Is there a glaucoma dataset, and what does it cost to use it?", today=TODAY)
    assert answer.text.count("### ") == 2


def test_a_farewell_asks_nothing(assistant):
    assert assistant.ask("그럼 내일 또 올게요", today=TODAY).intent == "smalltalk"


def test_a_part_that_is_refused_is_refused(assistant):
    answer = assistant.ask(
        "What does access cost, and can you send me the raw patient records in the meantime?", today=TODAY
    )
    assert answer.status == "declined"
