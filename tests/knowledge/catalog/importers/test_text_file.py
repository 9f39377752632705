from __future__ import annotations

from pathlib import Path

import pytest

from knowledge.catalog.importers.sheets.text_file import TextSheet
from knowledge.catalog.rows import Problems
from knowledge.errors import CatalogInvalid


def sheet(path: Path, content: str | bytes, **options: str) -> TextSheet:
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return TextSheet(path, path.name, lambda *_: None, **options)


def cells(read: TextSheet, problems: Problems | None = None) -> list[tuple[int, list[str]]]:
    return [(line.number, line.cells) for line in read.lines(problems or Problems())]


@pytest.mark.parametrize(
    ("content", "delimiter"),
    [
        ("a,b\n1,2\n", ","),
        ("a;b\n1,5;2\n", ";"),
        ("a\tb\n1,2\t3\n", "\t"),
        ("a|b\n1|2\n", "|"),
        ("하나\n둘\n", ","),
        ("제목, 부제\n\na;b;c\n1;2;3\n4;5;6\n", ";"),
        ('a;b\n"1;2;3";4\n', ";"),
        ("변수\t코드\n성별\t1: 남, 2: 여\n흡연\t0: 아니오, 1: 예, 9: 모름\n", "\t"),
    ],
)
def test_the_separator_by_which_rows_agree(tmp_path: Path, content: str, delimiter: str) -> None:
    assert sheet(tmp_path / "a.csv", content).delimiter == delimiter


def test_the_note_of_a_spreadsheet_about_its_separator_is_no_row(tmp_path: Path) -> None:
    read = sheet(tmp_path / "a.csv", "sep=;\na,1;b\n")
    assert cells(read) == [(2, ["a,1", "b"])]


def test_rows_are_numbered_as_a_spreadsheet_does(tmp_path: Path) -> None:
    read = sheet(tmp_path / "a.csv", '\ufeffa,b\n\n"한\n줄",c\n,\nd,e\n')
    assert cells(read) == [(1, ["a", "b"]), (3, ["한\n줄", "c"]), (5, ["d", "e"])]


def test_what_a_mapping_tells_wins(tmp_path: Path) -> None:
    read = sheet(tmp_path / "a.csv", "가;나,다\n".encode("cp949"), encoding="cp949", delimiter=",")
    assert cells(read) == [(1, ["가;나", "다"])]


def test_a_cell_of_the_wrong_encoding_is_told(tmp_path: Path) -> None:
    problems = Problems()
    found = cells(sheet(tmp_path / "a.csv", "가,나다라마바사아자차\n".encode() * 5 + b"\xff,b\n"), problems)
    assert len(found) == 6 and problems.lines()[0].startswith("a.csv:6:")


def test_korean_utf_16_without_its_mark(tmp_path: Path) -> None:
    for codec in ("utf-16-le", "utf-16-be"):
        assert cells(sheet(tmp_path / "a.csv", "변수명,설명\n".encode(codec))) == [(1, ["변수명", "설명"])]


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(CatalogInvalid, match="cannot be opened"):
        TextSheet(tmp_path / "gone.csv", "gone.csv", lambda *_: None)
