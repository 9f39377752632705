from __future__ import annotations

import inspect

import pytest

from api.problems import FAILED, KINDS, REFUSED, URN, ProblemReported, problem_of
from knowledge import errors
from knowledge.errors import CatalogInvalid, GiljabiError, NotFound, QueryTimeout, SqlRejected, UserError

CLASSES = [cls for _, cls in inspect.getmembers(errors, inspect.isclass) if issubclass(cls, GiljabiError)]


def test_every_error_of_the_tree_has_a_row_of_its_own():
    assert set(KINDS) == set(CLASSES)
    assert len({kind.name for kind in KINDS.values()}) == len(KINDS)


@pytest.mark.parametrize("cls", CLASSES)
def test_refusals_are_4xx_and_exit_1_failures_5xx_and_exit_3(cls):
    kind = KINDS[cls]
    if issubclass(cls, UserError):
        assert 400 <= kind.status < 500 and kind.exit_code == REFUSED
    else:
        assert kind.status >= 500 and kind.exit_code == FAILED


def test_a_document_holds_what_failed_and_what_to_do():
    document = problem_of(NotFound("No table 'secrt'.", hint="Did you mean 'secret'?")).document(
        request_id="r1"
    )
    assert document == {
        "type": f"{URN}not-found",
        "title": "There is no such thing",
        "status": 404,
        "detail": "No table 'secrt'.",
        "hint": "Did you mean 'secret'?",
        "request_id": "r1",
    }


def test_members_of_one_kind_only():
    rejected = problem_of(SqlRejected("no", rule="one_statement", fragment="DROP")).document()
    assert (rejected["rule"], rejected["fragment"]) == ("one_statement", "DROP")
    broken = problem_of(CatalogInvalid("no", problems=("counts.csv:3: no",))).document()
    assert broken["problems"] == ["counts.csv:3: no"]


def test_a_subclass_without_a_row_takes_the_nearest():
    class Stranger(NotFound):
        pass

    assert problem_of(Stranger("x")).kind == KINDS[NotFound]


def test_a_reported_problem_keeps_its_exit_code():
    assert ProblemReported(problem_of(NotFound("x")).document()).exit_code == REFUSED
    late = ProblemReported(problem_of(QueryTimeout("x")).document())
    assert late.exit_code == FAILED and late.concerns_one_request
    assert ProblemReported({"status": 500}).exit_code == FAILED
