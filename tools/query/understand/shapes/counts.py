"""Counts of patients or records."""

from __future__ import annotations

import re
from dataclasses import replace

from tools.query.plan import CountPlan, Dimension, Measure, Span
from tools.query.understand.clues import Clues
from tools.query.understand.outcome import Absent, Note, Outcome, Unclear, Understood
from tools.query.understand.populations import narrows
from tools.query.understand.scope import Scope, dataset_ids
from tools.query.understand.segment import FILLER
from tools.query.understand.shapes.count_cohorts import (
    cohort_name,
    published_cohorts,
    publishing,
    take_cohorts_and_scope,
)
from tools.query.understand.shapes.count_groups import (
    one_by_one,
    small_limit,
    take_groups,
    take_ranking,
    take_sex,
)
from tools.query.understand.shapes.count_joint import are_joint
from tools.query.understand.shapes.count_ranges import (
    asked_ages,
    asked_years,
    decades_apart,
    further_years,
    includes_ages,
    than_year,
    with_its_edge,
)
from tools.query.understand.shapes.count_records import (
    counted_by_title,
    counted_table,
    is_of_records,
    records_beside,
    records_of_a_kind,
    with_counted_table,
)

_YES_NO = re.compile(r"(?i)(?:did|do|does|is|are|was|were|has|have) ")
_TOTAL = frozenset(("total", "합계", "총계", "총합"))  # "patients in X: what is the total?"
_MORE_THAN = re.compile(r"(?i)\b(?:more|fewer|less)\b[^.?!]*\bthan\b")
_FIGURES = frozenset(("counts", "numbers", "count", "number", "figures", "totals"))
_OF = re.compile(r"(?i)\s*(?:of|the|for)\b")
_TOGETHER = re.compile(
    r"(?i)모두|전부|총|전체|합쳐|합치|합하|\btotal|\boverall"
    r"|(?<!put )(?<!putting )together|\bin all\b|\bcombined"
)


