"""Finding files to index, and turning their bytes into text."""

from __future__ import annotations

import os
import unicodedata
from pathlib import Path

from knowledge.encodings import is_korean, told_at_the_start
from knowledge.errors import DocumentInvalid

PLAIN = frozenset({".md", ".markdown", ".txt", ".html", ".htm", ".csv", ".tsv"})
BINARY = frozenset({".pdf", ".docx", ".pptx", ".xlsx", ".hwpx", ".hwp"})
SUFFIXES = PLAIN | BINARY
MAX_BYTES = dict.fromkeys(PLAIN, 10000000) | dict.fromkeys(BINARY, 100000000)
OLD = {".doc": ".docx", ".xls": ".xlsx", ".ppt": ".pptx", ".rtf": ".docx", ".odt": ".docx"}

_HEAD = 4096  # bytes that tell an encoding
_MAGIC = {
    b"%PDF-": "a PDF",
    b"PK\x03\x04": "a ZIP or Office file",
    b"\xd0\xcf\x11\xe0": "an old Office or HWP file",
}


def place_of(given: Path) -> Path:
    """Where ``given`` is: absolute, with links in the folders above it resolved, its own name kept. Raises
    OSError or ValueError for what cannot be a path here."""
    path = Path(given).expanduser()
    return path.resolve() if path.is_dir() else path.parent.resolve() / path.name


def files(folder: Path) -> list[Path]:
    """The files below ``folder`` that can be documents, in order; hidden ones and other suffixes are skipped.
    Raises OSError where a folder cannot be read: its files are then not known to be gone."""
    found: list[Path] = []
    for place, names, entries in os.walk(folder, onerror=_fail):
        names[:] = sorted(name for name in names if not name.startswith("."))
        suits = (name for name in sorted(entries) if not name.startswith("."))
        found.extend(Path(place, name) for name in suits if Path(name).suffix.lower() in SUFFIXES)
    return found


def _fail(error: OSError) -> None:
    raise error


def read_bytes(path: Path) -> bytes:
    """The content of ``path``. Raises DocumentInvalid when it cannot be read or is no document."""
    if path.name.startswith("."):
        raise DocumentInvalid(f"'{path.name}' is hidden.", hint="Give it a name without the dot to index it.")
    suffix = path.suffix.lower()
    if suffix not in SUFFIXES:
        known = ", ".join(sorted(SUFFIXES))
        better = f" Save it as {OLD[suffix]}." if suffix in OLD else ""
        raise DocumentInvalid(
            f"'{path.name}' has no suffix that can be read.", hint=f"Supported: {known}.{better}"
        )
    try:
        size = path.stat().st_size
        if size > MAX_BYTES[suffix]:
            raise DocumentInvalid(
                f"'{path.name}' has {size:,} bytes, more than {MAX_BYTES[suffix]:,}.",
                hint="Split it into several files.",
            )
        return path.read_bytes()
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise DocumentInvalid(
            f"'{path}' cannot be read: {reason}.", hint="Check the path and its permissions."
        ) from error


def decode(raw: bytes, name: str) -> str:
    """``raw`` as text: UTF-8, UTF-16 and UTF-32, else CP949; NFC, "\\n" line ends.

    Raises DocumentInvalid for other files, empty ones, and those with NUL or control characters.
    """
    for magic, what in _MAGIC.items():
        if raw.startswith(magic):
            raise DocumentInvalid(
                f"'{name}' is {what}, not text.", hint="Save it as Markdown, HTML or plain text."
            )
    text = _utf(raw, name) or _korean(raw, name)
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    if "\x00" in text:
        raise DocumentInvalid(
            f"'{name}' holds NUL characters, so it is not plain text.", hint="Save it as UTF-8 text."
        )
    controls = sum(1 for char in text if char < " " and char not in "\n\t\f\v")
    if controls * 200 > len(text):
        raise DocumentInvalid(f"'{name}' is full of control characters.", hint="Save it as UTF-8 text.")
    if not any(char.isalnum() for char in text):
        raise DocumentInvalid(f"'{name}' is empty.", hint="Write some text into it, or remove it.")
    return text


def _utf(raw: bytes, name: str) -> str:
    codec = told_at_the_start(raw[:_HEAD]) or "utf-8-sig"
    try:
        return raw.decode(codec)
    except UnicodeDecodeError as error:
        if codec == "utf-8-sig":
            return ""
        raise DocumentInvalid(
            f"'{name}' starts as {codec.upper()} but is broken.", hint="Save it as UTF-8."
        ) from error


def _korean(raw: bytes, name: str) -> str:
    """``raw`` by CP949, which decodes many files that are something else."""
    hint = "Save the file as UTF-8."
    if not raw:
        raise DocumentInvalid(f"'{name}' is empty.", hint="Write some text into it, or remove it.")
    try:
        text = raw.decode("cp949")
    except UnicodeDecodeError as error:
        raise DocumentInvalid(
            f"'{name}' is neither UTF-8 nor CP949 (byte {error.start:,}).", hint=hint
        ) from error
    if not is_korean([text]):
        raise DocumentInvalid(f"'{name}' is in an unknown encoding.", hint=hint)
    return text
