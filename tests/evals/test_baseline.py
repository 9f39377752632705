"""The baseline: losses fail by name, and whatever baseline and log do not share is told."""

from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree as XML

import pytest

from evals.acceptance import accept_log
from evals.baseline import read_accepted, read_baseline
from evals.junit import junit
from evals.report import render
from evals.result import document, evaluate
from knowledge.errors import CaseInvalid
from tests.evals.planted import log_of, right

MANIFEST = """[homes.han]
sample = true
[suites.questions]
file = "questions.jsonl"
kind = "questions"
home = "han"
today = 2025-04-10
"""


def _records(*ids: str) -> list[dict]:
    records = []
    for id in ids:
        record = right("questions")
        record["case"] = {
            **record["case"],
            "id": id,
            "template": "t",
            "language": "ko" if id == "q2" else "en",
        }
        records.append(record)
    return records


def _suites(place: Path, records: list[dict]) -> Path:
    """A folder of suites that holds the cases of the records, so that a log of them belongs to it."""
    place.mkdir(exist_ok=True)
    (place / "suites.toml").write_text(MANIFEST, encoding="utf-8")
    lines = [json.dumps(record["case"], ensure_ascii=False) + "\n" for record in records]
    (place / "questions.jsonl").write_text("".join(lines), encoding="utf-8")
    if not (place / "thresholds.toml").exists():
        (place / "thresholds.toml").write_text("[invariants]\nnothing_leaked = 1.0\n", encoding="utf-8")
    return place


def _log(path: Path, suites: Path, records: list[dict]) -> Path:
    """A log of the records, run with the suites as they stand."""
    from evals.suite import read_suites

    log_of(path, *records)
    lines = path.read_text(encoding="utf-8").splitlines()
    header = json.loads(lines[0])
    header["suites"]["questions"]["hash"] = read_suites(suites).suites["questions"].hash
    path.write_text("\n".join([json.dumps(header), *lines[1:]]) + "\n", encoding="utf-8")
    return path


def _spoilt(record: dict) -> dict:
    record["answer"]["query"] = None
    record["answer"]["status"] = "clarify"
    record["answer"]["text"] = "Which one do you mean?"
    return record


@pytest.fixture
def accepted(tmp_path: Path) -> Path:
    """A folder of suites of two right cases that were accepted."""
    records = _records("q1", "q2")
    suites = _suites(tmp_path / "suites", records)
    said = accept_log(_log(tmp_path / "first.jsonl", suites, records), suites)
    assert (said["cases"], said["right"], said["added"]) == (2, 2, ["q1", "q2"])
    return suites


def test_the_same_again_passes(tmp_path, accepted):
    for number in range(20):
        result = evaluate(_log(tmp_path / f"{number}.jsonl", accepted, _records("q1", "q2")), accepted)
        assert result.verdict.passed and not document(result, None)["baseline"]["slices"]


def test_a_lost_case_fails_with_its_slice_everywhere(tmp_path, accepted):
    first, second = _records("q1", "q2")
    result = evaluate(_log(tmp_path / "log.jsonl", accepted, [first, _spoilt(second)]), accepted)
    said = document(result, None)
    assert said["gate"] == "fail" and said["baseline"]["slices"] == {"questions: ko × count × easy": 1}
    assert [case["id"] for case in said["baseline"]["lost"]] == ["q2"]
    assert said["baseline"]["paired"]["questions"]["lost"] == 1
    html, markdown = render(result, "report.html.j2"), render(result, "report.md.j2")
    for report in (html, markdown):
        assert "ko × count × easy" in report
        assert "Which one do you mean?" in report and "Sol sleep" in report  # now and before
    tree = XML.fromstring(junit(result))
    failed = [case.get("name") for case in tree.iter("testcase") if case.find("failure") is not None]
    assert failed == ["q2"]