def build_count(clues: Clues) -> Outcome | None:
    """A CountPlan, or what stands in its way; None when the question does not count people or records."""
    if not _counts(clues):
        return None
    if (finer := _finer(clues)) is not None:
        return Absent(Note("no_breakdown", {"words": clues.word(finer)}))
    also = records_beside(clues)
    measure: Measure = "records" if is_of_records(clues) and not also else "patients"
    clues.take("measure.", "size", *(("records",) if measure == "records" or also else ()))
    if measure == "patients":  # "diabetics" are people of a cohort, which is still to be used
        clues.used.update(
            i
            for i, s in enumerate(clues.segments)
            if s.plays("people") and not s.names("cohort") and i not in clues.counted
        )
    notes = records_of_a_kind(clues) if measure == "records" or also else ()
    cohorts, scope = take_cohorts_and_scope(clues)
    if measure == "records" and (own := counted_by_title(clues, cohorts, scope)):
        cohorts, scope = (), Scope((), own, scope.words)
    if notes and not (cohorts or scope.limited):
        scope = Scope((), with_counted_table(clues), scope.words)
    if len(cohorts) > 1 and are_joint(clues):
        return Absent(Note("joint_cohorts", {"what": ", ".join(cohort_name(clues, c) for c in cohorts)}))
    datasets = publishing(clues, scope.within(clues.catalog), cohorts)
    if cohorts and not datasets:
        names = ", ".join(cohort_name(clues, c) for c in cohorts)
        return Absent(Note("no_count", {"what": names}), published_cohorts(clues, scope))
    years = asked_years(clues, datasets)
    if isinstance(years, Absent):
        return years
    if isinstance(years, Span) and years.single:
        clues.take("one_year")  # "in the one year 2023"
    several = further_years(clues, datasets, years)
    if not several and (against := than_year(clues)) is not None:
        return Unclear(Note("year_compared", {"year": against}))
    if several:
        years = Span(several[0], several[-1])
    ages = asked_ages(clues, datasets)
    if isinstance(ages, Unclear):
        return ages
    low, high = (ages.low, ages.high) if ages is not None else (None, None)
    people = [
        s.text
        for i, s in enumerate(clues.segments)
        if s.plays("people") and not s.names("cohort") and i not in clues.restated
    ]
    kind = next((word for word in people if narrows(word, datasets, low, high)), None)
    if kind is not None:
        return Unclear(Note("unused_words", {"words": kind}))
    sex = take_sex(clues)
    groups = take_groups(clues, cohorts, scope)
    compared = len(several) > 1 or len(scope.datasets) > 1
    opposed = bool(sex) and not compared and _against_the_other(clues, groups)
    if opposed:
        sex, groups = (), list(dict.fromkeys([*groups, "sex"]))
    if several and "year" not in groups:
        groups.append("year")
    if "year" in groups:
        clues.take("one_year")  # "한 해 환자가 가장 적었던 해"
    if decades_apart(clues) and "age_band" not in groups and not _altogether(clues):
        groups += ["dataset", "age_band"] if len(datasets) > 1 and "dataset" not in groups else ["age_band"]
    if len(cohorts) > 1 or len(scope.datasets) > 1 or len(scope.hospitals) > 1 or len(sex) > 1 or opposed:
        clues.take("or")  # "A or B, which has more"
    if not groups and clues.subject == "data" and (clues.peek("plain") or clues.has("rank.")):
        groups.append("dataset")  # "data with more than 2000 patients"
    if not groups and cohorts and not scope.datasets and clues.has("rank.order"):
        groups.append("dataset")  # "X patients, most first": where they are counted
    ranking, limits = take_ranking(clues, measure, groups, scope)
    compared = len(several) > 1 or len(cohorts) > 1 or len(scope.datasets) > 1
    if ranking is not None and (opposed or (compared and ranking.limit == 1 and _yes_or_no(clues))):
        ranking = replace(ranking, limit=None, with_ties=False)  # both numbers are the answer
    if limits is not None and (small := small_limit(clues, limits)) is not None:
        return small
    if len(sex) > 1 and "sex" not in groups:
        groups.append("sex")  # "men and women": each of them
    if len(scope.datasets) == 1 and "dataset" not in groups and "hospital" not in groups:
        groups.insert(0, "dataset")  # so that the row says whose number it is
    elif cohorts and len(datasets) == 1 and "dataset" not in groups and "hospital" not in groups:
        groups.insert(0, "dataset")  # one dataset counts them: the row says which
    elif not (groups or limits) and measure == "records" and (notes or scope.limited):
        groups.append("dataset")  # each counts records of its own kind
    elif cohorts and not (groups or scope.limited or limits or _altogether(clues)):
        groups.append("dataset")  # each counts them for itself
    elif not groups and one_by_one(clues, scope):
        groups.append("dataset")
    said = [s for s in clues.segments if s.plays("measure.", "people", "how_many")]
    dimensions = groups if not all(s.plays("dimension.") for s in said) else ()  # "the sex ratio": of whom?
    if _says_nothing(clues, cohorts, scope, dimensions, years, ages, sex):
        return Unclear(Note("no_antecedent_plain"))
    plan = CountPlan(
        measure=measure,
        also=also,
        cohorts=cohorts,
        hospitals=scope.hospitals,
        datasets=scope.datasets,
        years=years,
        only_years=several if several and several[-1] - several[0] >= len(several) else (),
        ages=ages,
        sex=sex if len(sex) < 2 or "sex" not in groups else (),
        group_by=tuple(groups),
        at_least=limits.whole_low if limits is not None else None,
        at_most=limits.whole_high if limits is not None else None,
        rounded_to=clues.catalog.meta.half_up_to if limits is not None else 0,
        ranking=ranking,
        language=clues.language,
    )
    notes = (*notes, *with_its_edge(clues, ages))
    return Understood(plan, (*notes, Note("joint_cohorts_not")) if len(cohorts) > 1 else notes)


