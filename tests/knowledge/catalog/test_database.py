from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from knowledge.catalog.columns import COLUMNS
from knowledge.catalog.database import build_database
from knowledge.catalog.folder import read_folder
from knowledge.catalog.read import open_catalog
from knowledge.catalog.stage import StagedCatalog
from knowledge.errors import StoreUnavailable
from tests.knowledge.catalog.eye_clinic import write_folder
from tools.query.guard.schema import catalog_schema

Read = Callable[..., tuple[StagedCatalog, tuple[str, ...]]]


@pytest.fixture
def database(tmp_path: Path, read: Read) -> Path:
    path = tmp_path / "it's a catalog.duckdb"
    build_database(read()[0], path)
    return path


def test_the_database_has_the_tables_and_columns_that_the_guard_knows(database: Path) -> None:
    found: dict[str, dict[str, str]] = {}
    with open_catalog(database) as connection:
        for table, column, kind in connection.execute(
            "SELECT table_name, column_name, data_type FROM duckdb_columns()"
            " WHERE database_name = 'catalog_file'"
        ).fetchall():
            found.setdefault(table, {})[column] = {"VARCHAR": "text"}.get(kind, kind.lower())
    known = catalog_schema().tables
    assert found == {name: {c: spec.type for c, spec in t.columns.items()} for name, t in known.items()}


def test_every_row_arrives_as_it_was_read_in_order(tmp_path: Path, database: Path) -> None:
    folder, _ = read_folder(write_folder(tmp_path / "again"))
    with open_catalog(database) as connection:
        for table in COLUMNS.keys() - {"catalog_meta"}:
            stored = connection.execute(f'SELECT * FROM "{table}" ORDER BY rowid').fetchall()
            assert stored == folder.rows[table], table


def test_the_meta_table_names_version_and_rule(database: Path, read: Read) -> None:
    with open_catalog(database) as connection:
        meta = dict(connection.execute("SELECT * FROM catalog_meta").fetchall())
    assert meta == {
        "version": read()[0].version,
        "declared_version": "2031.10",
        "as_of": "2031-09-30",
        "rule": "bins-10",
        "threshold": "10",
        "base": "10",
        "rounding": "bins",
        "zeros": "hidden",
        "suppressed_below": "10",
        "schema_version": "2",
    }


def test_no_count_below_the_threshold_is_anywhere_in_the_database(tmp_path: Path, read: Read) -> None:
    bad = [
        f"glaucoma,,{2000 + n},{sex},,{n},{n},{status}"
        for n in range(10)
        for sex, status in (("F", "released"), ("M", "suppressed"), ("X", "bound"))
    ]
    header = "dataset,cohort,year,sex,age_band,patients,records,status\n"
    folder, _ = read(
        counts=header + "\n".join(bad) + "\n",
        linkage="dataset_a,dataset_b,overlap_patients\nglaucoma,refraction,3\n",
    )
    path = tmp_path / "bad.duckdb"
    build_database(folder, path)
    with open_catalog(path) as connection:
        assert connection.execute(
            "SELECT count(*), count(patients), count(records) FROM counts"
        ).fetchone() == (
            10,
            0,
            0,
        )
        assert connection.execute(
            "SELECT DISTINCT patients_status, patients_low, patients_high FROM counts"
        ).fetchall() == [("suppressed", 0, 9)]
        assert connection.execute("SELECT count(*) FROM linkage").fetchone() == (0,)


def test_a_file_is_never_built_over(database: Path, read: Read) -> None:
    before = database.read_bytes()
    with pytest.raises(StoreUnavailable, match="exists already"):
        build_database(read()[0], database)
    assert database.read_bytes() == before


def test_a_folder_that_cannot_be_written_to(tmp_path: Path, read: Read) -> None:
    with pytest.raises(StoreUnavailable, match="cannot be written"):
        build_database(read()[0], tmp_path / "missing" / "x.duckdb")


def test_a_file_of_another_kind_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "other.duckdb"
    with sqlite3.connect(path) as other:
        other.execute("CREATE TABLE t (a)")
    with pytest.raises(StoreUnavailable, match="cannot be read"), open_catalog(path):
        pass


def test_it_can_be_read_while_a_stricter_connection_has_it_open(database: Path) -> None:
    strict = duckdb.connect(str(database), read_only=True, config={"enable_external_access": "false"})
    try:
        with open_catalog(database) as connection:
            assert connection.execute("SELECT count(*) FROM datasets").fetchone() == (2,)
    finally:
        strict.close()
    with open_catalog(database):
        strict = duckdb.connect(str(database), read_only=True, config={"enable_external_access": "false"})
        strict.close()


def test_reading_cannot_write(database: Path) -> None:
    with pytest.raises(StoreUnavailable, match="read-only"), open_catalog(database) as connection:
        connection.execute("DELETE FROM datasets")
