"""Lists of codes that stand in a sheet of their own, to be found by their variables."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from knowledge.catalog.importers.table.records import Record
from knowledge.catalog.rows import Problems

Pairs = list[tuple[str, str]]


class CodeBook:
    """Codes by the list's name, or by the variable's name with or without its table."""

    def __init__(self) -> None:
        self._lists: dict[tuple[str, str], Pairs] = {}
        self._places: dict[tuple[str, str], tuple[str, str]] = {}  # its name and first row
        self._used: set[tuple[str, str]] = set()

    def take(self, file: str, records: Iterable[Record], problems: Problems) -> None:
        """Take the records of one sheet; a list goes on below its name."""
        name, table = "", ""
        for record in records:
            cells = record.cells
            name = cells.get("group") or cells.get("name") or name
            table = cells.get("table") or ("" if cells.get("name") else table)
            code, label = cells.get("code"), cells.get("code_label")
            if not (name and code):
                problems.add(
                    file,
                    record.number,
                    "it has no code; give it one"
                    if name
                    else "it does not say whose code it is; name the list or the variable",
                )
                continue
            key = _key(table, name)
            pairs = self._lists.setdefault(key, [])
            self._places.setdefault(key, (name, f"{file}:{record.number}"))
            if any(code == known for known, _ in pairs):
                problems.add(
                    file,
                    record.number,
                    f"code {code!r} of {name!r} stands twice; the first one was kept, remove the other",
                )
            else:
                pairs.append((code, label or code))

    def of(self, cells: Mapping[str, str], table: str | None) -> Pairs | None:
        """The codes of a variable: of the list that it names, there or in the place of its values, else
        by its name; None where a named list is in no sheet, [] where it has none."""
        if not self._lists and "group" not in cells:
            return []
        group, name = cells.get("group"), cells.get("name", "")
        wanted = [("", group)] if group else [("", cells.get("values", "")), (table or "", name), ("", name)]
        for key in (_key(*it) for it in wanted):
            if key in self._lists:
                self._used.add(key)
                return self._lists[key]
        return None if group else []

    def note_unused(self, problems: Problems) -> None:
        """One line about the lists that no variable has."""
        unused = [place for key, place in self._places.items() if key not in self._used]
        if unused:
            names = ", ".join(name for name, _ in unused[:5]) + (", ..." if len(unused) > 5 else "")
            what = "a list of codes belongs" if len(unused) == 1 else f"{len(unused)} lists of codes belong"
            problems.add_file(
                f"{unused[0][1]}: {what} to no variable and was not taken in ({names});"
                " correct the name if it should"
            )


def _key(table: str, name: str) -> tuple[str, str]:
    return table.casefold(), name.casefold()
