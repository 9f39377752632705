"""OMOP CDM described by CSV: a field-level file, and a table-level file beside it where there is one.

The path is one of the files or their folder. The files of the CDM repository, those of the data
quality dashboard, the one-file dictionaries of older CDM versions, and a hospital's own list of
tables and columns differ in their headers only.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from knowledge.catalog.importers.delimited import DelimitedFile, known_columns, open_delimited
from knowledge.catalog.importers.dictionary import Dictionary, Request
from knowledge.catalog.importers.draft import Draft, join_list, slug
from knowledge.catalog.importers.recognize import header_format, wrong_format
from knowledge.catalog.importers.wording import (
    described,
    in_language,
    is_korean,
    label_cells,
    label_told,
    plain,
    readable,
    sentences,
)
from knowledge.catalog.rows import Row
from knowledge.errors import CatalogInvalid

_NEEDS = "It needs the columns cdmTableName and cdmFieldName."
_NOT_GIVEN = frozenset({"na", "n/a", "#n/a", "nan", "null", "none", "-", "."})
_YES = frozenset(
    {"yes", "y", "true", "1", "o", "pk", "fk", "required", "mandatory", "not null", "예", "필수"}
)
_NO = frozenset({"no", "n", "false", "0", "nullable", "optional", "아니오", "아니요", "선택"})
_TYPES = (
    ("datetime", re.compile(r"datetime|timestamp|일시")),
    ("date", re.compile(r"date|날짜|일자")),
    ("time", re.compile(r"time")),
    ("boolean", re.compile(r"bool|bit$")),
    ("decimal", re.compile(r"float|numeric|decimal|double|real|number|money|실수")),
    ("integer", re.compile(r"(?:big|small|tiny)?int(?:eger)?\d?(?:\(\d+\))?$|long$|serial|정수")),
    ("text", re.compile(r"n?var ?char|char|text|string|clob|rbd|blob|binary|bytea|json|xml|uuid|문자")),
)
_SCALE_ZERO = re.compile(r"(?:number|numeric|decimal)\(\d+(?:,0)?\)")
_LEVEL = re.compile(r"[\W_]*(field|table)[\W_]*level[\W_]*|[\W_]+(fields?|tables?|columns?)$", re.IGNORECASE)
_VERSION = re.compile(r"v[\s._-]*(\d+(?:[._]\d+)*)", re.IGNORECASE)


@dataclass(slots=True)
class _Files:
    """The files of one dictionary: a CDM version or a hospital's own list."""

    stem: str
    field_level: list[DelimitedFile] = field(default_factory=list)
    table_level: list[DelimitedFile] = field(default_factory=list)


def read_omop(request: Request) -> Dictionary:
    """The dictionary of an OMOP CDM. Without a dataset id each CDM version of a folder is one dataset,
    called after its files.

    Raises CatalogInvalid where no field-level file is there, or several are and go to one dataset.
    """
    draft = Draft("omop", request)
    found = [files for files in _dictionaries(request, draft).values() if files.field_level]
    if not found:
        raise CatalogInvalid(
            f"{request.path.name!r} holds no OMOP field-level file.", problems=draft.problems.lines(),
            hint=next(iter(draft.problems.lines()), _NEEDS),
        )
    if request.dataset and len(found) > 1:
        raise CatalogInvalid(
            f"{request.path.name!r} holds {len(found)} dictionaries: "
            + ", ".join(file.name for files in found for file in files.field_level) + ".",
            hint="Name one of the files, or leave the dataset out: each then is a dataset of its own.",
        )
    for files in found:
        _Reading(draft, request.dataset or slug(files.stem) or "omop", files).run()
    return draft.done()


