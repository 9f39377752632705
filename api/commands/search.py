"""``giljabi search``: passages for words, or for a batch of them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

MOST_PASSAGES = 200


def search(
    context: typer.Context,
    words: Annotated[list[str] | None, typer.Argument(metavar="WORDS", help="What to look for.")] = None,
    k: Annotated[int, typer.Option("-k", min=1, max=MOST_PASSAGES, help="How many passages at most.")] = 10,
    batch: Annotated[
        Path | None, typer.Option(metavar="FILE.jsonl", help='Lines {"id", "text"}; - reads stdin.')
    ] = None,
) -> None:
    """Find passages of documents and entries of the catalog, best first."""
    from api import render
    from api.batch import run_batch
    from api.well_formed import well_formed

    if (not words) == (batch is None):
        raise typer.BadParameter("give WORDS or --batch FILE, one of the two.", param_hint="WORDS")
    session = context.obj
    with session.reach("shared") as home:
        if batch is not None:
            run_batch(batch, lambda line: _search_line(home, line, k))
            return
        found = home.search(well_formed(" ".join(words or [])), k)
    session.show(found, render.passages)
    if not found["passages"]:
        raise typer.Exit(1)


def _search_line(home: Any, line: dict[str, Any], k: int) -> dict[str, Any]:
    from api.batch import text_of
    from api.well_formed import well_formed
    from knowledge.errors import UserError

    wanted = line.get("k", k)
    if not isinstance(wanted, int) or isinstance(wanted, bool) or not 1 <= wanted <= MOST_PASSAGES:
        raise UserError(f"k cannot be {wanted!r}.", hint=f"Give a number from 1 to {MOST_PASSAGES}.")
    return home.search(well_formed(text_of(line, "text", "words", "query", "question")), wanted)
