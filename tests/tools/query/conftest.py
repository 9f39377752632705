"""The eye catalog as a database, with a reader over it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from knowledge.catalog.database import build_database
from knowledge.catalog.folder import read_folder
from knowledge.catalog.read import Catalog, load_catalog
from knowledge.glossary.glossary import load_terms
from tests.tools.query.eye_catalog import EYE
from tools.query.understand.understand import Reader


@dataclass(frozen=True)
class Eye:
    database: Path
    catalog: Catalog
    reader: Reader


@pytest.fixture(scope="session")
def eye(tmp_path_factory: pytest.TempPathFactory) -> Eye:
    """The catalog of tests/fixtures/eye_catalog: invented eye, heart and diabetes data."""
    database = tmp_path_factory.mktemp("eye") / "eye.duckdb"
    folder, problems = read_folder(EYE)
    assert problems == ()
    build_database(folder, database)
    catalog = load_catalog(database)
    return Eye(database, catalog, Reader.of(catalog, load_terms()))
