"""Random sums over random joins: each that is accepted adds up what may be added up, each cell once."""

from __future__ import annotations

import random
from collections.abc import Iterator

import duckdb
import pytest

from knowledge.errors import SqlRejected
from tests.tools.query.small_catalog import SQL
from tools.query.guard import check, load_schema

STATEMENTS = 800
SCHEMA = load_schema(SQL / "schema.yaml")
ALIASES = {
    **{"p": "patient_counts", "q": "patient_counts", "d": "datasets", "e": "datasets", "h": "hospitals"},
    "t": "(SELECT dataset_id, year FROM patient_counts)",  # its rows repeat
}
COLUMNS = {
    alias: [name for name, column in SCHEMA.tables[table].columns.items() if not column.measure]
    for alias, table in ALIASES.items()
    if table in SCHEMA.tables
} | {"t": ["dataset_id", "year"]}
LITERALS = {"sex": "'F'", "age_group": "'x'", "dataset_name": "'d1'", "modality": "'CT'", "region": "'A'"}
SIDES = ("JOIN", "JOIN", "LEFT JOIN", "LEFT JOIN", "RIGHT JOIN", "FULL JOIN")
# In each group: how many pairs of what does not add up, how many cells, how many of them distinct.
PROBE = (
    'SELECT COUNT(DISTINCT CASE WHEN "p"."count_id" IS NOT NULL '
    'THEN "p"."dataset_id" * 10000 + "p"."year" END), '
    'COUNT("p"."count_id"), COUNT(DISTINCT "p"."count_id")'
)


class Writer:
    """Writes one statement after another; the same for the same seed."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)

    def statement(self) -> str:
        aliases = ["p", *self.random.sample([*"dheqt"], self.random.choice((0, 1, 1, 1, 2, 2, 3)))]
        self.random.shuffle(aliases)
        tables = f"{ALIASES[aliases[0]]} AS {aliases[0]}"
        for number, alias in enumerate(aliases[1:], 1):
            side = self.random.choice(SIDES)
            tables += f" {side} {ALIASES[alias]} AS {alias} ON {self.join(aliases[:number], alias)}"
        conditions = [self.condition(aliases) for _ in range(self.random.choice((0, 0, 1, 1, 2)))]
        groups = [self.column(aliases) for _ in range(self.random.choice((0, 1, 2, 2, 3)))]
        groups = list(dict.fromkeys([*groups, self.random.choice(("p.year", "p.dataset_id"))]))
        shown = ", ".join(f"{group} AS g{number}" for number, group in enumerate(groups))
        where = f" WHERE {' AND '.join(conditions)}" if conditions else ""
        return f"SELECT {shown}, SUM(p.patient_count) AS n FROM {tables}{where} GROUP BY {', '.join(groups)}"

    def join(self, earlier: list[str], alias: str) -> str:
        parts = [self.equality(self.random.choice(earlier), alias)]
        while self.random.random() < 0.3:
            both = self.random.sample([*earlier, alias], 2)
            parts.append(self.random.choice((self.condition([*earlier, alias]), self.equality(*both))))
        return " AND ".join(parts)

    def equality(self, one: str, other: str) -> str:
        shared = [name for name in COLUMNS[one] if name in COLUMNS[other]]
        if shared and self.random.random() < 0.9:
            name = self.random.choice(shared)
            return f"{one}.{name} = {other}.{name}"
        return f"{self.column([one])} = {self.column([other])}"

    def column(self, aliases: list[str]) -> str:
        alias = self.random.choice(aliases)
        return f"{alias}.{self.random.choice(COLUMNS[alias])}"

    def condition(self, aliases: list[str]) -> str:
        column = self.column(aliases)
        name = column.split(".")[1]
        literal = LITERALS.get(name, "2020" if name.endswith("year") else "1")
        forms = (
            "{c} = {l}",
            "{c} = {l}",
            "{c} <> {l}",
            "{c} IS NULL",
            "{c} IN ({l})",
            "({c} = {l} OR {c} IS NULL)",
            "{c} = ANY ([{o}])",
            "{c} IN ([{o}])",
        )
        others = "'F', 'M', 'x', 'd1'" if literal.startswith("'") else "0, 1, 2, 3, 2020, 2021"
        return self.random.choice(forms).format(c=column, l=literal, o=others)


@pytest.fixture
def database() -> Iterator[duckdb.DuckDBPyConnection]:
    rows = random.Random(5)
    with duckdb.connect(":memory:") as connection:
        for table, spec in SCHEMA.tables.items():
            columns = ", ".join(f"{name} {column.type}" for name, column in spec.columns.items())
            connection.execute(f"CREATE TABLE {table} ({columns})")
        for n in range(6):
            connection.execute(
                "INSERT INTO hospitals VALUES (?, ?, ?, ?)", [n, f"h{n}", rows.choice("AB"), 1]
            )
        for n in range(8):
            row = [n, rows.randrange(4), f"d{n}", rows.choice(["CT", "MR"]), rows.choice([2020, 2021]), 2022]
            connection.execute("INSERT INTO datasets VALUES (?, ?, ?, ?, ?, ?)", row)
        cells = [
            (d, y, s, a)
            for d in range(6)
            for y in (2020, 2021)
            for s in "FM"
            for a in "xy"
            if rows.random() < 0.7
        ]
        for n, cell in enumerate(cells):
            connection.execute("INSERT INTO patient_counts VALUES (?, ?, ?, ?, ?, 10)", [n, *cell])
        yield connection


def test_accepted_sums_add_up(database: duckdb.DuckDBPyConnection) -> None:
    writer = Writer(17)
    accepted = 0
    for _ in range(STATEMENTS):
        sql = writer.statement()
        try:
            text = check(sql, SCHEMA).sql
        except SqlRejected:
            continue
        probe = PROBE + text[text.index(" FROM ") : text.rindex(" LIMIT ")]
        try:
            groups = database.execute(probe).fetchall()
        except (duckdb.ConversionException, duckdb.BinderException):
            continue  # a text met a number, or a list a value; nothing came back
        accepted += 1
        assert all(mixed <= 1 and cells == distinct for mixed, cells, distinct in groups), sql
    assert accepted > STATEMENTS / 20
