"""What a file is, by its first bytes, and a ZIP container that cannot take more memory than it may."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from knowledge.errors import CatalogInvalid

_OLE = b"\xd0\xcf\x11\xe0"
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_LOOKED_AT = 64 * 2**20  # bytes of an old Office file, to tell what is in it
# Document-security products of Korean offices wrap every file in a container of their own.
_SECURED = (b"SCDSA", b"Fasoo", b"DRMONE", b"MarkAny", b"NASCA DRM", b"DOCUMENT SAFER")
_DAMAGE = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError)
_CHUNK = 1 << 16
MOST_MEMBERS = 10_000
MOST_UNPACKED = 4 * 2**30  # bytes of all parts together, about the largest sheet that Excel can save


def is_workbook(path: Path, name: str) -> bool:
    """Whether ``path`` is a ZIP container; a text file otherwise. Raises CatalogInvalid for what can be
    neither: old, locked, secured or foreign files, and a workbook that is none."""
    with path.open("rb") as file:
        head = file.read(4096)
        if head.startswith(_ZIP):
            return True
        if any(mark in head[:1024] for mark in _SECURED):
            raise CatalogInvalid(
                f"{name} is wrapped by a document-security (DRM) program.",
                hint="Release it there, or save it without protection, and import that file.",
            )
        if head.startswith(_OLE):
            raise _old_office(name, head + file.read(_LOOKED_AT))
    text = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if text.startswith((b"<html", b"<!doctype", b"<table", b"<?xml", b"<meta", b"<style")):
        raise CatalogInvalid(
            f"{name} is a web page or XML that Excel can open, not a workbook.",
            hint="Open it in Excel and save it as .xlsx.",
        )
    if path.suffix.lower() in {".xlsx", ".xlsm"}:
        what = "is empty" if not head else "is no XLSX workbook; it does not begin as one"
        raise CatalogInvalid(
            f"{name} {what}.", hint="Open it in Excel and save it as .xlsx, or have it sent again."
        )
    return False


def _old_office(name: str, content: bytes) -> CatalogInvalid:
    if "EncryptedPackage".encode("utf-16-le") in content or "EncryptionInfo".encode("utf-16-le") in content:
        return CatalogInvalid(
            f"{name} is locked with a password.",
            hint="Open it in Excel, remove the password and save it again.",
        )
    return CatalogInvalid(
        f"{name} is in the format of Excel before 2007 (.xls).", hint="Open it in Excel and save it as .xlsx."
    )


class Container:
    """The parts of a ZIP container by name, in any case and with either slash. Raises CatalogInvalid
    where it is damaged, locked, or would unpack to more than any workbook."""

    def __init__(self, path: Path, name: str) -> None:
        self._name = name
        with self.damage():
            self._zip = zipfile.ZipFile(path)
        members = self._zip.infolist()
        unpacked = sum(member.file_size for member in members)
        if len(members) > MOST_MEMBERS or unpacked > MOST_UNPACKED:
            raise CatalogInvalid(
                f"{name} would unpack to {unpacked / 2**20:,.0f} MiB in {len(members):,} parts,"
                " which no workbook does.",
                hint="It may be damaged or harmful; save the sheets as CSV where they are known to be good.",
            )
        self._members = {member.filename.replace("\\", "/").lower().lstrip("/"): member for member in members}

    def close(self) -> None:
        """Close the file."""
        self._zip.close()

    def __contains__(self, part: str) -> bool:
        return part.lower() in self._members

    def size(self, part: str) -> int:
        """Bytes of ``part``, unpacked."""
        return self._members[part.lower()].file_size

    def chunks(self, part: str, most: int = MOST_UNPACKED) -> Iterator[bytes]:
        """The bytes of ``part``, piece by piece. Its size and its check sum are held to be true."""
        if part not in self:
            raise CatalogInvalid(
                f"{self._name} lacks its part {part!r}.",
                hint="It is damaged; open it in Excel and save it again.",
            )
        if self.size(part) > most:
            raise CatalogInvalid(
                f"{self._name} has a part {part!r} of {self.size(part) / 2**20:,.0f} MiB, which is too much.",
                hint="Save the sheet as CSV and import that.",
            )
        with self.damage(), self._zip.open(self._members[part.lower()]) as file:
            while chunk := file.read(_CHUNK):
                yield chunk

    @contextmanager
    def damage(self) -> Iterator[None]:
        """Translate what zipfile raises for a broken container."""
        try:
            yield
        except _DAMAGE as error:
            locked = "password" in str(error) or "encrypted" in str(error)
            raise CatalogInvalid(
                f"{self._name} is locked with a password."
                if locked
                else f"{self._name} is cut off or damaged ({error or type(error).__name__}).",
                hint="Save it without a password."
                if locked
                else "Have it sent again, or save it again in Excel.",
            ) from error
