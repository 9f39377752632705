"""The worker process: opens catalogs, runs one statement at a time, sends rows back.

It reads requests from stdin and writes replies to what was stdout, and ends when stdin closes, also
in the middle of a statement: no worker outlives the program that started it.
"""

from __future__ import annotations

import os
import queue
import threading
from collections import OrderedDict
from pathlib import Path
from typing import Any, BinaryIO

from knowledge.catalog.place import DuckDBFile, Place, PostgresSchema, SQLiteFile
from tools.query.engines.engine import Ask, Engine, EngineFault
from tools.query.worker.confine import allow, confine, done
from tools.query.worker.frames import LENGTH, frame, read_ask, read_body, read_place

KEPT_ENGINES = 4
THREADS = 2
# The engine stops a statement at its limit; the kernel stops the process this much later.
KERNEL_GRACE = 2.0

Key = tuple[object, ...]


class Engines:
    """The engines of the catalogs last asked, opened at the first statement."""

    def __init__(self) -> None:
        self._opened: OrderedDict[Key, Engine] = OrderedDict()

    def engine(self, place: Place, megabytes: int) -> Engine:
        """The engine for a catalog version as it is now. Raises EngineFault (store)."""
        key = (place, megabytes, *_stamp(place))
        if key not in self._opened:
            self._opened[key] = open_engine(place, megabytes)
        self._opened.move_to_end(key)
        while len(self._opened) > KEPT_ENGINES:
            self._opened.popitem(last=False)[1].close()
        return self._opened[key]


def open_engine(place: Place, megabytes: int) -> Engine:
    """The hardened engine for a place. Raises EngineFault (store)."""
    if isinstance(place, DuckDBFile):
        from tools.query.engines.duckdb_engine import DuckDBEngine

        return DuckDBEngine(place, megabytes)
    if isinstance(place, SQLiteFile):
        from tools.query.engines.sqlite_engine import SQLiteEngine

        return SQLiteEngine(place, megabytes)
    try:
        from tools.query.engines.postgres_engine import PostgresEngine
    except ImportError as error:
        raise EngineFault("store", "psycopg is not installed (extra `postgres`)") from error
    return PostgresEngine(place, megabytes)


def main() -> None:
    """Serve requests until stdin closes."""
    replies = os.fdopen(os.dup(1), "wb", buffering=0)
    requests = os.fdopen(os.dup(0), "rb")
    nowhere = os.open(os.devnull, os.O_RDWR)
    os.dup2(nowhere, 0)
    os.dup2(nowhere, 1)
    waiting: queue.SimpleQueue[dict[str, Any]] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(requests, waiting), daemon=True).start()
    confine()
    engines = Engines()
    while True:
        _send(replies, _answer(engines, waiting.get()))


def _listen(requests: BinaryIO, waiting: queue.SimpleQueue[dict[str, Any]]) -> None:
    """Pass requests on; the end of the pipe is the end of the process, whatever it is doing."""
    while len(head := requests.read(LENGTH.size)) == LENGTH.size:
        waiting.put(read_body(requests.read(LENGTH.unpack(head)[0])))
    os._exit(0)


def _answer(engines: Engines, request: dict[str, Any]) -> bytes:
    ask = read_ask(request["ask"])
    try:
        engine = engines.engine(read_place(request["place"]), ask.limits.megabytes)
        return frame({}) if not ask.sql else _ran(engine, ask)
    except EngineFault as fault:
        return frame({"fault": fault.kind, "said": fault.said})


def _ran(engine: Engine, ask: Ask) -> bytes:
    """The rows of a statement, as many as were asked for, if they are not too large."""
    allow(ask.limits.seconds + KERNEL_GRACE, ask.limits.megabytes, THREADS)
    try:
        reply = frame({"rows": engine.fetch(ask)})
    except MemoryError as error:
        raise EngineFault("memory", "out of memory") from error
    finally:
        done()
    if len(reply) > ask.limits.bytes:
        raise EngineFault("memory", f"the rows came to {len(reply)} bytes")
    return reply


def _send(replies: BinaryIO, reply: bytes) -> None:
    left = memoryview(reply)
    while left:
        left = left[os.write(replies.fileno(), left) :]


def _stamp(place: Place) -> Key:
    """What changes when another file takes the place's name."""
    if isinstance(place, PostgresSchema):
        return ()
    path: Path = place.path
    try:
        stat = path.stat()
    except OSError as error:
        raise EngineFault("store", error.strerror or "it cannot be opened") from error
    return (path.resolve(), stat.st_ino, stat.st_mtime_ns, stat.st_size)
