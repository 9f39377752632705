"""Text that can be written as UTF-8: what comes from a command line or a JSON escape need not be."""

from __future__ import annotations


def well_formed(text: str) -> str:
    """``text`` with each lone surrogate replaced by U+FFFD; everything else as it was."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
