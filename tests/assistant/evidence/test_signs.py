"""What signs are worth: the stored values, how they are put together, and how they are found."""

from __future__ import annotations

import math
from datetime import date

import numpy as np
import pytest

from assistant.evidence.signs import (
    Worth,
    lacking,
    length_of,
    likely,
    load_worth,
    signs_of_stating,
    signs_of_terms,
    usual,
    worth,
)
from assistant.evidence.wanted import Wanted
from knowledge.documents.embed import SentenceEncoder
from tests.assistant.evidence import fit, programmes
from tests.assistant.evidence.conftest import HARBOUR


def _term(text: str, weight: float = 1.0, *, soft: bool = False, carried: bool = False) -> Wanted:
    return Wanted(text, "word", (text,), (), weight, soft, carried)


BERTH, FEE, ASK = _term("berth"), _term("fee", 0.5), _term("ask", soft=True)


def test_stored_worth_has_every_sign() -> None:
    stored = load_worth()
    assert tuple(stored.rank) == fit.RANKING
    assert tuple(stored.stated) == fit.STATING
    assert stored.stated["score"] > 0 > max(stored.stated[sign] for sign in ("happened", "nameless"))
    assert 0 < stored.least < 1
    assert len(stored.question) == SentenceEncoder.dimension


@pytest.mark.parametrize(
    ("sign", "raises"),
    [("cover", True), ("likeness", True), ("valued", True), ("missing", False), ("superseded", False)],
)
def test_signs_speak_for_or_against_a_sentence(sign: str, raises: bool) -> None:
    assert (load_worth().rank[sign] > 0) is raises


def test_worth_is_a_sum_over_known_signs() -> None:
    assert worth({"a": 2.0, "b": 1.0, "other": 9.0}, {"a": 0.5, "b": -3.0}) == -2.0


@pytest.mark.parametrize(("bias", "probable"), [(0.0, 0.5), (math.log(3), 0.75), (900.0, 1.0), (-900.0, 0.0)])
def test_likely_is_a_probability(bias: float, probable: float) -> None:
    assert likely({}, Worth({}, {}, bias, 0.5)) == pytest.approx(probable)


def test_a_usual_question_is_answered_sooner() -> None:
    by = Worth({}, {"gap": -1.0}, 0.5, 0.5, (2.0, -1.0))
    common, rare = (usual(np.array(vector, dtype=np.float32), by) for vector in ([1.0, 0.0], [0.0, 1.0]))
    assert (common, rare) == (2.0, -1.0)
    assert likely({"gap": 1.0, "usual": common}, by) > 0.5 > likely({"gap": 1.0, "usual": rare}, by)
    assert usual(np.ones(2, dtype=np.float32), Worth({}, {}, 0.0, 0.5)) == 0.0


def test_missing_terms() -> None:
    assert lacking([BERTH, FEE, ASK], [0.2, 0.8, 0.0]) == [0]
    signs = signs_of_terms([BERTH, FEE], [0.0, 1.0], [0.4, 1.0], [0.0, 0.0])
    assert signs["cover"] == pytest.approx(1 / 3)
    assert signs["alike"] == pytest.approx(0.9 / 1.5)
    assert signs["missing"] == 1.0 and signs["unsaid"] == signs["least_said"] == 1.0


def test_what_only_the_heading_holds_is_left_unsaid() -> None:
    signs = signs_of_terms([BERTH, FEE, ASK], [1.0, 1.0, 0.0], [1.0, 1.0, 0.0], [1.0, 0.2, 0.0])
    assert signs["unsaid"] == pytest.approx(0.4 / 1.5)
    assert signs["least_said"] == pytest.approx(0.4)
    assert signs_of_terms([ASK], [0.0], [0.0], [0.0])["unsaid"] == 0.0


