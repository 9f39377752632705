"""Files of cases: read strictly, faults named with file and line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from evals.gate import read_thresholds
from evals.suite import DEFAULT_FOLDER, read_suites
from knowledge.errors import CaseInvalid, NotFound
from tests.evals.planted import CASES

MANIFEST = """
[homes.h]
sample = true
[suites.s]
file = "s.jsonl"
kind = "questions"
home = "h"
today = 2025-04-10
"""
GOOD = CASES["questions"]


def _folder(place: Path, *lines: str, manifest: str = MANIFEST) -> Path:
    (place / "suites.toml").write_text(manifest, encoding="utf-8")
    (place / "s.jsonl").write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return place


def _without(name: str) -> dict:
    return {key: value for key, value in GOOD.items() if key != name}


def test_a_good_folder_is_read(tmp_path):
    folder = read_suites(_folder(tmp_path, json.dumps(GOOD), "", json.dumps({**GOOD, "id": "q2"})))
    assert [case.id for case in folder.suites["s"].cases] == ["q1", "q2"]


BROKEN = {
    "unknown field": ({**GOOD, "gold": 1}, "s.jsonl:2: there is no field 'gold'"),
    "unknown field inside": (
        {**GOOD, "expect": {**GOOD["expect"], "collumns": []}},
        "s.jsonl:2: there is no field 'expect.collumns'",
    ),
    "missing field": (_without("expect"), "s.jsonl:2: the field 'expect' is missing"),
    "another type": ({**GOOD, "text": 7}, "s.jsonl:2: text:"),
    "an empty question": ({**GOOD, "text": "  "}, "s.jsonl:2: text:"),
    "an unknown language": ({**GOOD, "language": "fr"}, "s.jsonl:2: language:"),
    "an id with a blank": ({**GOOD, "id": "q 1"}, "s.jsonl:2: id:"),
    "a row that is too short": (
        {**GOOD, "expect": {**GOOD["expect"], "rows": [["han_sleep"]]}},
        "row 1 has 1 values for 2 columns",
    ),
    "answered without rows": ({**GOOD, "expect": {"status": "answered"}}, "needs columns and rows"),
    "rows that are not to be had": (
        {**GOOD, "expect": {**GOOD["expect"], "status": "clarify"}},
        "no other takes them",
    ),
    "declined without a reason": ({**GOOD, "expect": {"status": "declined"}}, "need a reason"),
    "an unknown reason": (
        {**GOOD, "expect": {"status": "declined", "reason": "rude"}},
        "s.jsonl:2: expect.reason:",
    ),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_case_is_named_with_file_and_line(tmp_path, name):
    case, said = BROKEN[name]
    good = json.dumps({**GOOD, "id": "good"})
    with pytest.raises(CaseInvalid) as caught:
        read_suites(_folder(tmp_path, good, json.dumps(case)))
    assert any(said in problem for problem in caught.value.problems)
    assert all(problem.startswith("s.jsonl:2") for problem in caught.value.problems)


def test_broken_json_is_named_with_line_and_column(tmp_path):
    with pytest.raises(CaseInvalid, match=r"s\.jsonl:1: this is no JSON"):
        read_suites(_folder(tmp_path, '{"id": "q1", '))


def test_an_id_used_twice_is_named_with_both_places(tmp_path):
    with pytest.raises(CaseInvalid, match=r"s\.jsonl:2: the id 'q1' was used before, at s\.jsonl:1"):
        read_suites(_folder(tmp_path, json.dumps(GOOD), json.dumps(GOOD)))


def test_all_faults_are_told_at_once(tmp_path):
    with pytest.raises(CaseInvalid) as caught:
        read_suites(_folder(tmp_path, "{", json.dumps({**GOOD, "gold": 1}), "]"))
    assert [problem.split(":")[1] for problem in caught.value.problems] == ["1", "2", "3"]
    assert "and 2 more" in caught.value.message


def test_a_file_without_a_case_is_an_error(tmp_path):
    with pytest.raises(CaseInvalid, match="holds no case"):
        read_suites(_folder(tmp_path))


MANIFESTS = {
    "no TOML": ("[homes", "this is no TOML"),
    "an unknown home": (MANIFEST.replace('home = "h"', 'home = "x"'), "not described"),
    "an unknown kind": (MANIFEST.replace('"questions"', '"quiz"'), "suites.s.kind"),
    "an unknown field": (MANIFEST + "speed = 1\n", "there is no field 'suites.s.speed'"),
    "a home of nothing": (MANIFEST.replace("sample = true", "sample = false"), "needs the sample"),
    "a file that is missing": (MANIFEST.replace("s.jsonl", "t.jsonl"), "t.jsonl: the file cannot be read"),
}


@pytest.mark.parametrize("name", MANIFESTS)
def test_a_broken_manifest_is_named(tmp_path, name):
    manifest, said = MANIFESTS[name]
    with pytest.raises(CaseInvalid, match=said):
        read_suites(_folder(tmp_path, json.dumps(GOOD), manifest=manifest))


def test_an_unknown_suite_is_named_with_the_nearest():
    with pytest.raises(NotFound, match="Did you mean retrieval"):
        read_suites().chosen(["retreival"])


def test_broken_thresholds_are_named(tmp_path):
    path = tmp_path / "thresholds.toml"
    path.write_text("[suites.s]\nexecution_accuracy = 'high'\n")
    with pytest.raises(CaseInvalid, match=r"suites\.s\.execution_accuracy"):
        read_thresholds(path)
    path.write_text("[gates]\nx = 1\n")
    with pytest.raises(CaseInvalid, match="there is no field 'gates'"):
        read_thresholds(path)


ELSEWHERE = {"right_abstentions", "harmless_kept", "harmless_answered"}  # of cases that are not planted


def test_the_own_thresholds_name_suites_and_scores_that_there_are(tmp_path):
    from evals.score import SUMMARIES, score
    from tests.evals.planted import log_of, right

    folder = read_suites()
    thresholds = read_thresholds(DEFAULT_FOLDER / "thresholds.toml")
    assert set(thresholds.suites) == set(folder.suites)
    scored = score(log_of(tmp_path / "log.jsonl", *(right(kind) for kind in SUMMARIES)))
    for name, wanted in thresholds.suites.items():
        known = {*scored.suites[folder.suites[name].kind].scores, *ELSEWHERE}
        assert set(wanted) <= known
