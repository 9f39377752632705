"""``giljabi review``: the review desk."""

from __future__ import annotations

import getpass
import sys
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

EPILOG = "--home DIR and --json work here too."
Status = Literal["unreviewed", "pending", "approved", "rejected", "superseded"]
MOST = 500

app = typer.Typer(
    help="The review desk: queries that were answered, and what is decided on them.", no_args_is_help=True
)

Id = Annotated[str, typer.Argument(metavar="ID", help="The query.id of an Answer.")]
Reviewer = Annotated[
    str | None, typer.Option(metavar="NAME", help="Who decides; else the user's login name.")
]
Reason = Annotated[str, typer.Option(metavar="TEXT", help="Why.")]


@app.command("list", epilog=EPILOG)
def list_(
    context: typer.Context,
    every: Annotated[bool, typer.Option("--all", help="Of every status.")] = False,
    status: Annotated[Status, typer.Option(help="Of this status.")] = "pending",
    proposed: Annotated[
        bool, typer.Option("--proposed", help="Open ones asked often, or unlike any approved one.")
    ] = False,
    limit: Annotated[int, typer.Option(min=1, max=MOST, help="How many at most.")] = 100,
) -> None:
    """List queries that wait for a decision, the one changed last first."""
    from api import render_reviews

    session = context.obj
    with session.reach("shared") as home:
        found = home.reviews("proposed" if proposed else "all" if every else status, limit)
    session.show(found, render_reviews.reviews)


@app.command("show", epilog=EPILOG)
def show(context: typer.Context, id: Id) -> None:
    """Show a query: question, plan, SQL, state, and what was done with it."""
    from api import render_reviews
    from api.well_formed import well_formed

    session = context.obj
    with session.reach("shared") as home:
        found = home.review(well_formed(id))
    session.show(found, render_reviews.review)


@app.command("request", epilog=EPILOG)
def request(context: typer.Context, id: Id, reviewer: Reviewer = None, reason: Reason = "") -> None:
    """Ask for a review, or for another look at a rejected query."""
    _decide(context, id, "request", reviewer, reason)


@app.command("approve", epilog=EPILOG)
def approve(context: typer.Context, id: Id, reviewer: Reviewer = None, reason: Reason = "") -> None:
    """Vouch for a query: like questions are answered by it, as verified, until the catalog changes."""
    _decide(context, id, "approve", reviewer, reason)


@app.command("reject", epilog=EPILOG)
def reject(context: typer.Context, id: Id, reviewer: Reviewer = None, reason: Reason = "") -> None:
    """Turn the reading of a question down: it is not offered again."""
    _decide(context, id, "reject", reviewer, reason)


@app.command("edit", epilog=EPILOG)
def edit(
    context: typer.Context,
    id: Id,
    file: Annotated[
        Path | None, typer.Option(metavar="FILE", help="The SQL; else it is read from stdin.")
    ] = None,
    reviewer: Reviewer = None,
    reason: Reason = "",
) -> None:
    """Put other SQL in the place of a query's own, if the guard accepts it; approve it afterwards."""
    _decide(context, id, "edit", reviewer, reason, sql=_sql(file))


def _decide(
    context: typer.Context, id: str, act: str, reviewer: str | None, reason: str, **more: str
) -> None:
    from api import render_reviews
    from api.well_formed import well_formed

    session = context.obj
    body = {"reviewer": reviewer or _login(), "reason": reason, **more}
    with session.reach("shared") as home:
        done: dict[str, Any] = home.decide(
            well_formed(id), act, {name: well_formed(text) for name, text in body.items()}
        )
    session.show(done, render_reviews.review)


def _sql(file: Path | None) -> str:
    from knowledge.errors import UserError

    if file is None:
        return sys.stdin.buffer.read().decode("utf-8", "replace")
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UserError(
            f"The SQL in {file} cannot be read: {error}", hint="Give a text file in UTF-8."
        ) from error


def _login() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError) as error:
        raise typer.BadParameter(
            "the login name is not known; give a name.", param_hint="--reviewer"
        ) from error
