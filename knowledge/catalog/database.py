"""The DuckDB file of a catalog: ``build_database(catalog, path)``."""

from __future__ import annotations

import shutil
from pathlib import Path

from knowledge.catalog.stage import StagedCatalog
from knowledge.errors import StoreUnavailable


def build_database(catalog: StagedCatalog, path: Path) -> None:
    """Write the catalog as a new DuckDB file, complete and closed when this returns.

    The tables are those of columns.py; rows stand in the order in which they were read. Raises
    StoreUnavailable where the file exists or cannot be written.
    """
    if path.exists():
        raise StoreUnavailable(f"The database {path.name!r} exists already.", hint="Give a new file name.")
    try:
        shutil.copyfile(catalog.path, path)
    except OSError as error:
        raise StoreUnavailable(
            f"The catalog database {path.name!r} cannot be written: {error}",
            hint="Check the disk and its rights.",
        ) from error
