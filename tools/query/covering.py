"""Whether one plan answers what another asks: a question of several parts may be one query after all."""

from __future__ import annotations

from tools.query.plan import CountPlan, ListPlan, QueryPlan, Span


def covers(whole: QueryPlan, part: QueryPlan) -> bool:
    """True where the rows of ``whole`` hold those that ``part`` asks for, told apart from others."""
    if isinstance(whole, CountPlan) and isinstance(part, CountPlan):
        return _counts(whole, part)
    if isinstance(whole, ListPlan) and isinstance(part, ListPlan):
        return _lists(whole, part)
    return whole == part


def _counts(whole: CountPlan, part: CountPlan) -> bool:
    limits = ("measure", "ages", "at_least", "at_most")
    if any(getattr(whole, name) != getattr(part, name) for name in limits):
        return False
    named = (
        ("cohort", whole.cohorts, part.cohorts),
        ("hospital", whole.hospitals, part.hospitals),
        ("dataset", whole.datasets, part.datasets),
        ("sex", whole.sex, part.sex),
    )
    for dimension, wide, narrow in named:
        told_apart = dimension in whole.group_by and (not wide or set(narrow) <= set(wide))
        if wide != narrow and not (narrow and told_apart):
            return False
    years = whole.years == part.years or ("year" in whole.group_by and _within(whole.years, part.years))
    # Of several cohorts each is counted together; one alone is told by dataset, unasked.
    apart = {"dataset"} if not part.datasets and len(whole.cohorts) > len(part.cohorts) else set()
    return years and set(part.group_by) - apart <= set(whole.group_by)


def _within(wide: Span | None, narrow: Span | None) -> bool:
    if wide is None or narrow is None:
        return wide is None
    low = wide.low is None or (narrow.low is not None and narrow.low >= wide.low)
    return low and (wide.high is None or (narrow.high is not None and narrow.high <= wide.high))


def _lists(whole: ListPlan, part: ListPlan) -> bool:
    alike = ("subject", "summary", "group_by")
    return (
        all(getattr(whole, name) == getattr(part, name) for name in alike)
        and set(part.show) <= set(whole.show)
        and set(part.conditions) == set(whole.conditions)
        and set(part.holdings) == set(whole.holdings)
        and part.ranking in {None, whole.ranking}
    )
