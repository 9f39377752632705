"""Measurements of protection that are too long for the tests:

    python -m tests.knowledge.catalog.measure_audit cells 10000000
    python -m tests.knowledge.catalog.measure_audit hospitals 1000 2000
"""

from __future__ import annotations

import resource
import sys
import time
from collections import Counter

import numpy as np

from knowledge.catalog.aggregates import CohortGrid, Grid
from knowledge.catalog.audit.attack import Seen
from knowledge.catalog.audit.counts import audit_counts
from knowledge.catalog.audit.judge import judge
from knowledge.catalog.audit.known import rule_known
from knowledge.catalog.layout import Layout, Numbers
from knowledge.catalog.protect import protect_counts
from knowledge.catalog.protection_rule import Rule
from knowledge.catalog.publish import Exact, fine, publish
from knowledge.catalog.repair import protect_and_repair
from tests.knowledge.catalog.small_hospitals import grow, make_hospital

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


def measure_hospitals(first: int, last: int) -> None:
    """Protect and repair random hospitals, every tenth a second time after it grew."""
    one, two = Counter[str](), Counter[str]()
    for seed in range(first, last):
        hospital = make_hospital(seed)
        plain = protect_counts(hospital.raw, hospital.grid, RULE)
        before = audit_counts(plain, hospital.grid, RULE, truth=hospital.raw, certificate=False)
        protected = protect_and_repair(hospital.raw, hospital.grid, RULE)
        true = {count.cell: count.patients for count in hospital.raw}
        for name, counts in (("before", plain), ("after", protected.counts)):
            for count in counts:
                if count.cell.sex is None and count.cell.age_band is None and count.status != "suppressed":
                    low = count.patients if count.patients_low is None else count.patients_low
                    high = count.patients_high if count.patients is None else count.patients + RULE.drift
                    one[f"totals {name}"] += 1
                    one[f"error of totals {name}"] += abs((low or 0) + (high or 0) - 2 * true[count.cell])
        one += Counter({
            "hospitals": 1, "small": before.figures[0].watched, "narrowed before": protected.narrowed,
            "narrowed after": protected.report.figures[0].narrowed, "released": protected.released,
            "coarsened": protected.coarsened, "repaired": int(bool(protected.repairs)),
        })
        if seed % 10 == 0:
            later = grow(hospital, seed, new=60 + seed % 200, gone=seed // 10 % 4)
            again = protect_and_repair(later.raw, later.grid, RULE, previous=protected.published)
            two += Counter({
                "hospitals": 1, "small": again.report.figures[0].watched, "narrowed before": again.narrowed,
                "narrowed after": again.report.figures[0].narrowed, "released": again.released,
                "coarsened": again.coarsened, "repaired": int(bool(again.repairs)),
            })
        if (seed + 1) % 50 == 0:
            print(seed + 1, dict(one), dict(two), round(time.process_time()), "s", flush=True)


def _memory() -> str:
    return f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:,.0f} MB at most"


if __name__ == "__main__":
    what, *given = sys.argv[1:]
    {"cells": measure_cells, "hospitals": measure_hospitals}[what](*map(int, given))
