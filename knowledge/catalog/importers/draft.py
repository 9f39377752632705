"""The rows of a dictionary as they are gathered: cleaned, without duplicates, each with its place."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from pathlib import Path

from knowledge.catalog.importers.codes import Code
from knowledge.catalog.importers.dictionary import TABLES, Dictionary, Request, SourceFile, source_file
from knowledge.catalog.importers.spill import SpilledRows
from knowledge.catalog.importers.wording import in_language
from knowledge.catalog.rows import Problems, Row
from knowledge.errors import CatalogInvalid

MOST = 1_000_000  # rows of all tables together
_NOT_IN_IDS = re.compile(r"[^\w]+")
_KEYS = {"datasets": ("dataset",), "tables": ("dataset", "table"), "concepts": ("concept",),
         "variables": ("dataset", "table", "name")}


class Draft:
    """Rows of the folder format in the order found.

    Ids that a later row repeats are left out: of variables with a problem, of the others in silence,
    since each row of a dictionary names its table anew.
    """

    def __init__(self, format: str, request: Request) -> None:
        self.format = format
        self.request = request
        self.problems = Problems()
        self._files: dict[str, SourceFile] = {}
        self._rows = {table: SpilledRows() for table in TABLES}
        self._seen: dict[tuple[str, ...], str] = {}

    def source(self, path: Path, name: str) -> None:
        """Note that ``path``, called ``name`` in the rows, was read."""
        if name not in self._files:
            self._files[name] = source_file(path, name, self.format)

    def add(self, table: str, file: str, number: int, cells: Mapping[str, str | None]) -> bool:
        """Take one row; False where its id is there already."""
        given = {column: text for column, cell in cells.items() if cell and (text := _cell(cell))}
        key = (table, *(given.get(column, "") for column in _KEYS[table]))
        if key in self._seen:
            if table == "variables":
                self.problems.add(
                    file, number, f"variable {key[-1]!r} stands twice in table {key[-2]!r};"
                    f" the one at {self._seen[key]} was kept, remove or rename the other",
                )
            return False
        if len(self._seen) >= MOST:
            raise CatalogInvalid(
                f"{file}:{number}: a dictionary may have {MOST:,} entries.", hint="Import it in parts."
            )
        self._seen[key] = f"{file}:{number}"
        self._rows[table].append(Row(file, number, given))
        return True

    def concept(self, file: str, number: int, code: Code) -> str:
        """Take the concept of a standard code; its id."""
        self.add("concepts", file, number, {
            "concept": code.concept, "code_system": code.system, "code": code.code,
            **in_language("name", code.term),
        })
        return code.concept

    def count(self, table: str) -> int:
        """How many rows of ``table`` were taken."""
        return len(self._rows[table])

    def done(self) -> Dictionary:
        """The dictionary. Raises CatalogInvalid where it holds no variable and no table."""
        problems = self.problems.lines()
        if not self._rows["variables"] and not self._rows["tables"]:
            raise CatalogInvalid(
                f"Nothing of {self.request.path.name!r} can be used as a {self.format} dictionary.",
                problems=problems,
                hint=f"Correct it: {problems[0]}." if problems else "It describes no variable.",
            )
        return Dictionary(self.format, tuple(self._files.values()), self._rows, problems)


def _cell(text: str) -> str:
    return unicodedata.normalize("NFC", text).replace("\x00", "").strip()


def slug(text: str) -> str:
    """An id from a name: lower case, letters and digits of any script, joined with "_"."""
    return _NOT_IN_IDS.sub("_", unicodedata.normalize("NFC", text)).strip("_").lower()


def join_list(items: Iterable[str]) -> str:
    """Items as a list cell, without repetition; a bar inside an item becomes a slash."""
    return "|".join(dict.fromkeys(_item(item) for item in items if _item(item)))


def join_values(values: Iterable[tuple[str, str]]) -> str:
    """(code, label) pairs as a values cell, the first of each code; "=" cannot stand in a code."""
    pairs: dict[str, str] = {}
    for code, label in values:
        code = _item(code).replace("=", " ").strip()
        if code:
            pairs.setdefault(code, _item(label) or code)
    return "|".join(f"{code}={label}" for code, label in pairs.items())


def _item(text: str) -> str:
    return " ".join(text.replace("|", "/").split())
