"""What can only be seen once all counts are in the stage: cells given twice, age bands that overlap,
breakdowns without the total that they break down."""

from __future__ import annotations

from itertools import combinations

from knowledge.catalog.rows import Problems
from knowledge.catalog.stage import Stage

_CELL = "dataset, cohort, year, sex, age_low, age_high"
_NO_END = 1_000  # an age beyond all ages

# By hash first: of ten million cells, only those that may stand twice are compared by their text.
_TWICE = f"""
SELECT rid, source_file, source_row FROM (
    SELECT rowid AS rid, source_file, source_row,
           row_number() OVER (PARTITION BY {_CELL} ORDER BY rowid) AS nth
    FROM counts WHERE hash({_CELL}) IN (SELECT hash({_CELL}) FROM counts GROUP BY ALL HAVING count(*) > 1)
) WHERE nth > 1 ORDER BY rid
"""
_WITHOUT_TOTAL = """
SELECT c.dataset, c.cohort, c.year, min_by(c.source_file, c.rowid), min_by(c.source_row, c.rowid), count(*)
FROM counts c ANTI JOIN (
    SELECT dataset, cohort, year FROM counts WHERE sex IS NULL AND age_low IS NULL AND age_high IS NULL
) t ON c.dataset = t.dataset AND c.cohort IS NOT DISTINCT FROM t.cohort AND c.year IS NOT DISTINCT FROM t.year
GROUP BY ALL ORDER BY min(c.rowid)
"""
_BANDS = f"""
SELECT age_low, coalesce(age_high, {_NO_END}), min_by(age_band, rowid) FROM counts
WHERE age_low IS NOT NULL GROUP BY ALL ORDER BY min(rowid)
"""
_PAIRS = """
CREATE OR REPLACE TEMP TABLE pairs AS SELECT
    unnest($1::INTEGER[]) AS low, unnest($2::INTEGER[]) AS high,
    unnest($3::INTEGER[]) AS other_low, unnest($4::INTEGER[]) AS other_high
"""
# Bands of one group (a slice, or all slices of a dataset's cohort) that overlap an earlier one of it.
_OVERLAPS = f"""
WITH used AS (
    SELECT dataset, cohort, {{year}} AS year, age_low AS low, coalesce(age_high, {_NO_END}) AS high,
           min(rowid) AS rid
    FROM counts WHERE age_low IS NOT NULL GROUP BY ALL
)
SELECT later.*, min_by(earlier.low, earlier.rid) AS other_low, min_by(earlier.high, earlier.rid) AS other_high
FROM used later JOIN pairs p USING (low, high)
JOIN used earlier ON earlier.low = p.other_low AND earlier.high = p.other_high AND earlier.rid < later.rid
    AND earlier.dataset = later.dataset AND earlier.cohort IS NOT DISTINCT FROM later.cohort
    AND earlier.year IS NOT DISTINCT FROM later.year
GROUP BY ALL
"""
_SPLIT = f"""
SELECT c.rowid, c.source_file, c.source_row, o.low, o.high, o.other_low, o.other_high
FROM counts c JOIN ({_OVERLAPS.format(year="year")}) o
ON c.dataset = o.dataset AND c.cohort IS NOT DISTINCT FROM o.cohort AND c.year IS NOT DISTINCT FROM o.year
    AND c.age_low = o.low AND coalesce(c.age_high, {_NO_END}) = o.high
ORDER BY c.rowid
"""
_SHARED = f"""
SELECT o.dataset, o.cohort, c.source_file, c.source_row, o.low, o.high, o.other_low, o.other_high
FROM counts c JOIN ({_OVERLAPS.format(year="NULL::INTEGER")}) o ON c.rowid = o.rid ORDER BY o.rid
"""

Ages = tuple[int, int]


def check_counts(stage: Stage, problems: Problems) -> None:
    """Take out of the stage what cannot stay, and note it; note what stays and is remarkable.

    A cell given twice keeps its first row. A band that shares some ages with another one of its slice
    (dataset, cohort, year) is left out; one that lies within another, or overlaps one of another year
    only, is kept.
    """
    _given_twice(stage, problems)
    _overlaps(stage, problems)
    for dataset, cohort, year, file, row, cells in stage.query(_WITHOUT_TOTAL):
        problems.add(
            file, row, f"{_named(dataset, cohort, year)} is broken down"
            f" ({cells} {'cell' if cells == 1 else 'cells'}) but has no total, so no share of it can be told;"
            " this was kept, add the row without sex and age_band",
        )


def _given_twice(stage: Stage, problems: Problems) -> None:
    twice = stage.query(_TWICE)
    for _, file, row in twice:
        problems.add(
            file, row, "this cell (dataset, cohort, year, sex, age band) stands twice;"
            " the first one was kept, remove the other",
        )
    _remove(stage, [rid for rid, _, _ in twice])


def _remove(stage: Stage, rows: list[int]) -> None:
    if rows:
        stage.query("DELETE FROM counts WHERE rowid IN (SELECT unnest($1::BIGINT[]))", [rows])


def _overlaps(stage: Stage, problems: Problems) -> None:
    """Few catalogs have bands that overlap anywhere; only those are looked at slice by slice."""
    bands: dict[Ages, str] = {(low, high): text for low, high, text in stage.query(_BANDS)}
    pairs = [(a, b) for a, b in combinations(bands, 2) if a[0] <= b[1] and b[0] <= a[1]]
    split = [(a, b) for a, b in pairs if not _within(a, b) and not _within(b, a)]
    if split:
        _look_for(stage, split)
        found = stage.query(_SPLIT)
        for _, file, row, *ages in found:
            problems.add(
                file, row, f"{_overlap(bands, *ages)} in one slice of the counts; the row was left out,"
                " give bands that do not overlap",
            )
        _remove(stage, [rid for rid, *_ in found])
    if pairs:
        _look_for(stage, pairs)
        for dataset, cohort, file, row, *ages in stage.query(_SHARED):
            problems.add(
                file, row, f"{_overlap(bands, *ages)} in the counts of {_named(dataset, cohort, None)};"
                " both were kept, do not add them up",
            )


def _look_for(stage: Stage, pairs: list[tuple[Ages, Ages]]) -> None:
    both_ways = [(*a, *b) for a, b in pairs] + [(*b, *a) for a, b in pairs]
    stage.query(_PAIRS, [list(column) for column in zip(*both_ways, strict=True)])


def _within(inner: Ages, outer: Ages) -> bool:
    return outer[0] <= inner[0] and inner[1] <= outer[1]


def _overlap(bands: dict[Ages, str], low: int, high: int, other_low: int, other_high: int) -> str:
    return f"age band {bands[low, high]!r} overlaps {bands[other_low, other_high]!r}"


def _named(dataset: str, cohort: str | None, year: int | None) -> str:
    parts = [f"dataset {dataset!r}", f"cohort {cohort!r}" if cohort else "", f"year {year}" if year else ""]
    return ", ".join(filter(None, parts))
