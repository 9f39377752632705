"""The review desk over a real home: what it allows, what it refuses, what answers become of it."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from assistant.home import Home
from assistant.review_desk import MAX_REASON, ReviewDesk
from assistant.reviewed import Reviewed
from knowledge.errors import NotFound, ReviewConflict, SqlRejected, UserError
from tools.query.guard import GuardSchema, catalog_schema

FIXTURES = Path(__file__).parents[1] / "fixtures"
TODAY = date(2026, 3, 1)
QUESTION = "병원별 녹내장 환자 수는 몇 명인가요?"
LIKE = "녹내장 환자가 병원별로 몇 명인지 알려주시겠습니까?"
EDITED = """
SELECT h.name_ko AS hospital_name, c.patients, c.patients_status, c.patients_low, c.patients_high
FROM counts c JOIN datasets d ON c.dataset = d.dataset JOIN hospitals h ON d.hospital = h.hospital
WHERE c.cohort = 'glaucoma' AND d.dataset = 'saebit_emr'
AND c.year IS NULL AND c.sex IS NULL AND c.age_band IS NULL
"""


@pytest.fixture
def ask(home: Home):
    return lambda question, **more: home.assistant().ask(question, today=TODAY, **more)


def change_catalog(home: Home, folder: Path) -> None:
    """The same catalog but for one hospital's beds."""
    shutil.copytree(FIXTURES / "eye_catalog", folder)
    hospitals = folder / "hospitals.csv"
    hospitals.write_text(hospitals.read_text(encoding="utf-8").replace(",980,", ",990,"), encoding="utf-8")
    home.import_catalog(folder)


def acts(home: Home) -> list[str]:
    assert home.records.audit.verify().intact
    return [row.act.removeprefix("review.") for row in home.records.audit.rows()]


def test_an_answer_leaves_its_turn_and_an_unreviewed_entry(home, ask):
    answer = ask(QUESTION)
    assert answer.query is not None and answer.query.review == "unreviewed"
    entry = home.desk().show(answer.query.id).review
    assert (entry.status, entry.question, entry.sql) == ("unreviewed", QUESTION, answer.query.sql)
    assert (entry.plan, entry.catalog_version) == (answer.query.plan, answer.query.catalog_version)
    assert home.desk().find() == [] and len(home.desk().find(None)) == 1
    (turn,) = home.records.turns.conversation(answer.conversation)
    assert turn.answer == answer.model_dump(mode="json")
    assert acts(home) == []


@pytest.mark.parametrize(
    "question", ["환자번호 1002345 환자의 안압을 보여줘", "천식 환자는 몇 명인가요?", "안녕하세요"]
)
def test_what_has_no_query_leaves_a_turn_only(home, ask, question):
    answer = ask(question)
    assert home.records.turns.conversation(answer.conversation)[0].question == question
    assert home.desk().find(None) == []


def test_an_approved_plan_answers_like_questions_as_verified_in_both_languages(home, ask):
    first = ask(QUESTION)
    home.desk().approve(first.query.id, reviewer="kim")
    for question in (QUESTION, LIKE, "How many glaucoma patients does each hospital have?"):
        answer = ask(question)
        assert (answer.query.review, answer.query.id) == ("verified", first.query.id), question
        assert [row[2:] for row in answer.query.rows] == [row[2:] for row in first.query.rows]
    assert ask("병원별 심방세동 환자 수").query.review == "unreviewed"
    assert acts(home) == ["approve"]


def test_a_follow_up_of_a_verified_answer_is_its_own_query(home, ask):
    first = ask(QUESTION)
    home.desk().approve(first.query.id, reviewer="kim")
    again = ask(LIKE)
    later = ask("그럼 2021년은?", conversation=again.conversation)
    assert later.query.plan["years"] == {"low": 2021, "high": 2021}
    assert later.query.review == "unreviewed"


def test_edited_sql_answers_once_it_is_approved(home, ask):
    first = ask(QUESTION)
    entry = home.desk().edit(first.query.id, EDITED, reviewer="lee", reason="새빛만").review
    assert (entry.status, entry.edited_from) == ("pending", first.query.sql)
    waiting = ask(LIKE)
    assert (waiting.query.review, waiting.query.sql) == ("pending", first.query.sql)
    home.desk().approve(first.query.id, reviewer="kim")
    answer = ask(LIKE)
    assert (answer.status, answer.query.review, answer.query.plan) == (
        "answered",
        "verified",
        {"kind": "sql"},
    )
    assert answer.query.rows == (("새빛대학교병원", 4100, "released", 4098, 4102),)
    assert "4,098~4,102명" in answer.text and "승인" in answer.text
    assert home.desk().show(answer.query.id).review.id == first.query.id
    assert [row.act for row in home.desk().show(first.query.id).history] == ["review.edit", "review.approve"]
    assert ask("녹내장 환자가 가장 많은 병원은?").query.review == "unreviewed"


