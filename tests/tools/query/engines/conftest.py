"""The same catalogs on every engine, by way of the mirrors that publish them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from knowledge.catalog.mirrors import mirror_at
from knowledge.catalog.place import DuckDBFile, Place
from tests.postgres import fresh_database
from tests.tools.query.conftest import Eye
from tests.tools.query.numbers import write_numbers
from tools.query.worker.pool import Pool

Places = dict[str, Place]


@pytest.fixture(scope="session")
def publish(postgres: str, tmp_path_factory: pytest.TempPathFactory):
    """Publish a DuckDB file of a catalog: the places by dialect."""

    def places(database: Path, version: str, content: str) -> Places:
        found: Places = {"duckdb": DuckDBFile(database)}
        for url in ("sqlite:///mirror", fresh_database(postgres)):
            mirror = mirror_at(url, tmp_path_factory.mktemp("mirror"))
            mirror.publish(database, version, content)
            mirror.use(version, content)
            place = mirror.place(version, content)
            found[place.dialect] = place
        return found

    return places


@pytest.fixture(scope="session")
def eye_places(eye: Eye, publish) -> Places:
    return publish(eye.database, "eye", "e" * 64)


@pytest.fixture(scope="session")
def number_places(publish, tmp_path_factory: pytest.TempPathFactory) -> Places:
    database = write_numbers(tmp_path_factory.mktemp("numbers") / "numbers.duckdb", rows=100_000)
    return publish(database, "numbers", "0" * 64)


@pytest.fixture(scope="module")
def pool() -> Iterator[Pool]:
    pool = Pool(size=1)
    yield pool
    pool.close()
