"""Homes of the evals that are made of another home's catalog."""

from __future__ import annotations

from datetime import date

import pytest

from assistant.home import Home
from evals.homes import build_home, describe_home
from evals.suite import HomeSpec
from knowledge.errors import CaseInvalid
from tests.evals.conftest import FIXTURES


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


def test_a_home_that_is_not_there_is_named(tmp_path):
    with pytest.raises(CaseInvalid, match="there is no folder"):
        build_home("mine", HomeSpec(home="theirs"), tmp_path, tmp_path / "homes", None)
