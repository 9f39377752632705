"""Homes of the evals that are made of another home's catalog."""

from __future__ import annotations

import json
from datetime import date

import pytest

from assistant.home import Home
from evals.homes import build_home, describe_home
from evals.suite import HomeSpec, read_suites
from knowledge.errors import CaseInvalid
from tests.evals.conftest import COMMON, FIXTURES


def test_the_catalog_of_another_home_is_taken_over(tmp_path):
    with Home(tmp_path / "theirs") as theirs:
        theirs.create()
        theirs.import_catalog(FIXTURES / "eye_catalog")
        version = theirs.versions.require().version
    with build_home("mine", HomeSpec(home="theirs"), tmp_path, tmp_path / "homes", None) as mine:
        record = describe_home(mine)
        assert record.catalog == version and record.labels["녹내장"] == ("glaucoma",)
        answer = mine.assistant().ask("How many glaucoma patients are there?", today=date(2026, 3, 1))
        assert answer.query is not None and answer.query.catalog_version == version


OWN = {
    "name": "own", "path": "own.csv",
    "schema": {"fields": [{"name": "acuity_log", "title": "Visual acuity (logMAR)", "type": "number"}]},
}  # fmt: skip


def test_a_dictionary_becomes_part_of_the_catalog(tmp_path):
    (tmp_path / "datapackage.json").write_text(json.dumps({"name": "own", "resources": [OWN]}))
    (tmp_path / "suites.toml").write_text(
        f'[homes.h]\ncatalog = "{FIXTURES / "eye_catalog"}"\n[[homes.h.dictionaries]]\n'
        'format = "frictionless"\npath = "."\ndataset = "saebit_emr"\n'
        '[suites.s]\nfile = "s.jsonl"\nkind = "declines"\nhome = "h"\ntoday = 2026-03-01\n'
    )
    case = {**COMMON, "id": "d", "language": "en", "kind": "harmless", "text": "Hello", "reason": None}
    (tmp_path / "s.jsonl").write_text(json.dumps(case) + "\n")
    spec = read_suites(tmp_path).homes["h"]
    with build_home("mine", spec, tmp_path, tmp_path / "homes", None) as mine:
        names = describe_home(mine).names
        assert {"acuity_log", "glaucoma"} <= set(names)


def test_a_home_that_is_not_there_is_named(tmp_path):
    with pytest.raises(CaseInvalid, match="there is no folder"):
        build_home("mine", HomeSpec(home="theirs"), tmp_path, tmp_path / "homes", None)
