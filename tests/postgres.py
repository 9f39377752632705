"""A PostgreSQL server of the tests' own: a temporary folder, a loopback port, no user with rights.

The fixture ``postgres`` of tests/conftest.py runs it; ``fresh_database`` makes an empty database on it.
"""

from __future__ import annotations

import os
import pwd
import secrets
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

USER = "records"
UNPRIVILEGED = ("postgres", "nobody")
DEBIAN = Path("/usr/lib/postgresql")
INSTALL = (
    ["apt-get", "update", "-qq"],
    ["apt-get", "install", "-y", "-qq", "--no-install-recommends", "postgresql"],
)


class PostgresMissing(AssertionError):
    """No server could be found or installed."""


def programs() -> Path:
    """The folder of PostgreSQL's programs, installed from Debian where there is none and we may."""
    found = _found()
    if found is None and os.geteuid() == 0 and shutil.which("apt-get"):
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        for command in INSTALL:
            subprocess.run(command, check=True, env=environment, capture_output=True, timeout=300)
        found = _found()
    if found is None:
        raise PostgresMissing(
            "These tests need PostgreSQL's server: install it with "
            "`apt-get install postgresql`, or put initdb and pg_ctl on PATH."
        )
    return found


def _found() -> Path | None:
    on_path = shutil.which("pg_ctl")
    folders = [Path(on_path).resolve().parent] if on_path else []
    folders += sorted(DEBIAN.glob("*/bin"), reverse=True)
    return next((f for f in folders if (f / "initdb").exists() and (f / "pg_ctl").exists()), None)


@contextmanager
def running() -> Iterator[str]:
    """A running server that asks for passwords; gives the URL of its database, as its superuser."""
    at = programs()
    account = _account()
    password = secrets.token_hex(8)
    with tempfile.TemporaryDirectory(prefix="giljabi-pg-", dir="/tmp") as name:
        folder = Path(name)
        secret = folder / "password"
        secret.write_text(password)
        if account is not None:
            for path in (folder, secret):
                os.chown(path, account.pw_uid, account.pw_gid)
        data, port = folder / "data", _free_port()
        options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={folder} -c fsync=off"

        def run(program: str, *arguments: str) -> None:
            done = subprocess.run(
                [str(at / program), *arguments],
                user=None if account is None else account.pw_uid,
                group=None if account is None else account.pw_gid,
                extra_groups=None if account is None else [],
                cwd=folder,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                timeout=120,
                check=False,
            )
            assert done.returncode == 0, f"{program}: {done.stderr.decode()}"

        run(
            *("initdb", "-D", str(data), "-U", USER, "-A", "scram-sha-256", "--pwfile", str(secret)),
            *("-E", "UTF8", "--no-locale", "-N"),
        )
        run("pg_ctl", "-D", str(data), "-w", "-o", options, "-l", str(folder / "log"), "start")
        try:
            yield f"postgresql://{USER}:{password}@127.0.0.1:{port}/postgres"
        finally:
            run("pg_ctl", "-D", str(data), "-w", "-m", "immediate", "stop")


def fresh_database(server: str) -> str:
    """The URL of a new empty database, as a role that owns it and may make roles, and no more."""
    import psycopg

    name, password = f"t{secrets.token_hex(6)}", secrets.token_hex(8)
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE ROLE {name} LOGIN CREATEROLE PASSWORD '{password}'".encode())
        connection.execute(f"CREATE DATABASE {name} OWNER {name}".encode())
    parts = urlsplit(server)
    return parts._replace(netloc=f"{name}:{password}@{parts.hostname}:{parts.port}", path=f"/{name}").geturl()


def _account() -> pwd.struct_passwd | None:
    """Whom the server runs as: the server refuses to run as root. None for the user we are."""
    if os.geteuid() != 0:
        return None
    names = {entry.pw_name: entry for entry in pwd.getpwall()}
    return next(names[name] for name in UNPRIVILEGED if name in names)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
