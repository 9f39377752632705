"""The vectors on a Chroma server: several indexes on one, a server that goes away, loses what it had, or
holds something else; moving from one place to the other."""

from __future__ import annotations

import shutil
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import chromadb
import pytest

from knowledge.documents import vectors
from knowledge.documents.index import KnowledgeIndex
from knowledge.documents.options import IndexOptions
from knowledge.documents.rebuild import rebuild
from knowledge.errors import IndexMissing, SettingsInvalid, StoreUnavailable
from tests.chroma import ChromaServer, running
from tests.knowledge.documents.conftest import TODAY, write

WORDS = ("harbour fee of pier 7", "부두 요금", "rope")
FOLDER = IndexOptions()


def corpus(folder: Path, count: int = 70) -> Path:
    fee = "# Pier {n}\n\n## Fee\n\nThe harbour fee of pier {n} is {n} crowns.\n\n## Rope\n\nRoom {n}.\n"
    return write(folder, {f"p{n}.md": fee.format(n=n) for n in range(count)})


@pytest.fixture(autouse=True)
def asked(monkeypatch: pytest.MonkeyPatch) -> None:
    """However few the passages are, Chroma is asked for the nearest."""
    monkeypatch.setattr(vectors, "EXACT", 0)


@pytest.fixture
def own(tmp_path: Path) -> Iterator[ChromaServer]:
    """A server that the test may stop."""
    with running(tmp_path / "server") as server:
        yield server


def opened(folder: Path, options: IndexOptions) -> KnowledgeIndex:
    return KnowledgeIndex(folder, today=TODAY, options=options)


def answers(index: KnowledgeIndex) -> list[list[tuple[str, float]]]:
    return [[(hit.passage.id, hit.score) for hit in index.search(words, 5)] for words in WORDS]


def collections(server: ChromaServer) -> dict[str, Any]:
    client = chromadb.HttpClient("127.0.0.1", server.port)
    return {collection.name: collection for collection in client.list_collections()}


def test_both_places_give_the_same_answers_and_either_follows_the_other(
    chroma: ChromaServer, tmp_path: Path
) -> None:
    folder, place = corpus(tmp_path / "docs"), tmp_path / "index"
    there = IndexOptions(chroma_url=chroma.url)
    index = opened(place, FOLDER)
    index.add_paths([folder])
    expected = answers(index)
    index.close()
    index = opened(place, there)
    assert answers(index) == expected
    (folder / "p3.md").write_text("# Pier 3\n\nThe harbour fee of pier 3 is nothing on rope day.\n")
    index.add_paths([folder])
    changed = answers(index)
    index.close()
    assert changed != expected
    index = opened(place, FOLDER)  # the folder holds as many points as before, but not the same
    assert answers(index) == changed
    index.close()


def test_indexes_on_one_server_are_apart_even_a_copied_one(chroma: ChromaServer, tmp_path: Path) -> None:
    there = IndexOptions(chroma_url=chroma.url)
    before = set(collections(chroma))
    one = opened(tmp_path / "one", there)
    one.add_paths([corpus(tmp_path / "docs")])
    expected = answers(one)
    one.close()
    shutil.copytree(tmp_path / "one", tmp_path / "two")
    two = opened(tmp_path / "two", there)
    two.remove_paths([tmp_path / "docs"])
    two.close()
    one = opened(tmp_path / "one", there)
    assert answers(one) == expected
    one.close()
    fresh = set(collections(chroma)) - before
    assert len({name.split("-")[1] for name in fresh}) == 2


def test_a_server_that_goes_away_is_named_and_may_come_back(own: ChromaServer, tmp_path: Path) -> None:
    index = opened(tmp_path / "index", IndexOptions(chroma_url=own.url))
    index.add_paths([corpus(tmp_path / "docs")])
    expected = answers(index)
    own.stop()
    with pytest.raises(StoreUnavailable, match=own.url) as caught:
        index.search("harbour fee")
    assert "GILJABI_CHROMA_URL" in caught.value.hint
    more = write(tmp_path / "more", {"new.md": "# New pier\n\nThe new pier has no fee."})
    with pytest.raises(StoreUnavailable, match=own.url):
        index.add_paths([more])
    own.start()
    assert answers(index) == expected
    index.close()
    with pytest.raises(StoreUnavailable, match="cannot be used"):
        own.stop()
        opened(tmp_path / "index", IndexOptions(chroma_url=own.url))
    own.start()
    index = opened(tmp_path / "index", IndexOptions(chroma_url=own.url))
    assert [h.passage.document for h in index.search("Has the new pier a fee?", 1)] == ["new.md"]
    index.close()


def test_few_passages_are_found_while_the_server_is_away(
    own: ChromaServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(vectors, "EXACT", 1_000)
    index = opened(tmp_path / "index", IndexOptions(chroma_url=own.url))
    index.add_paths([corpus(tmp_path / "docs")])
    expected = answers(index)
    own.stop()
    assert answers(index) == expected
    index.close()


def test_what_the_server_lost_is_said_and_written_again(own: ChromaServer, tmp_path: Path) -> None:
    there = IndexOptions(chroma_url=own.url)
    index = opened(tmp_path / "index", there)
    index.add_paths([corpus(tmp_path / "docs")])
    expected = answers(index)
    own.stop()
    for path in own.folder.glob("*"):
        if path.name != "log":
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    own.start()
    with pytest.raises(StoreUnavailable, match="written again when the index is opened"):
        index.search("harbour fee")
    index.close()
    index = opened(tmp_path / "index", there)
    assert answers(index) == expected
    index.close()


@pytest.mark.parametrize(("key", "value"), [("model", "another-model"), ("dimension", 384)])
def test_a_collection_of_another_make_is_refused_until_it_is_rebuilt(
    chroma: ChromaServer, tmp_path: Path, key: str, value: object
) -> None:
    there = IndexOptions(chroma_url=chroma.url)
    before = set(collections(chroma))
    index = opened(tmp_path / "index", there)
    index.add_paths([corpus(tmp_path / "docs", 3)])
    expected = answers(index)
    index.close()
    (collection,) = [c for name, c in collections(chroma).items() if name not in before]
    collection.modify(metadata={**collection.metadata, key: value})
    with pytest.raises(IndexMissing, match=f"{value}.*use-multilingual-v3") as caught:
        opened(tmp_path / "index", there)
    assert "giljabi index --rebuild" in caught.value.hint
    assert rebuild(tmp_path / "index", there) == 3
    index = opened(tmp_path / "index", there)
    assert answers(index) == expected
    index.close()


@pytest.mark.parametrize("url", ["localhost:8000", "ftp://chroma:8000", "http://", "http://a:x", "http://a/b"])
def test_an_address_that_is_none_is_refused(tmp_path: Path, url: str) -> None:
    with pytest.raises(SettingsInvalid, match="no address of a Chroma server"):
        opened(tmp_path / "index", IndexOptions(chroma_url=url))


def test_a_password_is_not_shown(tmp_path: Path) -> None:
    with socket.socket() as taken:  # bound, but nobody listens
        taken.bind(("127.0.0.1", 0))
        place = f"127.0.0.1:{taken.getsockname()[1]}"
        with pytest.raises(StoreUnavailable, match=f"http://{place}") as caught:
            opened(tmp_path / "index", IndexOptions(chroma_url=f"http://me:secret@{place}"))
    assert "secret" not in str(caught.value)
