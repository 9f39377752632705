"""Workers: warm, bounded, replaced when killed, gone with the program, and with nothing of it in reach."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from knowledge.catalog.place import SQLiteFile
from tests.conftest import ROOT
from tools.query.engines.engine import Ask, EngineFault, Limits
from tools.query.worker.pool import GRACE, Pool

QUICK = "SELECT word FROM words WHERE length(word) = 1"
# Python's matcher holds on to the interpreter for years here: neither SQLite nor a thread can end it.
BOMB = "SELECT word FROM words WHERE word REGEXP '^(a+)+$'"

PRODUCT = "SELECT COUNT(*) FROM words AS a" + ", words" * 30


def ask(sql: str, seconds: float = 10.0) -> Ask:
    return Ask(sql, ("words",), Limits(seconds=seconds))


@pytest.fixture(scope="module")
def words(tmp_path_factory: pytest.TempPathFactory) -> SQLiteFile:
    path = tmp_path_factory.mktemp("words") / "words.sqlite"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE words (word TEXT)")
        connection.executemany("INSERT INTO words VALUES (?)", [("b",), ("a" * 60 + "!",)])
    return SQLiteFile(path)


@pytest.fixture
def pool() -> Iterator[Pool]:
    pool = Pool(size=2)
    yield pool
    pool.close()


def gone(pid: int, seconds: float = 10.0) -> bool:
    """True once there is no such process (a zombie is none)."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        except FileNotFoundError:
            return True
        if state == "Z" and len(list(Path(f"/proc/{pid}/task").iterdir())) <= 1:
            return True
        time.sleep(0.02)
    return False


def test_nothing_starts_before_the_first_statement_and_one_worker_serves_many(
    pool: Pool, words: SQLiteFile
) -> None:
    assert pool.pids() == ()
    assert pool.run(words, ask(QUICK)) == (("b",),)
    first = pool.pids()
    assert len(first) == 1
    for _ in range(20):
        pool.run(words, ask(QUICK))
    assert pool.pids() == first


def test_a_statement_that_nothing_else_ends_is_killed_and_the_next_is_answered(
    pool: Pool, words: SQLiteFile
) -> None:
    pool.run(words, ask(QUICK))
    (before,) = pool.pids()
    began = time.monotonic()
    with pytest.raises(EngineFault) as caught:
        pool.run(words, ask(BOMB, seconds=0.3))
    assert caught.value.kind == "time"
    assert time.monotonic() - began < 0.3 + GRACE + 1
    assert gone(before)
    assert pool.run(words, ask(QUICK)) == (("b",),)
    (after,) = pool.pids()
    assert after != before


def test_a_worker_that_dies_at_work_is_replaced(pool: Pool, words: SQLiteFile) -> None:
    pool.run(words, ask(QUICK))
    (pid,) = pool.pids()
    killer = threading.Timer(0.3, os.kill, (pid, signal.SIGKILL))
    killer.start()
    with pytest.raises(EngineFault) as caught:
        pool.run(words, ask(BOMB))
    assert caught.value.kind == "memory"
    assert pool.run(words, ask(QUICK)) == (("b",),)


@pytest.mark.parametrize(
    ("sent", "kind"), [(signal.SIGALRM, "time"), (signal.SIGXCPU, "time"), (signal.SIGSEGV, "memory")]
)
def test_how_a_worker_ended_says_why(pool: Pool, words: SQLiteFile, sent: int, kind: str) -> None:
    pool.run(words, ask(QUICK))
    (pid,) = pool.pids()
    killer = threading.Timer(0.2, os.kill, (pid, sent))
    killer.start()
    with pytest.raises(EngineFault) as caught:
        pool.run(words, ask(BOMB))
    assert caught.value.kind == kind


def test_a_worker_that_died_in_between_costs_no_statement(pool: Pool, words: SQLiteFile) -> None:
    pool.run(words, ask(QUICK))
    (pid,) = pool.pids()
    os.kill(pid, signal.SIGKILL)
    assert gone(pid)
    assert pool.run(words, ask(QUICK)) == (("b",),)


