from __future__ import annotations

import zipfile
from pathlib import Path

import openpyxl
import pytest

from knowledge.catalog.importers.sheets import open_sheets
from knowledge.catalog.importers.sheets.number_format import Kind, kind_of, number_text
from knowledge.catalog.importers.sheets.sheet import NOT_CALCULATED, Region, fill_down, fill_header
from knowledge.catalog.rows import Problems
from knowledge.errors import CatalogInvalid
from tests.knowledge.catalog.importers.workbooks import MAIN, Cell, SheetParts, write_workbook


def lines(path: Path, sheet: int = 0) -> list[tuple[int, list[str]]]:
    found = open_sheets(path, path.name, lambda *_: None)[sheet]
    return [(line.number, line.cells) for line in found.lines(Problems())]


def refused(path: Path) -> str:
    with pytest.raises(CatalogInvalid) as error:
        for sheet in open_sheets(path, path.name, lambda *_: None):
            assert sheet.merged is not None
            list(sheet.lines(Problems()))
    return str(error.value)


VALUES = [
    (Cell("0.125", style="percent"), "12.5%"),
    (Cell("0.07", style="percent"), "7%"),
    (Cell("43831", style="date"), "2020-01-01"),
    (Cell("43831", style="korean date"), "2020-01-01"),
    (Cell("43831.5", style="moment"), "2020-01-01 12:00:00"),
    (Cell("59", style="date"), "1900-02-28"),
    (Cell("61", style="date"), "1900-03-01"),
    (Cell("0.75", style="time"), "18:00:00"),
    (Cell("7", style="padded"), "007"),
    (Cell("1.0"), "1"),
    (Cell("0.30000000000000004"), "0.3"),
    (Cell("1E-3"), "0.001"),
    (Cell("12345678901"), "12345678901"),
    (Cell("1", "b"), "true"),
    (Cell("#N/A", "e"), "#N/A"),
    (Cell("2020-01-31T00:00:00", "d"), "2020-01-31"),
    (Cell("3", formula="1+2"), "3"),
    (Cell("결과", "str", formula="A1"), "결과"),
    (Cell(None, formula="1+2"), NOT_CALCULATED),
    (" 007 ", "007"),
    ("줄_x000D_\n바꿈", "줄\n바꿈"),
]


@pytest.mark.parametrize(("cell", "text"), VALUES)
def test_a_cell_is_what_the_sheet_shows(tmp_path: Path, cell: object, text: str) -> None:
    assert lines(write_workbook(tmp_path / "a.xlsx", SheetParts("s", cells={"C5": cell}))) == [
        (5, ["", "", text])
    ]


def test_days_are_counted_from_1904_where_the_workbook_says_so(tmp_path: Path) -> None:
    sheet = SheetParts("s", cells={"A1": Cell("42369", style="date")})
    assert lines(write_workbook(tmp_path / "a.xlsx", sheet, first_day=1904)) == [(1, ["2020-01-01"])]
    assert lines(write_workbook(tmp_path / "b.xlsx", sheet)) == [(1, ["2015-12-31"])]


def test_the_parts_of_other_programs(tmp_path: Path) -> None:
    """No places, texts inside of the cells, prefixed elements."""
    sheet = SheetParts("s", [["변수명", "설명"], ["sbp", "혈압 <수축기> & 이완기"]])
    for number, options in enumerate(({"places": False}, {"shared": False}, {"prefix": "x"})):
        path = write_workbook(tmp_path / f"{number}.xlsx", sheet, **options)
        assert lines(path) == [(1, ["변수명", "설명"]), (2, ["sbp", "혈압 <수축기> & 이완기"])]


def test_openpyxl_workbooks_are_read_alike(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["변수명", 3, 0.5, True])
    book.active["C1"].number_format = "0%"
    book.active.merge_cells("A2:A4")
    book.create_chartsheet()
    book.create_sheet("숨김").sheet_state = "veryHidden"
    book.save(tmp_path / "a.xlsx")
    sheets = open_sheets(tmp_path / "a.xlsx", "a.xlsx", lambda *_: None)
    assert lines(tmp_path / "a.xlsx") == [(1, ["변수명", "3", "50%", "true"])]
    assert [(sheet.name, sheet.hidden) for sheet in sheets] == [("Sheet", False), ("숨김", True)]
    assert list(sheets[0].merged) == [Region(2, 4, 0, 0)]


def test_one_far_cell_takes_no_memory(tmp_path: Path) -> None:
    path = write_workbook(tmp_path / "a.xlsx", SheetParts("s", cells={"A1": "x", "XFD1048576": "y"}))
    (first, cells), (last, wide) = lines(path)
    assert (first, cells, last, len(wide), wide[-1]) == (1, ["x"], 1_048_576, 16_384, "y")


def test_the_phonetic_reading_of_a_text_is_left_out(tmp_path: Path) -> None:
    runs = "<r><t>血</t></r><r><t>壓</t></r><rPh sb='0' eb='1'><t>혈압</t></rPh>"
    text = f"<sst xmlns='{MAIN}'><si>{runs}</si></sst>"
    path = write_workbook(tmp_path / "a.xlsx", SheetParts("s", [[Cell("0", "s")]]))
    rewritten = tmp_path / "b.xlsx"
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(rewritten, "w") as new:
        for name in old.namelist():
            new.writestr(name, text if name == "xl/sharedStrings.xml" else old.read(name))
    assert lines(rewritten) == [(1, ["血壓"])]


