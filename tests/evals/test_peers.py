"""What a peer's rows are worth, and that a peer that is not there is named, not counted."""

from __future__ import annotations

import json
import sys

import pytest

from evals.case import Expected
from evals.peers import compare
from evals.peers.compare import ask_peer, outcome_of
from tests.evals.conftest import FIXTURES

ONE = Expected(status="answered", columns=("dataset", "patients"), rows=(("a", 410),))
TWO = Expected(status="answered", columns=("dataset", "patients"), rows=(("a", 410), ("b", None)))
NONE = Expected(status="not_found", reason="not_in_catalog")
JUDGED = {
    "the number alone, where one thing was asked about": (ONE, ["sum"], [["410"]], "right"),
    "another number": (ONE, ["sum"], [[411]], "wrong"),
    "the number among others": (ONE, ["n", "sum"], [[1, 410.0]], "right"),
    "both rows under other names": (TWO, ["total", "source"], [[410, "a"], [None, "b"]], "right"),
    "the numbers of others": (TWO, ["source", "total"], [["b", 410], ["a", None]], "wrong"),
    "the names alone": (TWO, ["source"], [["a"], ["b"]], "wrong"),
    "a row too many": (TWO, ["s", "t"], [["a", 410], ["b", None], ["c", 1]], "wrong"),
    "nothing": (ONE, [], None, "abstained"),
    "no rows": (TWO, ["s"], [], "abstained"),
    "nothing, where there is nothing": (NONE, [], None, "right"),
    "rows, where there is nothing": (NONE, ["n"], [[0]], "wrong"),
}


@pytest.mark.parametrize("name", JUDGED)
def test_rows_are_judged_by_their_values(name):
    wanted, columns, rows, outcome = JUDGED[name]
    assert outcome_of(wanted, columns, rows) == outcome


def test_a_peer_that_is_not_installed_is_named():
    asked = {"catalog": str(FIXTURES / "eye_catalog"), "questions": [{"id": "q", "text": "patients by year"}]}
    with pytest.raises(LookupError, match="No module named 'gibran'"):
        ask_peer("gibran", sys.executable, asked, 60)


def test_each_peer_has_its_script_and_none_is_imported_here():
    folder = compare.Path(compare.__file__).parent
    assert {path.name for path in folder.glob("ask_*.py")} == set(compare.PEERS.values())
    assert not {"gibran", "text2sql_lite", "langchain_community"} & set(sys.modules)


def test_a_suite_is_asked_and_every_peer_is_a_line(eye_suites, monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["compare", "questions", "--suites", str(eye_suites)])
    compare.main()
    ours, *others = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert (ours["peer"], ours["ex"], ours["rs_10"], ours["rs_10_ko"]) == ("giljabi", 100.0, 100.0, 100.0)
    assert {other["peer"] for other in others if "skipped" in other} >= {"gibran", "text2sql-lite"}
