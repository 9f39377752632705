"""What stands beside an ARC file: the lists of answers that questions share, and the units of fields."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path

from knowledge.catalog.importers.delimited import header_key, known_columns, open_delimited
from knowledge.catalog.importers.draft import Draft
from knowledge.catalog.importers.encoding import detect_encoding
from knowledge.catalog.importers.json_document import read_json
from knowledge.catalog.importers.wording import plain
from knowledge.catalog.rows import Row
from knowledge.errors import CatalogInvalid

_FOLDER = "lists"
_UNITS = "unit_conversion.json"


class AnswerLists:
    """The lists of a folder, read when a question needs one; a list "conditions_Symptoms" is the file
    Symptoms.csv, in a folder conditions where there are several of that name."""

    def __init__(self, beside: Path, draft: Draft) -> None:
        self._beside, self._draft = beside, draft
        self._read: dict[str, tuple[tuple[str, str], ...]] = {}

    def values(self, name: str, row: Row) -> tuple[tuple[str, str], ...]:
        """(code, answer) pairs of list ``name``; none, and a problem at ``row``, where it is not there."""
        if name not in self._read:
            self._read[name] = ()
            path = self._find(name)
            if path is None:
                self._draft.problems.add(
                    row.file, row.number, f"the list {name!r} is not in the folder of lists;"
                    " its questions were kept without answers, add its file",
                )
            else:
                try:
                    self._read[name] = self._answers(path)
                except CatalogInvalid as error:
                    text = f"the list {name!r} cannot be read: {error}"
                    self._draft.problems.add(row.file, row.number, text)
        return self._read[name]

    @cached_property
    def _files(self) -> dict[str, list[Path]]:
        found: dict[str, list[Path]] = {}
        for folder in sorted(p for p in self._beside.iterdir() if p.is_dir() and p.name.lower() == _FOLDER):
            for path in sorted(folder.rglob("*")):
                if path.is_file() and path.suffix.lower() == ".csv":
                    found.setdefault(header_key(path.stem), []).append(path)
        return found

    def _find(self, name: str) -> Path | None:
        group, _, own = name.partition("_")
        files = self._files.get(header_key(own or name)) or self._files.get(header_key(name)) or []
        inside = [path for path in files if header_key(path.parent.name) == header_key(group)]
        return next(iter(inside or files), None)

    def _answers(self, path: Path) -> tuple[tuple[str, str], ...]:
        name = path.relative_to(self._beside).as_posix()
        file = open_delimited(path, name, known_columns("arc_list"))
        file = replace(file, columns=("answer", *file.columns[1:]))
        self._draft.source(path, name)
        answers: dict[str, str] = {}
        problems = self._draft.problems
        for row in file.rows(problems, self._draft.request):
            answer = plain(row.cells.get("answer", ""))
            code = row.text("value") or answer
            if not answer:
                problems.add(row.file, row.number, "the answer is empty; give it or remove the row")
            elif code in answers:
                problems.add(row.file, row.number, f"value {code!r} stands twice in the list;"
                             " the first one was kept, give this one another value")
            else:
                answers[code] = answer
        return tuple(answers.items())


def field_units(beside: Path, draft: Draft) -> dict[str, str]:
    """Unit by field, of the unit file beside ARC; empty where there is none."""
    for path in (beside / _UNITS, beside / "units" / _UNITS):
        if path.is_file():
            break
    else:
        return {}
    name = path.relative_to(beside).as_posix()
    try:
        document = read_json(path, name, detect_encoding(path, name))
    except CatalogInvalid as error:
        draft.problems.add_file(f"{name}:1: {error}")
        return {}
    draft.source(path, name)
    units: dict[str, str] = {}
    for entry in _objects(document):
        for unit in _objects(entry.get("units")):
            field, label = unit.get("unit_field_name"), unit.get("unit_label")
            if isinstance(field, str) and isinstance(label, str):
                units[field] = label
    return units


def _objects(value: object) -> Sequence[dict]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []
