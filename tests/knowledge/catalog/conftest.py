from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from knowledge.catalog.folder import read_folder
from knowledge.catalog.stage import StagedCatalog
from tests.knowledge.catalog.eye_clinic import write_folder


@pytest.fixture
def read(tmp_path: Path) -> Callable[..., tuple[StagedCatalog, tuple[str, ...]]]:
    """Write the eye clinics' folder with other texts in it, and read it."""

    def read(**changes: object) -> tuple[StagedCatalog, tuple[str, ...]]:
        return read_folder(write_folder(tmp_path / "folder", **changes))  # type: ignore[arg-type]

    return read
