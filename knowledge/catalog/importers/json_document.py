"""JSON read so that every member knows its line, and a broken document is told with its line.

The standard parser keeps no places. Objects and arrays here are dicts and lists that also have
``line``, and objects ``lines``, the line of each of their names.
"""

from __future__ import annotations

import json
import re
import sys
from bisect import bisect_right
from json.decoder import scanstring  # type: ignore[attr-defined]
from pathlib import Path
from typing import Any

from knowledge.catalog.importers.encoding import Encoding
from knowledge.errors import CatalogInvalid

_DEEPEST = 200
_SPACE = re.compile(r"[ \t\n\r]*")
_NUMBER = re.compile(r"-?(?:0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?")
_WORDS = {"true": True, "false": False, "null": None}


class JsonObject(dict[str, Any]):
    """An object: ``line`` is where it begins, ``lines`` where each of its names stands, ``twice`` the
    names that stand more than once, with the line of the last."""

    __slots__ = ("line", "lines", "twice")

    def __init__(self, line: int) -> None:
        super().__init__()
        self.line = line
        self.lines: dict[str, int] = {}
        self.twice: dict[str, int] = {}


class _Broken(Exception):
    def __init__(self, what: str, at: int) -> None:
        super().__init__(what)
        self.what, self.at = what, at


def read_json(path: Path, name: str, encoding: Encoding) -> Any:
    """The document, objects as JsonObject. Raises CatalogInvalid with the line where it is broken."""
    text = path.read_text(encoding.codec, errors=encoding.errors)
    return parse_json(text.removeprefix("﻿"), name)


def parse_json(text: str, name: str) -> Any:
    """The document in ``text``, called ``name`` in messages."""
    reading = _Reading(text)
    try:
        value, end = reading.value(reading.skip(0), 0)
        if (end := reading.skip(end)) < len(text):
            raise _Broken("something follows the end of the document", end)
    except _Broken as error:
        cut = error.at >= len(text.rstrip())
        raise CatalogInvalid(
            f"{name}:{reading.line(error.at)}: {'the document ends too early' if cut else error.what}.",
            hint="The file was cut off; get it again." if cut else "Correct the JSON.",
        ) from error
    return value


class _Reading:
    """One pass over a text."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._ends = [match.start() for match in re.finditer("\n", text)]
        self._names: dict[str, str] = {}

    def line(self, at: int) -> int:
        return bisect_right(self._ends, at - 1) + 1

    def skip(self, at: int) -> int:
        match = _SPACE.match(self._text, at)
        return match.end() if match else at

    def value(self, at: int, depth: int) -> tuple[Any, int]:
        if depth > _DEEPEST:
            raise _Broken(f"it is nested more than {_DEEPEST} levels deep", at)
        sign = self._text[at : at + 1]
        if sign == "{":
            return self._object(at, depth)
        if sign == "[":
            return self._array(at, depth)
        if sign == '"':
            return self._string(at)
        for word, value in _WORDS.items():
            if self._text.startswith(word, at):
                return value, at + len(word)
        if match := _NUMBER.match(self._text, at):
            return self._number(match, at)
        raise _Broken(f"{self._text[at : at + 20].split(chr(10))[0]!r} is no JSON value", at)

    def _number(self, match: re.Match[str], at: int) -> tuple[float, int]:
        if match[1] or match[2]:
            return float(match[0]), match.end()
        if len(match[0]) > sys.int_info.default_max_str_digits // 10:
            raise _Broken("a number is too long", at)
        return int(match[0]), match.end()

    def _string(self, at: int) -> tuple[str, int]:
        try:
            return scanstring(self._text, at + 1, False)
        except json.JSONDecodeError as error:
            unclosed = "Unterminated" in error.msg
            what = "a text is opened here and never closed" if unclosed else "a text has a wrong escape"
            raise _Broken(what, len(self._text) if unclosed else error.pos) from error

    def _object(self, at: int, depth: int) -> tuple[JsonObject, int]:
        found = JsonObject(self.line(at))
        at = self.skip(at + 1)
        if self._text[at : at + 1] == "}":
            return found, at + 1
        while True:
            if self._text[at : at + 1] != '"':
                raise _Broken("a name in quotation marks is expected", at)
            line = self.line(at)
            name, at = self._string(at)
            name = self._names.setdefault(name, name)
            at = self._expect(self.skip(at), ":")
            value, at = self.value(self.skip(at), depth + 1)
            if name in found:
                found.twice[name] = line
            found[name], found.lines[name] = value, line
            at = self.skip(at)
            if self._text[at : at + 1] == "}":
                return found, at + 1
            at = self.skip(self._expect(at, ","))

    def _array(self, at: int, depth: int) -> tuple[list[Any], int]:
        found: list[Any] = []
        at = self.skip(at + 1)
        if self._text[at : at + 1] == "]":
            return found, at + 1
        while True:
            value, at = self.value(at, depth + 1)
            found.append(value)
            at = self.skip(at)
            if self._text[at : at + 1] == "]":
                return found, at + 1
            at = self.skip(self._expect(at, ","))

    def _expect(self, at: int, sign: str) -> int:
        if self._text[at : at + 1] != sign:
            raise _Broken(f"{sign!r} is expected", at)
        return at + 1
