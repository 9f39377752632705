from __future__ import annotations

from pathlib import Path

import pytest

from knowledge.catalog.importers import read_dictionary
from knowledge.catalog.importers.dictionary import Dictionary
from tests.knowledge.catalog.importers.dictionaries import Book
from tests.knowledge.catalog.importers.workbooks import SheetParts, write_workbook


@pytest.fixture
def book(tmp_path: Path) -> Book:
    """Write a workbook and read it."""

    def book(
        *sheets: SheetParts, name: str = "사전.xlsx", dataset: str | None = None, **options: object
    ) -> Dictionary:
        return read_dictionary("table", write_workbook(tmp_path / name, *sheets, **options), dataset=dataset)  # type: ignore[arg-type]

    return book


@pytest.fixture
def text(tmp_path: Path) -> Book:
    """Write a text file and read it."""

    def text(
        content: str, name: str = "사전.csv", encoding: str = "utf-8", dataset: str | None = None
    ) -> Dictionary:
        path = tmp_path / name
        path.write_bytes(content.encode(encoding))
        return read_dictionary("table", path, dataset=dataset)

    return text
