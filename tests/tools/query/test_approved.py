"""Which questions are like one that was approved, and which are not."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from knowledge.catalog.import_folder import import_folder
from knowledge.catalog.read import load_catalog
from knowledge.catalog.versions import CatalogFile, CatalogVersions
from knowledge.glossary.glossary import load_terms
from knowledge.text import normalize
from tools.query.approved import ApprovedPlan, Asked, RejectedPlan, asked, match, rejected, run_approved
from tools.query.execute import execute, execute_sql
from tools.query.guard import catalog_schema
from tools.query.plan import CountPlan
from tools.query.understand.outcome import Understood
from tools.query.understand.understand import Reader

FIXTURE = Path(__file__).parents[2] / "fixtures" / "eye_catalog"
BY_HOSPITAL = "병원별 녹내장 환자 수는 몇 명인가요?"
MOST = "녹내장 환자가 가장 많은 병원은?"
HOLDING = "HbA1c가 있는 데이터셋은?"


@pytest.fixture(scope="module")
def catalog(tmp_path_factory) -> CatalogFile:
    versions = CatalogVersions(tmp_path_factory.mktemp("eye"))
    import_folder(FIXTURE, versions)
    return versions.require()


@pytest.fixture(scope="module")
def reader(catalog) -> Reader:
    return Reader.of(load_catalog(catalog.path), load_terms())


@pytest.fixture(scope="module")
def read(reader):
    def one(question: str) -> Asked:
        text, _ = reader.vocabulary.corrected(normalize(question))
        outcome = reader.understand(question)
        return asked(reader.clues(text), outcome.plan if isinstance(outcome, Understood) else None)

    return one


@pytest.fixture(scope="module")
def approve(read, catalog):
    def one(question: str) -> ApprovedPlan:
        plan = read(question).plan
        hash = execute(plan, catalog.path, catalog_schema()).query.hash
        return ApprovedPlan(question, plan.language, plan, hash, "kim", catalog.version)

    return one


@pytest.mark.parametrize(
    ("approved", "question"),
    [
        (BY_HOSPITAL, "병원별 녹내장 환자 수는 몇 명인가요"),
        (BY_HOSPITAL, "녹내장 환자가 병원별로 몇 명인지 알려주시겠습니까?"),
        (BY_HOSPITAL, "녹내장 환자 수를 병원별로 보여줘"),
        (BY_HOSPITAL, "각 병원의 녹내장 환자는 몇 명입니까"),
        (BY_HOSPITAL, "How many glaucoma patients does each hospital have?"),
        (BY_HOSPITAL, "Number of glaucoma patients by hospital, please"),
        (MOST, "녹내장 환자가 제일 많은 병원이 어디인지 알려줘"),
        (MOST, "Which hospital has the most glaucoma patients?"),
        (HOLDING, "당화혈색소를 포함하는 데이터셋을 알려주세요"),
        (HOLDING, "Which datasets have HbA1c?"),
        ("2021년 새빛 녹내장 여성 환자 수", "새빛의 여성 녹내장 환자는 2021년에 몇 명이었나요?"),
    ],
)
def test_like_questions_match(read, approve, approved, question):
    plan = approve(approved)
    assert match(read(question), [approve("병원별 심방세동 환자 수"), plan], read) is plan


@pytest.mark.parametrize(
    ("approved", "question"),
    [
        (BY_HOSPITAL, "병원별 심방세동 환자 수는 몇 명인가요?"),
        (BY_HOSPITAL, "연도별 녹내장 환자 수는 몇 명인가요?"),
        (BY_HOSPITAL, "녹내장 환자 수는 몇 명인가요?"),
        (BY_HOSPITAL, "2021년 병원별 녹내장 환자 수는 몇 명인가요?"),
        (BY_HOSPITAL, "병원별 녹내장 여성 환자 수는 몇 명인가요?"),
        (BY_HOSPITAL, "병원별 녹내장 신환 환자 수는 몇 명인가요?"),
        (MOST, "녹내장 환자가 가장 적은 병원은?"),
        (HOLDING, "HbA1c가 없는 데이터셋은?"),
        (HOLDING, "안녕하세요"),
    ],
)
def test_other_questions_do_not(read, approve, approved, question):
    assert match(read(question), [approve(approved)], read) is None


def test_a_fragment_matches_by_its_plan_only(read, approve):
    whole = approve(BY_HOSPITAL)
    fragment = replace(whole, question="그럼 2021년은?")
    assert match(read("그럼 2021년은?"), [fragment], read) is None
    assert match(replace(read("그럼 2021년은?"), plan=whole.plan), [fragment], read) is fragment


def test_a_question_word_for_word_keeps_its_approved_plan_when_the_reader_reads_it_otherwise(read, approve):
    plan = replace(approve(BY_HOSPITAL), plan=CountPlan(cohorts=("af",), language="ko"))
    assert match(read(BY_HOSPITAL), [plan], read) is plan
    assert match(read("녹내장 환자 수를 병원별로 보여줘"), [plan], read) is None


def test_a_rejected_reading_meets_like_questions_only(read):
    turned_down = RejectedPlan(BY_HOSPITAL, read(BY_HOSPITAL).plan, "kim")
    assert rejected(read("녹내장 환자 수를 병원별로 보여줘"), [turned_down], read) is turned_down
    assert rejected(read(MOST), [turned_down], read) is None
    otherwise = RejectedPlan(BY_HOSPITAL, CountPlan(cohorts=("af",)), "kim")
    assert rejected(read(BY_HOSPITAL), [otherwise], read) is None


def test_an_approved_plan_runs_with_labels_in_the_language_asked(approve, catalog):
    plan = approve(BY_HOSPITAL)
    korean = run_approved(plan, "ko", catalog.path, catalog_schema())
    english = run_approved(plan, "en", catalog.path, catalog_schema())
    assert korean is not None and korean.id == plan.id
    assert english is not None and {row[1] for row in english.rows} == {
        "Nuri Eye Hospital",
        "Saebit University Hospital",
    }


def test_a_statement_with_another_hash_is_not_the_approved_one(approve, catalog):
    plan = replace(approve(BY_HOSPITAL), hash="0" * 64)
    assert run_approved(plan, "ko", catalog.path, catalog_schema()) is None


def test_edited_sql_passes_the_guard_each_time(approve, catalog):
    schema = catalog_schema()
    sql = "SELECT hospital, beds FROM hospitals ORDER BY hospital"
    written = execute_sql(sql, catalog.path, schema)
    assert written.plan is None
    edited = replace(approve(BY_HOSPITAL), sql=sql, hash=written.query.hash)
    found = run_approved(edited, "en", catalog.path, schema)
    assert found is not None and found.rows == (("dalin", 410), ("nuri", 120), ("saebit", 980))
    stricter = replace(schema, threshold=schema.threshold + 1)
    assert run_approved(edited, "en", catalog.path, stricter) is None
    assert run_approved(replace(edited, sql="DROP TABLE hospitals"), "en", catalog.path, schema) is None
