"""Follow-ups: what a short question keeps, replaces and clears of the plan before it.

"그럼 2021년은?" keeps the plan and replaces its years; "by sex?" replaces the grouping; "and asthma?"
replaces the cohort. A question that stands on its own is never bent to the plan before.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from tools.query.plan import AnyOf, Condition, CountPlan, ListPlan, Span
from tools.query.plan import QueryPlan as Plan
from tools.query.sex import codes_for
from tools.query.understand.clues import Clues
from tools.query.understand.lexicon import FULL, Sense
from tools.query.understand.outcome import Absent, Note, Outcome, Understood
from tools.query.understand.scope import Scope, take_scope
from tools.query.understand.segment import FILLER, Segment

_OWN = ("measure.", "field.", "linkage", "overlap", "how_many", "compare")


@dataclass(frozen=True, slots=True)
class Previous:
    """The conversation's last plan, and the datasets that its rows named."""

    plan: Plan
    datasets: tuple[str, ...] = ()


def needs_previous(clues: Clues) -> bool:
    """True for a question that refers back ("that dataset") or is a fragment ("and in 2021?")."""
    refers = any(
        s.plays("anaphor") and (FILLER not in s.roles)
        for i, s in enumerate(clues.segments)
        if i not in clues.counted
    )
    if refers and not clues.mentions("hospital", "dataset", "cohort", "variable"):
        return True
    content = [s for s in clues.segments if s.strong or s.senses]
    opens = bool(clues.segments) and clues.segments[0].plays("follow", "and")
    fragment = (
        not clues.has(*_OWN) and not (clues.subject and clues.has("which", "exist")) and len(content) <= 4
    )
    return (opens and fragment) or _bare_fragment(clues, len(content))


def _bare_fragment(clues: Clues, content: int) -> bool:
    """Nothing but a year, a sex, an age or a grouping."""
    limits = bool(clues.quantities) or clues.has("sex.") or bool(clues.groups)
    others = (
        clues.has(*_OWN, "people", "exist", "which", "subject.variable", "subject.dataset")
        or clues.mentions()
    )
    return limits and not others and content <= 4


def only_names(clues: Clues) -> bool:
    """True for "안압은?" and "at Saebit": one or two names and nothing that asks."""
    content = [s for s in clues.segments if s.roles != (FILLER,)]
    return 0 < len(content) <= 2 and all(s.senses or s.plays("and", "follow") for s in content)


def follow(clues: Clues, previous: Previous) -> Outcome | None:
    """The earlier plan with what this question changes; None when it does not fit that plan."""
    attempt = clues
    plan = previous.plan
    if attempt.has("anaphor") and (attempt.has("field.", "subject.variable", "measure.") or attempt.subject):
        return None  # a question of its own about what was named before
    attempt.take("anaphor", "follow", "subject.", "people", "exist")
    if isinstance(plan, CountPlan):
        return _follow_count(attempt, plan)
    if isinstance(plan, ListPlan):
        return _follow_list(attempt, plan, previous.datasets)
    return None


def resolved(clues: Clues, previous: Previous) -> Clues:
    """The same question with "that dataset" standing for what the last answer was about."""
    segments = [
        replace(s, roles=(), senses=(sense,)) if s.plays("anaphor") and (sense := _meant(s, previous)) else s
        for s in clues.segments
    ]
    return replace(clues.fresh(), segments=segments)


def _meant(words: Segment, previous: Previous) -> Sense | None:
    """The hospitals or datasets of the last plan or rows that the words can refer to."""
    plan = previous.plan
    hospitals = plan.hospitals if isinstance(plan, CountPlan) else _ids(plan, "hospital.hospital")
    datasets = previous.datasets or (
        plan.datasets if isinstance(plan, CountPlan) else _ids(plan, "dataset.dataset")
    )
    of_hospital = words.plays("anaphor.hospital")
    if of_hospital and hospitals:
        return Sense("hospital", hospitals, FULL)
    return Sense("dataset", datasets, FULL) if datasets and not of_hospital else None


