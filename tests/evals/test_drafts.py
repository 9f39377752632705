"""From use to test: drafts that a person fills in, and that become cases only then."""

from __future__ import annotations

import json

import pytest

from evals.drafts import add_cases, draft, from_answer, from_review, from_use, keep_drafts
from evals.suite import read_suites
from knowledge.errors import CaseInvalid
from tests.evals.conftest import FIXTURES

DISLIKED = "How many glaucoma patients are in the Nuri glaucoma registry?"
REJECTED = "새빛 전자의무기록에 녹내장 환자가 몇 명인가요?"


@pytest.fixture(scope="module")
def used_home(tmp_path_factory):
    """A home with a thumb down, a thumb up and a rejected review."""
    from datetime import date

    from assistant.home import Home

    with Home(tmp_path_factory.mktemp("used") / "home") as home:
        home.create()
        home.add_documents([FIXTURES / "eye_documents"])
        home.import_catalog(FIXTURES / "eye_catalog")
        ask = lambda text: home.assistant().ask(text, today=date(2026, 3, 1))  # noqa: E731
        down, liked, rejected = ask(DISLIKED), ask("Which datasets does Dalin have?"), ask(REJECTED)
        home.desk().hear(down.id, "down", "not what I meant")
        home.desk().hear(liked.id, "up")
        home.desk().reject(rejected.query.id, reviewer="kim", reason="another registry is meant")
        yield home, down, rejected


def test_thumbs_down_and_rejected_reviews_become_drafts_once(used_home, eye_suites, tmp_path):
    home, down, rejected = used_home
    folder, path = read_suites(eye_suites), tmp_path / "drafts.jsonl"
    suite = folder.suites["questions"]
    kept = keep_drafts(from_use(suite, home.records), folder, path)
    assert {one["text"] for one in kept} == {DISLIKED, REJECTED}
    assert any("another registry is meant" in one["note"] for one in kept)
    assert keep_drafts(from_use(suite, home.records), folder, path) == []
    assert from_answer(suite, home.records, down.id)["text"] == DISLIKED
    assert from_review(suite, home.records, rejected.query.id)["language"] == "ko"
    with pytest.raises(CaseInvalid, match="is asked by the case 'use-en-"):
        keep_drafts([from_answer(suite, home.records, down.id)], folder, path)


def test_a_draft_becomes_a_case_once_it_is_filled_in(eye_suites, tmp_path):
    folder, path = read_suites(eye_suites), tmp_path / "drafts.jsonl"
    suite = folder.suites["questions"]
    keep_drafts([draft(suite, DISLIKED, None, "by hand")], folder, path)
    before = (eye_suites / "questions.jsonl").read_bytes()
    with pytest.raises(CaseInvalid, match=r"drafts\.jsonl:1: expect:"):
        add_cases(path, folder, suite)
    filled = json.loads(path.read_text(encoding="utf-8"))
    filled["expect"] = {"status": "answered", "columns": ["patients"], "rows": [[2100]]}
    path.write_text(json.dumps({**filled, "gold": 1}) + "\n", encoding="utf-8")
    with pytest.raises(CaseInvalid, match="there is no field 'gold'"):
        add_cases(path, folder, suite)
    assert (eye_suites / "questions.jsonl").read_bytes() == before
    path.write_text(json.dumps(filled) + "\n", encoding="utf-8")
    (id,) = add_cases(path, folder, suite)
    again = read_suites(eye_suites)
    assert [case.id for case in again.suites["questions"].cases] == ["q-en", "q-ko", id]
    with pytest.raises(CaseInvalid, match="is used already"):
        add_cases(path, again, again.suites["questions"])


def test_drafts_are_made_while_a_server_holds_the_home(used_home, eye_suites, tmp_path, command):
    home, down, _ = used_home
    home.hold("exclusive")
    drafts = tmp_path / "drafts.jsonl"
    arguments = ["--home", str(home.root), "eval", "add", "questions", "--suites", str(eye_suites)]
    ran = command("--json", *arguments, "--drafts", str(drafts))
    assert ran.code == 0 and len(ran.json["added"]) == 2 and drafts.exists()
    again = command("--json", *arguments, "--drafts", str(drafts), "--answer", down.id)
    assert again.code == 1 and "already" in again.json["detail"]


def test_a_home_that_is_not_there_is_said(eye_suites, tmp_path, command):
    ran = command(
        "--json", "--home", str(tmp_path / "none"), "eval", "add", "questions", "--suites", str(eye_suites)
    )
    assert ran.code == 3 and "There is no home" in ran.json["detail"]


@pytest.mark.parametrize("name", ["questions", "retrieval", "answers", "declines"])
def test_no_draft_is_a_case_by_accident(eye_suites, tmp_path, name):
    folder, path = read_suites(eye_suites), tmp_path / "drafts.jsonl"
    keep_drafts([draft(folder.suites[name], "새 질문입니다", None, "by hand")], folder, path)
    with pytest.raises(CaseInvalid):
        add_cases(path, folder, folder.suites[name])


def test_a_question_asked_already_is_refused_on_the_command_line(command, tmp_path, eye_suites):
    asked = "폐암 환자는 몇 명인가요??"
    arguments = ["--json", "--home", str(tmp_path / "home"), "eval", "add", "questions"]
    ran = command(*arguments, "--question", asked, "--suites", str(eye_suites))
    assert ran.code == 1 and "by the case 'q-ko' already" in ran.json["detail"]
    ran = command(*arguments, "--question", "안압은 어떻게 재나요?", "--suites", str(eye_suites))
    assert ran.code == 0 and len(ran.json["added"]) == 1
    two = command(*arguments, "--question", "x", "--answer", "y", "--suites", str(eye_suites))
    assert two.code == 2
