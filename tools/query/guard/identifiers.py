"""Small steps on the names in a syntax tree."""

from __future__ import annotations

import difflib
from collections.abc import Mapping

from sqlglot import exp


def tie(column: exp.Column, source: str, name: str) -> None:
    """Write a column's owner and spelling into the tree."""
    column.set("this", exp.to_identifier(name, quoted=True))
    column.set("table", exp.to_identifier(source, quoted=True))


def rename(identifier: exp.Identifier, name: str) -> None:
    """Write a name as the engine keeps it, quoted."""
    identifier.set("this", name)
    identifier.set("quoted", True)


def ordinal(node: exp.Expr, columns: int) -> bool:
    """True for the number of one of ``columns`` outputs."""
    return isinstance(node, exp.Literal) and node.is_int and 1 <= int(node.name) <= columns


def nearest(name: str, known: Mapping[str, str]) -> str:
    """A hint: the known name that is most like ``name``."""
    near = difflib.get_close_matches(name.lower(), [k.lower() for k in known], n=1, cutoff=0.6)
    return f"Did you mean '{near[0]}'?" if near else f"Known: {', '.join(sorted(known.values())[:12])}."