def _against_the_other(clues: Clues, groups: list[Dimension]) -> bool:
    """ "Are there more women": one sex is named and compared with the other."""
    if not clues.has("rank.most", "rank.least") or clues.subject in {"dataset", "hospital", "cohort", "data"}:
        return False
    return set(groups) <= {"sex", "dataset"} and "dataset" not in clues.groups


def _altogether(clues: Clues) -> bool:
    """ "How many X patients in total": one number over all datasets, which can only be bounded."""
    return clues.has("total", "all", "rank.") or _TOGETHER.search(clues.text) is not None


def _yes_or_no(clues: Clues) -> bool:
    """ "Did X have more in A than in B", rather than "does A or B have more", which one of them answers."""
    return bool(_YES_NO.match(clues.text)) and not any(s.plays("or") for s in clues.segments)


def _says_nothing(clues: Clues, cohorts: tuple[str, ...], scope: Scope, *limits: object) -> bool:
    """ "How many are there?": people of what, or where, is not said."""
    return not (cohorts or scope.limited or any(limits) or clues.has("all", "total", "subject."))


def _finer(clues: Clues) -> int | None:
    """A variable that people are to be broken down by; counts are published by year, sex and age only."""
    for i in clues.mentions("variable"):
        if clues.segments[i].plays("dimension."):
            continue
        before = clues.segments[i - 1] if i else None
        after = clues.segments[i + 1] if i + 1 < len(clues.segments) else None
        marked = before if clues.language == "en" else after
        if marked is not None and marked.plays("group.before", "group.after"):
            return i
    return None


def _counts(clues: Clues) -> bool:
    """Does the question ask how many people or records?"""
    if includes_ages(clues):
        return False
    if clues.has("people") and not clues.subject and _finer(clues) is not None:
        return True
    both = clues.has("sex.F") and clues.has("sex.M") and not clues.has("field.", "subject.variable")
    if both and clues.mentions("cohort"):
        return True  # "are there more women than men with X"
    lists = {"dataset", "hospital", *(("data",) if clues.language == "ko" else ())}
    both = clues.subject in lists and clues.has("both")
    both = both and len(clues.mentions("cohort")) > 1
    limits = clues.has("how_many", "compare", "rank.") or clues.peek("plain", "age", "year") or clues.groups
    if both and not limits:
        return False  # "datasets where both have a count": which they are
    if clues.has("measure."):
        return True
    if _MORE_THAN.search(clues.text) and clues.mentions("cohort") and _places(clues) > 1:
        return True  # "is there more X at A than at B"
    if counted_table(clues) is not None and not clues.has("subject.dataset", "subject.hospital"):
        return True
    if clues.has("how_many") and clues.peek("age") and not _counts_things(clues):
        return True  # "how many 60 to 74 year olds"
    ranked = clues.has("rank.most", "rank.least")
    if clues.subject == "cohort" and clues.peek("plain") and clues.mentions("dataset", "hospital", "value"):
        return True  # "which cohorts of X stay below 400"
    if ranked and len(clues.mentions("cohort")) > 1 and not clues.has("field.", "subject.", "linkage"):
        return True  # "A vs B, which has more patients"
    several = sum(bool(dataset_ids(clues, i)) for i in clues.mentions()) > 1
    if ranked and several and (clues.has("or") or (clues.mentions("cohort") and not clues.fields())):
        return True  # "which is bigger, A or B", "A와 B 중 X가 많은 쪽은"
    by_cells = clues.has("dimension.year") and clues.mentions("cohort") and not clues.subject
    by_cells = by_cells or (clues.has("dimension.") and clues.mentions("dataset") and not clues.has("field."))
    if ranked and by_cells and not clues.mentions("variable"):
        return True  # "in which year were there most"
    fields = [f for f in clues.fields(told=False) if f != "field.period" or not clues.has("people")]
    if fields or clues.has("linkage", "overlap"):
        return False
    if clues.has("records") and clues.has("how_many") and not clues.has("people"):
        return True
    if clues.has("how_many") and _counts_things(clues) and not (ranked and clues.has("people")):
        return False  # but "which has the most patients, and how many are there"
    asks_number = clues.has("how_many", "size", "rank.most", "rank.least") or clues.peek("plain")
    asks_number = asks_number or any(s.text.lower() in _TOTAL for s in clues.segments)
    of_people = clues.has("people", "sex.") or _limited_people(clues)
    if of_people and (asks_number or clues.groups or clues.has("dimension.", "total")):
        return True
    asks = any(s.plays("exist", "which") and not s.plays("records") for s in clues.segments)
    if clues.has("people", "records") and not asks and not clues.has("subject.variable", "subject.table"):
        limited = clues.peek("age", "year", "recent") or clues.has("sex.", "all", "compare")
        if limited and clues.mentions("dataset", "cohort", "hospital"):
            return True
    if clues.has("sex.") and clues.peek("age", "year") and not asks and not clues.mentions("variable"):
        return bool(clues.mentions("dataset", "cohort", "hospital"))
    if len(clues.mentions("cohort")) > 1 and clues.has("compare") and not clues.has("exist", "which"):
        return True
    if clues.has("size") and clues.mentions("cohort", "dataset", "hospital"):
        return True
    if ranked and clues.subject in {"dataset", "hospital"}:
        named = clues.mentions("cohort") and not clues.mentions("variable", "table")
        return not clues.has("subject.variable", "subject.data") and bool(
            clues.has("people", "size") or named
        )
    if clues.has("how_many") and clues.mentions("cohort"):
        return True
    ordered = clues.subject == "cohort" and clues.has("rank.")
    if ordered and clues.mentions("dataset", "hospital"):
        return not clues.has("field.", "subject.variable")  # "rank the cohorts of X"
    alone = clues.subject in {None, "data", "dataset"} and not clues.has("exist", "which", "subject.where")
    limited = clues.peek("age", "year", "recent", "plain") or clues.has("sex.", "dimension.")
    limited = limited or bool(clues.groups)
    if alone and limited and clues.mentions("cohort"):
        return True
    alone = alone and clues.subject != "dataset"
    return bool(clues.has("people", "sex.") and alone and clues.mentions("cohort"))


