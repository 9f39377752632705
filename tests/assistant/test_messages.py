"""Both languages say the same things: same keys, same slots, no text left empty."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

import assistant.messages

FILES = sorted(Path(assistant.messages.__file__).parent.glob("*.yaml"))
SLOT = re.compile(r"\{(\w+)")


def _leaves(found: Any, path: str = "") -> dict[str, str]:
    if isinstance(found, dict):
        return {k: v for name, inner in found.items() for k, v in _leaves(inner, f"{path}.{name}").items()}
    return {path: str(found)}


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_both_languages_have_the_same_messages(file):
    loaded = yaml.safe_load(file.read_text(encoding="utf-8"))
    korean, english = _leaves(loaded["ko"]), _leaves(loaded["en"])
    assert korean.keys() == english.keys()
    assert all(text.strip() for text in (*korean.values(), *english.values()))
    for key in korean:
        allowed = set(SLOT.findall(english[key])) | {"month", "month_name"}
        assert set(SLOT.findall(korean[key])) <= allowed, key
