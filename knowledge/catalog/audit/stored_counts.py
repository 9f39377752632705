"""The counts of a catalog database as views, many datasets at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from knowledge.catalog.aggregates import EVERYONE, CohortGrid, Grid
from knowledge.catalog.layout import Layout
from knowledge.catalog.read import open_catalog
from knowledge.catalog.view import BOUND, RELEASED, SUPPRESSED, View, blank

TOGETHER = 200_000  # rows that are read at a time
_COLUMNS = ("cohort", "year", "sex", "age_low", "age_high", *(
    f"{measure}{part}" for measure in ("patients", "records") for part in ("", "_status", "_low", "_high")
))
_STATES = {"released": RELEASED, "bound": BOUND, "suppressed": SUPPRESSED}
Columns = dict[str, NDArray[Any]]


def read_views(
    path: Path, usual: int, datasets: Sequence[str] | None = None
) -> Iterator[tuple[Layout, View]]:
    """Layout and view of each dataset with counts, of ``datasets`` or of all. The grid is what the rows
    span: every cohort's years, by the sexes of its dataset and the cohort's age bands. ``usual``: what a
    suppressed number is at most by the declared rule; one that says otherwise has a ceiling of its own.

    Raises CatalogInvalid where age bands of a dataset overlap.
    """
    with open_catalog(path) as connection:
        sizes = connection.execute(
            "SELECT dataset, count(*) FROM counts GROUP BY dataset ORDER BY dataset"
        ).fetchall()
        for some in _batches([one for one in sizes if datasets is None or one[0] in datasets]):
            read = connection.execute(
                f"SELECT dataset, {', '.join(_COLUMNS)} FROM counts WHERE dataset IN"
                f" (SELECT unnest(?)) ORDER BY dataset, rowid", [some],
            ).fetchnumpy()
            rows = {name: _plain(column) for name, column in read.items()}
            names = rows.pop("dataset").astype(str)
            starts = np.flatnonzero(np.concatenate(([True], names[1:] != names[:-1])))
            for start, end in zip(starts, [*starts[1:], len(names)], strict=True):
                own = {name: column[start:end] for name, column in rows.items()}
                yield _view(str(names[start]), own, usual)


def _batches(sizes: Sequence[tuple[str, int]]) -> Iterator[list[str]]:
    batch: list[str] = []
    rows = 0
    for dataset, size in sizes:
        if batch and rows + size > TOGETHER:
            yield batch
            batch, rows = [], 0
        batch.append(dataset)
        rows += size
    if batch:
        yield batch


def _plain(column: Any) -> NDArray[Any]:
    """Text with "" and numbers with -1 where there is nothing."""
    nothing = np.ma.getmaskarray(column)
    values = np.ma.getdata(column)
    if values.dtype == object:
        nothing = nothing | np.array([value is None for value in values], np.bool_)
        return np.where(nothing, "", values).astype(str)
    return np.where(nothing, -1, values).astype(np.int64)


def _view(dataset: str, rows: Columns, usual: int) -> tuple[Layout, View]:
    bands, band_of = _bands(rows["age_low"], rows["age_high"])
    sexes, sex_of = np.unique(rows["sex"], return_inverse=True)
    cohorts, cohort_of = np.unique(rows["cohort"], return_inverse=True)
    grids = []
    for place, cohort in enumerate(cohorts):
        own = cohort_of == place
        grids.append(CohortGrid(
            str(cohort) or EVERYONE,
            tuple(int(year) for year in np.unique(rows["year"][own]) if year >= 0),
            tuple(bands[one] for one in np.unique(band_of[own]) if one >= 0),
        ))
    layout = Layout(Grid(dataset, tuple(str(sex) for sex in sexes if sex), tuple(grids)))
    view = blank(layout)
    years = np.array([-1, *layout.years])
    order = np.array([0, *(layout.bands.index(band) + 1 for band in bands)])
    places = (
        cohort_of, np.searchsorted(years, rows["year"]),
        sex_of if len(sexes) and not sexes[0] else sex_of + 1, order[band_of + 1],
    )
    for measure, name in zip(view.measures, ("patients", "records"), strict=True):
        status = rows[f"{name}_status"]
        # a number that is not given at all tells as much as a suppressed one
        state = np.full(len(status), SUPPRESSED, np.uint8)
        for text, code in _STATES.items():
            state[status == text] = code
        spot = (*places, np.zeros(len(status), np.intp))
        given = (state == RELEASED) | (state == BOUND)
        measure.state[spot] = state
        for block, part in ((measure.value, ""), (measure.low, "_low"), (measure.high, "_high")):
            block[spot] = np.where(given, np.maximum(rows[f"{name}{part}"], 0), 0)
    told = (rows["patients_status"] == "suppressed") & (rows["patients_high"] != usual)
    view.ceiling[(*places, np.zeros(len(told), np.intp))] = np.where(told, rows["patients_high"], 0)
    return layout, view


def _bands(low: NDArray[Any], high: NDArray[Any]) -> tuple[list[str], NDArray[np.intp]]:
    """The age bands, and the place of each row's among them (-1 for all ages)."""
    pairs, of_row = np.unique(np.stack((low, high), axis=1), axis=0, return_inverse=True)
    labels: list[str] = []
    places = []
    for least, most in pairs:
        if least < 0 and most < 0:
            places.append(-1)
            continue
        places.append(len(labels))
        labels.append(f"{max(least, 0)}+" if most < 0 else f"{max(least, 0)}-{most}")
    return labels, np.array(places, np.intp)[of_row.ravel()]
