"""ISARIC ARC: one row per question, forms become tables, a preset column selects the questions of a form.

Answers that many questions share stand in a folder of lists beside ARC.csv, and the units of
measured questions in a JSON file there; both may be absent.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from knowledge.catalog.importers.answer_lists import AnswerLists, field_units
from knowledge.catalog.importers.choices import Choices, read_choices
from knowledge.catalog.importers.codes import Code, system_named
from knowledge.catalog.importers.delimited import DelimitedFile, header_key, known_columns, open_delimited
from knowledge.catalog.importers.dictionary import Dictionary, Request
from knowledge.catalog.importers.draft import Draft, join_list, join_values, slug
from knowledge.catalog.importers.field_types import FieldType, field_type
from knowledge.catalog.importers.recognize import header_format, wrong_format
from knowledge.catalog.importers.units import named_unit, unit_in_label
from knowledge.catalog.importers.wording import described, in_language, label_cells, plain, readable
from knowledge.catalog.rows import Row
from knowledge.errors import CatalogInvalid

_NEEDED = ("form", "variable", "type", "question")
_PRESET = "preset"
_CHOSEN = frozenset({"1", "1.0", "true", "yes", "y", "x"})
_LISTS = frozenset({"user_list", "multi_list", "list"})
_KIND = re.compile(r"^(date|datetime|time)([_-].*)?$")
_TERM = re.compile(r"(?<![\w.])([A-Z]{0,2}\d[\d.]*(?:-\d)?|\d+)\s*[,|]?\s*([^|,\d][^|]*)?")


def read_arc(request: Request) -> Dictionary:
    """The questions of ARC, all of them or those of ``request.preset``, which is named by its column
    with or without the words before its last part.

    Raises CatalogInvalid where there is no ARC file, the preset is unknown, or fits several columns.
    """
    path = _find(request.path)
    draft = Draft("arc", request)
    file = open_delimited(path, path.name, known_columns("arc"))
    if not file.has(*_NEEDED):
        looks = header_format(file.header)
        raise CatalogInvalid(
            wrong_format(path.name, "" if "ARC" in looks else looks, "ARC file") + ".",
            hint="It needs the columns Form, Variable, Type, Question and Answer Options.",
        )
    preset = _preset(file, request.preset) if request.preset else None
    if preset:
        place = file.header.index(preset.column)
        columns = [*file.columns[:place], _PRESET, *file.columns[place + 1:]]
        file = replace(file, columns=tuple(columns))
    draft.source(file.path, file.name)
    _Reading(draft, file, preset).run()
    if not draft.count("variables"):
        which = f" in the preset {preset.name!r}" if preset else ""
        raise CatalogInvalid(f"{path.name} holds no question{which}.", problems=draft.problems.lines())
    return draft.done()


def _find(path: Path) -> Path:
    if path.is_file():
        return path
    found = sorted(p for p in path.iterdir() if p.suffix.lower() == ".csv" and "arc" in p.stem.lower())
    named = [p for p in found if p.stem.lower() == "arc"] or found
    if len(named) != 1:
        raise CatalogInvalid(
            f"{path.name!r} holds {len(named)} files that could be ARC.",
            hint="Give the path of ARC.csv itself.",
        )
    return named[0]


@dataclass(frozen=True, slots=True)
class Preset:
    """A preset: its column as it stands, and its name without "preset"."""

    column: str

    @property
    def name(self) -> str:
        """ "ARChetype Disease CRF_Covid" of "preset_ARChetype Disease CRF_Covid"."""
        return re.sub(r"^preset[_\s-]*", "", self.column, flags=re.IGNORECASE)

    @property
    def last(self) -> str:
        """The part after the last underscore: "Covid"."""
        return self.name.rpartition("_")[2]


def _preset(file: DelimitedFile, wanted: str) -> Preset:
    presets = [Preset(cell) for cell in file.header if cell.lower().startswith("preset")]
    key = header_key(wanted)
    tests = (
        lambda p: key in {header_key(p.column), header_key(p.name)},
        lambda p: key == header_key(p.last),
        lambda p: bool(key) and (header_key(p.last).startswith(key) or key.startswith(header_key(p.last))),
        lambda p: bool(key) and key in header_key(p.name),
    )
    for test in tests:
        fits = [preset for preset in presets if test(preset)]
        if len(fits) == 1:
            return fits[0]
        if fits:
            raise CatalogInvalid(
                f"The preset {wanted!r} fits {len(fits)} presets of {file.name}.",
                hint="Use one of " + ", ".join(repr(p.name) for p in fits) + ".",
            )
    names = ", ".join(repr(preset.name) for preset in presets)
    raise CatalogInvalid(
        f"{file.name} has no preset {wanted!r}.",
        hint=f"Use one of {names}." if names else "It has no preset columns; leave the preset out.",
    )


class _Reading:
    """The questions of one file, in order."""

    def __init__(self, draft: Draft, file: DelimitedFile, preset: Preset | None) -> None:
        self._draft, self._file, self._preset = draft, file, preset
        named = slug(file.path.stem) or "arc"
        self._dataset = draft.request.dataset or (f"{named}_{slug(preset.last)}" if preset else named)
        self._lists = AnswerLists(file.path.parent, draft)

    @cached_property
    def _units(self) -> dict[str, str]:
        return field_units(self._file.path.parent, self._draft)

    def run(self) -> None:
        draft, file = self._draft, self._file
        title = f"ISARIC ARC, {self._preset.last}" if self._preset else "ISARIC ARC"
        draft.add("datasets", file.name, file.header_row, {
            "dataset": self._dataset, "data_model": "ISARIC ARC",
            **({} if draft.request.dataset else {"title_en": title}),
        })
        for row in file.rows(draft.problems, draft.request):
            if self._preset and (row.text(_PRESET) or "").lower() not in _CHOSEN:
                continue
            self._take(row)

    def _take(self, row: Row) -> None:
        draft = self._draft
        name, form = row.text("variable"), row.text("form")
        if name is None or form is None:
            which = "the question has no variable" if name is None else f"question {name!r} has no form"
            draft.problems.add(row.file, row.number, f"{which}; give it one")
            return
        draft.add("tables", row.file, row.number, {
            "dataset": self._dataset, "table": form, **in_language("title", readable(form)),
        })
        kind = self._kind(row, name)
        choices = self._choices(row, name, kind)
        label = plain(row.cells.get("question", "")) or readable(name)
        labels, aliases = label_cells(label)
        codes = self._codes(row, name)
        text = " ".join(plain(row.cells[c]) for c in ("definition", "guideline") if c in row.cells)
        draft.add("variables", row.file, row.number, {
            "dataset": self._dataset, "table": form, "name": name, **labels, "aliases": join_list(aliases),
            "type": kind.type, "unit": self._unit(name, label, kind), "values": join_values(choices.values),
            "section": plain(row.cells.get("section", "")), "sensitive": _sensitive(row),
            "concept": draft.concept(row.file, row.number, codes[0]) if len(codes) == 1 else None,
            **described(text, _facts(row, kind, choices, codes if len(codes) > 1 else [])),
            "provenance": f"ISARIC ARC, {form}.{name}",
        })

    def _kind(self, row: Row, name: str) -> FieldType:
        told = (row.text("type") or "").lower()
        validation = row.text("validation") or ""
        if told in _LISTS:
            return FieldType("list", "code", several=told == "multi_list")
        if match := _KIND.match(told):
            return FieldType("text", {"date": "date", "datetime": "datetime", "time": "time"}[match[1]])
        if told in {"number", "integer"}:
            return FieldType("text", "integer" if "integer" in (told, validation) else "decimal")
        kind = field_type(told, "" if validation == "units" else validation)
        if kind is None:
            self._draft.problems.add(
                row.file, row.number, f"question {name!r} has the type {told!r}, which is not known;"
                " it was kept as text, correct the type",
            )
            return FieldType("text", "text")
        return kind

    def _choices(self, row: Row, name: str, kind: FieldType) -> Choices:
        text = row.cells.get("options", "")
        if listed := row.text("list"):
            values = self._lists.values(listed, row)
            own = read_choices(FieldType("radio", "code"), text) if text else Choices()
            return Choices((*own.values, *values))
        if not text and kind.kind in {"list", "radio", "calc"}:
            return Choices()  # ARC leaves answers out that a study fills in
        choices = read_choices(kind, text)
        for fault in choices.faults:
            self._draft.problems.add(row.file, row.number, f"question {name!r}: {fault}")
        return choices

    def _unit(self, name: str, label: str, kind: FieldType) -> str | None:
        if not kind.measured:
            return None
        return named_unit(self._units.get(name, "")) or unit_in_label(label)

    def _codes(self, row: Row, name: str) -> list[Code]:
        """The codes of the standard term, else those of the metathesaurus; one that fails its check
        digit is noted and left out."""
        codes = terms(system_named(row.cells.get("codelist", "")), row.cells.get("code", ""))
        good = []
        for code in codes or terms("UMLS", row.cells.get("metathesaurus", "")):
            if code.fault:
                self._draft.problems.add(row.file, row.number, f"question {name!r}: {code.fault}; correct it")
            else:
                good.append(code)
        return good


_SHAPES = (
    ("UMLS", re.compile(r"C\d{7}")),
    ("LOINC", re.compile(r"\d{1,7}-\d")),
    ("SNOMED", re.compile(r"\d{6,18}")),
)


def terms(system: str | None, text: str) -> list[Code]:
    """The codes of a cell such as "281053000, Sex | 263495000 |Gender|", each with its term.

    A code that has the shape of another system than the one named belongs to that one.
    """
    codes: dict[str, Code] = {}
    for match in _TERM.finditer(text):
        code = match[1].rstrip(".")
        shaped = next((name for name, shape in _SHAPES if shape.fullmatch(code)), None)
        if shaped is None and (system is None or system in {name for name, _ in _SHAPES}):
            continue
        term = " ".join((match[2] or "").split()).strip(" ,;|")
        codes.setdefault(code, Code(shaped or system or "", code, term))
    return list(codes.values())


def _sensitive(row: Row) -> str | None:
    return "true" if (row.text("identifier") or "").lower() in _CHOSEN else None


def _facts(row: Row, kind: FieldType, choices: Choices, codes: Sequence[Code]) -> list[tuple[str, str]]:
    facts: list[tuple[str, str]] = list(choices.facts)
    low, high = row.text("low"), row.text("high")
    if low or high:
        told = f"from {low}" * bool(low) + " " * bool(low and high) + f"to {high}" * bool(high)
        facts.append((f"Values {told}.", f"값의 범위: {low or ''}~{high or ''}."))
    if kind.several:
        facts.append(("Several answers may be chosen.", "여러 개를 고를 수 있다."))
    if kind.form_only:
        facts.append(("A heading of the form, without a value.", "값이 없는 제목이다."))
    if logic := row.text("logic"):
        facts.append((f"Asked only if {plain(logic)}.", f"다음 조건에서만 묻는다: {plain(logic)}."))
    if system := row.text("body_system"):
        facts.append((f"Body system: {system}.", f"신체 계통: {system}."))
    if codes:
        told = ", ".join(code.concept for code in codes)
        facts.append((f"Coded as {told}.", f"코드: {told}."))
    return facts
