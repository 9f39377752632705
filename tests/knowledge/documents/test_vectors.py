"""Vectors of a shelf in memory say the same as those in the store."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from knowledge.documents import vectors
from knowledge.documents.index import KnowledgeIndex
from knowledge.documents.vectors import gathered
from tests.knowledge.documents.conftest import write


def packed(*numbers: float) -> bytes:
    return np.array(numbers, dtype=np.float16).tobytes()


@pytest.mark.parametrize(
    ("rows", "cosines", "closest"),
    [
        (["a", "b", "a"], [1.0, 0.0, 1.0], [0.5, np.nan, 0.5]),
        (["gone", "b"], [np.nan, 0.0], [np.nan, np.nan]),
        (["c"], [0.5], [1.0]),
    ],
)
def test_rows_are_as_near_as_their_points_and_best_sentences(
    rows: Sequence[str], cosines: Sequence[float], closest: Sequence[float]
) -> None:
    kept = [("a", packed(1, 0), "x y"), ("b", packed(0, 1), ""), ("c", packed(0.5, 0.5), "y z lost")]
    sayings = {"x": packed(0, 1), "y": packed(0.5, 0), "z": packed(1, 0)}
    said = {hash_: line for line, hash_ in enumerate(sayings)}
    shelf = gathered(rows, kept, said, [*sayings.values()])
    asked, places = np.array([1.0, 0.0], dtype=np.float32), np.arange(len(rows))
    np.testing.assert_allclose(shelf.cosines(places, asked), cosines)
    np.testing.assert_allclose(shelf.closest(places, asked), closest)
    assert shelf.closest(places[::-1], asked)[-1] == pytest.approx(closest[0], nan_ok=True)
    assert len(shelf.some(2)) >= 2


def test_few_points_are_compared_with_all_and_many_are_not(monkeypatch: pytest.MonkeyPatch) -> None:
    kept = [("a", packed(1, 0), ""), ("b", packed(0, 1), ""), ("c", packed(0.6, 0.8), "")]
    rows, asked = ["c", "a", "gone", "b", "c"], np.array([0.0, 1.0], dtype=np.float32)
    found = gathered(rows, kept, {}, []).nearest(asked, 2)
    assert found is not None and found.tolist() == [0, 3, 4]
    assert gathered(rows, kept, {}, []).nearest(asked, 9).tolist() == [0, 1, 3, 4]  # type: ignore[union-attr]
    monkeypatch.setattr(vectors, "EXACT", 2)
    assert gathered(rows, kept, {}, []).nearest(asked, 2) is None


def test_a_shelf_without_vectors_tells_nothing() -> None:
    shelf = gathered(["a"], [], {}, [])
    asked = np.ones(4, dtype=np.float32)
    assert np.isnan(shelf.cosines(np.array([0]), asked)).all()
    assert np.isnan(shelf.closest(np.array([0]), asked)).all()


def test_searches_after_a_change_read_the_vectors_of_now(fresh: KnowledgeIndex, tmp_path: Path) -> None:
    folder = write(tmp_path / "docs", {"a.md": "# Rope\n\nA rope is dried on the quay."})
    fresh.add_paths([folder])
    later = "# Lamp\n\nThe lamp is lit at dusk. It burns rapeseed oil."
    write(folder, {"a.md": later, "b.md": "# Oar\n\nAn oar."})
    fresh.add_paths([folder])
    (shelf,) = fresh._picture.shelves
    texts = [row.title for row in shelf.rows]
    assert texts == ["Lamp", "Oar"] and (shelf.vectors.at >= 0).all()
    said = fresh.encode(["It burns rapeseed oil."])[0]
    assert shelf.vectors.closest(np.arange(2), said)[0] == pytest.approx(1, abs=0.01)
