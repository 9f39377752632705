"""Generated statements against the guard; `python -m tests.tools.query.guard.fuzz` prints figures.

Statements are written by a grammar, made from the lists by changes of their trees, and scrambled as
text. For each: the guard answers, and with its own error only; what it accepts reads the same when it
is checked again, names tables and functions of the list alone by the engine's own account, and gives
the rows of the original text without an error that the original does not give.
"""

from __future__ import annotations

import argparse
import json
import logging
import random
import re
import sqlite3
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import duckdb

from knowledge.errors import SqlRejected
from tests.tools.query.guard.grammar import Grammar, scrambled
from tests.tools.query.guard.lists import entries
from tests.tools.query.guard.mutate import Mutator
from tests.tools.query.guard.rows import fill
from tests.tools.query.small_catalog import SQL
from tools.query.guard import GuardSchema, SafeQuery, catalog_schema, check, load_schema

GATE_SECONDS = 60
SEED = 20250410
LONGEST_S = 5.0
DIALECTS = ("duckdb", "duckdb", "sqlite", "postgres")
LISTS = {
    "catalog": ("catalog_benign", "catalog_more_benign", "catalog_attacks"),
    "plain": ("benign", "plain_benign", "sums_benign", "attacks", "probe_attacks", "engine_attacks"),
    "library": ("library_benign", "library_attacks"),
}
# What DuckDB's own parser may name in an accepted statement, as far as it is no operator.
FUNCTIONS = frozenset(
    {
        *("count_star", "count", "sum", "avg", "min", "max", "first", "last", "median", "mode"),
        *("stddev", "stddev_samp", "stddev_pop", "variance", "var_samp", "var_pop", "any_value"),
        *("arg_max", "arg_min", "max_by", "min_by", "bool_and", "bool_or", "string_agg", "listagg"),
        *("group_concat", "list", "array_agg", "quantile", "quantile_cont", "quantile_disc", "corr"),
        *("covar_pop", "covar_samp", "kurtosis", "skewness", "count_if", "row_number", "rank"),
        *("dense_rank", "percent_rank", "cume_dist", "ntile", "lag", "lead", "first_value"),
        *("last_value", "nth_value", "lower", "upper", "length", "reverse", "trim", "ltrim", "rtrim"),
        *("replace", "lpad", "rpad", "left", "right", "substring", "substr", "split_part", "strpos"),
        *("instr", "contains", "starts_with", "ends_with", "prefix", "suffix", "str_split"),
        *("string_split", "list_contains", "array_contains", "array_length", "array_extract"),
        *("list_extract", "translate", "chr", "hex", "ascii", "unicode", "ord", "format", "printf"),
        *("strlen", "strip_accents", "nfc_normalize", "concat", "concat_ws", "regexp_matches"),
        *("regexp_extract", "regexp_replace", "regexp_full_match", "levenshtein", "like_escape"),
        *("ilike_escape", "not_like_escape", "not_ilike_escape", "abs", "sign", "round", "trunc"),
        *("ceil", "floor", "sqrt", "pow", "power", "exp", "ln", "log", "log10", "greatest", "least"),
        *("coalesce", "nullif", "cbrt", "degrees", "radians", "typeof", "date_part", "datepart"),
        *("date_sub", "date_trunc", "date_diff", "datediff", "date_add", "strftime", "year", "quarter"),
        *("month", "day", "week", "weekday", "yearweek", "dayofmonth", "dayofweek", "isodow"),
        *("dayofyear", "dayname", "monthname", "last_day", "make_date", "strptime", "epoch", "age"),
        *("extract", "list_value", "row", "grouping", "constant_or_null", "to_years", "to_months"),
        *("to_days", "to_weeks", "to_hours", "to_minutes", "to_seconds", "to_quarters", "not_in"),
        *("divide", "in", "glob", "unnest"),
    }
)
TABLE_NODES = {"TABLE_FUNCTION", "EXPRESSION_LIST", "PIVOT", "SHOW_REF", "COLUMN_DATA"}
WITH_NAME = re.compile(r'"(\w+)"(?:\([^)]*\))? AS (?:(?:NOT )?MATERIALIZED )?\(')
ENGINE_ERRORS = (duckdb.Error, sqlite3.Error, sqlite3.Warning, OverflowError)
UNSTABLE = (
    "LIMIT",
    "ROW_NUMBER",
    "FIRST",
    "LAST",
    "ANY_VALUE",
    "ARG_",
    "LIST",
    "AGG",
    "CONCAT",
    "NTILE",
    "MODE",
)


