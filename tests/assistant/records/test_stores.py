from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from assistant.records import AskedQuery
from knowledge.errors import NotFound, ReviewConflict

ASKED = AskedQuery(
    id="q-1",
    question="병원별 환자 수",
    language="ko",
    plan={"kind": "list", "subject": "hospital"},
    sql='SELECT "hospital" FROM "hospitals" LIMIT 1000',
    hash="a" * 64,
    catalog_version="1-aa",
)
ODD = "줄\n바꿈 \x00 \ud800 'quote' 🙂"


def turn(records, id, conversation="c-1", question="질문?"):
    records.turns.add(conversation, question, {"id": id, "text": "답", "query": None})


def test_turns_come_back_by_conversation_in_order(records):
    turn(records, "a-1", question="first")
    turn(records, "a-2", "c-2")
    turn(records, "a-3", question="second")
    assert [t.question for t in records.turns.conversation("c-1")] == ["first", "second"]
    assert records.turns.conversation("c-2")[0].answer == {"id": "a-2", "text": "답", "query": None}
    listed = records.turns.conversations()
    assert [(c.id, c.title, c.turns) for c in listed] == [("c-1", "first", 2), ("c-2", "질문?", 1)]
    assert [c.id for c in records.turns.conversations(limit=1, offset=1)] == ["c-2"]
    assert records.turns.answer("a-3")["id"] == "a-3"


@pytest.mark.parametrize("id", ["nothing", "x\x00", "\ud800", "'; DROP TABLE turns; --"])
def test_what_is_not_there_is_named(records, id):
    for find in (
        records.turns.conversation,
        records.turns.answer,
        records.reviews.get,
        records.plans.read,
        records.plans.versions,
        lambda missing: records.plans.save_version(missing, {}),
        lambda missing: records.feedback.give(missing, "up"),
    ):
        with pytest.raises(NotFound) as caught:
            find(id)
        assert repr(id) in caught.value.message and caught.value.hint


def test_text_that_a_database_cannot_hold_is_cleaned_and_the_rest_kept(records):
    turn(records, "a-1", question=ODD)
    kept = records.turns.conversation("c-1")[0].question
    assert kept == ODD.replace("\x00", "").replace("\ud800", "?")
    plan = records.plans.create({ODD: [ODD, 1.5, None, True]}, title=ODD, language="en")
    assert records.plans.read(plan.id).document == {ODD: [ODD, 1.5, None, True]}


def test_later_feedback_replaces_earlier(records):
    turn(records, "a-1")
    records.feedback.give("a-1", "up")
    records.feedback.give("a-1", "down", "틀렸습니다")
    assert records.turns.conversation("c-1")[0].rating == "down"


def test_a_plan_keeps_every_version(records):
    first = records.plans.create({"sections": []}, title="연구", language="ko")
    second = records.plans.save_version(first.id, {"sections": [1]}, base=1)
    third = records.plans.save_version(first.id, {"sections": [2]}, title="새 이름")
    assert [first.version, second.version, third.version] == [1, 2, 3]
    assert records.plans.read(first.id) == third and records.plans.read(first.id, 1) == first
    assert records.plans.versions(first.id) == [first, second, third]
    assert [(p.title, p.version) for p in records.plans.list()] == [("새 이름", 3)]
    with pytest.raises(NotFound, match="version 4"):
        records.plans.read(first.id, 4)


def test_a_plan_that_was_saved_meanwhile_is_not_overwritten(records):
    plan = records.plans.create({}, title="a", language="en")
    records.plans.save_version(plan.id, {"n": 1}, base=1)
    with pytest.raises(ReviewConflict, match="is at version 2"):
        records.plans.save_version(plan.id, {"n": 2}, base=1)
    assert records.plans.read(plan.id).document == {"n": 1}


def test_one_entry_per_query_until_it_is_decided(records):
    assert records.reviews.keep(ASKED) == "unreviewed"
    assert records.reviews.keep(replace(ASKED, question="another wording")) == "unreviewed"
    (entry,) = records.reviews.find()
    assert (entry.id, entry.runs_as, entry.question) == ("q-1", "q-1", ASKED.question)
    records.reviews.change(entry, "reject", actor="kim", reason="", changes={"status": "rejected"})
    assert records.reviews.keep(replace(ASKED, question="another question")) == "unreviewed"
    assert records.reviews.get("q-1").question == "another question"
    assert [r.status for r in records.reviews.in_force("1-aa")] == ["rejected"]


def test_another_catalog_version_supersedes_and_a_request_stays_asked_for(records):
    records.reviews.keep(ASKED)
    entry = records.reviews.get("q-1")
    records.reviews.change(entry, "request", actor="kim", reason="", changes={"status": "pending"})
    assert records.reviews.keep(replace(ASKED, catalog_version="2-bb")) == "pending"
    assert [r.status for r in records.reviews.find()] == ["pending", "superseded"]
    assert records.reviews.find(("superseded",))[0].catalog_version == "1-aa"


def test_what_was_changed_meanwhile_is_not_changed_again(records):
    records.reviews.keep(ASKED)
    seen = records.reviews.get("q-1")
    records.reviews.change(seen, "approve", actor="kim", reason="", changes={"status": "approved"})
    with pytest.raises(ReviewConflict, match="q-1 was changed meanwhile: it is approved now"):
        records.reviews.change(seen, "reject", actor="lee", reason="", changes={"status": "rejected"})
    assert records.reviews.get("q-1").status == "approved"
    assert [row.act for row in records.audit.rows()] == ["review.approve"]


def test_of_many_who_decide_at_once_one_does(records):
    records.reviews.keep(ASKED)
    seen = records.reviews.get("q-1")

    def approve(name):
        try:
            records.reviews.change(seen, "approve", actor=name, reason="", changes={"status": "approved"})
        except ReviewConflict:
            return 0
        return 1

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(approve, "abcdefgh")) == 1
    assert len(records.audit.rows()) == 1 and records.audit.verify().intact


def test_a_status_that_there_is_not_is_refused_and_leaves_no_audit_row(records):
    from knowledge.errors import StoreUnavailable

    records.reviews.keep(ASKED)
    seen = records.reviews.get("q-1")
    with pytest.raises(StoreUnavailable):
        records.reviews.change(seen, "bless", actor="kim", reason="", changes={"status": "blessed"})
    assert records.reviews.get("q-1") == seen and records.audit.rows() == []
