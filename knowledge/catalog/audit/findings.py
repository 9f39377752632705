"""What an audit found: findings with names, and figures per dataset."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass, field
from functools import cached_property
from typing import Any

KINDS: dict[str, str] = {
    "narrowed": "a small number can be told more closely than the rule promises",
    "unsuppressed_complement": "a small number can be told from its neighbours, all of which are shown",
    "may_be_narrowed": "a number of the former version can be told more closely, if it was small at all",
    "contradiction": "no numbers fit what is published, so some of it is not true",
    "rule_broken": "a number is published that the declared rule does not release",
    "gate_broken": "a slice is broken down though its total is under the gate",
    "absent_cells": "declared cells have no row, and which rows there are may depend on the data",
    "differs_from_truth": "a published range does not hold the true number",
    "totals_summed": "totals are sums of released parts instead of counts of their own",
    "unrounded_percentage": "a percentage is finer than the rule's steps, or has no open end",
    "small_denominator": "a percentage has too few people or rows behind it",
    "rate_differs": "a missing rate is not what the rule makes of the true numbers",
    "fine_median": "a median is finer than the rule's steps",
    "median_of_few": "a median has too few people behind it",
    "day_precise_date": "coverage is told to the month or day, which can be one patient's first or last date",
    "minimum_or_maximum": "a least or greatest value is one patient's value",
    "age_not_top_coded": "ages above the top code are told apart",
    "overlap_leaves_few": "an overlap leaves too few people on one side",
    "overlap_impossible": "an overlap is above the number of people in a dataset",
    "republished_too_soon": "a dataset was published again with too few new people",
    "changed_too_soon": "a number was published anew though it had hardly moved",
    "crossed_alone": "a number appeared or vanished while all sums that it is part of stayed as they were",
}
NOTES = frozenset({"absent_cells", "may_be_narrowed"})


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing found. ``where`` names the cell, variable or pair; ``what`` says what can be seen."""

    kind: str
    dataset: str
    where: str
    what: str

    @property
    def fails(self) -> bool:
        """False for a note."""
        return self.kind not in NOTES


@dataclass(frozen=True, slots=True)
class Figures:
    """One dataset in numbers. watched: numbers that the promise is about; narrowed: those of them that
    can be told more closely; programmes: linear programmes that the certificate took, None without
    one; given_up: what the attacker could not suppose."""

    dataset: str
    cells: int
    released: int
    bound: int
    suppressed: int
    watched: int
    narrowed: int
    programmes: int | None
    given_up: str = ""


@dataclass(frozen=True)
class AuditReport:
    """The outcome of an audit. ``small``: 1 to this must stay possible. ``exact``: the true numbers were
    known, so that only truly small numbers are watched. ``unchanged``: datasets audited before."""

    rule: str
    small: int
    exact: bool
    versions: int
    figures: tuple[Figures, ...]
    findings: tuple[Finding, ...]
    unchanged: tuple[str, ...] = field(default=())

    @cached_property
    def failures(self) -> tuple[Finding, ...]:
        """The findings that break the promise."""
        return tuple(finding for finding in self.findings if finding.fails)

    @property
    def passed(self) -> bool:
        """True where nothing was found but notes."""
        return not self.failures

    def document(self) -> dict[str, Any]:
        """JSON-ready."""
        return {
            "passed": self.passed, "rule": self.rule, "promise": f"1-{self.small}", "exact": self.exact,
            "versions": self.versions, "unchanged": list(self.unchanged),
            "kinds": dict(Counter(finding.kind for finding in self.findings)),
            "datasets": [asdict(figures) for figures in self.figures],
            "findings": [{**asdict(finding), "fails": finding.fails} for finding in self.findings],
        }

