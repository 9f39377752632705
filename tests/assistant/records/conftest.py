"""Every test of the stores runs on SQLite and on PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, text

from assistant.records import Records

Place = Path | str


@pytest.fixture(params=["sqlite", "postgres"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    """An empty database: a file that is not there yet, or the server's with nothing in it."""
    if request.param == "sqlite":
        return tmp_path / "records.sqlite"
    return emptied(request.getfixturevalue("postgres"))


def engine(place: Place) -> Engine:
    """The database as SQLAlchemy reaches it."""
    if isinstance(place, Path):
        return create_engine(f"sqlite:///{place}")
    return create_engine(place.replace("postgresql:", "postgresql+psycopg:"))


def emptied(url: str) -> str:
    """The same URL, once nothing is left in its database."""
    reached = engine(url)
    with reached.begin() as connection:
        connection.execute(text("DROP SCHEMA public CASCADE"))
        connection.execute(text("CREATE SCHEMA public"))
    reached.dispose()
    return url


@pytest.fixture
def open_records() -> Iterator[Callable[[Place], Records]]:
    """Opens records, and closes them at the end."""
    opened: list[Records] = []

    def open_(place: Place) -> Records:
        opened.append(Records(place))
        return opened[-1]

    yield open_
    for records in opened:
        records.close()


@pytest.fixture
def records(place: Place, open_records: Callable[[Place], Records]) -> Records:
    """Records in an empty database."""
    return open_records(place)
