"""Counts of patients or records."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from itertools import islice
from typing import Literal

from knowledge.catalog.read import AgeBand, Dataset
from tools.query.plan import TOLD_APART, CountPlan, Dimension, Measure, Ranking, Span
from tools.query.sex import codes_for
from tools.query.understand.clues import Clues
from tools.query.understand.lexicon import PART
from tools.query.understand.outcome import Absent, Note, Outcome, Unclear, Understood
from tools.query.understand.populations import narrows
from tools.query.understand.quantities import Quantity
from tools.query.understand.scope import Scope, dataset_ids, owned_title, take_scope
from tools.query.understand.segment import FILLER

MAX_AGE = 120
_YES_NO = re.compile(r"(?i)(?:did|do|does|is|are|was|were|has|have) ")
_EACH_OF_BOTH = {"both", "둘 다", "둘다", "모두", "전부"}


def build_count(clues: Clues) -> Outcome | None:
    """A CountPlan, or what stands in its way; None when the question does not count people or records."""
    if not _counts(clues):
        return None
    if (finer := _finer(clues)) is not None:
        return Absent(Note("no_breakdown", {"words": clues.word(finer)}))
    also = _records_beside(clues)
    measure: Measure = "records" if _of_records(clues) and not also else "patients"
    clues.take("measure.", "size", *(("records",) if measure == "records" or also else ()))
    if measure == "patients":  # "diabetics" are people of a cohort, which is still to be used
        clues.used.update(
            i for i, s in enumerate(clues.segments)
            if s.plays("people") and not s.names("cohort") and i not in clues.counted
        )
    notes = _kind_of_record(clues) if measure == "records" or also else ()
    cohorts, scope = _cohorts_and_scope(clues)
    if len(cohorts) > 1 and _jointly(clues):
        return Absent(Note("joint_cohorts", {"what": ", ".join(_cohort_name(clues, c) for c in cohorts)}))
    datasets = publishing(clues, scope.within(clues.catalog), cohorts)
    if cohorts and not datasets:
        names = ", ".join(_cohort_name(clues, c) for c in cohorts)
        return Absent(Note("no_count", {"what": names}), _published_cohorts(clues, scope))
    years = asked_years(clues, datasets)
    if isinstance(years, Absent):
        return years
    if isinstance(years, Span) and years.single:
        clues.take("one_year")  # "in the one year 2023"
    several = _further_years(clues, datasets, years)
    if several:
        years = Span(several[0], several[-1])
    ages = asked_ages(clues, datasets)
    if isinstance(ages, Unclear):
        return ages
    low, high = (ages.low, ages.high) if ages is not None else (None, None)
    people = [s.text for s in clues.segments if s.plays("people") and not s.names("cohort")]
    kind = next((word for word in people if narrows(word, datasets, low, high)), None)
    if kind is not None:
        return Unclear(Note("unused_words", {"words": kind}))
    sex = _sex(clues)
    groups = _groups(clues, cohorts, scope)
    opposed = bool(sex) and _against_the_other(clues, groups)
    if opposed:
        sex, groups = (), list(dict.fromkeys([*groups, "sex"]))
    if several and "year" not in groups:
        groups.append("year")
    if len(cohorts) > 1 or len(scope.datasets) > 1 or len(scope.hospitals) > 1 or len(sex) > 1 or opposed:
        clues.take("or")  # "A or B, which has more"
    if not groups and clues.subject == "data" and (clues.peek("plain") or clues.has("rank.")):
        groups.append("dataset")  # "data with more than 2000 patients"
    if not groups and cohorts and not scope.datasets and clues.has("rank.order"):
        groups.append("dataset")  # "X patients, most first": where they are counted
    ranking, limits = _ranking(clues, measure, groups, scope)
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
    elif not groups and _one_by_one(clues, scope):
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
    return Understood(plan, (*notes, Note("joint_cohorts_not")) if len(cohorts) > 1 else notes)


def _jointly(clues: Clues) -> bool:
    """ "Patients with both A and B", rather than "A vs B, numbers for both"."""
    named = [i for i, s in enumerate(clues.segments) if s.names("cohort")]
    for i, segment in enumerate(clues.segments):
        if not segment.plays("both"):
            continue
        between = clues.segments[max(named, default=i) + 1 : i]
        each = segment.text.lower() in _EACH_OF_BOTH and i > max(named, default=i)
        if not (each and (clues.has("compare") or any(s.plays("measure.", "how_many") for s in between))):
            return True
    return False


def _against_the_other(clues: Clues, groups: list[Dimension]) -> bool:
    """ "Are there more women": one sex is named and compared with the other."""
    if not clues.has("rank.most", "rank.least") or clues.subject in {"dataset", "hospital", "cohort", "data"}:
        return False
    return set(groups) <= {"sex", "dataset"}


def _yes_or_no(clues: Clues) -> bool:
    """ "Did X have more in A than in B", rather than "does A or B have more", which one of them answers."""
    return bool(_YES_NO.match(clues.text)) and not any(s.plays("or") for s in clues.segments)


def _one_by_one(clues: Clues, scope: Scope) -> bool:
    """A hospital's number is its datasets' numbers, one by one, unless they are asked for together."""
    together = clues.has("total", "all", "rank.")
    return len(scope.hospitals) == 1 and not scope.datasets and not together


def _says_nothing(clues: Clues, cohorts: tuple[str, ...], scope: Scope, *limits: object) -> bool:
    """ "How many are there?": people of what, or where, is not said."""
    return not (cohorts or scope.limited or any(limits) or clues.has("all", "total", "subject."))


def _not_people(clues: Clues) -> int | None:
    """The word that leaves people out in "사람 수 말고 기록 건수", "records, not patients"."""
    people = ("measure.patients", "people")
    for i, segment in enumerate(clues.segments):
        if not segment.plays("not") or not clues.has("measure.records", "records"):
            continue
        near = i - 1 if clues.language == "ko" else i + 1
        if 0 <= near < len(clues.segments) and clues.segments[near].plays(*people):
            return i
    return None


def _of_records(clues: Clues) -> bool:
    """Records are counted, not people: "몇 건", "how many lab records"."""
    if (denied := _not_people(clues)) is not None:
        clues.used.add(denied)
        return clues.has("measure.records", "records")
    if clues.has("measure.patients"):
        return False
    if _counted_table(clues) is not None:
        return True
    return clues.has("measure.records") or (clues.has("records") and not clues.has("people", "sex."))


def _records_beside(clues: Clues) -> Literal["records"] | None:
    """ "Patients and number of records", "환자 수와 기록 건수": both are asked for."""
    if _not_people(clues) is not None:
        return None
    patients = any(s.plays("measure.patients") and not s.plays("measure.records") for s in clues.segments)
    if patients and clues.has("measure.records"):
        return "records"
    for i in (i for i, s in enumerate(clues.segments) if s.plays("measure.records", "records")):
        for step in (-1, 1):
            j = i + step
            while 0 <= j < len(clues.segments) and clues.segments[j].plays("and", FILLER, "records"):
                j += step
            joined = any(s.plays("and") for s in clues.segments[min(i, j) + 1 : max(i, j)])
            other = clues.segments[j] if 0 <= j < len(clues.segments) else None
            if joined and other is not None and other.plays("people", "measure.patients"):
                return "records"
    return None


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


def _counted_table(clues: Clues) -> int | None:
    """ "How many embryos": the table whose rows are counted."""
    at = clues.find("how_many")
    if at is None or clues.language != "en" or at + 1 >= len(clues.segments):
        return None
    named = [s for s in clues.segments[at + 1].names("table") if s.tier < PART]
    return at + 1 if named and not clues.segments[at + 1].names("cohort", "variable") else None


def _kind_of_record(clues: Clues) -> tuple[Note, ...]:
    """ "Image records", "영상 건수": the table right before says what a record is called there."""
    counted = _counted_table(clues)
    for i in clues.mentions("table"):
        after = clues.segments[i + 1 : i + 3]
        if clues.titles(i) or _part_of_a_title(clues, i):
            continue
        if i == counted or any(s.plays("measure.records", "records") for s in after):
            clues.used.add(i)
            return (Note("kind_of_record", {"words": clues.word(i)}),)
    return ()


def _part_of_a_title(clues: Clues, i: int) -> bool:
    """ "The session data's records": a table's name with the noun for data behind it is a dataset's."""
    after = clues.segments[i + 1] if i + 1 < len(clues.segments) else None
    titled = any(s.kind == "dataset" for s in clues.lexicon.parts(clues.word(i)))
    return titled and after is not None and after.plays("subject.data", "subject.dataset", "subject.registry")


def _counts(clues: Clues) -> bool:
    """Does the question ask how many people or records?"""
    if _includes_ages(clues):
        return False
    if clues.has("people") and not clues.subject and _finer(clues) is not None:
        return True
    both = clues.has("sex.F") and clues.has("sex.M") and not clues.has("field.", "subject.variable")
    if both and clues.mentions("cohort"):
        return True  # "are there more women than men with X"
    both = clues.subject in {"dataset", "hospital"} and clues.has("both")
    both = both and len(clues.mentions("cohort")) > 1
    limits = clues.has("how_many", "compare", "rank.") or clues.peek("plain", "age", "year") or clues.groups
    if both and not limits:
        return False  # "datasets where both have a count": which they are
    if clues.has("measure."):
        return True
    if _counted_table(clues) is not None and not clues.has("subject.dataset", "subject.hospital"):
        return True
    if clues.has("how_many") and clues.peek("age") and not _counts_things(clues):
        return True  # "how many 60 to 74 year olds"
    ranked = clues.has("rank.most", "rank.least")
    if clues.subject == "cohort" and clues.peek("plain") and clues.mentions("dataset", "hospital", "value"):
        return True  # "which cohorts of X stay below 400"
    if ranked and len(clues.mentions("cohort")) > 1 and not clues.has("field.", "subject.", "linkage"):
        return True  # "A vs B, which has more patients"
    if ranked and clues.has("or") and sum(bool(dataset_ids(clues, i)) for i in clues.mentions()) > 1:
        return True  # "which is bigger, A or B"
    if ranked and clues.has("dimension.year") and clues.mentions("cohort") and not clues.subject:
        return True  # "in which year were there most"
    fields = [f for f in clues.fields(told=False) if f != "field.period" or not clues.has("people")]
    if fields or clues.has("linkage", "overlap"):
        return False
    if clues.has("records") and clues.has("how_many") and not clues.has("people"):
        return True
    if clues.has("how_many") and _counts_things(clues) and not (ranked and clues.has("people")):
        return False  # but "which has the most patients, and how many are there"
    asks_number = clues.has("how_many", "size", "rank.most", "rank.least") or clues.peek("plain")
    if clues.has("people", "sex.") and (asks_number or clues.groups or clues.has("dimension.", "total")):
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
    alone = clues.subject in {None, "data", "dataset"} and not clues.has("exist", "which")
    limited = clues.peek("age", "year", "recent", "plain") or clues.has("sex.", "dimension.sex")
    limited = limited or bool(clues.groups)
    if alone and limited and clues.mentions("cohort"):
        return True
    alone = alone and clues.subject != "dataset"
    return bool(clues.has("people", "sex.") and alone and clues.mentions("cohort"))


def _includes_ages(clues: Clues) -> bool:
    """ "Datasets with patients under 10": which datasets take them in, not how many there are."""
    if clues.subject not in {"dataset", "hospital", "data"} or clues.has("measure.", "how_many", "rank."):
        return False
    asks = clues.has("exist", "which") and clues.has("people") and not clues.groups
    return asks and (clues.peek("age") or bare_age(clues.fresh()) is not None)


def _counts_things(clues: Clues) -> bool:
    """ "How many datasets", "몇 개", "데이터셋 수": things are counted, not people."""
    at = clues.find("how_many")
    assert at is not None
    near = clues.segments[max(0, at - 1) : at + 3]
    return any(s.plays("subject.", "exist") and not s.plays("subject.data") for s in near if not s.senses)


def _cohorts_and_scope(clues: Clues) -> tuple[tuple[str, ...], Scope]:
    """Cohorts named first, then what limits hospitals and datasets; a name of both kinds is a cohort."""
    found: dict[str, None] = {}
    several = len(clues.mentions("cohort")) > 1
    for i in clues.mentions("cohort"):
        if clues.titles(i) or (several and _owned(clues, i)):
            continue
        senses = clues.segments[i].senses
        best = min(s.tier for s in senses)
        cohort = min(clues.segments[i].names("cohort"), key=lambda s: s.tier)
        titled = any(s.kind == "dataset" and s.tier == best for s in senses) and cohort.tier > best
        if titled:
            continue
        if cohort.tier == PART and (len(cohort.ids) > 1 or not _of_people(clues, i)):
            continue  # part of a name or of several: the account finds it unused, and the user is asked
        found.update(dict.fromkeys(cohort.ids))
        clues.used.add(i)
    return tuple(found), take_scope(clues, loosely=several or "but people")


def _of_people(clues: Clues, i: int) -> bool:
    """Whether words say what people have: "fatty liver", "sleep patients", "patients with apnoea"."""
    if " " in clues.word(i).strip():
        return True
    beside = [s for s in clues.segments[max(0, i - 2) : i + 2] if s is not clues.segments[i]]
    return any(s.plays("people", "measure.") for s in beside)


def _owned(clues: Clues, i: int) -> bool:
    """ "In Hangyeol CKD, patients with ...": a title behind its hospital, and not what people have."""
    following = clues.segments[i + 1] if i + 1 < len(clues.segments) else None
    return bool(owned_title(clues, i)) and not (following is not None and following.plays("people"))


def publishing(clues: Clues, datasets: list[Dataset], cohorts: tuple[str, ...]) -> list[Dataset]:
    """The datasets that publish counts of one of the cohorts; of everyone where none is given."""
    by_cohort = clues.catalog.datasets_by_cohort
    held = frozenset[str]().union(*(by_cohort.get(c, frozenset()) for c in (cohorts or (None,))))
    return [d for d in datasets if d.dataset in held]


def _cohort_name(clues: Clues, id: str) -> str:
    cohort = clues.catalog.cohort_by_id[id]
    first, second = cohort.name_en, cohort.name_ko
    return (second or first or id) if clues.language == "ko" else (first or second or id)


def _published_cohorts(clues: Clues, scope: Scope) -> tuple[str, ...]:
    catalog = clues.catalog
    found: Iterable[str] = catalog.counted_cohorts
    if scope.limited:
        ids = {d.dataset for d in scope.within(catalog)}
        pairs = ((d, c) for d, c in catalog.counts.cohorts if d in ids and c)
        found = dict.fromkeys(c for _, c in sorted(pairs, key=str))
    return tuple(_cohort_name(clues, c) for c in islice(found, 6))


def asked_years(clues: Clues, datasets: list[Dataset]) -> Span | Absent | None:
    """The years asked for, which must be published ones."""
    quantity = clues.quantity("recent", "year")
    if quantity is None:
        return None
    published = sorted({y for d in datasets for y in clues.catalog.counts.years.get(d.dataset, ())})
    if not published:
        return Absent(Note("no_years", {"what": "-"}))
    if quantity.kind == "recent":
        span = Span(published[-1] - int(quantity.low or 1) + 1, published[-1])
    else:
        span = Span(quantity.whole_low, quantity.whole_high)
    inside = [y for y in published if (span.low or y) <= y <= (span.high or y)]
    if not inside or (span.single and span.low not in published):
        asked = f"{span.low or ''}-{span.high or ''}" if not span.single else str(span.low)
        return Absent(Note("years_outside", {"asked": asked, "first": published[0], "last": published[-1]}))
    return span


def _further_years(
    clues: Clues, datasets: list[Dataset], first: Span | None
) -> tuple[int, ...]:
    """ "2019, 2021 and 2024", "2020 against 2024": every year named, ascending; empty for one or a range."""
    if first is None or not first.single:
        return ()
    published = {y for d in datasets for y in clues.catalog.counts.years.get(d.dataset, ())}
    years = {first.low}
    while (quantity := clues.quantity("year")) is not None:
        if not quantity.exact or quantity.whole_low not in published:
            clues.used.difference_update(quantity.at)
            return ()
        years.add(quantity.whole_low)
    return tuple(sorted(y for y in years if y is not None)) if len(years) > 1 else ()


def asked_ages(clues: Clues, datasets: list[Dataset]) -> Span | Unclear | None:
    """The ages asked for; both ends must be edges of published bands."""
    quantity = clues.quantity("age")
    if quantity is None:
        quantity = bare_age(clues)
    if quantity is None:
        return None
    span = Span(quantity.whole_low, quantity.whole_high)
    by_dataset = clues.catalog.counts.age_bands_by_dataset
    bands = sorted({b for d in datasets for b in by_dataset.get(d.dataset, ())}, key=lambda b: b.age_low or 0)
    lows = {b.age_low or 0 for b in bands}
    highs = {b.age_high for b in bands}
    fits_low = span.low is None or span.low in lows or span.low == 0
    fits_high = span.high is None or span.high in highs
    if fits_low and fits_high:
        return span
    asked = _ages_text(clues, span.low, span.high)
    if quantity.open_low or quantity.open_high:  # "over 80", which is not said as "81 or older"
        asked = clues.text[clues.segments[min(quantity.at)].start : clues.segments[max(quantity.at)].end]
    edges = ", ".join(b.age_band for b in bands)
    return Unclear(Note("age_edges", {"asked": asked, "bands": edges}), _nearest_ages(clues, quantity, bands))


def bare_age(clues: Clues) -> Quantity | None:
    """ "over 65" without a unit: an age unless people are what is counted by it."""
    for quantity in clues.quantities:
        low, high = quantity.low, quantity.high
        ranged = low is not None and high is not None and low < high <= MAX_AGE
        one_sided = ranged or (
            quantity.comparison() is not None and (quantity.low or quantity.high or 0) <= MAX_AGE
        )
        last = max(quantity.at)
        following = clues.segments[last + 1] if last + 1 < len(clues.segments) else None
        counted = following is not None and following.plays("people", "measure.", "records")
        counted = counted or any(clues.segments[i].plays("people", "how_many") for i in quantity.at)
        if quantity.kind == "plain" and one_sided and not counted and not set(quantity.at) & clues.used:
            clues.used.update(quantity.at)
            return quantity
    return None


def _nearest_ages(clues: Clues, quantity: Quantity, bands: list[AgeBand]) -> tuple[str, ...]:
    """The same question with published ages in place of those asked for."""
    low, high = quantity.whole_low, quantity.whole_high
    if high is None and low is not None:
        edges = sorted({b.age_low for b in bands if b.age_low is not None}, key=lambda e: (abs(e - low), e))
        return tuple(clues.instead(quantity, _ages_text(clues, edge, None)) for edge in sorted(edges[:2]))
    if low is None and high is not None:
        ends = sorted({b.age_high for b in bands if b.age_high is not None}, key=lambda e: (abs(e - high), e))
        return tuple(clues.instead(quantity, _ages_text(clues, None, end)) for end in sorted(ends[:2]))
    meeting = [b for b in bands if (b.age_low or 0) <= (high or 0) and (b.age_high or MAX_AGE) >= (low or 0)]
    return tuple(clues.instead(quantity, _ages_text(clues, b.age_low or 0, b.age_high)) for b in meeting[:3])


def _ages_text(clues: Clues, low: int | None, high: int | None) -> str:
    if low is None:
        return f"{high}세 이하" if clues.language == "ko" else f"aged {high} or younger"
    if clues.language == "ko":
        return f"{low}세 이상" if high is None else f"{low}-{high}세"
    return f"aged {low} or older" if high is None else f"aged {low}-{high}"


def _sex(clues: Clues) -> tuple[str, ...]:
    """Codes of the catalog for the sexes named; both named means no limit but a grouping."""
    wanted = [code for code in ("F", "M") if clues.take(f"sex.{code}")]
    return codes_for(wanted, clues.catalog.counts.sexes)


def _groups(clues: Clues, cohorts: tuple[str, ...], scope: Scope) -> list[Dimension]:
    total = clues.take("total")
    if clues.subject == "cohort" and not cohorts and (
        clues.has("which", "all", "rank.") or _several_cohorts(clues) or not scope.datasets
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


def _ranking(
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
    if not groups and not _one_by_one(clues, scope):
        # An order of nothing is not understood: the account finds it unused.
        clues.used -= {i for i in clues.used - kept if clues.segments[i].plays("rank.most", "rank.least")}
    if not groups or not (most or least):
        return None, limits
    return Ranking(measure, most, limit=1 if first else None, with_ties=first), limits
