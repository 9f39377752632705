"""From a file to a Document."""

from __future__ import annotations

import hashlib
from pathlib import Path

from knowledge.documents.blocks import blocks
from knowledge.documents.document import Document
from knowledge.documents.files import decode, read_bytes
from knowledge.documents.front_matter import FrontMatter, read, separate
from knowledge.documents.html import text_of_html
from knowledge.documents.split import heading_text
from knowledge.errors import DocumentInvalid
from knowledge.text import language_of


def version_of(raw: bytes) -> str:
    """The version of a file with this content: 12 hex digits."""
    return hashlib.sha256(raw).hexdigest()[:12]


def load(path: Path, document: str) -> Document:
    """The document in the file at ``path``. Raises DocumentInvalid with the file's name and the reason."""
    return parse(read_bytes(path), path.name, document)


def parse(raw: bytes, name: str, document: str) -> Document:
    """The document in ``raw``, the content of a file called ``name``; the suffix decides how it is read."""
    text = decode(raw, name)
    if Path(name).suffix.lower() in (".html", ".htm"):
        text, given = text_of_html(text)
        front = read(given, name)
    else:
        front, text = separate(text, name)
    if not any(char.isalnum() for char in text):
        raise DocumentInvalid(f"'{name}' has no text.", hint="Write some text into it, or remove it.")
    return Document(
        document=document,
        version=version_of(raw),
        title=front.title or _title(text) or Path(name).stem,
        language=front.language or language_of(text),
        text=text,
        **_rest(front),
    )


def _rest(front: FrontMatter) -> dict:
    names = ("kind", "round", "edition", "valid_from", "valid_to", "supersedes", "certainty")
    return {name: getattr(front, name) for name in names}


def _title(text: str) -> str:
    for block in blocks(text):
        if block.kind == "heading":
            return heading_text(text[block.body : block.end])
    return ""
