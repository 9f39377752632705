"""Which ids a catalog folder declares, and whether a row's references to them hold."""

from __future__ import annotations

import difflib
from collections import Counter

from knowledge.catalog.rows import BadRow, Problems, Row

_SUGGEST_AMONG = 5_000
_LONGEST_NAME = 1_000


class LeftOut(Exception):
    """A row refers to something whose own row was left out; ``cause`` is that row, as "file:row"."""

    def __init__(self, kind: str, name: str, cause: str) -> None:
        super().__init__(f"{kind} {name!r} was left out, see {cause}")
        self.kind, self.name, self.cause = kind, name, cause


class References:
    """Ids by kind ("dataset", "hospital", ...).

    A kind whose file is not in the folder is *open*: every id is taken as it stands, and
    ``implied`` then gives the ids that were used, in order, each with the row that named it first.
    """

    def __init__(self) -> None:
        self._declared: dict[str, dict[str, str]] = {}
        self._lost: dict[str, dict[str, str]] = {}
        self._implied: dict[str, dict[str, Row]] = {}
        self._successors: dict[str, tuple[str, ...]] = {}
        self._unknown: dict[tuple[str, str], str] = {}
        self._dependents: Counter[tuple[str, str, str, str]] = Counter()

    def open(self, kind: str) -> None:
        """Take every id of ``kind`` from now on."""
        self._implied.setdefault(kind, {})

    def declare(self, kind: str, name: str) -> str:
        """Make ``name`` known; BadRow where it is already. Returns it."""
        known = self._declared.setdefault(kind, {})
        if name in known:
            raise BadRow(f"{kind} {name!r} stands twice; the first one was kept, remove the other")
        known[name] = name
        return name

    def forget(self, kind: str, name: str) -> None:
        """Let ``name`` be declared anew."""
        self._declared.get(kind, {}).pop(name, None)

    def supersede(self, dataset: str, former: tuple[str, ...]) -> None:
        """Note that a dataset takes the place of others; BadRow where it would come after itself."""
        for name in former:
            path = self._path_to(dataset, name)
            if path:
                circle = " > ".join((dataset, *path))
                raise BadRow(f"supersedes goes in a circle: {circle}; take one of them out")
        self._successors[dataset] = former

    def _path_to(self, wanted: str, start: str) -> tuple[str, ...]:
        """The datasets from ``start`` to ``wanted``, each superseding the next; empty where none are."""
        paths: list[tuple[str, ...]] = [(start,)]
        seen: set[str] = set()
        while paths:
            path = paths.pop()
            if path[-1] == wanted:
                return path
            if path[-1] not in seen:
                seen.add(path[-1])
                paths += [(*path, name) for name in self._successors.get(path[-1], ())]
        return ()

    def lose(self, kind: str, row: Row) -> None:
        """Remember that the row that would have declared an id was left out."""
        name = row.text(kind)
        if name is not None and name not in self._declared.get(kind, {}):
            self._lost.setdefault(kind, {}).setdefault(name, f"{row.file}:{row.number}")

    def known(self, kind: str, name: str, row: Row) -> str:
        """``name``, the one object that all rows share; BadRow or LeftOut where it is not declared.
        ``row`` is the one that refers to it."""
        known = self._declared.setdefault(kind, {})
        found = known.get(name)
        if found is not None:
            return found
        if kind in self._implied:
            known[name] = name
            self._implied[kind][name] = row
            return name
        cause = self._lost.get(kind, {}).get(name)
        if cause is not None:
            raise LeftOut(kind, name, cause)
        raise BadRow(self._unknown_text(kind, name))

    def implied(self, kind: str) -> dict[str, Row]:
        """The ids of an open kind that no row declares, in order, with the row that named each first."""
        return self._implied.get(kind, {})

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
        if len(name) > _LONGEST_NAME:
            return f"{kind} {name[:_LONGEST_NAME]!r}… is too long for an id; correct it"
        text = self._unknown.get((kind, name))
        if text is None:
            known = self._declared.get(kind, {})
            near = difflib.get_close_matches(name, known, 1) if len(known) <= _SUGGEST_AMONG else []
            text = f"{kind} {name!r} is not in {kind}s.csv; " + (
                f"did you mean {near[0]!r}?" if near else "add it there or correct it"
            )
            self._unknown[kind, name] = text
        return text
