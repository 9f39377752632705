"""A small corpus about a tide archive, in both languages, and an index of it shared by a test module."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from knowledge.documents.index import KnowledgeIndex
from knowledge.documents.options import IndexOptions
from tests.chroma import ChromaServer, running

TODAY = date(2031, 6, 1)

CALL = """---
title: Call for readers, 2031 round
language: en
kind: call
round: "2031"
version: 2031 round
valid_from: 2031-02-01
valid_to: 2031-03-31
supersedes: [call-2030.md]
certainty: A
---
# Call for readers, 2031 round

## Closing date

Applications for a reading room pass close on 31 March 2031. Late letters are returned unopened.

## Deposit

A reader pays a deposit of 40 crowns, which is given back with the pass. Pupils pay nothing.
"""

OLD_CALL = (
    CALL.replace("2031", "2030").replace("40 crowns", "30 crowns").replace("supersedes: [call-2030.md]\n", "")
)

STORM = """# 폭풍 해일 기록

## 기록 간격

폭풍이 지나가는 동안에는 수위를 1분마다 기록합니다. 평상시 간격은 10분입니다.

## 결측 처리

센서가 얼어붙은 날의 값은 결측으로 표시하며, 앞뒤 값으로 채우지 않습니다.
"""

LIGHTHOUSE = """# The lighthouse museum

## Guided tours

Guided tours of the lighthouse start every Sunday at ten. Children under six may not climb the tower.

## Lamp oil

The old lamp burned 12 litres of rapeseed oil in a winter night.
"""

BOATS = """---
title: 배 대여 안내
---
# 배 대여 안내

## 대여 요금

노 젓는 배는 한 시간에 8크라운입니다. 비가 오면 요금을 돌려드립니다.
"""

FILES = {
    "rules/call-2031.md": CALL,
    "rules/call-2030.md": OLD_CALL,
    "storm.md": STORM,
    "lighthouse.md": LIGHTHOUSE,
    "boats.txt": BOATS,
}


def write(folder: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the corpus."""
    return write(tmp_path_factory.mktemp("archive"), FILES)


@pytest.fixture(scope="session")
def chroma(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ChromaServer]:
    """A Chroma server; tests that stop it start one of their own."""
    with running(tmp_path_factory.mktemp("chroma")) as server:
        yield server


@pytest.fixture(scope="module", params=["folder", "server"])
def options(request: pytest.FixtureRequest) -> IndexOptions:
    """Both places where vectors may be: what is tested of an index holds for either."""
    if request.param == "folder":
        return IndexOptions()
    return IndexOptions(chroma_url=request.getfixturevalue("chroma").url)


@pytest.fixture(scope="module")
def index(
    tmp_path_factory: pytest.TempPathFactory, archive: Path, options: IndexOptions
) -> Iterator[KnowledgeIndex]:
    """An index of the corpus; tests that share it do not change it."""
    built = KnowledgeIndex(tmp_path_factory.mktemp("index"), today=TODAY, options=options)
    built.add_paths([archive])
    yield built
    built.close()


@pytest.fixture
def fresh(tmp_path: Path, options: IndexOptions) -> Iterator[KnowledgeIndex]:
    """An empty index."""
    built = KnowledgeIndex(tmp_path / "index", today=TODAY, options=options)
    yield built
    built.close()
