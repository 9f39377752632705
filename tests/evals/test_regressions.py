"""Planted regressions: each closes the gate, and the slice that it hit is named."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest
import yaml

from assistant import ask
from assistant.evidence import choose, signs
from evals.acceptance import accept_log
from evals.result import document, evaluate
from evals.run import run
from evals.suite import read_suites
from knowledge.documents import blocks
from knowledge.glossary.glossary import load_terms
from tests.assistant.evidence.fit import using
from tests.evals.conftest import COMMON, FIXTURES

SYNONYM = {
    **COMMON, "id": "q-term", "language": "ko", "kind": "synonym", "difficulty": "hard",
    "text": "새빛 전자의무기록에 인슐린비의존당뇨병 환자가 몇 명인가요?",
    "expect": {"status": "answered", "columns": ["patients"], "rows": [[15000]]},
}  # fmt: skip


def _run(suites: Path, log: Path, homes: Path) -> dict:
    folder = read_suites(suites)
    run(folder, folder.chosen([]), log, homes)
    return document(evaluate(log, suites), None)


@pytest.fixture
def suites(eye_suites, tmp_path, eye_homes):
    """The eye suites with a case that needs the glossary, documents of their own, and a baseline."""
    with (eye_suites / "questions.jsonl").open("a", encoding="utf-8") as file:
        file.write(json.dumps(SYNONYM, ensure_ascii=False) + "\n")
    log = tmp_path / "first.jsonl"
    assert _run(eye_suites, log, eye_homes)["gate"] == "pass"
    accept_log(log, eye_suites)
    return eye_suites


def _documents_of_their_own(suites: Path, tmp_path: Path) -> Path:
    copy = tmp_path / "documents"
    shutil.copytree(FIXTURES / "eye_documents", copy)
    manifest = suites / "suites.toml"
    text = manifest.read_text(encoding="utf-8")
    manifest.write_text(text.replace(str(FIXTURES / "eye_documents"), str(copy)), encoding="utf-8")
    return copy


def test_without_a_change_the_gate_stays_open(suites, tmp_path, eye_homes):
    said = _run(suites, tmp_path / "again.jsonl", eye_homes)
    assert said["gate"] == "pass" and not said["baseline"]["lost"]


def test_a_glossary_entry_removed(suites, tmp_path, eye_homes, monkeypatch):
    fewer = tuple(term for term in load_terms() if "E11" not in term.codes)
    assert len(fewer) < len(load_terms())
    monkeypatch.setattr(ask, "load_terms", lambda: fewer)
    said = _run(suites, tmp_path / "log.jsonl", eye_homes)
    assert (said["gate"], said["baseline"]["slices"]) == ("fail", {"questions: ko × synonym × hard": 1})


def test_a_threshold_moved(suites, tmp_path, eye_homes, monkeypatch):
    strict = {**yaml.safe_load(signs.SIGNS.read_text(encoding="utf-8")), "least": 1.1}  # none is so sure
    monkeypatch.setattr(choose, "ENOUGH", 1.5)
    with using(strict):
        said = _run(suites, tmp_path / "log.jsonl", eye_homes)
    assert (said["gate"], said["baseline"]["slices"]) == ("fail", {"answers: en × rules × easy": 1})


def test_a_document_superseded(suites, tmp_path):
    voucher = _documents_of_their_own(suites, tmp_path) / "en" / "voucher.md"
    voucher.write_text(voucher.read_text(encoding="utf-8").replace("13 March", "20 March"), encoding="utf-8")
    said = _run(suites, tmp_path / "log.jsonl", tmp_path / "homes")
    assert said["gate"] == "fail" and "answers: en × rules × easy" in said["baseline"]["slices"]
    assert "20 March" not in said["baseline"]["lost"][0]["why"]


def test_a_loader_broken(suites, tmp_path, monkeypatch):
    voucher = _documents_of_their_own(suites, tmp_path) / "en" / "voucher.md"
    voucher.write_text(voucher.read_text(encoding="utf-8") + "\n", encoding="utf-8")  # to be read anew
    monkeypatch.setattr(blocks, "_HEADING", re.compile(r"(?!)"))
    said = _run(suites, tmp_path / "log.jsonl", tmp_path / "homes")
    assert said["gate"] == "fail" and "retrieval: en × rules × easy" in said["baseline"]["slices"]
