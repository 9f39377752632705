"""What a file is by its first bytes, and whether a ZIP container is safe to unpack."""

from __future__ import annotations

import io
import zipfile
import zlib

from knowledge.errors import DocumentInvalid

# what zipfile lets through on a damaged or encrypted archive
ZIP_ERRORS = (
    zipfile.BadZipFile,
    zlib.error,
    NotImplementedError,
    ValueError,
    EOFError,
    RuntimeError,
    OSError,
    MemoryError,
)
# what the libraries of Office files let through on broken ones, beside errors of their own
OFFICE_ERRORS = (KeyError, ValueError, AttributeError, IndexError, zipfile.BadZipFile)
MOST_UNPACKED = 300_000_000  # bytes
MOST_MEMBERS = 20_000
MOST_RATIO = 200  # unpacked to packed, of a member beyond SMALL
SMALL = 5_000_000

_SIGNS = {b"%PDF-": "pdf", b"PK\x03\x04": "zip", b"PK\x05\x06": "zip", b"\xd0\xcf\x11\xe0": "ole"}
# a member that only this format has
_MEMBERS = {
    "docx": "word/document.xml",
    "pptx": "ppt/presentation.xml",
    "xlsx": "xl/workbook.xml",
    "hwpx": "Contents/section0.xml",
}
_NAMES = {
    "pdf": "a PDF file",
    "zip": "a ZIP archive",
    "ole": "an old Office or HWP file, or one with a password",
    "docx": "a Word file (.docx)",
    "pptx": "a PowerPoint file (.pptx)",
    "xlsx": "an Excel file (.xlsx)",
    "hwpx": "an HWPX file (.hwpx)",
    "hwp": "an HWP file (.hwp)",
}


def kind_of(raw: bytes) -> str:
    """What a file is: pdf, docx, pptx, xlsx, hwpx, hwp, zip, ole, or "" for anything else, such as text."""
    head = raw[:1024].lstrip(b"\xef\xbb\xbf\r\n \t")
    kind = next((kind for sign, kind in _SIGNS.items() if head.startswith(sign)), "")
    if kind == "ole":
        return "hwp" if "FileHeader".encode("utf-16-le") in raw[:2_000_000] else "ole"
    if kind != "zip":
        return kind
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            names = set(archive.namelist())
    except ZIP_ERRORS:
        return "zip"
    return next((kind for kind, member in _MEMBERS.items() if member in names), "zip")


def require(raw: bytes, wanted: str, name: str) -> None:
    """Raise DocumentInvalid where ``raw`` is not of the kind that its suffix says."""
    found = kind_of(raw)
    if found == wanted:
        return
    if found == "ole" and wanted in _MEMBERS:
        raise DocumentInvalid(
            f"'{name}' has a password, or is of an older format than its suffix says.",
            hint=f"Open it, remove the password, and save it as .{wanted}.",
        )
    if found in _NAMES and found not in ("zip", "ole"):
        raise DocumentInvalid(
            f"'{name}' is {_NAMES[found]}, whatever its suffix says.",
            hint="Give it the suffix that it needs.",
        )
    raise DocumentInvalid(
        f"'{name}' is not {_NAMES[wanted]}, or it is broken.", hint="Open it and save it again."
    )


def unreadable(name: str, kind: str, program: str, error: Exception) -> DocumentInvalid:
    """The error for a file that ``program`` may be able to mend; ``kind`` as in "a Word file"."""
    return DocumentInvalid(
        f"'{name}' cannot be read as {kind}: {error or type(error).__name__}.",
        hint=f"Open it in {program} and save it again.",
    )


def refuse_bomb(raw: bytes, name: str) -> None:
    """Raise DocumentInvalid for a container that would unpack to far more than it is, or that is damaged."""
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            _refuse_size(archive.infolist(), name)
            damaged = archive.testzip()  # reads every member, a piece at a time, and compares its checksum
    except ZIP_ERRORS as error:
        raise DocumentInvalid(
            f"'{name}' is broken: {error or type(error).__name__}.", hint="Open it and save it again."
        ) from error
    if damaged:
        raise DocumentInvalid(
            f"'{name}' is broken: its part '{damaged}' is damaged.", hint="Open it and save it again."
        )


def _refuse_size(members: list[zipfile.ZipInfo], name: str) -> None:
    total = sum(member.file_size for member in members)
    bomb = any(
        member.file_size > SMALL and member.file_size > MOST_RATIO * max(member.compress_size, 1)
        for member in members
    )
    if bomb or total > MOST_UNPACKED or len(members) > MOST_MEMBERS:
        raise DocumentInvalid(
            f"'{name}' unpacks to {total:,} bytes in {len(members):,} parts, which no document needs.",
            hint="Save it again without what it does not need, or leave it out.",
        )
