"""Running the server: hold the home, listen, say where, and leave nothing behind."""

from __future__ import annotations

import os
import signal
import socket
import sys
from contextlib import suppress
from types import FrameType

import uvicorn

from api.app import create_app, gated
from api.server_record import ServerRecord, new_token, read_record, remove_record
from api.settings import Settings
from assistant.home import WAIT_SECONDS, Home
from knowledge.errors import HomeBusy, ServiceError

SHUTDOWN_SECONDS = 10
SHORT_WAIT_SECONDS = 1.0


def serve_home(home: Home, settings: Settings) -> None:
    """Serve until the process is told to stop. Raises HomeBusy, or ServiceError when the port is taken."""
    listener = _listen(settings.host, settings.port)
    signal.signal(signal.SIGTERM, _stop)
    with listener, home, suppress(KeyboardInterrupt):
        _hold(home)
        remove_record(home.root)
        home.make_ready()
        port = listener.getsockname()[1]
        record = ServerRecord(os.getpid(), settings.host, port, new_token())
        config = uvicorn.Config(
            gated(create_app(home, settings, record.token)),
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=False,
            timeout_graceful_shutdown=SHUTDOWN_SECONDS,
        )
        record.write(home.root)
        try:
            shown = f"[{settings.host}]" if ":" in settings.host else settings.host
            print(
                f"Giljabi serves {home.root} at http://{shown}:{port} (stop with Ctrl-C)",
                file=sys.stderr,
                flush=True,
            )
            uvicorn.Server(config).run(sockets=[listener])
        finally:
            remove_record(home.root)


def _hold(home: Home) -> None:
    """Take the home; where another server has it, say so at once rather than after the whole wait."""
    record = read_record(home.root)
    try:
        home.hold("exclusive", WAIT_SECONDS if record is None else SHORT_WAIT_SECONDS)
    except HomeBusy as error:
        if record is None:
            raise
        raise HomeBusy(
            f"The home {home.root} is served already, by process {record.pid} at port {record.port}.",
            hint="Use that server, stop it, or serve another home with --home.",
        ) from error


def _stop(_signal: int, _frame: FrameType | None) -> None:
    """uvicorn raises the signal again once it has shut down; ending by exception lets us tidy up."""
    raise KeyboardInterrupt


def _listen(host: str, port: int) -> socket.socket:
    """A bound socket, so that a taken port is said before anything is loaded."""
    try:
        family, kind, _, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        listener = socket.socket(family, kind)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
    except OSError as error:
        raise ServiceError(
            f"The server cannot listen at {host} port {port}: {error.strerror or error}.",
            hint="Stop what listens there, or choose another with --port.",
        ) from error
    return listener
