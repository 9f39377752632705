from __future__ import annotations

import pytest

from assistant.routing import Router
from knowledge.documents.embed import SentenceEncoder


@pytest.fixture(scope="session")
def sentence_encoder() -> SentenceEncoder:
    return SentenceEncoder()


@pytest.fixture(scope="session")
def router(sentence_encoder: SentenceEncoder) -> Router:
    return Router(sentence_encoder.vectors)
