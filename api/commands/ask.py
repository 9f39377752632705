"""``giljabi ask``: a question, or a batch of them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal

import typer

REFUSED_STATUSES = {"declined", "not_found"}


def ask(
    context: typer.Context,
    question: Annotated[str | None, typer.Argument(help="The question, in Korean or English.")] = None,
    batch: Annotated[
        Path | None, typer.Option(metavar="FILE.jsonl", help='Lines {"id", "text"}; - reads stdin.')
    ] = None,
    conversation: Annotated[
        str | None, typer.Option(metavar="ID", help="Go on with this conversation.")
    ] = None,
    language: Annotated[
        Literal["ko", "en"] | None, typer.Option(help="Answer in this language, not the question's.")
    ] = None,
) -> None:
    """Answer a question: text, rows, SQL and citations."""
    from api import render
    from api.batch import run_batch
    from api.well_formed import well_formed

    if (question is None) == (batch is None):
        raise typer.BadParameter("give a QUESTION or --batch FILE, one of the two.", param_hint="QUESTION")
    session = context.obj
    with session.reach("shared") as home:
        if batch is not None:
            run_batch(batch, lambda line: _answer_line(home, line, language))
            return
        assert question is not None
        answer = home.ask(well_formed(question), conversation=conversation, language=language)
    session.show(answer, render.answer)
    if answer["status"] in REFUSED_STATUSES:
        raise typer.Exit(1)


def _answer_line(home: Any, line: dict[str, Any], language: str | None) -> dict[str, Any]:
    from api.batch import text_of
    from api.well_formed import well_formed
    from knowledge.errors import UserError

    wanted = line.get("language") or language
    if wanted not in {None, "ko", "en"}:
        raise UserError(f"There is no language {wanted!r} here.", hint="Use ko or en, or leave it out.")
    conversation = line.get("conversation")
    if conversation is not None and not isinstance(conversation, str):
        raise UserError(f"The conversation {conversation!r} is no text.", hint="Give its id in quotes.")
    text = well_formed(text_of(line, "text", "question"))
    return home.ask(text, conversation=conversation, language=wanted)
