"""Ask damaged questions of the sample and look at every answer.

``python -m tests.assistant.measure_mangled 10000``

None may end in a traceback, name something that the catalog does not hold, show a hidden cell, or put a
number or a quote where it does not belong.
"""

from __future__ import annotations

import sys
import tempfile
import traceback
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from assistant.answer import Answer
from assistant.home import Home
from assistant.sample import load_sample
from evals.homes import describe_home
from evals.log import Answered
from evals.records import HomeRecord
from evals.scores.invariants import FAULTS
from evals.suite import read_suites
from knowledge.errors import QuestionInvalid
from tests.assistant.mangle import mangled

TODAY = date(2025, 4, 10)


@dataclass
class Outcome:
    """How many ended how, and what was wrong with which."""

    statuses: Counter[str] = field(default_factory=Counter)
    faults: list[tuple[str, str]] = field(default_factory=list)


def ask_mangled(
    home: Home, questions: Sequence[str], today: date, done: Callable[[int], None] = lambda _: None
) -> Outcome:
    """Ask each in a conversation of its own."""
    assistant, record, outcome = home.assistant(), describe_home(home), Outcome()
    for number, question in enumerate(questions, 1):
        try:
            answer = assistant.ask(question, today=today)
        except QuestionInvalid:
            outcome.statuses["invalid"] += 1
        # What is looked for is any other error at all.
        except Exception:  # noqa: BLE001
            outcome.faults.append((question, traceback.format_exc()))
        else:
            outcome.statuses[answer.status] += 1
            outcome.faults += [(question, what) for what in faults(question, answer, home, record)]
        done(number)
    return outcome


def faults(question: str, answer: Answer, home: Home, record: HomeRecord) -> list[str]:
    """What no answer may do, by the scorers of the evals; and choices and suggestions that name nothing."""
    stored = tuple(
        home.index.document(c.document, c.version).text[c.start : c.end] for c in answer.citations
    )
    turn = Answered(question, answer, stored)
    found = [f"{what}: {bad}" for find, what in FAULTS.values() if (bad := find(turn, record))]
    found += [
        f"the quote {c.id} does not stand in the stored version"
        for c, text in zip(answer.citations, stored, strict=True) if c.quote != text
    ]
    return found


def main() -> None:
    from rich.progress import track

    number = int(sys.argv[1])
    suites = read_suites().suites
    texts = [text for suite in suites.values() for case in suite.cases if (text := getattr(case, "text", ""))]
    with tempfile.TemporaryDirectory() as folder, Home(Path(folder) / "home", "mangled questions") as home:
        home.create()
        home.hold("exclusive")
        load_sample(home)
        asked = mangled([*texts, *home.assistant().examples("ko"), *home.assistant().examples("en")], number)
        bar = iter(track(range(number), "asking"))
        outcome = ask_mangled(home, asked, TODAY, lambda _: next(bar, None))
    print(number, dict(outcome.statuses), len(outcome.faults), "faults")
    for question, what in outcome.faults[:20]:
        print(repr(question), "->", what)
    sys.exit(bool(outcome.faults))


if __name__ == "__main__":
    main()
