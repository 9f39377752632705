"""What must hold in every answer of every suite, whatever was asked."""

from __future__ import annotations

import re
from collections.abc import Sequence

from evals.log import Entry, HomeRecord
from evals.scores.mark import Mark, Score, given, rate

ID_COLUMNS = {"hospital", "dataset", "dataset_a", "dataset_b", "table", "name", "cohort", "concept", "team"}
_VARIABLE_ID = re.compile(r"(?<![\w./-])([a-z]\w*_\w+)/([a-z]\w*)(?:\.([a-z]\w*))?")
_IDENTIFIER = re.compile(r"(?<![\w./-])[a-z][a-z0-9]*(?:_[a-z0-9]+)+(?![\w/-])")


def measures(entry: Entry, home: HomeRecord) -> tuple[dict[str, float], str]:
    """Of one answer: citations, valid ones, invented names; and what is wrong."""
    answer = entry.answer
    if answer is None:
        return {}, ""
    valid = [
        bool(citation.quote) and citation.quote == stored
        for citation, stored in zip(answer.citations, entry.record.stored, strict=True)
    ]
    invented = invented_names(entry, home)
    values = {"citations": float(len(valid)), "valid": float(sum(valid)), "invented": float(len(invented))}
    broken = [c.id for c, good in zip(answer.citations, valid, strict=True) if not good]
    parts = [f"the quote of citation {broken} does not stand in the stored version"] if broken else []
    parts += [f"not in the catalog: {sorted(invented)}"] if invented else []
    return values, "; ".join(parts)


def invented_names(entry: Entry, home: HomeRecord) -> set[str]:
    """Names in the answer's rows or text that the catalog does not know.

    In the text only words such as ``pack_years`` count, which no sentence would hold by chance; what the
    question says or a citation quotes is not invented.
    """
    answer = entry.answer
    if answer is None:
        return set()
    known = set(home.names)
    found: set[str] = set()
    said = entry.case.text + " ".join(citation.quote + citation.document for citation in answer.citations)
    if answer.query is not None:
        known |= set(answer.query.columns)
        for place, column in enumerate(answer.query.columns):
            if column in ID_COLUMNS:
                found |= {str(row[place]) for row in answer.query.rows if row[place] is not None}
    written = set(_IDENTIFIER.findall(answer.text))
    written |= {part for parts in _VARIABLE_ID.findall(answer.text) for part in parts if part}
    found |= {name for name in written if name not in said}
    return found - known


def summarize(marks: Sequence[Mark]) -> dict[str, Score]:
    """Rates over all citations and over all answers; ``answered_at_all`` counts cases that did not break."""
    answers = [mark for mark in marks if "invented" in mark.values]
    citations = sum(int(mark.values["citations"]) for mark in answers)
    return given(
        citation_validity=rate(sum(mark.values["valid"] for mark in answers), citations),
        nothing_invented=rate(sum(mark.values["invented"] == 0 for mark in answers), len(answers)),
        unbroken=rate(sum(mark.values.get("broken", 0.0) == 0 for mark in marks), len(marks)),
    )
