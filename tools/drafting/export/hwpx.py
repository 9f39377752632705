"""A plan as HWPX, the open format of Hancom's word processor."""

from __future__ import annotations

import io
import zipfile

import hwpforge

from knowledge.errors import PlanIncomplete
from knowledge.text import Language
from tools.drafting.export.blocks import read_blocks

PREVIEW = "Preview/PrvText.txt"
PREVIEW_CHARACTERS = 1000
PRESET = "modern"


def hwpx_bytes(markdown: str, title: str, language: Language) -> bytes:
    """The document, with the text preview that file managers show."""
    try:
        made = hwpforge.convert_md(markdown, preset=PRESET)
    except hwpforge.HwpForgeError as error:
        raise PlanIncomplete(
            f"The plan cannot be written as HWPX: {error.message}.", hint="Export it as DOCX or Markdown."
        ) from error
    return _with_preview(bytes(made.document), _preview(markdown))


def _preview(markdown: str) -> str:
    lines = ["".join(run.text for run in block.runs) for block in read_blocks(markdown)]
    return "\r\n".join(line for line in lines if line)[:PREVIEW_CHARACTERS]


def _with_preview(package: bytes, preview: str) -> bytes:
    """The same package with one more entry; the mimetype stays first and uncompressed."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(package)) as old, zipfile.ZipFile(file, "w") as new:
        for entry in old.infolist():
            new.writestr(entry, old.read(entry), compress_type=entry.compress_type)
        new.writestr(PREVIEW, preview.encode("utf-8"), compress_type=zipfile.ZIP_DEFLATED)
    return file.getvalue()
