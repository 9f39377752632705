"""Finds what the signs of evidence are worth, and how well they do on programmes that they never saw.

``python -m tests.assistant.evidence.fit`` reads the programmes beside this file, leaves each out in turn,
fits on the others and answers its questions with what they gave; then it fits on all, and with ``--write``
puts that into assistant/evidence/signs.yaml. Those in ``HELD_OUT`` are not read. It takes some minutes.

A sentence counts as right that holds one of the strings its question ``says``. Ranking is a conditional logit
over the sentences found for one part of a question. Whether the first of them answers is a logistic
regression over parts of questions, on the signs of the sentence and on the vector of the question; those
whose answer is not among the first ``DEEP`` sentences are left out, for they teach nothing. All have a
penalty on large weights, of signs in units of their spread.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import yaml
from numpy.typing import NDArray

from assistant.evidence import enough, gather, rank, signs
from assistant.evidence.question import read_question
from assistant.evidence.weights import rarity_of
from knowledge.glossary.glossary import load_terms
from tests.assistant.evidence.programmes import (
    HELD_OUT,
    SHARES,
    Programme,
    Tally,
    holds,
    index_of,
    measure,
    programmes,
)

RANKING = ("hit", "place", "cover", "said", "alike", "missing", "gives", "valued", "superseded", "contact",
           "likeness", "length", "likes", "unsaid", "least_said")  # fmt: skip
STATING = ("score", "other_kind", "said", "foreign", "gap", "unknown", "happened", "nameless",
           "other_amount")  # fmt: skip
DEEP = 4
STEPS, RATE = 400, 0.05
SMALL, SMALL_STATED, SMALL_QUESTION = 0.01, 3.0, 0.8  # penalties
LEAST = 0.67
WIDELY = 30  # sentences of a part that are learned from

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Asked:
    """One part of a question with the signs of its sentences, a row each, and which rows are right."""

    programme: str
    near: bool  # nothing answers it
    question: Floats  # its vector
    ranking: Floats
    stating: Floats
    may: NDArray[np.bool_]
    right: NDArray[np.bool_]


def read(programme: Programme) -> list[Asked]:
    """The parts of a programme's questions with the signs of what is found for them."""
    found = []
    with index_of(programme) as index:
        record, sense, rarity = (
            gather._record(index, programme.today),
            gather._sense_of(index),
            rarity_of(index.rarity),
        )
        for case in programme.cases:
            for part in read_question(case["q"], load_terms(), rarity, programme.today.year):
                pages = gather._search(part, index, load_terms(), programme.today)
                shelves = gather._shelves(pages, index, record, part, programme.today)
                ranked = rank.rank(part, pages, shelves, sense)
                if not ranked:
                    continue
                stating = [enough.stating(part, c, rarity) for c in ranked]
                found.append(
                    Asked(
                        programme.name,
                        case["verdict"] == "not_stated",
                        index.encode([part.sense])[0].astype(float),
                        np.array([[c.signs[name] for name in RANKING] for c in ranked]),
                        np.array([[told[name] for name in STATING] for told in stating]),
                        np.array([enough.may_answer(part, c) for c in ranked]),
                        np.array(
                            [any(holds(c.unit.text, said) for said in case.get("says", ())) for c in ranked]
                        ),
                    )
                )
    return found


def fit(asked: Sequence[Asked]) -> dict[str, Any]:
    """The contents of signs.yaml."""
    ranking = fit_ranking([a for a in asked if not a.near and a.right.any() and not a.right.all()])
    rows, questions, answered = [], [], []
    for a in asked:
        order = np.argsort(-(a.ranking @ ranking))
        first = next((n for n in order if a.may[n]), None)
        if first is not None and (a.near or a.right[order[:DEEP]].any()):
            row = a.stating[first].copy()
            row[STATING.index("score")] = a.ranking[first] @ ranking
            rows.append(row)
            questions.append(a.question)
            answered.append(not a.near)
    stated, question, bias = fit_stated(np.array(rows), np.array(questions), np.array(answered, dtype=float))
    return {
        "rank": _rounded(RANKING, ranking),
        "stated": _rounded(STATING, stated),
        "bias": round(float(bias), 3),
        "least": LEAST,
        "question": " ".join(f"{value:.2f}" for value in question),
    }


def _rounded(names: Sequence[str], values: Floats) -> dict[str, float]:
    return {name: round(float(value), 3) for name, value in zip(names, values, strict=True)}


