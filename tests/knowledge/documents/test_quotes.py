"""A quote is followed through later versions of its document."""

from __future__ import annotations

from pathlib import Path

import pytest

from knowledge.documents.index import KnowledgeIndex
from knowledge.documents.quotes import QuoteToday, quote_today
from tests.knowledge.documents.conftest import write

FIRST = "# Terms\n\nThe desk opens at nine. The fee is 10 won. Ask first.\n"


def follow(index: KnowledgeIndex, folder: Path, words: str, later: str | None) -> tuple[QuoteToday, str]:
    """The fate of ``words`` after the document was replaced by ``later``, or removed; and today's text."""
    write(folder, {"terms.md": FIRST})
    index.add_paths([folder])
    stored = index.document("terms.md")
    start = stored.text.index(words)
    if later is None:
        index.remove_paths([folder])
        return quote_today(stored, start, start + len(words), index), ""
    write(folder, {"terms.md": later})
    index.add_paths([folder])
    return quote_today(stored, start, start + len(words), index), index.document("terms.md").text


def test_the_same_version_is_current(fresh: KnowledgeIndex, tmp_path: Path) -> None:
    assert follow(fresh, tmp_path / "docs", "The fee is 10 won.", FIRST)[0].fate == "current"


def test_words_that_stayed_are_found_where_they_stand_now(fresh: KnowledgeIndex, tmp_path: Path) -> None:
    later = FIRST.replace("# Terms\n", "# Terms\n\nA new first paragraph.\n")
    today, text = follow(fresh, tmp_path / "docs", "The fee is 10 won.", later)
    assert today.fate == "kept" and text[today.start : today.end] == "The fee is 10 won."


def test_the_nearest_of_several_places_counts(fresh: KnowledgeIndex, tmp_path: Path) -> None:
    later = FIRST + "\n" + "Much text stands between them. " * 20 + "\n\nThe fee is 10 won.\n"
    today, text = follow(fresh, tmp_path / "docs", "The fee is 10 won.", later)
    assert today.fate == "kept" and today.start == text.index("The fee is 10 won.")


@pytest.mark.parametrize("later", [FIRST.replace("10 won", "20 won"), "# Terms\n\nNothing is charged.\n"])
def test_words_that_went_are_dead(fresh: KnowledgeIndex, tmp_path: Path, later: str) -> None:
    today, _ = follow(fresh, tmp_path / "docs", "The fee is 10 won.", later)
    assert today.fate == "dead" and today.version == fresh.document("terms.md").version


def test_a_document_that_left_the_index_is_withdrawn(fresh: KnowledgeIndex, tmp_path: Path) -> None:
    assert follow(fresh, tmp_path / "docs", "The fee is 10 won.", None)[0] == QuoteToday("withdrawn")
