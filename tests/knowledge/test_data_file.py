"""The files that ship can all be read; what keeps a given one from being read comes as one line."""

from __future__ import annotations

from pathlib import Path

import pytest

from knowledge.data_file import read_given, read_rows, read_shipped
from knowledge.errors import CatalogInvalid, UserError

ROOT = Path(__file__).parents[2]
PACKAGES = ("api", "assistant", "evals", "knowledge", "tools")
SHIPPED = sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.yaml"))


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: str(path.relative_to(ROOT)))
def test_what_ships_can_be_read(path: Path) -> None:
    assert read_shipped(path)


def test_scalars_stay_text_where_asked(tmp_path: Path) -> None:
    file = tmp_path / "words.yaml"
    file.write_text("no: [01, yes]\n", encoding="utf-8")
    assert read_shipped(file) == {False: [1, True]}
    assert read_shipped(file, texts=True) == {"no": ["01", "yes"]}
    assert read_given(file, UserError, texts=True) == {"no": ["01", "yes"]}


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"a: [1", "it is not YAML .*expected ',' or '\\]'"),
        (b"\xff\xfe\x00", "it is not UTF-8"),
        (b"day: 2025-02-30", "it is not YAML .*day"),
        (b"[" * 5000, "recursion"),
    ],
)
def test_what_is_given_and_broken_is_refused_in_one_line(tmp_path: Path, content: bytes, why: str) -> None:
    file = tmp_path / "given.yaml"
    file.write_bytes(content)
    with pytest.raises(UserError, match=f"^Not read: .*{why}") as raised:
        read_given(file, lambda reason: UserError(f"Not read: {reason}."))
    assert "\n" not in str(raised.value)


def test_what_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="No such file"):
        read_given(tmp_path / "given.yaml", UserError)


def test_a_byte_order_mark_is_no_content(tmp_path: Path) -> None:
    file = tmp_path / "given.yaml"
    file.write_text("\ufeffversion: 1\n", encoding="utf-8")
    assert read_given(file, UserError) == {"version": 1}


def test_a_table_names_the_columns_that_it_lacks(tmp_path: Path) -> None:
    file = tmp_path / "table.csv"
    file.write_text("a,b\n1,2\n", encoding="utf-8")
    assert list(read_rows(file, ("b", "a"))) == [{"a": "1", "b": "2"}]
    with pytest.raises(CatalogInvalid, match=r"table.csv lacks the columns \['c'\]"):
        list(read_rows(file, ("a", "c")))
