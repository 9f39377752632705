"""Finding the header of a sheet: ``find_header(lines, merged)``."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from knowledge.catalog.importers.delimited import header_key
from knowledge.catalog.importers.sheets.sheet import Line, Region, fill_header
from knowledge.catalog.importers.table.assignment import assign_columns
from knowledge.catalog.importers.table.vocabulary import headers

SEARCHED = 40  # lines in which a header may begin
_JUDGED = 200  # lines by which a column's content is judged
_UNSURE = 4  # the level of names that also patients have; and how many columns must be known beside
_MANY, _AGAIN = 40, 3  # names, and how often each, that make a sheet one of data
_PARTS = re.compile(r"[/()\[\]\n:]|\s[-|]\s")

# Beside its needed columns, a sheet of each kind has one of the others.
_TELLING: Mapping[str, tuple[frozenset[str], frozenset[str]]] = {
    kind: (frozenset(needed.split()), frozenset(telling.split())) for kind, needed, telling in (
        ("variables", "name", "label label_ko label_en description description_ko description_en type unit"
         " values code code_label missing_pct section concept note table"),
        ("codes", "code code_label", "group name"),
        ("tables", "table", "title description granularity"),
        ("datasets", "dataset", "title description hospital period period_start theme data_model"),
    )
}


@dataclass
class Recognised:
    """What the columns of a sheet seem to be. ``columns`` gives the positions of each; ``rows`` are the
    header's row numbers; ``texts`` the header per position; ``unclear`` says what might be meant twice."""

    holds: str
    rows: tuple[int, ...]
    texts: list[str]
    columns: Mapping[str, list[int]]
    unclear: list[str] = field(default_factory=list)

    @property
    def left_out(self) -> list[str]:
        """The headers that have no place in the catalog."""
        used = {at for positions in self.columns.values() for at in positions}
        free = (text for at, text in enumerate(self.texts) if at not in used)
        return list(dict.fromkeys(text for text in free if header_key(text) not in headers().numbers))


@dataclass(frozen=True, slots=True)
class HeaderCells:
    """The header of one or two rows: per position its text on one line, the keys that it may be known
    by, best first, and the text of its lower cell."""

    rows: tuple[int, ...]
    texts: list[str]
    keys: list[tuple[str, ...]]
    lower: list[str]


def header_cells(lines: Sequence[Line], merged: Sequence[Region]) -> HeaderCells:
    """The header in ``lines``. In two rows, "변수명" over "영문" is known as "변수명영문" and as "영문"."""
    grid = fill_header(lines, merged) if len(lines) > 1 else [lines[0].cells]
    texts, keys, lower = [], [], []
    for cells in zip(*grid, strict=True):
        over, under = " ".join(cells[0].split()), " ".join(cells[-1].split())
        texts.append(under if over in ("", under) else over if not under else f"{over}/{under}")
        both = header_key(over + under) if over != under else ""
        keys.append(tuple(key for key in (both, header_key(under or over)) if key))
        lower.append(under or over)
    return HeaderCells(tuple(line.number for line in lines), texts, keys, lower)


def header_pairs(lines: Sequence[Line], at: int) -> list[Sequence[Line]]:
    """The header that may begin at a line: this one, or with the next where that follows at once."""
    pair = lines[at : at + 2]
    adjoining = len(pair) == 2 and pair[1].number == pair[0].number + 1
    return [pair[:1], pair] if adjoining else [pair[:1]]


def meanings_of(kind: str, keys: Sequence[str], text: str) -> tuple[tuple[str, int], ...]:
    """What a header may mean on a sheet of this kind, each with its level.

    "변수명 (Variable name)" says the same twice; of "설명 (200자 이내)" the first part tells, unless the
    other says that it is a number of something: "결측(건수)".
    """
    meanings = headers().meanings[kind]
    whole = next((meanings[key] for key in keys if key in meanings), None)
    if whole is not None:
        return whole
    parts = [header_key(part) for part in _PARTS.split(text)]
    first, *others = [part for part in parts if part] or [""]
    if not others or headers().counted & set(others):
        return ()
    if first not in meanings:  # "표준용어 (SNOMED CT)"
        return (("concept", _UNSURE + 1),) if kind == "variables" and code_system(text) else ()
    known = meanings[first]
    if any(part in meanings and {c for c, _ in meanings[part]} & {c for c, _ in known} for part in others):
        return known
    return tuple((column, level + _UNSURE + 1) for column, level in known)


