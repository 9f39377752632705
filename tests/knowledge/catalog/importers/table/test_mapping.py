"""Dictionaries read with a mapping file, and what a wrong one says."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from knowledge.catalog.importers import read_dictionary
from knowledge.catalog.importers.dictionary import Dictionary
from knowledge.catalog.importers.table.mapping_file import read_mapping
from knowledge.errors import CatalogInvalid
from tests.knowledge.catalog.importers.dictionaries import first, variables
from tests.knowledge.catalog.importers.workbooks import SheetParts, write_workbook

Mapped = Callable[..., Dictionary]
STRANGE = SheetParts(
    "자료",
    [
        ["우리 병원 자료"],
        ["식별명", "뜻", "종류", "쓰는 값", "사용", "빠진 비율", "묶음", "뜻 2"],
        ["sbp", "혈압", "가", None, "Y", 0.125, "활력", "앉아서"],
        ["sex", "성별", "나", "1/남#2/여", "Y", 0, None, None],
        ["old", "옛것", "나", None, "N", 0, None, None],
        ["끝"],
    ],
)
FULL = """\
dataset: ward
sheets:
  자료:
    columns:
      name: 식별명
      label_ko: 뜻
      type: 종류
      values: 쓰는 값
      missing_pct: {header: 빠진 비율, times: 100}
      section: 묶음
      description: [뜻, 뜻 2]
    constants: {table: patient, granularity: per patient}
    maps:
      type: {가: decimal, 나: code}
    values: {between: "#", inside: /}
    fill: [section]
    skip:
      - {column: 사용, is: [N]}
      - {starts: 끝}
"""


@pytest.fixture
def mapped(tmp_path: Path) -> Mapped:
    """Write a workbook and a mapping, and read the one by the other."""

    def mapped(mapping: str, *sheets: SheetParts) -> Dictionary:
        (tmp_path / "mapping.yaml").write_text(mapping, encoding="utf-8")
        path = write_workbook(tmp_path / "사전.xlsx", *(sheets or (STRANGE,)))
        return read_dictionary("table", path, mapping=tmp_path / "mapping.yaml")

    return mapped


def test_all_that_a_mapping_can_say(mapped: Mapped) -> None:
    dictionary = mapped(FULL)
    assert dictionary.problems == ()
    shared = {"dataset": "ward", "table": "patient", "granularity": "per patient", "section": "활력"}
    assert variables(dictionary) == {
        "sbp": {
            **shared,
            "name": "sbp",
            "label_ko": "혈압",
            "type": "decimal",
            "missing_pct": "12.5",
            "description_ko": "혈압 / 앉아서",
        },
        "sex": {
            **shared,
            "name": "sex",
            "label_ko": "성별",
            "type": "code",
            "values": "1=남|2=여",
            "missing_pct": "0",
            "description_ko": "성별",
        },
    }
    assert dict(first(dictionary, "datasets")) == {"dataset": "ward"}


def test_a_mapping_for_every_sheet_needs_no_names(mapped: Mapped) -> None:
    sheets = [
        SheetParts("가", [["식별명", "뜻"], ["a", "ㄱ"]]),
        SheetParts("나", [["식별명", "뜻"], ["b", "ㄴ"]]),
        SheetParts("표지", [["제목"]]),
    ]
    dictionary = mapped("columns: {name: 식별명, label: 뜻}", *sheets)
    assert [(row.cells["table"], row.cells["name"]) for row in dictionary.rows["variables"]] == [
        ("가", "a"),
        ("나", "b"),
    ]
    assert "[표지]: the sheet was left out; it has none of the columns" in dictionary.problems[0]


def test_columns_by_letter_without_a_header(mapped: Mapped) -> None:
    dictionary = mapped(
        "header: none\nfirst_row: 2\nlast_row: 3\ncolumns: {name: {column: B}, label_ko: {column: A}}\n",
        SheetParts("s", [["", "제목"], ["혈압", "sbp"], ["성별", "sex"], ["꼬리", "x"]]),
    )
    assert {name: cells["label_ko"] for name, cells in variables(dictionary).items()} == {
        "sbp": "혈압",
        "sex": "성별",
    }


def test_two_header_rows_and_headers_in_any_writing(mapped: Mapped) -> None:
    dictionary = mapped(
        "header: [2, 3]\ncolumns: {name: 이름 / 영문, label_ko: 이름/한글, unit: 단 위}\n",
        SheetParts(
            "s",
            [[], ["이름", None, "단위"], ["영문", "한글", None], ["sbp", "혈압", "mmHg"]],
            merged=["A2:B2", "C2:C3"],
        ),
    )
    assert dict(variables(dictionary)["sbp"]) == {
        "dataset": "사전",
        "name": "sbp",
        "label_ko": "혈압",
        "unit": "mm[Hg]",
    }


def test_codes_concepts_and_hidden_sheets_by_name(mapped: Mapped) -> None:
    dictionary = mapped(
        """
