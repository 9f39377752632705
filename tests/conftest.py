"""What all tests share: no network but loopback, one loaded home, one server over a copy of it."""

from __future__ import annotations

import io
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from api.environment import prepare_environment
from tests.postgres import running

ROOT = Path(__file__).parent.parent
OFFLINE = Path(__file__).parent / "offline"
TODAY = "2025-04-10"
START_SECONDS = 60.0
GILJABI = (sys.executable, "-c", "from api.cli import main; main()")

prepare_environment()
sys.path.insert(0, str(OFFLINE))


@pytest.fixture(scope="session", autouse=True)
def offline() -> None:
    """Any connection to another machine fails the test that made it."""
    from tests_offline import refuse_other_networks

    refuse_other_networks()


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The URL of the database of a running PostgreSQL, as its superuser."""
    with running() as url:
        yield url


@pytest.fixture(autouse=True)
def own_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    """No setting of the person who runs the tests reaches them."""
    for name in list(os.environ):
        if name.startswith("GILJABI_"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("GILJABI_TODAY", TODAY)


@pytest.fixture(scope="session")
def sample_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with the sample programme, loaded once. For reading only; copy it to change it."""
    from assistant.home import Home
    from assistant.sample import load_sample

    root = tmp_path_factory.mktemp("sample") / "home"
    with Home(root, "tests") as home:
        home.create()
        load_sample(home)
    return root


@dataclass(frozen=True)
class Ran:
    """What a command line gave: exit code, stdout, stderr."""

    code: int
    out: str
    err: str = ""

    @property
    def json(self) -> Any:
        """Stdout as the one JSON document that it has to be."""
        return json.loads(self.out)

    @property
    def lines(self) -> list[Any]:
        """Stdout as JSON Lines."""
        return [json.loads(line) for line in self.out.splitlines()]


def command_environment(**more: str) -> dict[str, str]:
    """The environment for a command in a process of its own: offline, no settings but those given."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GILJABI_")}
    paths = os.pathsep.join([str(OFFLINE), *filter(None, [kept.get("PYTHONPATH")])])
    return {**kept, "PYTHONPATH": paths, "GILJABI_TODAY": TODAY, **more}


@pytest.fixture(scope="session")
def giljabi() -> Callable[..., Ran]:
    """Run a command line in a process of its own."""

    def run(*arguments: str, stdin: bytes = b"", **environment: str) -> Ran:
        done = subprocess.run(
            [*GILJABI, *arguments],
            input=stdin,
            capture_output=True,
            env=command_environment(**environment),
            timeout=120,
            check=False,
        )
        return Ran(done.returncode, done.stdout.decode(), done.stderr.decode())

    return run


@pytest.fixture
def command() -> Callable[..., Ran]:
    """Run a command line in this process, which is quicker; problems drawn for people are not captured."""

    def run(*arguments: str) -> Ran:
        from api import cli

        stdout = io.TextIOWrapper(io.BytesIO(), encoding="utf-8")
        with redirect_stdout(stdout):
            code = cli.run(arguments)
        stdout.flush()
        return Ran(code, stdout.buffer.getvalue().decode())  # type: ignore[attr-defined]

    return run


@dataclass(frozen=True)
class Served:
    """A running server: its base URL, its home, its process id."""

    url: str
    home: Path
    pid: int
    token: str


@pytest.fixture(scope="session")
def start_server() -> Iterator[Callable[..., Served]]:
    """Start ``giljabi serve`` on a home, at a free port; all of them are stopped at the end."""
    processes: list[subprocess.Popen[bytes]] = []

    def start(home: Path, **environment: str) -> Served:
        process = subprocess.Popen(
            [*GILJABI, "--home", str(home), "serve", "--port", "0"],
            env=command_environment(**environment),
            stderr=subprocess.DEVNULL,
        )
        processes.append(process)
        return _served(home, process)

    yield start
    _stop(processes)


@pytest.fixture(scope="session")
def served(sample_home: Path, tmp_path_factory: pytest.TempPathFactory, start_server: Any) -> Served:
    """A server over a copy of the sample home, shared by the tests that only read."""
    home = tmp_path_factory.mktemp("served") / "home"
    shutil.copytree(sample_home, home)
    return start_server(home)


def _served(home: Path, process: subprocess.Popen[bytes]) -> Served:
    record = home / "server.json"
    give_up = time.monotonic() + START_SECONDS
    while not record.exists():
        assert process.poll() is None, f"the server ended with {process.returncode}"
        assert time.monotonic() < give_up, "the server did not start"
        time.sleep(0.05)
    said = json.loads(record.read_text())
    url = f"http://127.0.0.1:{said['port']}"
    _wait_for(url, give_up)
    return Served(url, home, process.pid, said["token"])


def _wait_for(url: str, give_up: float) -> None:
    import httpx

    while True:
        try:
            assert httpx.get(f"{url}/livez", trust_env=False).status_code == 200
            return
        except httpx.TransportError:
            assert time.monotonic() < give_up, "the server does not listen"
            time.sleep(0.05)


def _stop(processes: Sequence[subprocess.Popen[bytes]]) -> None:
    for process in processes:
        process.terminate()
    for process in processes:
        process.wait(timeout=30)
