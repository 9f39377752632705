"""gibran over DuckDB, set up as well as its configuration allows.

Its metrics add up what they find, so there is one source for each grain of the counts, for cohorts and for
everyone. Its patterns want "patients for X", "patients for X and Y" and "patients by Z", with values of one
word, so a question of how many is put to it in these words, with ids for the names and short names that it
holds. The source is chosen by the words for year, sex and age.
"""

from __future__ import annotations

import importlib
import json
import re
import sys
import tempfile
from pathlib import Path
from typing import Any

NAMES = ("dataset", "hospital", "cohort")
GRAINS = {"total": (), "year": ("year",), "sex": ("sex",), "age": ("age_band",)}
WORDS = {"year": r"\byear|annual|\b20\d\d\b", "sex": r"\bsex\b|gender|\bmen\b|women|male", "age": r"\bage"}
WHOM = {"cohort": "IS NOT NULL", "all": "IS NULL"}
SOURCES = {f"{whom}_{grain}": (whom, grain) for grain in GRAINS for whom in WHOM}
CALLED = ("patients", "number of patients", "patient count", "people", "cases")
PEOPLE = r"(?:patients|people|persons|cases|women|men|participants|users)"
COUNTS = re.compile(
    rf"\b(?:how many|number of|count of|total)\b(?:\s+[\w-]+){{0,5}}?\s+{PEOPLE}\b"
    rf"|\b{PEOPLE}\s+(?:by|per|in|at)\b",
    re.I,
)
BY = re.compile(r"\b(?:by|per|for each|in each)\s+(dataset|hospital|cohort|year|sex|age)\b", re.I)


def _source(name: str, kept: tuple[str, ...]) -> dict[str, Any]:
    columns = [*NAMES, *kept, "patients"]
    return {
        "id": name, "display_name": name, "type": "duckdb_table", "uri": name,
        "columns": [
            {"name": c, "type": "BIGINT" if c == "patients" else "VARCHAR", "sensitivity": "public"}
            for c in columns
        ],
        "dimensions": [
            {"id": f"{name}.{c}", "column": c, "display_name": c.split("_")[0], "type": "categorical"}
            for c in columns[:-1]
        ],
    }  # fmt: skip


def _configuration() -> dict[str, Any]:
    return {
        "sources": [_source(name, GRAINS[grain]) for name, (_, grain) in SOURCES.items()],
        "metrics": [
            {"id": f"{word.replace(' ', '_')}_{name}", "source": name, "display_name": word, "type": "sum",
             "expression": "patients"}
            for name in SOURCES for word in CALLED
        ],
        "roles": [{"id": "reader", "display_name": "Reader", "attributes": {}}],
        "policies": [
            {"id": f"reader_{name}", "role": "reader", "source": name, "default_column_mode": "allow"}
            for name in SOURCES
        ],
    }  # fmt: skip


def _load(connection: Any, folder: Path) -> None:
    """The catalog's files, and a table of named counts for each grain."""
    for path in sorted(folder.glob("*.csv")):
        connection.execute(f"CREATE TABLE {path.stem}_file AS FROM read_csv('{path}', all_varchar = true)")
    for name, (whom, grain) in SOURCES.items():
        kept = GRAINS[grain]
        fixed = [f"c.cohort {WHOM[whom]}", *(f"c.{part} IS NOT NULL" for part in kept)]
        fixed += [f"c.{part} IS NULL" for part in ("year", "sex", "age_band") if part not in kept]
        more = "".join(f", c.{part}" for part in kept)
        connection.execute(
            f"CREATE TABLE {name} AS SELECT c.dataset, d.hospital, c.cohort{more}, "
            "CAST(c.patients AS BIGINT) AS patients FROM counts_file c JOIN datasets_file d USING (dataset) "
            f"WHERE {' AND '.join(fixed)}"
        )


def _named(connection: Any) -> list[tuple[str, str, str]]:
    """Kind, name in small letters, id: full names, and short ones that stand in brackets. Longest first."""
    found = []
    for kind, column in (("cohort", "name_en"), ("dataset", "title_en"), ("hospital", "name_en")):
        for id, name in connection.execute(f"SELECT {kind}, {column} FROM {kind}s_file").fetchall():
            short = re.findall(r"\((\w+)\)", name)
            for one in (name, re.sub(r"\s*\(.*?\)", "", name), *short):
                found.append((kind, one.casefold(), id))
    return sorted(found, key=lambda each: -len(each[1]))


def _worded(text: str, named: list[tuple[str, str, str]]) -> list[tuple[str, str]]:
    """The question as it is, then as the patterns want it, each with whose counts it is about."""
    ids: dict[str, str] = {}
    for kind, name, id in named:
        if kind not in ids and re.search(rf"\b{re.escape(name)}\b", text.casefold()):
            ids[kind] = id
    whom = "cohort" if "cohort" in ids else "all"
    ways = [(text.strip().rstrip("?.! "), whom)]
    place = ids.get("dataset") or ids.get("hospital")
    asked = [one for one in (ids.get("cohort"), place) if one]
    by = BY.search(text)
    if COUNTS.search(text) and bool(by) != bool(asked):  # no pattern has both a value and a group
        ways.append((f"patients by {by[1]}" if by else f"patients for {' and '.join(asked)}", whom))
    return ways


def main() -> None:
    """Answer what stdin asks."""
    asked: dict[str, Any] = json.load(sys.stdin)
    part = lambda name: importlib.import_module(name)  # noqa: E731
    connection = part("duckdb").connect()
    migrations = part("gibran.sync.migrations")
    package = Path(str(part("gibran").__file__)).parent
    migrations.apply_all(connection, package / "migrations")
    _load(connection, Path(asked["catalog"]))
    named = _named(connection)
    with tempfile.TemporaryDirectory() as place:
        path = Path(place) / "gibran.yaml"
        path.write_text(json.dumps(_configuration()), encoding="utf-8")  # JSON is YAML
        validated = part("gibran.sync.loader").load(path)
    part("gibran.sync.applier").apply(connection, validated)
    part("gibran.sync.example_values").populate_example_values(
        connection, validated.config, low_cardinality_threshold=10_000, sample_limit=10_000
    )
    governance = part("gibran.governance.default").DefaultGovernance(connection)
    identity = part("gibran.governance.types").IdentityContext(
        user_id="evals", role_id="reader", attributes={}, source="evals"
    )
    run = part("gibran.nl.runner").run_nl_query
    for question in asked["questions"]:
        told: dict[str, Any] = {"id": question["id"], "columns": [], "rows": None, "sql": ""}
        grain = next(
            (name for name, word in WORDS.items() if re.search(word, question["text"], re.I)), "total"
        )
        for text, whom in _worded(question["text"], named):
            result = run(connection, governance, identity, text, f"{whom}_{grain}")
            found = result.run_result.query_result if result.run_result is not None else None
            if found is not None and found.status == "ok":
                told |= {
                    "columns": [str(name).rsplit(".", 1)[-1] for name in found.columns],
                    "rows": [list(row) for row in found.rows],
                    "sql": json.dumps(result.match.intent),
                }
                break
        print(json.dumps(told, ensure_ascii=False, default=str), flush=True)


if __name__ == "__main__":
    main()
