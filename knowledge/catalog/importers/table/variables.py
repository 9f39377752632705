"""Records of variables as rows of variables.csv: codes of several records gathered, cells in its words."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from knowledge.catalog.importers import cell_words
from knowledge.catalog.importers.codes import Code
from knowledge.catalog.importers.draft import join_list, join_values
from knowledge.catalog.importers.table.records import Record
from knowledge.catalog.importers.table.value_lists import read_values
from knowledge.catalog.importers.units import declared_unit
from knowledge.catalog.importers.wording import in_language, is_korean, label_cells, plain
from knowledge.catalog.rows import Problems, Row

T = TypeVar("T")

_PLAIN = ("granularity", "modifier", "provenance", "section")
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


class VariableWords:
    """Turns what was gathered into rows, for one file. ``lists`` gives the codes that other sheets hold,
    by (table, name) or group; ``concept`` is told each standard code."""

    def __init__(
        self,
        file: str,
        problems: Problems,
        systems: Mapping[str, str | None],
        separators: tuple[str | None, str | None],
        codes_of: Callable[[int, Mapping[str, str]], list[tuple[str, str]]],
        concept: Callable[[str, int, Code | str], str | None],
    ) -> None:
        self._file, self._problems, self._systems, self._separators = file, problems, systems, separators
        self._codes_of, self._concept = codes_of, concept
        self._rates: list[float] = [0, 0]  # how many missing rates are plain numbers, and the greatest

    def row(self, gathered: Gathered, dataset: str, table: str | None) -> Row:
        """The row of one variable."""
        self._number, given = gathered.number, gathered.cells
        cells: dict[str, str | None] = {"dataset": dataset, "table": table, "name": _line(given.get("name"))}
        cells.update(self._labels(given))
        cells["description_ko"], cells["description_en"] = self._descriptions(given, gathered)
        for column in _PLAIN:
            cells[column] = _line(_given(given, column))
        if type_ := _given(given, "type"):
            cells["type"] = cell_words.type_word(type_)
        if unit := _given(given, "unit"):
            cells["unit"] = declared_unit(" ".join(unit.split()))
        cells["values"] = join_values(self._values(gathered)) or None
        if missing := _given(given, "missing_pct"):
            cells["missing_pct"] = self._tried("missing rate", self._missing_rate, missing)
        if codes := _given(given, "missing_codes"):
            pairs = self._tried("missing codes", read_values, codes)
            cells["missing_codes"] = join_values(pairs or [(codes, codes)])
        if sensitive := given.get("sensitive"):
            cells["sensitive"] = self._tried("sensitive mark", cell_words.boolean_word, sensitive)
        if concept := _given(given, "concept"):
            named = cell_words.concept_of(concept, self._systems.get("concept"))
            cells["concept"] = self._concept(self._file, self._number, named)
        return Row(self._file, self._number, {name: cell for name, cell in cells.items() if cell})

    def _missing_rate(self, text: str) -> str:
        told = cell_words.missing_rate(text)
        plain_number = told.replace(".", "", 1).isdigit()
        self._rates = [self._rates[0] + 1, max(self._rates[1], float(told) if plain_number else 100)]
        return told

    def note_fractions(self, row: int) -> None:
        """Once all rows were read: missing rates that are all below 1 may be fractions."""
        count, greatest = self._rates
        if count > 1 and 0 < greatest < 1:
            self._problems.add(
                self._file, row, "no missing rate reaches 1 percent; if they are fractions, say times: 100"
                " for the column in a mapping",
            )

    def _labels(self, given: Mapping[str, str]) -> dict[str, str | None]:
        label = _line(given.get("label"))
        told, aliases = label_cells(label) if label else ({}, [])
        cells: dict[str, str | None] = dict(told)
        for column in ("label_ko", "label_en"):
            if text := _line(given.get(column)):
                if (other := cells.get(column)) and other != text:
                    aliases.append(other)
                cells[column] = text
        if text := _given(given, "aliases"):
            aliases += [item.strip() for item in _split(text)]
        cells["aliases"] = join_list(aliases) or None
        return cells

    def _descriptions(self, given: Mapping[str, str], gathered: Gathered) -> tuple[str | None, str | None]:
        texts: dict[str, list[str]] = {"ko": [], "en": []}
        for column in ("description_ko", "description_en", "description", "note"):
            if text := _given(given, column):
                language = (
                    column[-2:] if column.startswith("description_") else "ko" if is_korean(text) else "en"
                )
                texts[language].append(plain(text))
        for text in gathered.texts:
            if (
                not gathered.pairs
                and self._listed(text) == []
                and not cell_words.is_empty(text)
                and any(character.isdigit() for character in text)
            ):
                # a range is worth telling, a format such as YYYYMMDD is not
                korean = is_korean(text) or bool(texts["ko"]) or "label_ko" in given
                texts["ko" if korean else "en"].append(f"{'범위' if korean else 'Range'}: {plain(text)}")
        return " / ".join(dict.fromkeys(texts["ko"])) or None, " / ".join(dict.fromkeys(texts["en"])) or None

    def _values(self, gathered: Gathered) -> list[tuple[str, str]]:
        pairs = list(gathered.pairs)
        self._note_twice(pairs)
        if pairs:
            return pairs
        text = "\n".join(text for text in gathered.texts if not cell_words.is_empty(text))
        if listed := self._codes_of(gathered.number, {**gathered.cells, "values": text}):
            return listed
        return self._tried("values", self._told_values, text) or [] if text else []

    def _listed(self, text: str) -> list[tuple[str, str]] | None:
        try:
            return read_values(text, *self._separators)
        except ValueError:
            return None

    def _told_values(self, text: str) -> list[tuple[str, str]]:
        pairs = read_values(text, *self._separators)
        if pairs is None:
            shown = text if len(text) <= 60 else f"{text[:60]}..."
            raise ValueError(f"{shown!r} is no list of codes; write 1: label, 2: label")
        self._note_equals(pairs)
        return pairs

    def _note_twice(self, pairs: list[tuple[str, str]]) -> None:
        seen: dict[str, str] = {}
        for code, label in pairs:
            if seen.setdefault(code, label) != label:
                self._problems.add(
                    self._file,
                    self._number,
                    f"the code {code!r} stands twice, as {seen[code]!r} and"
                    f" as {label!r}; the first one was kept, correct the other",
                )
        self._note_equals(pairs)

    def _note_equals(self, pairs: list[tuple[str, str]]) -> None:
        if odd := next((code for code, _ in pairs if "=" in code), None):
            self._problems.add(
                self._file,
                self._number,
                f"the code {odd!r} was taken in without its '=', which parts"
                " code and label in a catalog; write it otherwise",
            )

    def _tried(self, what: str, parse: Callable[[str], T], text: str) -> T | None:
        try:
            return parse(text)
        except ValueError as error:
            self._problems.add(self._file, self._number, f"the variable was kept without its {what}: {error}")
            return None


def _given(cells: Mapping[str, str], column: str) -> str | None:
    text = cells.get(column)
    return None if text is None or cell_words.is_empty(text) else text


def _line(text: str | None) -> str | None:
    return " ".join(text.split()) if text else None


def _split(text: str) -> list[str]:
    items = re.split(r"[|\n;]", text)
    return items if len(items) > 1 else text.split(",")


def by_language(column: str, cells: Mapping[str, str]) -> dict[str, str | None]:
    """ "title_ko" and "title_en" of "title", of "title_ko" and of "title_en"."""
    told = in_language(column, _line(cells.get(column)))
    told.update({name: text for name in (f"{column}_ko", f"{column}_en") if (text := _line(cells.get(name)))})
    return told
