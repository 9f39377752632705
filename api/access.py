"""Who may change things: commands on this machine that hold the server's token."""

from __future__ import annotations

import secrets
from datetime import date

from fastapi import HTTPException, Request

from api.server_record import TODAY_HEADER, TOKEN_HEADER, is_loopback


def has_token(request: Request) -> bool:
    """True for a request from this machine's loopback that carries the token of this run."""
    given = request.headers.get(TOKEN_HEADER, "").encode()
    local = request.client is not None and is_loopback(request.client.host)
    return local and secrets.compare_digest(given, request.app.state.token.encode())


def require_token(request: Request) -> None:
    """Dependency of routes that change the home. 403 without the token."""
    if not has_token(request):
        raise HTTPException(
            403, "Only commands on the server's own machine may do this; they send its token."
        )


def today_of(request: Request) -> date:
    """Today: the settings' day or the clock's; a command with the token may bring its own."""
    given = request.headers.get(TODAY_HEADER)
    if given and has_token(request):
        try:
            return date.fromisoformat(given)
        except ValueError as error:
            raise HTTPException(400, f"{TODAY_HEADER} is no date.") from error
    return request.app.state.settings.day()
