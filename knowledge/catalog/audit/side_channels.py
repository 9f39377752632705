"""What else a catalog publishes about people: rates, medians, coverage, ages, overlaps."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from knowledge.catalog.aggregates import TOP_AGE, RawMissing, RawOverlap
from knowledge.catalog.audit.findings import Finding
from knowledge.catalog.audit.known import RuleKnown
from knowledge.catalog.model import Dataset, Linkage, Variable
from knowledge.catalog.protect import protect_missing
from knowledge.catalog.protection_rule import Rule
from knowledge.catalog.read import Catalog

Totals = Mapping[str, tuple[int, int]]  # dataset -> least and greatest number of people, as published
_EXTREMES = frozenset({"min", "max", "minimum", "maximum", "최소", "최대", "최솟값", "최댓값"})


def side_findings(
    catalog: Catalog, totals: Totals, known: RuleKnown, *,
    missing: Iterable[RawMissing] = (), overlaps: Iterable[RawOverlap] = (), rule: Rule | None = None,
) -> Iterator[Finding]:
    """Everything beside the counts, by what is published. ``missing``, ``overlaps`` and ``rule`` are the
    true numbers and the hospital's rule where they are known."""
    steps = rule or Rule()
    for dataset in catalog.datasets:
        yield from _dataset(dataset, totals.get(dataset.dataset), steps)
    for coverage in catalog.coverage:
        for name in ("period_start", "period_end"):
            yield from _day(coverage.dataset, f"coverage of {coverage.table or 'the dataset'}", name,
                            getattr(coverage, name))
    for variable in catalog.variables:
        yield from _variable(variable, totals.get(variable.dataset), steps)
    for dataset_id, bands in catalog.counts.age_bands_by_dataset.items():
        for band in bands:
            low, high = band.age_low or 0, band.age_high
            if low > TOP_AGE or (high is not None and high >= TOP_AGE):
                yield Finding("age_not_top_coded", dataset_id, f"age band {band.age_band}",
                              f"tells ages of {TOP_AGE} and over apart")
    yield from _rates(catalog, missing, steps)
    true = {frozenset((one.dataset_a, one.dataset_b)): one for one in overlaps}
    for linkage in catalog.linkage:
        pair = frozenset((linkage.dataset_a, linkage.dataset_b))
        yield from _overlap(linkage, totals, known, true.get(pair))


def _dataset(dataset: Dataset, total: tuple[int, int] | None, rule: Rule) -> Iterator[Finding]:
    name = dataset.dataset
    for column in ("period_start", "period_end"):
        yield from _day(name, "dataset", column, getattr(dataset, column))
    if dataset.age_max is not None and dataset.age_max > TOP_AGE:
        yield Finding("age_not_top_coded", name, "age_max", f"is {dataset.age_max}, ages end at {TOP_AGE}")
    median = dataset.median_follow_up_months
    if median is None:
        return
    if median % rule.median_step_months:
        yield Finding("fine_median", name, "median_follow_up_months",
                      f"is {median:g}, not in steps of {rule.median_step_months}")
    if total is not None and total[1] < rule.median_patients:
        yield Finding("median_of_few", name, "median_follow_up_months",
                      f"is given for at most {total[1]} people, {rule.median_patients} are needed")


def _day(dataset: str, where: str, column: str, text: str | None) -> Iterator[Finding]:
    if text is not None and len(text) > len("2015"):
        what = f"{column} is {text}; coverage is declared in years"
        yield Finding("day_precise_date", dataset, where, what)


def _variable(variable: Variable, total: tuple[int, int] | None, rule: Rule) -> Iterator[Finding]:
    where = f"{variable.table}.{variable.name}"
    for code, label in variable.values:
        if code.strip().casefold() in _EXTREMES:
            yield Finding("minimum_or_maximum", variable.dataset, where, f"values give {code}={label}")
    text, low, high = variable.missing_text, variable.missing_low, variable.missing_high
    if text is None or low is None or high is None:
        return
    step = rule.rate_step
    ends = {low, high} - {0.0, 100.0}
    exact = low == high and not step <= low <= 100 - step
    if exact or any(end % step for end in ends):
        yield Finding("unrounded_percentage", variable.dataset, where,
                      f"missing_pct is {text}; steps are {step} %, ends <{step} and >{100 - step}")
    if total is not None and total[1] < rule.rate_denominator:
        yield Finding("small_denominator", variable.dataset, where,
                      f"missing_pct is given for at most {total[1]} people of {rule.rate_denominator} needed")


def _rates(catalog: Catalog, missing: Iterable[RawMissing], rule: Rule) -> Iterator[Finding]:
    published = {
        (one.dataset, one.table, one.name): one.missing_text for one in catalog.variables if one.missing_text
    }
    for raw in missing:
        text = published.get((raw.dataset, raw.table, raw.variable))
        due = protect_missing(raw, rule)
        if text is not None and text != due:
            yield Finding("rate_differs", raw.dataset, f"{raw.table}.{raw.variable}",
                          f"missing_pct is {text}, the rule makes it {due or 'not given'}")


def _overlap(
    linkage: Linkage, totals: Totals, rule: RuleKnown, true: RawOverlap | None
) -> Iterator[Finding]:
    low = linkage.overlap_patients_low
    if linkage.overlap_patients_status not in ("released", "bound") or low is None:
        return
    pair = f"{linkage.dataset_a} and {linkage.dataset_b}"
    both = f"the overlap is at least {low}"
    left = {linkage.dataset_a: None, linkage.dataset_b: None}
    for dataset in left:
        total = totals.get(dataset)
        if total is None:
            continue
        if total[1] < low:
            what = f"{both}, the dataset has at most {total[1]} people"
            yield Finding("overlap_impossible", dataset, pair, what)
        elif total[1] - low < rule.threshold:
            yield Finding("overlap_leaves_few", dataset, pair,
                          f"{both}, so at most {total[1] - low} people of the dataset are outside it")
    if true is not None:
        for dataset, patients in ((true.dataset_a, true.patients_a), (true.dataset_b, true.patients_b)):
            total = totals.get(dataset)
            seen = total is not None and total[1] - low < rule.threshold
            if 0 <= patients - true.both < rule.threshold and not seen:
                yield Finding("overlap_leaves_few", dataset, pair,
                              "fewer people than the threshold are outside the published overlap")
