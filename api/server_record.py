"""server.json: how other commands find the server that holds a home, and how it knows them.

The file holds the process id, the address and a random token, and only its owner can read it.
"""

from __future__ import annotations

import hashlib
import ipaddress
import json
import os
import secrets
from dataclasses import asdict, dataclass
from pathlib import Path

from assistant.lock import alive

FILE_NAME = "server.json"
TOKEN_HEADER = "X-Giljabi-Token"
TODAY_HEADER = "X-Giljabi-Today"


@dataclass(frozen=True, slots=True)
class ServerRecord:
    """A running server: process id, the address it listens on, the token that its own commands send."""

    pid: int
    host: str
    port: int
    token: str

    @property
    def instance(self) -> str:
        """A name of this run that gives nothing of the token away."""
        return instance_of(self.token)

    @property
    def loopback(self) -> str | None:
        """The base URL on this machine's loopback, or None where the server does not listen there."""
        if self.host in {"0.0.0.0", "localhost"}:
            return f"http://127.0.0.1:{self.port}"
        if self.host == "::":
            return f"http://[::1]:{self.port}"
        if not is_loopback(self.host):
            return None
        return f"http://[{self.host}]:{self.port}" if ":" in self.host else f"http://{self.host}:{self.port}"

    def write(self, root: Path) -> None:
        """Put the file in place, whole, readable by its owner only."""
        temporary = root / f"{FILE_NAME}.{os.getpid()}.tmp"
        temporary.unlink(missing_ok=True)
        with os.fdopen(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            json.dump(asdict(self), file)
        temporary.replace(root / FILE_NAME)


def new_token() -> str:
    """A token that nobody guesses."""
    return secrets.token_urlsafe(32)


def instance_of(token: str) -> str:
    """The name of a run, from its token."""
    return hashlib.sha256(token.encode()).hexdigest()[:16]


def read_record(root: Path) -> ServerRecord | None:
    """The record of a living server, else None; what a dead one left behind is passed over."""
    try:
        record = ServerRecord(**json.loads((root / FILE_NAME).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None
    return record if alive(record.pid) else None


def remove_record(root: Path) -> None:
    """Take the file away; for the process that holds the home."""
    (root / FILE_NAME).unlink(missing_ok=True)


def is_loopback(host: str) -> bool:
    """True for an address of this machine's loopback."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
