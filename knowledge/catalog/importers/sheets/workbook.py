"""An XLSX workbook as sheets of lines, read piece by piece.

Own code rather than a library: of the two kept ones, python-calamine aborts the whole process on a
sheet with one cell far out and does not tell a percentage from a number, and openpyxl either keeps
every cell in memory or does not tell which cells are merged. See ECMA-376 part 1, 18.
"""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from knowledge.catalog.importers.sheets.container import Container
from knowledge.catalog.importers.sheets.number_format import BUILT_IN, Kind, kind_of
from knowledge.catalog.importers.sheets.sheet import Line, Region
from knowledge.catalog.importers.sheets.worksheet import CellReader, merged_regions, read_lines, unescape
from knowledge.catalog.importers.sheets.xml_events import local, read_events
from knowledge.catalog.rows import Problems, clean
from knowledge.errors import CatalogInvalid

_SMALL = 64 * 2**20  # bytes of the parts that list sheets and styles
_STRINGS = 512 * 2**20  # bytes of the shared texts, which are kept in memory

Report = Callable[[str, int, int], None]


@dataclass
class WorkbookSheet:
    """One sheet; see Sheet."""

    book: Workbook
    name: str
    part: str
    hidden: bool
    file: str = field(init=False)

    def __post_init__(self) -> None:
        self.file = f"{self.book.name} [{self.name}]"

    @property
    def first_day(self) -> int:
        """1900 or 1904."""
        return self.book.first_day

    @cached_property
    def merged(self) -> list[Region]:
        """The merged cells."""
        return merged_regions(self.book.container, self.part, self.file)

    def lines(self, problems: Problems) -> Iterator[Line]:
        """The lines that hold anything; what is damaged raises CatalogInvalid."""
        reader = CellReader(self.book.strings, self.book.formats, self.book.first_day)
        return read_lines(self.book.container, self.part, self.file, reader, self._report)

    def _report(self, done: int, total: int) -> None:
        self.book.report(f"reading {self.file}", done, total)


class Workbook:
    """An open workbook; ``sheets`` are its worksheets in order, hidden ones too.

    Raises CatalogInvalid where the file is damaged or is another kind of ZIP container.
    """

    def __init__(self, path: Path, name: str, report: Report) -> None:
        self.name, self.report = name, report
        self.container = Container(path, name)
        self.first_day = 1900
        self.sheets: list[WorkbookSheet] = []
        main = self._main_part()
        self._targets = self._relations(main)
        self._read_sheets(main)

    def _main_part(self) -> str:
        for kind, target in self._relations("").values():
            if kind.endswith("/officeDocument"):
                if target in self.container and target.lower().endswith(".xml"):
                    return target
                if target.lower().endswith(".bin"):
                    raise self._foreign("a binary workbook (.xlsb)")
        if "content.xml" in self.container:
            raise self._foreign("an OpenDocument file (.ods)")
        if "xl/workbook.xml" in self.container:
            return "xl/workbook.xml"
        raise self._foreign("a ZIP archive that holds no workbook")

    def _foreign(self, what: str) -> CatalogInvalid:
        return CatalogInvalid(
            f"{self.name} is {what}.", hint="Open it in a spreadsheet program and save it as .xlsx."
        )

    def _relations(self, part: str) -> dict[str, tuple[str, str]]:
        """Id to (type, part) of what ``part`` refers to."""
        folder, _, file = part.rpartition("/")
        listing = posixpath.join(folder, "_rels", f"{file}.rels")
        found: dict[str, tuple[str, str]] = {}

        def start(tag: str, attributes: dict[str, str]) -> None:
            if local(tag) == "Relationship" and attributes.get("TargetMode") != "External":
                target = posixpath.normpath(posixpath.join("/", folder, attributes.get("Target", "")))
                found[attributes.get("Id", "")] = attributes.get("Type", ""), target.lstrip("/")

        if listing in self.container:
            self._read(listing, start)
        return found

    def _read(self, part: str, start: Callable[[str, dict[str, str]], None]) -> None:
        for _ in read_events(self.container.chunks(part, _SMALL), self.name, start=start):
            pass

    def _read_sheets(self, main: str) -> None:
        def start(tag: str, attributes: dict[str, str]) -> None:
            name = local(tag)
            if name == "workbookPr" and attributes.get("date1904", "0").lower() in {"1", "true", "on"}:
                self.first_day = 1904
            elif name == "sheet":
                relation = next((text for key, text in attributes.items() if key.endswith(":id")), "")
                kind, part = self._targets.get(relation, ("", ""))
                if kind.endswith("/worksheet"):
                    hidden = attributes.get("state", "visible") != "visible"
                    self.sheets.append(WorkbookSheet(self, clean(attributes.get("name", "")), part, hidden))

        self._read(main, start)

    def _part(self, kind: str) -> str | None:
        parts = (part for type_, part in self._targets.values() if type_.endswith(f"/{kind}"))
        return next((part for part in parts if part in self.container), None)

    @cached_property
    def strings(self) -> list[str]:
        """The texts that cells refer to by number."""
        part = self._part("sharedStrings")
        strings: list[str] = []
        texts: list[str] = []
        depth = {"si": 0, "t": 0, "rPh": 0}

        def start(tag: str, _: dict[str, str]) -> None:
            name = local(tag)
            if name == "si":
                texts.clear()
            if name in depth:
                depth[name] += 1

        def end(tag: str) -> None:
            name = local(tag)
            if name in depth:
                depth[name] -= 1
            if name == "si":
                strings.append(clean(unescape("".join(texts))))

        def text(piece: str) -> None:
            if depth["t"] and not depth["rPh"]:
                texts.append(piece)

        if part is not None:
            total, done = self.container.size(part), 0
            chunks = self.container.chunks(part, _STRINGS)
            for number, _ in enumerate(read_events(chunks, self.name, start=start, end=end, text=text)):
                done = min(total, number * (1 << 16))
                if number % 64 == 0:
                    self.report(f"reading the texts of {self.name}", done, total)
        return strings

    @cached_property
    def formats(self) -> list[tuple[Kind, int]]:
        """What each cell style makes of a number."""
        part, within = self._part("styles"), [False]
        codes: dict[str, tuple[Kind, int]] = {}
        formats: list[tuple[Kind, int]] = []

        def start(tag: str, attributes: dict[str, str]) -> None:
            name = local(tag)
            if name == "numFmt":
                codes[attributes.get("numFmtId", "")] = kind_of(attributes.get("formatCode", ""))
            elif name in {"cellXfs", "cellStyleXfs", "dxfs"}:
                within[0] = name == "cellXfs"
            elif name == "xf" and within[0]:
                number = attributes.get("numFmtId", "0")
                built_in = BUILT_IN.get(int(number), Kind.PLAIN) if number.isdigit() else Kind.PLAIN
                formats.append(codes.get(number, (built_in, 0)))

        if part is not None:
            self._read(part, start)
        return formats
