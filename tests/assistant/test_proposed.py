"""Which open queries are put before a reviewer: asked often, or unlike what is approved."""

from __future__ import annotations

from datetime import date

from assistant.home import Home
from assistant.proposed import OFTEN

TODAY = date(2026, 3, 1)
COUNT = "병원별 녹내장 환자 수는 몇 명인가요?"
LIKE = "병원별 심방세동 환자 수는 몇 명인가요?"
OTHER = "Which datasets record HbA1c?"


def proposed(home: Home) -> dict[str, tuple[int, bool, bool]]:
    found = home.desk().proposed(home.index.encode)
    return {entry.review.question: (one.asked, one.often, one.unlike) for entry, one in found}


def test_before_anything_is_approved_every_open_query_is_proposed_the_most_asked_first(home):
    for question in (OTHER, COUNT, COUNT):
        home.assistant().ask(question, today=TODAY)
    assert list(proposed(home).items()) == [(COUNT, (2, False, True)), (OTHER, (1, False, True))]


def test_an_approval_covers_questions_like_it_unless_they_are_asked_often(home):
    ids = {q: home.assistant().ask(q, today=TODAY).query.id for q in (COUNT, LIKE, OTHER)}
    home.desk().approve(ids[COUNT], reviewer="kim")
    assert proposed(home) == {OTHER: (1, False, True)}
    for _ in range(OFTEN - 1):
        home.assistant().ask(LIKE, today=TODAY)
    found = home.desk().proposed(home.index.encode)
    assert [(e.review.question, p.asked, p.often, p.unlike) for e, p in found] == [
        (LIKE, OFTEN, True, False), (OTHER, 1, False, True)
    ]
    assert found[0][1].nearest == COUNT and 0.7 <= found[0][1].likeness <= 1


def test_what_is_decided_is_not_proposed_and_nothing_is_learned_by_asking(home):
    id = home.assistant().ask(COUNT, today=TODAY).query.id
    for _ in range(OFTEN):
        assert home.assistant().ask(COUNT, today=TODAY).query.review == "unreviewed"
    home.desk().reject(id, reviewer="kim", reason="다른 뜻")
    assert proposed(home) == {}
