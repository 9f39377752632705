"""The end of every import: compare with the version in use, publish, and say what happened."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from knowledge.catalog.info import holdings
from knowledge.catalog.stage import StagedCatalog
from knowledge.catalog.versions import CatalogFile, CatalogVersions
from knowledge.errors import CatalogInvalid, StoreUnavailable


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did, or with ``preview`` would do.

    ``previous`` is the version that was in use, ``changed`` whether another one is now. ``rows`` is
    the number of rows per table, ``rows_before`` the same of the former version. ``added``,
    ``removed`` and ``changed_datasets`` are dataset ids; a dataset has changed when its own row or any
    row that names it (variables, counts, ...) has. ``datasets`` is the number of tables, variables,
    counts and cohorts of each dataset that was imported, ``removed_datasets`` of each that goes away.
    """

    version: str
    previous: str | None
    preview: bool
    changed: bool
    problems: tuple[str, ...]
    rows: Mapping[str, int]
    rows_before: Mapping[str, int]
    added: tuple[str, ...]
    removed: tuple[str, ...]
    changed_datasets: tuple[str, ...]
    datasets: Mapping[str, Mapping[str, int]]
    removed_datasets: Mapping[str, Mapping[str, int]]


def in_use(versions: CatalogVersions) -> CatalogFile | None:
    """The version in use; None also where its file is lost, which importing again mends."""
    try:
        return versions.current()
    except StoreUnavailable:
        return None


def publish(
    catalog: StagedCatalog, versions: CatalogVersions, *, problems: tuple[str, ...], preview: bool,
    strict: bool = False, imported: Sequence[str] | None = None,
) -> ImportReport:
    """Make ``catalog`` the version in use; with ``preview``, write nothing.

    ``imported`` are the datasets that the import is about, where not all are. With ``strict``, raises
    CatalogInvalid where there is any problem; the version in use then stays.
    """
    if strict and problems and not preview:
        raise CatalogInvalid(
            f"There are {len(problems)} problems, and nothing was imported, as asked.", problems=problems,
            hint="Correct them, or import without --strict, which leaves bad rows out.",
        )
    before = in_use(versions)
    old: Mapping[str, str] = before.datasets if before else {}
    new = catalog.fingerprint.datasets
    removed = tuple(name for name in old if name not in new)
    lost = holdings(before.path, removed) if before and removed else {}
    held = holdings(catalog.path, imported)
    if not preview:
        versions.publish(catalog)
    return ImportReport(
        version=catalog.version,
        previous=before.version if before else None,
        preview=preview,
        changed=before is None or before.version != catalog.version,
        problems=problems,
        rows=dict(sorted(catalog.counts.items())),
        rows_before=before.rows if before else {},
        added=tuple(name for name in new if name not in old),
        removed=removed,
        changed_datasets=tuple(name for name, digest in new.items() if old.get(name, digest) != digest),
        datasets=held,
        removed_datasets=lost,
    )