def code_system(text: str) -> str | None:
    """The code system that a header names, in whole or in a part."""
    known = headers().code_systems
    keys = (header_key(part) for part in (text, *_PARTS.split(text)))
    return next((known[key] for key in keys if key in known), None)


def find_header(lines: Sequence[Line], merged: Sequence[Region]) -> list[Recognised]:
    """The best reading of the sheet that begins with ``lines`` as each kind of sheet it may be; the kind
    with most columns first. Empty where no header is known."""
    found: dict[str, Recognised] = {}
    for at in range(min(len(lines), SEARCHED)):
        for pair in header_pairs(lines, at):
            if len(pair) == 1 and len(pair[0].filled) < 2:
                continue
            cells = header_cells(pair, merged)
            below = lines[at + len(pair) : at + len(pair) + _JUDGED]
            for kind in _TELLING:
                reading = _recognise(kind, cells, below)
                if reading and (kind not in found or _rank(reading) > _rank(found[kind])):
                    found[kind] = reading
    return sorted(found.values(), key=_rank, reverse=True)


def _recognise(kind: str, cells: HeaderCells, below: Sequence[Line]) -> Recognised | None:
    known = [meanings_of(kind, keys, text) for keys, text in zip(cells.keys, cells.lower, strict=True)]
    if not any(known):
        return None
    columns, unclear = assign_columns(kind, known, cells.texts, below)
    needed, telling = _TELLING[kind]
    if not needed <= columns.keys() or not telling & columns.keys():
        return None
    if kind == "variables" and len(columns) < _UNSURE:
        levels = dict(known[columns["name"][0]])
        if levels["name"] == _UNSURE:
            return None
    return Recognised(kind, cells.rows, cells.texts, columns, unclear)


def _rank(reading: Recognised) -> tuple[int, int, int]:
    """More columns are better, then fewer doubts, then one row rather than two."""
    return sum(map(len, reading.columns.values())), -len(reading.unclear), -len(reading.rows)


def data_signs(lines: Sequence[Line], reading: Recognised | None) -> str:
    """What shows that a sheet holds data rather than a dictionary, as "row: what", or empty.

    Two headers of patients' columns, or one where less than half of the header is known; or names that
    come again and again.
    """
    rows = reading.rows if reading else tuple(line.number for line in lines[:3])
    known = sum(map(len, reading.columns.values())) if reading else 0
    for line in lines[:SEARCHED]:
        texts = [line.cells[at] for at in line.filled]
        personal = [text for text in texts if header_key(text) in headers().personal]
        few = bool(reading) and known * 2 <= len(texts)
        if line.number in rows and (len(personal) >= 2 or (personal and few)):
            return f"{line.number} looks like data of patients, with the columns {', '.join(personal[:3])}"
    if reading and reading.holds == "variables":
        below = [line for line in lines if line.number > reading.rows[-1]]
        named = ("dataset", "table", "section", "name")
        used = [at for name in named for at in reading.columns.get(name, ())]
        names = [key for line in below if any(key := tuple(line.at(at) for at in used))]
        runs = sum(one != other for one, other in pairwise(names)) + 1
        if runs >= _MANY and runs > _AGAIN * len(set(names)):
            return f"{below[0].number} looks like data: the same {len(set(names))} names come {runs} times"
    return ""


def told_dataset(lines: Sequence[Line]) -> dict[str, str]:
    """What a sheet says of its dataset in lines of a label and a text, two at least; {} otherwise."""
    meanings, found = headers().meanings["datasets"], dict[str, str]()
    for line in lines[:SEARCHED]:
        if len(line.filled) < 2:
            continue
        label, text = (line.cells[at] for at in line.filled[:2])
        for column, _ in meanings.get(header_key(label), ()):
            if column not in found and header_key(text) not in meanings:
                found[column] = text
                break
    return found if "dataset" in found and len(found) > 1 else {}