def fit_ranking(asked: Sequence[Asked]) -> Floats:
    """Weights under which the right sentences of each part are most probable among its sentences."""
    rows = np.concatenate([a.ranking for a in asked])
    right = np.concatenate([a.right for a in asked]).astype(float)
    sizes = [len(a.right) for a in asked]
    starts, of = np.cumsum([0, *sizes[:-1]]), np.repeat(np.arange(len(sizes)), sizes)
    spread = rows.std(axis=0) + 1e-6
    rows = rows / spread
    weights, mean, square = (np.zeros(rows.shape[1]) for _ in range(3))

    def shares(values: Floats) -> Floats:
        return values / np.add.reduceat(values, starts)[of]

    for step in range(1, STEPS + 1):
        scores = rows @ weights
        odds = np.exp(scores - np.maximum.reduceat(scores, starts)[of])
        slope = rows.T @ (shares(odds) - shares(odds * right)) / len(sizes) + SMALL * weights
        mean, square = 0.9 * mean + 0.1 * slope, 0.999 * square + 0.001 * slope**2
        weights -= RATE * mean / (1 - 0.9**step) / (np.sqrt(square / (1 - 0.999**step)) + 1e-8)
    return weights / spread


def fit_stated(rows: Floats, questions: Floats, answered: Floats) -> tuple[Floats, Floats, float]:
    """Weights of the signs and of the questions' vectors, and bias, of a logistic regression, by Newton's
    steps."""
    signs_of, width = rows.shape[1], questions.shape[1]
    centre, spread = rows.mean(axis=0), rows.std(axis=0) + 1e-6
    rows = np.c_[(rows - centre) / spread, questions, np.ones(len(rows))]
    penalty = np.diag([*[SMALL_STATED] * signs_of, *[SMALL_QUESTION] * width, 0.0])
    weights = np.zeros(rows.shape[1])
    for _ in range(15):
        sure = 1 / (1 + np.exp(-rows @ weights))
        bend = (rows * (sure * (1 - sure))[:, None]).T @ rows + penalty
        weights -= np.linalg.solve(bend, rows.T @ (sure - answered) + penalty @ weights)
    found = weights[:signs_of] / spread
    return found, weights[signs_of:-1], float(weights[-1] - found @ centre)


@contextmanager
def using(worth: Mapping[str, Any]) -> Iterator[None]:
    """Evidence is judged by ``worth`` meanwhile."""
    kept = signs.SIGNS
    with tempfile.TemporaryDirectory() as folder:
        signs.SIGNS = Path(folder) / "signs.yaml"
        signs.SIGNS.write_text(yaml.safe_dump(dict(worth)), encoding="utf-8")
        signs.load_worth.cache_clear()
        try:
            yield
        finally:
            signs.SIGNS = kept
            signs.load_worth.cache_clear()


def left_out(everything: Sequence[Programme], asked: Sequence[Asked]) -> dict[str, Tally]:
    """Each programme answered with what the others gave."""
    tallies = {name: Tally() for name in [p.name for p in everything] + SHARES}
    for programme in everything:
        with using(fit([a for a in asked if a.programme != programme.name])):
            measure(programme, tallies)
        print(tallies[programme.name].row(programme.name), flush=True)
    for name in SHARES:
        print(tallies[name].row(name), flush=True)
    return tallies


HEAD = """\
# What the signs of evidence are worth; assistant/evidence/signs.py and enough.py say what each sign is.
# rank: differences of sums are logarithms of odds between two sentences. stated, bias: the logarithm of the
# odds that the first sentence answers; least: the probability from which it is taken to.
# Found by `python -m tests.assistant.evidence.fit --write`, never by hand.
"""


def main() -> None:
    everything = [programme for programme in programmes() if programme.name not in HELD_OUT]
    narrowly, rank.CLOSELY = rank.CLOSELY, WIDELY
    asked: list[Asked] = []
    for programme in everything:
        asked += read(programme)
        print(f"read {programme.name}", flush=True)
    rank.CLOSELY = narrowly
    left_out(everything, asked)
    worth = fit(asked)
    print(yaml.safe_dump(worth, sort_keys=False))
    if "--write" in sys.argv:
        signs.SIGNS.write_text(HEAD + yaml.safe_dump(worth, sort_keys=False), encoding="utf-8")


if __name__ == "__main__":
    main()
