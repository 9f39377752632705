"""Which proposals the words of a question bear out, and which not."""

from __future__ import annotations

import pytest

from knowledge.errors import PlanIncomplete
from knowledge.glossary.glossary import load_terms
from tools.query.plan import Condition, CountPlan, LinkagePlan, ListPlan, Span
from tools.query.propose import Accepted, Proposal, Refused, accept, offer
from tools.query.understand.figures import with_digits

# Made-up words: whatever the grammar learns, it will not know these.
TALLY = "Blarp the zorgs with glaucoma per flimble since 2022"
GLAUCOMA = {"part": "cohort", "value": "glaucoma", "words": "glaucoma"}
SINCE = {"part": "from_year", "value": "2022", "words": "since 2022"}
PER_FLIMBLE = {"part": "group_by", "value": "hospital", "words": "per flimble"}


@pytest.fixture
def judged(eye):
    def judge(question: str, kind: str, *slots: dict) -> Accepted | Refused:
        proposal = Proposal.read({"kind": kind, "slots": list(slots)})
        clues = eye.reader.clues(with_digits(question))
        return accept(proposal, clues, offer(question, eye.catalog), load_terms())

    return judge


def test_slots_that_their_words_bear_out_make_a_plan_and_unknown_words_are_named(judged):
    found = judged(TALLY, "count", GLAUCOMA, SINCE, PER_FLIMBLE)
    assert isinstance(found, Accepted), found
    assert found.plan == CountPlan(
        cohorts=("glaucoma",), years=Span(2022, None), group_by=("hospital",), language="en"
    )
    assert found.unknown == ("Blarp", "zorgs")


@pytest.mark.parametrize(
    ("question", "kind", "slots", "plan"),
    [
        (
            "굴레안츄 환자는 2023년에 총 얼마나 됩니까, 여성만",
            "count",
            [
                {"part": "cohort", "value": "glaucoma", "words": "굴레안츄"},
                {"part": "from_year", "value": "2023", "words": "2023년에"},
                {"part": "to_year", "value": "2023", "words": "2023년에"},
                {"part": "sex", "value": "F", "words": "여성만"},
                {"part": "measure", "value": "patients", "words": "환자는"},
            ],
            CountPlan(cohorts=("glaucoma",), years=Span(2023, 2023), sex=("F",), language="ko"),
        ),
        (
            "Which glombs keep HbA1c?",
            "list",
            [
                {"part": "subject", "value": "dataset", "words": "glombs"},
                {"part": "holds", "field": "variable", "value": "hba1c", "words": "HbA1c"},
            ],
            None,
        ),
        (
            "Which glombs began before 2015?",
            "list",
            [
                {"part": "subject", "value": "dataset", "words": "glombs"},
                {
                    "part": "where", "field": "dataset.start_year", "op": "lt", "value": "2015",
                    "words": "began before 2015",
                },
            ],
            ListPlan("dataset", conditions=(Condition("dataset.start_year", "lt", (2015,)),), language="en"),
        ),
        (
            "Could one blarp the Nuri glaucoma registry onto anything?",
            "linkage",
            [{"part": "dataset", "value": "nuri_glaucoma", "words": "Nuri glaucoma registry"}],
            LinkagePlan(("nuri_glaucoma",), language="en"),
        ),
    ],
)
def test_plans_of_every_kind(judged, question, kind, slots, plan):
    found = judged(question, kind, *slots)
    assert isinstance(found, Accepted), found
    if plan is not None:
        assert found.plan == plan


@pytest.mark.parametrize(
    ("slots", "why"),
    [
        ([{**GLAUCOMA, "value": "af"}, SINCE, PER_FLIMBLE], "names something else"),
        ([{**GLAUCOMA, "words": "cataract"}, SINCE, PER_FLIMBLE], "does not stand in the question"),
        ([{**GLAUCOMA, "value": "cataract"}, SINCE, PER_FLIMBLE], "shows no such cohort"),
        ([GLAUCOMA, {**SINCE, "value": "2021"}, PER_FLIMBLE], "no such number"),
        ([GLAUCOMA, {**SINCE, "value": "lately"}, PER_FLIMBLE], "no whole number"),
        ([GLAUCOMA, PER_FLIMBLE], "would be left out"),
        ([SINCE, PER_FLIMBLE], "would be left out"),
        ([GLAUCOMA, SINCE, PER_FLIMBLE, {"part": "sex", "value": "F", "words": "zorgs"}], "no word says so"),
        (
            [GLAUCOMA, SINCE, PER_FLIMBLE, {"part": "hospital", "value": "nuri", "words": "glaucoma"}],
            "names something else",
        ),
        ([GLAUCOMA, SINCE, {**PER_FLIMBLE, "value": "moon"}], "Counts cannot be grouped|group_by"),
        ([GLAUCOMA, SINCE, PER_FLIMBLE, {"part": "show", "value": "x", "words": "zorgs"}], "no part"),
    ],
)
def test_what_the_words_do_not_bear_out_is_refused(judged, slots, why):
    found = judged(TALLY, "count", *slots)
    assert isinstance(found, Refused)
    assert any(part in found.why for part in why.split("|")), found.why


def test_an_idea_of_the_glossary_is_not_taken_for_another_one(judged):
    # The glossary knows asthma; a model may not make glaucoma of it, but may of a word that nobody knows.
    slot = {"part": "cohort", "value": "glaucoma"}
    known = judged("How many asthma zorgs?", "count", {**slot, "words": "asthma"})
    assert isinstance(known, Refused) and "another idea" in known.why
    unknown = judged("How many tunnelsight zorgs?", "count", {**slot, "words": "tunnelsight"})
    assert isinstance(unknown, Accepted)


@pytest.mark.parametrize("word", ["not", "without"])
def test_a_denial_is_never_dropped(judged, word):
    question = f"Blarp the zorgs {word} glaucoma"
    found = judged(question, "count", {**GLAUCOMA})
    assert isinstance(found, Refused) and word in found.why


@pytest.mark.parametrize(
    "document",
    [
        {"kind": "sql", "slots": []},
        {"kind": "count", "slots": [{"part": "sql", "value": "DROP", "words": "x"}]},
        {"kind": "count", "slots": [{"part": "cohort", "value": "x", "words": "y" * 300}]},
        {"kind": "count"} | {"extra": 1},
        [],
        None,
    ],
)
def test_a_reply_that_is_no_proposal_is_an_error(document):
    with pytest.raises(PlanIncomplete):
        Proposal.read(document)


def test_a_large_catalog_shows_the_likeliest_names_only(eye):
    shown = offer("glaucoma", eye.catalog).things
    assert {id for id, _ in shown["cohort"]} == {c.cohort for c in eye.catalog.cohorts}
    assert all(len(named) <= 40 for named in shown.values())
