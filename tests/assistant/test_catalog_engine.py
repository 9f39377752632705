"""A home whose catalog is asked on another engine answers as one that asks its own files."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from assistant.home import Home
from knowledge.catalog.mirrors import CatalogEngine
from knowledge.errors import SettingsInvalid, StoreUnavailable
from tests.postgres import fresh_database

EYE = Path(__file__).parents[1] / "fixtures" / "eye_catalog"
TODAY = date(2025, 4, 10)
QUESTIONS = ("병원별 녹내장 환자 수는 몇 명인가요?", "How many variables does each dataset have?")


@pytest.fixture(params=["sqlite", "postgres"])
def engine(request: pytest.FixtureRequest) -> CatalogEngine:
    if request.param == "sqlite":
        return CatalogEngine("sqlite:///mirror")
    return CatalogEngine(fresh_database(request.getfixturevalue("postgres")))


def answers(home: Home) -> list[Any]:
    """What two questions come to: text and rows."""
    found = [home.assistant().ask(text, today=TODAY) for text in QUESTIONS]
    return [(a.status, a.text, a.query and (a.query.columns, a.query.rows)) for a in found]


def test_questions_are_answered_alike_and_named_by_their_dialect(
    eye_home: Home, tmp_path: Path, engine: CatalogEngine
) -> None:
    """The catalog was imported before the engine was named: that is said, until the home is made ready."""
    with Home(tmp_path / "home", "tests") as home:
        home.create()
        home.import_catalog(EYE)
    with Home(tmp_path / "home", "tests", engine=engine) as home:
        home.hold("exclusive")
        with pytest.raises(StoreUnavailable, match="Import the catalog again"):
            home.assistant().ask(QUESTIONS[0], today=TODAY)
        home.make_ready()
        found = answers(home)
        query = home.assistant().ask(QUESTIONS[0], today=TODAY).query
    assert found == answers(eye_home)
    assert found[0][0] == "answered" and found[0][2]
    assert query is not None
    assert query.dialect == ("sqlite" if engine.url.startswith("sqlite") else "postgres")


def test_an_engine_of_another_kind_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingsInvalid, match="mysql"), Home(
        tmp_path / "home", "tests", engine=CatalogEngine("mysql://u:secret@h/x")
    ) as home:
        home.create()
        home.import_catalog(EYE)
