"""A rendered plan as a file of another kind: Markdown in, bytes out. Writing them is the caller's."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from knowledge.errors import NotFound
from knowledge.text import Language

FORMATS = ("md", "docx", "hwpx")


def export_plan(markdown: str, format: str, *, title: str, language: Language) -> bytes:
    """The bytes of the plan in ``format``. NotFound names the formats there are."""
    if format not in FORMATS:
        raise NotFound(
            f"A plan cannot be exported as {format[:20]!r}.", hint=f"Use one of {', '.join(FORMATS)}."
        )
    return _writers()[format](markdown, title, language)


def _writers() -> Mapping[str, Callable[[str, str, Language], bytes]]:
    """The writers, loaded when a file is asked for: their libraries are slow to import."""
    from tools.drafting.export.docx import docx_bytes
    from tools.drafting.export.hwpx import hwpx_bytes

    return {"md": lambda text, *_: text.encode("utf-8"), "docx": docx_bytes, "hwpx": hwpx_bytes}
