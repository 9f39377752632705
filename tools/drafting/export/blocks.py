"""Markdown as a flat list of blocks, for writers of files that know paragraphs and tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal

from markdown_it import MarkdownIt
from markdown_it.token import Token

Kind = Literal["heading", "paragraph", "bullet", "numbered", "quote", "table"]


@dataclass(frozen=True, slots=True)
class Run:
    """Words in one style."""

    text: str
    bold: bool = False
    italic: bool = False


Runs = tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Block:
    """``level`` is a heading's depth or a numbered item's number; ``rows`` are a table's, its head first."""

    kind: Kind
    runs: Runs = ()
    level: int = 0
    rows: tuple[tuple[Runs, ...], ...] = ()


def read_blocks(markdown: str) -> list[Block]:
    """The blocks in order. Lists and quotes are flat, as plans write them."""
    blocks: list[Block] = []
    around: list[str] = []  # what encloses the token: quotes and lists
    numbers: list[int] = []
    tokens = _parser().parse(markdown)
    at = 0
    while at < len(tokens):
        token = tokens[at]
        if token.type == "table_open":
            end = next(i for i in range(at, len(tokens)) if tokens[i].type == "table_close")
            blocks.append(Block("table", rows=_rows(tokens[at:end])))
            at = end
        elif token.type in {"blockquote_open", "bullet_list_open", "ordered_list_open"}:
            around.append(token.type.removesuffix("_open"))
            numbers.append(int(token.attrGet("start") or 1) - 1)
        elif token.type in {"blockquote_close", "bullet_list_close", "ordered_list_close"}:
            around.pop()
            numbers.pop()
        elif token.type == "list_item_open":
            numbers[-1] += 1
        elif token.type == "inline":
            blocks.append(_block(token, tokens[at - 1], around, numbers))
        at += 1
    return blocks


@cache
def _parser() -> MarkdownIt:
    return MarkdownIt("commonmark").enable("table")


def _block(token: Token, opened: Token, around: Sequence[str], numbers: Sequence[int]) -> Block:
    runs = _runs(token)
    if opened.type == "heading_open":
        return Block("heading", runs, int(opened.tag[1:]))
    kind = around[-1] if around else ""
    if kind == "ordered_list":
        return Block("numbered", runs, numbers[-1])
    return Block({"bullet_list": "bullet", "blockquote": "quote"}.get(kind, "paragraph"), runs)  # type: ignore[arg-type]


def _rows(tokens: Sequence[Token]) -> tuple[tuple[Runs, ...], ...]:
    rows: list[tuple[Runs, ...]] = []
    cells: list[Runs] = []
    for token in tokens:
        if token.type == "inline":
            cells.append(_runs(token))
        elif token.type == "tr_close":
            rows.append(tuple(cells))
            cells = []
    return tuple(rows)


def _runs(token: Token) -> Runs:
    runs: list[Run] = []
    bold = italic = 0
    for child in token.children or ():
        if child.type in {"strong_open", "strong_close"}:
            bold += 1 if child.type == "strong_open" else -1
        elif child.type in {"em_open", "em_close"}:
            italic += 1 if child.type == "em_open" else -1
        else:
            text = " " if child.type in {"softbreak", "hardbreak"} else child.content
            if runs and (runs[-1].bold, runs[-1].italic) == (bool(bold), bool(italic)):
                runs[-1] = Run(runs[-1].text + text, bool(bold), bool(italic))
            else:
                runs.append(Run(text, bool(bold), bool(italic)))
    return tuple(run for run in runs if run.text)
