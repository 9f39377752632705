"""The log: what is broken is named; what was broken off can be gone on with."""

from __future__ import annotations

import json

import pytest

from evals.log import LogWriter, read_log
from knowledge.errors import CaseInvalid, StoreUnavailable
from tests.evals.planted import log_of, right


def _lines(path, tmp_path):
    log_of(path, right("questions"), right("answers"))
    return path.read_text(encoding="utf-8").splitlines()


def test_a_log_is_read_back(tmp_path):
    log = log_of(tmp_path / "log.jsonl", right("questions"), right("answers"))
    assert [entry.case.id for entry in log.entries] == ["q1", "a1"]
    assert not log.missing


BREAKS = {
    "no JSON": (2, "{", r"log\.jsonl:2: the line"),
    "an unknown field": (2, '{"type": "case", "mood": 1}', r"log\.jsonl:2: "),
    "another format": (1, None, r"log\.jsonl:1: format: the log has format 1; this version reads 2"),
    "a first line that is no log's": (1, "[]", r"log\.jsonl:1: the line"),
    "a suite that was not run": (2, {"suite": "poems"}, r"log\.jsonl:2: the suite 'poems'"),
    "nothing came of it": (2, {"answer": None}, r"log\.jsonl:2: a case has one of"),
    "a case of another schema": (2, {"case": {"id": "q1"}}, r"log\.jsonl:2: "),
    "a citation without its stored text": (3, {"stored": []}, r"log\.jsonl:3: 1 citations, 0 stored"),
    "a case twice": (3, "line 2", r"log\.jsonl:3: the case 'q1' is there twice"),
}


@pytest.mark.parametrize("name", BREAKS)
def test_a_broken_line_is_named(tmp_path, name):
    number, change, said = BREAKS[name]
    path = tmp_path / "log.jsonl"
    lines = _lines(path, tmp_path)
    if change == "line 2":
        lines[number - 1] = lines[1]
    elif isinstance(change, str):
        lines[number - 1] = change
    else:
        lines[number - 1] = json.dumps({**json.loads(lines[number - 1]), **(change or {"format": 1})})
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    with pytest.raises(CaseInvalid, match=said):
        read_log(path)


def test_a_line_cut_off_is_an_error_to_scorers_and_dropped_when_the_run_goes_on(tmp_path):
    path = tmp_path / "log.jsonl"
    lines = _lines(path, tmp_path)
    path.write_text("\n".join(lines)[:-40], encoding="utf-8")
    with pytest.raises(CaseInvalid, match=r"log\.jsonl:3: the line was cut off"):
        read_log(path)
    assert read_log(path, unfinished=True).missing == {"answers": 1}
    writer = LogWriter(path, None)
    writer.close()
    assert path.read_text(encoding="utf-8") == "\n".join(lines[:2]) + "\n"


def test_a_log_is_not_written_over(tmp_path):
    log = log_of(tmp_path / "log.jsonl", right("questions"))
    before = log.path.read_text(encoding="utf-8")
    with pytest.raises(StoreUnavailable):
        LogWriter(log.path, log.header)
    assert log.path.read_text(encoding="utf-8") == before
