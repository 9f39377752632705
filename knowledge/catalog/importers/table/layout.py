"""Where in a sheet each column of the folder format is: from the mapping file, or recognised."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from knowledge.catalog.importers.delimited import header_key
from knowledge.catalog.importers.sheets.sheet import Line, Region
from knowledge.catalog.importers.table.headers import (
    SEARCHED,
    HeaderCells,
    Recognised,
    code_system,
    header_cells,
    header_pairs,
)
from knowledge.catalog.importers.table.mapping import COLUMNS, SheetMapping, Source
from knowledge.catalog.importers.table.vocabulary import headers


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the folder format: the positions that it is read from, and how. ``system`` is the
    code system that its header names."""

    positions: tuple[int, ...]
    source: Source
    system: str | None = None


@dataclass(frozen=True)
class Layout:
    """How one sheet is read. ``rows`` are the header's row numbers, ``texts`` the header per position,
    ``left_out`` the headers that go nowhere, ``mapping`` what else is to be done."""

    holds: str
    rows: tuple[int, ...]
    texts: Sequence[str]
    columns: Mapping[str, Column]
    left_out: tuple[str, ...]
    mapping: SheetMapping
    missing: Mapping[str, str] = field(default_factory=dict)  # key of the mapping: a header that is not there
    told_at: int | None = None  # the row from which a sheet without columns is about one dataset


def recognised_layout(reading: Recognised) -> Layout:
    """The layout of a sheet whose header was recognised."""
    columns = {
        name: Column(
            tuple(positions),
            Source(tuple(reading.texts[at] for at in positions)),
            code_system(reading.texts[positions[0]]),
        )
        for name, positions in reading.columns.items()
    }
    mapping = SheetMapping("*", "", reading.holds, {name: it.source for name, it in columns.items()}, {})
    return Layout(reading.holds, reading.rows, reading.texts, columns, tuple(reading.left_out), mapping)


def with_tables(layout: Layout) -> Layout:
    """The layout with what it calls datasets as tables."""
    holds = "tables" if layout.holds == "datasets" else layout.holds
    names = {name: name.replace("dataset", "table") for name in layout.columns}
    columns = {names[name]: it for name, it in layout.columns.items() if names[name] in COLUMNS[holds]}
    return replace(layout, holds=holds, columns=columns)


def told_layout(cells: Mapping[str, str], row: int) -> Layout:
    """The layout of a sheet that says in words what its dataset is, from ``row`` on."""
    return Layout("datasets", (), (), {}, (), SheetMapping("*", "", "datasets", {}, cells), told_at=row)


def mapped_layout(mapping: SheetMapping, lines: Sequence[Line], merged: Sequence[Region]) -> Layout | None:
    """The layout that ``mapping`` tells of a sheet that begins with ``lines``; None where none of its
    headers is there."""
    cells = _told_header(mapping, lines, merged)
    if cells is None:
        return None
    columns: dict[str, Column] = {}
    missing: dict[str, str] = {}
    for name, source in mapping.columns.items():
        positions = list(source.letters)
        for text in source.headers:
            at = _positions(text, cells)
            if len(at) == 1:
                positions.append(at[0])
            else:
                missing[f"columns.{name}"] = _missing(text, at, cells)
        if positions:
            columns[name] = Column(tuple(positions), source)
    if mapping.columns and not columns:
        return None
    used = {at for column in columns.values() for at in column.positions}
    skipped = {at for skip in mapping.skip if skip.column for at in _positions(skip.column, cells)}
    left_out = [
        text
        for at, text in enumerate(cells.texts)
        if text and at not in used | skipped and header_key(text) not in headers().numbers
    ]
    return Layout(
        mapping.holds, cells.rows, cells.texts, columns, tuple(dict.fromkeys(left_out)), mapping, missing
    )


def _told_header(
    mapping: SheetMapping, lines: Sequence[Line], merged: Sequence[Region]
) -> HeaderCells | None:
    if mapping.header == ():
        return HeaderCells((), [], [], [])
    if mapping.header:
        told = [line for line in lines if line.number in mapping.header]
        return header_cells(told, merged) if told else None
    wanted = [text for source in mapping.columns.values() for text in source.headers]
    best: HeaderCells | None = None
    best_rank = (0, 0)
    for at in range(min(len(lines), SEARCHED)):
        for pair in header_pairs(lines, at):
            cells = header_cells(pair, merged)
            found = sum(bool(_positions(text, cells)) for text in wanted)
            if found and (found, -len(pair)) > best_rank:
                best, best_rank = cells, (found, -len(pair))
    if best is None and lines and not wanted:
        return header_cells([lines[0]], merged)
    return best


def _positions(text: str, cells: HeaderCells) -> list[int]:
    """Where the header says ``text``: as it stands first, then without case, spaces and punctuation."""
    exact = [at for at, have in enumerate(cells.texts) if have == " ".join(text.split())]
    if exact:
        return exact
    key = header_key(text)
    return [at for at, keys in enumerate(cells.keys) if key and key in keys]


def _missing(text: str, at: Sequence[int], cells: HeaderCells) -> str:
    rows = " and ".join(map(str, cells.rows))
    if at:
        letters = ", ".join(map(column_letters, at))
        return f"{text!r} stands in the columns {letters} of row {rows}; name one by its letter, with column"
    near = difflib.get_close_matches(text, [have for have in cells.texts if have], 1)
    have = ", ".join(dict.fromkeys(have for have in cells.texts if have))
    return f"there is no column {text!r} in row {rows}; " + (
        f"did you mean {near[0]!r}?" if near else f"the columns are {have}"
    )


def column_letters(at: int) -> str:
    """ "A" of 0, "AA" of 26."""
    letters = ""
    at += 1
    while at:
        at, rest = divmod(at - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def starting_mapping(layouts: Mapping[str, Layout], candidates: Mapping[str, Sequence[str]]) -> str:
    """A mapping file to begin with: what was recognised of each sheet, by its name; and for a sheet
    without a header that is known, its ``candidates`` as a comment."""
    import yaml

    lines: list[str] = ["sheets:"]
    for name, layout in layouts.items():
        columns = {
            column: list(it.source.headers) if len(it.positions) > 1 else it.source.headers[0]
            for column, it in layout.columns.items()
        }
        said = {"holds": layout.holds, "header": list(layout.rows), "columns": columns}
        text = yaml.safe_dump(
            {name: said}, allow_unicode=True, sort_keys=False, default_flow_style=None, width=100
        )
        lines += [f"  {line}" for line in text.splitlines()]
        if layout.left_out:
            lines.append(f"      # not used: {', '.join(layout.left_out)}")
    for name, texts in candidates.items():
        text = yaml.safe_dump({name: {"holds": "variables"}}, allow_unicode=True, sort_keys=False)
        lines += [f"  {line}" for line in text.splitlines()]
        lines += [
            "    columns:",
            f"      name: {yaml_text(texts[0]) if texts else 'HEADER'}  # the variable's name",
            "      # more: label_ko, label_en, description, type, unit, values, missing_pct, table",
        ]
        if texts:
            lines.append(f"      # the columns here: {', '.join(texts)}")
    return "\n".join(lines)


def yaml_text(text: str) -> str:
    """``text`` as a YAML value on one line."""
    import yaml

    return (
        str(yaml.safe_dump(text, allow_unicode=True, width=10_000)).removesuffix("\n").removesuffix("\n...")
    )