class Failure(AssertionError):
    """The guard, or an accepted statement, did what it must not."""


@dataclass
class Figures:
    """How much was tried: by origin, by dialect, by rule; and how long the guard took at most."""

    tried: Counter[str] = field(default_factory=Counter)
    accepted: Counter[str] = field(default_factory=Counter)
    rules: Counter[str] = field(default_factory=Counter)
    run: int = 0
    same: int = 0
    slowest_ms: float = 0.0
    slowest: str = ""


class Place:
    """A schema with the same rows in DuckDB and SQLite, each shut off as far as it can be from within."""

    def __init__(self, schema: GuardSchema) -> None:
        self.schema = schema
        self.duck = duckdb.connect(":memory:", config={"threads": 1})
        self.lite = sqlite3.connect(":memory:", check_same_thread=False)
        fill(schema, 1, self.duck.execute)
        fill(schema, 1, self.lite.execute)
        for setting in ("enable_external_access = false", "lock_configuration = true"):
            self.duck.execute(f"SET {setting}")
        self.reads: set[str] = set()
        self.lite.set_authorizer(self._seen)
        self.names = {name.lower() for name in schema.tables}

    def _seen(self, action: int, one: str | None, other: str | None, *_: Any) -> int:
        if action == sqlite3.SQLITE_READ:
            self.reads.add(str(one).lower())
        elif action not in {sqlite3.SQLITE_SELECT, sqlite3.SQLITE_FUNCTION}:
            self.reads.add(f"action {action}")
        return sqlite3.SQLITE_OK

    def rows(self, sql: str, dialect: str) -> list[Any]:
        stop = threading.Timer(LONGEST_S, self.duck.interrupt if dialect == "duckdb" else self.lite.interrupt)
        stop.start()
        try:
            return (self.duck if dialect == "duckdb" else self.lite).execute(sql).fetchall()
        finally:
            stop.cancel()

    def _parsed(self, sql: str) -> dict[str, Any]:
        (text,) = self.duck.execute("SELECT json_serialize_sql(?)", [sql]).fetchone() or ("",)
        tree: dict[str, Any] = json.loads(text)
        return tree

    def named(self, sql: str, query: SafeQuery) -> None:
        """Raises Failure where DuckDB's parser finds a table or function in the text that is off the list."""
        tree = self._parsed(query.sql)
        if tree["error"]:
            if self._parsed(sql)["error"]:
                return  # a form that the engine does not take, as it was written
            raise Failure(f"DuckDB cannot read it: {tree.get('error_message')}")
        ctes = {
            str(pair["key"]).lower()
            for node in _nodes(tree)
            for pair in node.get("cte_map", {}).get("map", ())
        }
        for node in _nodes(tree):
            kind = node.get("type")
            if kind == "BASE_TABLE":
                plain = not (node.get("schema_name") or node.get("catalog_name") or node.get("at_clause"))
                if not plain or str(node["table_name"]).lower() not in self.names | ctes:
                    raise Failure(f"it reads the table {node}")
            elif kind in TABLE_NODES or node.get("sample"):
                raise Failure(f"it reads {node}")
            elif "function_name" in node and node["function_name"].isidentifier():
                plain = not (node.get("schema") or node.get("catalog"))
                if not plain or node["function_name"].lower() not in FUNCTIONS:
                    raise Failure(f"it calls {node['function_name']}")