def _limited_people(clues: Clues) -> bool:
    """ "연 300명을 넘긴 해": a number of people is a limit."""
    return any(clues.segments[i].plays("people") for q in clues.quantities for i in q.at)


def _places(clues: Clues) -> int:
    """How many hospitals and datasets are named."""
    named = (i for i in clues.mentions() if clues.titles(i) or not clues.ids(i, "cohort"))
    return sum(bool(dataset_ids(clues, i) or clues.ids(i, "hospital")) for i in named)


def _counts_things(clues: Clues) -> bool:
    """ "How many datasets", "몇 개", "데이터셋 수": things are counted, not people."""
    at = clues.find("how_many")
    assert at is not None
    before = next((s for s in reversed(clues.segments[:at]) if s.roles != (FILLER,)), None)
    if clues.language == "ko" and before is not None and before.plays("people"):
        return False  # "환자가 얼마나 들어 있나요"
    near = clues.segments[max(0, at - 1) : at + 3]
    behind = next((s for s in clues.segments[at + 1 :] if s.roles != (FILLER,)), None)
    if clues.language == "en" and behind is not None and behind.plays("sex.", "people"):
        return False  # "how many women have X"
    if clues.segments[at].text.lower() in _FIGURES and not _OF.match(clues.text, clues.segments[at].end):
        return False  # "X counts per dataset": of what stands before them
    things = ("subject.", "exist") if clues.subject or not clues.mentions("cohort") else ("subject.",)
    comma = behind is not None and "," in clues.text[clues.segments[at].end : behind.start]
    if clues.language == "en" and comma:
        return False  # "people with X: how many, dataset by dataset?"
    return any(s.plays(*things) and not s.plays("subject.data") for s in near if not s.senses)
