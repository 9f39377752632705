"""A generated catalog folder of any size: ``python -m tests.knowledge.catalog.large OUT --datasets N ...``.

Names are those of an invented programme; numbers are drawn from a fixed seed, so that the same sizes
give the same files. Counts follow the sample's rule: aligned bins of ten, totals of their own. With
``--raw`` it is a raw folder, 1,008 exact counts in each dataset, for protection and audit.
"""

from __future__ import annotations

import argparse
import csv
import random
from collections.abc import Iterator
from pathlib import Path

import numpy as np

SEXES, BANDS = ("F", "M"), ("18-39", "40-49", "50-59", "60-69", "70-79", "80+")
YEARS = range(2012, 2026)
CELLS = (1 + len(YEARS)) * (1 + len(SEXES)) * (1 + len(BANDS))  # of one cohort in one dataset
KINDS = (
    ("blood", "혈액"), ("urine", "소변"), ("lung", "폐"), ("heart", "심장"), ("eye", "눈"),
    ("gait", "보행"), ("sleep", "수면"), ("skin", "피부"), ("bone", "뼈"), ("nerve", "신경"),
)
WHAT = (
    ("rate", "속도"), ("volume", "용적"), ("score", "점수"), ("level", "농도"), ("pressure", "압력"),
    ("count", "개수"), ("width", "너비"), ("grade", "등급"), ("delay", "지연"), ("index", "지수"),
)
UNITS = ("mg/dL", "mL", "{score}", "mmol/L", "mm[Hg]", "10*3/uL", "mm", "", "ms", "%")
DECLARATION = """\
version: '1'
as_of: 2026-06-30
protection:
  {id: aligned-bins-10, threshold: 10, base: 10, rounding: bins, zeros: hidden, suppressed_below: 10}
"""


