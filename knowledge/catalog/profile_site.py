"""A hospital's tables to raw aggregates: ``profile_site``, what ``giljabi catalog profile`` does."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from itertools import combinations
from pathlib import Path
from typing import Any

from knowledge.catalog.aggregates import EVERYONE
from knowledge.catalog.cells import parse_moment
from knowledge.catalog.profile import (
    profile_counts,
    profile_coverage,
    profile_follow_up,
    profile_missing,
    profile_overlap,
)
from knowledge.catalog.profiling.engine import Engine
from knowledge.catalog.profiling.plan import Plan
from knowledge.catalog.protection_rule import Rule
from knowledge.catalog.raw_folder import DESCRIPTIVE, Raw
from knowledge.catalog.source import DatasetSource

Progress = Callable[[str, int, int], None]
Cells = dict[str, Any]


@dataclass(frozen=True)
class Profiled:
    """The raw aggregates, and what was found wrong with rows, one line each."""

    raw: Raw
    problems: tuple[str, ...]


def profile_site(
    path: Path, today: str, progress: Progress | None = None, *,
    register: Path | None = None, tell: Callable[[str], None] | None = None,
) -> Profiled:
    """Profile the source that the configuration at ``path`` describes.

    ``today`` stands for version and as_of where it gives none; ``register`` and ``tell`` are as of
    PrivateFolder.make. Raises CatalogInvalid for a wrong configuration, a table or column that is not
    there, and rows that cannot be counted.
    """
    from knowledge.catalog.profiling.config import read_config
    from knowledge.catalog.profiling.config_values import cell_text
    from knowledge.catalog.profiling.omop import plan_omop
    from knowledge.catalog.profiling.open_source import open_source
    from knowledge.catalog.profiling.plan import plan_dataset
    from knowledge.catalog.profiling.private_folder import PrivateFolder, ended_in_order

    config = read_config(path)
    as_of = config.as_of or today
    make_folder = partial(PrivateFolder.make, register, tell)
    with ended_in_order(), closing(open_source(config, progress, make_folder)) as engine:
        if config.source.omop is not None:
            plans = [plan_omop(engine, config, parse_moment(as_of).year)]
        else:
            plans = [plan_dataset(engine, entry) for entry in config.datasets]
        key_type = config.linkage.key_type if config.linkage else None
        found = profile_plans(engine, plans, config.rule, key_type, progress)
    described = {
        **found.raw.described,
        **{
            name: [{key: cell_text(cell) for key, cell in row.items()} for row in getattr(config, name)]
            for name in ("hospitals", "concepts", "teams", "access_rules")
        },
    }
    titles = {name: title for name in ("title_en", "title_ko") if (title := getattr(config, name))}
    raw = Raw(**{
        **found.raw.__dict__, "version": config.version or as_of, "as_of": as_of, "described": described,
        "about": titles,
    })
    return Profiled(raw, found.problems)


def profile_plans(
    engine: Engine, plans: Sequence[Plan], rule: Rule, key_type: str | None = None,
    progress: Progress | None = None,
) -> Profiled:
    """Profile datasets of one engine. ``key_type`` says what their pseudonym is; with it, overlaps
    of all pairs are counted. Version and date of the result are empty."""
    from knowledge.catalog.profiling.checks import check_rows, outside_everyone

    grids, counts, missing, medians, coverage = {}, {}, [], [], []
    problems: list[str] = []
    for done, plan in enumerate(plans):
        source = plan.source
        if progress:
            progress(source.dataset, done, len(plans))
        problems += [*plan.problems, *check_rows(engine, source)]
        outside = outside_everyone(engine, source)
        problems += [
            f"{source.dataset}: cohort {cohort!r} has people in years in which the dataset has no record of"
            " them; an audit takes it for independent of everyone" for cohort in sorted(outside)
        ]
        grids[source.dataset] = source.grid_where(outside)
        counts[source.dataset] = profile_counts(engine, source)
        missing += profile_missing(engine, source)
        medians.append(profile_follow_up(engine, source))
        coverage += [row._asdict() for row in profile_coverage(engine, source, rule)]
    sources = [plan.source for plan in plans]
    pairs = list(combinations(sources, 2)) if key_type else []
    overlaps = [profile_overlap(engine, a, b) for a, b in pairs]
    if progress:
        progress("done", len(plans), len(plans))
    described: dict[str, Sequence[Mapping[str, Any]]] = {
        name: [row for plan in plans for row in plan.rows.get(name, ())] for name in DESCRIPTIVE
    }
    described["cohorts"] = _once(described["cohorts"], sources)
    described["coverage"] = coverage
    described["linkage"] = [
        {"dataset_a": a.dataset, "dataset_b": b.dataset, "key_type": key_type, "same_controller": "true"}
        for a, b in pairs
    ]
    raw = Raw("", "", rule, grids, counts, missing, overlaps, medians, described)
    return Profiled(raw, tuple(problems))


def _once(rows: Sequence[Any], sources: Sequence[DatasetSource]) -> list[Cells]:
    """Each cohort of any dataset once; where several describe it, what the first says of a column."""
    cohorts: dict[str, Cells] = {
        cohort.cohort: {"cohort": cohort.cohort}
        for source in sources for cohort in source.cohorts if cohort.cohort != EVERYONE
    }
    for row in rows:
        known = cohorts[row["cohort"]]
        for name, cell in row.items():
            known.setdefault(name, cell)
    return list(cohorts.values())
