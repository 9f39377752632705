"""Kill indexing at random moments, again and again, and compare what is there at the end with a fresh index.

    python -m tests.knowledge.documents.measure_kill 50 [SEED]

Before each round documents are changed, added and removed; the process that takes them in is killed with
SIGKILL after a random number of documents and some milliseconds. What it left has to open, be whole, and
go on.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from knowledge.documents.index import KnowledgeIndex
from knowledge.documents.options import IndexOptions

PROGRAM = """
import sys
from pathlib import Path
from knowledge.documents import batch
from knowledge.documents.index import KnowledgeIndex
from knowledge.documents.options import IndexOptions
batch.SIZE = 4
index = KnowledgeIndex(Path(sys.argv[1]), options=IndexOptions(chroma_url=sys.argv[3] or None))
index.add_paths([Path(sys.argv[2])], progress=lambda *step: print(step[1], flush=True))
print("done", flush=True)
"""
DOCUMENTS = 60
WORDS = ("harbour fee of pier 7", "부두 요금", "room 31", "rope")


@dataclass(frozen=True, slots=True)
class Content:
    """All that an index holds, whatever the order in which it came."""

    passages: list[tuple[Any, ...]]
    points: list[tuple[Any, ...]]
    chroma: dict[str, set[str]]


def write_round(folder: Path, chance: random.Random, round_: int) -> None:
    """The corpus as it is in this round: about half of the documents change, some come, some go."""
    folder.mkdir(parents=True, exist_ok=True)
    for n in range(DOCUMENTS):
        path = folder / f"p{n}.md"
        if path.exists() and chance.random() < 0.1:
            path.unlink()
        elif not path.exists() or chance.random() < 0.5:
            path.write_text(_text(n, round_), encoding="utf-8")


def _text(n: int, round_: int) -> str:
    if n % 4 == 0:
        fee = f"# 부두 {n}\n\n부두 {n}번의 요금은 {n + round_}크라운입니다.\n\n"
        return f"{fee}## 밧줄\n\n밧줄은 {round_}번 방에 있습니다.\n"
    return (
        f"# Pier {n}\n\n## Fee\n\nThe harbour fee of pier {n} is {n + round_} crowns.\n\n"
        f"## Rope\n\nThe rope is in room {n}.\n"
    )


def kill_one(index: Path, folder: Path, chance: random.Random, url: str = "") -> bool:
    """Start indexing and kill it; whether it was still at work."""
    child = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, index, folder, url], stdout=subprocess.PIPE, text=True
    )
    assert child.stdout is not None
    last = chance.randrange(1, DOCUMENTS)
    for line in child.stdout:
        if line.strip() == "done" or int(line) >= last:
            break
    time.sleep(chance.random() * 0.1)
    os.kill(child.pid, signal.SIGKILL)
    said = child.stdout.read()
    child.wait()
    return "done" not in said


def content(index: KnowledgeIndex) -> Content:
    """What the store and Chroma hold. Raises AssertionError where the two differ."""
    database, dense = index._holdings.database, index._holdings.dense
    passages = database.all(
        'SELECT id, document, version, kind, section, start, "end", text, terms, point FROM passages '
        "ORDER BY id"
    )
    points = database.all("SELECT collection, point, state, sayings FROM points ORDER BY collection, point")
    chroma = {name: set(collection.get(include=[])["ids"]) for name, collection in dense._list().items()}
    held = {(name, point) for name, ids in chroma.items() for point in ids}
    assert held == {(name, point) for name, point, *_ in points}, "Chroma and the store differ"
    return Content(passages, points, {name: ids for name, ids in chroma.items() if ids})


def killed_and_fresh(place: Path, times: int, seed: int = 0, url: str = "") -> tuple[Content, Content, int]:
    """The content of an index that was killed ``times`` times and then continued, that of a fresh one, and
    how many of the kills met it at work. ``url``: a Chroma server."""
    chance, folder = random.Random(seed), place / "docs"
    options = IndexOptions(chroma_url=url or None)
    met = 0
    for round_ in range(times):
        write_round(folder, chance, round_)
        met += kill_one(place / "index", folder, chance, url)
        opened = KnowledgeIndex(place / "index", options=options)
        content(opened)  # whole before anything else is done
        for words in WORDS:
            opened.search(words, 5)
        opened.close()
        print(f"{round_ + 1} of {times}, {met} at work", file=sys.stderr)
    contents = []
    for name in ("index", "fresh"):
        index = KnowledgeIndex(place / name, options=options)
        index.add_paths([folder])
        contents.append(content(index))
        index.close()
    return contents[0], contents[1], met


def main() -> None:
    times, seed = int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 0
    with tempfile.TemporaryDirectory() as place:
        killed, fresh, met = killed_and_fresh(Path(place), times, seed)
    verdict = "equal to a fresh index" if killed == fresh else "DIFFERENT from a fresh index"
    held = f"{len(killed.passages)} passages, {len(killed.points)} points"
    print(f"{times} kills, {met} at work; {held}; {verdict}")
    sys.exit(killed != fresh)


if __name__ == "__main__":
    main()
