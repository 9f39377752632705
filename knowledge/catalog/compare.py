"""Two catalogs as a person names them, compared: ``compare(a, b, versions)``."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import Any

from knowledge.catalog.diff import Side, diff
from knowledge.catalog.folder import read_folder
from knowledge.catalog.versions import CatalogVersions

CURRENT = "current"


def compare(a: str, b: str, versions: CatalogVersions) -> dict[str, Any]:
    """What changed from ``a`` to ``b``, as ``diff`` tells it. Each is the id of a stored version, "current",
    or the path of a catalog folder. Raises NotFound, CatalogMissing, CatalogInvalid."""
    with ExitStack() as opened:
        return diff(*(_side(name, versions, opened) for name in (a, b)))


def _side(name: str, versions: CatalogVersions, opened: ExitStack) -> Side:
    if name != CURRENT and Path(name).is_dir():
        staged = opened.enter_context(read_folder(Path(name))[0])
        return Side(name, staged.path, staged.fingerprint.datasets)
    stored = versions.require() if name == CURRENT else versions.version(name)
    return Side(stored.version, stored.path, stored.datasets)