def test_a_follow_up_of_edited_sql_asks_what_it_refers_to(home, ask):
    first = ask(QUESTION)
    home.desk().edit(first.query.id, EDITED, reviewer="lee")
    home.desk().approve(first.query.id, reviewer="kim")
    again = ask(LIKE, conversation=first.conversation)
    assert ask("그럼 2021년은?", conversation=again.conversation).status == "clarify"


@pytest.mark.parametrize("edited", [False, True])
def test_after_a_catalog_change_nothing_is_verified(home, ask, tmp_path, edited):
    first = ask(QUESTION)
    if edited:
        home.desk().edit(first.query.id, EDITED, reviewer="lee")
    home.desk().approve(first.query.id, reviewer="kim")
    change_catalog(home, tmp_path / "changed")
    shown = home.desk().show(first.query.id)
    assert shown.outdated and shown.review.status == "approved"
    for act in (
        lambda: home.desk().approve(first.query.id, reviewer="kim"),
        lambda: home.desk().edit(
            first.query.id, EDITED.replace("saebit_emr", "nuri_glaucoma"), reviewer="kim"
        ),
    ):
        with pytest.raises(ReviewConflict) as caught:
            act()
        assert first.query.id in caught.value.message
        assert home.versions.require().version in caught.value.message
    later = ask(LIKE)
    assert (later.query.review, later.query.sql) == ("unreviewed", first.query.sql)
    assert [e.review.status for e in home.desk().find(None)] == ["unreviewed", "superseded"]
    home.desk().approve(first.query.id, reviewer="park")
    assert ask(QUESTION).query.review == "verified"
    assert acts(home) == [*(["edit"] if edited else []), "approve", "approve"]


def test_an_unreviewed_entry_of_another_catalog_cannot_be_approved(home, ask, tmp_path):
    first = ask(QUESTION)
    change_catalog(home, tmp_path / "changed")
    with pytest.raises(ReviewConflict, match="is in use"):
        home.desk().approve(first.query.id, reviewer="kim")
    assert home.desk().show(first.query.id).review.status == "unreviewed" and acts(home) == []


def test_a_rejected_reading_is_not_offered_again(home, ask, tmp_path):
    first = ask(QUESTION)
    home.desk().reject(first.query.id, reviewer="kim", reason="뜻이 다름")
    for question, said in (
        (LIKE, "반려"),
        ("How many glaucoma patients does each hospital have?", "reviewer"),
    ):
        answer = ask(question)
        assert (answer.status, answer.query) == ("clarify", None)
        assert said in answer.text and answer.suggestions
        assert not any("녹내장 환자" in s or "glaucoma patients" in s for s in answer.suggestions)
    assert not any("녹내장 환자" in s for s in ask("천식 환자는 몇 명인가요?").suggestions)
    assert ask("녹내장 환자가 가장 많은 병원은?").status == "answered"
    change_catalog(home, tmp_path / "changed")
    assert ask(QUESTION).status == "clarify"
    home.desk().request(first.query.id, reviewer="lee", reason="다시 봐 주세요")
    assert ask(QUESTION).query.review == "pending"
    assert acts(home) == ["reject", "request"]


def test_what_was_decided_is_not_decided_the_same_way_again(home, ask):
    id = ask(QUESTION).query.id
    desk = home.desk()
    desk.request(id, reviewer="lee")
    with pytest.raises(ReviewConflict, match="is pending already"):
        desk.request(id, reviewer="lee")
    desk.approve(id, reviewer="kim")
    with pytest.raises(ReviewConflict, match=f"{id} was approved already, by kim"):
        desk.approve(id, reviewer="lee")
    desk.reject(id, reviewer="park")
    with pytest.raises(ReviewConflict, match="was rejected already, by park"):
        desk.reject(id, reviewer="lee")
    desk.approve(id, reviewer="lee")
    assert desk.show(id).review.reviewer == "lee"
    assert acts(home) == ["request", "approve", "reject", "approve"]


