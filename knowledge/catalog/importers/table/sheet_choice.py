"""Which sheets of the files are read, and how: by the mapping file, or by headers that are known."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

from knowledge.catalog.importers.recognize import header_format, wrong_format
from knowledge.catalog.importers.sheets.sheet import Line, Sheet
from knowledge.catalog.importers.table.headers import (
    SEARCHED,
    Recognised,
    data_signs,
    find_header,
    told_dataset,
)
from knowledge.catalog.importers.table.layout import (
    Layout,
    mapped_layout,
    recognised_layout,
    starting_mapping,
    told_layout,
    with_tables,
)
from knowledge.catalog.importers.table.mapping import NEEDED, SheetMapping, TableMapping
from knowledge.catalog.rows import Problems
from knowledge.errors import CatalogInvalid

_HEAD = 240  # lines that are looked at before a sheet is read
_CODES_ONLY = frozenset(
    {"name", "table", "code", "code_label", "label", "values", "group", "note", "section", "description"}
)
# On a sheet that is called after its codes, these are said of a code, too.
_OF_CODES = _CODES_ONLY | {"label_ko", "label_en", "missing_pct", "missing_codes", "aliases", "type"}
_CALLED_CODES = re.compile(r"categor|code|terminolog|choice|option|value|코드|범주|보기|값", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Chosen:
    """A sheet that is read, and how."""

    sheet: Sheet
    layout: Layout


@dataclass(frozen=True, slots=True)
class _Seen:
    """A visible sheet: its first lines, and what it may be."""

    sheet: Sheet
    lines: list[Line]
    readings: list[Recognised]


def choose_recognised(sheets: Sequence[Sheet], problems: Problems, *, one_dataset: bool) -> list[Chosen]:
    """The sheets whose headers are known. With ``one_dataset``, what they call datasets are its tables,
    where they name no tables beside. Raises CatalogInvalid, with a mapping to begin with, where no sheet
    holds variables or tables, or where a header may mean two things."""
    seen = _look_into(sheets, problems)
    described = any(
        it.readings[0].holds == "variables" and not _only_codes(it) for it in seen if it.readings
    )
    chosen: list[Chosen] = []
    unknown: dict[str, list[str]] = {}
    unclear: list[str] = []
    for it in seen:
        if it.readings:
            reading = it.readings[0]
            if _only_codes(it):
                wanted = "codes" if described else "variables"
                reading = next((one for one in it.readings if one.holds == wanted), reading)
            place = f"{it.sheet.file}:{reading.rows[-1]}"
            unclear += [f"{place}: {text}" for text in dict.fromkeys(reading.unclear)]
            chosen.append(Chosen(it.sheet, recognised_layout(reading)))
        elif told := told_dataset(it.lines):
            chosen.append(Chosen(it.sheet, told_layout(told, it.lines[0].number)))
        else:
            unknown[it.sheet.name] = _candidates(it.lines)
            problems.add_file(
                f"{it.sheet.file}: the sheet was left out, since its header is not known;"
                " name it in a mapping to have it read"
            )
    if unclear or not any(it.layout.holds in ("variables", "tables") for it in chosen):
        raise _needs_mapping(chosen, unknown, unclear, sheets)
    layouts = [it.layout for it in chosen if it.layout.holds == "variables"]
    if one_dataset and all("dataset" in it.columns and "table" not in it.columns for it in layouts):
        chosen = [Chosen(it.sheet, with_tables(it.layout)) for it in chosen]
    return chosen


def _look_into(sheets: Sequence[Sheet], problems: Problems) -> list[_Seen]:
    """The visible sheets that hold anything, without those that hold data. Raises CatalogInvalid where
    there is no other."""
    seen: list[_Seen] = []
    data: list[str] = []
    for sheet in sheets:
        if sheet.hidden:
            problems.add_file(
                f"{sheet.file}: the sheet is hidden and was left out; name it in a mapping to have it read"
            )
        elif lines := _head(sheet):
            it = _Seen(sheet, lines, find_header(lines, sheet.merged))
            if signs := data_signs(lines, it.readings[0] if it.readings else None):
                data.append(f"{sheet.file}:{signs}")
            else:
                seen.append(it)
    for text in data:
        if not any(it.readings for it in seen):
            raise CatalogInvalid(
                f"{text}; nothing of it was taken in.",
                hint="Give the dictionary that describes the columns, one row for each.",
            )
        problems.add_file(f"{text}; the sheet was left out, take it out of the file")
    if not seen:
        raise CatalogInvalid(
            f"{_names(sheets)}: no visible sheet holds anything.", problems=problems.lines(),
            hint="Give a file that describes variables; a hidden sheet is read where a mapping names it.",
        )
    return seen


def _head(sheet: Sheet) -> list[Line]:
    return list(islice(sheet.lines(Problems()), _HEAD))


def _only_codes(it: _Seen) -> bool:
    """Whether the sheet may be a list of codes rather than of variables."""
    kinds = {reading.holds: reading for reading in it.readings}
    if "codes" not in kinds:
        return False
    may = _OF_CODES if _CALLED_CODES.search(it.sheet.name) else _CODES_ONLY
    return "variables" not in kinds or kinds["variables"].columns.keys() <= may


def _candidates(lines: Sequence[Line]) -> list[str]:
    """The texts of the line that looks most like a header; never of one that looks like data."""
    best: list[str] = []
    for line in lines[:SEARCHED]:
        texts = [" ".join(line.cells[at].split()) for at in line.filled]
        if (
            len(texts) > len(best)
            and not any(c.isdigit() for text in texts for c in text)
            and all(len(text) <= 40 for text in texts)
        ):
            best = texts
    return best


def _needs_mapping(
    chosen: Sequence[Chosen], unknown: dict[str, list[str]], unclear: Sequence[str], sheets: Sequence[Sheet]
) -> CatalogInvalid:
    layouts = {it.sheet.name: it.layout for it in chosen}
    if looks := header_format(_first_cells(sheets)):
        raise CatalogInvalid(wrong_format(_names(sheets), looks, "table of variables") + ".")
    what = (
        f"{unclear[0]}" + (f" (and {len(unclear) - 1} more)" if len(unclear) > 1 else "")
        if unclear
        else f"{_names(sheets)}: no header was found that names variables"
    )
    return CatalogInvalid(
        f"{what}.",
        problems=tuple(unclear),
        hint="Say which column is which in a mapping file and give it with --mapping. To begin with:\n\n"
        + starting_mapping(layouts, unknown),
    )


def _first_cells(sheets: Sequence[Sheet]) -> list[str]:
    return next((list(line.cells) for sheet in sheets for line in islice(sheet.lines(Problems()), 1)), [])


def _names(sheets: Sequence[Sheet]) -> str:
    files = list(dict.fromkeys(sheet.file for sheet in sheets))
    return ", ".join(files[:3]) + (", ..." if len(files) > 3 else "")


def choose_mapped(sheets: Sequence[Sheet], mapping: TableMapping, problems: Problems) -> list[Chosen]:
    """The sheets that ``mapping`` names. Raises CatalogInvalid where it names a sheet or a column that
    no file has."""
    chosen: list[Chosen] = []
    fitting: dict[str, list[Layout | None]] = {told.pattern: [] for told in mapping.sheets}
    for sheet in sheets:
        told = next((it for it in mapping.sheets if it.fits(sheet.name)), None)
        if told is None or (sheet.hidden and not told.named):
            problems.add_file(
                f"{sheet.file}: the sheet was left out; the mapping "
                + ("does not name it" if told is None else "has to name it, since it is hidden")
            )
            continue
        if told.holds == "nothing":
            fitting[told.pattern].append(None)
            continue
        layout = mapped_layout(told, _head(sheet), sheet.merged)
        fitting[told.pattern].append(layout)
        if layout is None or not _usable(layout, told):
            problems.add_file(
                f"{sheet.file}: the sheet was left out; it has none of the columns that the mapping names"
                if layout is None
                else f"{sheet.file}: the sheet was left out; {_first(layout)}"
            )
            continue
        for key, what in layout.missing.items():
            problems.add_file(f"{sheet.file}: {what} ({_place(mapping, told, key)})")
        chosen.append(Chosen(sheet, layout))
    for told in mapping.sheets:
        _check(mapping, told, fitting[told.pattern], sheets)
    return chosen


def _usable(layout: Layout, told: SheetMapping) -> bool:
    return all(needed in layout.columns or needed in told.constants for needed in NEEDED[told.holds])


def _first(layout: Layout) -> str:
    return next(iter(layout.missing.values()), "a column that is needed is not there")


def _place(mapping: TableMapping, told: SheetMapping, key: str) -> str:
    return f"{mapping.name}: {told.key}.{key}" if told.key else f"{mapping.name}: {key}"


def _check(
    mapping: TableMapping, told: SheetMapping, layouts: Sequence[Layout | None], sheets: Sequence[Sheet]
) -> None:
    """A key that holds for no sheet is a mistake in the mapping."""
    names = ", ".join(dict.fromkeys(sheet.name for sheet in sheets))
    if not layouts and told.pattern != "*":
        raise CatalogInvalid(
            f"{mapping.name}: {told.key}: no sheet is called so.",
            hint=f"The sheets are: {names}. Correct the mapping file.",
        )
    if told.holds == "nothing" or not layouts:
        return
    read = [layout for layout in layouts if layout is not None]
    if not read:
        wanted = [text for source in told.columns.values() for text in source.headers]
        raise CatalogInvalid(
            f"{mapping.name}: {told.key + '.' if told.key else ''}columns: no sheet has a header with"
            f" {', '.join(wanted[:5]) or 'these columns'}.",
            hint="Correct the mapping file.",
        )
    for key, what in read[0].missing.items():
        if all(key in layout.missing for layout in read):
            text = f"{_place(mapping, told, key)}: {what}"
            end = "" if text.endswith("?") else "."
            raise CatalogInvalid(text + end, hint="Correct the mapping file.")
