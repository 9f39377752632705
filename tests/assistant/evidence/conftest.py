"""An index over the documents of an invented harbour programme, and what asks it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest

from assistant.evidence import Evidence, gather_evidence
from knowledge.documents.index import KnowledgeIndex
from knowledge.glossary.glossary import load_terms
from knowledge.text import Language, language_of

HARBOUR = Path(__file__).parent / "harbour"
DAY = date(2026, 3, 19)

Ask = Callable[..., Evidence]


@pytest.fixture(scope="session")
def harbour(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KnowledgeIndex]:
    index = KnowledgeIndex(tmp_path_factory.mktemp("harbour"))
    report = index.add_paths([HARBOUR])
    assert not report.failed
    yield index
    index.close()


@pytest.fixture(scope="session")
def ask(harbour: KnowledgeIndex) -> Ask:
    def asking(
        question: str, *, today: date = DAY, intent: str = "rules", language: Language | None = None
    ) -> Evidence:
        return gather_evidence(
            question,
            language or language_of(question),
            harbour,
            load_terms(),
            today=today,
            intent=intent,  # type: ignore[arg-type]
        )

    return asking
