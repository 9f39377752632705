"""The same ten-page guide in each format and both languages is recovered whole."""

from __future__ import annotations

import pytest

from knowledge.text import Language
from tests.knowledge.documents.guides import FORMATS, PAGES, recovered


@pytest.mark.parametrize("language", ["ko", "en"])
@pytest.mark.parametrize("name", FORMATS)
def test_text_and_tables_are_recovered(name: str, language: Language) -> None:
    found = recovered(name, language)
    assert found.whole, found
    assert found.rows[1] == (0 if name.startswith("TXT") else 5 * PAGES)
    if name in ("PDF", "PPTX"):
        assert found.pages == PAGES
