"""XLSX and CSV: a section for each sheet, its table row by row under the names of its columns."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any

from knowledge.documents.formats.container import OFFICE_ERRORS, refuse_bomb, require, unreadable
from knowledge.documents.formats.draft import Content, Draft
from knowledge.errors import DocumentInvalid

MOST_ROWS = 100_000
MOST_COLUMNS = 500
_LONGEST_CELL = 1_000_000  # characters

Grid = list[list[str]]


def read_xlsx(raw: bytes, name: str) -> Content:
    """The visible sheets of a workbook; formulas give the value that was saved with them. Raises
    DocumentInvalid where it is broken, locked, too large or something else."""
    require(raw, "xlsx", name)
    refuse_bomb(raw, name)
    import openpyxl
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        book = openpyxl.load_workbook(io.BytesIO(raw), data_only=True)
        draft = Draft()
        visible = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
        for sheet in visible:
            _limit(name, sheet.max_row, sheet.max_column)
            grid = _values(sheet)
            if any(any(row) for row in grid):
                if len(visible) > 1:
                    draft.heading(sheet.title, 2)
                write_grid(draft, grid)
        return draft.content({"title": book.properties.title or ""})
    # openpyxl lets the errors of its XML parser through
    except (InvalidFileException, TypeError, SyntaxError, *OFFICE_ERRORS) as error:
        raise unreadable(name, "an Excel file", "Excel", error) from error


def read_csv(text: str, name: str) -> Content:
    """The rows of a CSV file; comma, semicolon, tab or bar between the cells."""
    csv.field_size_limit(_LONGEST_CELL)
    try:
        rows = list(csv.reader(io.StringIO(text), delimiter=_delimiter(text, name)))
    except csv.Error as error:
        raise DocumentInvalid(f"'{name}' is not CSV: {error}.", hint="Save it as CSV again.") from error
    _limit(name, len(rows), max(map(len, rows), default=0))
    draft = Draft()
    write_grid(draft, [[cell.strip() for cell in row] for row in rows])
    return draft.content()


def _limit(name: str, rows: int, columns: int) -> None:
    if rows > MOST_ROWS or columns > MOST_COLUMNS:
        raise DocumentInvalid(
            f"'{name}' has {rows:,} rows and {columns:,} columns, more than {MOST_ROWS:,} and"
            f" {MOST_COLUMNS:,}.",
            hint="A dictionary of that size belongs into the catalog: `giljabi catalog import table`.",
        )


def _delimiter(text: str, name: str) -> str:
    if name.lower().endswith(".tsv"):
        return "\t"
    first = next((line for line in text.splitlines() if line.strip()), "")
    counts = {mark: first.count(mark) for mark in (",", ";", "\t", "|")}
    best = max(counts, key=lambda mark: counts[mark])
    return best if counts[best] else ","


def _values(sheet: Any) -> Grid:
    grid = [[_shown(cell) for cell in row] for row in sheet.iter_rows()]
    for area in sheet.merged_cells.ranges:
        top, left = area.min_row - sheet.min_row, area.min_col - sheet.min_column
        if not (0 <= top < len(grid) and 0 <= left < len(grid[top])):
            continue
        text = grid[top][left]
        for row in grid[top : area.max_row - sheet.min_row + 1]:
            for column in range(left, min(area.max_col - sheet.min_column + 1, len(row))):
                row[column] = text
    return grid


def _shown(cell: Any) -> str:
    """A value as the sheet shows it, near enough to be found and quoted."""
    value, form = cell.value, cell.number_format or ""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ", "minutes")
    if isinstance(value, (date, time)):
        return value.isoformat()
    if isinstance(value, (int, float)):
        if "%" in form:
            return f"{round(value * 100, 6):g}%"
        if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
            value = int(value)
        if isinstance(value, int):
            return f"{value:,}" if "#,##" in form else str(value)
        return f"{value:.10g}"
    return str(value)


def write_grid(draft: Draft, grid: Sequence[Sequence[str]]) -> None:
    """Blocks of a sheet, which empty rows part: lines of one cell are text, the rest is a table."""
    block: Grid = []
    for row in [*grid, []]:
        cells = [" ".join(cell.split()) for cell in row]
        if any(cells):
            block.append(cells)
        elif block:
            _write_block(draft, block)
            block = []


def _write_block(draft: Draft, block: Grid) -> None:
    first = 0
    while first < len(block) and len({cell for cell in block[first] if cell}) == 1:
        draft.paragraph(next(cell for cell in block[first] if cell))  # a title over the table
        first += 1
    last = len(block)
    below: list[str] = []
    while last > first and len({cell for cell in block[last - 1] if cell}) == 1 and last - first > 1:
        below.insert(0, next(cell for cell in block[last - 1] if cell))
        last -= 1
    rows = block[first:last]
    if rows:
        used = [at for at in range(max(map(len, rows))) if any(at < len(row) and row[at] for row in rows)]
        draft.table([[row[at] if at < len(row) else "" for at in used] for row in rows])
    for text in below:
        draft.paragraph(text)
