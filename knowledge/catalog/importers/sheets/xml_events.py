"""XML read without building a tree, so that memory does not grow with the file."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from xml.parsers import expat

from knowledge.errors import CatalogInvalid

Start = Callable[[str, dict[str, str]], None]


def _forbidden(*_: object) -> None:
    raise ValueError("it declares a document type, which a workbook never does")


def read_events(
    chunks: Iterable[bytes],
    name: str,
    *,
    start: Start,
    end: Callable[[str], None] | None = None,
    text: Callable[[str], None] | None = None,
) -> Iterator[None]:
    """Call ``start``, ``end`` and ``text`` for the elements of ``chunks``; yields after each chunk.

    Element names keep their prefix. Raises CatalogInvalid, for part ``name``, where it is no XML, or
    where a callback raises ValueError.
    """
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _forbidden
    parser.StartElementHandler = start
    if end is not None:
        parser.EndElementHandler = end
    if text is not None:
        parser.CharacterDataHandler = text
    try:
        for chunk in chunks:
            parser.Parse(chunk, False)
            yield
        parser.Parse(b"", True)
        yield
    except (expat.ExpatError, ValueError) as error:
        raise CatalogInvalid(
            f"{name} cannot be read: {error}.", hint="It is damaged; open it in Excel and save it again."
        ) from error


def local(name: str) -> str:
    """An element's or attribute's name without its prefix."""
    return name.rpartition(":")[2]
