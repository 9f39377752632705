"""Writing HWP 5 files for the tests: headings, paragraphs and tables, enough for a reader to be tried on.

The layout is that of Hancom's published format description (HWP 5.0, revision 1.3): a compound file with the
streams FileHeader, DocInfo and BodyText/Section0; the latter two are raw deflate of a run of records. No
library on PyPI writes this format.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

_FREE, _END, _FAT_SECTOR = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
_SECTOR, _SMALL, _LARGE_FROM = 512, 64, 4096  # bytes
# numbers of records
_PROPERTIES, _MAPPINGS, _FONT, _BORDER, _LETTERS, _TABS = 0x10, 0x11, 0x13, 0x14, 0x15, 0x16
_PARAGRAPH_SHAPE, _STYLE = 0x19, 0x1A
_PARAGRAPH, _TEXT, _TEXT_LETTERS, _CONTROL, _LIST, _PAGE, _TABLE = 0x42, 0x43, 0x44, 0x47, 0x48, 0x49, 0x4D
_LANGUAGES = 7  # each typeface and ratio is given once for each
_STYLES = (("바탕글", "Normal"), ("개요 1", "Outline 1"), ("개요 2", "Outline 2"))
_LAST, _SECTION_MARK, _OBJECT_MARK = 0x80000000, 2, 11


@dataclass(frozen=True)
class Line:
    """A paragraph; ``level`` 1 or 2 makes it a heading, 0 running text."""

    text: str
    level: int = 0


@dataclass(frozen=True)
class Grid:
    """A table, the header first."""

    rows: Sequence[Sequence[str]]


def hwp_file(blocks: Sequence[Line | Grid], *, locked: bool = False) -> bytes:
    """An HWP 5 file of one section with ``blocks`` in their order, or one said to be ``locked``."""
    header = struct.pack("<32sII216x", b"HWP Document File", 0x05000500, 3 if locked else 1)
    return compound_file(
        {
            "FileHeader": header,
            "DocInfo": _deflated(_document_info()),
            "BodyText/Section0": _deflated(_section(blocks)),
        }
    )


def _deflated(raw: bytes) -> bytes:
    squeeze = zlib.compressobj(wbits=-15)
    return squeeze.compress(raw) + squeeze.flush()


def _record(tag: int, level: int, body: bytes) -> bytes:
    if len(body) < 0xFFF:
        return struct.pack("<I", tag | level << 10 | len(body) << 20) + body
    return struct.pack("<II", tag | level << 10 | 0xFFF << 20, len(body)) + body


def _words(text: str) -> bytes:
    raw = text.encode("utf-16-le")
    return struct.pack("<H", len(raw) // 2) + raw


def _document_info() -> bytes:
    counts = [0, *[1] * _LANGUAGES, 1, 1, 1, 0, 0, 1, len(_STYLES), 0, 0, 0]
    letters = struct.pack(
        "<7H7B7b7B7biI2b4IHI",
        *[0] * 7, *[100] * 7, *[0] * 7, *[100] * 7, *[0] * 7,
        *(1000, 0, 0, 0, 0, 0, 0xFFFFFFFF, 0xB2B2B2, 1, 0),
    )  # fmt: skip
    return b"".join(
        [
            _record(_PROPERTIES, 0, struct.pack("<7H3I", 1, *[1] * 6, 0, 0, 0)),
            _record(_MAPPINGS, 0, struct.pack("<18i", *counts)),
            *(_record(_FONT, 1, b"\0" + _words("바탕")) for _ in range(_LANGUAGES)),
            _record(_BORDER, 1, struct.pack("<H4B4B4I2BIII", 0, *[1] * 4, *[0] * 4, *[0] * 4, 0, 0, 0, 0, 0)),
            _record(_LETTERS, 1, letters),
            _record(_TABS, 1, struct.pack("<IH2x", 0, 0)),
            _record(
                _PARAGRAPH_SHAPE, 1, struct.pack("<I6i3H4h3I", 0, *[0] * 5, 160, 0, 0, 1, *[0] * 4, 0, 0, 160)
            ),
            *(
                _record(
                    _STYLE,
                    1,
                    _words(own) + _words(english) + struct.pack("<BBhHHH", 0, number, 1042, 0, 0, 0),
                )
                for number, (own, english) in enumerate(_STYLES)
            ),
        ]
    )


def _section(blocks: Sequence[Line | Grid]) -> bytes:
    parts = []
    for number, block in enumerate(blocks):
        first, last = number == 0, number == len(blocks) - 1
        inside = _page_setup() if first else b""
        if isinstance(block, Line):
            parts.append(_paragraph(block.text, block.level, marks=first, last=last) + inside)
        else:
            marked = _paragraph("", 0, marks=first, last=last, table=True)
            parts.append(marked + inside + _table(block.rows))
    return b"".join(parts)


def _mark(code: int, name: bytes) -> bytes:
    return struct.pack("<H4s8xH", code, name[::-1], code)


def _paragraph(
    text: str, style: int, *, level: int = 0, marks: bool = False, last: bool = False, table: bool = False
) -> bytes:
    before = _mark(_SECTION_MARK, b"secd") if marks else b""
    if table:
        before += _mark(_OBJECT_MARK, b"tbl ")
    raw = before + text.encode("utf-16-le") + b"\r\0"
    mask = (1 << _SECTION_MARK if marks else 0) | (1 << _OBJECT_MARK if table else 0)
    length = len(raw) // 2 | (_LAST if last else 0)
    head = struct.pack("<IIHBBHHHIH", length, mask, 0, style, 0, 1, 0, 0, 0, 0)
    return (
        _record(_PARAGRAPH, level, head)
        + _record(_TEXT, level + 1, raw)
        + _record(_TEXT_LETTERS, level + 1, struct.pack("<II", 0, 0))
    )


def _page_setup() -> bytes:
    section = struct.pack("<4sIHHHIHHHHHH", b"dces", 0, 1134, 0, 0, 8000, 0, 0, 0, 0, 0, 0)
    page = struct.pack("<9II", 59528, 84188, 8504, 8504, 5668, 4252, 4252, 4252, 0, 0)
    return _record(_CONTROL, 1, section) + _record(_PAGE, 2, page)


def _table(rows: Sequence[Sequence[str]]) -> bytes:
    width, height = len(rows[0]), len(rows)
    about = struct.pack(
        "<4sIiiIIi4HIiH", b" lbt", 0x082A2210, 0, 0, 42000, 1000 * height, 0, *[140] * 4, 1, 0, 0
    )
    shape = struct.pack("<IHHH4H", 4, height, width, 0, *[141] * 4)
    shape += struct.pack(f"<{height}HHH", *[width] * height, 1, 0)
    cells = []
    for y, row in enumerate(rows):
        for x, text in enumerate(row):
            place = struct.pack("<HHIHHHHII4HH", 1, 0, 0, x, y, 1, 1, 42000 // width, 1000, *[141] * 4, 1)
            cells.append(_record(_LIST, 2, place) + _paragraph(text, 0, level=2, last=True))
    return _record(_CONTROL, 1, about) + _record(_TABLE, 2, shape) + b"".join(cells)


def compound_file(streams: Mapping[str, bytes]) -> bytes:
    """A compound file (MS-CFB, version 3) with ``streams`` by path; folders are at most one deep."""
    sectors, table = bytearray(), list[int]()
    small, small_table = bytearray(), list[int]()
    starts = {}

    def store(raw: bytes) -> int:
        return _store(raw, sectors, table, _SECTOR)

    for path, raw in streams.items():
        is_small = len(raw) < _LARGE_FROM
        starts[path] = _store(raw, small, small_table, _SMALL) if is_small else store(raw)
    root_start, small_start = store(bytes(small)), store(_numbers(small_table))
    directory = store(_directory(streams, starts, root_start, len(small)))
    own, first = 1, len(table)
    while own * (_SECTOR // 4) < first + own:
        own += 1
    table += [_FAT_SECTOR] * own
    sectors += _numbers(table)
    header = struct.pack(
        "<8s16x5H6x9I",
        *(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 0x3E, 3, 0xFFFE, 9, 6, 0, own, directory, 0, _LARGE_FROM),
        *(small_start, -(-len(small_table) * 4 // _SECTOR), _END, 0),
    )
    return header + struct.pack("<109I", *range(first, first + own), *[_FREE] * (109 - own)) + bytes(sectors)


def _store(raw: bytes, place: bytearray, table: list[int], size: int) -> int:
    """Put ``raw`` down in sectors of ``size`` bytes; the number of the first one."""
    start, count = len(table), -(-len(raw) // size)
    place.extend(raw.ljust(count * size, b"\0"))
    table.extend([*range(start + 1, start + count), _END][: max(count, 0)])
    return start


def _directory(streams: Mapping[str, bytes], starts: Mapping[str, int], root: int, small: int) -> bytes:
    """One entry each for the root, the folders and the streams; siblings hang on one another to the right."""
    folders = sorted({path.partition("/")[0] for path in streams if "/" in path})
    names = ["", *folders, *streams]
    number = {name: at for at, name in enumerate(names)}

    def members(folder: str) -> list[str]:
        inside = [name for name in names[1:] if name.rpartition("/")[0] == folder]
        return sorted(inside, key=lambda name: (len(name), name.upper()))

    follows: dict[str, str] = {}
    for folder in ("", *folders):
        inside = members(folder)
        follows |= dict(pairwise(inside))
    entries = []
    for name in names:
        own = name.rpartition("/")[2] if name else "Root Entry"
        kind = 5 if not name else 1 if name in folders else 2
        inside = members(name) if kind != 2 else []
        child = number[inside[0]] if inside else _FREE
        right = number[follows[name]] if name in follows else _FREE
        start = root if kind == 5 else starts.get(name, 0)
        length = small if kind == 5 else len(streams.get(name, b""))
        raw = own.encode("utf-16-le") + b"\0\0"
        entries.append(
            struct.pack("<64sHBBIII36xIQ", raw, len(raw), kind, 1, _FREE, right, child, start, length)
        )
    return b"".join(entries)


def _numbers(values: Sequence[int]) -> bytes:
    """Sector numbers, filled up to whole sectors."""
    whole = -(-len(values) * 4 // _SECTOR) * _SECTOR
    return struct.pack(f"<{len(values)}I", *values).ljust(whole, b"\xff")
