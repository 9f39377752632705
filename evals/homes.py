"""Homes of the evals: built from what ``suites.toml`` says, in a folder of their own."""

from __future__ import annotations

import dataclasses
import shutil
from collections.abc import Callable
from pathlib import Path

from assistant.home import Home
from assistant.sample import load_sample
from evals.records import HomeRecord
from evals.suite import HomeSpec
from knowledge.catalog.import_catalog import ImportRequest
from knowledge.catalog.read import Catalog, load_catalog
from knowledge.errors import CaseInvalid
from tools.query.guard import catalog_schema

Progress = Callable[[str, int, int], None]  # name, done, of how many


def build_home(name: str, spec: HomeSpec, suites: Path, folder: Path, progress: Progress | None) -> Home:
    """An open home in ``folder/name``. What is there already and has not changed is left as it is."""
    home = Home(folder / name, f"evals {name}")
    home.create()
    if spec.sample:
        load_sample(home, progress)
    if spec.documents:
        report = home.add_documents([_there(suites / spec.documents)], progress=progress)
        if report.failed:
            path, reason = report.failed[0]
            raise CaseInvalid.of([f"home {name!r}: {path} cannot be indexed: {reason}"])
    if spec.catalog:
        found = home.import_catalog(_there(suites / spec.catalog), progress=progress)
        if found.problems:
            raise CaseInvalid.of([f"home {name!r}: {problem}" for problem in found.problems])
    for dictionary in spec.dictionaries:
        home.import_catalog(
            ImportRequest(
                _there(suites / dictionary.path),
                format=dictionary.format,
                dataset=dictionary.dataset,
                preset=dictionary.preset,
            ),
            progress=progress,
        )
    if spec.home:
        _take_catalog(home, _there(suites / spec.home))
    return home


def _take_catalog(home: Home, other: Path) -> None:
    """The stored catalog versions of another home, which are files that never change."""
    try:
        shutil.copytree(other / "catalog", home.root / "catalog", dirs_exist_ok=True)
    except (OSError, shutil.Error) as error:
        raise CaseInvalid.of([f"suites.toml: the catalog of {other} cannot be copied ({error})"]) from error
    home.make_ready()


def describe_home(home: Home) -> HomeRecord:
    """The versions of what the home holds, and every name that its catalog knows."""
    stored = home.index.documents()
    documents, titles = {d.document: d.version for d in stored}, {d.document: d.title for d in stored}
    current = home.versions.current()
    if current is None:
        return HomeRecord(catalog="", documents=documents, datasets={}, names=(), labels={}, titles=titles)
    catalog = load_catalog(current.path)
    return HomeRecord(
        catalog=current.version,
        documents=documents,
        datasets={d.dataset: d.hospital or "" for d in catalog.datasets},
        names=tuple(sorted(_names(catalog))),
        labels=_labels(catalog),
        titles=titles,
    )


def _labels(catalog: Catalog) -> dict[str, tuple[str, ...]]:
    """Every name of a hospital, dataset or cohort, with the ids of those that bear it."""
    called = [(h.hospital, (h.name_en, h.name_ko)) for h in catalog.hospitals]
    called += [(c.cohort, (c.name_en, c.name_ko)) for c in catalog.cohorts]
    called += [(d.dataset, (d.title_en, d.title_ko)) for d in catalog.datasets]
    labels: dict[str, tuple[str, ...]] = {}
    for id, names in called:
        for name in filter(None, names):
            labels[name] = (*labels.get(name, ()), id)
    return dict(sorted(labels.items()))


def _names(catalog: Catalog) -> set[str]:
    """Ids of everything in the catalog, and the columns of its tables."""
    schema = catalog_schema()
    names = {column for table in schema.tables.values() for column in table.columns} | set(schema.tables)
    for things in (
        catalog.hospitals, catalog.datasets, catalog.tables, catalog.variables,
        catalog.concepts, catalog.cohorts, catalog.teams,
    ):  # fmt: skip
        for thing in things:
            ids = {"hospital", "dataset", "table", "name", "concept", "cohort", "team"}
            given = {f.name: getattr(thing, f.name) for f in dataclasses.fields(thing) if f.name in ids}
            names |= {str(value) for value in given.values() if value}
    return names


def _there(path: Path) -> Path:
    if not path.is_dir():
        raise CaseInvalid.of([f"suites.toml: there is no folder {path}"])
    return path
