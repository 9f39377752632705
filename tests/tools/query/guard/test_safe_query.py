"""Only the gate makes a SafeQuery."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path

import pytest

import tools
from tools.query.guard import SafeQuery, catalog_schema, check


def test_it_is_not_made_by_hand() -> None:
    with pytest.raises(TypeError, match="check"):
        SafeQuery("SELECT 1", "duckdb", ("a",), (), "0", 10, False, object())
    with pytest.raises(TypeError):
        SafeQuery("SELECT 1", "duckdb", ("a",), (), "0", 10, False)  # type: ignore[call-arg]


def test_it_is_not_changed_or_copied_with_changes() -> None:
    query = check("SELECT hospital FROM hospitals", catalog_schema())
    with pytest.raises(dataclasses.FrozenInstanceError):
        query.sql = "DROP TABLE hospitals"  # type: ignore[misc]
    with pytest.raises(ValueError, match="seal"):
        dataclasses.replace(query, sql="DROP TABLE hospitals")


def test_nothing_else_in_the_packages_asks_for_the_seal() -> None:
    root = Path(tools.__file__).parents[1]
    asking = {
        str(path.relative_to(root))
        for package in ("assistant", "knowledge", "tools", "api", "evals")
        for path in (root / package).rglob("*.py")
        if re.search(r"\bsealed\b|\b_SEAL\b", path.read_text(encoding="utf-8"))
    }
    assert asking == {"tools/query/guard/check.py", "tools/query/guard/safe_query.py"}
