"""What every request passes: host check, size limit, request id, safe headers, a count and a log line.

Written against ASGI itself so that streamed answers pass through untouched.
"""

from __future__ import annotations

import json
import logging
import re
import time
import uuid
from typing import Any

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.metrics import Metrics
from api.problems import MEDIA_TYPE, http_problem

LARGEST_BODY = 1 << 20
LOOPBACK_NAMES = frozenset({"127.0.0.1", "localhost", "[::1]"})
SAFE_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    ),
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
_log = logging.getLogger("giljabi.http")


class Gate:
    """ASGI middleware. ``hosts``: the names that requests may give beside loopback ones; "*" allows any."""

    def __init__(self, app: ASGIApp, *, hosts: frozenset[str], metrics: Metrics) -> None:
        self._app = app
        self._hosts = LOOPBACK_NAMES | hosts
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        visit = _Visit(scope, receive, send)
        try:
            if not self._allowed(visit.headers.get("host", "")):
                await visit.refuse(
                    421,
                    "The Host header names a host that this server does not go by.",
                    "Use 127.0.0.1, or list the name in GILJABI_ALLOWED_HOSTS.",
                )
            elif visit.declared_size() > LARGEST_BODY:
                await visit.refuse(413, TOO_LARGE, "Send less at a time.")
            else:
                await self._app(scope, visit.receive, visit.send)
        finally:
            self._count(scope, visit)

    def _allowed(self, host: str) -> bool:
        name = host.lower() if host.endswith("]") else host.lower().rsplit(":", 1)[0]
        return "*" in self._hosts or name in self._hosts

    def _count(self, scope: Scope, visit: _Visit) -> None:
        seconds = time.perf_counter() - visit.started
        route = getattr(scope.get("route"), "path", "unmatched")
        self._metrics.request(scope["method"], route, visit.status, seconds)
        _log.info(
            "%s %s %s %.0f ms %s",
            scope["method"],
            scope["path"],
            visit.status,
            seconds * 1000,
            visit.request_id,
        )


TOO_LARGE = f"The request's body is over {LARGEST_BODY:,} bytes."


class _Visit:
    """One request on its way through."""

    def __init__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.started = time.perf_counter()
        self.status = 500
        self.headers = Headers(scope=scope)
        given = self.headers.get("x-request-id", "")
        self.request_id = given if _REQUEST_ID.fullmatch(given) else uuid.uuid4().hex
        scope.setdefault("state", {})["request_id"] = self.request_id
        self._receive = receive
        self._send = send
        self._received = 0

    def declared_size(self) -> int:
        """The Content-Length, or 0 where there is none that can be read."""
        length = self.headers.get("content-length", "")
        return int(length) if length.isdecimal() else 0

    async def receive(self) -> Message:
        """The next piece of the body; too many of them end the request."""
        message = await self._receive()
        self._received += len(message.get("body", b""))
        if self._received > LARGEST_BODY:
            raise HTTPException(413, TOO_LARGE)
        return message

    async def send(self, message: Message) -> None:
        """Pass on a piece of the response, with the safe headers on its start."""
        if message["type"] == "http.response.start":
            self.status = message["status"]
            headers = MutableHeaders(scope=message)
            headers["X-Request-ID"] = self.request_id
            for name, value in SAFE_HEADERS.items():
                headers.setdefault(name, value)
        await self._send(message)

    async def refuse(self, status: int, detail: str, hint: str) -> None:
        """Answer with problem details, without going any further."""
        document: dict[str, Any] = http_problem(status, detail, hint).document(request_id=self.request_id)
        body = json.dumps(document).encode()
        headers = [(b"content-type", MEDIA_TYPE.encode()), (b"content-length", str(len(body)).encode())]
        await self.send({"type": "http.response.start", "status": status, "headers": headers})
        await self.send({"type": "http.response.body", "body": body})
