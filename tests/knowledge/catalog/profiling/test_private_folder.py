"""What is left of patient rows when a profile ends unplanned: nothing to read, and not for long."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from knowledge.catalog.profiling.private_folder import PREFIX, PrivateFolder, left_over

# A profile at work: rows in its database, more than fits in memory of them in its spill.
AT_WORK = """
import sys
from pathlib import Path
from knowledge.catalog.profiling.private_folder import PrivateFolder, ended_in_order
with ended_in_order():
    folder = PrivateFolder.make(Path(sys.argv[1]))
    try:
        connection = folder.connect()
        folder.attach(connection, "files")
        connection.execute("SET memory_limit = '30MB'")
        connection.execute("CREATE TABLE t AS SELECT 'PSEUDONYM' || hash(i) AS p FROM range(100000) r(i)")
        connection.execute("CREATE TEMP TABLE s AS SELECT 'PSEUDONYM' || hash(i) FROM range(1000000) r(i)")
        connection.execute("SELECT COUNT(*) FROM range(1000000000000)").fetchall()
    finally:
        folder.close()
"""


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The temporary folder of this test, of its processes too."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setenv("TMPDIR", str(folder))
    monkeypatch.setattr("tempfile.tempdir", str(folder))
    return folder


def spilled(place: Path) -> list[bytes]:
    """What the files say that can be read in the private folders, but for empty ones."""
    found = [file.read_bytes() for file in place.glob(f"{PREFIX}*/**/*") if file.is_file()]
    return [content for content in found if content]


def at_work(place: Path, register: Path) -> subprocess.Popen[bytes]:
    """A process with rows in its private folder."""
    process = subprocess.Popen(
        [sys.executable, "-c", AT_WORK, str(register)], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )
    until = time.monotonic() + 60
    while sum(map(len, spilled(place))) < 1_000_000:
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < until
        time.sleep(0.02)
    return process


def test_a_killed_profile_leaves_nothing_to_read_and_the_next_start_removes_it(
    place: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    register = tmp_path / "home" / "register"
    process = at_work(place, register)
    [folder] = place.iterdir()
    assert folder.stat().st_mode & 0o777 == 0o700
    assert not list(folder.rglob("*.duckdb*"))
    assert left_over({place}) == []

    process.kill()
    process.communicate()
    left = spilled(place)
    assert left and not any(b"PSEUDONYM" in content for content in left)

    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(elsewhere))
    told: list[str] = []
    PrivateFolder.make(register, told.append).close()
    assert not list(place.iterdir()) and not list(elsewhere.iterdir())
    assert str(folder) in told[0] and "was removed" in told[0] and str(elsewhere) in told[1]


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGINT, -signal.SIGINT)])
def test_a_profile_that_is_asked_to_end_removes_its_folder(
    place: Path, tmp_path: Path, number: signal.Signals, code: int
) -> None:
    process = at_work(place, tmp_path / "register")
    process.send_signal(number)
    _, said = process.communicate(timeout=60)
    assert process.returncode == code, said
    assert not list(place.iterdir())


def test_only_folders_of_the_dead_are_left_over(place: Path, tmp_path: Path) -> None:
    alive = PrivateFolder.make()
    foreign, new, old = (place / f"{PREFIX}{name}" for name in ("foreign", "new", "old"))
    (tmp_path / "kept").mkdir()
    foreign.symlink_to(tmp_path / "kept")
    for folder in (new, old):
        folder.mkdir()
    os.utime(old, (0, 0))
    assert left_over({place, tmp_path / "nowhere"}) == [old]
    alive.close()
    assert not alive.path.exists()
