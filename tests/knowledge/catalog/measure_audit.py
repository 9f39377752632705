"""Measurements of protection that are too long for the tests:

    python -m tests.knowledge.catalog.measure_audit cells 10000000
    python -m tests.knowledge.catalog.measure_audit hospitals 1000 2000 5
    python -m tests.knowledge.catalog.measure_audit folder RAW OUT [programmes]

RAW is what ``python -m tests.knowledge.catalog.large RAW --raw --datasets N`` writes.
"""

from __future__ import annotations

import resource
import sys
import time
from collections import Counter
from pathlib import Path

import numpy as np

from knowledge.catalog.aggregates import CohortGrid, Grid
from knowledge.catalog.audit.attack import Seen
from knowledge.catalog.audit.catalog import Published, audit_catalog
from knowledge.catalog.audit.counts import audit_counts
from knowledge.catalog.audit.judge import judge
from knowledge.catalog.audit.known import rule_known
from knowledge.catalog.folder import read_folder
from knowledge.catalog.layout import Layout, Numbers
from knowledge.catalog.protect import protect_counts
from knowledge.catalog.protect_folder import protect_raw
from knowledge.catalog.protection_rule import Rule
from knowledge.catalog.publication import PublishedDataset
from knowledge.catalog.publish import Exact, fine, publish
from knowledge.catalog.read_raw import read_raw
from knowledge.catalog.repair import Protected, protect_and_repair
from knowledge.errors import CatalogInvalid
from tests.knowledge.catalog.small_hospitals import Hospital, grow, make_hospital

RULE = Rule()
TOGETHER = 80
LAYOUT = Layout(Grid("registry", ("F", "M"), tuple(
    CohortGrid(name, tuple(range(2015, 2025)), ("0-17", "18-39", "40-49", "50-64", "65-79", "80+"))
    for name in ("", *(f"cohort {place}" for place in range(9)))
)))


def numbers(draw: np.random.Generator, columns: int) -> Exact:
    """True numbers of many datasets: people of one year, and of every year, in each sex and age band."""
    cohorts, years, sexes, bands = LAYOUT.shape.block
    people = np.zeros((*LAYOUT.shape.block, columns), np.int64)
    size = np.exp(draw.normal(2.5, 1.5, (1, 1, 1, columns)))
    once = draw.poisson(size, (years - 1, sexes - 1, bands - 1, columns))
    always = draw.poisson(size, (1, sexes - 1, bands - 1, columns))
    for cohort in range(cohorts):
        share = 1.0 if cohort == 0 else draw.random() ** 2
        own, lasting = draw.binomial(once, share), draw.binomial(always, share)
        people[cohort, 1:, 1:, 1:] = own + lasting
        people[cohort, 0, 1:, 1:] = own.sum(axis=0) + lasting[0]
    _total(people)
    records = 3 * people
    records[:, 0] = records[:, 1:].sum(axis=1)
    return Exact(people, records)


def _total(people: Numbers) -> None:
    people[:, :, 0] = people[:, :, 1:].sum(axis=2)
    people[:, :, :, 0] = people[:, :, :, 1:].sum(axis=3)


