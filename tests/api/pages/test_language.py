"""Which language a page is in, and that both have every word."""

from __future__ import annotations

import re
import string
from collections.abc import Iterator
from typing import Any

import pytest

from api.pages.language import labels, page_language


@pytest.mark.parametrize(
    ("asked", "remembered", "preferred", "language"),
    [
        ("ko", "en", "en", "ko"),
        ("fr", "ko", "en", "ko"),
        (None, None, "ko-KR,ko;q=0.9,en;q=0.8", "ko"),
        (None, None, "en-US,en;q=0.9,ko;q=0.8", "en"),
        (None, None, "fr,ko;q=0.2,en;q=0.7", "en"),
        (None, None, "ko;q=0,en;q=0.1", "en"),
        (None, None, "ko;q=x", "en"),
        (None, "x", "", "en"),
    ],
)
def test_the_first_that_is_known_decides(asked, remembered, preferred, language):
    assert page_language(asked, remembered, preferred) == language


def _leaves(node: Any, path: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(node, dict):
        for name, inner in node.items():
            yield from _leaves(inner, f"{path}.{name}")
    else:
        yield path, node


def test_both_languages_say_the_same_things_with_the_same_slots():
    korean, english = dict(_leaves(labels("ko"))), dict(_leaves(labels("en")))
    assert set(korean) == set(english)
    for path, text in korean.items():
        assert isinstance(text, str) and isinstance(english[path], str), path
        assert _slots(text) == _slots(english[path]), path


def _slots(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_korean_words_are_korean():
    same = {path for path, text in _leaves(labels("ko")) if not re.search("[가-힣]", text)}
    assert all(re.fullmatch(r"[^a-z]*", labels_at(path)) or path.endswith("other_name") for path in same)


def labels_at(path: str) -> str:
    """The Korean label without its slots."""
    node: Any = labels("ko")
    for name in path.strip(".").split("."):
        node = node[name]
    return re.sub(r"\{\w+\}", "", node)