def test_merged_cells(tmp_path: Path) -> None:
    sheet = SheetParts(
        "s",
        [["가", "나", None], [None, "다", None], [None, None, "라"], ["마"]],
        merged=["A1:A3", "B1:C1", "B2:B3"],
    )
    found = open_sheets(write_workbook(tmp_path / "a.xlsx", sheet), "a.xlsx", lambda *_: None)[0]
    below = list(fill_down(found.lines(Problems()), found.merged))
    assert [line.cells for line in below] == [["가", "나"], ["가", "다"], ["가", "다", "라"], ["마"]]
    assert [line.filled for line in below] == [[0, 1], [1], [2], [0]]
    head = list(found.lines(Problems()))[:2]
    assert fill_header(head, found.merged) == [["가", "나", "나"], ["가", "다", ""]]


def test_what_is_no_workbook_is_named(tmp_path: Path) -> None:
    good = write_workbook(tmp_path / "good.xlsx", SheetParts("s", [["a" * 5000, "b"]] * 50)).read_bytes()
    cases = {
        "cut.xlsx": (good[: len(good) // 2], "cut off or damaged"),
        "text.xlsx": (b"a,b\n1,2\n", "is no XLSX workbook"),
        "none.xlsx": (b"", "is empty"),
        "old.xls": (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "Workbook".encode("utf-16-le"),
            "save it as .xlsx",
        ),
        "locked.xlsx": (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "EncryptedPackage".encode("utf-16-le"),
            "locked with a password",
        ),
        "drm.xlsx": (
            b"\x9b\x20DRMONE  This Document is encrypted and protected by Fasoo DRM",
            "document-security",
        ),
        "softcamp.xlsx": (b"SCDSA002\x00\x00", "document-security"),
        "web.xls": (b"<html><table><tr><td>\xba\xaf\xbc\xf6</td></tr></table></html>", "a web page or XML"),
    }
    for name, (content, what) in cases.items():
        path = tmp_path / name
        path.write_bytes(content)
        assert what in refused(path), name


def test_other_zip_containers_are_named(tmp_path: Path) -> None:
    for name, members, what in (
        ("a.ods", {"content.xml": "<a/>"}, "OpenDocument"),
        ("a.zip", {"a.csv": "a"}, "holds no workbook"),
    ):
        with zipfile.ZipFile(tmp_path / name, "w") as file:
            for member, text in members.items():
                file.writestr(member, text)
        assert what in refused(tmp_path / name)


def test_a_bomb_is_refused_before_it_unpacks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from knowledge.catalog.importers.sheets import container

    monkeypatch.setattr(container, "MOST_UNPACKED", 1_000_000)
    path = write_workbook(
        tmp_path / "a.xlsx", SheetParts("s", [["x"]]), parts={"xl/media/a.bin": "0" * 2_000_000}
    )
    assert "would unpack to" in refused(path)


def test_a_member_that_is_longer_than_it_says_is_refused(tmp_path: Path) -> None:
    path = write_workbook(tmp_path / "a.xlsx", SheetParts("s", [["x"]] * 200))
    with zipfile.ZipFile(path) as file:
        size = file.getinfo("xl/worksheets/sheet1.xml").file_size
    raw = path.read_bytes()
    assert raw.count(size.to_bytes(4, "little")) == 2
    path.write_bytes(raw.replace(size.to_bytes(4, "little"), (size - 100).to_bytes(4, "little")))
    assert "cut off or damaged" in refused(path)


@pytest.mark.parametrize(
    ("sheet", "what"),
    [
        (
            "<worksheet><sheetData><row r='1'><c r='A1' t='s'><v>99</v></c></row></sheetData></worksheet>",
            "refers to a text",
        ),
        (
            "<worksheet><sheetData><row r='1'><c r='ZZZ1'><v>1</v></c></row></sheetData></worksheet>",
            "out of its place",
        ),
        ("<worksheet><sheetData><row r='1'><c r='A1'><v>1</v>", "cannot be read"),
        ("<!DOCTYPE x [<!ENTITY a 'aaaa'>]><worksheet/>", "document type"),
    ],
)
def test_a_broken_sheet_is_refused(tmp_path: Path, sheet: str, what: str) -> None:
    path = write_workbook(tmp_path / "a.xlsx", SheetParts("s", [["x"]]))
    rewritten = tmp_path / "b.xlsx"
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(rewritten, "w") as new:
        for name in old.namelist():
            new.writestr(name, sheet if name.endswith("sheet1.xml") else old.read(name))
    text = refused(rewritten)
    assert what in text and text.startswith("b.xlsx [s]")


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("General", Kind.PLAIN),
        ("0.00", Kind.PLAIN),
        ("#,##0", Kind.PLAIN),
        ("0.00E+00", Kind.PLAIN),
        ("@", Kind.PLAIN),
        ('0"세"', Kind.PLAIN),
        ("yyyy-mm-dd", Kind.DATE),
        ("[$-412]m월 d일", Kind.DATE),
        ('yyyy"년"', Kind.DATE),
        ("mm/yy", Kind.DATE),
        ("hh:mm AM/PM", Kind.TIME),
        ("[h]:mm", Kind.TIME),
        ("0.0%", Kind.PERCENT),
        ("[Red]0%;[Blue]-0%", Kind.PERCENT),
        ("00000", Kind.PADDED),
        ("_-* #,##0_-", Kind.PLAIN),
    ],
)
def test_number_formats(code: str, kind: Kind) -> None:
    assert kind_of(code)[0] is kind


def test_a_number_out_of_the_range_of_days_stays_a_number() -> None:
    assert number_text("99999999", Kind.DATE, 0, 1904) == "99999999"
    assert number_text("-1", Kind.DATE, 0, 1900) == "-1"
    assert number_text("2957003", Kind.DATE, 0, 1904) == "9999-12-31"
