"""Which ids a catalog folder declares, and whether a row's references to them hold."""

from __future__ import annotations

import difflib
from collections import Counter

from knowledge.catalog.rows import BadRow, Problems, Row

_SUGGEST_AMONG = 5_000


class LeftOut(Exception):
    """A row refers to something whose own row was left out; ``cause`` is that row, as "file:row"."""

    def __init__(self, kind: str, name: str, cause: str) -> None:
        super().__init__(f"{kind} {name!r} was left out, see {cause}")
        self.kind, self.name, self.cause = kind, name, cause


class References:
    """Ids by kind ("dataset", "hospital", ...).

    A kind whose file is not in the folder is *open*: every id is taken as it stands, and
    ``names`` then gives the ids that were used, in order.
    """

    def __init__(self) -> None:
        self._declared: dict[str, dict[str, str]] = {}
        self._lost: dict[str, dict[str, str]] = {}
        self._open: set[str] = set()
        self._cells: set[tuple[object, ...]] = set()
        self._unknown: dict[tuple[str, str], str] = {}
        self._dependents: Counter[tuple[str, str, str, str]] = Counter()

    def open(self, kind: str) -> None:
        """Take every id of ``kind`` from now on."""
        self._open.add(kind)

    def declare(self, kind: str, name: str) -> str:
        """Make ``name`` known; BadRow where it is already. Returns it."""
        known = self._declared.setdefault(kind, {})
        if name in known:
            raise BadRow(f"{kind} {name!r} stands twice; the first one was kept, remove the other")
        known[name] = name
        return name

    def declare_cell(self, cell: tuple[object, ...]) -> None:
        """Make a cell of the counts known, by its dimensions; BadRow where it is already."""
        if cell in self._cells:
            raise BadRow("this cell (dataset, cohort, year, sex, age band) stands twice;"
                         " the first one was kept, remove the other")
        self._cells.add(cell)

    def lose(self, kind: str, row: Row) -> None:
        """Remember that the row that would have declared an id was left out."""
        name = row.text(kind)
        if name is not None and name not in self._declared.get(kind, {}):
            self._lost.setdefault(kind, {}).setdefault(name, f"{row.file}:{row.number}")

    def known(self, kind: str, name: str) -> str:
        """``name``, the one object that all rows share; BadRow or LeftOut where it is not declared."""
        known = self._declared.setdefault(kind, {})
        found = known.get(name)
        if found is not None:
            return found
        if kind in self._open:
            known[name] = name
            return name
        cause = self._lost.get(kind, {}).get(name)
        if cause is not None:
            raise LeftOut(kind, name, cause)
        raise BadRow(self._unknown_text(kind, name))

    def names(self, kind: str) -> tuple[str, ...]:
        """Every id of ``kind``, declared or implied, in order."""
        return tuple(self._declared.get(kind, ()))

    def count_dependent(self, file: str, error: LeftOut) -> None:
        """Count one more row of ``file`` that goes with what was left out."""
        self._dependents[file, error.kind, error.name, error.cause] += 1

    def report_dependents(self, problems: Problems) -> None:
        """One line per file and thing left out, rather than one per row that hung on it."""
        for (file, kind, name, cause), rows in self._dependents.items():
            noun = "row was" if rows == 1 else "rows were"
            problems.add_file(
                f"{file}: {rows} {noun} left out with {kind} {name!r}, see {cause}; correct that row"
            )
        self._dependents.clear()

    def _unknown_text(self, kind: str, name: str) -> str:
        text = self._unknown.get((kind, name))
        if text is None:
            known = self._declared.get(kind, {})
            near = difflib.get_close_matches(name, known, 1) if len(known) <= _SUGGEST_AMONG else []
            text = f"{kind} {name!r} is not in {kind}s.csv; " + (
                f"did you mean {near[0]!r}?" if near else "add it there or correct it"
            )
            self._unknown[kind, name] = text
        return text
