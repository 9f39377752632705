"""``giljabi serve``: the HTTP server."""

from __future__ import annotations

from typing import Annotated

import typer


def serve(
    context: typer.Context,
    host: Annotated[str | None, typer.Option(help="Address to listen on; else GILJABI_HOST.")] = None,
    port: Annotated[
        int | None, typer.Option(min=0, max=65535, help="Port, 0 for a free one; else GILJABI_PORT.")
    ] = None,
    workers: Annotated[int, typer.Option(min=1, help="Worker processes. One: the index allows no more.")] = 1,
) -> None:
    """Serve the API. Other commands on this home go through the server while it runs."""
    if workers != 1:
        raise typer.BadParameter(
            "the index may be open in one process only, so there is one worker; it answers on many threads.",
            param_hint="--workers",
        )
    from api.server import serve_home

    session = context.obj
    session.given = {"host": host, "port": port}
    session.home.create()
    serve_home(session.home, session.settings)
