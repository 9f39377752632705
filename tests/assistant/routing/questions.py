"""The question lists beside this file."""

from __future__ import annotations

from pathlib import Path

import yaml

FOLDER = Path(__file__).parent / "questions"
LISTS = ("heldout", "terse", "plain", "idiom", "asked", "fields")


def read(name: str) -> dict[str, list[str]]:
    """The sections of one list: label (or language) to its lines."""
    blocks = yaml.safe_load((FOLDER / f"{name}.yaml").read_text(encoding="utf-8"))
    return {label: block.strip().split("\n") for label, block in blocks.items()}
