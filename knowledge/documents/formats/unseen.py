"""Which parts of an HTML page a browser does not show.

Only what can be told without a browser: the ``hidden`` attribute, inline styles, and rules of the page's own
style sheets whose selector is one tag, class or id. ``aria-hidden`` hides from a screen reader only and so
counts as shown.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

_RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
_AT_RULE = re.compile(r"@[^{;]*\{(?:[^{}]*\{[^{}]*\})*[^{}]*\}")  # for print, for small screens
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_SIMPLE = re.compile(r"[a-z][a-z0-9]*|[a-z0-9]*[.#][\w-]+", re.IGNORECASE)
_WHITE = frozenset({"white", "#fff", "#ffffff", "rgb(255,255,255)", "rgba(255,255,255,1)"})
_NOTHING = re.compile(r"0*\.?0*(?:px|pt|em|rem|%|vw|vh)?")
_FAR_OUT = re.compile(r"-\d{3,}(?:\.\d+)?(?:px|pt|em|rem|%|vw)?")
_SIZES = ("height", "width", "max-height", "max-width")
LONGEST_SHEET = 200_000  # characters of style rules that are read


def declarations(style: str) -> dict[str, str]:
    """The properties of a style, in lower case, without spaces in their values."""
    found: dict[str, str] = {}
    for line in style.lower().split(";"):
        name, colon, value = line.partition(":")
        if colon:
            found[name.strip()] = re.sub(r"\s+|!important", "", value)
    return found


class Sheets:
    """The style rules of a page, and what they and an element's own style say of it."""

    def __init__(self) -> None:
        self._rules: dict[str, dict[str, str]] = {}
        self._read = 0

    def read(self, sheet: str) -> None:
        """Take in the text of a <style> element."""
        sheet = sheet[: max(0, LONGEST_SHEET - self._read)]
        self._read += len(sheet)
        for match in _RULE.finditer(_AT_RULE.sub("", _COMMENT.sub("", sheet))):
            for selector in match[1].split(","):
                if _SIMPLE.fullmatch(selector.strip()):
                    self._rules.setdefault(selector.strip().lower(), {}).update(declarations(match[2]))

    def style_of(self, tag: str, given: Mapping[str, str]) -> dict[str, str]:
        """The style of an element: of its tag, its classes, its id, its own; later ones go before."""
        marks = [f".{name.lower()}" for name in given.get("class", "").split()]
        if given.get("id"):
            marks.append(f"#{given['id'].lower()}")
        style: dict[str, str] = {}
        for selector in (tag, *(s for mark in marks for s in (mark, tag + mark))):
            style |= self._rules.get(selector, {})
        return style | declarations(given.get("style", ""))


def paints(style: Mapping[str, str]) -> bool:
    """Whether an element has a ground of its own that is not white."""
    ground = style.get("background-color") or style.get("background", "")
    return bool(ground) and ground not in _WHITE | {"none", "transparent", "inherit", "initial"}


def unseen(given: Mapping[str, str], style: Mapping[str, str], *, painted: bool) -> bool:
    """Whether an element is not shown; ``painted``: something behind it has a ground that is not white."""
    if "hidden" in given and given["hidden"].lower() != "until-found":
        return True
    if style.get("display") == "none" or style.get("visibility") in ("hidden", "collapse"):
        return True
    if any(_NOTHING.fullmatch(style.get(name, "-")) for name in ("font-size", "opacity")):
        return True
    clipped = style.get("overflow") in ("hidden", "clip")
    if clipped and any(_NOTHING.fullmatch(style.get(name, "-")) for name in _SIZES):
        return True
    if style.get("position") in ("absolute", "fixed"):
        if any(_FAR_OUT.fullmatch(style.get(side, "")) for side in ("left", "top", "right", "bottom")):
            return True
        if style.get("clip", "").startswith("rect(0") or style.get("clip-path") == "inset(50%)":
            return True
    return bool(_FAR_OUT.fullmatch(style.get("text-indent", ""))) or _without_contrast(style, painted)


def _without_contrast(style: Mapping[str, str], painted: bool) -> bool:
    colour = style.get("color", "")
    if not colour:
        return False
    ground = style.get("background-color") or style.get("background", "")
    white = colour in _WHITE and (ground in _WHITE or (not ground and not painted))
    return colour == "transparent" or white or (colour == ground)
