"""``giljabi audit``: the audit trail."""

from __future__ import annotations

import typer

app = typer.Typer(help="The audit trail of what was decided.", no_args_is_help=True)


@app.callback()
def _group() -> None:
    """The audit trail of what was decided."""


@app.command("verify", epilog="--home DIR and --json work here too.")
def verify(context: typer.Context) -> None:
    """Check that no row of the audit trail was changed, taken out or put in."""
    from api import render_reviews

    session = context.obj
    with session.reach("shared") as home:
        verdict = home.verify_audit()
    session.show(verdict, render_reviews.audit)
    if not verdict["intact"]:
        raise typer.Exit(1)
