"""The examples: enough of each kind, each in one place, and apart from the questions they are judged on."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from assistant.routing.cues import plain
from assistant.routing.examples import load_examples
from assistant.routing.model import LABELS
from tests.assistant.routing.questions import LISTS, read

EXAMPLES = load_examples()
LINES = {(example.language, example.label, example.line) for example in EXAMPLES}


def bare(text: str) -> str:
    return re.sub(r"[\W_]+", "", plain(text))


@pytest.mark.parametrize("language", ["en", "ko"])
def test_lines_of_every_label(language: str) -> None:
    counts = Counter(label for of, label, _ in LINES if of == language)
    assert set(counts) == set(LABELS)
    assert all(counts[label] >= 60 for label in ("catalog", "rules", "consult"))
    assert all(counts[label] >= 30 for label in LABELS)


def test_no_text_has_two_labels() -> None:
    labels: dict[str, set[str]] = {}
    for example in EXAMPLES:
        labels.setdefault(bare(example.text), set()).add(example.label)
    assert {text: found for text, found in labels.items() if len(found) > 1} == {}


def test_slots_are_filled_and_lines_count_alike() -> None:
    assert [example.text for example in EXAMPLES if "{" in example.text or "}" in example.text] == []
    shares = Counter[str]()
    for example in EXAMPLES:
        shares[f"{example.language} {example.label} {example.line}"] += example.share
    assert all(share == pytest.approx(round(share)) for share in shares.values())


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize("language", ["en", "ko"])
def test_no_example_is_a_question_it_is_judged_on(name: str, language: str) -> None:
    known = {bare(example.text) for example in EXAMPLES if example.label not in {"smalltalk", "raw_sql"}}
    sections = read(f"{name}_{language}")
    asked = [
        text for label, texts in sections.items() if label not in {"smalltalk", "raw_sql"} for text in texts
    ]
    assert [text for text in asked if bare(text) in known] == []


def test_loading_is_deterministic() -> None:
    assert load_examples() == EXAMPLES