sheets:
  변수: {columns: {name: 이름, group: 목록, concept: {header: 표준, prefix: "LOINC:"}}}
  숨은 코드: {holds: codes, columns: {group: 목록, code: 값, code_label: 뜻}}
  개념: {holds: concepts, columns: {concept: 표준, name_ko: 뜻}}
  메모*: {holds: nothing}
""",
        SheetParts("변수", [["이름", "목록", "표준"], ["sex", "L1", None], ["sbp", None, "8480-6"]]),
        SheetParts("숨은 코드", [["목록", "값", "뜻"], ["L1", 1, "남"]], state="hidden"),
        SheetParts("개념", [["표준", "뜻"], ["LOINC:8480-6", "수축기혈압"]]),
        SheetParts("메모 1", [["아무 말"]]),
    )
    assert dictionary.problems == ()
    assert (
        variables(dictionary)["sex"]["values"] == "1=남"
        and variables(dictionary)["sbp"]["concept"] == "LOINC:8480-6"
    )
    assert [dict(row.cells) for row in dictionary.rows["concepts"]] == [
        {"concept": "LOINC:8480-6", "name_ko": "수축기혈압"}
    ]


def test_text_in_a_mapping_stays_text(mapped: Mapped) -> None:
    dictionary = mapped(
        "columns: {name: 이름, sensitive: 민감}\nmaps: {sensitive: {no: N, 01: Y}}\n",
        SheetParts("s", [["이름", "민감"], ["a", "01"], ["b", "no"]]),
    )
    assert [cells["sensitive"] for cells in variables(dictionary).values()] == ["true", "false"]


WRONG = [
    ("colums: {name: a}", "mapping.yaml:1: colums: there is no such key; did you mean 'columns'?"),
    ("columns: {nam: a}", "mapping.yaml:1: columns.nam: there is no such key; did you mean 'name'?"),
    ("columns: {label: 뜻}", "mapping.yaml:1: columns: it lacks 'name'"),
    ("columns:\n  name: 식별명\n  name: 뜻", "mapping.yaml:3: columns.name: the key stands twice"),
    ("columns: {name: 식별명}\nheader: zero", "mapping.yaml:2: header: 'zero' is no row number"),
    (
        "columns: {name: 식별명}\nheader: [3, 2]",
        "mapping.yaml:2: header: give one row number, two in order, or none",
    ),
    ("columns: {name: {header: 식별명, column: A}}", "columns.name: give it either header or column"),
    ("columns: {name: {column: 3}}", "columns.name.column: '3' is no column of a spreadsheet"),
    ("columns: {name: {header: 식별명, times: x}}", "columns.name.times: 'x' is no number"),
    ("columns: {name: 식별명}\nholds: things", "holds: 'things' is none of variables, codes"),
    ("columns: {name: 식별명}\nencoding: klingon", "encoding: 'klingon' is no encoding"),
    ("columns: {name: 식별명}\ndelimiter: x", "delimiter: 'x' is no separator"),
    ("columns: {name: 식별명}\nmaps: {unit: {a: b}}", "maps.unit: there is no such key"),
    ("columns: {name: 식별명}\nfill: [unit]", "fill[1]: 'unit' is none of name"),
    ("columns: {name: 식별명}\nskip: [{column: a}]", "skip[1]: give it column and is, or starts"),
    (
        "sheets: {자료: {columns: {name: 식별명}}}\nheader: 1",
        "mapping.yaml:2: header: it stands beside 'sheets'",
    ),
    (
        "sheets: {자료: {holds: codes, columns: {code: 식별명, code_label: 뜻}}}",
        "no sheet holds variables or tables",
    ),
    ("columns: [a", "mapping.yaml:1: it is not YAML"),
    ("- a", "this is no set of keys"),
    ("", "it lacks 'name'"),
    ("a: &x {b: 1}\ncolumns: *x", "mapping.yaml:2: columns: it refers to another place"),
    # wrong about the sheets
    ("sheets: {없는 것: {columns: {name: 식별명}}}", "mapping.yaml: sheets.없는 것: no sheet is called so"),
    ("columns: {name: 식별면}", "mapping.yaml: columns: no sheet has a header with 식별면"),
    (
        "columns: {name: 식별명, label_ko: 뜻3}",
        "mapping.yaml: columns.label_ko: there is no column '뜻3' in row 2; did you mean '뜻'?",
    ),
    (
        "sheets: {자료: {columns: {name: 식별명, unit: 전혀다른것}}}",
        "mapping.yaml: sheets.자료.columns.unit: there is no column '전혀다른것' in row 2;"
        " the columns are 식별명",
    ),
]


@pytest.mark.parametrize(("mapping", "what"), WRONG)
def test_a_wrong_mapping_names_its_key(mapped: Mapped, mapping: str, what: str) -> None:
    with pytest.raises(CatalogInvalid) as error:
        mapped(mapping)
    assert what in str(error.value)


def test_a_header_that_stands_twice_is_named_by_its_letter(mapped: Mapped) -> None:
    sheet = SheetParts("s", [["변수", "단위", "단위"], ["sbp", "mmHg", "kPa"]])
    with pytest.raises(CatalogInvalid, match=r"columns\.unit: '단위' stands in the columns B, C of row 1"):
        mapped("columns: {name: 변수, unit: 단위}", sheet)
    assert variables(mapped("columns: {name: 변수, unit: {column: C}}", sheet))["sbp"]["unit"] == "kPa"


def test_a_column_that_one_of_several_sheets_lacks_is_told(mapped: Mapped) -> None:
    sheets: Sequence[SheetParts] = [
        SheetParts("가", [["변수", "단위"], ["a", "kg"]]),
        SheetParts("나", [["변수"], ["b"]]),
    ]
    dictionary = mapped("columns: {name: 변수, unit: 단위}", *sheets)
    assert len(dictionary.rows["variables"]) == 2
    assert dictionary.problems == (
        "사전.xlsx [나]: there is no column '단위' in row 1; the columns are 변수"
        " (mapping.yaml: columns.unit)",
    )


def test_the_mapping_to_begin_with_is_one(tmp_path: Path, mapped: Mapped) -> None:
    path = write_workbook(
        tmp_path / "사전.xlsx",
        SheetParts("변수: 목록", [["변수명", "단위", "단위", "설명"], ["a", "kg", "g", "가"]]),
    )
    with pytest.raises(CatalogInvalid) as error:
        read_dictionary("table", path)
    (tmp_path / "begin.yaml").write_text(error.value.hint.split("\n\n", 1)[1], encoding="utf-8")
    mapping = read_mapping(tmp_path / "begin.yaml")
    assert mapping.sheets[0].pattern == "변수: 목록" and mapping.sheets[0].header == (1,)
    assert mapping.sheets[0].columns["name"].headers == ("변수명",)
