"""Random statements from a grammar: most of their parts are sound, some reach for what is off the list."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence

from tools.query.guard import GuardSchema

TEXTS = ("'F'", "'d1'", "'x''y'", "'%a%'", "'2024-01-01'", "'now'", "'/etc/passwd'", "'서울'", "''")
NUMBERS = ("0", "1", "2", "10", "2020", "1.5", "1e3", "-1", "NULL", "TRUE")
SCALARS = (
    *("UPPER({0})", "LENGTH({0})", "COALESCE({0}, {1})", "NULLIF({0}, {1})", "ABS({0})", "ROUND({0}, 1)"),
    *("CAST({0} AS TEXT)", "CAST({0} AS INTEGER)", "{0} || {1}", "{0} + {1}", "{0} - {1}", "{0} / {1}"),
    *("REPLACE({0}, 'a', {1})", "SUBSTR({0}, 1, 3)", "CASE WHEN {0} = {1} THEN {0} ELSE {1} END", "-{0}"),
    *("TRIM({0})", "({0})", "{0} % {1}", "LEFT({0}, 2)", "GREATEST({0}, {1})", "DATE({0})", "{0}[1]"),
)
OFF_SCALARS = (
    *("CURRENT_SETTING('x')", "PG_SLEEP(1)", "RANDOM()", "NOW()", "CURRENT_USER", "READ_TEXT('/etc/passwd')"),
    *("GETENV('HOME')", "LOAD_EXTENSION('x')", "REPEAT({0}, 100000000)", "LO_IMPORT('/etc/passwd')", "$1"),
    *("HASH({0})", "QUERY('SELECT 1')", "NEXTVAL('s')", "VERSION()", "COLUMNS('.*')", "ERROR('x')", "?"),
    *("{0}.read_text()", "PG_READ_FILE('/etc/passwd')", "RANDOMBLOB(9)", "STRFTIME('%s', 'now')", "*"),
    "(SELECT content FROM read_text('/etc/passwd'))",
)
AGGREGATES = (
    *("COUNT(*)", "COUNT({0})", "SUM({0})", "MIN({0})", "MAX({0})", "AVG({0})", "COUNT(DISTINCT {0})"),
    *("SUM({0}) FILTER (WHERE {1} = {1})", "MEDIAN({0})", "STRING_AGG({0}, ',')", "LIST({0})", "FIRST({0})"),
    *(
        "SUM({0}) OVER ()",
        "ROW_NUMBER() OVER (ORDER BY {0})",
        "LAG({0}) OVER (PARTITION BY {1} ORDER BY {0})",
    ),
)
CONDITIONS = (
    *(
        "{0} = {1}",
        "{0} <> {1}",
        "{0} < {1}",
        "{0} >= {1}",
        "{0} IS NULL",
        "{0} IS NOT NULL",
        "{0} LIKE '%a%'",
    ),
    *("{0} IN ({1}, {1})", "{0} BETWEEN {1} AND {1}", "NOT {0} = {1}", "({0} = {1} OR {0} = {1})"),
)
OFF_TABLES = (
    *("'/etc/passwd'", "read_csv('/etc/passwd')", "sqlite_master", "information_schema.tables", "pg_user"),
    *("duckdb_settings()", "glob('*')", "private.hospitals", "pragma_database_list", "range(10)", "x"),
    *("(VALUES (1))", "(DESCRIBE hospitals)", "generate_series(1, 10)", "query_table('counts')", "df"),
)
TAILS = (
    *(
        "; DROP TABLE hospitals",
        " FOR UPDATE",
        " -- x",
        " /* x */",
        " USING SAMPLE 1",
        " INTO x",
        "; SELECT 1",
    ),
    *(
        " OFFSET 99999999",
        " LIMIT ALL",
        " FETCH FIRST 1 ROW WITH TIES",
        "\u200b",
        "\x00",
        " LIMIT (SELECT 1)",
    ),
)


class Grammar:
    """``statement()`` gives one text after the other, the same for the same seed."""

    def __init__(self, schema: GuardSchema, seed: int) -> None:
        self.schema = schema
        self.random = random.Random(seed)
        self.joins: dict[str, list[tuple[str, str, str]]] = {}
        for left, right in schema.joins:
            for one, other in ((left, right), (right, left)):
                table, column = one.split(".", 1)
                self.joins.setdefault(table, []).append((column, *other.split(".", 1)))  # type: ignore[arg-type]

    def statement(self) -> str:
        text = self.query(2)
        if self.odd(0.1):
            text = f"WITH {self.one(('t', 'u', 'hospitals', 'datasets'))} AS ({self.query(1)}) {text}"
        if self.odd(0.15):
            text = f"{text} {self.one(('UNION ALL', 'UNION', 'INTERSECT', 'EXCEPT'))} {self.query(1)}"
        return text + (self.one(TAILS) if self.odd(0.04) else "")

    def query(self, depth: int) -> str:
        sources, tables = self.sources(depth)
        shown = [self.shown(sources, depth) for _ in range(self.random.randint(1, 4))]
        text = f"SELECT {'DISTINCT ' if self.odd(0.1) else ''}{', '.join(shown)} FROM {tables}"
        if self.odd(0.5):
            conditions = [self.condition(sources, depth) for _ in range(self.random.randint(1, 3))]
            text += f" WHERE {' AND '.join(conditions)}"
        if self.odd(0.3):
            keys = [self.column(sources) for _ in range(self.random.randint(1, 4))]
            text += f" GROUP BY {', '.join(keys)}"
            if self.odd(0.3):
                text += f" HAVING {self.one(AGGREGATES[:7]).format(*self.pair(sources))} >= 10"
        if self.odd(0.2):
            text += f" ORDER BY {self.one(('1', self.column(sources), self.value(sources, 1)))}"
            text += self.one(("", " DESC", " NULLS FIRST", " DESC NULLS LAST"))
        return text + (f" LIMIT {self.random.choice((0, 1, 5, 5000))}" if self.odd(0.2) else "")

    def sources(self, depth: int) -> tuple[dict[str, str], str]:
        if self.odd(0.04):
            return {"a": self.one(tuple(self.schema.tables))}, f"{self.one(OFF_TABLES)} AS a"
        table = self.one(tuple(self.schema.tables))
        sources, text = {"a": table}, f'"{table}" AS a'
        if depth > 1 and self.odd(0.1):
            columns = ", ".join(f'a."{name}"' for name in self.schema.tables[table].columns)
            return sources, f'(SELECT {columns} FROM "{table}" AS a) AS a'
        for alias in "bc":
            near = [(o, *j) for o, t in sources.items() for j in self.joins.get(t, ())]
            if near and self.odd(0.35):
                owner, column, other, key = self.random.choice(near)
                sources[alias] = other
                side = self.one(("JOIN", "JOIN", "LEFT JOIN", "FULL JOIN", "CROSS JOIN", "NATURAL JOIN"))
                on = f' ON {owner}."{column}" = {alias}."{key}"'
                text += f' {side} "{other}" AS {alias}{on if self.odd(0.95) else ""}'
        return sources, text

    def shown(self, sources: dict[str, str], depth: int) -> str:
        if self.odd(0.2):
            text = self.one(AGGREGATES).format(*self.pair(sources))
        elif self.odd(0.05) and depth > 1:
            text = f"({self.query(1)})"
        else:
            text = self.column(sources) if self.odd(0.7) else self.value(sources, depth)
        return f"{text} AS {self.one(('n', 'm', 'patients', '이름', 'k'))}" if self.odd(0.3) else text

    def value(self, sources: dict[str, str], depth: int) -> str:
        if self.odd(0.06):
            return self.one(OFF_SCALARS).format(*self.pair(sources))
        if depth > 0 and self.odd(0.4):
            return self.one(SCALARS).format(self.value(sources, depth - 1), self.value(sources, depth - 1))
        return self.one((self.column(sources), self.column(sources), self.one(TEXTS), self.one(NUMBERS)))

    def condition(self, sources: dict[str, str], depth: int) -> str:
        if depth > 1 and self.odd(0.12):
            shape = self.one(("EXISTS ({q})", "NOT EXISTS ({q})", "{c} IN ({q})", "{c} > ({q})"))
            return shape.format(q=self.query(1), c=self.column(sources))
        return self.one(CONDITIONS).format(self.column(sources), self.value(sources, 0))

    def pair(self, sources: dict[str, str]) -> tuple[str, str]:
        return self.column(sources), self.column(sources)

    def column(self, sources: dict[str, str]) -> str:
        alias = self.one(tuple(sources))
        columns = self.schema.tables[sources[alias]].columns
        return f'{alias}."{self.one(tuple(columns))}"'

    def odd(self, chance: float) -> bool:
        return self.random.random() < chance

    def one(self, choices: Sequence[str]) -> str:
        return self.random.choice(choices)


def scrambled(text: str, rng: random.Random) -> str:
    """The text with a few characters taken out, doubled, swapped or put in."""
    steps: tuple[Callable[[str, int], str], ...] = (
        lambda t, at: t[:at] + t[at + 1 :],
        lambda t, at: t[:at] + t[at : at + 9] + t[at:],
        lambda t, at: t[:at] + rng.choice("'\"();,*.-/\\$%_[]{}:@#&|<>=~`\t\n\u00a0ａ가\u0301") + t[at:],
        lambda t, at: t[:at] + t[at : at + 5].swapcase() + t[at + 5 :],
        lambda t, at: t[: at // 2],
    )
    for _ in range(rng.randint(1, 3)):
        text = rng.choice(steps)(text, rng.randrange(len(text) + 1))
    return text
