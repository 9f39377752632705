"""Records of variables as rows of variables.csv: codes of several records gathered, cells in its words."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import TypeVar

from knowledge.catalog.importers import cell_words
from knowledge.catalog.importers.codes import Code, codes_in
from knowledge.catalog.importers.draft import join_list, join_values
from knowledge.catalog.importers.table.gathered import Gathered
from knowledge.catalog.importers.table.told import NOTES, facts_of, given_cell, labels_of, unit_of
from knowledge.catalog.importers.table.value_lists import read_values
from knowledge.catalog.importers.units import ucum
from knowledge.catalog.importers.wording import (
    described,
    in_language,
    is_korean,
    label_cells,
    label_told,
    plain,
)
from knowledge.catalog.rows import Problems, Row

T = TypeVar("T")

_PLAIN = ("granularity", "modifier", "provenance", "section")
_CODED_NOTE = re.compile(r"\s*[\w-]{1,4}\s*[:=]\s*[^\s/:=]")


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
        values = self._values(gathered)
        cells.update(self._descriptions(given, gathered, coded=bool(values)))
        for column in _PLAIN:
            cells[column] = _line(given_cell(given, column))
        if type_ := given_cell(given, "type"):
            cells["type"] = cell_words.type_word(type_)
        cells["unit"] = unit_of(given, cells.get("type"))
        cells["values"] = join_values(values) or None
        if missing := given_cell(given, "missing_pct"):
            cells["missing_pct"] = self._tried("missing rate", self._missing_rate, missing)
        if codes := given_cell(given, "missing_codes"):
            pairs = self._tried("missing codes", read_values, codes)
            cells["missing_codes"] = join_values(pairs or [(codes, codes)])
        if sensitive := given.get("sensitive"):
            cells["sensitive"] = self._tried("sensitive mark", cell_words.boolean_word, sensitive)
        if named := self._named_concept(given):
            cells["concept"] = self._concept(self._file, self._number, named)
        return Row(self._file, self._number, {name: cell for name, cell in cells.items() if cell})

    def _named_concept(self, given: Mapping[str, str]) -> Code | str | None:
        """What the column of concepts says; else a code that a note gives with its system."""
        if concept := given_cell(given, "concept"):
            return cell_words.concept_of(concept, self._systems.get("concept"))
        told = (code for column in NOTES if column in given for code in codes_in(given[column]))
        return next((code for code in told if not code.fault), None)

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
        if not told and not any(cells.get(column) for column in ("label_ko", "label_en")):
            named = (label_told(given[column]) for column in NOTES[:-1] if column in given)
            for labels, short in named:
                cells.update(labels)
                aliases += short
        if text := given_cell(given, "aliases"):
            aliases += [item.strip() for item in _split(text)]
        cells["aliases"] = join_list(aliases) or None
        return cells

    def _descriptions(
        self, given: Mapping[str, str], gathered: Gathered, *, coded: bool
    ) -> dict[str, str | None]:
        texts: dict[str, list[str]] = {"ko": [], "en": []}
        for column in ("description_ko", "description_en", "description", "note"):
            if text := given_cell(given, column):
                language = (
                    column[-2:] if column.startswith("description_") else "ko" if is_korean(text) else "en"
                )
                texts[language].append(plain(text))
        for text in [*([] if coded else gathered.texts), *filter(None, [given_cell(given, "range")])]:
            if cell_words.is_empty(text) or ucum(text):
                continue
            listed = self._listed(text)
            if listed is None or (listed == [] and any(map(str.isdigit, text))):
                # a range is worth telling, a format such as YYYYMMDD is not
                korean = is_korean(text) or bool(texts["ko"]) or any(map(is_korean, labels_of(given)))
                what = ("값", "Values") if listed is None else ("범위", "Range")
                texts["ko" if korean else "en"].append(f"{what[0] if korean else what[1]}: {plain(text)}")
        told = {language: " / ".join(dict.fromkeys(parts)) for language, parts in texts.items()}
        facts = facts_of(given)
        if facts:  # in the language that the rest is in
            korean = bool(told["ko"]) or (not told["en"] and any(map(is_korean, labels_of(given))))
            language = "ko" if korean else "en"
            told[language] = described(told[language], facts, korean=korean)[f"description_{language}"] or ""
        return {f"description_{language}": text or None for language, text in told.items()}

    def _values(self, gathered: Gathered) -> list[tuple[str, str]]:
        pairs = list(gathered.pairs)
        self._note_twice(pairs)
        if pairs:
            return pairs
        text = "\n".join(text for text in gathered.texts if not cell_words.is_empty(text))
        if listed := self._codes_of(gathered.number, {**gathered.cells, "values": text}):
            return listed
        if not text:
            return self._noted_values(gathered)
        return [] if ucum(text) else self._tried("values", self._told_values, text) or []

    def _noted_values(self, gathered: Gathered) -> list[tuple[str, str]]:
        """The codes that a note lists where no column does: "G:전신 R:부위"."""
        for text in (gathered.cells[column] for column in NOTES if column in gathered.cells):
            if _CODED_NOTE.match(text) and len(pairs := self._listed(text) or []) > 1:
                return pairs
        return []

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
