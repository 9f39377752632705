"""What must hold in every answer of every suite, whatever was asked."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from evals.log import Answered, Entry
from evals.records import HomeRecord
from evals.scores.mark import Mark, Score, given, rate, share
from evals.scores.statements import caveats_dropped, leaked, misplaced

ID_COLUMNS = {"hospital", "dataset", "dataset_a", "dataset_b", "table", "name", "cohort", "concept", "team"}
_VARIABLE_ID = re.compile(r"(?<![\w./-])([a-z]\w*_\w+)/([a-z]\w*)(?:\.([a-z]\w*))?")
_IDENTIFIER = re.compile(r"(?<![\w./-])[a-z][a-z0-9]*(?:_[a-z0-9]+)+(?![\w/-])")


def measures(entry: Entry, home: HomeRecord) -> tuple[dict[str, float], str]:
    """Over the answers of one case: citations, valid ones, faults of each kind; and what is wrong."""
    if not entry.turns:
        return {}, ""
    values = dict.fromkeys(("citations", "valid", *FAULTS), 0.0)
    parts: list[str] = []
    for turn in entry.turns:
        good = [
            bool(c.quote) and c.quote == s for c, s in zip(turn.answer.citations, turn.stored, strict=True)
        ]
        values["citations"] += len(good)
        values["valid"] += sum(good)
        broken = [c.id for c, valid in zip(turn.answer.citations, good, strict=True) if not valid]
        parts += [f"the quote of citation {broken} does not stand in the stored version"] if broken else []
        for name, (find, what) in FAULTS.items():
            found = find(turn, home)
            values[name] += len(found)
            parts += [f"{what}: {found}"] if found else []
    return values, "; ".join(parts)


def invented_names(turn: Answered, home: HomeRecord) -> list[str]:
    """Names in the answer's rows or text that the catalog does not know.

    In the text only words such as ``pack_years`` count, which no sentence would hold by chance; what the
    question says, a citation quotes or a cell holds, as the unit [in_i], is not invented.
    """
    answer = turn.answer
    known = set(home.names)
    found: set[str] = set()
    said = turn.question + " ".join(citation.quote + citation.document for citation in answer.citations)
    if answer.query is not None:
        known |= set(answer.query.columns)
        for place, column in enumerate(answer.query.columns):
            if column in ID_COLUMNS:
                found |= {str(row[place]) for row in answer.query.rows if row[place] is not None}
            else:
                said += "".join(f" {row[place]}" for row in answer.query.rows if isinstance(row[place], str))
    written = set(_IDENTIFIER.findall(answer.text))
    written |= {part for parts in _VARIABLE_ID.findall(answer.text) for part in parts if part}
    found |= {name for name in written if name not in said}
    return sorted(found - known)


def _leaked(turn: Answered, home: HomeRecord) -> list[str]:
    return [found for query in turn.answer.queries for found in leaked(query)]


# Each kind of fault: where it is found in an answer, and what is said of it.
FAULTS: dict[str, tuple[Callable[[Answered, HomeRecord], list[str]], str]] = {
    "invented": (invented_names, "not in the catalog"),
    "leaked": (_leaked, "hidden and given all the same"),
    "misplaced": (misplaced, "a number without its subject or a sentence without its quote"),
    "caveats": (lambda turn, home: caveats_dropped(turn.answer), "not said with the counts"),
}


def summarize(marks: Sequence[Mark]) -> dict[str, Score]:
    """Rates over all citations and over all answers; ``answered_at_all`` counts cases that did not break."""
    answers = [mark for mark in marks if "invented" in mark.values]
    citations = sum(int(mark.values["citations"]) for mark in answers)
    return given(
        citation_validity=rate(sum(mark.values["valid"] for mark in answers), citations),
        nothing_invented=_without(answers, "invented"),
        nothing_leaked=_without(answers, "leaked"),
        numbers_in_place=_without(answers, "misplaced"),
        caveats_said=_without(answers, "caveats"),
        unbroken=rate(sum(mark.values.get("broken", 0.0) == 0 for mark in marks), len(marks)),
    )


def _without(marks: Sequence[Mark], fault: str) -> Score | None:
    return share(marks, lambda mark: mark.values[fault] == 0)
