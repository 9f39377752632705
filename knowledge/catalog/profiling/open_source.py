"""Opening what a configuration names as its source: ``open_source``."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from knowledge.catalog.profiling.config_entries import Config
from knowledge.catalog.profiling.engine import Engine
from knowledge.catalog.profiling.files import Progress
from knowledge.catalog.profiling.private_folder import PrivateFolder
from knowledge.errors import CatalogInvalid

_SERVER = ("postgresql://", "postgres://")


def open_source(
    config: Config, progress: Progress | None = None,
    make_folder: Callable[[], PrivateFolder] = PrivateFolder.make,
) -> Engine:
    """The engine over the source; close it in the end. ``make_folder`` gives the folder that rows may lie
    in meanwhile, where they must. Raises CatalogInvalid where there is no source, StoreUnavailable where
    it cannot be opened, SetupError where a driver is missing."""
    source = config.source
    if source.folder is not None or source.files is not None:
        from knowledge.catalog.profiling.files import files_in, open_files

        files = files_in(config.base / source.folder) if source.folder else _listed(config)
        return open_files(files, source.encoding, progress, make_folder)
    place = source.duckdb or source.postgres or source.omop
    assert place is not None  # the configuration has exactly one
    if source.postgres or place.startswith(_SERVER):
        from knowledge.catalog.profiling.postgres_engine import open_postgres

        return open_postgres(place)
    from knowledge.catalog.profiling.duckdb_engine import open_duckdb

    return open_duckdb(config.base / place, make_folder)


def _listed(config: Config) -> dict[str, list[Path]]:
    """The files of each table, which may be named by patterns."""
    tables: dict[str, list[Path]] = {}
    for table, patterns in (config.source.files or {}).items():
        for pattern in [patterns] if isinstance(patterns, str) else patterns:
            path = Path(pattern)
            base = Path(path.anchor) if path.is_absolute() else config.base
            relative = path.relative_to(path.anchor) if path.is_absolute() else path
            found = sorted(one for one in base.glob(str(relative)) if one.is_file())
            if not found:
                raise CatalogInvalid(
                    f"source.files.{table}: there is no file {pattern!r}.",
                    hint="Correct the path or pattern.",
                )
            tables.setdefault(table, []).extend(found)
    return tables
