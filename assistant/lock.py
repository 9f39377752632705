"""The lock of a home: many processes may read its index at once, one may write it, never both.

Chroma's folder is not safe when one process writes it while another has it open. The lock itself is a
file that the operating system frees when its holder dies; the notes beside it only say who holds it.
"""

from __future__ import annotations

import json
import os
import sqlite3
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from filelock import ReadWriteLock, Timeout

from knowledge.errors import HomeBusy, StoreUnavailable

Mode = Literal["shared", "exclusive"]


@dataclass(frozen=True, slots=True)
class Holder:
    """A living process that holds the lock: its id and what it is doing."""

    pid: int
    purpose: str


class HomeLock:
    """One hold of the lock, by one process. Not shared between threads while it is being taken."""

    def __init__(self, root: Path, purpose: str) -> None:
        self._file = root / "lock"
        self._notes = root / "holders"
        self._purpose = purpose
        self._lock: ReadWriteLock | None = None
        self._note: Path | None = None
        self.mode: Mode | None = None

    def acquire(self, mode: Mode, wait: float) -> None:
        """Take the lock, waiting at most ``wait`` seconds, or raise HomeBusy that names a holder.

        Taking what is held already does nothing; a shared hold cannot become exclusive.
        """
        if self.mode == "exclusive" or self.mode == mode:
            return
        if self.mode is not None:
            raise StoreUnavailable(
                f"{self._file} is held for reading and cannot be held for writing as well.",
                hint="Close the home and open it for writing.",
            )
        try:
            self._notes.mkdir(parents=True, exist_ok=True)
            lock = ReadWriteLock(self._file, is_singleton=False)
            if mode == "shared":
                lock.acquire_read(timeout=wait)
            else:
                lock.acquire_write(timeout=wait)
        except Timeout as error:
            raise self._busy() from error
        except (OSError, sqlite3.Error, ValueError) as error:
            raise StoreUnavailable(
                f"The lock {self._file} cannot be taken: {error}",
                hint="Check that the folder can be written.",
            ) from error
        self._lock, self.mode = lock, mode
        self._write_note()

    def release(self) -> None:
        """Give the lock back; nothing happens when it is not held."""
        if self._note is not None:
            self._note.unlink(missing_ok=True)
            self._note = None
        if self._lock is not None:
            self._lock.close()
            self._lock = None
        self.mode = None

    def holders(self) -> list[Holder]:
        """The living processes that say they hold the lock; notes of dead ones are passed over."""
        found = []
        for note in sorted(self._notes.glob("*.json")):
            try:
                pid, purpose = json.loads(note.read_text(encoding="utf-8")).values()
            except (OSError, ValueError, AttributeError):
                continue
            if alive(pid):
                found.append(Holder(pid, purpose))
            else:
                note.unlink(missing_ok=True)
        return found

    def _write_note(self) -> None:
        self._note = self._notes / f"{os.getpid()}-{uuid.uuid4().hex[:8]}.json"
        self._note.write_text(json.dumps({"pid": os.getpid(), "purpose": self._purpose}), encoding="utf-8")

    def _busy(self) -> HomeBusy:
        named = ", ".join(f"process {h.pid} ({h.purpose})" for h in self.holders()) or "another process"
        return HomeBusy(
            f"The home {self._file.parent} is in use by {named}.",
            hint="Wait until it is done, or stop it, then try again.",
        )


def alive(pid: object) -> bool:
    """True when a process of this id exists on this machine."""
    if not isinstance(pid, int) or pid <= 0:
        return False
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
