"""REDCap data dictionary CSV: one row per field, forms become tables.

The header is that of the download in any language, of the API, or either one as R rewrites it. One
in a language that is not known is read by position, since the columns never change their order.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from knowledge.catalog.importers.choices import Choices, missing_codes, read_choices
from knowledge.catalog.importers.codes import Code, codes_in
from knowledge.catalog.importers.delimited import DelimitedFile, known_columns, open_delimited
from knowledge.catalog.importers.dictionary import Dictionary, Request
from knowledge.catalog.importers.draft import Draft, join_list, join_values, slug
from knowledge.catalog.importers.field_types import FieldType, field_type
from knowledge.catalog.importers.recognize import header_format, wrong_format
from knowledge.catalog.importers.units import ucum, unit_in_label, unit_in_note
from knowledge.catalog.importers.wording import (
    described,
    head_and_rest,
    in_language,
    is_korean,
    label_cells,
    plain,
    readable,
)
from knowledge.catalog.rows import Row
from knowledge.errors import CatalogInvalid

_VALIDATION = "text_validation_type_or_show_slider_number"
_NEEDED = ("field_name", "form_name", "field_type")
_LEAST_COLUMNS = 15  # as the oldest versions have them
_FIELD_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
_EXPORTED = re.compile(r"[\W_]*data[\W_]*dictionary([\W_]*\d{4}[\W_]?\d{2}[\W_]?\d{2}.*)?$", re.IGNORECASE)
_YES = frozenset({"y", "yes", "1", "true", "예"})
_NO = frozenset({"n", "no", "0", "false", "아니오", "아니요"})
_TAG = re.compile(r"@[A-Z][A-Z0-9_-]*(?:\s*=\s*(?:\"[^\"]*\"|'[^']*'|\S+)|\([^()]*\))?")
_ALIAS_LENGTH = 60


def read_redcap(request: Request) -> Dictionary:
    """The dictionary of a REDCap project. Without a dataset id it is called after the file, without
    what REDCap appends ("_DataDictionary_2024-01-31").

    Raises CatalogInvalid where the path is no such file, or a folder without exactly one.
    """
    draft = Draft("redcap", request)
    file = _open(_single(request.path), request)
    draft.source(file.path, file.name)
    stem = _EXPORTED.sub("", file.path.stem) or file.path.stem
    titled = {} if request.dataset else in_language("title", stem.replace("_", " "))
    draft.add("datasets", file.name, file.header_row, {
        "dataset": request.dataset or slug(stem) or "redcap", "data_model": "REDCap", **titled,
    })
    _Reading(draft, request.dataset or slug(stem) or "redcap").run(file.rows(draft.problems, request))
    return draft.done()


def _single(path: Path) -> Path:
    if path.is_file():
        return path
    files = sorted(p for p in path.iterdir() if p.suffix.lower() in {".csv", ".tsv", ".txt"})
    if len(files) != 1:
        raise CatalogInvalid(
            f"{path.name!r} holds {len(files)} CSV files.",
            hint="Give the path of the data dictionary itself.",
        )
    return files[0]


def _open(path: Path, request: Request) -> DelimitedFile:
    file = open_delimited(path, path.name, known_columns("redcap"))
    looks = header_format(file.header)
    if looks and "REDCap data dictionary" not in looks:
        raise CatalogInvalid(wrong_format(path.name, looks, "REDCap data dictionary") + ".")
    if file.has(*_NEEDED):
        return file
    width = len(file.header)
    by_place = replace(file, columns=(*known_columns("redcap"), *[None] * width)[:width])
    if width >= _LEAST_COLUMNS and _fits(by_place, request):
        return by_place
    missing = [known_columns("redcap")[name][0] for name in _NEEDED if not file.has(name)]
    raise CatalogInvalid(
        wrong_format(path.name, looks, "REDCap data dictionary") + ".",
        hint=f"It has no column {' and no column '.join(repr(name) for name in missing)}.",
    )


def _fits(file: DelimitedFile, request: Request) -> bool:
    """Whether the first rows, read by position, are those of a dictionary."""
    seen = 0
    for row in file.rows(Draft("redcap", request).problems, replace(request, progress=None)):
        name, kind = row.text("field_name"), row.text("field_type")
        if not (name and _FIELD_NAME.fullmatch(name) and kind and field_type(kind, "")):
            return False
        seen += 1
        if seen == 5:
            break
    return seen > 0


class _Reading:
    """The fields of one project, in order: a section goes on until the next one of its form."""

    def __init__(self, draft: Draft, dataset: str) -> None:
        self._draft, self._dataset = draft, dataset
        self._form, self._section, self._names = "", "", dict[str, str]()

    def run(self, rows: Iterator[Row]) -> None:
        for row in rows:
            self._take(row)

    def _take(self, row: Row) -> None:
        problems, name = self._draft.problems, row.text("field_name")
        if (form := row.text("form_name")) and form != self._form:
            self._form, self._section = form, ""
            self._draft.add("tables", row.file, row.number, {
                "dataset": self._dataset, "table": form, **in_language("title", readable(form)),
            })
        if header := row.text("section_header"):
            self._section = plain(header)
        if name is None:
            problems.add(row.file, row.number, "the field has no name; give its Variable / Field Name")
            return
        if not self._form:
            problems.add(row.file, row.number, f"field {name!r} has no form; give its Form Name")
            return
        told = row.cells.get("field_type", "")
        kind = field_type(told, row.cells.get(_VALIDATION, ""))
        if kind is None:
            problems.add(row.file, row.number, f"field {name!r} has the type {told!r}, which REDCap does not"
                         " have; it was kept as text, correct the type")
            kind = FieldType("text", "text")
        if kind.form_only:
            return
        if not _FIELD_NAME.fullmatch(name):
            problems.add(row.file, row.number, f"field name {name!r} is not one that REDCap takes; it was"
                         " kept as it stands, use letters, digits and _")
        here = f"{row.file}:{row.number}"
        if (known := self._names.setdefault(name.lower(), here)) != here:
            problems.add(row.file, row.number, f"field {name!r} stands twice; the one at {known} was kept,"
                         " remove or rename the other")
            return
        self._field(row, name, kind, first=len(self._names) == 1)

    def _field(self, row: Row, name: str, kind: FieldType, *, first: bool) -> None:
        label, rest = head_and_rest(row.cells.get("field_label", ""))
        note = plain(row.cells.get("field_note", ""))
        annotation = row.cells.get("field_annotation", "")
        korean = is_korean(label + rest + note)
        text = " ".join(part for part in (rest, "" if ucum(note) else note) if part)
        choices = read_choices(kind, row.cells.get("select_choices_or_calculations", ""), korean=korean)
        for fault in choices.faults:
            self._draft.problems.add(row.file, row.number, f"field {name!r}: {fault}")
        labels, aliases = label_cells(label) if label else (in_language("label", readable(name)), [])
        unit = unit_in_note(note) or unit_in_label(label) or unit_in_note(rest) if kind.measured else None
        codes = codes_in(f"{annotation} {note} {label} {rest}")
        for code in codes:
            if code.fault:
                self._draft.problems.add(row.file, row.number, f"field {name!r}: {code.fault}; correct it")
        good = [code for code in codes if not code.fault]
        missing, fault = missing_codes(annotation)
        if fault:
            self._draft.problems.add(row.file, row.number, f"field {name!r}: {fault}")
        self._draft.add("variables", row.file, row.number, {
            "dataset": self._dataset, "table": self._form, "name": name, **labels,
            "aliases": join_list(alias for alias in aliases if len(alias) <= _ALIAS_LENGTH),
            "type": "identifier" if first and kind.type == "text" else kind.type, "unit": unit,
            "values": join_values(choices.values), "missing_codes": join_values(missing),
            "section": self._section,
            "concept": self._draft.concept(row.file, row.number, good[0]) if good else None,
            "sensitive": self._sensitive(row, name, kind),
            **described(text, _facts(row, kind, choices, good[1:]), korean=korean),
            "provenance": f"REDCap, {self._form}.{name}",
        })

    def _sensitive(self, row: Row, name: str, kind: FieldType) -> str | None:
        told = row.text("identifier")
        if told and told.lower() not in _YES and told.lower() not in _NO:
            self._draft.problems.add(row.file, row.number, f"field {name!r}: Identifier? is {told!r}; it was"
                                     " taken as y, write y or leave it empty")
            return "true"
        return "true" if kind.personal or (told and told.lower() in _YES) else None


def _facts(row: Row, kind: FieldType, choices: Choices, more: Sequence[Code]) -> list[tuple[str, str]]:
    """What the other columns say, in English and Korean."""
    facts: list[tuple[str, str]] = list(choices.facts)
    low, high = row.text("text_validation_min"), row.text("text_validation_max")
    if low and high:
        facts.append((f"Values from {low} to {high}.", f"값은 {low}부터 {high}까지이다."))
    elif low:
        facts.append((f"Values from {low}.", f"값은 {low} 이상이다."))
    elif high:
        facts.append((f"Values up to {high}.", f"값은 {high} 이하이다."))
    if kind.several:
        facts.append(("Several answers may be chosen; each is exported as a column of its own.",
                      "여러 개를 고를 수 있으며, 답마다 열이 하나씩 나온다."))
    if (row.text("required_field") or "").lower() in _YES:
        facts.append(("Required.", "필수 항목이다."))
    if logic := row.text("branching_logic"):
        logic = plain(logic)
        facts.append((f"Asked only if {logic}.", f"다음 조건에서만 묻는다: {logic}."))
    if group := row.text("matrix_group_name"):
        facts.append((f"Part of the matrix {group}.", f"{group} 문항 묶음에 속한다."))
    if note := plain(_TAG.sub(" ", row.cells.get("field_annotation", ""))):
        facts.append((f"Annotation: {note}", f"주석: {note}"))
    if more:
        told = ", ".join(code.concept for code in more)
        facts.append((f"Also coded as {told}.", f"다른 코드: {told}."))
    return facts
