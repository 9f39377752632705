"""text2sql-lite with its offline rules, over SQLite tables of the catalog's files."""

from __future__ import annotations

import csv
import importlib
import json
import sqlite3
import sys
from pathlib import Path
from typing import Any


def load_tables(folder: Path, place: str) -> sqlite3.Connection:
    """Each CSV file of the folder as a table. Numbers become numbers, empty cells NULL."""
    connection = sqlite3.connect(place)
    for path in sorted(folder.glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            header, *rows = list(csv.reader(file))
        names = ", ".join(f'"{name}" NUMERIC' for name in header)
        connection.execute(f'CREATE TABLE "{path.stem}" ({names})')
        marks = ", ".join("?" * len(header))
        filled = [[cell or None for cell in row] for row in rows]
        connection.executemany(f'INSERT INTO "{path.stem}" VALUES ({marks})', filled)
    connection.commit()
    return connection


def main() -> None:
    """Answer what stdin asks."""
    asked: dict[str, Any] = json.load(sys.stdin)
    library = importlib.import_module("text2sql_lite")
    described = importlib.import_module("text2sql_lite.schema")
    connection = load_tables(Path(asked["catalog"]), ":memory:")
    tables = []
    for (name,) in connection.execute("SELECT name FROM sqlite_master").fetchall():
        columns = [row[1] for row in connection.execute(f'PRAGMA table_info("{name}")')]
        tables.append(described.Table(name, tuple(described.Column(column) for column in columns)))
    schema = described.TableSchema(tuple(tables))
    for question in asked["questions"]:
        told: dict[str, Any] = {"id": question["id"], "columns": [], "rows": None, "sql": ""}
        try:
            made = library.translate(
                question["text"].rstrip(" ?."), dialect=library.Dialect.SQLITE, schema=schema
            )
            found = connection.execute(made.sql)
            told |= {
                "sql": made.sql,
                "columns": [column[0] for column in found.description],
                "rows": found.fetchall(),
            }
        except (ValueError, sqlite3.Error) as error:
            told["why"] = str(error)[:200]
        print(json.dumps(told, ensure_ascii=False), flush=True)


if __name__ == "__main__":
    main()
