"""An answer's Markdown as HTML that can be put into a page: rendered here, then cleaned by an allow-list.

Citation marks stand at the end of a statement, "[1][2]"; they become buttons. Marks elsewhere are text
of a quoted document and stay text.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from functools import cache
from html import escape
from typing import Any

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token

TAGS = {
    "p", "strong", "em", "ul", "ol", "li", "table", "thead", "tbody", "tr", "th", "td", "code", "pre", "br",
    "blockquote", "span", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "del", "a", "button", "sup",
}  # fmt: skip
ATTRIBUTES = {
    "a": {"href"},
    "button": {"type", "class", "data-citation", "aria-label"},
    "ol": {"start"},
    "span": {"class"},
}
LONGEST_HELD = 24  # a longer last word may break, and its marks with it
_MARKS = re.compile(r"(?:\s*\[\w{1,8}\])+\s*$")
_MARK = re.compile(r"\[(\w{1,8})\]")
_MARKS_OF_TABLE = re.compile(r"^(\|.*\|)((?:[ ]*\[\w{1,8}\])+)$", re.MULTILINE)


def render(text: str, citations: Collection[str] = (), label: str = "{id}") -> str:
    """HTML of ``text``. ``citations``: the ids that marks may name; ``label``, with {id}, names a button."""
    environment: dict[str, Any] = {"label": label}
    # Behind a table's last row, marks would be a cell too many: they get a line of their own.
    tokens = _parser().parse(_MARKS_OF_TABLE.sub(r"\1\n\n\2", text), environment)
    for token in tokens:
        if token.type == "inline" and token.children:
            token.children = _with_marks(token.children, citations)
    html = _parser().renderer.render(tokens, _parser().options, environment)
    return nh3.clean(
        html,
        tags=TAGS,
        attributes=ATTRIBUTES,
        url_schemes={"http", "https", "mailto"},
        link_rel="noopener noreferrer",
    )


def _with_marks(children: Sequence[Token], citations: Collection[str]) -> list[Token]:
    """The inline tokens with the marks at their end as tokens of their own."""
    *before, last = children
    found = _MARKS.search(last.content) if last.type == "text" else None
    ids = _MARK.findall(found.group()) if found else []
    if found is None or not set(ids) <= set(citations):
        return list(children)
    text, space, word = last.content[: found.start()].rpartition(" ")
    if len(word) > LONGEST_HELD:
        text, space, word = f"{text}{space}{word}", "", ""
    last.content = text + space
    return [*before, last, Token("marks", "", 0, content=word, meta={"ids": ids})]


@cache
def _parser() -> MarkdownIt:
    """CommonMark with tables; HTML in the text is text, and there are no images."""
    parser = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"]).disable(["image"])
    parser.add_render_rule("marks", _marks)
    return parser


def _marks(self: Any, tokens: Sequence[Token], at: int, options: Any, environment: dict[str, Any]) -> str:
    """The last word with its marks, which stay on its line."""
    buttons = "".join(_button(id, environment["label"].format(id=id)) for id in tokens[at].meta["ids"])
    return f'<span class="held">{escape(tokens[at].content)}{buttons}</span>'


def _button(id: str, name: str) -> str:
    attributes = f'type="button" class="mark" data-citation="{id}" aria-label="{escape(name)}"'
    return f"<sup><button {attributes}>{id}</button></sup>"
