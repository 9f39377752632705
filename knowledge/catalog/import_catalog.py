"""Import of a catalog or a data dictionary in any format: ``import_catalog(request, versions)``."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from knowledge.catalog.import_report import ImportReport
from knowledge.catalog.importers import FORMATS as DICTIONARIES
from knowledge.catalog.importers import read_dictionary
from knowledge.catalog.rows import Progress
from knowledge.catalog.versions import CatalogVersions
from knowledge.errors import CatalogInvalid

FOLDER = "giljabi"
FORMATS = (FOLDER, *DICTIONARIES)


@dataclass(frozen=True, slots=True)
class ImportRequest:
    """What to import and how.

    ``dataset`` is the id that a dictionary's entries go to; without it, it comes from the file.
    ``mapping`` is the column mapping of a table, ``preset`` the selection of an ARC dictionary. ``today``
    is the as-of date of a catalog that starts with a dictionary. ``strict``: any problem refuses it all.
    """

    path: Path
    format: str = FOLDER
    dataset: str | None = None
    mapping: Path | None = None
    preset: str | None = None
    today: date | None = None
    strict: bool = False


def import_catalog(
    request: ImportRequest, versions: CatalogVersions, *, preview: bool = False,
    progress: Progress | None = None,
) -> ImportReport:
    """Make what is imported part of the version in use, or, as a whole folder, all of it.

    With ``preview``, nothing is written. Bad rows are left out and reported, unless the request is strict.
    Raises CatalogInvalid where nothing can be used, StoreUnavailable or HomeBusy; the version in use then
    stays.
    """
    if request.format == FOLDER:
        from knowledge.catalog.import_folder import import_folder

        for name in ("dataset", "mapping", "preset"):
            if getattr(request, name) is not None:
                raise CatalogInvalid(
                    f"A {name} was given for a whole catalog folder.", hint=f"Leave --{name} out."
                )
        return import_folder(
            request.path, versions, preview=preview, strict=request.strict, progress=progress
        )
    from knowledge.catalog.import_dictionary import import_dictionary

    dictionary = read_dictionary(
        request.format, request.path, dataset=request.dataset, mapping=request.mapping,
        preset=request.preset, progress=progress,
    )
    return import_dictionary(
        dictionary, versions, today=request.today or date.today(), preview=preview, strict=request.strict,
        progress=progress,
    )
