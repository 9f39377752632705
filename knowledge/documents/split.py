"""From a document to passages: by heading, then by block, never through a sentence."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from knowledge.documents.blocks import Block, blocks
from knowledge.documents.document import Document, Passage
from knowledge.documents.sentences import split_sentences
from knowledge.text import language_of

SMALL = 300  # characters; a rest of half of this joins the passage before it
LARGE = 900  # a passage takes blocks of its section up to this
LONGEST = 2400  # what has no sentence end for this long is not a sentence, and may be cut at white space


@dataclass(frozen=True, slots=True)
class _Piece:
    """A range that stays whole. ``joins``: it belongs to what follows (a lead-in, a table's header)."""

    start: int
    end: int
    joins: bool = False


def split(document: Document) -> list[Passage]:
    """The passages of ``document``; empty only where the text has no words at all."""
    found: list[Passage] = []
    for section, body in _sections(document):
        for start, end in _group(list(_pieces(document.text, body))):
            found.append(_passage(document, len(found), section, start, end))
    if not found and document.text.strip():
        lead = len(document.text) - len(document.text.lstrip())
        found.append(_passage(document, 0, "", lead, len(document.text.rstrip())))
    return found


def _passage(document: Document, number: int, section: str, start: int, end: int) -> Passage:
    text = document.text[start:end]
    return Passage(
        id=f"{document.document}#{document.version}#{number}",
        document=document.document,
        version=document.version,
        kind="document",
        section=section,
        page=None,
        start=start,
        end=end,
        text=text,
        language=language_of(text, document.language),
        title=document.title,
    )


def _sections(document: Document) -> Iterator[tuple[str, list[Block]]]:
    """(heading path, blocks) of each stretch between headings. The top heading stands in the path only
    where there is nothing below it, since it repeats the title."""
    path: list[tuple[int, str]] = []
    body: list[Block] = []
    for block in blocks(document.text):
        if block.kind != "heading":
            if block.kind != "comment":
                body.append(block)
            continue
        if body:
            yield _named(path), body
        body = []
        path = [entry for entry in path if entry[0] < block.level]
        path.append((block.level, heading_text(document.text[block.body : block.end])))
    if body:
        yield _named(path), body


def _named(path: Sequence[tuple[int, str]]) -> str:
    names = [name for level, name in path if level > 1] or [name for _, name in path]
    return " > ".join(names)


def heading_text(raw: str) -> str:
    """A heading as people read it, without marks."""
    raw = re.sub(r"[ \t]+#+[ \t]*$", "", raw)
    raw = re.sub(r"!?\[([^\]]*)\]\([^)]*\)", r"\1", raw)
    return re.sub(r"[*_`]{1,3}(?=\S)|(?<=\S)[*_`]{1,3}", "", raw).strip()


def _pieces(text: str, body: list[Block]) -> Iterator[_Piece]:
    for block in body:
        if block.kind == "head":
            yield _Piece(block.start, block.end, joins=True)
        elif block.end - block.start <= LARGE or block.kind == "row":
            yield from _bounded(
                text, block.start, block.end, text[block.start : block.end].endswith((":", "："))
            )
        else:
            for first, last in split_sentences(text[block.start : block.end]):
                yield from _bounded(text, block.start + first, block.start + last, False)


def _bounded(text: str, start: int, end: int, joins: bool) -> Iterator[_Piece]:
    while end - start > LONGEST:
        space = max(
            text.rfind(" ", start + LONGEST // 2, start + LONGEST),
            text.rfind("\n", start + 1, start + LONGEST),
        )
        cut = space if space > start else start + LONGEST
        yield _Piece(start, cut)
        start = cut + (1 if space > start else 0)
    if end > start:
        yield _Piece(start, end, joins)


def _group(pieces: list[_Piece]) -> list[tuple[int, int]]:
    """Ranges of consecutive pieces, up to LARGE where possible; a short rest joins the one before."""
    groups: list[list[_Piece]] = []
    for piece in pieces:
        group = groups[-1] if groups else []
        short_rest = pieces[-1].end - piece.start < SMALL // 2
        room = LARGE + SMALL // 2 if short_rest else LARGE
        if group and (piece.end - group[0].start <= room or (len(group) == 1 and group[0].joins)):
            group.append(piece)
        elif group and group[-1].joins:
            groups.append([group.pop(), piece])
        else:
            groups.append([piece])
    return [(group[0].start, group[-1].end) for group in groups]
