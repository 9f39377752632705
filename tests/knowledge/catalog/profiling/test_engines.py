"""The same rows in every kind of source give the same aggregates, and nothing else comes back."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from sqlglot import exp, parse_one

from knowledge.catalog.aggregates import Cell
from knowledge.catalog.profile_site import profile_plans, profile_site
from knowledge.catalog.profiling.config import read_config
from knowledge.catalog.profiling.engine import LABELS, Engine, RowsAsked, Table, refuse_rows
from knowledge.catalog.profiling.open_source import open_source
from knowledge.catalog.profiling.plan import plan_dataset
from knowledge.catalog.raw_folder import Raw
from knowledge.errors import CatalogInvalid, StoreUnavailable
from tests.knowledge.catalog import lung_clinic

KINDS = ("csv", "cp949", "gzip", "parquet", "duckdb", "postgres")
Configured = Callable[..., Path]


@pytest.fixture
def configured(request: pytest.FixtureRequest, tmp_path: Path) -> Configured:
    """Write the clinic as one kind of source, and its configuration."""

    def write(kind: str, **changes: str) -> Path:
        if kind == "csv":
            lung_clinic.write_csv(tmp_path / "files")
            return lung_clinic.config(tmp_path, "folder: files", **changes)
        if kind == "cp949":
            lung_clinic.write_csv(tmp_path / "files", "cp949", "%d.%m.%Y", ";")
            return lung_clinic.config(tmp_path, "folder: files", days="%d.%m.%Y", **changes)
        if kind == "gzip":
            import gzip

            for path in lung_clinic.write_csv(tmp_path / "files", days="%Y%m%d").iterdir():
                path.with_name(f"{path.name}.gz").write_bytes(gzip.compress(path.read_bytes()))
                path.unlink()
            return lung_clinic.config(tmp_path, "folder: files", **changes)
        if kind == "parquet":
            lung_clinic.write_parquet(tmp_path / "files")
            return lung_clinic.config(tmp_path, "folder: files", **changes)
        if kind == "duckdb":
            lung_clinic.write_duckdb(tmp_path / "clinic.duckdb", "clinic")
            return lung_clinic.config(tmp_path, "duckdb: clinic.duckdb", "clinic", **changes)
        url = lung_clinic.write_postgres(request.getfixturevalue("postgres"), "clinic")
        return lung_clinic.config(tmp_path, f'postgres: "{url}"', "clinic", **changes)

    return write


def expected_copd() -> Mapping[int | None, int]:
    """People with J43 or J44 by year, worked out without SQL."""
    tables = lung_clinic.tables()
    born = {row[0]: row[2] for row in tables["person"].rows}
    people: dict[int | None, set[int]] = {None: set()}
    for person, day, code in tables["diagnosis"].rows:
        if code.upper().startswith(("J43", "J44")) and 2020 <= day.year <= 2023 \
                and day.year - born[person] >= 18:
            people[None].add(person)
            people.setdefault(day.year, set()).add(person)
    return {year: len(found) for year, found in people.items()}


@pytest.fixture(scope="module")
def reference(tmp_path_factory: pytest.TempPathFactory) -> Raw:
    """What the CSV files give."""
    folder = tmp_path_factory.mktemp("reference")
    lung_clinic.write_csv(folder / "files")
    return profile_site(lung_clinic.config(folder, "folder: files"), "2025-04-01").raw


@pytest.mark.parametrize("kind", KINDS)
def test_every_source_gives_the_same(kind: str, configured: Configured, reference: Raw) -> None:
    found = profile_site(configured(kind), "2025-04-01")
    assert found.raw == reference
    assert found.problems == (
        "lungs/person: persons with more than one sex: 1; they count in totals only",
        "lungs/visit: rows without a person in column 'id': 1; they do not count",
        "lungs/visit: rows of persons who are not in table 'person': 1; they do not count",
        "lungs/visit (obstructed): rows of persons who are not in table 'person': 1; they do not count",
    )


def test_the_numbers_are_right(reference: Raw) -> None:
    counts = {count.cell: count.patients for count in reference.counts["lungs"]}
    expected = expected_copd()
    assert len(expected) == 5
    assert {year: counts[Cell("copd", year, None, None)] for year in expected} == expected
    smoker = next(one for one in reference.missing if one.variable == "smoker")
    rows = lung_clinic.tables()["visit"].rows
    assert smoker.rows_missing == sum(row[3] in (None, " ", "9") for row in rows)


class Watched:
    """An engine that keeps what it was asked and what it gave."""

    def __init__(self, engine: Engine) -> None:
        self._engine, self.dialect = engine, engine.dialect
        self.seen: list[tuple[exp.Query, list[tuple[Any, ...]]]] = []

    def tables(self, schema: str) -> Mapping[str, Table]:
        return self._engine.tables(schema)

    def run(self, query: exp.Query) -> list[tuple[Any, ...]]:
        rows = self._engine.run(query)
        self.seen.append((query, rows))
        return rows

    def close(self) -> None:
        self._engine.close()


@pytest.mark.parametrize("kind", ["csv", "postgres"])
def test_nothing_but_aggregates_comes_back(kind: str, configured: Configured) -> None:
    """Every value that an engine gives is a number of rows or people, a year, or a declared label."""
    config = read_config(configured(kind))
    watched = Watched(open_source(config))
    try:
        profile_plans(watched, [plan_dataset(watched, entry) for entry in config.datasets], config.rule)
    finally:
        watched.close()
    declared = {"F", "M", "18-39", "40-59", "60+", None}
    assert len(watched.seen) > 8
    for query, rows in watched.seen:
        refuse_rows(query)
        names = [shown.alias_or_name for shown in query.expressions]
        for row in rows:
            for name, cell in zip(names, row, strict=True):
                if name in LABELS - {"year"}:
                    assert cell in declared
                else:
                    assert cell is None or isinstance(cell, int)


@pytest.mark.parametrize("sql", [
    "SELECT name FROM person",
    "SELECT MAX(day) FROM visit",
    "SELECT MIN(name), COUNT(*) FROM person",
    "SELECT STRING_AGG(name, ',') FROM person",
    "SELECT name, COUNT(*) FROM person GROUP BY name",
    "SELECT COUNT(*), (SELECT MAX(name) FROM person) FROM person",
    "SELECT COUNT(*) + id FROM person GROUP BY id",
    "SELECT SUM(income) FROM person",
    "SELECT year FROM visit",
    "SELECT MAX(cdm_source_name) FROM cdm_source, person",
    "SELECT 1 UNION SELECT id FROM person",
    "DELETE FROM person",
])
def test_a_statement_that_could_give_rows_is_refused(sql: str) -> None:
    query = parse_one(sql, read="duckdb")
    with pytest.raises(RowsAsked):
        refuse_rows(query)  # type: ignore[arg-type]


def changed(configured: Configured, old: str, new: str) -> str:
    with pytest.raises(CatalogInvalid) as caught:
        profile_site(configured("csv", **{old: new}), "2025-04-01")
    return str(caught.value)


@pytest.mark.parametrize(("old", "new", "said"), [
    ("{table: person,", "{table: persons,", "no table 'persons'. Did you mean 'person'?"),
    ("birth_year: born", "birth_year: borne", "no column 'borne'. Did you mean 'born'?"),
    ("column: code,", "column: kode,", "no column 'kode'. Did you mean 'code'?"),
    ("sexes: {1: M, 2: F}", "sexes: {m: M, f: F}", "column 'sex' holds none of the declared values"),
    ("sex: sex, birth_year: born", "sex: sex, birth_year: sex", "no year of birth can be read"),
    ('date: day, date_format: ""', 'date: day, date_format: "%d.%m.%Y"',
     "values of column 'day' are no dates in the format '%d.%m.%Y'"),
    ("table: visit, patient: id, date: day,",
     "table: visit, patient: id, where: [{column: ratio, above: 999}], date: day,",
     "lungs/visit: there are no rows"),
])
def test_a_wrong_description_is_named(configured: Configured, old: str, new: str, said: str) -> None:
    assert said in changed(configured, old, new)


def test_messages_hold_no_value_of_a_row(configured: Configured, tmp_path: Path) -> None:
    config = configured("csv")
    visits = tmp_path / "files" / "visit.csv"
    visits.write_text(visits.read_text() + 'Kim Minsu,unreadable"day,x,y,z\n')
    with pytest.raises(CatalogInvalid) as caught:
        profile_site(config, "2025-04-01")
    assert "visit.csv:" in str(caught.value) and "Kim" not in str(caught.value)


def test_a_person_without_number_or_with_two_births_is_told(configured: Configured, tmp_path: Path) -> None:
    config = configured("csv")
    persons = tmp_path / "files" / "person.csv"
    persons.write_text(persons.read_text() + ",1,1970\n9,1,1900\n")
    problems = profile_site(config, "2025-04-01").problems
    assert "lungs/person: rows without a person in column 'id': 1; they do not count" in problems
    assert any("more than one year of birth: 1" in line for line in problems)


def test_an_empty_person_column_is_an_error(configured: Configured, tmp_path: Path) -> None:
    config = configured("csv")
    (tmp_path / "files" / "person.csv").write_text("id,sex,born\n,1,1970\n,2,1980\n")
    with pytest.raises(CatalogInvalid, match="column 'id' is empty in all 2 rows"):
        profile_site(config, "2025-04-01")


@pytest.fixture
def slipped(configured: Configured, tmp_path: Path) -> Iterator[Path]:
    """One date of many that cannot be read, and one that is not there."""
    config = configured("csv")
    visits = tmp_path / "files" / "visit.csv"
    visits.write_text(visits.read_text() + "1,2021-13-01,60,1\n2,,60,1\n")
    yield config


def test_a_slip_is_told_and_left_out(slipped: Path) -> None:
    problems = profile_site(slipped, "2025-04-01").problems
    unreadable = "lungs/visit: rows with a date in column 'day' that cannot be read: 1; they do not count"
    assert unreadable in problems
    assert "lungs/visit: rows without a date in column 'day': 1; they do not count" in problems


def test_types_of_a_person_column_may_differ(request: pytest.FixtureRequest, tmp_path: Path) -> None:
    """One table holds the number as a number, another one as text."""
    made = lung_clinic.tables()
    visits = made["visit"]
    made["visit"] = lung_clinic.RawTable(
        {**visits.columns, "id": "text"},
        [(None if row[0] is None else str(row[0]), *row[1:]) for row in visits.rows],
    )
    url = lung_clinic.write_postgres(request.getfixturevalue("postgres"), "mixed", made)
    raw = profile_site(lung_clinic.config(tmp_path, f'postgres: "{url}"', "mixed"), "2025-04-01").raw
    counts = {count.cell: count.patients for count in raw.counts["lungs"]}
    assert counts[Cell("copd", None, None, None)] == expected_copd()[None]


def test_comments_of_the_database_describe(request: pytest.FixtureRequest, tmp_path: Path) -> None:
    import psycopg

    url = lung_clinic.write_postgres(request.getfixturevalue("postgres"), "commented")
    with psycopg.connect(url) as connection:
        connection.execute("COMMENT ON TABLE commented.diagnosis IS '진단 기록'")
        connection.execute("COMMENT ON COLUMN commented.diagnosis.code IS 'Diagnosis code'")
    described = profile_site(
        lung_clinic.config(tmp_path, f'postgres: "{url}"', "commented"), "2025-04-01"
    ).raw.described
    assert {"dataset": "lungs", "table": "diagnosis", "title_ko": "진단 기록"} in described["tables"]
    code = next(row for row in described["variables"] if row["name"] == "code")
    assert code["label_en"] == "Diagnosis code"


def test_an_unreachable_server_is_named_without_its_password(tmp_path: Path) -> None:
    path = lung_clinic.config(tmp_path, 'postgres: "postgresql://me:s3cret@127.0.0.1:1/clinic"')
    with pytest.raises(StoreUnavailable) as caught:
        profile_site(path, "2025-04-01")
    assert "me@127.0.0.1:1/clinic" in str(caught.value) and "s3cret" not in str(caught.value)


def test_a_server_is_only_read(request: pytest.FixtureRequest, configured: Configured) -> None:
    """The role may write; the session does not."""
    config = read_config(configured("postgres"))
    engine = open_source(config)
    try:
        connection = engine._connection  # type: ignore[attr-defined]
        assert connection.execute("SHOW transaction_read_only").fetchone() == ("on",)
        assert connection.execute("SHOW transaction_isolation").fetchone() == ("repeatable read",)
    finally:
        engine.close()


def test_nothing_is_left_on_disk(
    configured: Configured, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import tempfile

    place = tmp_path / "temporary"
    place.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(place))
    profile_site(configured("cp949"), "2025-04-01")
    assert list(place.iterdir()) == []
    with pytest.raises(CatalogInvalid):
        profile_site(configured("csv", **{"birth_year: born": "birth_year: nothing"}), "2025-04-01")
    assert list(place.iterdir()) == []


def test_follow_up_is_in_days(reference: Raw) -> None:
    tables, spans = lung_clinic.tables(), []
    for person, _, born in tables["person"].rows[:lung_clinic.PEOPLE]:
        days = [
            row[1] for row in tables["visit"].rows
            if row[0] == person and 2020 <= row[1].year <= 2023 and row[1].year - born >= 18
        ]
        spans += [(max(days) - min(days)).days] if days else []
    [median] = reference.medians
    assert (median.patients, median.value) == (len(spans), sorted(spans)[(len(spans) - 1) // 2])
