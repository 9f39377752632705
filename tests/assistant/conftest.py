"""A home with the eye catalog and a few documents of a programme that the product knows nothing of."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.ask import Assistant
from assistant.home import Home

FIXTURES = Path(__file__).parents[1] / "fixtures"


@pytest.fixture(scope="session")
def eye_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    with Home(tmp_path_factory.mktemp("eye") / "home", "tests") as home:
        home.create()
        home.hold("exclusive")
        home.add_documents([FIXTURES / "eye_documents"])
        home.import_catalog(FIXTURES / "eye_catalog")
        yield home


@pytest.fixture
def home(eye_home: Home, tmp_path: Path) -> Iterator[Home]:
    """A home of its own, with records of its own, to be changed."""
    shutil.copytree(
        eye_home.root, tmp_path / "home", ignore=shutil.ignore_patterns("records*", "lock", "holders")
    )
    with Home(tmp_path / "home", "tests") as home:
        home.hold("exclusive")
        yield home


@pytest.fixture(scope="session")
def assistant(eye_home: Home) -> Assistant:
    return eye_home.assistant()
