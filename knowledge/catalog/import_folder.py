"""Import of a catalog folder: read, compare with the version in use, publish."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from knowledge.catalog.folder import read_folder
from knowledge.catalog.versions import CatalogVersions
from knowledge.errors import StoreUnavailable


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did, or with ``preview`` would do.

    ``previous`` is the version that was in use, ``changed`` whether another one is now. ``rows`` is
    the number of rows per table. ``added``, ``removed`` and ``changed_datasets`` are dataset ids; a
    dataset has changed when its own row or any row that names it (variables, counts, ...) has.
    """

    version: str
    previous: str | None
    preview: bool
    changed: bool
    problems: tuple[str, ...]
    rows: Mapping[str, int]
    added: tuple[str, ...]
    removed: tuple[str, ...]
    changed_datasets: tuple[str, ...]


def import_folder(path: Path, versions: CatalogVersions, *, preview: bool = False) -> ImportReport:
    """Make the catalog folder ``path`` the version in use; with ``preview``, write nothing.

    Bad rows are left out and reported. Raises CatalogInvalid where nothing can be used, and
    StoreUnavailable or HomeBusy; the version in use then stays.
    """
    folder, problems = read_folder(path)
    try:
        before = versions.current()
    except StoreUnavailable:
        before = None  # importing again is what mends a lost file
    old = before.datasets if before else {}
    new = folder.fingerprint.datasets
    if not preview:
        versions.publish(folder)
    return ImportReport(
        version=folder.version,
        previous=before.version if before else None,
        preview=preview,
        changed=before is None or before.version != folder.version,
        problems=problems,
        rows={table: len(rows) for table, rows in sorted(folder.rows.items())},
        added=tuple(name for name in new if name not in old),
        removed=tuple(name for name in old if name not in new),
        changed_datasets=tuple(name for name, digest in new.items() if old.get(name, digest) != digest),
    )
