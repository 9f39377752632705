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

_CONTINUED: dict[str, tuple[str, ...]] = {"item": ("item",), "row": ("row", "head")}


@dataclass(frozen=True, slots=True)
class _Piece:
    """A range that stays whole. ``joins``: it belongs to what follows (a lead-in, a table's header)."""

    start: int
    end: int
    joins: bool = False


def split(document: Document) -> list[Passage]:
    """The passages of ``document``; none where all of its text is in comments."""
    found: list[Passage] = []
    for section, body in _sections(document):
        for start, end in _group(list(_pieces(document.text, body))):
            found.append(_passage(document, len(found), section, start, end))
    headings = [block for block in blocks(document.text) if block.kind == "heading"]
    if not found and headings:
        found.append(_passage(document, 0, "", headings[0].start, headings[-1].end))
    return found


def _passage(document: Document, number: int, section: str, start: int, end: int) -> Passage:
    text = document.text[start:end]
    return Passage(
        id=f"{document.document}#{document.version}#{number}",
        document=document.document,
        version=document.version,
        kind="document",
        section=section,
        page=document.page_at(start),
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
    """What stays whole: a short list or table with its lead-in, else each block, else sentences."""
    for run in _runs(text, body):
        if run[-1].end - run[0].start <= LARGE:
            yield _Piece(run[0].start, run[-1].end)
            continue
        for block in run:
            if block.kind == "row" or block.end - block.start <= LARGE:
                yield from _bounded(text, block.start, block.end, joins=_leads(text, block))
            else:
                for first, last in split_sentences(text[block.start : block.end]):
                    yield from _bounded(text, block.start + first, block.start + last)


def _runs(text: str, body: list[Block]) -> Iterator[list[Block]]:
    """Blocks that belong together: the items of a list or rows of a table, with what leads in to them."""
    run: list[Block] = []
    for block in body:
        if run and not (_leads(text, run[-1]) or run[-1].kind in _CONTINUED.get(block.kind, ())):
            yield run
            run = []
        run.append(block)
    if run:
        yield run


def _leads(text: str, block: Block) -> bool:
    return block.kind == "head" or text[block.start : block.end].rstrip("*_ ").endswith((":", "："))


def _bounded(text: str, start: int, end: int, *, joins: bool = False) -> Iterator[_Piece]:
    """The range itself, or parts of it where nothing ends a sentence for too long."""
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
