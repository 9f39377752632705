"""The lines of a sheet below its header as records: column of the folder format to the text of its cell.

Headers that stand again, empty lines, headings of sections, remarks and what the mapping skips are
not records.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice, pairwise

from knowledge.catalog.importers.delimited import header_key
from knowledge.catalog.importers.sheets.sheet import ERRORS, NOT_CALCULATED, Line, Sheet, fill_down
from knowledge.catalog.importers.table.layout import Column, Layout
from knowledge.catalog.importers.table.mapping import NEEDED, Skip
from knowledge.catalog.importers.table.titles import above, has_blocks, heading, table_named
from knowledge.catalog.importers.table.vocabulary import headers
from knowledge.catalog.importers.words import words
from knowledge.catalog.rows import Problems

_NO_RESULT = ERRORS | {NOT_CALCULATED}
_LOOKED_AT = 2_000  # lines, for tables below each other
_ABOUT_LINES = 6  # between a line about a table and the header of its columns
_WIDE = 3  # merged columns that make a row a heading
_LONGEST_HEADING = 60  # characters
# Labels beside which a sheet says what it is about, above its header or between its blocks.
_ABOUT = ("table", "table_title", "table_description", "dataset", "dataset_title")


@dataclass(frozen=True, slots=True)
class Record:
    """One line's cells by column; ``continues`` says that its first needed cell belongs to a merged cell
    that began above, or is empty."""

    number: int
    cells: Mapping[str, str]
    continues: bool


class Records:
    """The records of one sheet. After they were read, ``headings`` are the rows that were taken for
    headings or remarks."""

    def __init__(self, sheet: Sheet, layout: Layout, problems: Problems) -> None:
        self._sheet, self._layout, self._problems = sheet, layout, problems
        self._needed = NEEDED[layout.holds][0]
        self._about: dict[str, str] = {}
        self._says_about = layout.holds == "variables" and not {"table", "dataset"} & layout.columns.keys()
        self._section = ""
        self._last: dict[str, str] = {}  # for the columns to fill
        self._wide = {
            region.first_row
            for region in sheet.merged
            if region.last_column - region.first_column >= _WIDE - 1
        }
        self._header = self._header_texts()
        self.headings: list[int] = []
        # whether each table has a block of its own, below its title
        self.blocks = self._says_about and self._has_blocks()

    def _has_blocks(self) -> bool:
        """Whether there are blocks; and take the title of the first."""
        head = list(islice(self._sheet.lines(Problems()), _LOOKED_AT))
        rows = self._layout.rows
        if not rows or not has_blocks(head, rows, self._is_header):
            return False
        self._begin_table(above(head, min(rows)))
        return True

    def _begin_table(self, title: str) -> None:
        table, title = table_named(title)
        self._about |= {"table": table, "table_title": title}
        self._section = ""

    def _header_texts(self) -> dict[int, set[str]]:
        used = {at for column in self._layout.columns.values() for at in column.positions}
        return {
            at: {header_key(part) for part in (self._layout.texts[at], *self._layout.texts[at].split("/"))}
            for at in used
            if at < len(self._layout.texts)
        }

    def __iter__(self) -> Iterator[Record]:
        if self._layout.told_at is not None:
            yield Record(self._layout.told_at, self._layout.mapping.constants, False)
            return
        for line in self._entries():
            record = self._record(line)
            if record is not None:
                yield record

    def _entries(self) -> Iterator[Line]:
        """The lines that are neither above the data, nor a header, nor skipped, nor about the table."""
        mapping, rows = self._layout.mapping, self._layout.rows
        held: list[Line] = []  # lines that are about a table if a header follows
        for line in fill_down(self._sheet.lines(self._problems), self._sheet.merged):
            if line.number < min(rows, default=1):
                self._note_about(line)
            if line.number <= max(rows, default=0) or line.number < mapping.first_row:
                continue
            if mapping.last_row is not None and line.number > mapping.last_row:
                break
            if self._is_header(line):
                for about in held:
                    self._note_about(about)
                if self.blocks and held and (title := heading(held[-1])):
                    self._begin_table(title)
                held = []
            elif any(self._skips(it, line) for it in mapping.skip):
                continue
            elif len(held) < _ABOUT_LINES and (
                held or self._begins_about(line) or (self.blocks and heading(line))
            ):
                held.append(line)
            else:
                yield from held
                held = []
                yield line
        yield from held

    def _is_header(self, line: Line) -> bool:
        """Whether the header stands here again, as on each printed page."""
        if len(self._header) < 2:
            return False
        if line.number == max(self._layout.rows) + 1 and self._names_columns(line):
            return True
        key_at = next(iter(self._header))  # most lines are told by one cell
        if line.at(key_at) and header_key(line.at(key_at)) not in self._header[key_at]:
            return False
        same = [at for at, keys in self._header.items() if line.at(at) and header_key(line.at(at)) in keys]
        return len(same) >= 2 and len(same) * 2 > sum(1 for at in self._header if line.at(at))

    def _names_columns(self, line: Line) -> bool:
        """Whether a line right below the header says the same in other words, in English perhaps."""
        known = headers().meanings.get(self._layout.holds, {})
        filled = [(name, line.at(column.positions[0])) for name, column in self._layout.columns.items()]
        told = [name in {c for c, _ in known.get(header_key(text), ())} for name, text in filled if text]
        return len(told) >= 2 and all(told)

    def _note_about(self, line: Line) -> None:
        """Take "table: labs" above a header for the rows that follow it."""
        found = self._about_in(line)
        if "table" in found:
            self._about = {key: text for key, text in self._about.items() if key.startswith("dataset")}
            self._section = ""
        self._about.update(found)

    def _begins_about(self, line: Line) -> bool:
        """Whether a line among the data may begin another table: its first cell is a label."""
        if not self._says_about:
            return False
        first = next((cell for cell in line.cells if cell), "")
        known = headers().meanings["variables"].get(header_key(first), ())
        return any(column in _ABOUT for column, _ in known) and bool(self._about_in(line))

    def _about_in(self, line: Line) -> dict[str, str]:
        """What the line says of table and dataset in labels and the cells beside them."""
        if not self._says_about:
            return {}
        found: dict[str, str] = {}
        meanings = headers().meanings["variables"]
        for at, following in pairwise(line.filled):
            known = {column for column, _ in meanings.get(header_key(line.at(at)), ())}
            column = next((it for it in _ABOUT if it in known and it not in found), None)
            if column and header_key(line.at(following)) not in meanings:
                found[column] = line.at(following)
        return found

    def _skips(self, skip: Skip, line: Line) -> bool:
        if skip.starts:
            return next((line.at(at) for at in line.filled), "").startswith(skip.starts)
        at = next(
            (
                n
                for n, text in enumerate(self._layout.texts)
                if text == skip.column or header_key(text) == header_key(skip.column or "")
            ),
            None,
        )
        return at is not None and line.at(at) in skip.texts

    def _record(self, line: Line) -> Record | None:
        cells = {
            name: text
            for name, column in self._layout.columns.items()
            if (text := self._text(line, name, column))
        }
        if self._is_heading(line, cells) or not cells:
            return None
        needed = self._layout.columns.get(self._needed)
        own = needed is None or any(at in line.filled for at in needed.positions)
        for name in self._layout.mapping.fill:
            if name in cells:
                self._last[name] = cells[name]
            elif name in self._last:
                cells[name] = self._last[name]
        if self._section and self._layout.holds == "variables":
            cells.setdefault("section", self._section)
        return Record(line.number, {**self._layout.mapping.constants, **self._about, **cells}, not own)

    def _is_heading(self, line: Line, cells: Mapping[str, str]) -> bool:
        """A row with one cell is no entry, unless that is its name; nor is one merged over the sheet."""
        filled = line.filled
        if len(self._layout.columns) < 2 or len(filled) != 1:
            return False
        text = line.at(filled[0])
        remark = text.casefold().startswith(words().remarks)
        if set(cells) <= {self._needed} and cells and not remark and line.number not in self._wide:
            return False
        if set(cells) & {"values", "code", "code_label"} and not remark:
            return False
        self.headings.append(line.number)
        if not remark and len(text) <= _LONGEST_HEADING and self._layout.holds == "variables":
            self._section = text.strip("■□●○◆◇▶▷★☆-·[]<>【】 ")
        return True

    def _text(self, line: Line, name: str, column: Column) -> str:
        source = column.source
        texts = [cell for at in column.positions if (cell := line.at(at))]
        if not texts:
            return ""
        if len(texts) == 1 and source.plain and texts[0][0] != "#":
            return texts[0]
        for at, text in enumerate(texts):
            if text in _NO_RESULT:
                texts[at] = ""
                lost = "was saved without its result; open the file in Excel and save it"
                what = lost if text == NOT_CALCULATED else f"gives {text}; correct it"
                self._problems.add(self._sheet.file, line.number, f"the formula of the {name} {what}")
        joined = "|" if name == "aliases" else source.join
        text = joined.join(dict.fromkeys(filter(None, texts)))
        if source.map is not None:
            text = source.map.get(text, text)
        if source.times is not None and text:
            with suppress(ValueError):  # "<5" and the like are judged where their column is
                text = f"{float(text) * source.times:.10g}"
        return source.prefix + text if text else ""
