"""What a turn keeps, replaces, adds to and clears of the plan before it, slot by slot.

Whatever the turn does not speak of is kept. A name, year, age, sex or grouping replaces its own slot;
"as well" and "split" add a grouping; "without" and "all ages" clear a slot.
"""

from __future__ import annotations

from dataclasses import replace

from knowledge.catalog.read import Dataset
from tools.query.plan import CountPlan, Dimension, Measure, Ranking
from tools.query.sex import codes_for
from tools.query.understand.clues import Clues
from tools.query.understand.lexicon import Sense
from tools.query.understand.outcome import Absent, Note, Outcome, Unclear, Understood
from tools.query.understand.scope import Scope, take_scope
from tools.query.understand.shapes.count_cohorts import publishing
from tools.query.understand.shapes.count_ranges import asked_ages, asked_years
from tools.query.understand.tiles import FILLER, Segment
from tools.query.understand.turn import Turn

_DIMENSIONS: dict[str, Dimension] = {
    "dimension.year": "year", "dimension.sex": "sex", "dimension.age_band": "age_band",
    "subject.hospital": "hospital", "subject.dataset": "dataset", "subject.cohort": "cohort",
}  # fmt: skip
_PLACES: tuple[Dimension, ...] = ("hospital", "dataset", "cohort")
_STEERING = ("anaphor", "follow", "people", "exist", "and", "which", "compare", "differ", "subject.")


def change_count(turn: Turn, clues: Clues, plan: CountPlan, pointed: Sense | None = None) -> Outcome | None:
    """The counts of the last turn with what this turn changes; None when it changes nothing."""
    new = _cleared(turn, clues, plan) if turn.has("clear", "whole") else plan
    measured = _measured(clues, new)
    new = _pointed(new, pointed) if pointed is not None else measured
    outcome = _named(turn, clues, new)
    if not isinstance(outcome, CountPlan):
        return outcome
    new = _grouped(turn, clues, outcome)
    limited = _limited(turn, clues, new, plan)
    if not isinstance(limited, CountPlan):
        return limited
    new = _ranked(turn, clues, limited)
    clues.take(*_STEERING, "measure.", "records", "how_many", "all", "size")
    if new == plan and not turn.has("everything", "clear", "whole"):
        return None
    return Understood(replace(new, language=clues.language), follows=True)


def _cleared(turn: Turn, clues: Clues, plan: CountPlan) -> CountPlan:
    """Without the dimensions that the turn gives up."""
    new = plan
    for i, segment in enumerate(clues.segments):
        dimension = next((_DIMENSIONS[role] for role in segment.roles if role in _DIMENSIONS), None)
        if segment.plays("sex.") and turn.has("clear"):
            dimension = "sex" if _counts(plan, _sexes(clues, segment)) else None
        if dimension is None or i in clues.used:
            continue
        clues.used.add(i)
        new = _without(new, dimension, grouping=not turn.has("whole"))
    for quantity in clues.quantities:
        limited = plan.years if quantity.kind == "year" else plan.ages
        if turn.has("clear") and quantity.kind in {"year", "age"} and limited is not None:
            clues.used.update(quantity.at)
            new = _without(new, "year" if quantity.kind == "year" else "age_band", grouping=False)
    clues.groups = []
    return new


def _without(plan: CountPlan, dimension: Dimension, *, grouping: bool) -> CountPlan:
    if grouping and dimension in plan.group_by:
        kept = tuple(g for g in plan.group_by if g != dimension)
        return replace(plan, group_by=kept, only_years=() if dimension == "year" else plan.only_years)
    if dimension == "year":
        return replace(plan, years=None, only_years=())
    if dimension == "sex":
        return replace(plan, sex=())
    if dimension == "age_band":
        return replace(plan, ages=None)
    if dimension in {"hospital", "dataset"}:
        groups = plan.group_by if dimension in plan.group_by else (dimension, *plan.group_by)
        return replace(plan, hospitals=(), datasets=(), group_by=groups)
    return plan


def _pointed(plan: CountPlan, sense: Sense) -> CountPlan:
    """Of the things that the turn points to; of each of them, where there are several."""
    many = len(sense.ids) > 1
    if sense.kind == "hospital":
        groups = tuple(g for g in plan.group_by if g not in {"hospital", "dataset"})
        lead: tuple[Dimension, ...] = tuple(g for g in plan.group_by if g == "dataset")
        lead = ("hospital",) if many else lead
        return replace(plan, hospitals=sense.ids, datasets=(), group_by=(*lead, *groups), ranking=None)
    if sense.kind == "dataset":
        groups = tuple(g for g in plan.group_by if g not in {"hospital", "dataset"})
        return replace(plan, datasets=sense.ids, hospitals=(), group_by=("dataset", *groups), ranking=None)
    if sense.kind == "cohort":
        groups = tuple(g for g in plan.group_by if g != "cohort")
        return replace(plan, cohorts=sense.ids, group_by=(*groups, "cohort") if many else groups)
    if sense.field == "sex":
        return replace(plan, sex=(), group_by=tuple(dict.fromkeys((*plan.group_by, "sex"))))
    return plan