def _nodes(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
        value = list(value.values())
    for each in value if isinstance(value, list) else ():
        yield from _nodes(each)


def judged(sql: str, place: Place, dialect: str, figures: Figures, origin: str) -> None:
    """Put one statement to the guard and hold it to its word. Raises Failure."""
    figures.tried[origin] += 1
    begun = time.thread_time()
    try:
        query = check(sql, place.schema, dialect=dialect)
    except SqlRejected as rejected:
        figures.rules[rejected.rule] += 1
        if not rejected.rule or not rejected.message:
            raise Failure("a refusal without a rule") from rejected
        if rejected.__cause__ is not None:
            raise Failure(f"a rule broke: {rejected.__cause__!r}") from rejected
        return
    finally:
        spent = (time.thread_time() - begun) * 1000
        if spent > figures.slowest_ms:
            figures.slowest_ms, figures.slowest = spent, sql
    figures.accepted[f"{origin} {dialect}"] += 1
    again = check(query.sql, place.schema, dialect=dialect).sql
    if again != query.sql and check(again, place.schema, dialect=dialect).sql != again:
        raise Failure(
            f"another text each time: {again}"
        )  # once, the writer may add a cast that it learned of
    if dialect == "postgres":
        return
    if dialect == "duckdb":
        place.named(sql, query)
    _run(sql, query, place, figures)


def _run(sql: str, query: SafeQuery, place: Place, figures: Figures) -> None:
    expected = None
    with suppress(*ENGINE_ERRORS):  # a text that the engine does not take, or that fails on these values
        expected = place.rows(sql, query.dialect)
    place.reads.clear()
    try:
        found = place.rows(query.sql, query.dialect)
    except ENGINE_ERRORS as error:
        if expected is not None or "interrupt" in str(error).lower():
            raise Failure(f"only the canonical text fails: {error}") from error
        return
    figures.run += 1
    made = {name.lower() for name in WITH_NAME.findall(query.sql)}  # SQLite keeps these as tables of its own
    if not place.reads <= place.names | made | {""}:
        raise Failure(f"SQLite read {sorted(place.reads - place.names)}")
    if expected is None or len(expected) > query.limit:
        return
    if len(found) != len(expected):
        raise Failure(f"{len(found)} rows instead of {len(expected)}: {query.sql}")
    if not any(word in sql.upper() for word in UNSTABLE):
        if Counter(map(repr, found)) != Counter(map(repr, expected)):
            raise Failure(f"other rows: {query.sql}")
        figures.same += 1


def statements(places: dict[str, Place], seed: int) -> Iterator[tuple[str, str, str, str]]:
    """(origin, schema, dialect, text) without end, the same for the same seed."""
    rng = random.Random(seed)
    grammars = {name: Grammar(place.schema, rng.randrange(10**9)) for name, place in places.items()}
    texts = {name: [e["sql"] for each in lists for _, _, e in entries(each)] for name, lists in LISTS.items()}
    mutants = {}
    for name, place in places.items():
        columns = [column for table in place.schema.tables.values() for column in table.columns]
        mutants[name] = Mutator(texts[name], columns, rng.randrange(10**9)).statements(10**9)
    while True:
        name, dialect = rng.choice(list(places)), rng.choice(DIALECTS)
        origin = rng.choice(("grammar", "grammar", "mutant", "mutant", "scrambled"))
        if origin == "grammar":
            text = grammars[name].statement()
        elif origin == "mutant":
            text = next(mutants[name])
        else:
            text = scrambled(rng.choice(texts[name]), rng)
        yield origin, name, dialect, text


def fuzz(seconds: float, seed: int = SEED) -> Figures:
    """Try statements for so long; the first that fails ends it with Failure, which names it."""
    schemas = {
        "catalog": catalog_schema(),
        "plain": load_schema(SQL / "schema.yaml"),
        "library": load_schema(SQL / "library_schema.yaml"),
    }
    places = {name: Place(schema) for name, schema in schemas.items()}
    figures, end = Figures(), None
    for origin, name, dialect, text in statements(places, seed):
        try:
            judged(text, places[name], dialect, figures, origin)
        except Exception as error:
            raise Failure(
                f"{type(error).__name__}: {error}\n{dialect}, {name}, {origin}: {text!r}"
            ) from error
        end = end or time.monotonic() + seconds  # the lists are read before the first
        if time.monotonic() > end:
            return figures
    return figures


def main() -> None:
    parser = argparse.ArgumentParser(description="Put generated statements to the guard.")
    parser.add_argument("--seconds", type=float, default=GATE_SECONDS)
    parser.add_argument("--seed", type=int, default=SEED)
    given = parser.parse_args()
    logging.getLogger("sqlglot").setLevel(logging.CRITICAL)
    figures = fuzz(given.seconds, given.seed)
    print(f"tried {figures.tried.total():,}: {dict(figures.tried)}")
    print(f"accepted {figures.accepted.total():,}: {dict(sorted(figures.accepted.items()))}")
    print(f"run {figures.run:,}, rows compared {figures.same:,}; slowest {figures.slowest_ms:.0f} ms")
    print(f"refused by {len(figures.rules)} rules: {dict(figures.rules.most_common())}")


if __name__ == "__main__":
    main()
