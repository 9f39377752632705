"""Drafts in conversation, on a catalog and documents that the product knows nothing of."""

from __future__ import annotations

from datetime import date

import pytest

from assistant.drafting import read_request
from assistant.drafting.request import asks_for_draft
from assistant.routing.examples import load_examples
from tools.drafting.form import load_form

TODAY = date(2026, 3, 1)


@pytest.mark.parametrize(
    ("question", "sections", "checks"),
    [
        ("연구계획서의 활용 데이터 항목 초안 써줘", ("data",), False),
        ("Draft the variables table for a plan on glaucoma", ("variables",), False),
        ("Fill in the feasibility section with the cohort counts", ("feasibility",), False),
        ("내 초안에서 빠진 항목이 뭔지 점검해줘", (), True),
        ("Check my plan", (), True),
        ("4번 항목을 채워줘", ("data",), False),
        ("write section 6 for adults with glaucoma", ("population",), False),
        ("윤리 항목 초안", ("ethics",), False),
        ("보안이랑 파기 항목 써줘", ("security",), False),
        ("계획서 예산표 만들어줘", ("budget",), False),
        ("Prepare the design and linkage sections", ("design", "linkage"), False),
        ("연구계획서 써줘", (), False),
        ("13번 항목과 12번 항목 초안", ("outputs", "budget"), False),
        ("99번 항목 써줘", (), False),
    ],
)
def test_sections_are_read_by_title_alias_and_number(question, sections, checks):
    request = read_request(question, load_form(), "ko", None, None)
    assert (request.sections, request.checks) == (sections, checks)


def test_every_example_of_a_draft_asks_for_one():
    form = load_form()
    for example in load_examples():
        if example.label == "draft":
            assert asks_for_draft(example.text, form), example.text


@pytest.mark.parametrize(
    "question",
    [
        "누리안과병원 담당 이메일 좀요",
        "Suggest popular names for a dog",
        "누리 녹내장 레지스트리에서 결측 10% 미만인 변수만 뽑아줘",
        "Recommend a good restaurant nearby",
    ],
)
def test_what_speaks_of_no_plan_and_no_writing_is_no_draft(assistant, question):
    assert not asks_for_draft(question, load_form())
    assert assistant.ask(question, today=TODAY).intent != "draft"


def _row(answer, words):
    return next(line for line in answer.text.splitlines() if words in line and line.startswith("|"))


@pytest.mark.parametrize(
    ("question", "title", "hospital"),
    [
        (
            "누리 녹내장 레지스트리로 연구계획서의 활용 데이터 항목 초안 써줘",
            "누리 녹내장 레지스트리",
            "누리안과병원",
        ),
        (
            "Draft the data requested section of a plan using the Nuri glaucoma registry",
            "Nuri glaucoma registry",
            "Nuri Eye Hospital",
        ),
    ],
)
def test_the_data_section_is_the_catalogs_row(assistant, question, title, hospital):
    answer = assistant.ask(question, today=TODAY)
    assert (answer.intent, answer.status) == ("draft", "answered")
    row = _row(answer, title)
    assert all(part in row for part in ("nuri_glaucoma", hospital, "2014", "2023"))
    assert answer.query is not None and answer.query.id in answer.text
    assert [r[0] for r in answer.query.rows] == ["nuri_glaucoma"]


def test_without_data_named_the_datasets_are_listed_to_choose_from(assistant):
    answer = assistant.ask("연구계획서의 활용 데이터 항목 초안 써줘", today=TODAY)
    assert (answer.intent, answer.status) == ("draft", "partial")
    assert answer.query is not None and len(answer.query.rows) == 6
    assert all(row[0] in answer.text for row in answer.query.rows)
    assert "| 환자 수 | 변수 수 |" in answer.text


def test_variables_come_with_unit_and_missing_and_leave_reasons_open(assistant):
    answer = assistant.ask("Draft the variables table for a plan on glaucoma with eye pressure", today=TODAY)
    assert (answer.intent, answer.status) == ("draft", "answered")
    row = _row(answer, "nuri_glaucoma/visit.iop_od")
    assert "mm[Hg]" in row and "| 4 |" in row and row.count("(to be written)") == 2


def test_feasibility_shows_bins_definition_rule_and_query(assistant):
    answer = assistant.ask("녹내장 연구계획서의 실현 가능성 항목 초안 써줘", today=TODAY)
    assert (answer.intent, answer.status) == ("draft", "answered")
    assert "2,298~2,302명" in _row(answer, "누리 녹내장 레지스트리")
    assert "At least two visits with H40" in answer.text and "half-up-5" in answer.text
    assert answer.query is not None and answer.query.id in answer.text


def test_a_group_is_asked_for_and_each_choice_is_answered(assistant):
    answer = assistant.ask("Fill in the feasibility section with the cohort counts", today=TODAY)
    assert answer.status == "clarify" and 1 <= len(answer.options) <= 4
    for option in answer.options:
        chosen = assistant.ask(option.label, today=TODAY)
        assert (chosen.intent, chosen.status) == ("draft", "answered"), option.label
        assert chosen.query is not None


def test_the_conversations_group_is_taken_up(assistant):
    first = assistant.ask("녹내장 환자는 병원별로 몇 명인가요?", today=TODAY)
    second = assistant.ask("이제 실현 가능성 항목 초안 써줘", today=TODAY, conversation=first.conversation)
    assert (second.intent, second.status) == ("draft", "answered")
    assert second.query is not None and second.query.plan["cohorts"] == ["glaucoma"]


@pytest.mark.parametrize(
    ("question", "word"),
    [("내 초안에서 빠진 항목이 뭔지 점검해줘", "연구책임자"), ("Check my plan", "Founded on")],
)
def test_a_check_without_a_plan_asks_which_and_lists_what_is_required(assistant, question, word):
    answer = assistant.ask(question, today=TODAY)
    assert (answer.intent, answer.status) == ("draft", "clarify")
    assert word in answer.text and "giljabi plan check" in answer.text


@pytest.mark.parametrize("question", ["윤리 항목 초안 써줘", "Draft the budget section of my plan"])
def test_a_section_that_a_person_writes_is_a_skeleton(assistant, question):
    answer = assistant.ask(question, today=TODAY)
    assert (answer.intent, answer.status) == ("draft", "partial")
    assert answer.query is None and answer.text.count("\n- ") >= 3


def test_every_next_step_that_is_suggested_is_answered(assistant):
    answer = assistant.ask("녹내장 연구계획서의 활용 데이터 항목 초안 써줘", today=TODAY)
    assert answer.suggestions
    for suggestion in answer.suggestions:
        assert assistant.ask(suggestion, today=TODAY).status == "answered", suggestion
