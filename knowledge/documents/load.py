"""From a file to a Document."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from knowledge.documents.blocks import blocks
from knowledge.documents.document import Document
from knowledge.documents.files import decode, read_bytes
from knowledge.documents.formats.draft import Content
from knowledge.documents.formats.hangul import read_hwp, read_hwpx
from knowledge.documents.formats.html import read_html
from knowledge.documents.formats.pdf import read_pdf
from knowledge.documents.formats.sheets import read_csv, read_xlsx
from knowledge.documents.formats.slides import read_pptx
from knowledge.documents.formats.word import read_docx
from knowledge.documents.front_matter import FrontMatter, read, separate
from knowledge.documents.split import heading_text
from knowledge.errors import DocumentInvalid
from knowledge.text import language_of

SIDECAR = ".meta.yaml"
_WAYS: dict[str, Callable[[bytes, str], Content]] = {
    ".pdf": read_pdf,
    ".docx": read_docx,
    ".pptx": read_pptx,
    ".xlsx": read_xlsx,
    ".hwpx": read_hwpx,
    ".hwp": read_hwp,
    ".csv": lambda raw, name: read_csv(decode(raw, name), name),
    ".tsv": lambda raw, name: read_csv(decode(raw, name), name),
    ".html": lambda raw, name: read_html(decode(raw, name), name),
    ".htm": lambda raw, name: read_html(decode(raw, name), name),
}


@dataclass(frozen=True, slots=True)
class File:
    """The bytes of a file, and of the front matter that lies beside it, for formats that cannot hold any."""

    name: str
    raw: bytes
    sidecar: bytes = b""

    @property
    def version(self) -> str:
        """The version of a document with this content: 12 hex digits."""
        return hashlib.sha256(self.raw + self.sidecar).hexdigest()[:12]


def open_file(path: Path) -> File:
    """The file at ``path`` and ``NAME.meta.yaml`` beside it. Raises DocumentInvalid."""
    raw = read_bytes(path)
    beside = path.with_name(path.name + SIDECAR)
    try:
        return File(path.name, raw, beside.read_bytes() if beside.is_file() else b"")
    except OSError as error:
        raise DocumentInvalid(
            f"'{beside.name}' cannot be read: {error.strerror}.", hint="Check its permissions."
        ) from error


def load(path: Path, document: str) -> Document:
    """The document in the file at ``path``. Raises DocumentInvalid with the file's name and the reason."""
    return parse(open_file(path), document)[0]


def parse(file: File, document: str) -> tuple[Document, tuple[str, ...]]:
    """The document in a file, whose suffix decides how it is read, and notes about what could not be read."""
    way = _WAYS.get(Path(file.name).suffix.lower())
    if way is None:
        front, text = separate(decode(file.raw, file.name), file.name)
        content = Content(text)
    else:
        content = way(file.raw, file.name)
        front = read(content.given, file.name)
    front = _with_sidecar(front, file)
    text = content.text
    if not any(char.isalnum() for char in text):
        raise DocumentInvalid(f"'{file.name}' has no text.", hint="Write some text into it, or remove it.")
    found = Document(
        document=document,
        version=file.version,
        title=front.title or _title(text) or Path(file.name).stem,
        language=front.language or language_of(text),
        text=text,
        pages=content.pages,
        **_rest(front),
    )
    return found, content.notes


def _with_sidecar(front: FrontMatter, file: File) -> FrontMatter:
    """What the sidecar says goes before what the file itself says."""
    if not file.sidecar:
        return front
    name = file.name + SIDECAR
    given, rest = separate(f"---\n{decode(file.sidecar, name).strip()}\n---\n", name)
    if rest.strip():
        raise DocumentInvalid(f"'{name}' is not front matter.", hint="Write lines of 'key: value'.")
    said = {key: value for key in FrontMatter.__slots__ if (value := getattr(given, key))}
    return replace(front, **said)


def _rest(front: FrontMatter) -> dict[str, Any]:
    names = ("kind", "round", "edition", "valid_from", "valid_to", "supersedes", "certainty")
    return {name: getattr(front, name) for name in names}


def _title(text: str) -> str:
    for block in blocks(text):
        if block.kind == "heading":
            return heading_text(text[block.body : block.end])
    return ""
