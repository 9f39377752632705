"""How counts are grouped, ranked and limited."""

from __future__ import annotations

from tools.query.plan import TOLD_APART, Dimension, Ranking
from tools.query.sex import codes_for
from tools.query.understand.clues import Clues
from tools.query.understand.outcome import Note, Unclear
from tools.query.understand.quantity import Quantity
from tools.query.understand.scope import Scope


def one_by_one(clues: Clues, scope: Scope) -> bool:
    """A hospital's number is its datasets' numbers, one by one, unless they are asked for together."""
    together = clues.has("total", "all", "rank.")
    return len(scope.hospitals) == 1 and not scope.datasets and not together


def take_sex(clues: Clues) -> tuple[str, ...]:
    """Codes of the catalog for the sexes named; both named means no limit but a grouping."""
    wanted = [code for code in ("F", "M") if clues.take(f"sex.{code}")]
    return codes_for(wanted, clues.catalog.counts.sexes)


def take_groups(clues: Clues, cohorts: tuple[str, ...], scope: Scope) -> list[Dimension]:
    total = clues.take("total")
    if (
        clues.subject == "cohort"
        and not cohorts
        and (clues.has("which", "all", "rank.") or _several_cohorts(clues) or not scope.datasets)
    ):
        clues.take("subject.cohort")
        clues.groups = list(dict.fromkeys(["cohort", *clues.groups]))
    groups: list[Dimension] = [g for g in clues.groups if not total or g not in {"hospital", "dataset"}]
    clues.used.update(clues.grouped)
    if total:
        clues.take("subject.hospital", "subject.dataset", "all")
        return groups
    if clues.subject in {"hospital", "dataset"} and clues.subject not in groups:
        asked = clues.has(
            "which", "rank.most", "rank.least", "rank.order", "compare", "differ", "all", "exist"
        )
        if asked or clues.peek("plain") or not scope.limited:
            groups.append(clues.subject)  # type: ignore[arg-type]
    if clues.subject == "data" and clues.has("which") and clues.has("measure.", "how_many") and not groups:
        groups.append("dataset")  # "어느 데이터에 몇 명이나"
    if clues.has("field.period"):
        said = [s for s in clues.segments if s.plays("field.period")]
        # "The patients that it covers", as opposed to "the years".
        covers = all(s.plays("covers") for s in said) and not clues.has("dimension.year")
        clues.take("field.period")  # "for which years are counts published"
        groups += [] if "year" in groups or covers else ["year"]
    for dimension, role in (
        ("dataset", "dimension.dataset"),
        ("hospital", "dimension.hospital"),
        ("year", "dimension.year"),
        ("sex", "dimension.sex"),
        ("age_band", "dimension.age_band"),
    ):
        if clues.take(role) and dimension not in groups:
            groups.append(dimension)  # type: ignore[arg-type]
    several = (
        ("cohort", len(cohorts) > 1),
        ("dataset", len(scope.datasets) > 1 and "hospital" not in groups),
        ("hospital", len(scope.hospitals) > 1 and "dataset" not in groups),
    )
    for name, many in several:
        if many and name not in groups:
            groups.append(name)  # type: ignore[arg-type]
    return groups


def _several_cohorts(clues: Clues) -> bool:
    """ "The cohorts of X": more than one is spoken of."""
    return any(s.plays("subject.cohort") and s.text.lower().endswith(("s", "들")) for s in clues.segments)


def small_limit(clues: Clues, limits: Quantity) -> Unclear | None:
    """Hidden numbers are not told apart, so that nothing can be asked of less than all of them."""
    least = max(TOLD_APART, clues.catalog.meta.suppressed_below or 0)
    if limits.whole_high is None or limits.whole_high >= least:
        return None
    words = f"{least}명 이하" if clues.language == "ko" else f"at most {least}"
    choices = (clues.instead(limits, words),) if limits.low is None else ()
    return Unclear(Note("small_limit", {"n": least}), choices)


def take_ranking(
    clues: Clues, measure: str, groups: list[Dimension], scope: Scope
) -> tuple[Ranking | None, Quantity | None]:
    """How rows are ordered, and the numbers between which they have to lie."""
    first = clues.superlative
    kept = set(clues.used)
    most, least = clues.take("rank.most"), clues.take("rank.least")
    most = (clues.take("rank.order") and not least) or most  # "rank by": the largest first
    clues.take("compare", "differ")
    limits = None
    spoken = clues.spoken_number() if most or least else None
    if spoken:
        return Ranking(measure, descending=not least, limit=spoken), None
    quantity = clues.quantity("plain")
    if quantity is not None:
        if not quantity.exact:
            limits = quantity
        elif most or least:
            return Ranking(measure, descending=not least, limit=int(quantity.low or 1)), None
        else:
            clues.used.difference_update(quantity.at)
    if not groups and not one_by_one(clues, scope):
        # An order of nothing is not understood: the account finds it unused.
        clues.used -= {i for i in clues.used - kept if clues.segments[i].plays("rank.most", "rank.least")}
    if not groups or not (most or least):
        return None, limits
    return Ranking(measure, most, limit=1 if first else None, with_ties=first), limits
