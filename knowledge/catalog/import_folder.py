"""Import of a whole catalog folder, which replaces everything: ``import_folder(path, versions)``."""

from __future__ import annotations

from pathlib import Path

from knowledge.catalog.folder import read_folder
from knowledge.catalog.import_report import ImportReport, publish
from knowledge.catalog.rows import Progress
from knowledge.catalog.versions import CatalogVersions


def import_folder(
    path: Path, versions: CatalogVersions, *, preview: bool = False, strict: bool = False,
    progress: Progress | None = None,
) -> ImportReport:
    """Make the catalog folder ``path`` the version in use; with ``preview``, write nothing.

    Bad rows are left out and reported. Raises CatalogInvalid where nothing can be used, with ``strict``
    where anything is wrong, and StoreUnavailable or HomeBusy; the version in use then stays.
    """
    work = None if preview else versions.work
    catalog, problems = read_folder(path, work=work, progress=progress)
    with catalog:
        return publish(catalog, versions, problems=problems, preview=preview, strict=strict)
