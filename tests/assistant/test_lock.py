from __future__ import annotations

import json
import os
import subprocess
import sys
import time

import pytest

from assistant.lock import HomeLock, alive
from knowledge.errors import HomeBusy, StoreUnavailable

HOLD = """
import sys, time
from pathlib import Path
from assistant.lock import HomeLock
lock = HomeLock(Path(sys.argv[1]), "tests")
lock.acquire(sys.argv[2], 10)
print("held", flush=True)
time.sleep(60)
"""


@pytest.fixture
def other(tmp_path):
    """Another process that holds the lock."""
    processes = []

    def hold(mode: str) -> subprocess.Popen:
        process = subprocess.Popen([sys.executable, "-c", HOLD, str(tmp_path), mode], stdout=subprocess.PIPE)
        processes.append(process)
        assert process.stdout.readline() == b"held\n"
        return process

    yield hold
    for process in processes:
        process.kill()
        process.wait()


def test_readers_share(tmp_path, other):
    other("shared")
    lock = HomeLock(tmp_path, "me")
    lock.acquire("shared", 1)
    assert lock.mode == "shared" and len(lock.holders()) == 2
    lock.release()


@pytest.mark.parametrize(
    ("theirs", "mine"), [("shared", "exclusive"), ("exclusive", "shared"), ("exclusive", "exclusive")]
)
def test_a_writer_is_alone_and_the_one_in_the_way_is_named(tmp_path, other, theirs, mine):
    process = other(theirs)
    started = time.monotonic()
    with pytest.raises(HomeBusy) as caught:
        HomeLock(tmp_path, "me").acquire(mine, 0.3)
    assert time.monotonic() - started < 5
    assert str(process.pid) in caught.value.message and caught.value.hint


def test_a_killed_holder_frees_the_lock_and_its_note(tmp_path, other):
    process = other("exclusive")
    process.kill()
    process.wait()
    lock = HomeLock(tmp_path, "me")
    lock.acquire("exclusive", 5)
    assert [holder.pid for holder in lock.holders()] == [os.getpid()]
    lock.release()
    assert lock.holders() == [] and lock.mode is None


def test_taking_it_twice_is_taking_it_once(tmp_path):
    lock = HomeLock(tmp_path, "me")
    lock.acquire("exclusive", 1)
    lock.acquire("exclusive", 1)
    lock.acquire("shared", 1)
    assert lock.mode == "exclusive"
    lock.release()
    other = HomeLock(tmp_path, "other")
    other.acquire("exclusive", 1)
    other.release()


def test_reading_does_not_become_writing(tmp_path):
    lock = HomeLock(tmp_path, "me")
    lock.acquire("shared", 1)
    with pytest.raises(StoreUnavailable):
        lock.acquire("exclusive", 0.1)
    lock.release()


def test_a_folder_that_cannot_be_written_is_said(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreUnavailable, match="cannot be taken"):
        HomeLock(tmp_path / "file", "me").acquire("shared", 0.1)


def test_a_broken_note_is_passed_over(tmp_path):
    lock = HomeLock(tmp_path, "me")
    lock.acquire("exclusive", 1)
    (tmp_path / "holders" / "0.json").write_text("{")
    (tmp_path / "holders" / "1.json").write_text(json.dumps({"pid": "x", "purpose": ""}))
    assert [holder.purpose for holder in lock.holders()] == ["me"]
    lock.release()


@pytest.mark.parametrize(
    ("pid", "lives"), [(os.getpid(), True), (0, False), (-1, False), ("1", False), (None, False)]
)
def test_alive(pid, lives):
    assert alive(pid) is lives
