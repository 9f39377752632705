"""What a person typed, made safe to stand in Markdown: it reads as it was typed and marks nothing up."""

from __future__ import annotations

import re

from markupsafe import Markup

# What marks something up wherever it stands: an underscore inside a word, or "<5", does not.
_ANYWHERE = re.compile(r"[\\`*\[\]|~]|(?<!\w)_|_(?!\w)|<(?=[A-Za-z/!?])|&(?=#?\w+;)")
_AT_START = re.compile(r"^(?:[-+=](?=\s|$|[-=])|[#>]|\d+(?=[.)](?:\s|$)))")


def plain_text(value: object) -> Markup:
    """The value on one line, with every mark escaped; what is Markdown already (Markup) is left alone."""
    if isinstance(value, Markup):
        return value
    text = _ANYWHERE.sub(r"\\\g<0>", " ".join(str(value).split()))
    return Markup(_AT_START.sub(_unlisted, text))


def _unlisted(found: re.Match[str]) -> str:
    """A number that would begin a list keeps its place; its full stop is what gets the backslash."""
    return f"{found[0]}\\" if found[0].isdigit() else f"\\{found[0]}"
