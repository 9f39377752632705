"""A run from end to end, on the small eye catalog, through the command line."""

from __future__ import annotations

import json

from api.eval_runs import latest
from evals.log import read_log
from evals.ragas_metrics import METRICS, lacking


def _run(command, tmp_path, suites, homes, *more):
    return command(
        "--json",
        "--home",
        str(tmp_path / "home"),
        "eval",
        "run",
        "--suites",
        str(suites),
        "--homes",
        str(homes),
        *more,
    )


def test_a_run_scores_reports_and_passes(command, tmp_path, eye_suites, eye_homes):
    junit = tmp_path / "junit.xml"
    ran = _run(command, tmp_path, eye_suites, eye_homes, "--junit", str(junit))
    said = ran.json
    assert (ran.code, said["gate"], said["failed"]) == (0, "pass", [])
    assert {name: suite["cases"] for name, suite in said["suites"].items()} == {
        "questions": 2, "retrieval": 1, "answers": 1, "declines": 2,
    }  # fmt: skip
    assert said["suites"]["questions"]["scores"]["rs_10"] == 100.0
    assert said["suites"]["answers"]["scores"]["citation_validity"] == 1.0
    assert said["report"].endswith(".html")
    similar = said["suites"]["answers"]["scores"]
    for metric in METRICS:
        assert (f"ragas_{metric}" in similar) != bool(lacking())
    assert said["skipped"] and 0 < similar["morpheme_f1_en"] <= 1
    assert 'name="q-en"' in junit.read_text(encoding="utf-8")
    assert latest(tmp_path / "home")["log"] == said["log"]
    log = read_log(tmp_path / "home" / "evals" / said["log"].split("/")[-2] / "log.jsonl")
    assert log.header.homes["eye"].catalog and len(log.header.homes["eye"].documents) == 3
    answered = next(entry for entry in log.entries if entry.case.id == "a-en")
    assert answered.answer is not None
    assert answered.record.stored == tuple(citation.quote for citation in answered.answer.citations)


def test_a_failed_gate_exits_1_and_the_same_log_can_be_scored_again(command, tmp_path, eye_suites, eye_homes):
    log = tmp_path / "run.jsonl"
    ran = _run(command, tmp_path, eye_suites, eye_homes, "questions", "--log", str(log))
    assert ran.code == 0
    (eye_suites / "thresholds.toml").write_text("[suites.questions]\nrs_10 = 100.5\n")
    scored = command("--json", "eval", "score", str(log), "--suites", str(eye_suites))
    assert (scored.code, scored.json["gate"]) == (1, "fail")
    assert scored.json["suites"] == ran.json["suites"]
    written = command("--json", "eval", "report", str(log), "--suites", str(eye_suites))
    assert written.code == 0
    assert "Evals: fail" in log.with_suffix(".md").read_text(encoding="utf-8")


def test_a_run_broken_off_goes_on_where_it_stopped(command, tmp_path, eye_suites, eye_homes):
    log = tmp_path / "run.jsonl"
    whole = _run(command, tmp_path, eye_suites, eye_homes, "--log", str(log), "--threads", "3").json
    lines = log.read_text(encoding="utf-8").splitlines(keepends=True)
    log.write_text("".join(lines[:3]) + lines[3][:50], encoding="utf-8")
    assert command("--json", "eval", "score", str(log), "--suites", str(eye_suites)).code == 1
    ran = _run(command, tmp_path, eye_suites, eye_homes, "--log", str(log), "--resume")
    assert ran.code == 0 and not ran.json["missing"]
    after = log.read_text(encoding="utf-8").splitlines(keepends=True)
    assert after[:3] == lines[:3] and len(after) == len(lines)
    assert {n: s["cases"] for n, s in ran.json["suites"].items()} == {
        n: s["cases"] for n, s in whole["suites"].items()
    }


def test_a_log_of_other_suites_is_not_gone_on_with(command, tmp_path, eye_suites, eye_homes):
    log = tmp_path / "run.jsonl"
    assert _run(command, tmp_path, eye_suites, eye_homes, "retrieval", "--log", str(log)).code == 0
    before = log.read_text(encoding="utf-8")
    ran = _run(command, tmp_path, eye_suites, eye_homes, "declines", "--log", str(log), "--resume")
    assert ran.code == 1 and "made with other" in ran.json["detail"] and "suites" in ran.json["detail"]
    assert log.read_text(encoding="utf-8") == before


def test_two_logs_are_compared_case_by_case(command, tmp_path, eye_suites, eye_homes):
    old, new = tmp_path / "old.jsonl", tmp_path / "new.jsonl"
    _run(command, tmp_path, eye_suites, eye_homes, "questions", "--log", str(old))
    lines = old.read_text(encoding="utf-8").splitlines()
    spoilt = [json.loads(line) for line in lines]
    for record in spoilt:
        if record["type"] == "case" and record["case"]["id"] == "q-en":
            record["answer"]["query"]["rows"] = []
    new.write_text("".join(json.dumps(record) + "\n" for record in spoilt), encoding="utf-8")
    found = command("--json", "eval", "compare", str(old), str(new)).json["suites"]["questions"]
    assert [case["id"] for case in found["lost"]] == ["q-en"]
    assert found["paired"]["lost"] == 1 and found["paired"]["high"] <= 0 and found["paired"]["p"] == 1.0
    assert found["won"] == [] and found["scores"]["execution_accuracy"]["difference"] == -1.0


def test_a_broken_case_file_stops_the_run_before_anything_is_built(command, tmp_path, eye_suites):
    with (eye_suites / "questions.jsonl").open("a", encoding="utf-8") as file:
        file.write('{"id": "q-3"\n')
    homes = tmp_path / "no-homes"
    ran = _run(command, tmp_path, eye_suites, homes)
    assert ran.code == 1
    assert ran.json["problems"] == [
        "questions.jsonl:3: this is no JSON (Expecting ',' delimiter at column 13)"
    ]
    assert not homes.exists() and not (tmp_path / "home").exists()


def test_an_unknown_suite_and_resuming_nothing_are_refused(command, tmp_path, eye_suites, eye_homes):
    assert _run(command, tmp_path, eye_suites, eye_homes, "poems").code == 1
    assert _run(command, tmp_path, eye_suites, eye_homes, "--resume").code == 2
