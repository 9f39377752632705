"""Reaching a home: in this process under its lock, or through the server that holds it.

Both ways have the same methods and give the same documents, so a command does not care which it got.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import TYPE_CHECKING

from api.local_home import LocalHome
from api.served_home import ServedHome
from api.server_record import TODAY_HEADER, TOKEN_HEADER, ServerRecord, read_record
from assistant.home import WAIT_SECONDS, Home
from knowledge.errors import HomeBusy

if TYPE_CHECKING:
    import httpx

    from assistant.lock import Mode

POLL_SECONDS = 0.5


@contextmanager
def reach(home: Home, mode: Mode, today: date | None = None) -> Iterator[LocalHome | ServedHome]:
    """Reach the home in ``mode``: its server where one runs, else this process under the lock.

    Raises HomeBusy, naming the process, when neither is possible within the wait.
    """
    give_up = time.monotonic() + WAIT_SECONDS
    while True:
        client = _client_of(home, today)
        if client is not None:
            with client:
                yield ServedHome(client)
            return
        try:
            home.hold(mode, POLL_SECONDS)
            break
        except HomeBusy:
            if time.monotonic() >= give_up:
                raise
    with home:
        yield LocalHome(home, today)


def _client_of(home: Home, today: date | None) -> httpx.Client | None:
    """A client of the server that holds the home, once it has shown that it is that server."""
    record = read_record(home.root)
    if record is None:
        return None
    import httpx

    base = record.loopback
    if base is None:
        raise HomeBusy(
            f"The home {home.root} is held by the server of process {record.pid}, which listens on "
            f"{record.host} only.",
            hint="Start it with --host 127.0.0.1 or 0.0.0.0, or stop it, then try again.",
        )
    try:
        greeting = httpx.get(f"{base}/livez", timeout=5.0, trust_env=False)
        known = greeting.json().get("instance") == record.instance
    except (httpx.HTTPError, ValueError, AttributeError):
        known = False
    return _authorised(base, record, today) if known else None


def _authorised(base: str, record: ServerRecord, today: date | None) -> httpx.Client:
    import httpx

    headers = {TOKEN_HEADER: record.token}
    if today is not None:
        headers[TODAY_HEADER] = today.isoformat()
    return httpx.Client(base_url=base, headers=headers, trust_env=False)