def test_a_loss_is_let_through_by_name_with_a_reason_only(tmp_path, accepted):
    first, second = _records("q1", "q2")
    log = _log(tmp_path / "log.jsonl", accepted, [first, _spoilt(second)])
    with pytest.raises(CaseInvalid, match=r"q2 \(ko × count × easy\) is lost"):
        accept_log(log, accepted)
    toml = accepted / "accepted.toml"
    toml.write_text('[[accepted]]\nid = "q2"\nreason = " "\n', encoding="utf-8")
    with pytest.raises(CaseInvalid, match=r"accepted\.0\.reason"):
        evaluate(log, accepted)
    toml.write_text('[[accepted]]\nid = "q2"\nreason = "the name means two things now"\n', encoding="utf-8")
    result = evaluate(log, accepted)
    assert result.verdict.passed
    assert document(result, None)["baseline"]["accepted"][0]["reason"] == "the name means two things now"
    assert accept_log(log, accepted)["lost"] == ["q2"]
    assert document(evaluate(log, accepted), None)["baseline"]["idle"] == ["q2"]


def test_cases_that_only_one_of_them_has_are_named(tmp_path, accepted):
    records = _records("q1", "q3")
    _suites(accepted, records)
    result = evaluate(_log(tmp_path / "log.jsonl", accepted, records), accepted)
    found = result.verdict.against
    assert (found.gone, found.fresh, result.verdict.passed) == (("q2",), ("q3",), False)


def test_a_case_that_asks_something_else_is_named(tmp_path, accepted):
    first, second = _records("q1", "q2")
    first["case"]["expect"]["rows"][0][1] = 321
    first["answer"]["query"]["rows"][1][2] = 321
    first["answer"]["text"] = first["answer"]["text"].replace("320", "321")
    second["case"]["note"] = "remarks are no part of what is asked"
    _suites(accepted, [first, second])
    result = evaluate(_log(tmp_path / "log.jsonl", accepted, [first, second]), accepted)
    assert (result.verdict.against.changed, result.verdict.passed) == (("q1",), False)


def test_a_log_of_other_suites_is_named_and_not_accepted(tmp_path, accepted):
    records = _records("q1", "q2")
    log = _log(tmp_path / "log.jsonl", accepted, records)
    with (accepted / "questions.jsonl").open("a", encoding="utf-8") as file:
        file.write("\n")
    result = evaluate(log, accepted)
    assert (result.verdict.against.stale, result.verdict.passed) == (("questions",), False)
    with pytest.raises(CaseInvalid, match="another version of the suite 'questions'"):
        accept_log(log, accepted)


def test_a_log_that_broke_an_invariant_is_not_accepted(tmp_path):
    (record,) = _records("q1")
    query = record["answer"]["query"]
    query["rows"][0][3] = "suppressed"
    suites = _suites(tmp_path / "suites", [record])
    with pytest.raises(CaseInvalid, match=r"nothing_leaked is 0\.0"):
        accept_log(_log(tmp_path / "log.jsonl", suites, [record]), suites)
    assert read_baseline(suites) is None


BROKEN = {
    "baseline.json": ('{"format": 1, "cases": {"q1": {"suite": "q"}}}', "cases.q1.outcome"),
    "accepted.toml": (
        '[[accepted]]\nid = "a"\nreason = "ok"\nwhy = 1\n',
        "there is no field 'accepted.0.why'",
    ),
}


@pytest.mark.parametrize("name", BROKEN)
def test_broken_files_are_named(tmp_path, name):
    text, said = BROKEN[name]
    (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(CaseInvalid, match=said):
        read_baseline(tmp_path)
        read_accepted(tmp_path)


def test_an_earlier_log_can_take_the_place_of_the_baseline(tmp_path, accepted):
    first, second = _records("q1", "q2")
    before = _log(tmp_path / "before.jsonl", accepted, _records("q1", "q2"))
    (accepted / "baseline.json").unlink()
    log = _log(tmp_path / "log.jsonl", accepted, [first, _spoilt(second)])
    assert evaluate(log, accepted).verdict.passed
    lost = evaluate(log, accepted, before=before).verdict.against.lost
    assert [loss.mark.id for loss in lost] == ["q2"]
