"""A catalog of 20,000 variables and 100,000 counts: read, stored, opened and understood in bounded time."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from knowledge.catalog import entries
from knowledge.catalog.folder import read_folder
from knowledge.catalog.import_folder import import_folder
from knowledge.catalog.read import load_catalog, open_catalog
from knowledge.catalog.versions import CatalogVersions
from knowledge.glossary.glossary import load_terms
from tests.knowledge.catalog.large import write_large
from tools.query.understand.outcome import Understood
from tools.query.understand.understand import Reader


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("large") / "folder"
    write_large(path, datasets=200, variables=20_000, counts=100_000, names=4_000)
    return path


@pytest.fixture(scope="module")
def versions(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> CatalogVersions:
    versions = CatalogVersions(tmp_path_factory.mktemp("home") / "catalog")
    started = time.process_time()
    report = import_folder(folder, versions)
    assert time.process_time() - started < 20
    assert report.problems == ()
    assert (report.rows["variables"], report.rows["counts"]) == (20_000, 100_000)
    return versions


def test_every_row_arrives_in_order_with_its_row_number(versions: CatalogVersions, folder: Path) -> None:
    with open_catalog(versions.require().path) as connection:
        for table in ("variables", "counts"):
            found = connection.execute(
                "SELECT count(*), min(source_row), max(source_row), bool_and(source_row = rowid + 2)"
                f" FROM {table}"
            ).fetchone()
            lines = (folder / f"{table}.csv").read_text(encoding="utf-8").count("\n")
            assert found == (lines - 1, 2, lines, True)


def test_it_is_read_and_asked_in_little_time(versions: CatalogVersions) -> None:
    started = time.process_time()
    catalog = load_catalog(versions.require().path)
    reader = Reader.of(catalog, load_terms())
    assert time.process_time() - started < 12
    reader.understand("몇 명인가요?")  # the analyser is loaded once
    started = time.process_time()
    outcome = reader.understand("Dataset 7에 어떤 변수가 있나요?")
    assert isinstance(outcome, Understood)
    assert time.process_time() - started < 1


def test_variables_that_are_alike_share_an_entry_where_there_are_many(
    versions: CatalogVersions, monkeypatch: pytest.MonkeyPatch
) -> None:
    catalog = load_catalog(versions.require().path)
    each = list(entries.catalog_entries(catalog))
    assert sum(entry.kind == "variable" for entry in each) == 40_000
    monkeypatch.setattr(entries, "LARGE", 10_000)
    together = list(entries.catalog_entries(catalog))
    shared = [entry for entry in together if entry.kind == "variable"]
    assert len(shared) < 20_000 and len({entry.document for entry in shared}) * 2 == len(shared)
    datasets = [{e.document for e in found if e.kind == "dataset"} for found in (each, together)]
    assert datasets[0] == datasets[1]
    assert any("Number of datasets:" in entry.text for entry in shared)


def test_the_same_sizes_give_the_same_catalog(tmp_path: Path, versions: CatalogVersions) -> None:
    write_large(tmp_path / "again", datasets=200, variables=20_000, counts=100_000, names=4_000)
    with read_folder(tmp_path / "again")[0] as again:
        assert again.version == versions.require().version
