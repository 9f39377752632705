"""A folder of CSV and Parquet files as tables of a DuckDB.

Parquet is read in place. CSV is read once, as text, into a temporary database on this machine, in a
private folder (private_folder.py) that goes when the source is closed: memory stays bounded whatever the
size of a file, and no value is lost to a guessed type. A file in another encoding goes through a pipe.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path

import duckdb
from sqlglot import exp

from knowledge.catalog.profiling.csv_text import encoding_of, header, in_utf8
from knowledge.catalog.profiling.duckdb_engine import DuckDbEngine
from knowledge.catalog.profiling.engine import Kind
from knowledge.catalog.profiling.private_folder import PrivateFolder
from knowledge.errors import CatalogInvalid

Progress = Callable[[str, int, int], None]
SUFFIXES = (".csv", ".tsv", ".txt", ".csv.gz", ".parquet")


def open_files(
    files: Mapping[str, Sequence[Path]], encoding: str = "", progress: Progress | None = None,
    make_folder: Callable[[], PrivateFolder] = PrivateFolder.make,
) -> DuckDbEngine:
    """The files of each table, one after the other. ``encoding`` of CSV: UTF-8, else CP949, unless given."""
    with ExitStack() as opened:
        folder = make_folder()
        opened.callback(folder.close)
        connection = opened.enter_context(folder.connect())
        folder.attach(connection, "files")
        connection.execute("SET preserve_insertion_order = false")
        reading = _Reading(connection, encoding)
        for done, (table, paths) in enumerate(files.items()):
            if progress:
                progress(table, done, len(files))
            reading.take_in(table, paths)
        opened.pop_all()
    return DuckDbEngine(connection, on_close=folder.close, says=reading.says)


def files_in(folder: Path) -> dict[str, list[Path]]:
    """The tables of a folder: each file of a known kind is one, called like the file."""
    if not folder.is_dir():
        raise CatalogInvalid(f"There is no folder {str(folder)!r}.", hint="Correct source.folder.")
    tables: dict[str, list[Path]] = {}
    for path in sorted(folder.iterdir()):
        if path.is_file() and path.name.lower().endswith(SUFFIXES) and not path.name.startswith("."):
            tables.setdefault(path.name.split(".")[0], []).append(path)
    for table, paths in tables.items():
        if len(paths) > 1:
            raise CatalogInvalid(
                f"Table {table!r} has several files: {', '.join(path.name for path in paths)}.",
                hint="Rename one, or list the files of each table under source.files.",
            )
    if not tables:
        raise CatalogInvalid(
            f"The folder {str(folder)!r} holds no CSV or Parquet file.", hint="Correct source.folder."
        )
    return tables


class _Reading:
    """Takes files into one database."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, encoding: str) -> None:
        self._connection, self._encoding = connection, encoding
        self.says: dict[str, dict[str, Kind]] = {}

    def take_in(self, table: str, paths: Sequence[Path]) -> None:
        """Make ``table`` of the files; CatalogInvalid says which file cannot be read, and why."""
        if all(path.name.lower().endswith(".parquet") for path in paths):
            self._view(table, paths)
            return
        columns: list[str] | None = None
        for path in paths:
            encoding = encoding_of(path, self._encoding)
            names, delimiter = header(path, encoding)
            if columns is None:
                columns = names
                self._create(table, columns)
            if names != columns:
                odd = sorted(set(names) ^ set(columns)) or names
                raise CatalogInvalid(
                    f"{path.name}: its header differs from that of {paths[0].name} in {odd[0]!r}.",
                    hint="Give the files of one table the same columns in the same order.",
                )
            with in_utf8(path, encoding) as utf8:
                self._append(table, path, utf8, columns, delimiter)
        self.says[table] = self._kinds(table, columns or [])

    def _view(self, table: str, paths: Sequence[Path]) -> None:
        listed = exp.Array(expressions=[exp.Literal.string(str(path)) for path in paths])
        try:
            self._connection.execute(
                f"CREATE VIEW {_quoted(table)} AS SELECT * FROM read_parquet({listed.sql('duckdb')})"
            )
        except duckdb.Error as error:
            raise CatalogInvalid(
                f"{', '.join(path.name for path in paths)}: not readable as Parquet.",
                hint="Write the file again; files of one table need the same columns.",
            ) from error

    def _create(self, table: str, columns: Sequence[str]) -> None:
        listed = ", ".join(f"{_quoted(name)} VARCHAR" for name in columns)
        self._connection.execute(f"CREATE TABLE {_quoted(table)} ({listed})")

    def _append(self, table: str, path: Path, utf8: str, columns: Sequence[str], delimiter: str) -> None:
        text = exp.Literal.string("VARCHAR")
        types = exp.Struct(expressions=[
            exp.PropertyEQ(this=exp.to_identifier(name, quoted=True), expression=text.copy())
            for name in columns
        ])
        options = (
            f"auto_detect=false, header=true, delim={exp.Literal.string(delimiter).sql('duckdb')},"
            " quote='\"', escape='\"', max_line_size=10000000, columns="
        )
        source = f"{exp.Literal.string(utf8).sql('duckdb')}, {options}{types.sql('duckdb')}"
        try:
            self._connection.execute(f"INSERT INTO {_quoted(table)} SELECT * FROM read_csv({source})")
        except duckdb.Error as error:
            raise CatalogInvalid(
                f"{path.name}{_line_of(error)}: the row is not CSV with {len(columns)} cells.",
                hint="Put a cell that holds the separator in quotation marks, and write one inside it twice.",
            ) from error

    def _kinds(self, table: str, columns: Sequence[str]) -> dict[str, Kind]:
        """What every value of a column can be read as; only whether all can be is asked."""
        kinds: dict[str, Kind] = {}
        for name in columns:
            column = f"NULLIF(TRIM({_quoted(name)}), '')"
            tests = (
                f"CASE WHEN regexp_full_match({column}, '[+-]?[0-9]{{1,18}}') THEN 1 END",
                *(f"TRY_CAST({column} AS {type_name})" for type_name in ("DOUBLE", "DATE", "TIMESTAMP")),
            )
            counted = ", ".join(f"COUNT({test})" for test in tests)
            [(filled, integers, numbers, dates, times)] = self._connection.execute(
                f"SELECT COUNT({column}), {counted} FROM {_quoted(table)}"
            ).fetchall()
            found: Sequence[tuple[Kind, int]] = (
                ("integer", integers), ("number", numbers), ("date", dates), ("timestamp", times)
            )
            kind = next((kind for kind, fitting in found if filled and fitting == filled), None)
            if kind:
                kinds[name] = kind
        return kinds


def _line_of(error: duckdb.Error) -> str:
    """":12" of an error that names its line; the rest of its text quotes the row."""
    words = str(error).splitlines()[0].rpartition("CSV Error on Line: ")
    return f":{words[2].strip()}" if words[1] else ""


def _quoted(name: str) -> str:
    return exp.to_identifier(name, quoted=True).sql(dialect="duckdb")
