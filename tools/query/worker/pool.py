"""Warm workers, as many as are needed and no more than a few; one that had to be killed is replaced.

The first statement starts the first worker, statements at the same time start others. A replacement
is started at once, so that it is ready, or nearly, when the next statement comes.
"""

from __future__ import annotations

import atexit
import os
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from knowledge.catalog.place import Place
from tools.query.engines.engine import Ask, EngineFault, FaultKind, Limits
from tools.query.worker.frames import ask_document, frame, place_document, read_rows
from tools.query.worker.process import Worker, WorkerEnded, WorkerLate

SIZE = max(2, min(4, os.cpu_count() or 2))
# The engine stops at its limit by itself; a worker that has not answered this much later is killed.
GRACE = 1.0
START_SECONDS = 30.0
ENVELOPE = 10_000
CLOCKS = {signal.SIGALRM, signal.SIGXCPU}


class PoolBusy(Exception):
    """Every worker was at work for as long as the statement was ready to wait."""


class _Hand:
    """A worker, and the place that it was told to open and has not answered for."""

    def __init__(self, place: Place | None, limits: Limits) -> None:
        self.worker = Worker()
        self.opening = False
        if place is not None:
            with suppress(WorkerEnded):  # found out when it is used
                self.worker.send(_request(place, Ask("", (), limits)))
                self.opening = True

    def usable(self) -> bool:
        """False where the process died while nobody asked it."""
        return self.worker.alive and (self.opening or self.worker.silent)

    def ready(self) -> None:
        """Wait until it has started and opened what it was told to. Raises EngineFault (store)."""
        if self.opening:
            try:
                self.worker.receive(START_SECONDS, ENVELOPE)
            except (WorkerLate, WorkerEnded) as error:
                raise EngineFault("store", "the process that runs queries cannot be started") from error
            self.opening = False


class Pool:
    """Safe to use from many threads; close it when done."""

    def __init__(self, size: int = SIZE) -> None:
        self._size = size
        self._idle: list[_Hand] = []
        self._count = 0
        self._free = threading.Condition()
        self._hands: set[_Hand] = set()
        self._closed = False

    def run(self, place: Place, ask: Ask) -> tuple[tuple[object, ...], ...]:
        """The rows of a statement, in at most ``limits.seconds`` and a little, however it goes.

        Raises EngineFault, and PoolBusy where no worker came free in that time.
        """
        with self._taken(place, ask.limits) as hand:
            reply = self._reply(hand, place, ask)
        if "fault" in reply:
            raise EngineFault(reply["fault"], reply["said"])
        return read_rows(reply["rows"])

    def warm(self, place: Place, limits: Limits | None = None) -> None:
        """Start a worker and let it open ``place``, if there is none yet. Does not wait for it."""
        with self._free:
            if not self._count and not self._closed:
                with suppress(OSError):  # said by the first statement
                    self._idle.append(self._started(place, limits or Limits()))

    def pids(self) -> tuple[int, ...]:
        """The processes that there are now."""
        with self._free:
            return tuple(sorted(hand.worker.pid for hand in self._hands))

    def close(self) -> None:
        """Kill every worker, those at work too. A closed pool runs nothing."""
        with self._free:
            self._closed = True
            idle, busy = self._idle, self._hands - set(self._idle)
            self._hands, self._idle, self._count = set(), [], 0
            self._free.notify_all()
        for hand in busy:  # the thread that waits for its reply sees the end, and lets go of it
            hand.worker.end()
        for hand in idle:
            hand.worker.kill()

    def _reply(self, hand: _Hand, place: Place, ask: Ask) -> dict[str, Any]:
        hand.ready()
        try:
            hand.worker.send(_request(place, ask))
            return hand.worker.receive(ask.limits.seconds + GRACE, ask.limits.bytes + ENVELOPE)
        except WorkerLate as error:
            raise EngineFault("time", "its process was ended") from error
        except WorkerEnded as error:
            raise EngineFault(_reason(error.code), f"its process ended ({error.code})") from error

    @contextmanager
    def _taken(self, place: Place, limits: Limits) -> Iterator[_Hand]:
        """A worker for one statement; whatever leaves without its reply leaves a worker to be replaced."""
        hand = self._take(place, limits)
        try:
            yield hand
        except BaseException:
            self._replace(hand, place, limits)
            raise
        self._give_back(hand)

    def _take(self, place: Place, limits: Limits) -> _Hand:
        give_up = time.monotonic() + limits.seconds
        with self._free:
            while True:
                if self._closed:
                    raise EngineFault("store", "queries are no longer run: the program is ending")
                while self._idle:
                    hand = self._idle.pop()
                    if hand.usable():
                        return hand
                    self._forget(hand)
                if self._count < self._size:
                    try:
                        return self._started(place, limits)
                    except OSError as error:
                        raise EngineFault("store", f"no process can be started: {error}") from error
                left = give_up - time.monotonic()
                if left <= 0:
                    raise PoolBusy
                self._free.wait(left)

    def _give_back(self, hand: _Hand) -> None:
        with self._free:
            if hand not in self._hands:
                hand.worker.kill()
                return
            self._idle.append(hand)
            self._free.notify()

    def _replace(self, hand: _Hand, place: Place, limits: Limits) -> None:
        with self._free:
            if hand not in self._hands:
                hand.worker.kill()
                return
            self._forget(hand)
            with suppress(OSError):
                self._idle.append(self._started(place, limits))
            self._free.notify()

    def _started(self, place: Place, limits: Limits) -> _Hand:
        hand = _Hand(place, limits)
        self._hands.add(hand)
        self._count += 1
        return hand

    def _forget(self, hand: _Hand) -> None:
        hand.worker.kill()
        self._hands.discard(hand)
        self._count -= 1


def _reason(code: int | None) -> FaultKind:
    """Why a worker ended: the kernel's clock, its memory or a crash in an engine, or an error of ours."""
    if code is not None and -code in CLOCKS:
        return "time"
    return "store" if code is not None and code >= 0 else "memory"


def _request(place: Place, ask: Ask) -> bytes:
    return frame({"place": place_document(place), "ask": ask_document(ask)})


_shared: tuple[int, Pool] | None = None
_sharing = threading.Lock()


def shared_pool() -> Pool:
    """The pool of this process, closed at its end. A process that was forked off gets one of its own."""
    global _shared
    with _sharing:
        if _shared is None or _shared[0] != os.getpid():
            _shared = os.getpid(), Pool()
            atexit.register(_shared[1].close)
        return _shared[1]


def close_shared_pool() -> None:
    """End this process's workers; the next statement starts new ones."""
    global _shared
    with _sharing:
        if _shared is not None and _shared[0] == os.getpid():
            atexit.unregister(_shared[1].close)
            _shared[1].close()
        _shared = None
