"""Catalog versions published to SQLite files and to a real PostgreSQL: whole or not at all."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from urllib.parse import urlsplit

import duckdb
import psycopg
import pytest

from knowledge.catalog.folder import read_folder
from knowledge.catalog.mirrors import Mirror, mirror_at
from knowledge.catalog.place import DuckDBFile, PostgresSchema, SQLiteFile
from knowledge.catalog.stage import StagedCatalog
from knowledge.catalog.versions import CatalogVersions
from knowledge.errors import SettingsInvalid, StoreUnavailable
from tests.knowledge.catalog.eye_clinic import with_rows, write_folder
from tests.postgres import fresh_database


@pytest.fixture
def url(postgres: str) -> str:
    return fresh_database(postgres)


@pytest.fixture(params=["sqlite", "postgres"])
def mirror(request: pytest.FixtureRequest, tmp_path: Path) -> Mirror:
    given = "sqlite:///mirror" if request.param == "sqlite" else request.getfixturevalue("url")
    return mirror_at(given, tmp_path)


def staged(tmp_path: Path, patients: int) -> StagedCatalog:
    """The eye clinic with one more count, so that each number makes another version."""
    counts = with_rows("counts.csv", f"glaucoma,,2019,,,{patients},,released")
    return read_folder(write_folder(tmp_path / f"folder{patients}", counts=counts))[0]


def database(path: Path, *statements: str) -> Path:
    with duckdb.connect(str(path)) as connection:
        for statement in statements:
            connection.execute(statement)
    return path


def rows(place: DuckDBFile | SQLiteFile | PostgresSchema, table: str) -> list[str]:
    """A table's rows as the place's own reader sees them, dates and truth as text."""
    if isinstance(place, PostgresSchema):
        with psycopg.connect(place.url) as connection:
            found = connection.execute(f'SELECT * FROM "{place.schema}"."{table}"'.encode()).fetchall()
    elif isinstance(place, SQLiteFile):
        with closing(sqlite3.connect(place.path)) as lite:
            found = lite.execute(f'SELECT * FROM "{table}"').fetchall()
    else:
        with duckdb.connect(str(place.path), read_only=True) as duck:
            found = duck.execute(f'SELECT * FROM "{table}"').fetchall()
    return [str([str(int(cell) if isinstance(cell, bool) else cell) for cell in row]) for row in found]


def tables(path: Path) -> list[str]:
    with duckdb.connect(str(path), read_only=True) as connection:
        return [name for (name,) in connection.execute("SELECT table_name FROM duckdb_tables()").fetchall()]


def test_a_version_in_use_is_asked_where_it_is_published(tmp_path: Path, mirror: Mirror) -> None:
    versions = CatalogVersions(tmp_path / "catalog", mirror)
    versions.publish(staged(tmp_path, 700))
    file = versions.require()
    assert not isinstance(file.place, DuckDBFile)
    names = tables(file.path)
    assert "counts" in names and "datasets" in names
    for name in names:
        assert rows(file.place, name) == rows(DuckDBFile(file.path), name), name
    assert "700" in str(rows(file.place, "counts"))


def test_publishing_again_writes_nothing(tmp_path: Path, mirror: Mirror) -> None:
    source = database(tmp_path / "c.duckdb", "CREATE TABLE a AS SELECT 1 AS x")
    mirror.publish(source, "v", "a" * 64)
    mirror.use("v", "a" * 64)
    database(source, "INSERT INTO a VALUES (2)")  # were it read again, this would show
    mirror.publish(source, "v", "a" * 64)
    mirror.use("v", "a" * 64)
    assert rows(mirror.place("v", "a" * 64), "a") == ["['1']"]


def test_a_version_that_cannot_be_copied_leaves_the_former_one_in_use(tmp_path: Path, mirror: Mirror) -> None:
    versions = CatalogVersions(tmp_path / "catalog", mirror)
    versions.publish(staged(tmp_path, 700))
    before = versions.require()
    if isinstance(mirror.place("x", "b" * 64), PostgresSchema):
        broken = database(
            tmp_path / "b.duckdb",
            "CREATE TABLE a AS SELECT 'fine' AS x",
            "CREATE TABLE b AS SELECT 'a' || chr(0) AS x",  # PostgreSQL's text holds no NUL
        )
    else:
        broken = database(tmp_path / "b.duckdb", "CREATE TABLE a AS SELECT INTERVAL 1 DAY AS x")
    with pytest.raises(StoreUnavailable):
        mirror.publish(broken, "x", "b" * 64)
    assert versions.require() == before
    assert rows(before.place, "counts")
    with pytest.raises((psycopg.Error, sqlite3.Error)):
        rows(mirror.place("x", "b" * 64), "a")


def test_old_versions_are_removed_but_for_the_one_before(tmp_path: Path, mirror: Mirror) -> None:
    def use(letter: str) -> None:
        mirror.publish(tmp_path / f"{letter}.duckdb", letter, letter * 64)
        mirror.use(letter, letter * 64)

    for letter in "abc":
        database(tmp_path / f"{letter}.duckdb", f"CREATE TABLE t AS SELECT '{letter}' AS x")
        use(letter)
    assert rows(mirror.place("c", "c" * 64), "t") == ["['c']"]
    with pytest.raises((psycopg.Error, sqlite3.Error)):
        rows(mirror.place("a", "a" * 64), "t")
    (tmp_path / "b.duckdb").unlink()  # what is kept need not be copied again
    use("b")
    assert rows(mirror.place("b", "b" * 64), "t") == ["['b']"]


def test_the_reading_role_reads_the_version_in_use_and_nothing_else(tmp_path: Path, url: str) -> None:
    versions = CatalogVersions(tmp_path / "catalog", mirror_at(url, tmp_path))
    versions.publish(staged(tmp_path, 700))
    former = versions.require().place
    versions.publish(staged(tmp_path, 710))
    place = versions.require().place
    assert isinstance(place, PostgresSchema) and isinstance(former, PostgresSchema)
    assert rows(place, "counts")
    forbidden = (
        f"SELECT * FROM {former.schema}.counts",
        "SELECT * FROM giljabi.versions",
        f"UPDATE {place.schema}.counts SET patients = 1",
        f"DROP TABLE {place.schema}.counts",
        f"CREATE TABLE {place.schema}.stolen (a int)",
        "CREATE ROLE helper",
    )
    with psycopg.connect(place.url, autocommit=True) as reader:
        for sql in forbidden:
            with pytest.raises(psycopg.Error):
                reader.execute(sql.encode())
    with psycopg.connect(url) as owner:
        names = owner.execute("SELECT in_use FROM giljabi.versions WHERE schema = %s", [place.schema])
        assert names.fetchall() == [(True,)]


def test_the_reading_role_has_a_password_that_follows_from_the_publisher_s(tmp_path: Path, url: str) -> None:
    source = database(tmp_path / "c.duckdb", "CREATE TABLE a AS SELECT 1 AS x")
    mirror_at(url, tmp_path).publish(source, "v", "a" * 64)
    place = mirror_at(url, tmp_path).place("v", "a" * 64)  # as another process would work it out
    assert isinstance(place, PostgresSchema)
    assert rows(place, "a") == ["['1']"]
    reader = urlsplit(place.url)
    assert reader.password and reader.password != urlsplit(url).password
    wrong = reader._replace(netloc=reader.netloc.replace(reader.password, "wrong")).geturl()
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(wrong)


def test_a_given_reading_role_is_used(tmp_path: Path, url: str, postgres: str) -> None:
    name = f"given_{urlsplit(url).path[1:]}"
    with psycopg.connect(postgres, autocommit=True) as superuser:
        superuser.execute(f"CREATE ROLE {name} LOGIN PASSWORD 'pass'".encode())
    parts = urlsplit(url)
    reader = parts._replace(netloc=f"{name}:pass@{parts.hostname}:{parts.port}").geturl()
    versions = CatalogVersions(tmp_path / "catalog", mirror_at(url, tmp_path, reader))
    versions.publish(staged(tmp_path, 700))
    place = versions.require().place
    assert isinstance(place, PostgresSchema) and place.url == reader
    assert rows(place, "counts")


def test_a_reading_role_that_may_do_more_is_refused(tmp_path: Path, url: str, postgres: str) -> None:
    superuser = urlsplit(postgres)._replace(path=urlsplit(url).path).geturl()
    versions = CatalogVersions(tmp_path / "catalog", mirror_at(url, tmp_path, superuser))
    with pytest.raises(StoreUnavailable, match="beyond reading"):
        versions.publish(staged(tmp_path, 700))
    assert versions.current() is None


def test_a_server_that_is_not_there_is_said_without_the_password(tmp_path: Path) -> None:
    mirror = mirror_at("postgresql://me:hidden@127.0.0.1:1/x", tmp_path)
    versions = CatalogVersions(tmp_path / "catalog", mirror)
    with pytest.raises(StoreUnavailable) as caught:
        versions.publish(staged(tmp_path, 700))
    assert "hidden" not in str(caught.value)
    assert versions.current() is None


def test_what_a_killed_import_left_is_swept_away(tmp_path: Path) -> None:
    folder = tmp_path / "mirror"
    folder.mkdir()
    (folder / ".unfinished-1.sqlite").write_text("half")
    mirror = mirror_at("sqlite:///mirror", tmp_path)
    mirror.publish(database(tmp_path / "c.duckdb", "CREATE TABLE a AS SELECT 1 AS x"), "v", "a" * 64)
    assert [path.name for path in folder.iterdir()] == ["v.sqlite"]
    shutil.rmtree(folder)


@pytest.mark.parametrize(
    "given", ["mysql://h/x", "postgresql://h", "sqlite://", "sqlite:///", "postgresql://h:port/x", "x", ""]
)
def test_a_url_of_another_kind_is_refused(tmp_path: Path, given: str) -> None:
    with pytest.raises(SettingsInvalid):
        mirror_at(given, tmp_path)