def write_large(out: Path, *, datasets: int, variables: int, counts: int, names: int = 20_000) -> None:
    """Write the folder. ``names`` is how many different variables there are; datasets share them."""
    out.mkdir(parents=True, exist_ok=True)
    (out / "catalog.yaml").write_text(DECLARATION, encoding="utf-8")
    hospitals = max(1, datasets // 20)
    _write(out, "hospitals", "hospital,name_en,name_ko,type,region_en,region_ko", (
        (f"h{n}", f"Hospital {n}", f"병원 {n}", "general", f"Region {n % 17}", f"지역 {n % 17}")
        for n in range(hospitals)
    ))
    _write(out, "cohorts", "cohort,name_en,name_ko,codes,definition", (
        (f"c{n}", f"Condition {n}", f"질환 {n}", f"LOCAL:{n:04}", "Recorded at least once")
        for n in range(1, 40)
    ))
    _write(out, "datasets", "dataset,hospital,title_en,title_ko,theme,period_start,period_end,data_model", (
        (f"d{n}", f"h{n % hospitals}", f"Dataset {n}", f"자료 {n}", KINDS[n % 10][0], 2012, 2025, "registry")
        for n in range(datasets)
    ))
    _write(out, "tables", "dataset,table,title_en,title_ko,granularity", (
        (f"d{n}", f"t{t}", f"Table {t}", f"테이블 {t}", "per visit")
        for n in range(datasets) for t in range(2)
    ))
    columns = "dataset,table,name,label_en,label_ko,aliases,type,unit,values,missing_pct,description_en"
    _write(out, "variables", columns, _variables(datasets, variables, min(names, variables)))
    columns = "dataset,cohort,year,sex,age_band,patients,records,status"
    _write(out, "counts", columns, _counts(datasets, counts))


def _write(out: Path, name: str, header: str, rows: Iterator[tuple[object, ...]]) -> None:
    with (out / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header.split(","))
        writer.writerows(rows)


def _variables(datasets: int, variables: int, names: int) -> Iterator[tuple[object, ...]]:
    for n in range(variables):
        dataset = n * datasets // variables
        kind = (n * 7919) % names  # neighbours in a dataset differ, datasets overlap
        (where, where_ko), (what, what_ko) = KINDS[kind % 10], WHAT[kind // 10 % 10]
        serial = kind // 100
        yield (
            f"d{dataset}", f"t{n % 2}", f"{where}_{what}_{serial}", f"{where.title()} {what} {serial}",
            f"{where_ko} {what_ko} {serial}", f"{where[:2]}{what[:2]}{serial}",
            "code" if kind % 5 == 0 else "number", UNITS[kind // 10 % 10],
            "0=no|1=yes|9=not known" if kind % 5 == 0 else "",
            "<5" if n % 3 else 5 * (n % 10), f"As measured at the visit, form {serial}.",
        )


def _counts(datasets: int, counts: int) -> Iterator[tuple[object, ...]]:
    draw, left = random.Random(7), counts
    cohorts = -(-counts // (datasets * CELLS))
    for dataset in range(datasets):
        for cohort in range(cohorts):
            whole = draw.randrange(200, 60_000)
            for year in ("", *YEARS):
                for sex in ("", *SEXES):
                    for band in ("", *BANDS):
                        if not left:
                            return
                        left -= 1
                        share = (0.12 if year else 1) * (0.5 if sex else 1) * (0.18 if band else 1)
                        people = int(whole * share * draw.uniform(0.7, 1.3)) // 10 * 10
                        name = f"c{cohort}" if cohort else ""
                        if people < 10:
                            yield f"d{dataset}", name, year, sex, band, "", "", "suppressed"
                        else:
                            yield f"d{dataset}", name, year, sex, band, people, people * 7, "released"


def write_large_raw(out: Path, *, datasets: int) -> None:
    """Write a raw folder: in each dataset everyone and two cohorts, 15 years, two sexes, six age bands."""
    out.mkdir(parents=True, exist_ok=True)
    (out / "raw.yaml").write_text("version: '1'\nas_of: 2026-06-30\n", encoding="utf-8")
    years = tuple(range(2011, 2026))
    _write(out, "datasets", "dataset", ((f"d{n}",) for n in range(datasets)))
    _write(out, "grid", "dataset,cohort,years,sexes,age_bands,within", (
        (f"d{n}", cohort, "|".join(map(str, years)), "|".join(SEXES), "|".join(BANDS), "*" if cohort else "")
        for n in range(datasets) for cohort in ("", "c1", "c2")
    ))
    _write(out, "raw_counts", "dataset,cohort,year,sex,age_band,patients,records", (
        (f"d{n}", *cell) for n in range(datasets) for cell in _exact(np.random.default_rng(n), years)
    ))


def _exact(draw: np.random.Generator, years: tuple[int, ...]) -> Iterator[tuple[object, ...]]:
    """People of one year and of every year in each sex and age band, counted at every grain."""
    size = float(np.exp(draw.normal(3, 1.2)))
    once = draw.poisson(size, (len(years), len(SEXES), len(BANDS)))
    always = draw.poisson(size, (1, len(SEXES), len(BANDS)))
    for cohort, share in (("", 1.0), ("c1", draw.random() ** 2), ("c2", draw.random() ** 2)):
        own, lasting = draw.binomial(once, share), draw.binomial(always, share)
        people = _totals(np.concatenate((own.sum(axis=0, keepdims=True) + lasting, own + lasting)))
        visits = own + lasting + draw.poisson(4 * (own + lasting))
        records = _totals(np.concatenate((visits.sum(axis=0, keepdims=True), visits)))
        for (year, sex, band), patients in np.ndenumerate(people):
            yield (
                cohort, years[year - 1] if year else "", SEXES[sex - 1] if sex else "",
                BANDS[band - 1] if band else "", patients, records[year, sex, band],
            )


def _totals(parts: np.ndarray) -> np.ndarray:
    """With the total over sexes and over age bands in front."""
    whole = np.concatenate((parts.sum(axis=1, keepdims=True), parts), axis=1)
    return np.concatenate((whole.sum(axis=2, keepdims=True), whole), axis=2)


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description="Write a generated catalog folder.")
    parser.add_argument("out", type=Path)
    for name, size in (("datasets", 100), ("variables", 20_000), ("counts", 100_000), ("names", 20_000)):
        parser.add_argument(f"--{name}", type=int, default=size)
    parser.add_argument("--raw", action="store_true")
    given = parser.parse_args()
    if given.raw:
        write_large_raw(given.out, datasets=given.datasets)
        return
    write_large(
        given.out, datasets=given.datasets, variables=given.variables, counts=given.counts, names=given.names
    )


if __name__ == "__main__":
    main()
