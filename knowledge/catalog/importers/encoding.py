"""How the bytes of a text file are to be read: UTF-8, UTF-16, CP949, or Windows-1252 as the last resort."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from knowledge.encodings import is_korean, told_at_the_start
from knowledge.errors import CatalogInvalid

LARGEST = 256 * 2**20  # bytes; a dictionary describes columns, what is larger holds data
_CHUNK = 1 << 20

_MAGIC = (
    (b"PK\x03\x04", "a ZIP archive or an XLSX workbook; unpack it, or save the sheet as CSV"),
    (b"\xd0\xcf\x11\xe0", "an old Excel workbook; save the sheet as CSV"),
    (b"%PDF", "a PDF document; ask for the dictionary as CSV"),
    (b"\x1f\x8b", "a gzip archive; unpack it"),
    (b"PAR1", "a Parquet file, which holds data; give the dictionary"),
    (b"SQLite format 3", "a SQLite database, which holds data; give the dictionary"),
    (b"$FL2", "an SPSS data file; export its variable view as CSV"),
    (b"<stata_dta>", "a Stata data file; export its description as CSV"),
)


@dataclass(frozen=True, slots=True)
class Encoding:
    """How to open a file: codec and error handler. ``problem`` says what of it could not be read as it
    stands, "file:line: what; what to do", or is empty."""

    codec: str
    errors: str = "strict"
    problem: str = ""


def detect_encoding(path: Path, name: str, *, largest: int = LARGEST) -> Encoding:
    """The encoding of the text file ``path``, called ``name`` in messages.

    Raises CatalogInvalid where the file cannot be opened, is empty, is too large, or is not text.
    """
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            head = file.read(4096)
            if size > largest:
                raise CatalogInvalid(
                    f"{name} has {size / 2**20:,.0f} MiB, and it may have {largest / 2**20:,.0f} MiB.",
                    hint="It looks like data; give the file that describes the columns.",
                )
        _refuse_binary(head, name)
        if codec := told_at_the_start(head):
            return Encoding(codec, "replace", _broken(path, name, codec))
        return _eight_bit(path, name)
    except OSError as error:
        raise CatalogInvalid(
            f"{name} cannot be opened ({error.strerror}).", hint="Give the path of a file that can be read."
        ) from error


def _refuse_binary(head: bytes, name: str) -> None:
    if not head.strip(b" \t\r\n\x00\xef\xbb\xbf"):
        raise CatalogInvalid(f"{name} is empty.", hint="Give a file that holds the dictionary.")
    for magic, what in _MAGIC:
        if head.startswith(magic):
            raise CatalogInvalid(f"{name} is no text file.", hint=f"It is {what}.")
    if head.lstrip(b"\xef\xbb\xbf \t\r\n").lower().startswith((b"<!doctype html", b"<html")):
        raise CatalogInvalid(f"{name} is a web page.", hint="Download the file, not the page that shows it.")
    controls = sum(byte < 32 and byte not in b"\t\r\n\f\x1b" for byte in head)
    if not told_at_the_start(head) and controls > len(head) // 20:
        raise CatalogInvalid(f"{name} is no text file.", hint="Save the dictionary as CSV UTF-8 or JSON.")


def _chunks(path: Path, codec: str, errors: str) -> Iterator[str]:
    decoder = codecs.getincrementaldecoder(codec)(errors)
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            yield decoder.decode(chunk)
    yield decoder.decode(b"", final=True)


def _broken(path: Path, name: str, codec: str) -> str:
    """The problem of the first place that ``codec`` cannot read, empty where there is none."""
    line = 1
    for text in _chunks(path, codec, "replace"):
        before, found, _ = text.partition("�")
        line += before.count("\n")
        if found:
            return (
                f"{name}:{line}: a character is broken here, as in a file that was cut off or edited with"
                " another encoding; '�' stands in its place, save the file as UTF-8 again"
            )
    return ""


def _eight_bit(path: Path, name: str) -> Encoding:
    """UTF-8 where it reads or nearly does, CP949 where the letters are common Korean ones, else Windows."""
    beyond = broken = 0
    for text in _chunks(path, "utf-8", "replace"):
        if not text.isascii():
            beyond += len(text) - len(text.encode("ascii", "ignore"))
            broken += text.count("�")
    if not broken:
        return Encoding("utf-8")
    if broken * 10 <= beyond:
        return Encoding("utf-8", "replace", _broken(path, name, "utf-8"))
    if _korean(path):
        return Encoding("cp949")
    place = _broken(path, name, "utf-8").split(": ")[0]
    return Encoding(
        "cp1252", "replace",
        f"{place}: the file is neither UTF-8 nor CP949 and was read as Windows-1252;"
        " where letters look wrong, save it as CSV UTF-8",
    )


def _korean(path: Path) -> bool:
    """Whether the file reads as Korean in CP949."""
    try:
        return is_korean(_chunks(path, "cp949", "strict"))
    except UnicodeDecodeError:
        return False
