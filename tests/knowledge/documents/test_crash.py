"""A process killed while it writes leaves an index that the next one repairs and completes."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from knowledge.documents.index import KnowledgeIndex
from tests.knowledge.documents.conftest import TODAY, write

PROGRAM = """
import sys
from pathlib import Path
from knowledge.documents import batch
from knowledge.documents.index import KnowledgeIndex
batch.SIZE = 4
index = KnowledgeIndex(Path(sys.argv[1]))
index.add_paths([Path(sys.argv[2])], progress=lambda *step: print(step[1], flush=True))
print("done", flush=True)
"""
WORDS = ("harbour fee of pier 7", "부두 요금", "room 31", "rope")


def corpus(folder: Path) -> Path:
    fee = "# Pier {n}\n\n## Fee\n\nThe harbour fee of pier {n} is {n} crowns.\n\n## Rope\n\nRoom {n}.\n"
    texts = {f"p{n}.md": fee.format(n=n) for n in range(40)}
    texts |= {f"k{n}.md": f"# 부두 {n}\n\n부두 {n}번의 요금은 {n}크라운입니다.\n" for n in range(10)}
    return write(folder, texts)


Answers = list[dict[str, float]]


def answers(index: KnowledgeIndex) -> Answers:
    return [{hit.passage.id: hit.score for hit in index.search(words, 10)} for words in WORDS]


def alike(expected: Answers) -> list[object]:
    """The same hits; the last digits of a vector depend on what else was in its batch."""
    return [pytest.approx(hits, abs=0.01) for hits in expected]


def test_killed_in_the_middle_then_continued_equals_a_fresh_index(tmp_path: Path) -> None:
    folder = corpus(tmp_path / "docs")
    child = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, str(tmp_path / "index"), str(folder)],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert child.stdout is not None
    while int(child.stdout.readline()) < 24:
        pass
    time.sleep(0.02)
    os.kill(child.pid, signal.SIGKILL)
    assert child.wait() == -signal.SIGKILL
    index = KnowledgeIndex(tmp_path / "index", today=TODAY)
    held = {name: count for name, count in index._holdings.dense.counts().items() if count}
    assert held == index._holdings.points.live()  # what was written is whole before anything else is done
    assert 0 < len(index.documents()) < 50
    report = index.add_paths([folder])
    assert len(report.added) + len(report.unchanged) == 50 and report.added and report.unchanged
    fresh = KnowledgeIndex(tmp_path / "fresh", today=TODAY)
    fresh.add_paths([folder])
    assert answers(index) == alike(answers(fresh))
    index.close()
    fresh.close()


def test_what_was_stored_but_not_told_to_chroma_is_told_on_opening(tmp_path: Path) -> None:
    folder = corpus(tmp_path / "docs")
    index = KnowledgeIndex(tmp_path / "index", today=TODAY)
    index.add_paths([folder])
    expected = answers(index)
    with index._holdings.database.writing() as connection:
        connection.execute("UPDATE points SET state = 'pending' WHERE point < '8'")
        connection.execute(
            "INSERT INTO points SELECT collection, 'x', 'doomed', vector, '' FROM points LIMIT 1"
        )
    index.close()
    again = KnowledgeIndex(tmp_path / "index", today=TODAY)
    assert again._holdings.points.open_work("pending") is None
    assert again._holdings.points.open_work("doomed") is None
    assert answers(again) == expected
    again.close()


def test_a_lost_vector_folder_is_rebuilt_from_the_store(tmp_path: Path) -> None:
    folder = corpus(tmp_path / "docs")
    index = KnowledgeIndex(tmp_path / "index", today=TODAY)
    index.add_paths([folder])
    expected = answers(index)
    index.close()
    shutil.rmtree(tmp_path / "index" / "chroma")
    again = KnowledgeIndex(tmp_path / "index", today=TODAY)
    assert answers(again) == expected
    again.close()