def test_there_are_never_more_workers_than_the_pool_is_large(pool: Pool, words: SQLiteFile) -> None:
    found: list[object] = []
    most: list[int] = []

    def many() -> None:
        for _ in range(10):
            found.append(pool.run(words, ask(QUICK)))
            most.append(len(pool.pids()))

    threads = [threading.Thread(target=many) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [(("b",),)] * 60
    assert max(most) == 2


def test_warming_up_starts_one_worker_at_once(pool: Pool, words: SQLiteFile) -> None:
    pool.warm(words)
    pids = pool.pids()
    pool.warm(words)
    assert len(pids) == 1 and pool.pids() == pids
    assert pool.run(words, ask(QUICK)) == (("b",),)
    assert pool.pids() == pids


def test_closing_ends_workers_at_work_too(words: SQLiteFile) -> None:
    pool = Pool(size=2)
    pool.run(words, ask(QUICK))
    said: list[str] = []

    def bomb() -> None:
        try:
            pool.run(words, ask(BOMB))
        except EngineFault as fault:
            said.append(fault.kind)

    at_work = threading.Thread(target=bomb)
    at_work.start()
    time.sleep(0.2)
    pids = pool.pids()
    pool.close()
    at_work.join(5)
    assert said == ["memory"]
    assert pids and all(gone(pid) for pid in pids)
    with pytest.raises(EngineFault, match="ending"):
        pool.run(words, ask(QUICK))


PROGRAM = """
import sys, threading
from pathlib import Path
from knowledge.catalog.place import SQLiteFile
from tools.query.engines.engine import Ask, Limits
from tools.query.worker.pool import shared_pool

words = SQLiteFile(Path(sys.argv[1]))
ask = lambda sql, seconds: shared_pool().run(words, Ask(sql, ("words",), Limits(seconds=seconds)))
ask("SELECT 1", 10)
print(*shared_pool().pids(), flush=True)
if len(sys.argv) > 2:
    ask(sys.argv[2], 2)
"""


def program(words: SQLiteFile, *sql: str) -> tuple[subprocess.Popen[str], int]:
    """A program of its own with one worker, and that worker's id."""
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, str(words.path), *sql],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        start_new_session=True,
    )
    assert process.stdout is not None
    return process, int(process.stdout.readline())


def test_a_program_that_ends_leaves_no_worker(words: SQLiteFile) -> None:
    process, worker = program(words)
    assert process.wait(10) == 0
    assert gone(worker)


@pytest.mark.parametrize("sql", [BOMB, PRODUCT], ids=["stuck", "busy"])
def test_a_program_that_is_killed_leaves_no_worker_even_in_the_middle_of_a_statement(
    words: SQLiteFile, sql: str
) -> None:
    process, worker = program(words, sql)
    time.sleep(0.3)
    process.kill()
    process.wait()
    assert gone(worker)


def test_ctrl_c_ends_the_program_and_its_worker(words: SQLiteFile) -> None:
    process, worker = program(words, BOMB)
    time.sleep(0.3)
    os.killpg(process.pid, signal.SIGINT)
    _, said = process.communicate(timeout=10)
    assert "KeyboardInterrupt" in said
    assert gone(worker)


def test_a_worker_knows_no_secret_of_the_program(
    pool: Pool, words: SQLiteFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GILJABI_DATABASE_URL", "postgresql://me:secret@localhost/x")
    monkeypatch.setenv("SOME_TOKEN", "secret")
    pool.run(words, ask(QUICK))
    (pid,) = pool.pids()
    seen = Path(f"/proc/{pid}/environ").read_bytes() + Path(f"/proc/{pid}/cmdline").read_bytes()
    assert b"secret" not in seen


def test_the_kernel_keeps_a_worker_from_files_and_core_dumps(pool: Pool, words: SQLiteFile) -> None:
    pool.run(words, ask(QUICK))
    (pid,) = pool.pids()
    limits = Path(f"/proc/{pid}/limits").read_text().splitlines()
    hard = {line[:26].strip(): line[26:].split()[:2] for line in limits}
    assert hard["Max file size"] == ["0", "0"]
    assert hard["Max core file size"] == ["0", "0"]
    assert hard["Max address space"][0] != "unlimited"
    assert hard["Max cpu time"][0] != "unlimited"


def test_a_worker_holds_none_of_the_program_s_files(
    pool: Pool, words: SQLiteFile, tmp_path: Path
) -> None:
    with (tmp_path / "open").open("w"):
        pool.run(words, ask(QUICK))
        (pid,) = pool.pids()
        held = {str(entry.readlink()) for entry in Path(f"/proc/{pid}/fd").iterdir()}
    assert {name for name in held if name.startswith("/")} <= {"/dev/null", str(words.path)}
