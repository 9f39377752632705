"""DOCX: headings by outline level, lists with their numbers, tables with merged cells, footnotes.

python-docx opens the package; its XML is walked here, since its paragraphs leave out inserted text and
its lists have no numbers. Deleted text is left out, hidden text as well.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from knowledge.documents.formats.container import refuse_bomb, require
from knowledge.documents.formats.draft import Content, Draft
from knowledge.errors import DocumentInvalid

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_LEVEL = re.compile(r"(?:heading|제목|개요)\s*(\d)", re.IGNORECASE)
_SKIPPED = frozenset({_W + tag for tag in ("del", "moveFrom", "pPr", "rPr", "instrText", "fldSimpleBegin")})
_FORMATS = {"bullet", "none"}
_KOREAN = "가나다라마바사아자차카타파하"


def read_docx(raw: bytes, name: str) -> Content:
    """The text of a Word file. Raises DocumentInvalid where it is broken, locked or something else."""
    require(raw, "docx", name)
    refuse_bomb(raw, name)
    import docx
    from docx.opc.exceptions import OpcError
    from lxml.etree import LxmlError

    try:
        document = docx.Document(io.BytesIO(raw))
        return _Word(document).read()
    except (
        OpcError,
        LxmlError,
        KeyError,
        ValueError,
        AttributeError,
        IndexError,
        zipfile.BadZipFile,
    ) as error:
        raise DocumentInvalid(
            f"'{name}' cannot be read as a Word file: {error or type(error).__name__}.",
            hint="Open it in Word and save it again.",
        ) from error


class _Word:
    def __init__(self, document: Any) -> None:
        self._document = document
        self._draft = Draft()
        self._styles = {style.style_id: style for style in document.styles}
        self._numbering = _Numbering(document)
        self._footnotes = _footnotes(document)
        self._cited: list[str] = []
        self._paged = b"lastRenderedPageBreak" in document.part.blob if document.part else False

    def read(self) -> Content:
        self._walk(self._document.element.body)
        self._notes()
        properties = self._document.core_properties
        return self._draft.content({"title": properties.title or ""})

    def _walk(self, parent: Any) -> None:
        for child in parent:
            if child.tag == _W + "p":
                self._paragraph(child)
            elif child.tag == _W + "tbl":
                self._table(child)
            elif child.tag == _W + "sdt":
                for content in child.findall(_W + "sdtContent"):
                    self._walk(content)
            elif child.tag in (_W + "ins", _W + "customXml", _W + "moveTo"):
                self._walk(child)

    def _paragraph(self, element: Any) -> None:
        style = self._style(element)
        level = self._level(element, style)
        if level:
            self._notes()
        self._break_page(element)
        text = self._text(element)
        mark = self._numbering.mark(element, style) if text.strip() else None
        if level:
            self._draft.heading(f"{mark} {text}" if mark and mark != "-" else text, level)
        elif mark:
            self._draft.item(text, mark, self._numbering.depth(element, style))
        else:
            self._draft.paragraph(text)
        for box in element.iter(_W + "txbxContent"):
            # Word writes a text box twice, once for old readers.
            if not any(parent.tag.endswith("}Fallback") for parent in box.iterancestors()):
                self._walk(box)

    def _break_page(self, element: Any) -> None:
        """Word remembers where it broke pages when it last laid the text out."""
        if not self._paged:
            return
        for _ in element.iter(_W + "lastRenderedPageBreak"):
            self._draft.page()

    def _style(self, element: Any) -> Any:
        found = element.find(f"{_W}pPr/{_W}pStyle")
        return self._styles.get(found.get(_W + "val")) if found is not None else None

    def _level(self, element: Any, style: Any) -> int:
        """The outline level from 1, 0 for running text."""
        own = element.find(f"{_W}pPr/{_W}outlineLvl")
        if own is not None and own.get(_W + "val", "9").isdigit() and int(own.get(_W + "val")) < 9:
            return int(own.get(_W + "val")) + 1
        seen = 0
        while style is not None and seen < 20:
            if match := _LEVEL.match(style.name or ""):
                return int(match[1]) + 1
            if (style.name or "").lower() in ("title", "제목"):
                return 1
            outline = style.element.find(f"{_W}pPr/{_W}outlineLvl")
            if outline is not None and outline.get(_W + "val", "9") < "9":
                return int(outline.get(_W + "val")) + 2
            style, seen = getattr(style, "base_style", None), seen + 1
        return 0

    def _text(self, element: Any) -> str:
        parts: list[str] = []
        for node in _shown(element):
            if node.tag == _W + "t":
                parts.append(node.text or "")
            elif node.tag in (_W + "tab", _W + "ptab"):
                parts.append(" ")
            elif node.tag in (_W + "br", _W + "cr"):
                parts.append("\n")
            elif node.tag == _W + "noBreakHyphen":
                parts.append("-")
            elif node.tag in (_W + "footnoteReference", _W + "endnoteReference"):
                kind = "e" if node.tag.endswith("endnoteReference") else ""
                key = kind + node.get(_W + "id", "")
                if key in self._footnotes:
                    self._cited.append(key)
                    parts.append(f"[^{key}]")
        return "".join(parts)

    def _table(self, table: Any) -> None:
        rows: list[list[str]] = []
        above: dict[int, str] = {}
        for row in _rows(table):
            cells: list[str] = []
            for cell in _cells(row):
                properties = cell.find(_W + "tcPr")
                span, merge = 1, None
                if properties is not None:
                    wide = properties.find(_W + "gridSpan")
                    span = int(wide.get(_W + "val", "1")) if wide is not None else 1
                    merge = properties.find(_W + "vMerge")
                at = len(cells)
                if merge is not None and merge.get(_W + "val") != "restart":
                    text = above.get(at, "")
                else:
                    text = "\n".join(self._cell_lines(cell))
                for _ in range(max(1, min(span, 60))):
                    above[len(cells)] = text
                    cells.append(text)
            rows.append(cells)
        if rows and max(map(len, rows)) == 1:
            for row in rows:  # a frame around text, not a table
                for text in row:
                    self._draft.paragraph(text)
        else:
            self._draft.table(rows)

    def _cell_lines(self, cell: Any) -> Iterator[str]:
        for paragraph in cell.iter(_W + "p"):
            if text := self._text(paragraph).strip():
                style = self._style(paragraph)
                mark = self._numbering.mark(paragraph, style)
                yield f"{mark} {text}" if mark and mark != "-" else text

    def _notes(self) -> None:
        for key in dict.fromkeys(self._cited):
            self._draft.paragraph(f"[^{key}]: {self._footnotes[key]}")
        self._cited.clear()


def _shown(element: Any) -> Iterator[Any]:
    """The nodes of a paragraph that a reader sees, in order, without those of text boxes."""
    for child in element:
        if child.tag in _SKIPPED or child.tag.endswith(("}AlternateContent", "}pict", "}drawing")):
            continue
        if child.tag == _W + "r" and child.find(f"{_W}rPr/{_W}vanish") is not None:
            continue
        if len(child):
            yield from _shown(child)
        yield child


def _rows(table: Any) -> Iterator[Any]:
    for child in table:
        if child.tag == _W + "tr":
            yield child
        elif child.tag in (_W + "sdt", _W + "sdtContent", _W + "ins", _W + "customXml"):
            yield from _rows(child)


def _cells(row: Any) -> Iterator[Any]:
    for child in row:
        if child.tag == _W + "tc":
            yield child
        elif child.tag in (_W + "sdt", _W + "sdtContent", _W + "ins", _W + "customXml"):
            yield from _cells(child)


def _footnotes(document: Any) -> dict[str, str]:
    """Footnotes by id, endnotes by "e" and id."""
    from lxml import etree

    found: dict[str, str] = {}
    for relation in document.part.rels.values():
        kind = relation.reltype.rsplit("/", 1)[-1]
        if relation.is_external or kind not in ("footnotes", "endnotes"):
            continue
        parser = etree.XMLParser(resolve_entities=False, no_network=True)
        root = etree.fromstring(relation.target_part.blob, parser)
        for note in root:
            if note.get(_W + "type") in (None, "normal"):
                text = " ".join("".join(t.text or "" for t in note.iter(_W + "t")).split())
                if text:
                    found[("e" if kind == "endnotes" else "") + note.get(_W + "id", "")] = text
    return found


class _Numbering:
    """The marks of list items: "-" for bullets, the number as it is shown for the rest."""

    def __init__(self, document: Any) -> None:
        self._levels: dict[str, dict[int, tuple[str, str, int]]] = {}
        self._counts: dict[str, dict[int, int]] = defaultdict(dict)
        try:
            root = document.part.numbering_part.element
        except (KeyError, NotImplementedError):
            return
        abstract = {one.get(_W + "abstractNumId"): one for one in root.findall(_W + "abstractNum")}
        for number in root.findall(_W + "num"):
            used = number.find(_W + "abstractNumId")
            kept = abstract.get(used.get(_W + "val")) if used is not None else None
            if kept is not None:
                self._levels[number.get(_W + "numId")] = dict(_levels(kept))

    def mark(self, element: Any, style: Any) -> str | None:
        """The mark of this paragraph, None where it is no list item. Counts it."""
        place = _place(element, style)
        if place is None:
            return None
        number, depth = place
        form, shown, first = self._levels.get(number, {}).get(depth, ("bullet", "", 1))
        counts = self._counts[number]
        counts[depth] = counts.get(depth, first - 1) + 1
        for deeper in [level for level in counts if level > depth]:
            del counts[deeper]
        if form in _FORMATS:
            return "-"
        levels = self._levels[number]

        def value(match: re.Match[str]) -> str:
            level = int(match[1]) - 1
            return _numeral(counts.get(level, 1), levels.get(level, (form, "", 1))[0])

        return re.sub(r"%(\d)", value, shown) or "-"

    def depth(self, element: Any, style: Any) -> int:
        """How deep the item lies, from 0."""
        place = _place(element, style)
        return place[1] if place else 0


def _levels(abstract: Any) -> Iterator[tuple[int, tuple[str, str, int]]]:
    for level in abstract.findall(_W + "lvl"):
        form, shown, start = (level.find(_W + tag) for tag in ("numFmt", "lvlText", "start"))
        first = start.get(_W + "val", "1") if start is not None else "1"
        yield (
            int(level.get(_W + "ilvl", "0")),
            (
                form.get(_W + "val", "decimal") if form is not None else "decimal",
                shown.get(_W + "val", "") if shown is not None else "",
                int(first) if first.isdigit() else 1,
            ),
        )


def _place(element: Any, style: Any) -> tuple[str, int] | None:
    """(numId, level) of a paragraph's own list or its style's; None without one."""
    found = element.find(f"{_W}pPr/{_W}numPr")
    seen = 0
    while found is None and style is not None and seen < 20:
        found = style.element.find(f"{_W}pPr/{_W}numPr")
        style, seen = getattr(style, "base_style", None), seen + 1
    if found is None:
        return None
    number, level = found.find(_W + "numId"), found.find(_W + "ilvl")
    if number is None or number.get(_W + "val") in (None, "0"):
        return None
    depth = level.get(_W + "val", "0") if level is not None else "0"
    return number.get(_W + "val"), int(depth) if depth.isdigit() else 0


def _numeral(number: int, form: str) -> str:
    if form in ("lowerLetter", "upperLetter"):
        letter = chr(ord("a") + (number - 1) % 26)
        return letter.upper() if form == "upperLetter" else letter
    if form in ("lowerRoman", "upperRoman"):
        roman = _roman(number)
        return roman if form == "upperRoman" else roman.lower()
    if form == "ganada":
        return _KOREAN[(number - 1) % len(_KOREAN)]
    if form == "decimalEnclosedCircle" and 1 <= number <= 20:
        return chr(ord("①") + number - 1)
    return str(number)


def _roman(number: int) -> str:
    text = ""
    for value, sign in ((10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I")):
        while number >= value:
            text, number = text + sign, number - value
    return text