def _measured(clues: Clues, plan: CountPlan) -> CountPlan:
    """The other measure, where the turn names one."""
    records = clues.has("measure.records") or (clues.has("records") and not clues.has("people"))
    if not records and not clues.has("measure.patients"):
        return plan
    measure: Measure = "records" if records else "patients"
    ranking = plan.ranking
    if ranking is not None and ranking.by == plan.measure:
        ranking = replace(ranking, by=measure)
    return replace(plan, measure=measure, ranking=ranking)


def _named(turn: Turn, clues: Clues, plan: CountPlan) -> CountPlan | Outcome:
    """With the cohorts, hospitals and datasets that the turn names in the place of those before."""
    cohorts = _cohorts(clues)
    narrowed = clues.has("anaphor") and plan.cohorts and not set(cohorts) <= set(plan.cohorts)
    if cohorts and narrowed and not _inside(clues, cohorts, plan.cohorts):
        names = ", ".join(_cohort_name(clues, c) for c in (*plan.cohorts, *cohorts))
        return Absent(Note("joint_cohorts", {"what": names}), follows=True)
    if cohorts:
        if turn.has("add") and not clues.groups:
            cohorts = tuple(dict.fromkeys((*plan.cohorts, *cohorts)))
        kept = tuple(g for g in plan.group_by if g != "cohort")
        each: tuple[Dimension, ...] = ("cohort",) if len(cohorts) > 1 else ()
        plan = replace(plan, cohorts=cohorts, group_by=(*kept, *each))
    scope = take_scope(clues)
    if not scope.limited:
        return plan
    groups: tuple[Dimension, ...] = plan.group_by
    if len(scope.datasets) == 1:
        groups = tuple(g for g in groups if g != "hospital")
    if len(scope.datasets) > 1 and not {"dataset", "hospital"} & set(groups):
        groups = ("dataset", *groups)
    if len(scope.hospitals) > 1 and not {"dataset", "hospital"} & set(groups):
        groups = ("hospital", *groups)
    if scope.datasets and not groups:
        groups = ("dataset",)  # so that the row says whose number it is
    return replace(plan, hospitals=scope.hospitals, datasets=scope.datasets, group_by=groups)


def _cohorts(clues: Clues) -> tuple[str, ...]:
    """Groups of people that the turn names; a title that fits better is a dataset."""
    found: dict[str, None] = {}
    for i in clues.mentions("cohort"):
        if clues.titles(i):
            continue
        senses = clues.segments[i].senses
        best = min(sense.tier for sense in senses)
        own = min(sense.tier for sense in clues.segments[i].names("cohort"))
        if own > best and any(s.kind in {"dataset", "hospital"} and s.tier == best for s in senses):
            continue
        found.update(dict.fromkeys(clues.ids(i, "cohort")))
        clues.used.add(i)
    return tuple(found)


def _inside(clues: Clues, cohorts: tuple[str, ...], before: tuple[str, ...]) -> bool:
    """Whether every code of the cohorts lies within those before, so that theirs are some of those people."""
    by_id = clues.catalog.cohort_by_id
    wide = [code for id in before if id in by_id for code in by_id[id].codes]
    narrow = [code for id in cohorts if id in by_id for code in by_id[id].codes]
    return bool(narrow and wide) and all(any(n.startswith(w) for w in wide) for n in narrow)


def _cohort_name(clues: Clues, id: str) -> str:
    cohort = clues.catalog.cohort_by_id.get(id)
    if cohort is None:
        return id
    first, second = cohort.name_en, cohort.name_ko
    return (second or first or id) if clues.language == "ko" else (first or second or id)


def _grouped(turn: Turn, clues: Clues, plan: CountPlan) -> CountPlan:
    """Grouped by what the turn groups by: beside what there was where it adds or splits, else instead."""
    named: list[Dimension] = list(clues.groups)
    clues.used.update(clues.grouped)
    for i, segment in enumerate(clues.segments):
        if i in clues.used or i in clues.counted:
            continue
        for role in segment.roles:
            if role.startswith("dimension.") and _DIMENSIONS[role] not in named:
                named.append(_DIMENSIONS[role])
                clues.used.add(i)
    if not named:
        return plan
    kept: tuple[Dimension, ...] = ()
    if turn.has("add", "adding") or turn.has("both"):
        kept = plan.group_by
    elif turn.has("split"):
        kept = tuple(g for g in plan.group_by if g in _PLACES)
    elif len(plan.cohorts) > 1:
        kept = ("cohort",)
    elif len(plan.datasets) == 1 and "hospital" not in named:
        kept = tuple(g for g in plan.group_by if g == "dataset")
    groups = tuple(dict.fromkeys((*kept, *named)))
    years = None if "year" in named and plan.years is not None and plan.years.single else plan.years
    sex = () if "sex" in named else plan.sex
    only = plan.only_years if "year" in groups else ()
    return replace(plan, group_by=groups, years=years, sex=sex, only_years=only)