@pytest.mark.parametrize(
    ("sql", "rule"),
    [
        ("DROP TABLE counts", "not_a_query"),
        ("SELECT patients FROM counts; SELECT 1", "many_statements"),
        ("SELECT secret FROM counts", "unknown_column"),
        ("SELECT SUM(patients) FROM counts", "additive"),
        ("SELECT CAST(name_en AS INTEGER) AS n FROM hospitals", "engine"),
        ("", "empty"),
        ("\x00", "hidden_character"),
    ],
)
def test_editing_into_refused_sql_changes_nothing(home, ask, sql, rule):
    id = ask(QUESTION).query.id
    before = home.desk().show(id)
    with pytest.raises(SqlRejected) as caught:
        home.desk().edit(id, sql, reviewer="lee")
    assert caught.value.rule == rule and caught.value.message
    assert home.desk().show(id) == before and acts(home) == []


def test_editing_into_the_same_sql_is_said(home, ask):
    id = ask("어떤 병원이 있나요?").query.id
    with pytest.raises(ReviewConflict, match="as it stands"):
        home.desk().edit(id, home.desk().show(id).review.sql, reviewer="lee")


@pytest.mark.parametrize(
    ("reviewer", "reason"), [("", ""), ("  ", ""), ("x" * 101, ""), ("kim", "x" * (MAX_REASON + 1))]
)
def test_who_and_why_have_limits(home, ask, reviewer, reason):
    id = ask(QUESTION).query.id
    with pytest.raises(UserError) as caught:
        home.desk().approve(id, reviewer=reviewer, reason=reason)
    assert caught.value.hint and acts(home) == []


def test_an_unknown_id_is_named(home):
    for act in (home.desk().approve, home.desk().reject, home.desk().request):
        with pytest.raises(NotFound, match="q-none"):
            act("q-none", reviewer="kim")


def test_a_thumb_down_asks_for_a_review(home, ask):
    answer = ask(QUESTION)
    home.desk().hear(answer.id, "up")
    assert home.desk().find() == []
    home.desk().hear(answer.id, "down", "병원이 빠졌어요")
    (entry,) = home.desk().find()
    assert (entry.review.id, entry.review.reason) == (answer.query.id, "병원이 빠졌어요")
    assert ask(LIKE).query.review == "pending"
    home.desk().hear(answer.id, "down", "다시")
    assert acts(home) == ["request"]


def test_records_of_an_open_home_are_closed_with_it(home):
    first = home.records
    home.close()
    home.hold("exclusive")
    assert home.records is not first and home.records.audit.verify().intact


def additive(measure: str, *dimensions: str) -> GuardSchema:
    """The catalog's schema, as if its counts added up over these dimensions."""
    schema = catalog_schema()
    counts = schema.tables["counts"]
    column = replace(counts.columns[measure], additive_over=dimensions)
    table = replace(counts, columns={**counts.columns, measure: column})
    return GuardSchema({**schema.tables, "counts": table}, schema.joins, schema.threshold)


TOTAL = """
SELECT dataset, SUM(patients) AS patients FROM counts
WHERE cohort = 'glaucoma' AND year IS NULL AND age_band IS NULL{} GROUP BY dataset
"""


def test_sql_that_with_earlier_sql_of_the_reviewer_gives_a_slice_away_is_refused(home, ask):
    first, other = ask(QUESTION), ask("병원별 심방세동 환자 수")
    desk = ReviewDesk(home.records, home.versions, additive("patients", "sex"))
    desk.edit(first.query.id, TOTAL.format(""), reviewer="lee")
    with pytest.raises(SqlRejected, match=r"one slice only: counts\.sex NOT IN") as refusal:
        desk.edit(other.query.id, TOTAL.format(" AND sex <> 'F'"), reviewer="lee")
    assert refusal.value.rule == "differencing"
    assert desk.show(other.query.id).review.status == "unreviewed"
    desk.edit(other.query.id, TOTAL.format(" AND sex = 'F'"), reviewer="lee")
    desk.edit(other.query.id, TOTAL.format(" AND sex <> 'F'"), reviewer="park")


def test_in_a_conversation_a_statement_is_compared_with_those_before_it(home, ask):
    reviewed = Reviewed(home.records, additive("patients", "sex"))
    file = home.versions.require()
    answer = ask(QUESTION).model_dump(mode="json")
    answer["query"]["sql"] = TOTAL.format("")
    home.records.turns.add("c-1", QUESTION, {**answer, "id": "a-1"})
    rest = TOTAL.format(" AND sex <> 'F'")
    assert reviewed.gives_away(rest, file, "c-1")
    assert not reviewed.gives_away(rest, file, "c-2")
    assert not reviewed.gives_away(TOTAL.format(" AND sex = 'F'"), file, "c-1")
    answer["query"]["catalog_version"] = "an earlier one"
    home.records.turns.add("c-3", QUESTION, {**answer, "id": "a-3"})
    assert not reviewed.gives_away(rest, file, "c-3")