def measure_cells(cells: int) -> None:
    """Publish and attack by intervals as many cells."""
    draw, found, seconds = np.random.default_rng(1), Counter[str](), Counter[str]()
    per_dataset = int(LAYOUT.declared.sum())
    for _ in range(-(-cells // (per_dataset * TOGETHER))):
        exact = numbers(draw, TOGETHER)
        start = time.process_time()
        view = publish(LAYOUT, exact, RULE, fine(LAYOUT, TOGETHER)).view
        published = time.process_time()
        judgements = judge(Seen(LAYOUT.shape, view, exact=exact), rule_known(RULE), certificate=False)
        seconds["protect"] += published - start
        seconds["audit"] += time.process_time() - published
        found["cells"] += per_dataset * TOGETHER
        found["released"] += int(view.patients.given.sum())
        found["watched"] += sum(one.watched for one in judgements)
        found["narrowed"] += sum(len(one.narrowed) for one in judgements)
        found["contradictions"] += sum(not one.fits for one in judgements)
    print(dict(found), {name: round(value, 1) for name, value in seconds.items()}, _memory())


def measure_hospitals(first: int, last: int, every: int = 10) -> None:
    """Protect and repair random hospitals, and audit what comes out as someone would who has no more than
    that; every ``every``-th hospital a second time after it grew. Seeds that fail are named."""
    one, two, failed = Counter[str](), Counter[str](), dict[str, list[int]]()
    for seed in range(first, last):
        hospital = make_hospital(seed)
        try:
            protected = protect_and_repair(hospital.raw, hospital.grid, RULE)
        except CatalogInvalid:
            failed.setdefault("one version", []).append(seed)
            continue
        one += _figures(protected) + _totals(hospital, protected)
        if not audit_counts(protected.counts, hospital.grid, RULE).passed:
            failed.setdefault("one version, without the truth", []).append(seed)
        if seed % every == 0:
            later = grow(hospital, seed, new=60 + seed % 200, gone=seed // every % 4)
            try:
                again = protect_and_repair(later.raw, later.grid, RULE, previous=protected.published)
            except CatalogInvalid:
                failed.setdefault("two versions", []).append(seed)
                continue
            two += _figures(again)
            if not audit_counts(again.counts, later.grid, RULE).passed:
                failed.setdefault("the second version alone, without the truth", []).append(seed)
            public = PublishedDataset(hospital.grid, protected.counts)
            if not audit_counts(again.counts, later.grid, RULE, previous=public).passed:
                failed.setdefault("two versions, without the truth", []).append(seed)
        if (seed + 1) % 50 == 0 or seed + 1 == last:
            print(seed + 1, dict(one), dict(two), failed, round(time.process_time()), "s", flush=True)


def _figures(protected: Protected) -> Counter[str]:
    figures = protected.report.figures[0]
    return Counter({
        "hospitals": 1, "small": figures.watched, "narrowed before": protected.narrowed,
        "narrowed after": figures.narrowed, "released": protected.released,
        "coarsened": protected.coarsened, "repaired": int(bool(protected.repairs)),
    })


def _totals(hospital: Hospital, protected: Protected) -> Counter[str]:
    """Twice the error of the totals of slices (the middle of a range is taken), before and after repair."""
    found = Counter[str]()
    true = {count.cell: count.patients for count in hospital.raw}
    plain = protect_counts(hospital.raw, hospital.grid, RULE)
    for name, counts in (("before", plain), ("after", protected.counts)):
        for count in counts:
            if count.cell.sex is None and count.cell.age_band is None and count.status != "suppressed":
                low = count.patients if count.patients_low is None else count.patients_low
                high = count.patients_high if count.patients is None else count.patients + RULE.drift
                found[f"totals {name}"] += 1
                found[f"twice the error {name}"] += abs((low or 0) + (high or 0) - 2 * true[count.cell])
    return found


def measure_folder(raw: str, out: str, programmes: str = "") -> None:
    """Protect a raw folder and audit what comes out, by intervals only or by programmes, too."""
    start = time.process_time()

    def told(what: str, **more: object) -> None:
        nonlocal start
        print(what, round(time.process_time() - start, 1), "CPU s,", _memory(), more or "", flush=True)
        start = time.process_time()

    read = read_raw(Path(raw))
    told("read")
    protected = protect_raw(read, Path(out), certificate=bool(programmes))
    told("protect", coarsened=sum(one["coarsened"] for one in protected.datasets.values()))
    staged, _ = read_folder(Path(out))
    with staged:
        told("import")
        published = Published(staged.path, staged.fingerprint.datasets)
        report = audit_catalog(published, certificate=bool(programmes))
        told("audit", passed=report.passed, watched=sum(one.watched for one in report.figures))


def _memory() -> str:
    return f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:,.0f} MB at most"


if __name__ == "__main__":
    what, *given = sys.argv[1:]
    if what == "folder":
        measure_folder(*given)
    else:
        {"cells": measure_cells, "hospitals": measure_hospitals}[what](*map(int, given))
