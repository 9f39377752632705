"""A process killed while it writes leaves an index that the next one repairs and completes."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from knowledge.documents.index import KnowledgeIndex
from tests.chroma import ChromaServer
from tests.knowledge.documents.conftest import TODAY, write
from tests.knowledge.documents.measure_kill import WORDS, killed_and_fresh


def corpus(folder: Path) -> Path:
    fee = "# Pier {n}\n\n## Fee\n\nThe harbour fee of pier {n} is {n} crowns.\n\n## Rope\n\nRoom {n}.\n"
    texts = {f"p{n}.md": fee.format(n=n) for n in range(40)}
    texts |= {f"k{n}.md": f"# 부두 {n}\n\n부두 {n}번의 요금은 {n}크라운입니다.\n" for n in range(10)}
    return write(folder, texts)


Answers = list[dict[str, float]]


def answers(index: KnowledgeIndex) -> Answers:
    return [{hit.passage.id: hit.score for hit in index.search(words, 10)} for words in WORDS]


@pytest.mark.parametrize("place", ["folder", "server"])
def test_killed_three_times_then_continued_equals_a_fresh_index(
    tmp_path: Path, place: str, chroma: ChromaServer
) -> None:
    url = chroma.url if place == "server" else ""
    times = {"folder": 3, "server": 1}[place]
    killed, fresh, met = killed_and_fresh(tmp_path, times, seed=3, url=url)
    assert killed == fresh and killed.passages and met


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
