"""The mapping file: ``read_mapping(path)``. Its format is told in the README."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from knowledge.catalog.importers.plain_yaml import Node, read_plain_yaml
from knowledge.catalog.importers.sheets.text_file import DELIMITERS, text_encoding
from knowledge.catalog.importers.sheets.worksheet import column_of
from knowledge.catalog.importers.table.mapping import (
    COLUMNS,
    NEEDED,
    SheetMapping,
    Skip,
    Source,
    TableMapping,
)
from knowledge.errors import CatalogInvalid

T = TypeVar("T")

_SHEET_KEYS = (
    "holds", "header", "first_row", "last_row", "columns", "constants", "maps", "values", "fill", "skip",
)


def read_mapping(path: Path) -> TableMapping:
    """The mapping in ``path``. Raises CatalogInvalid, naming the key, where it says what it cannot."""
    return _Reading(path).run()


class _Reading:
    def __init__(self, path: Path) -> None:
        self._name = path.name
        self._root = read_plain_yaml(path)

    def run(self) -> TableMapping:
        keys = ("dataset", "encoding", "delimiter", "sheets", *_SHEET_KEYS)
        top = self._dict(self._root, keys)
        if "sheets" in top and (also := [key for key in _SHEET_KEYS if key in top]):
            raise self._wrong(
                top[also[0]], "it stands beside 'sheets'; put it below the sheet that it is about"
            )
        if "sheets" in top:
            sheets = tuple(self._sheet(name, node) for name, node in self._dict(top["sheets"]).items())
        else:
            sheets = (self._sheet("*", self._root, keys),)
        if not any(sheet.holds == "variables" or sheet.holds == "tables" for sheet in sheets):
            raise self._wrong(self._root, "no sheet holds variables or tables; say which one does")
        return TableMapping(
            self._name,
            sheets,
            dataset=self._optional(top, "dataset", str),
            encoding=self._optional(top, "encoding", text_encoding),
            delimiter=self._optional(top, "delimiter", _delimiter),
        )

    def _sheet(self, pattern: str, node: Node, keys: tuple[str, ...] | None = None) -> SheetMapping:
        said = self._dict(node, keys or _SHEET_KEYS)
        holds = self._optional(said, "holds", lambda text: _one_of(text, tuple(COLUMNS))) or "variables"
        known = COLUMNS[holds]
        columns = {name: self._source(it) for name, it in self._dict(said.get("columns"), known).items()}
        constants = {name: self._text(it) for name, it in self._dict(said.get("constants"), known).items()}
        for name, node_ in self._dict(said.get("maps"), tuple(columns)).items():
            columns[name] = replace(columns[name], map=self._texts_by_key(node_))
        for needed in NEEDED[holds]:
            if needed not in columns and needed not in constants:
                raise self._wrong(
                    said.get("columns") or node, f"it lacks {needed!r}; say which column that is"
                )
        values = self._dict(said.get("values"), ("between", "inside"))
        header = said.get("header")
        return SheetMapping(
            pattern,
            node.key,
            holds,
            columns,
            constants,
            header=None if header is None else self._header(header),
            first_row=self._optional(said, "first_row", _row) or 1,
            last_row=self._optional(said, "last_row", _row),
            fill=tuple(
                self._parse(it, lambda text: _one_of(text, tuple(columns)))
                for it in self._list(said.get("fill"))
            ),
            skip=tuple(self._skip(it) for it in self._list(said.get("skip"))),
            between=self._optional(values, "between", str),
            inside=self._optional(values, "inside", str),
        )

    def _header(self, node: Node) -> tuple[int, ...]:
        if node.value == "none":
            return ()
        rows = tuple(self._parse(it, _row) for it in self._list(node))
        if len(rows) not in (1, 2) or sorted(set(rows)) != list(rows):
            raise self._wrong(node, "give one row number, two in order, or none")
        return rows

    def _source(self, node: Node) -> Source:
        if not isinstance(node.value, dict):
            return Source(tuple(self._text(it) for it in self._list(node)))
        said = self._dict(node, ("header", "column", "join", "prefix", "times", "map"))
        headers = tuple(self._text(it) for it in self._list(said.get("header")))
        letters = tuple(self._parse(it, _letters) for it in self._list(said.get("column")))
        if bool(headers) == bool(letters):
            raise self._wrong(node, "give it either header or column (a letter)")
        return Source(
            headers,
            letters,
            join=said["join"].text if "join" in said else " / ",
            map=self._texts_by_key(said["map"]) if "map" in said else None,
            times=self._optional(said, "times", _number),
            prefix=self._optional(said, "prefix", str) or "",
        )

    def _skip(self, node: Node) -> Skip:
        said = self._dict(node, ("column", "is", "starts"))
        texts = tuple(it.text for it in self._list(said.get("is")))
        starts = tuple(self._text(it) for it in self._list(said.get("starts")))
        column = self._optional(said, "column", str)
        if (column is None) == (not starts) or (column is not None and not texts):
            raise self._wrong(node, "give it column and is, or starts")
        return Skip(column, texts, starts)

    # What a node is.

    def _wrong(self, node: Node, what: str) -> CatalogInvalid:
        where = f"{self._name}:{node.line}: " + (f"{node.key}: " if node.key else "")
        end = "" if what.endswith("?") else "."
        return CatalogInvalid(
            f"{where}{what}{end}", problems=(where + what,), hint="Correct the mapping file."
        )

    def _dict(self, node: Node | None, known: Collection[str] | None = None) -> dict[str, Node]:
        if node is None or node.value == "":
            return {}
        if not isinstance(node.value, dict):
            raise self._wrong(node, f"{node.shown} is no set of keys; write key: value below it")
        for key, child in node.value.items():
            if known is not None and key not in known:
                near = difflib.get_close_matches(key, known, 1)
                raise self._wrong(
                    child,
                    f"there is no such key; did you mean {near[0]!r}?"
                    if near
                    else f"there is no such key; use one of {', '.join(known)}",
                )
        return node.value

    def _list(self, node: Node | None) -> Sequence[Node]:
        if node is None or node.value == "":
            return ()
        return node.value if isinstance(node.value, list) else [node]

    def _text(self, node: Node) -> str:
        if not isinstance(node.value, str) or not node.value:
            raise self._wrong(node, f"{node.shown} is no text; give it one")
        return node.value

    def _texts_by_key(self, node: Node) -> dict[str, str]:
        return {key: child.text for key, child in self._dict(node).items()}

    def _parse(self, node: Node, parse: Callable[[str], T]) -> T:
        try:
            return parse(self._text(node))
        except ValueError as error:
            raise self._wrong(node, str(error)) from error

    def _optional(self, said: Mapping[str, Node], key: str, parse: Callable[[str], T]) -> T | None:
        return self._parse(said[key], parse) if key in said else None




def _one_of(text: str, known: tuple[str, ...]) -> str:
    if text not in known:
        raise ValueError(f"{text!r} is none of {', '.join(known)}")
    return text


def _row(text: str) -> int:
    if not text.isdigit() or int(text) < 1:
        raise ValueError(f"{text!r} is no row number; the first row is 1")
    return int(text)


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise ValueError(f"{text!r} is no number; write 100 for fractions that are to be percent") from None


def _letters(text: str) -> int:
    if not (text.isascii() and text.isalpha() and len(text) <= 3):
        raise ValueError(f"{text!r} is no column of a spreadsheet; write its letter, such as C")
    return column_of(text)


def _delimiter(text: str) -> str:
    text = {"tab": "\t", "\\t": "\t", "comma": ",", "semicolon": ";", "bar": "|"}.get(text.lower(), text)
    if text not in DELIMITERS:
        raise ValueError(f"{text!r} is no separator; write comma, semicolon, tab or bar")
    return text
