"""The ledger: whether a sum and earlier ones of the same user differ by one small slice.

What is stored is protected already: a suppressed cell is null, a sum skips it, and the difference of
two sums is a sum of cells that anyone may ask for. So the ledger guards against a reader being misled
and against schemas whose counts are protected less well, and it errs on the side of answering. Only
sums that a person wrote are looked at; cells as published, ranges that the compiler adds, and counts
of rows never are. Nor are conditions on what groups are told apart by, which only leave out whole groups:
where nothing adds up, as in Giljabi's own catalog, each sum is one published cell and all pass. Of two
sums of one measure, equal in grouping and in all other conditions, it refuses

- a complement: one has no further condition, the other leaves something out by <>, NOT IN or NOT. The
  total and a part of it ("and of these the women") is an ordinary follow-up and passes; all but a part
  is wanted for nothing that the part itself would not give;
- a shorter list: one names the values of a column, three or more, and the other the same but one;
- stepping: the bound of one column is moved for the third time (40 and older, 50 and older, 60 and
  older), which takes a total apart slice by slice.

Asking the slice itself is always accepted: its published value, or that it is suppressed, is the answer.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from knowledge.errors import SqlRejected
from tools.query.guard.check import judge
from tools.query.guard.schema import GuardSchema
from tools.query.guard.totals import Condition, Total, totals_of

RULE = "differencing"
STEPS = 2  # earlier sums that differ in one bound only; the next is refused
LISTED = 3
RANGES = {">", ">=", "<", "<="}
Kind = Literal["complement", "shorter_list", "stepping"]


@dataclass(frozen=True, slots=True)
class Difference:
    """Two sums that give a slice away, and the conditions in which they differ."""

    kind: Kind
    earlier: Total
    later: Total
    slice: tuple[Condition, ...]


def totals(sql: str, schema: GuardSchema, dialect: str = "duckdb") -> tuple[Total, ...]:
    """The sums of a statement that a person may run; none of any other, those of the compiler included."""
    try:
        return totals_of(judge(sql, schema, dialect=dialect))
    except SqlRejected:
        return ()


def difference(now: Sequence[Total], past: Iterable[Total]) -> Difference | None:
    """What the sums of a statement and those of the earlier ones give away; None where they do not."""
    earlier = tuple(dict.fromkeys(past))
    for later in now:
        alike = [p for p in earlier if p.measure == later.measure and p.grouped == later.grouped]
        stepped: list[Total] = []
        for one in alike:
            only_one, only_later = one.conditions - later.conditions, later.conditions - one.conditions
            kind = _kind(only_one, only_later)
            if kind == "stepping":
                stepped.append(one)
            elif kind is not None:
                return Difference(kind, one, later, tuple(only_one | only_later))
        if len(stepped) >= STEPS:
            return Difference(
                "stepping", stepped[-1], later, tuple(later.conditions - stepped[-1].conditions)
            )
    return None


def refuse_differencing(sql: str, schema: GuardSchema, past: Iterable[str], dialect: str = "duckdb") -> None:
    """Raise SqlRejected (rule "differencing") where ``sql`` and earlier statements give a slice away.

    ``past`` are statements as they ran. A statement asked again is no new one.
    """
    now = totals(sql, schema, dialect)
    if not now:
        return
    found = difference(now, (total for one in past for total in totals(one, schema, dialect)))
    if found is None:
        return
    slice_ = ", ".join(sorted(_said(condition) for condition in found.slice))
    raise SqlRejected(
        f"This sum and an earlier one differ by one slice only: {slice_}",
        rule=RULE,
        fragment=slice_,
        hint="Ask for that slice itself: its published value, or that it is suppressed, is the answer.",
    )


def _kind(one: frozenset[Condition], other: frozenset[Condition]) -> Kind | None:
    if not one or not other:
        more = one | other
        return "complement" if more and all(condition.denies for condition in more) else None
    if len(one) != 1 or len(other) != 1:
        return None
    (first,), (second,) = one, other
    if first.column != second.column or first.test != second.test:
        return None
    if first.test in RANGES:
        return "stepping"
    if first.test in {"in", "not in"}:
        long, short = sorted((set(first.values), set(second.values)), key=len, reverse=True)
        if short < long and len(long) - len(short) == 1 and len(long) >= LISTED:
            return "shorter_list"
    return None


def _said(condition: Condition) -> str:
    if not condition.column:
        return f"NOT {condition.values[0]}" if condition.test == "not" else condition.values[0]
    values = ", ".join(condition.values)
    listed = f"({values})" if condition.test in {"in", "not in"} else values
    return f"{condition.column} {condition.test.upper()} {listed}"