def _sexes(clues: Clues, *segments: Segment) -> tuple[str, ...]:
    """The catalog's codes of the sexes that segments name."""
    named = [code for code in ("F", "M") if any(s.plays(f"sex.{code}") for s in segments)]
    return codes_for(named, clues.catalog.counts.sexes)


def _counts(plan: CountPlan, sexes: tuple[str, ...]) -> bool:
    """Whether a plan is limited to one of the sexes, or grouped by sex, so that it can give it up."""
    return bool(set(plan.sex) & set(sexes)) or "sex" in plan.group_by


def _limited(turn: Turn, clues: Clues, plan: CountPlan, before: CountPlan) -> CountPlan | Outcome:
    """With the years, ages and sexes that the turn names, which must be published ones. A sex that is to be
    left out, and was not what was counted, leaves the other."""
    within = Scope(plan.hospitals, plan.datasets).within(clues.catalog)
    datasets = publishing(clues, within, plan.cohorts)
    if not datasets and (plan.cohorts != before.cohorts or plan.datasets != before.datasets
                         or plan.hospitals != before.hospitals):
        names = ", ".join(_cohort_name(clues, c) for c in plan.cohorts)
        return Absent(Note("no_count", {"what": names or "-"}), plan=before, follows=True)
    years = asked_years(clues, datasets)
    if isinstance(years, Absent):
        return replace(years, plan=plan, follows=True)
    if years is not None:
        groups = tuple(g for g in plan.group_by if g != "year" or not years.single)
        plan = replace(plan, years=years, only_years=(), group_by=groups)
    ages = asked_ages(clues, datasets)
    if isinstance(ages, Unclear):
        return replace(ages, follows=True)
    if ages is not None:
        plan = replace(plan, ages=ages)
    free = [s for i, s in enumerate(clues.segments) if i not in clues.used]
    sexes = [code for code in ("F", "M") if any(s.plays(f"sex.{code}") for s in free)]
    clues.take("sex.")
    if sexes:
        several: tuple[Dimension, ...] = ("sex",) if len(sexes) > 1 else ()
        kept = tuple(g for g in plan.group_by if g != "sex")
        content = [s for s in clues.segments if (s.strong or s.senses) and FILLER not in s.roles]
        given_up = turn.has("clear") and not turn.has("limit") and all(s.plays("sex.") for s in content)
        if len(sexes) == 1 and given_up and turn.has("filter"):
            return _published(plan, before, datasets, clues)  # a limit that is not there
        if len(sexes) == 1 and given_up:
            sexes = ["M" if sexes == ["F"] else "F"]
        plan = replace(plan, sex=codes_for(sexes, clues.catalog.counts.sexes), group_by=(*kept, *several))
    return _published(plan, before, datasets, clues)


def _published(
    plan: CountPlan, before: CountPlan, datasets: list[Dataset], clues: Clues
) -> CountPlan | Absent:
    """The plan, unless the years kept from before lie outside of what the new scope publishes."""
    span = plan.years
    if span is None or (span == before.years and datasets == Scope(before.hospitals, before.datasets).within(
        clues.catalog
    )):
        return plan
    years = sorted({y for d in datasets for y in clues.catalog.counts.years.get(d.dataset, ())})
    if any((span.low or y) <= y <= (span.high or y) for y in years):
        return plan
    asked = str(span.low) if span.single else f"{span.low or ''}-{span.high or ''}"
    ends = {"first": years[0] if years else "-", "last": years[-1] if years else "-"}
    note = Note("years_outside", {"asked": asked, **ends})
    return Absent(note, plan=replace(plan, years=None), follows=True)


def _ranked(turn: Turn, clues: Clues, plan: CountPlan) -> CountPlan:
    """Ranked as the turn says; "all of them" takes the ranking back."""
    if turn.has("everything"):
        clues.take("rank.")
        return replace(plan, ranking=None)
    ranking = plan.ranking
    if clues.has("rank.most", "rank.least"):
        least = clues.has("rank.least") and not clues.has("rank.most")
        first = not clues.has("rank.order")
        clues.take("rank.")
        number = clues.quantity("plain")
        limit = int(number.low) if number and number.exact and number.low else None
        groups = plan.group_by or ("hospital",)
        ties = first and limit is None
        ranking = Ranking(plan.measure, not least, limit=1 if ties else limit, with_ties=ties)
        return replace(plan, group_by=groups, ranking=ranking)
    if ranking is not None and ranking.by not in {*plan.group_by, plan.measure}:
        ranking = None
    if ranking is not None and not plan.group_by:
        ranking = None
    return replace(plan, ranking=ranking)
