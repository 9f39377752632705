"""A small clinic's raw tables, written as a hospital would hold them: files, DuckDB, PostgreSQL.

What is wrong in them is planted: a person twice with two sexes, rows without a person, a stranger.
"""

from __future__ import annotations

import csv
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import duckdb

PEOPLE, TWICE, STRANGER = 400, 7, 9_999
TYPES = {"int": ("INTEGER", "integer"), "text": ("VARCHAR", "text"), "day": ("DATE", "date"),
         "float": ("DOUBLE", "double precision")}
CONFIG = """\
version: "2025.1"
as_of: 2025-03-31
source: {{{source}}}
datasets:
  - dataset: lungs
    title_en: Lung clinic
    title_ko: 폐 클리닉
    schema: {schema}
    years: [2020, 2023]
    age_min: 18
    age_bands: ["18-39", "40-59", "60+"]
    persons: {{table: person, patient: id, sex: sex, birth_year: born, sexes: {{1: M, 2: F}}}}
    records: {{table: visit, patient: id, date: day, date_format: "{days}"}}
    cohorts:
      - {{cohort: copd, name_en: COPD, name_ko: 만성폐쇄성폐질환, codes: ["KCD:J44"],
         records: {{table: diagnosis, date: day, where: [{{column: code, coded: [J43, J44]}}]}}}}
      - cohort: obstructed
        members: [{{table: visit, where: [{{column: ratio, below: 70}}]}}]
        age_min: 40
    tables:
      - table: visit
        granularity: per visit
        date: day
        date_format: "{days}"
        variables:
          - {{name: id, sensitive: true}}
          - {{name: day}}
          - {{name: fev1_fvc, column: ratio, label_en: FEV1/FVC, unit: "%"}}
          - {{name: smoker, values: {{0: never, 1: ever}}, missing_codes: {{9: not asked}}}}
      - table: diagnosis
"""


@dataclass(frozen=True)
class RawTable:
    """Columns with their kinds (TYPES), and rows."""

    columns: Mapping[str, str]
    rows: Sequence[tuple[Any, ...]]


def tables() -> dict[str, RawTable]:
    """The same rows every time."""
    draw = random.Random(20_25)
    persons: list[tuple[Any, ...]] = [
        (n, draw.choice((1, 2)), draw.randint(1930, 2000)) for n in range(1, PEOPLE + 1)
    ]
    persons.append((TWICE, 3 - persons[TWICE - 1][1], persons[TWICE - 1][2]))
    visits: list[tuple[Any, ...]] = []
    diagnoses: list[tuple[Any, ...]] = []
    for person in range(1, PEOPLE + 1):
        for _ in range(draw.randint(1, 6)):
            day = date(2019, 6, 1) + timedelta(days=draw.randrange(1_800))
            ratio = None if draw.random() < 0.2 else round(draw.uniform(35, 95), 1)
            visits.append((person, day, ratio, draw.choice(("0", "1", "9", None, " "))))
            if draw.random() < 0.4:
                diagnoses.append((person, day, draw.choice(("J44.1", "J441", "j43", "J45", "I10"))))
    visits += [(None, date(2021, 1, 1), 50.0, "1"), (STRANGER, date(2021, 1, 1), 50.0, "1")]
    return {
        "person": RawTable({"id": "int", "sex": "int", "born": "int"}, persons),
        "visit": RawTable({"id": "int", "day": "day", "ratio": "float", "smoker": "text"}, visits),
        "diagnosis": RawTable({"id": "int", "day": "day", "code": "text"}, diagnoses),
    }


def write_csv(
    folder: Path, encoding: str = "utf-8", days: str = "%Y-%m-%d", delimiter: str = ","
) -> Path:
    """One file per table."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, table in tables().items():
        with (folder / f"{name}.csv").open("w", encoding=encoding, newline="") as file:
            writer = csv.writer(file, delimiter=delimiter)
            writer.writerow(table.columns)
            for row in table.rows:
                writer.writerow(
                    cell.strftime(days) if name == "visit" and isinstance(cell, date) else cell
                    for cell in row
                )
    return folder


def write_duckdb(path: Path, schema: str = "main", made: Mapping[str, RawTable] | None = None) -> Path:
    """One table per table."""
    with duckdb.connect() as connection:
        connection.execute(f"ATTACH '{path}' AS written")
        connection.execute("USE written")
        connection.execute(f'CREATE SCHEMA IF NOT EXISTS "{schema}"')
        for name, statement, rows in _statements(schema, made or tables(), place=0):
            connection.execute(statement)
            kinds = (made or tables())[name].columns.values()
            lists = ", ".join(f"unnest(CAST(? AS {TYPES[kind][0]}[]))" for kind in kinds)
            columns = [list(column) for column in zip(*rows, strict=True)]
            connection.execute(f'INSERT INTO "{schema}"."{name}" SELECT {lists}', columns)
    return path


def write_parquet(folder: Path) -> Path:
    """One file per table, written by DuckDB."""
    folder.mkdir(parents=True, exist_ok=True)
    database = write_duckdb(folder / "source.duckdb")
    with duckdb.connect(str(database), read_only=True) as connection:
        for name in tables():
            connection.execute(f"COPY {name} TO '{folder / name}.parquet' (FORMAT parquet)")
    database.unlink()
    return folder


def write_postgres(url: str, schema: str, made: Mapping[str, RawTable] | None = None) -> str:
    """A schema of its own in the server's database."""
    import psycopg

    with psycopg.connect(url) as connection:
        connection.execute(f'DROP SCHEMA IF EXISTS "{schema}" CASCADE')
        connection.execute(f'CREATE SCHEMA "{schema}"')
        for name, statement, rows in _statements(schema, made or tables(), place=1):
            connection.execute(statement)
            with connection.cursor().copy(f'COPY "{schema}"."{name}" FROM STDIN') as copy:
                for row in rows:
                    copy.write_row(row)
    return url


def _statements(
    schema: str, made: Mapping[str, RawTable], place: int
) -> Iterator[tuple[str, str, Sequence[tuple[Any, ...]]]]:
    for name, table in made.items():
        columns = ", ".join(f'"{column}" {TYPES[kind][place]}' for column, kind in table.columns.items())
        yield name, f'CREATE TABLE "{schema}"."{name}" ({columns})', table.rows


def config(
    folder: Path, source: str, schema: str = '""', days: str = "", **changes: str
) -> Path:
    """A configuration file beside the source; ``changes`` replace one text by another in it."""
    text = CONFIG.format(source=source, schema=schema, days=days)
    for old, new in changes.items():
        assert old in text
        text = text.replace(old, new)
    path = folder / "profile.yaml"
    path.write_text(text, encoding="utf-8")
    return path
