from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from knowledge.catalog.folder import CatalogFolder, read_folder
from tests.knowledge.catalog.eye_clinic import write_folder


@pytest.fixture
def read(tmp_path: Path) -> Callable[..., tuple[CatalogFolder, tuple[str, ...]]]:
    """Write the eye clinics' folder with other texts in it, and read it."""

    def read(**changes: object) -> tuple[CatalogFolder, tuple[str, ...]]:
        return read_folder(write_folder(tmp_path / "folder", **changes))  # type: ignore[arg-type]

    return read
