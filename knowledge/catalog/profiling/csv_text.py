"""The text of CSV files: what encoding it is in, and the file as UTF-8 for DuckDB to read."""

from __future__ import annotations

import codecs
import csv
import gzip
import io
import os
import threading
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO, cast

from knowledge.errors import CatalogInvalid

ENCODINGS = ("utf-8", "cp949", "utf-16")
_CHUNK = 1 << 20
_LONGEST_HEADER = 1 << 20
_DELIMITERS = ",;\t|"


@contextmanager
def in_utf8(path: Path, encoding: str) -> Iterator[str]:
    """A CSV file as UTF-8 for DuckDB to read, by name: the file itself, or a pipe that it is decoded into.
    No copy of it is made."""
    if encoding == "utf-8" and not _is_packed(path):
        yield str(path)
        return
    reading, writing = os.pipe()
    failed: list[Exception] = []
    decoding = threading.Thread(target=_decode, args=(path, encoding, writing, failed), daemon=True)
    decoding.start()
    try:
        yield f"/dev/fd/{reading}"
    finally:
        os.close(reading)
        decoding.join()
    if failed:
        raise CatalogInvalid(
            f"{path.name}: it cannot be read to its end ({failed[0]}).",
            hint="Do not write to the file while it is read.",
        ) from failed[0]


def _decode(path: Path, encoding: str, writing: int, failed: list[Exception]) -> None:
    """Write the file into a pipe, until its end or the reader's."""
    with suppress(BrokenPipeError), open(writing, "w", encoding="utf-8", newline="") as pipe:
        try:
            with _open(path) as source:
                pipe.writelines(_decoded(source, encoding))
        except BrokenPipeError:
            raise
        except (OSError, EOFError, zlib.error, UnicodeDecodeError) as error:
            failed.append(error)


def _is_packed(path: Path) -> bool:
    return path.name.lower().endswith(".gz")


def _open(path: Path) -> BinaryIO:
    return cast("BinaryIO", gzip.open(path, "rb")) if _is_packed(path) else path.open("rb")


def _decoded(source: BinaryIO, encoding: str) -> Iterator[str]:
    decoder = codecs.getincrementaldecoder(encoding)()
    while chunk := source.read(_CHUNK):
        yield decoder.decode(chunk)
    yield decoder.decode(b"", final=True)


def encoding_of(path: Path, given: str) -> str:
    """The encoding that the whole file is in: the given one, else UTF-16 by its mark, UTF-8, CP949."""
    try:
        with _open(path) as source:
            marked = source.read(2) in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
        tried = (given,) if given else ("utf-16",) if marked else ("utf-8", "cp949")
        furthest = 0
        for encoding in tried:
            line = _unreadable_line(path, encoding)
            if line is None:
                return encoding
            furthest = max(furthest, line)
    except (OSError, EOFError, zlib.error) as error:
        why = error.strerror if isinstance(error, OSError) else None
        raise CatalogInvalid(
            f"{path.name}: it cannot be read ({why or error}).",
            hint="Check the file and who may read it.",
        ) from error
    raise CatalogInvalid(
        f"{path.name}:{furthest}: it is not {' or '.join(name.upper() for name in tried)} text.",
        hint="Save it as CSV UTF-8, or name its encoding under source.encoding.",
    )


def _unreadable_line(path: Path, encoding: str) -> int | None:
    """The line in which the file stops being text of an encoding, None where it is all text."""
    line = 1
    with _open(path) as source:
        try:
            for text in _decoded(source, encoding):
                line += text.count("\n")
        except UnicodeDecodeError as error:
            return line + error.object[:error.start].count(b"\n")
    return None


def header(path: Path, encoding: str) -> tuple[list[str], str]:
    """The column names of the first line, and the separator: the most frequent one in it."""
    marked = "utf-8-sig" if encoding == "utf-8" else encoding
    with _open(path) as source, io.TextIOWrapper(source, encoding=marked, newline="") as file:
        line = file.readline(_LONGEST_HEADER)
        file.seek(0)
        delimiter = max(_DELIMITERS, key=line.count)
        try:
            columns = [name.strip() for name in next(csv.reader(file, delimiter=delimiter), [])]
        except csv.Error as error:
            raise CatalogInvalid(
                f"{path.name}:1: the header is not CSV ({error}).", hint="Save the file as CSV again."
            ) from error
    if not any(columns):
        raise CatalogInvalid(
            f"{path.name}:1: it holds no header.", hint="Name the columns in the first line."
        )
    low = [name.lower() for name in columns]
    twice = next((name for name in low if low.count(name) > 1), None)
    if twice is not None:
        what = f"the column {twice!r} stands twice" if twice else "a column has no name"
        raise CatalogInvalid(f"{path.name}:1: {what}.", hint="Give each column a name of its own.")
    return [name or f"column_{place}" for place, name in enumerate(columns, start=1)], delimiter