def _dictionaries(request: Request, draft: Draft) -> dict[str, _Files]:
    """The files by the stem that a field-level and a table-level file share."""
    single = request.path if request.path.is_file() else None
    folder = request.path.parent if single else request.path
    found: dict[str, _Files] = {}
    paths = [single] if single else sorted(filter(_is_table, folder.iterdir()))
    for path in paths or sorted(filter(_is_table, folder.rglob("*"))):
        _take(path, path.relative_to(folder).as_posix(), draft, found, alone=single is not None)
    if single:
        own = {file.path for files in found.values() for file in (*files.field_level, *files.table_level)}
        for path in sorted(filter(_is_table, folder.iterdir())):
            if path not in own and _stem(path) == _stem(single):
                _take(path, path.name, draft, found, alone=False)
    return found


def _is_table(path: Path) -> bool:
    named = path.suffix.lower() in {".csv", ".tsv", ".txt"} and not path.name.startswith(".")
    return named and path.is_file()


def _stem(path: Path) -> str:
    return _LEVEL.sub("", path.stem)


def _take(path: Path, name: str, draft: Draft, found: dict[str, _Files], *, alone: bool) -> None:
    """Put one file where it belongs; one of another kind is an error when it was named itself."""
    try:
        file = open_delimited(path, name, known_columns("omop"))
    except CatalogInvalid as error:
        if alone:
            raise
        draft.problems.add_file(f"{name}:1: {error}")
        return
    looks = header_format(file.header)
    if not file.has("table") or (looks and "-level file; import" not in looks):
        text = wrong_format(name, looks, "OMOP field-level or table-level file")
        if alone:
            raise CatalogInvalid(f"{text}.", hint="" if looks else _missing(file))
        draft.problems.add_file(f"{name}:{file.header_row}: {text}; it was left out")
        return
    files = found.setdefault(str(path.with_name(_stem(path))), _Files(_stem(path)))
    (files.field_level if file.has("field") else files.table_level).append(file)


def _missing(file: DelimitedFile) -> str:
    header = ", ".join(cell for cell in file.header if cell)[:200]
    return f"{_NEEDS} Its header is: {header}."


def _dotted(version: str) -> str:
    """ "5.4" of "5_4" and of "54"."""
    return ".".join(version) if version.isdigit() and len(version) in (2, 3) else version.replace("_", ".")


