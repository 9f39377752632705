"""One worker process, seen from the program: started, asked, killed."""

from __future__ import annotations

import os
import select
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from tools.query.worker.frames import LENGTH, read_body

ROOT = Path(__file__).resolve().parents[3]
START = "import sys; sys.path.append(sys.argv.pop()); from tools.query.worker.child import main; main()"
# Nothing else of the program's environment reaches a worker: passwords of databases stand there.
_KEPT = """
HOME LANG LC_ALL LC_CTYPE LD_LIBRARY_PATH DYLD_LIBRARY_PATH PATH PYTHONHOME PYTHONPATH SYSTEMROOT TMPDIR
PGSSLMODE PGSSLROOTCERT PGSSLCERT PGSSLKEY VIRTUAL_ENV
"""
KEPT_VARIABLES = frozenset(_KEPT.split())
READ_BYTES = 1 << 20


class WorkerEnded(Exception):
    """The process ended without a reply. ``code`` as of subprocess: minus the signal that ended it."""

    def __init__(self, code: int | None) -> None:
        super().__init__(f"the worker ended with {code}")
        self.code = code


class WorkerLate(Exception):
    """No reply came in time."""


class Worker:
    """A child process with a pipe each way. Used by one thread at a time; kill it when no reply comes."""

    def __init__(self) -> None:
        """Raises OSError where no process can be started."""
        # A session of its own: ctrl-C in a terminal reaches the program only, which decides what ends.
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-B", "-c", START, str(ROOT)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            bufsize=0,
            env={name: value for name, value in os.environ.items() if name in KEPT_VARIABLES},
            start_new_session=True,
        )
        assert self._process.stdin is not None and self._process.stdout is not None
        self._requests, self._replies = self._process.stdin, self._process.stdout
        self._poll = select.poll()
        self._poll.register(self._replies, select.POLLIN | select.POLLHUP)

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._process.pid

    @property
    def alive(self) -> bool:
        """False once it has ended."""
        return self._process.poll() is None

    @property
    def silent(self) -> bool:
        """True where it has neither said anything nor hung up, as a worker has to that owes no reply."""
        return not self._poll.poll(0)

    def send(self, request: bytes) -> None:
        """Give it a frame. Raises WorkerEnded."""
        try:
            left = memoryview(request)
            while left:
                left = left[self._requests.write(left) or 0 :]
        except (OSError, ValueError) as error:
            raise WorkerEnded(self._process.poll()) from error

    def receive(self, seconds: float, most: int) -> dict[str, Any]:
        """Its next reply, of at most ``most`` bytes. Raises WorkerLate, WorkerEnded."""
        until = time.monotonic() + seconds
        length = LENGTH.unpack(self._read(LENGTH.size, until))[0]
        if length > most:
            raise WorkerEnded(None)
        try:
            return read_body(self._read(length, until))
        except ValueError as error:
            raise WorkerEnded(None) from error

    def end(self) -> None:
        """End it now, whatever it is doing; whoever waits for its reply is told."""
        self._process.kill()

    def kill(self) -> None:
        """End it and let go of it. Nobody may be waiting for its reply."""
        self.end()
        for pipe in (self._requests, self._replies):
            pipe.close()
        self._process.wait()

    def _read(self, size: int, until: float) -> bytes:
        parts: list[bytes] = []
        while size:
            left = until - time.monotonic()
            if left <= 0 or not self._poll.poll(left * 1000):
                raise WorkerLate
            part = os.read(self._replies.fileno(), min(size, READ_BYTES))
            if not part:
                raise WorkerEnded(self._ended())
            parts.append(part)
            size -= len(part)
        return b"".join(parts)

    def _ended(self) -> int | None:
        try:
            return self._process.wait(timeout=1)
        except subprocess.TimeoutExpired:
            return None
