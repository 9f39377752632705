"""Workbooks written part by part, so that they can be as odd as the ones that hospitals send."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"

# Styles by name: number format ids and, from 164 on, codes of their own.
STYLES = {"": 0, "date": 14, "percent": 10, "time": 20, "korean date": 164, "padded": 165, "moment": 166}
CODES = {164: 'yyyy"년" m"월" d"일";@', 165: "000", 166: "[$-412]yyyy\\-mm\\-dd\\ hh:mm"}


@dataclass(frozen=True)
class Cell:
    """A cell as the file stores it: ``raw`` of ``type``, in a style, with a formula or not."""

    raw: str | None
    type: str = "n"
    style: str = ""
    formula: str | None = None


@dataclass
class SheetParts:
    """One sheet: cells by place ("B3"), or rows from A1 on; merged ranges; state."""

    name: str
    rows: Sequence[Sequence[object]] = ()
    cells: Mapping[str, object] = field(default_factory=dict)
    merged: Sequence[str] = ()
    state: str = "visible"


def letters(column: int) -> str:
    text = ""
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(65 + rest) + text
    return text


def write_workbook(
    path: Path,
    *sheets: SheetParts,
    first_day: int = 1900,
    places: bool = True,
    shared: bool = True,
    prefix: str = "",
    parts: Mapping[str, str] | None = None,
) -> Path:
    """Write a workbook; without ``places`` no cell says where it is, without ``shared`` texts are inline."""
    strings: dict[str, int] = {}
    p = f"{prefix}:" if prefix else ""
    bodies = [_sheet(sheet, strings, places, shared, p, prefix) for sheet in sheets]
    named = "".join(
        f'<sheet name={quoteattr(sheet.name)} sheetId="{n}" state="{sheet.state}" r:id="rId{n}"/>'
        for n, sheet in enumerate(sheets, 1)
    )
    date1904 = '<workbookPr date1904="1"/>' if first_day == 1904 else ""
    relations = "".join(
        f'<Relationship Id="rId{n}" Type="{OFFICE}/worksheet" Target="worksheets/sheet{n}.xml"/>'
        for n in range(1, len(sheets) + 1)
    )
    texts = "".join(f"<si><t xml:space='preserve'>{escape(text)}</t></si>" for text in strings)
    formats = "".join(f'<numFmt numFmtId="{n}" formatCode={quoteattr(code)}/>' for n, code in CODES.items())
    styles = "".join(f'<xf numFmtId="{n}"/>' for n in STYLES.values())
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr(
            "_rels/.rels",
            f'<Relationships xmlns="{PACKAGE}"><Relationship Id="a"'
            f' Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        )
        file.writestr(
            "xl/workbook.xml",
            f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}">{date1904}<sheets>{named}</sheets></workbook>',
        )
        file.writestr(
            "xl/_rels/workbook.xml.rels",
            f'<Relationships xmlns="{PACKAGE}">{relations}'
            f'<Relationship Id="s" Type="{OFFICE}/sharedStrings" Target="/xl/sharedStrings.xml"/>'
            f'<Relationship Id="f" Type="{OFFICE}/styles" Target="styles.xml"/></Relationships>',
        )
        file.writestr("xl/sharedStrings.xml", f'<sst xmlns="{MAIN}">{texts}</sst>')
        file.writestr(
            "xl/styles.xml",
            f'<styleSheet xmlns="{MAIN}"><numFmts>{formats}</numFmts><cellStyleXfs>'
            f'<xf numFmtId="14"/></cellStyleXfs><cellXfs>{styles}</cellXfs></styleSheet>',
        )
        for n, body in enumerate(bodies, 1):
            file.writestr(f"xl/worksheets/sheet{n}.xml", body)
        for name, text in (parts or {}).items():
            file.writestr(name, text)
    return path


def _sheet(
    sheet: SheetParts, strings: dict[str, int], places: bool, shared: bool, p: str, prefix: str
) -> str:
    grid: dict[int, dict[int, object]] = {}
    for row, cells in enumerate(sheet.rows, 1):
        grid[row] = {column: cell for column, cell in enumerate(cells, 1) if cell is not None}
    for place, cell in sheet.cells.items():
        column = sum((ord(c) - 64) * 26**n for n, c in enumerate(reversed(place.rstrip("0123456789"))))
        grid.setdefault(int(place.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")), {})[column] = cell
    body = ""
    for row, found in sorted(grid.items()):
        inner = "".join(
            _cell(cell, f"{letters(column)}{row}" if places else "", strings, shared, p)
            for column, cell in sorted(found.items())
        )
        body += f"<{p}row{f' r={chr(34)}{row}{chr(34)}' if places else ''}>{inner}</{p}row>"
    merges = "".join(f'<{p}mergeCell ref="{ref}"/>' for ref in sheet.merged)
    merged = f"<{p}mergeCells>{merges}</{p}mergeCells>" if merges else ""
    namespace = f"xmlns:{prefix}" if prefix else "xmlns"
    return (
        f'<{p}worksheet {namespace}="{MAIN}"><{p}dimension ref="A1"/>'
        f"<{p}sheetData>{body}</{p}sheetData>{merged}</{p}worksheet>"
    )


def _cell(cell: object, place: str, strings: dict[str, int], shared: bool, p: str) -> str:
    at = f' r="{place}"' if place else ""
    if isinstance(cell, Cell):
        style = list(STYLES).index(cell.style)
        formula = f"<{p}f>{escape(cell.formula)}</{p}f>" if cell.formula else ""
        value = f"<{p}v>{escape(cell.raw)}</{p}v>" if cell.raw is not None else ""
        return f'<{p}c{at} t="{cell.type}" s="{style}">{formula}{value}</{p}c>'
    if isinstance(cell, (int, float)):
        return f"<{p}c{at}><{p}v>{cell}</{p}v></{p}c>"
    text = str(cell)
    if shared:
        return f'<{p}c{at} t="s"><{p}v>{strings.setdefault(text, len(strings))}</{p}v></{p}c>'
    return f'<{p}c{at} t="inlineStr"><{p}is><{p}t>{escape(text)}</{p}t></{p}is></{p}c>'