class _Reading:
    """One dictionary into the draft."""

    def __init__(self, draft: Draft, dataset: str, files: _Files) -> None:
        self._draft, self._dataset, self._files = draft, dataset, files
        self._tables: dict[str, str] = {}  # lower case to the spelling of the field-level file
        self._described: dict[str, Row] = {}
        version = _VERSION.search(files.stem)
        self._model = f"OMOP CDM {_dotted(version[1])}" if version else "OMOP CDM"
        rest = files.stem[version.end():].strip(" _-.") if version else ""
        self._part = f" {readable(rest)}" if len(rest) > 2 else ""  # of an extension

    def run(self) -> None:
        draft, first = self._draft, self._files.field_level[0]
        named = {} if draft.request.dataset else {"title_en": self._model + self._part}
        draft.add("datasets", first.name, first.header_row, {
            "dataset": self._dataset, "data_model": self._model, **named,
        })
        for file in self._files.table_level:
            for row in self._rows(file):
                self._described.setdefault(row.cells["table"].lower(), row)
        for file in self._files.field_level:
            for row in self._rows(file):
                self._take(row)
        for key, row in self._described.items():
            if key not in self._tables:
                self._table(row, row.cells["table"])

    def _rows(self, file: DelimitedFile) -> Iterator[Row]:
        """Rows with a table name; a table that is named once for a block of rows is carried on."""
        self._draft.source(file.path, file.name)
        last = ""
        for row in file.rows(self._draft.problems, self._draft.request):
            cells = {column: text for column, text in row.cells.items() if text.lower() not in _NOT_GIVEN}
            for column in cells.keys() & {"table", "field"}:  # a name that SQL has to quote stands in quotes
                cells[column] = cells[column].strip('"')
            if not cells.get("table") and last and cells.get("field"):
                cells["table"] = last
            if not cells.get("table"):
                if cells:
                    self._draft.problems.add(row.file, row.number, "it names no table; give cdmTableName")
                continue
            last = cells["table"]
            yield Row(row.file, row.number, cells)

    def _take(self, row: Row) -> None:
        name, table = row.text("field"), row.cells["table"]
        if name is None:
            self._draft.problems.add(
                row.file, row.number, f"a field of table {table!r} has no name; give cdmFieldName"
            )
            return
        if table.lower() not in self._tables:
            self._tables[table.lower()] = table
            self._table(self._described.get(table.lower(), row), table)
        kind, sort = self._type(row, name)
        facts = _facts(row)
        guidance = [plain(row.cells[column]) for column in ("guidance", "conventions") if column in row.cells]
        label = plain(row.cells.get("label", ""))
        if label:
            labels, aliases = label_cells(label)
        else:
            told, aliases = label_told(guidance[0]) if guidance and is_korean(guidance[0]) else ({}, [])
            labels = {"label_en": readable(name), **told}
        if sort == "concept" and name.lower().endswith("_concept_id") and "source" not in name.lower():
            aliases.append(readable(name[: -len("_concept_id")]).lower())
        self._draft.add("variables", row.file, row.number, {
            "dataset": self._dataset, "table": self._tables[table.lower()], "name": name, **labels,
            "aliases": join_list(aliases), "type": kind, "unit": row.text("unit"),
            **described(sentences(guidance), facts), "provenance": f"{self._model}, {table}.{name}",
        })

    def _table(self, row: Row, table: str) -> None:
        own = row.text("table_text") is not None or row.text("field") is None
        columns = ("table_text", "guidance", "conventions") if row.text("field") is None else ("table_text",)
        text = sentences([plain(row.cells[column]) for column in columns if own and column in row.cells])
        label = plain(row.cells.get("table_label", "")) or readable(table)
        self._draft.add("tables", row.file, row.number, {
            "dataset": self._dataset, "table": table, **in_language("title", label),
            **in_language("description", text),
        })

    def _type(self, row: Row, name: str) -> tuple[str | None, str]:
        """The type, and what kind of key it is: "concept", "key" or ""."""
        declared = row.text("datatype")
        told = _datatype(declared) if declared else None
        if declared and told is None:
            self._draft.problems.add(
                row.file, row.number, f"the datatype {declared!r} of field {name!r} is not known;"
                " the field was kept without a type",
            )
        low, target = name.lower(), (row.text("fk_table") or "").lower()
        if target == "concept" or low.endswith("_concept_id"):
            return ("code", "concept") if told in {None, "integer"} else (told, "concept")
        if _flag(row.text("primary")) or (_flag(row.text("foreign")) and low.endswith("_id")):
            return ("identifier", "key") if told in {None, "integer", "text"} else (told, "key")
        return told, ""


def _datatype(text: str) -> str | None:
    low = text.lower().strip()
    if _SCALE_ZERO.fullmatch(low.replace(" ", "")):
        return "integer"
    return next((name for name, shape in _TYPES if shape.search(low)), None)


def _flag(text: str | None) -> bool | None:
    low = (text or "").lower()
    return True if low in _YES else False if low in _NO else None


def _facts(row: Row) -> list[tuple[str, str]]:
    """What the flags say, in English and Korean."""
    facts: list[tuple[str, str]] = []
    required, nullable = _flag(row.text("required")), _flag(row.text("nullable"))
    if required or nullable is False:
        facts.append(("Required.", "필수 항목이다."))
    if _flag(row.text("primary")):
        facts.append(("Primary key.", "기본 키이다."))
    if target := row.text("fk_table"):
        place = ".".join(part.lower() for part in (target, row.text("fk_field")) if part)
        facts.append((f"Foreign key to {place}.", f"{place}을(를) 가리키는 외래 키이다."))
    elif _flag(row.text("foreign")):
        facts.append(("Foreign key.", "외래 키이다."))
    if domain := row.text("fk_domain"):
        facts.append((f"Concepts of the domain {domain}.", f"{domain} 도메인의 개념이다."))
    if of_class := row.text("fk_class"):
        facts.append((f"Concepts of the class {of_class}.", f"{of_class} 분류의 개념이다."))
    return facts
