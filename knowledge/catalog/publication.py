"""A dataset as it was published, with the state from which it may be published again.

The state holds true numbers. It is written to a file that stays at the hospital; the catalog never
holds it, and no importer reads it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from knowledge.catalog.aggregates import Cell, CohortGrid, Grid
from knowledge.catalog.layout import Layout
from knowledge.catalog.protect import ProtectedCount
from knowledge.catalog.publish import Coarse, Exact, Former, fine
from knowledge.errors import CatalogInvalid

FORMAT = 1


@dataclass(frozen=True, slots=True)
class Standing:
    """The true numbers of a cell on the day when it last changed, and what it was at most, if suppressed."""

    patients: int
    records: int
    ceiling: int


@dataclass(frozen=True)
class State:
    """What stays at the hospital. patients: people in the dataset when it was published. coarse: what
    repair made coarse, as (measure, cohort, year, grain, mode) with the places of publish.py."""

    patients: int
    standing: Mapping[Cell, Standing]
    coarse: tuple[tuple[int, str, int | None, int, int], ...] = ()


@dataclass(frozen=True)
class PublishedDataset:
    """One dataset's published cells. ``state`` is None where only the publication is known."""

    grid: Grid
    counts: Sequence[ProtectedCount]
    state: State | None = None


def former_of(published: PublishedDataset, layout: Layout) -> Former:
    """The former publication in the places of ``layout``; cells that it did not have are unknown."""
    state = published.state
    if state is None:
        raise CatalogInvalid(
            f"The former publication of dataset {published.grid.dataset!r} has no state.",
            hint="Give the state file that was written when it was published.",
        )
    former = Former(
        Exact(layout.empty(), layout.empty()), layout.empty(np.bool_), layout.empty(np.bool_),
        layout.empty(), fine(layout),
    )
    for count in published.counts:
        place = layout.place(count.cell)
        standing = state.standing.get(count.cell)
        if place is None or standing is None:
            continue
        former.basis.patients[place], former.basis.records[place] = standing.patients, standing.records
        former.known[place], former.shown[place] = True, count.status != "suppressed"
        former.ceiling[place] = standing.ceiling
    _coarsen(former.coarse, state, layout)
    return former


def state_of(layout: Layout, former: Former, patients: int) -> State:
    """The state of a publication of one column."""
    standing = {
        cell: Standing(*(int(block[place][0]) for block in (
            former.basis.patients, former.basis.records, former.ceiling,
        )))
        for cell, place in layout.cells()
    }
    coarse = tuple(
        (int(measure), layout.cohorts[cohort], layout.years[year - 1] if year else None, int(grain),
         int(former.coarse[measure, cohort, year, grain, 0]))
        for measure, cohort, year, grain, _ in np.argwhere(former.coarse)
    )
    return State(patients, standing, coarse)


def write_state(path: Path, published: PublishedDataset) -> None:
    """Write one dataset's publication with its state. The file holds exact numbers: it stays here."""
    state = published.state
    assert state is not None
    document = {
        "format": FORMAT,
        "note": "Exact numbers. This file stays at the hospital.",
        "grid": asdict(published.grid),
        "patients": state.patients,
        "coarse": state.coarse,
        "cells": [
            [*count.cell, *_standing(state, count.cell), *(
                getattr(count, name) for name in _COUNT_FIELDS
            )]
            for count in published.counts
        ],
    }
    unfinished = path.with_name(f".{path.name}.unfinished")
    unfinished.write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")
    unfinished.replace(path)


def read_state(path: Path) -> PublishedDataset:
    """A publication that ``write_state`` wrote. Raises CatalogInvalid where the file is none."""
    try:
        document: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        if document["format"] != FORMAT:
            raise ValueError(f"format {document['format']}")
        grid = _grid(document["grid"])
        standing: dict[Cell, Standing] = {}
        counts = []
        for row in document["cells"]:
            cell = Cell(*row[:4])
            standing[cell] = Standing(*row[4:7])
            told = dict(zip(_COUNT_FIELDS, row[7:], strict=True))
            counts.append(ProtectedCount(grid.dataset, cell, **told))
        coarse = tuple((int(m), str(c), y, int(g), int(mode)) for m, c, y, g, mode in document["coarse"])
        return PublishedDataset(grid, counts, State(int(document["patients"]), standing, coarse))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise CatalogInvalid(
            f"{path.name}: it is no state of a publication ({error}).",
            hint="Give the file that was written when the dataset was last published.",
        ) from error


_COUNT_FIELDS = (
    "patients", "records", "status", "patients_low", "patients_high", "records_low", "records_high",
)


def _standing(state: State, cell: Cell) -> tuple[int, int, int]:
    one = state.standing[cell]
    return one.patients, one.records, one.ceiling


def _coarsen(coarse: Coarse, state: State, layout: Layout) -> None:
    cohorts = {cohort: place for place, cohort in enumerate(layout.cohorts)}
    years = {year: place for place, year in enumerate((None, *layout.years))}
    for measure, cohort, year, grain, mode in state.coarse:
        if cohort in cohorts and year in years:
            coarse[measure, cohorts[cohort], years[year], grain] = mode


def _grid(document: Mapping[str, Any]) -> Grid:
    cohorts = tuple(
        CohortGrid(one["cohort"], tuple(one["years"]), tuple(one["age_bands"]), tuple(one["within"]))
        for one in document["cohorts"]
    )
    return Grid(document["dataset"], tuple(document["sexes"]), cohorts, document["same_index"])