def test_stating_looks_at_the_least_alike_term_that_misses() -> None:
    known = {"berth": 0.9}.get
    signs = signs_of_stating([BERTH, FEE, ASK], [0.0, 0.0, 0.0], [0.4, 0.3, 0.0], known)
    assert signs == {"gap": pytest.approx(0.6), "unknown": 1.0}
    assert signs_of_stating([BERTH], [1.0], [1.0], known) == {"gap": 0.0, "unknown": 0.0}


def test_what_a_question_leans_on_counts_where_it_is_firm() -> None:
    signs = signs_of_stating([_term("berth", carried=True)], [0.0], [0.1], {"berth": 0.9}.get)
    assert signs == {"gap": pytest.approx(0.9), "unknown": 0.0}
    soft = signs_of_stating([_term("berth", soft=True, carried=True)], [0.0], [0.1], lambda _: None)
    assert soft["gap"] == 0.0


def test_length_is_even_between_languages() -> None:
    assert length_of("가" * 50, "ko") == pytest.approx(length_of("a" * 90, "en"))


def test_ranking_finds_the_sign_that_tells() -> None:
    rng = np.random.default_rng(7)
    asked = []
    for _ in range(60):
        right = np.array([True, False, False])
        rows = rng.normal(size=(3, len(fit.RANKING)))
        rows[:, 2] += 2.0 * right
        asked.append(fit.Asked("x", False, np.zeros(2), rows, np.zeros((3, 1)), right, right))
    weights = fit.fit_ranking(asked)
    assert int(np.argmax(np.abs(weights))) == 2 and weights[2] > 0


def test_stated_finds_the_sign_that_tells() -> None:
    rng = np.random.default_rng(7)
    rows = rng.normal(size=(200, 3))
    answered = (rows[:, 1] + 0.3 * rng.normal(size=200) < 0).astype(float)
    weights, question, bias = fit.fit_stated(rows, np.zeros((200, 2)), answered)
    assert weights[1] < 0 and abs(weights[1]) > 5 * max(abs(weights[0]), abs(weights[2]))
    assert abs(bias) < 1 and not question.any()


def test_stated_finds_the_questions_that_documents_answer() -> None:
    rng = np.random.default_rng(7)
    vectors = rng.normal(size=(200, 3))
    vectors /= np.linalg.norm(vectors, axis=1)[:, None]
    weights, question, _ = fit.fit_stated(
        rng.normal(size=(200, 1)), vectors, (vectors[:, 2] > 0).astype(float)
    )
    assert question[2] > 3 * max(abs(question[0]), abs(question[1]), abs(weights[0]))


@pytest.mark.parametrize(
    ("text", "said", "held"),
    [("a fee of 1,250 won", "250", False), ("a fee of 250 won", "250", True), ("25 days", "5 days", False)],
)
def test_a_piece_of_a_number_is_not_held(text: str, said: str, held: bool) -> None:
    assert programmes.holds(text, said) is held


def test_using_other_values_ends() -> None:
    before = load_worth()
    other = {"rank": {"cover": 1.0}, "stated": {}, "bias": 9.0, "least": 0.5, "question": ""}
    with fit.using(other):
        assert load_worth().bias == 9.0
    assert load_worth() == before


def test_one_programme_is_read_and_measured() -> None:
    cases = programmes.cases_of(programmes.HERE / "harbour_questions.yaml")
    few = [c for c in cases if c["verdict"] == "not_stated"][:2] + [c for c in cases if c.get("says")][:4]
    programme = programmes.Programme("harbour", HARBOUR, few, date(2026, 3, 19))
    asked = fit.read(programme)
    assert {a.near for a in asked} == {True, False}
    assert any(a.right.any() for a in asked) and all(a.ranking.shape[1] == len(fit.RANKING) for a in asked)
    tallies = {name: programmes.Tally() for name in ("harbour", "ko", "en", "across", "all")}
    programmes.measure(programme, tallies)
    assert (tallies["all"].answerable, tallies["all"].unanswerable) == (4, 2)
    assert tallies["all"].whole >= 2
