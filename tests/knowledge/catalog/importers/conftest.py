from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from knowledge.catalog.importers import read_dictionary
from knowledge.catalog.importers.dictionary import Dictionary
from tests.knowledge.catalog.importers.dictionaries import SHARED

# The published dictionaries are too large to keep here; where they lie beside the project, they are read.
collect_ignore = [] if SHARED.is_dir() else ["test_published_dictionaries.py"]

Read = Callable[..., Dictionary]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Write one file, or a folder of them, and read it as a dictionary."""

    def read(
        format: str, name: str, content: str | bytes | Mapping[str, str | bytes], **options: str
    ) -> Dictionary:
        path = tmp_path / name
        files = content if isinstance(content, Mapping) else {"": content}
        for inner, text in files.items():
            file = path / inner if inner else path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(text if isinstance(text, bytes) else text.encode())
        return read_dictionary(format, path, **options)

    return read
