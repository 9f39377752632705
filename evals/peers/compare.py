"""``python -m evals.peers.compare``: ours and its peers, asked the same questions over the same catalog.

A peer's rows are right where they hold the expected values, whatever its columns are called; a value that is
the same in every expected row, as the one dataset asked about, need not be repeated. Ours is judged as in
every other run, which is stricter.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from itertools import permutations
from pathlib import Path
from typing import Any

from evals.case import Case, Expected, QuestionCase
from evals.homes import build_home, describe_home
from evals.log import read_record
from evals.run import ask, header_of
from evals.scores.mark import Mark, Outcome
from evals.scores.questions import judge_answer, reliability
from evals.suite import DEFAULT_FOLDER, Suite, SuiteFolder, read_suites

PEERS = {"gibran": "ask_gibran.py", "text2sql-lite": "ask_text2sql_lite.py", "langchain": "ask_langchain.py"}
MOST_COLUMNS = 8  # of an answer that is looked through for the expected values


def outcome_of(wanted: Expected, columns: Sequence[str], rows: Sequence[Sequence[Any]] | None) -> Outcome:
    """What a peer's rows are worth. No rows are an abstention."""
    if not rows or all(value is None for row in rows for value in row):
        return "abstained" if wanted.status == "answered" else "right"
    if wanted.status != "answered":
        return "wrong"
    gold = {tuple(map(_value, row)) for row in wanted.rows or ()}
    varying = [place for place in range(len(wanted.columns or ())) if len({row[place] for row in gold}) > 1]
    asked = (
        [varying, list(range(len(wanted.columns or ())))]
        if len(gold) > 1
        else [[len(wanted.columns or ()) - 1]]
    )
    for places in asked:
        needed = {tuple(row[place] for place in places) for row in gold}
        for chosen in permutations(range(min(len(columns), MOST_COLUMNS)), len(places)):
            if {tuple(_value(row[place]) for place in chosen) for row in rows} == needed:
                return "right"
    return "wrong"


def _value(value: Any) -> Any:
    """Numbers as numbers, whatever they came as; all else as text."""
    try:
        return float(value)
    except (TypeError, ValueError):
        return None if value in (None, "") else str(value)


def ask_peer(name: str, python: str, asked: Mapping[str, Any], seconds: float) -> dict[str, dict[str, Any]]:
    """What the peer said to each question, by id; those that it did not come to are not there."""
    script = Path(__file__).with_name(PEERS[name])
    with tempfile.TemporaryFile("w+", encoding="utf-8") as said:
        said.write(json.dumps(asked, ensure_ascii=False))
        said.seek(0)
        with subprocess.Popen(
            [python, str(script)], stdin=said, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        ) as child:
            try:
                out, err = child.communicate(timeout=seconds)
            except subprocess.TimeoutExpired:
                child.kill()
                out, err = child.communicate()
    told = [json.loads(line) for line in out.splitlines() if line.startswith("{") and line.endswith("}")]
    if not told:
        raise LookupError(next(iter(reversed(err.strip().splitlines())), "it said nothing")[:300])
    return {one["id"]: one for one in told}


def ask_ours(folder: SuiteFolder, suite: Suite, cases: Sequence[Case]) -> list[Outcome]:
    """Ours, in a home of its own, judged as in every other run."""
    found: list[Outcome] = []
    with (
        tempfile.TemporaryDirectory(prefix="giljabi-peers-") as place,
        build_home(suite.home, folder.homes[suite.home], folder.path, Path(place), None) as home,
    ):
        described = describe_home(home)
        header = header_of([suite], {suite.home: described}, 1)
        for case in cases:
            entry = read_record(ask(home, suite, case), header, case.id)
            if entry.answer is None or not isinstance(case, QuestionCase):
                found.append("wrong")
            else:
                found.append(judge_answer(case.expect, entry.answer, described)[0])
    return found


def scored(name: str, cases: Sequence[Case], outcomes: Sequence[Outcome], seconds: float) -> dict[str, Any]:
    """EX in percent and RS in points, over all and by language."""
    told: dict[str, Any] = {"peer": name, "cases": len(cases), "seconds": round(seconds, 1)}
    for language in ("", "ko", "en"):
        pairs = [
            (case, outcome)
            for case, outcome in zip(cases, outcomes, strict=True)
            if isinstance(case, QuestionCase) and language in ("", case.language)
        ]
        if not pairs:
            continue
        marks = [
            Mark(name, case.id, case.language, case.kind, case.difficulty, case.split, outcome)
            for case, outcome in pairs
        ]
        due = [outcome == "right" for case, outcome in pairs if case.expect.status == "answered"]
        part = f"_{language}" if language else ""
        told[f"ex{part}"] = round(100 * sum(due) / len(due), 1) if due else None
        told[f"rs_0{part}"], told[f"rs_10{part}"] = (
            round(reliability(marks, penalty), 1) for penalty in (0, 10)
        )
        told[f"wrong{part}"] = sum(mark.outcome == "wrong" for mark in marks)
    return told


def main() -> None:
    """Ask all, and print a line for each as it comes."""
    options = _options()
    folder = read_suites(options.suites)
    (suite,) = folder.chosen([options.suite])
    cases = [case for case in suite.cases if options.language in ("both", case.language)]
    step = max(1, len(cases) // options.n) if options.n else 1
    cases = cases[::step][: options.n or None]
    catalog = folder.path / folder.homes[suite.home].catalog
    asked = {
        "catalog": str(catalog.resolve()),
        "questions": [{"id": case.id, "text": case.text} for case in cases],
        "url": options.url, "model": options.model, "seconds": options.each,
    }  # fmt: skip
    begun = time.perf_counter()
    outcomes = ask_ours(folder, suite, cases)
    print(json.dumps(scored("giljabi", cases, outcomes, time.perf_counter() - begun)), flush=True)
    pythons = dict(given.split("=", 1) for given in options.peer)
    for name in PEERS:
        begun = time.perf_counter()
        try:
            told = ask_peer(name, pythons.get(name, sys.executable), asked, options.seconds)
        except (LookupError, OSError) as error:
            print(json.dumps({"peer": name, "skipped": str(error)}), flush=True)
            continue
        reached = [case for case in cases if case.id in told]
        outcomes = [
            outcome_of(case.expect, told[case.id]["columns"], told[case.id]["rows"])
            for case in reached
            if isinstance(case, QuestionCase)
        ]
        print(json.dumps(scored(name, reached, outcomes, time.perf_counter() - begun)), flush=True)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m evals.peers.compare", description=__doc__)
    parser.add_argument("suite", help="a suite of questions whose home is a catalog folder")
    parser.add_argument("--suites", type=Path, default=DEFAULT_FOLDER, help="the folder of suites")
    parser.add_argument("--n", type=int, default=0, help="so many cases, drawn evenly; else all")
    parser.add_argument("--language", choices=("ko", "en", "both"), default="both")
    parser.add_argument(
        "--peer", action="append", default=[], metavar="NAME=PYTHON",
        help=f"the interpreter that has a peer ({', '.join(PEERS)}); else this one",
    )  # fmt: skip
    parser.add_argument(
        "--url", help="OpenAI-compatible endpoint for langchain; else a small model is served"
    )
    parser.add_argument("--model", help="the model there")
    parser.add_argument("--each", type=float, default=30.0, help="seconds of one question to langchain")
    parser.add_argument(
        "--seconds", type=float, default=3600.0, help="seconds of one peer, after which it is cut off"
    )
    return parser.parse_args()


if __name__ == "__main__":
    main()
