"""Where a profile may keep patient rows while it runs: ``PrivateFolder``.

Three walls, since a process may end at any moment. The folder is its owner's alone (0700), and what
DuckDB keeps in it is encrypted with a key that no file holds. The database in it has no name, where the
system lets an open file be unlinked: it goes with the process, however that ends. And a lock that ends
with the process tells a later start which folders are left over; it removes them.
"""

from __future__ import annotations

import os
import secrets
import shutil
import signal
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType
from typing import Any

import duckdb
from filelock import FileLock, Timeout
from sqlglot import exp

from knowledge.errors import StoreUnavailable

MEMORY_LIMIT = "1GB"
PREFIX = "giljabi-profile-"
_LOCK = "owner.lock"
# A folder without a lock was made by a version that had none. Nothing profiles for longer than this.
_OLD_SECONDS = 86_400
_ENDING = ("SIGINT", "SIGTERM", "SIGHUP")


class PrivateFolder:
    """A folder for one profile. ``close`` removes it; so does a later start, where nobody did."""

    def __init__(self, path: Path, lock: FileLock) -> None:
        self.path, self._lock = path, lock

    @classmethod
    def make(cls, register: Path | None = None, tell: Callable[[str], None] | None = None) -> PrivateFolder:
        """A new folder in the temporary folder (TMPDIR), after those of dead owners have been removed,
        here and in every place that ``register`` lists; the file is made and added to. ``tell`` is given
        one line for each folder, the removed ones and the new one. Raises StoreUnavailable."""
        place = Path(tempfile.gettempdir()).resolve()
        tell = tell or _silent
        for left in left_over(_places(register) | {place}):
            shutil.rmtree(left, ignore_errors=True)
            tell(f"{left} was left over from an earlier run; " + (
                "it cannot be removed, do so by hand." if left.exists() else "it was removed."
            ))
        try:
            _note(register, place)
            folder = cls._locked(place)
        except OSError as error:
            raise StoreUnavailable(
                f"No private folder can be made in {str(place)!r}: {error.strerror or error}.",
                hint="Name a folder with room in TMPDIR.",
            ) from error
        tell(f"Rows are read into {folder.path}, encrypted; it goes when this ends.")
        return folder

    @classmethod
    def _locked(cls, place: Path) -> PrivateFolder:
        """A folder whose lock this process holds. Another start may take a folder for left over in the
        moment before its lock is held; then the next one is tried."""
        while True:
            path = Path(tempfile.mkdtemp(prefix=PREFIX, dir=place))
            lock = FileLock(path / _LOCK)
            with suppress(Timeout, FileNotFoundError):
                lock.acquire(timeout=0)
                if (path / _LOCK).exists():
                    return cls(path, lock)
            lock.release()

    def connect(self) -> duckdb.DuckDBPyConnection:
        """A DuckDB in memory, which spills into this folder, encrypted."""
        spill = self.path / "spill"
        spill.mkdir(mode=0o700)
        connection = duckdb.connect(config={"memory_limit": MEMORY_LIMIT, "temp_directory": str(spill)})
        # Without an extension, DuckDB has a cipher but no generator of random numbers that is good
        # enough for a file that is given away. These files are not, and are never read again.
        connection.execute("SET force_mbedtls_unsafe = 'true'")
        connection.execute("SET temp_file_encryption = true")
        return connection

    def attach(self, connection: duckdb.DuckDBPyConnection, name: str) -> None:
        """A new database in this folder, encrypted and without a name in it, for the connection to use."""
        file = self.path / "rows.duckdb"
        quoted = exp.Literal.string(str(file)).sql(dialect="duckdb")
        options = f"ENCRYPTION_KEY '{secrets.token_hex(32)}', ENCRYPTION_CIPHER 'CTR'"
        connection.execute(f"ATTACH {quoted} AS {name} ({options}, RECOVERY_MODE no_wal_writes)")
        connection.execute(f"USE {name}")
        with suppress(PermissionError):  # Windows keeps the name of an open file
            file.unlink()

    def close(self) -> None:
        """Remove the folder and all that is in it."""
        shutil.rmtree(self.path, ignore_errors=True)
        self._lock.release()


def left_over(places: set[Path]) -> list[Path]:
    """The folders of dead owners in ``places``: this user's own, with a lock that nobody holds."""
    return [
        path for place in sorted(places) if place.is_dir()
        for path in sorted(place.glob(f"{PREFIX}*")) if _is_left_over(path)
    ]


@contextmanager
def ended_in_order() -> Iterator[None]:
    """Inside, a signal that asks the process to end raises SystemExit, and ctrl-C KeyboardInterrupt, so
    that folders are removed; DuckDB by itself turns both into a RuntimeError of its own. Signals are
    handled in the main thread only; elsewhere nothing changes."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    asked: list[BaseException] = []

    def end(number: int, _frame: FrameType | None) -> None:
        asked.append(KeyboardInterrupt() if number == signal.SIGINT else SystemExit(128 + number))
        raise asked[0]

    kept: dict[int, Any] = {}
    for number in (getattr(signal, name) for name in _ENDING if hasattr(signal, name)):
        if signal.getsignal(number) in (signal.SIG_DFL, signal.default_int_handler):
            kept[number] = signal.signal(number, end)
    try:
        yield
    except RuntimeError:
        if asked:
            raise asked[0] from None
        raise
    finally:
        for number, handler in kept.items():
            signal.signal(number, handler)


def _is_left_over(path: Path) -> bool:
    try:
        status = path.lstat()
        if not path.is_dir() or path.is_symlink() or status.st_uid != getattr(os, "getuid", lambda: 0)():
            return False
        if not (path / _LOCK).exists():
            return time.time() - status.st_mtime > _OLD_SECONDS
        with FileLock(path / _LOCK).acquire(timeout=0):
            return True
    except (OSError, Timeout):
        return False


def _places(register: Path | None) -> set[Path]:
    try:
        lines = register.read_text(encoding="utf-8").splitlines() if register else []
    except (OSError, UnicodeDecodeError):
        lines = []
    return {Path(line) for line in lines if line}


def _note(register: Path | None, place: Path) -> None:
    """Write down that folders are made in ``place``, for a start that has another TMPDIR."""
    if register is None or place in _places(register):
        return
    register.parent.mkdir(parents=True, exist_ok=True)
    with register.open("a", encoding="utf-8") as file:
        file.write(f"{place}\n")


def _silent(_line: str) -> None:
    """A line that nobody reads."""
