"""What speaks for a sentence as an answer, in numbers: the signs that it is ranked by, and those by which it
is told whether it answers at all. ``signs.yaml`` says what each is worth; ``tests.assistant.evidence.fit``
finds that on programmes whose answers are known.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from assistant.evidence.cover import HELD, share
from assistant.evidence.wanted import Wanted
from assistant.evidence.weights import Rarity
from knowledge.data_file import read_shipped
from knowledge.documents.embed import Vectors
from knowledge.text import Language

SIGNS = Path(__file__).with_name("signs.yaml")
Signs = Mapping[str, float]
DENSE: dict[Language, float] = {"ko": 1.8, "en": 1.0}  # letters of English that a syllable of Korean tells


@dataclass(frozen=True, slots=True)
class Worth:
    """What signs are worth: of a sentence's place among others (``rank``; the difference of two sentences'
    sums is the logarithm of the odds between them), and of its being an answer (``stated``, with a
    ``bias``), which it is from ``least`` on, a probability. ``question`` is what each number of a question's
    vector is worth: documents tell some kinds of things more often than others."""

    rank: Signs
    stated: Signs
    bias: float
    least: float
    question: tuple[float, ...] = ()


@cache
def load_worth() -> Worth:
    loaded = read_shipped(SIGNS)
    question = tuple(float(n) for n in loaded["question"].split())
    return Worth(loaded["rank"], loaded["stated"], loaded["bias"], loaded["least"], question)


def worth(signs: Signs, of: Signs) -> float:
    """The sum of what the signs are worth; one without a worth counts nothing."""
    return sum(of[name] * value for name, value in signs.items() if name in of)


def usual(vector: Vectors, by: Worth) -> float:
    """How far a question with this vector is one that documents answer, whatever these say: the sign
    ``usual``, worth one."""
    return float(np.asarray(by.question, dtype=np.float32) @ vector) if by.question else 0.0


def likely(signs: Signs, by: Worth) -> float:
    """How probable it is that a sentence with these signs answers."""
    told = worth(signs, by.stated) + signs.get("usual", 0.0) + by.bias
    return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, told))))


def lacking(wanted: Sequence[Wanted], covers: Sequence[float]) -> list[int]:
    """The places of the firm terms that are not covered; those carried over from another part may miss."""
    return [n for n, (w, c) in enumerate(zip(wanted, covers, strict=True)) if c < HELD and not w.soft]


def length_of(text: str, language: Language) -> float:
    """How long a sentence is, about 0 to 1.2, on a logarithmic scale."""
    return math.log(len(text) * DENSE[language] + 1) / 5


def signs_of_terms(
    wanted: Sequence[Wanted], covers: Sequence[float], alike: Sequence[float], itself: Sequence[float]
) -> Signs:
    """``cover``: the share of the question's terms that a sentence and what it stands under hold; ``alike``:
    the same, where a missing term counts as its likeness to the nearest word; ``missing``: the weight of the
    heaviest firm term that is missing. ``unsaid`` and ``least_said``: how much of the firm terms the sentence
    does not say ``itself``, by weight, of all and of the heaviest one."""
    missed = lacking(wanted, covers)
    firm = [(w.weight, 1.0 - min(1.0, i)) for w, i in zip(wanted, itself, strict=True) if not w.soft]
    return {
        "cover": share(wanted, covers),
        "alike": share(wanted, alike),
        "missing": max((wanted[n].weight for n in missed), default=0.0),
        "unsaid": sum(w * left for w, left in firm) / (sum(w for w, _ in firm) or 1.0),
        "least_said": max((w * left for w, left in firm), default=0.0),
    }


def signs_of_stating(
    wanted: Sequence[Wanted], covers: Sequence[float], alike: Sequence[float], rarity: Rarity
) -> Signs:
    """``gap``: the heaviest weight of a firm term times what its likeness to the nearest word leaves open;
    ``unknown``: missing terms that no document holds, at most two."""
    firm = [n for n, w in enumerate(wanted) if not w.soft]
    missed = [n for n in firm if covers[n] < HELD]
    return {
        "gap": max((wanted[n].weight * (1.0 - min(1.0, alike[n])) for n in firm), default=0.0),
        "unknown": float(min(2, sum(not _known(wanted[n], rarity) for n in missed))),
    }


def _known(wanted: Wanted, rarity: Rarity) -> bool:
    """Whether the documents hold a term: each of its firm words where it has several."""
    pieces = [piece for piece in wanted.parts if not piece.soft] or [wanted]
    return all(
        any(rarity(word) is not None for word in piece.text.split(" | ")[0].split()) for piece in pieces
    )
