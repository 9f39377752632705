"""What the kernel denies a worker, as far as the platform can: files, core dumps, memory, time."""

from __future__ import annotations

import math
import os
import signal
from contextlib import suppress
from pathlib import Path

OPEN_FILES = 256
# Beyond what an engine is allowed: its own code, stacks of threads, and the rows on their way out.
MEMORY_HEADROOM = 768 * 1024 * 1024
CPU_HEADROOM = 2
_STATM = Path("/proc/self/statm")


def confine() -> None:
    """For good: no core dump, not a byte written to a file, few open files."""
    for name, most in (("RLIMIT_CORE", 0), ("RLIMIT_FSIZE", 0), ("RLIMIT_NOFILE", OPEN_FILES)):
        _limit(name, most, for_good=True)


def allow(seconds: float, megabytes: int, threads: int) -> None:
    """For one statement: the kernel ends this process ``seconds`` from now, or when it takes too much.

    That holds where Python itself is stuck in a long step, and where the program that asked is gone.
    """
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_REAL, seconds)
    used = os.times()
    _limit("RLIMIT_CPU", math.ceil(used.user + used.system + seconds * threads) + CPU_HEADROOM)
    with suppress(OSError):
        pages = int(_STATM.read_text().split()[0])
        size = pages * os.sysconf("SC_PAGE_SIZE")
        _limit("RLIMIT_AS", size + megabytes * 1_000_000 + MEMORY_HEADROOM)


def done() -> None:
    """The statement has ended."""
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_REAL, 0)


def _limit(name: str, most: int, *, for_good: bool = False) -> None:
    """Lower a limit. Where the platform has none of that name, or refuses, the other walls stand."""
    with suppress(ImportError, AttributeError, ValueError, OSError):
        import resource

        kind: int = getattr(resource, name)
        _, hard = resource.getrlimit(kind)
        if hard != resource.RLIM_INFINITY:
            most = min(most, hard)
        resource.setrlimit(kind, (most, most if for_good else hard))
