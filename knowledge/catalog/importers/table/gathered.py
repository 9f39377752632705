"""Records that are about one variable, put together: a row per code, a list that goes on below."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from knowledge.catalog.importers.table.records import Record
from knowledge.catalog.importers.table.value_lists import read_values

_SAME = ("label", "label_ko", "label_en", "type", "unit")


@dataclass
class Gathered:
    """One variable: its first record, and the codes and value texts of all of its records."""

    number: int
    cells: dict[str, str]
    pairs: list[tuple[str, str]] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)

    def add(self, record: Record) -> None:
        """Take the codes of one more record."""
        cells = record.cells
        code = cells.get("code") or cells.get("code_label", "")
        if any(map(str.isalnum, code)):  # "□□" only says how many digits may be entered
            self.pairs.append((code, cells.get("code_label", code)))
        if text := cells.get("values"):
            self.texts.append(text)


def gather(records: Iterable[Record]) -> Iterator[Gathered]:
    """The variables of ``records``. A record belongs to the one above where it has a code or values, and
    no name of its own or the same one, and says nothing else that differs."""
    current: Gathered | None = None
    for record in records:
        if current is not None and _continues(record, current):
            current.add(record)
            continue
        if current is not None:
            yield current
        current = Gathered(record.number, dict(record.cells))
        current.add(record)
    if current is not None:
        yield current


def _continues(record: Record, current: Gathered) -> bool:
    cells = record.cells
    if not ({"code", "code_label", "values"} & cells.keys()):
        return False
    name = cells.get("name")
    if name is not None and (name, cells.get("table")) != (
        current.cells.get("name"),
        current.cells.get("table"),
    ):
        return False
    if name is not None and not record.continues and not (current.pairs or current.texts):
        return False
    return all(
        cells.get(column, it) == it for column in _SAME if (it := current.cells.get(column)) is not None
    ) and (record.continues or not _repeats(cells, current))


def _repeats(cells: Mapping[str, str], current: Gathered) -> bool:
    """Whether a record with the same name says again what is known, or has a list of its own: a duplicate
    of the variable, to be told."""
    code = cells.get("code") or cells.get("code_label")
    if code is not None:
        return any(code == known for known, _ in current.pairs)
    text = cells["values"]
    try:
        return text in current.texts or len(read_values(text) or ()) > 1
    except ValueError:
        return True