def _ids(plan: Plan, field: str) -> tuple[str, ...]:
    if not isinstance(plan, ListPlan):
        return ()
    found = [c.values for c in plan.simple_conditions if c.field == field]
    return tuple(str(v) for v in found[0]) if found else ()


def _follow_count(clues: Clues, plan: CountPlan) -> Outcome | None:
    changes: dict[str, object] = {}
    cohorts: list[str] = []
    for i in clues.mentions("cohort"):
        cohorts += clues.ids(i, "cohort")
        clues.used.add(i)
    if cohorts:
        changes["cohorts"] = tuple(dict.fromkeys(cohorts))
    scope = take_scope(clues)
    if scope.hospitals:
        changes["hospitals"], changes["datasets"] = scope.hospitals, scope.datasets
    elif scope.datasets:
        changes["datasets"] = scope.datasets
    year = clues.quantity("year")
    if year is not None:
        changes["years"] = Span(year.whole_low, year.whole_high)
        changes["group_by"] = tuple(g for g in plan.group_by if g != "year" or not year.exact)
    age = clues.quantity("age")
    if age is not None:
        changes["ages"] = Span(age.whole_low, age.whole_high)
    sexes = [code for code in ("F", "M") if clues.take(f"sex.{code}")]
    if sexes:
        changes["sex"] = codes_for(sexes, clues.catalog.counts.sexes)
    if clues.groups:
        changes["group_by"] = tuple(clues.groups)
        clues.used.update(clues.grouped)
        if "year" in clues.groups and year is None:
            changes["years"] = None
    if not changes:
        return None
    new = replace(plan, **changes)  # type: ignore[arg-type]
    if new.ranking and new.ranking.by not in {*new.group_by, new.measure}:
        new = replace(new, ranking=None)
    new = replace(new, language=clues.language)
    missing = _unpublished(clues, new)
    return missing or Understood(new)


def _unpublished(clues: Clues, plan: CountPlan) -> Absent | None:
    """The changed plan asks for a year or cohort that nobody publishes."""
    counts = clues.catalog.counts
    scope = Scope(plan.hospitals, plan.datasets)
    datasets = [
        d for d in scope.within(clues.catalog)
        if any((d.dataset, c) in counts.cohorts for c in (plan.cohorts or (None,)))
    ]  # fmt: skip
    if not datasets:
        return Absent(Note("no_count", {"what": ", ".join(plan.cohorts) or "-"}))
    years = sorted({y for d in datasets for y in counts.years.get(d.dataset, ())})
    span = plan.years
    if span is not None and not any((span.low or y) <= y <= (span.high or y) for y in years):
        asked = str(span.low) if span.single else f"{span.low or ''}-{span.high or ''}"
        return Absent(
            Note(
                "years_outside",
                {"asked": asked, "first": years[0] if years else "-", "last": years[-1] if years else "-"},
            )
        )
    return None


def _about(condition: Condition | AnyOf, *fields: str) -> bool:
    parts = condition.conditions if isinstance(condition, AnyOf) else (condition,)
    return all(part.field in fields for part in parts)


def _follow_list(clues: Clues, plan: ListPlan, datasets: tuple[str, ...]) -> Outcome | None:
    conditions = list(plan.conditions)
    changed = False
    names: list[str] = []
    for i in clues.mentions("variable"):
        names += clues.ids(i, "variable")
        clues.used.add(i)
    if names:
        conditions = [c for c in conditions if not _about(c, "variable.name", "variable.table")]
        conditions.append(Condition("variable.name", "eq", tuple(dict.fromkeys(names))))
        changed = True
    scope = take_scope(clues)
    for field, ids in (("hospital.hospital", scope.hospitals), ("dataset.dataset", scope.datasets)):
        if ids:
            conditions = [c for c in conditions if not _about(c, field)]
            conditions.append(Condition(field, "eq", ids))
            changed = True
    if not changed or (names and plan.subject != "variable"):
        return None
    return Understood(replace(plan, conditions=tuple(conditions), language=clues.language))
