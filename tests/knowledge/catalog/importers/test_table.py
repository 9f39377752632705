"""Dictionaries of many shapes, read without a mapping."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pytest

from knowledge.catalog.importers import read_dictionary
from knowledge.catalog.importers.dictionary import Dictionary
from knowledge.errors import CatalogInvalid
from tests.knowledge.catalog.importers.dictionaries import first, variables
from tests.knowledge.catalog.importers.workbooks import Cell, SheetParts, write_workbook

Book = Callable[..., Dictionary]


@pytest.fixture
def book(tmp_path: Path) -> Book:
    """Write a workbook and read it."""

    def book(
        *sheets: SheetParts, name: str = "사전.xlsx", dataset: str | None = None, **options: object
    ) -> Dictionary:
        return read_dictionary("table", write_workbook(tmp_path / name, *sheets, **options), dataset=dataset)  # type: ignore[arg-type]

    return book


@pytest.fixture
def text(tmp_path: Path) -> Book:
    """Write a text file and read it."""

    def text(
        content: str, name: str = "사전.csv", encoding: str = "utf-8", dataset: str | None = None
    ) -> Dictionary:
        path = tmp_path / name
        path.write_bytes(content.encode(encoding))
        return read_dictionary("table", path, dataset=dataset)

    return text


def problem(dictionary: Dictionary, words: str) -> str:
    found = [line for line in dictionary.problems if words in line]
    assert len(found) == 1, dictionary.problems
    return found[0]


PLAIN = (
    "변수명,항목명,설명,자료형,단위,코드값,결측률,비고\n"
    "SBP,수축기혈압,앉은 자세에서 측정,숫자,mmHg,,12.5%,\n"
    'SEX,성별,,코드,-,"1: 남, 2: 여",<5,필수 항목\n'
)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp949", "euc-kr", "utf-16", "utf-16-le"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_encodings_and_separators(text: Book, encoding: str, delimiter: str) -> None:
    content = PLAIN.replace('"1: 남, 2: 여"', "1: 남 2: 여").replace(",", delimiter)
    dictionary = text(content, encoding=encoding)
    assert dictionary.problems == ()
    assert variables(dictionary) == {
        "SBP": {
            "dataset": "사전",
            "name": "SBP",
            "label_ko": "수축기혈압",
            "description_ko": "앉은 자세에서 측정",
            "type": "decimal",
            "unit": "mm[Hg]",
            "missing_pct": "12.5%",
        },
        "SEX": {
            "dataset": "사전",
            "name": "SEX",
            "label_ko": "성별",
            "description_ko": "필수 항목",
            "type": "code",
            "values": "1=남|2=여",
            "missing_pct": "<5",
        },
    }


HEADERS = [
    ("변수명,한글명,설명", {"name": "a", "label_ko": "나", "description_ko": "다"}),
    ("컬럼ID,컬럼명,컬럼설명", {"name": "a", "label_ko": "나", "description_ko": "다"}),
    ("변수명(영문),변수명(한글),정의", {"name": "a", "label_ko": "나", "description_ko": "다"}),
    ("영문명,한글명,내용", {"name": "a", "label_ko": "나", "description_ko": "다"}),
    ("물리명,논리명,비고", {"name": "a", "label_ko": "나", "description_ko": "다"}),
    ("항목코드,항목명,상세설명", {"name": "a", "label_ko": "나", "description_ko": "다"}),
    ("Variable Name,Label,Description", {"name": "a", "label_ko": "나", "description_ko": "다"}),
    ("변수 ID,변수명,변수 설명", {"name": "a", "label_ko": "나", "description_ko": "다"}),
    ("variable,korean name,comment", {"name": "a", "label_ko": "나", "description_ko": "다"}),
    ("필드명,라벨,참고사항", {"name": "a", "label_ko": "나", "description_ko": "다"}),
    ("테이블명,컬럼명,설명", {"table": "a", "name": "나", "label_ko": "다", "description_ko": "다"}),
]


@pytest.mark.parametrize(("header", "cells"), HEADERS)
def test_headers(text: Book, header: str, cells: Mapping[str, str]) -> None:
    (row,) = text(f"{header}\na,나,다\n", dataset="d").rows["variables"]
    assert dict(row.cells) == {"dataset": "d", **cells}


def test_two_header_rows_with_merged_cells(book: Book) -> None:
    sheet = SheetParts(
        "변수",
        [
            ["○○병원 데이터 사전 (v1.2)"],
            [],
            [None, "변수명", None, "자료형", "코드", None, "결측", None],
            [None, "영문", "한글", None, "값", "의미", "건수", "비율"],
            [1, "SEX", "성별", "범주형", 1, "남", 12, Cell("0.031", style="percent")],
            [None, None, None, None, 2, "여"],
            [None, None, None, None, 9, "미상"],
            [2, "AGE", "나이", "숫자", None, None, 0, Cell("0", style="percent")],
            [],
            ["※ 본 자료는 내부용입니다"],
        ],
        merged=["A1:H1", "B3:C3", "D3:D4", "E3:F3", "G3:H3", "B5:B7", "C5:C7", "D5:D7"],
    )
    dictionary = book(sheet)
    assert variables(dictionary) == {
        "SEX": {
            "dataset": "사전",
            "name": "SEX",
            "label_ko": "성별",
            "type": "code",
            "values": "1=남|2=여|9=미상",
            "missing_pct": "3.1%",
        },
        "AGE": {"dataset": "사전", "name": "AGE", "label_ko": "나이", "type": "decimal", "missing_pct": "0%"},
    }
    assert [row.number for row in dictionary.rows["variables"]] == [5, 8]
    assert "결측/건수" in problem(dictionary, "사전.xlsx [변수]:4: these columns have no place")
    assert "(10)" in problem(dictionary, "taken for headings or remarks")


def test_empty_rows_and_columns_before_the_table_and_sections_in_it(book: Book) -> None:
    dictionary = book(
        SheetParts(
            "S",
            cells={
                "D6": "No",
                "E6": "변수명",
                "F6": "설명",
                "G6": "단위",
                "D7": "■ 활력징후",
                "D8": "1",
                "E8": "sbp",
                "F8": "수축기혈압",
                "G8": "mmHg",
                "D9": "■ 검사",
                "D10": "2",
                "E10": "crp",
                "F10": "C반응단백",
                "G10": "mg/dL",
                "D11": "총 2개 변수",
            },
        )
    )
    assert {name: (cells["section"], cells["unit"]) for name, cells in variables(dictionary).items()} == {
        "sbp": ("활력징후", "mm[Hg]"),
        "crp": ("검사", "mg/dL"),
    }
    assert [row.number for row in dictionary.rows["variables"]] == [8, 10]


def test_a_section_column_of_merged_cells(book: Book) -> None:
    dictionary = book(
        SheetParts(
            "S",
            [
                ["대분류", "중분류", "변수명", "설명"],
                ["환자", "기본", "sex", "성별"],
                [None, None, "age", "나이"],
                [None, "사회력", "smoke", "흡연"],
            ],
            merged=["A2:A4", "B2:B3"],
        )
    )
    assert [cells["section"] for cells in variables(dictionary).values()] == [
        "환자 / 기본",
        "환자 / 기본",
        "환자 / 사회력",
    ]


def test_a_sheet_per_table_with_what_it_is_about_above(book: Book) -> None:
    def sheet(id: str, title: str) -> SheetParts:
        return SheetParts(
            title,
            [
                ["테이블 정의서"],
                ["시스템명", "EMR", "작성일", Cell("45000", style="date")],
                ["테이블ID", id, "테이블명", title],
                ["No", "컬럼ID", "컬럼명", "타입", "길이", "NULL", "KEY", "설명"],
                [1, "PT_NO", "환자번호", "VARCHAR2", 10, "N", "PK", "가명"],
                [2, "REG_DT", "일자", "DATE"],
            ],
            merged=["A1:H1"],
        )

    cover = SheetParts("표지", [["데이터 사전"], [], ["2023"]])
    backup = SheetParts("백업", [["변수명", "설명"], ["old", "옛"]], state="hidden")
    dictionary = book(cover, sheet("TB_PT", "환자기본"), sheet("TB_LAB", "검사결과"), backup, dataset="emr")
    assert [dict(row.cells) for row in dictionary.rows["tables"]] == [
        {"dataset": "emr", "table": "TB_PT", "title_ko": "환자기본"},
        {"dataset": "emr", "table": "TB_LAB", "title_ko": "검사결과"},
    ]
    assert [(row.file, row.cells["table"], row.cells["name"]) for row in dictionary.rows["variables"]] == [
        ("사전.xlsx [환자기본]", "TB_PT", "PT_NO"),
        ("사전.xlsx [환자기본]", "TB_PT", "REG_DT"),
        ("사전.xlsx [검사결과]", "TB_LAB", "PT_NO"),
        ("사전.xlsx [검사결과]", "TB_LAB", "REG_DT"),
    ]
    assert [file.name for file in dictionary.files] == ["사전.xlsx [환자기본]", "사전.xlsx [검사결과]"]
    problem(dictionary, "사전.xlsx [표지]: the sheet was left out")
    problem(dictionary, "사전.xlsx [백업]: the sheet is hidden")
    assert "left out: 길이;" in problem(dictionary, "[환자기본]:4: these columns")
    assert dictionary.rows["variables"][0].cells["description_ko"] == "가명. 필수 항목이다. 기본 키이다."


def test_a_sheet_may_be_called_by_title_and_id(book: Book) -> None:
    names = ("환자기본(PT_BASE)", "HD_ORD 투석처방")
    sheets = [SheetParts(name, [("컬럼명", "설명"), ("a", "가")]) for name in names]
    assert [(row.cells["table"], row.cells["title_ko"]) for row in book(*sheets).rows["tables"]] == [
        ("PT_BASE", "환자기본"), ("HD_ORD", "투석처방"),
    ]


def test_sheets_without_a_table_name_are_tables(book: Book) -> None:
    dictionary = book(
        SheetParts("환자", [["변수명", "설명"], ["a", "가"]]),
        SheetParts("검사", [["변수명", "설명"], ["a", "나"]]),
    )
    assert [row.cells["table"] for row in dictionary.rows["variables"]] == ["환자", "검사"]


def test_several_tables_below_each_other(book: Book) -> None:
    dictionary = book(
        SheetParts(
            "정의",
            [
                ["테이블ID", "TB_PT", None, "테이블명", "환자기본"],
                ["컬럼ID", "컬럼명", "타입", "설명"],
                ["A1", "가", "NUMBER(5)", "가설명"],
                [],
                ["테이블ID", "TB_LAB", None, "테이블명", "검사"],
                ["작성자", "홍길동"],
                ["컬럼ID", "컬럼명", "타입", "설명"],
                ["A1", "나", "DATE", "나설명"],
            ],
        )
    )
    assert [
        (row.number, row.cells["table"], row.cells["label_ko"]) for row in dictionary.rows["variables"]
    ] == [
        (3, "TB_PT", "가"),
        (8, "TB_LAB", "나"),
    ]


def test_a_variable_that_is_called_like_a_label_is_a_variable(text: Book) -> None:
    dictionary = text("변수명,설명,유형\nregistry,등록 여부,Y/N\nschema,스키마,문자\n")
    assert list(variables(dictionary)) == ["registry", "schema"]


def test_headers_that_stand_again_on_each_page(text: Book) -> None:
    dictionary = text("변수명,설명,단위\na,가,kg\n변수명,설명,단위\nb,나,cm\n")
    assert list(variables(dictionary)) == ["a", "b"] and dictionary.problems == ()


CODES = SheetParts(
    "코드집",
    [
        ["코드그룹", "코드", "코드명"],
        ["CD_SEX", "01", "남"],
        [None, "02", "여"],
        ["CD_X", "1", "가"],
        ["CD_X", "1", "나"],
    ],
)


def test_lists_of_codes_datasets_and_tables_in_sheets_of_their_own(book: Book) -> None:
    dictionary = book(
        SheetParts(
            "변수목록",
            [
                ["데이터셋", "테이블", "변수명", "한글명", "유형", "코드그룹", "LOINC", "민감정보"],
                ["코로나19 등록", "person", "sex", "성별", "코드", "CD_SEX", None, "N"],
                ["코로나19 등록", "lab", "crp", "C반응단백", "숫자", None, "1988-5", "○"],
                ["코로나19 등록", "lab", "res", "결과", "코드", "CD_NONE", "1988-6", "검토"],
            ],
        ),
        CODES,
        SheetParts(
            "데이터셋",
            [
                ["데이터셋명", "설명", "기관명", "수집기간", "갱신주기", "최소연령", "최종갱신일"],
                [
                    "코로나19 등록",
                    "등록 자료",
                    "서울병원",
                    "2020.01 ~ 현재",
                    "매월",
                    "18세",
                    Cell("45000", style="date"),
                ],
            ],
        ),
        SheetParts(
            "테이블목록",
            [
                ["테이블ID", "테이블명", "설명"],
                ["person", "대상자", "사람"],
                ["lab", "검사", "검사실"],
                ["etc", "기타", "빈 표"],
            ],
        ),
    )
    assert dict(first(dictionary, "datasets")) == {
        "dataset": "코로나19_등록",
        "title_ko": "코로나19 등록",
        "description_ko": "등록 자료",
        "hospital": "서울병원",
        "update_frequency": "매월",
        "age_min": "18",
        "period_start": "2020-01",
        "last_updated": "2023-03-15",
    }
    assert [(row.cells["table"], row.cells["title_ko"]) for row in dictionary.rows["tables"]] == [
        ("person", "대상자"),
        ("lab", "검사"),
        ("etc", "기타"),
    ]
    cells = variables(dictionary)
    assert (cells["sex"]["values"], cells["sex"]["sensitive"]) == ("01=남|02=여", "false")
    assert (cells["crp"]["concept"], cells["crp"]["sensitive"]) == ("LOINC:1988-5", "true")
    assert dict(first(dictionary, "concepts")) == {
        "concept": "LOINC:1988-5",
        "code_system": "LOINC",
        "code": "1988-5",
    }
    assert not cells["res"].keys() & {"concept", "values", "sensitive"}
    for words in (
        "[코드집]:5: code '1' of 'CD_X' stands twice",
        "[변수목록]:4: the list of codes 'CD_NONE' is in no sheet",
        "[변수목록]:4: the variable was kept without its sensitive mark",
        "wrong check digit",
        "[코드집]:4: a list of codes belongs to no variable",
    ):
        problem(dictionary, words)


def test_a_code_sheet_by_variable_and_table(book: Book) -> None:
    codes = SheetParts(
        "코드",
        [["테이블", "변수명", "코드값", "코드값 의미"], ["a", "sex", 1, "남"], ["b", "sex", "M", "남자"]],
    )
    variables_ = SheetParts(
        "변수", [["테이블", "변수명", "설명"], ["a", "sex", "성별"], ["b", "sex", "성별"]]
    )
    dictionary = book(variables_, codes)
    assert [row.cells["values"] for row in dictionary.rows["variables"]] == ["1=남", "M=남자"]


@pytest.mark.parametrize(
    "rows",
    [
        [["sex", "성별", 1, "남"], ["sex", "성별", 2, "여"], ["age", "나이", None, None]],
        [["sex", "성별", 1, "남"], [None, None, 2, "여"], ["age", "나이", None, None]],
    ],
)
def test_a_row_per_code(book: Book, rows: Sequence[Sequence[object]]) -> None:
    cells = variables(book(SheetParts("S", [["변수명", "변수설명", "코드", "코드명"], *rows])))
    assert cells["sex"]["values"] == "1=남|2=여" and "values" not in cells["age"]


def test_a_list_that_goes_on_in_the_rows_below(text: Book) -> None:
    assert (
        variables(text("변수명,설명,코드값\nsex,성별,1: 남\n,,2: 여\nage,나이,\n"))["sex"]["values"]
        == "1=남|2=여"
    )


def test_a_duplicate_stays_for_the_validators_to_name(text: Book) -> None:
    dictionary = text(
        '변수명,설명,코드값\nsex,성별,"1: 남, 2: 여"\nsex,성별,"1: 남, 2: 여"\nsex,성별,"0: 여, 1: 남"\n'
    )
    assert [row.number for row in dictionary.rows["variables"]] == [2, 3, 4]


def test_a_range_goes_to_the_description(text: Book) -> None:
    cells = variables(text("변수명,설명,허용값\nsbp,혈압,0~300\nday,날짜,YYYY-MM-DD\n"))
    assert cells["sbp"]["description_ko"] == "혈압 / 범위: 0~300"
    assert cells["day"]["description_ko"] == "날짜"


def test_what_cannot_be_read_is_told_and_the_variable_kept(text: Book) -> None:
    dictionary = text(
        "변수명,설명,코드값,결측률\n"
        'x,엑스,"이것은 코드 목록이 아닙니다, 설명 문장이므로 읽을 수 없습니다",많음\n'
    )
    assert dict(variables(dictionary)["x"]) == {
        "dataset": "사전", "name": "x", "label_ko": "엑스",
        "description_ko": "엑스 / 값: 이것은 코드 목록이 아닙니다, 설명 문장이므로 읽을 수 없습니다",
    }
    assert "사전.csv:2:" in problem(dictionary, "without its values")
    assert "'많음'" in problem(dictionary, "without its missing rate")


def test_formulas_without_a_result(book: Book) -> None:
    dictionary = book(
        SheetParts(
            "S",
            [
                ["변수명", "설명", "단위"],
                ["a", Cell(None, formula="B9"), "kg"],
                ["b", Cell("#REF!", "e"), "kg"],
                ["c", Cell("결과", "str", formula="B9"), "kg"],
            ],
        )
    )
    assert variables(dictionary)["c"]["description_ko"] == "결과"
    assert "[S]:2:" in problem(dictionary, "saved without its result")
    assert "[S]:3:" in problem(dictionary, "gives #REF!")


def test_codes_keep_their_zeros_and_numbers_as_text_are_text(book: Book) -> None:
    dictionary = book(
        SheetParts(
            "S",
            [
                ["변수명", "코드", "코드명"],
                ["dept", Cell("1", style="padded"), "내과"],
                ["dept", "002", "외과"],
                ["dept", 3, "소아과"],
            ],
        )
    )
    assert variables(dictionary)["dept"]["values"] == "001=내과|002=외과|3=소아과"


def test_a_folder_is_a_table_per_file(tmp_path: Path) -> None:
    folder = tmp_path / "등록"
    folder.mkdir()
    (folder / "검사.csv").write_bytes("변수명,설명\na,가\n".encode("cp949"))
    write_workbook(folder / "환자.xlsx", SheetParts("Sheet1", [["변수명", "설명"], ["b", "나"]]))
    (folder / "~$환자.xlsx").write_bytes(b"lock")
    dictionary = read_dictionary("table", folder)
    assert [(row.file, row.cells["dataset"], row.cells["name"]) for row in dictionary.rows["variables"]] == [
        ("검사.csv", "등록", "a"),
        ("환자.xlsx [Sheet1]", "등록", "b"),
    ]


def test_english_labels_and_both_languages(text: Book) -> None:
    cells = variables(
        text(
            "name,label,description,type\nsbp,Systolic pressure (SBP) ,Sitting,integer\n"
            "wt,체중 (Body weight),,float\n"
        )
    )
    assert cells["sbp"]["label_en"] == "Systolic pressure (SBP)" and cells["sbp"]["aliases"] == "SBP"
    assert (cells["wt"]["label_ko"], cells["wt"]["label_en"]) == ("체중", "Body weight")


def test_the_dataset_that_is_asked_for(text: Book) -> None:
    dictionary = text("데이터셋,테이블명,변수명,설명\nx,t,a,가\ny,u,b,나\n", dataset="both")
    assert {row.cells["dataset"] for row in dictionary.rows["variables"]} == {"both"}
    problem(dictionary, "it names 2 datasets (x, y)")
    told = text("데이터셋,변수명,설명\nx,a,가\ny,b,나\n", dataset="both")
    assert [(row.cells["dataset"], row.cells["table"]) for row in told.rows["tables"]] == [
        ("both", "x"), ("both", "y"),
    ]
    apart = text("데이터셋,변수명,설명\nx,a,가\ny,b,나\n")
    assert [row.cells["dataset"] for row in apart.rows["datasets"]] == ["x", "y"]


RADX = '''\
Id,Aliases,Label,Description,Cardinality,Terms,Datatype,Pattern,Unit,Enumeration,\
MissingValueCodes,Notes,Provenance
race,kin|stock,Race,As told,single,,integer,,,"""0""=[not known] | ""1""=[Asian](http://x.org/a)",\
"""98""=[would not say]",,Common element 7
temp,,Temperature,,multiple,http://purl.obolibrary.org/obo/CMO_0000015,decimal,,Cel,,,LOINC 8310-5,
'''


def test_the_rows_of_a_shared_research_dictionary(text: Book) -> None:
    dictionary = text(RADX)
    race, temp = (row.cells for row in dictionary.rows["variables"])
    assert race["values"] == "0=not known|1=Asian" and race["missing_codes"] == "98=would not say"
    assert (race["name"], race["aliases"], race["provenance"]) == ("race", "kin|stock", "Common element 7")
    assert (temp["unit"], temp["concept"]) == ("Cel", "CMO:0000015")
    assert temp["description_en"] == "LOINC 8310-5. Several answers may be chosen."
    problem(dictionary, "left out: Pattern")


def test_what_else_a_row_says(text: Book) -> None:
    said = variables(text(
        "변수명,한글명,자료형,단위,비고,필수여부\nuf,여과량 (mL),숫자,,,필수\n"
        "lac,젖산,숫자,,단위: mmol/L LOINC 2524-7,N\nday,검사일,날짜,YYYY-MM-DD,,\nsite,부위(복수),코드,,,\n"
    ))
    assert said["uf"]["unit"] == "mL" and said["uf"]["description_ko"] == "필수 항목이다."
    assert said["lac"]["unit"] == "mmol/L" and said["lac"]["concept"] == "LOINC:2524-7"
    assert "unit" not in said["day"] and said["day"]["description_ko"] == "형식: YYYY-MM-DD."
    rest = variables(text(
        "검사코드,검사명,영문검사명,검체,참고치,단위,비고\nL1,혈색소,Hemoglobin,전혈,13.0~17.0,g/dL,\n"
        "L2,항원,HBsAg,혈청,음성,,\nL3,방법,Method,,,,G:전신 R:부위\nL4,비만도,BMI,,kg/m2,,\n"
    ))
    assert rest["L1"]["label_en"] == "Hemoglobin" and rest["L1"]["modifier"] == "전혈"
    assert rest["L1"]["description_ko"] == "범위: 13.0~17.0" and rest["L2"]["description_ko"] == "값: 음성"
    assert rest["L3"]["values"] == "G=전신|R=부위"
    assert rest["L4"]["unit"] == "kg/m2" and "values" not in rest["L4"]
    assert said["site"].keys() == {"dataset", "name", "label_ko", "type"}


def test_a_description_is_the_label_where_there_is_no_other(text: Book) -> None:
    said = variables(text(
        "컬럼명,컬럼설명\ndept,진료과\ncost,총 진료비 (원)를 입원 중에 합산한다.\n"
        "size,Largest diameter of the nodule\nlvef,박출률 (LVEF)\n"
    ))
    assert said["dept"]["label_ko"] == "진료과" and "label_ko" not in said["cost"]
    assert said["size"]["label_en"] == "Largest diameter of the nodule"
    assert said["lvef"]["aliases"] == "LVEF"


def test_a_table_below_each_title(book: Book) -> None:
    header, rows = ("컬럼명", "한글명", "타입"), [("OP_CD", "수술코드", "VARCHAR(10)")]
    dictionary = book(SheetParts("Sheet1", [
        ("■ 수술기록 (OP_REC)",), header, *rows, (),
        ("2. 마취기록 (AN_REC)",), header, ("ASA", "등급", "CHAR(1)"),
    ]))
    assert [(row.cells["table"], row.cells["title_ko"]) for row in dictionary.rows["tables"]] == [
        ("OP_REC", "수술기록"), ("AN_REC", "마취기록"),
    ]
    assert [row.cells["table"] for row in dictionary.rows["variables"]] == ["OP_REC", "AN_REC"]
    page = [("눈 코호트 변수 정의서",), header]
    paged = book(SheetParts("Sheet1", [*page, *rows, *page, ("ASA", "등급", "CHAR(1)")]))
    assert not paged.rows["tables"] and first(paged, "datasets")["title_ko"] == "눈 코호트"


def test_sheets_that_are_called_after_their_codes(book: Book) -> None:
    dictionary = book(
        SheetParts("Variables", [("Dataset", "Variable", "Label", "Codelist"), ("DM", "SEX", "Sex", "SX"),
                                 ("DM", "ARM", "Arm", "")]),
        SheetParts("Codelists", [("ID", "Name", "Data Type", "Term", "Decoded Value"),
                                 ("SX", "Sex", "text", "F", "Female"), ("SX", "Sex", "text", "M", "Male")]),
    )
    assert variables(dictionary)["SEX"]["values"] == "F=Female|M=Male"
    by_name = book(
        SheetParts("Variables", [("table", "name", "valueType", "label:en"),
                                 ("base", "smk", "integer", "Smoker")]),
        SheetParts("Categories", [("table", "variable", "name", "code", "missing", "label:en"),
                                  ("base", "smk", "0", "0", "0", "No"),
                                  ("base", "smk", "1", "1", "0", "Yes")]),
    )
    assert variables(by_name)["smk"]["values"] == "0=No|1=Yes"


def test_the_file_is_the_title_of_a_dataset_that_it_names(text: Book) -> None:
    assert dict(first(text("변수명,설명\na,가\n", name="COPD 레지스트리_v2.csv"), "datasets")) == {
        "dataset": "copd_레지스트리_v2",
        "title_ko": "COPD 레지스트리 v2",
    }


@pytest.mark.parametrize(
    "content",
    ["환자번호,성명,생년월일,진단명\n1,홍길동,1990-01-01,COPD\n", "patient_id,mrn,name,type\n1,2,a,b\n"],
)
def test_data_of_patients_is_refused_without_being_shown(text: Book, content: str) -> None:
    with pytest.raises(CatalogInvalid, match="looks like data of patients") as error:
        text(content)
    assert "홍길동" not in str(error.value)


def test_a_header_that_is_not_known_gives_a_mapping_to_begin_with(text: Book) -> None:
    with pytest.raises(CatalogInvalid, match="no header was found") as error:
        text("이름,뜻\nsbp,혈압\n")
    assert "sheets:\n  사전:" in error.value.hint and "# the columns here: 이름, 뜻" in error.value.hint


def test_a_header_with_two_meanings_gives_the_mapping_that_was_meant(text: Book) -> None:
    with pytest.raises(CatalogInvalid, match=r"사전\.csv:1: '단위' stands twice") as error:
        text("변수명,단위,단위,설명\nsbp,mmHg,kPa,혈압\n")
    assert "columns: {name: 변수명, description: 설명, unit: 단위}" in error.value.hint


def test_broken_rows_are_told_and_the_others_read(text: Book) -> None:
    dictionary = text('변수명,설명\na,가\nb,"나"다\nc,라\nd,"끝이 없다\ne,마\n')
    assert list(variables(dictionary)) == ["a", "c"]
    assert "사전.csv:3:" in problem(dictionary, "the row is not CSV")
    assert "사전.csv:5:" in problem(dictionary, "never closed")


def test_a_row_without_a_name_is_kept_for_its_message(text: Book) -> None:
    rows = text("변수명,설명,단위\na,가,kg\n,이름 없음,cm\n").rows["variables"]
    assert [(row.number, row.text("name")) for row in rows] == [(2, "a"), (3, None)]


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"", "is empty"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(32)) * 40, "no text file"),
        (b"%PDF-1.7 ...", "no text file"),
    ],
)
def test_what_is_no_text(tmp_path: Path, content: bytes, what: str) -> None:
    (tmp_path / "a.csv").write_bytes(content)
    with pytest.raises(CatalogInvalid, match=what):
        read_dictionary("table", tmp_path / "a.csv")


def test_a_header_alone_is_no_dictionary(text: Book) -> None:
    with pytest.raises(CatalogInvalid, match="can be used"):
        text("변수명,설명\n")


def test_the_same_file_gives_the_same_rows_and_tells_how_far_it_is(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(
        "변수명,설명,단위\n" + "".join(f"v{n},설명 {n},kg\n" for n in range(21_000)), encoding="utf-8"
    )
    told: list[tuple[str, int, int]] = []
    one = read_dictionary("table", path, progress=lambda *it: told.append(it))
    two = read_dictionary("table", path)
    assert list(one.rows["variables"]) == list(two.rows["variables"]) and len(one.rows["variables"]) == 21_000
    assert (
        one.rows["variables"][20_999].number == 21_001
        and one.rows["variables"][2_500].cells["name"] == "v2500"
    )
    assert {what for what, _, _ in told} == {"reading a.csv"} and len(told) >= 2
    assert all(0 <= done <= total for _, done, total in told) and told[-1][1] == told[-1][2]


def test_fractions_and_percentages_are_told_apart_by_their_format(book: Book) -> None:
    cells = variables(
        book(
            SheetParts(
                "S",
                [
                    ["변수명", "설명", "결측률"],
                    ["a", "가", Cell("0.125", style="percent")],
                    ["b", "나", 12.5],
                ],
            )
        )
    )
    assert (cells["a"]["missing_pct"], cells["b"]["missing_pct"]) == ("12.5%", "12.5")


def test_codes_that_stand_in_the_column_of_contents(book: Book) -> None:
    """As national surveys publish them: the codes of a variable below each other, its name once."""
    cells = variables(
        book(
            SheetParts(
                "변수",
                [
                    ["변수명", "변수설명", "내용", "비고"],
                    ["sex", "성별", "1. 남자"],
                    [None, None, "2. 여자"],
                    ["age", "만나이", "0~79. 0~79세"],
                    [None, None, "80. 80세 이상"],
                ],
            )
        )
    )
    assert cells["sex"]["values"] == "1=남자|2=여자" and cells["sex"]["description_ko"] == "성별"
    assert cells["age"]["values"] == "0~79=0~79세|80=80세 이상"


@pytest.mark.parametrize(
    "header",
    [
        "변수명(Variable name),설명 / Description,자료형 (Type),단위(Unit)",
        "변수명 (최대 32자),변수설명 (200자 이내),데이터타입*,단위 [UCUM]",
        "Variable Name (변수명),Description (설명),Type (자료형),Unit (단위)",
    ],
)
def test_headers_that_say_more_than_a_name(text: Book, header: str) -> None:
    (row,) = text(f"{header}\nsbp,수축기,숫자,mmHg\n", dataset="d").rows["variables"]
    assert dict(row.cells) == {
        "dataset": "d",
        "name": "sbp",
        "label_ko": "수축기",
        "description_ko": "수축기",
        "type": "decimal",
        "unit": "mm[Hg]",
    }


def test_a_number_of_missing_values_is_no_rate(text: Book) -> None:
    dictionary = text("변수명,설명,결측(건수)\na,가,12\n")
    assert "missing_pct" not in variables(dictionary)["a"]
    problem(dictionary, "결측(건수)")


def test_a_second_header_row_in_english_is_no_variable(text: Book) -> None:
    dictionary = text("변수명,설명,자료형\nVariable,Description,Type\nname,Name,text\n")
    assert list(variables(dictionary)) == ["name"]


def test_the_variable_view_of_a_statistics_program(text: Book) -> None:
    """The header "이름" is that of patients too: it needs several others beside it."""
    dictionary = text("이름,유형,너비,설명,결측값,측도\nsex,숫자,8,성별,9,명목\n")
    assert dict(variables(dictionary)["sex"]) == {
        "dataset": "사전",
        "name": "sex",
        "label_ko": "성별",
        "description_ko": "성별",
        "type": "decimal",
        "missing_codes": "9=9",
    }


def test_a_sheet_that_says_in_words_what_the_dataset_is(book: Book) -> None:
    about = [
        ["데이터 개요"],
        ["데이터셋명", "COPD 코호트"],
        ["설명", "만성폐쇄성폐질환"],
        ["기간", "2015~2020"],
    ]
    dictionary = book(SheetParts("개요", about), SheetParts("변수", [["변수명", "설명"], ["a", "가"]]))
    assert dict(first(dictionary, "datasets")) == {
        "dataset": "COPD_코호트",
        "title_ko": "COPD 코호트",
        "description_ko": "만성폐쇄성폐질환",
        "period_start": "2015",
        "period_end": "2020",
    }
    assert variables(dictionary)["a"]["dataset"] == "COPD_코호트" and dictionary.problems == ()


def test_data_of_patients_beside_a_dictionary_is_left_out(book: Book) -> None:
    sample = SheetParts("샘플", [["환자번호", "성명", "진료일자"], ["1", "홍길동", "2020"]])
    dictionary = book(SheetParts("변수", [["변수명", "설명"], ["a", "가"]]), sample)
    assert list(variables(dictionary)) == ["a"]
    assert "홍길동" not in problem(dictionary, "[샘플]:1 looks like data of patients")


def test_two_lists_beside_each_other_need_a_mapping(text: Book) -> None:
    with pytest.raises(CatalogInvalid, match="'변수명' stands twice"):
        text("변수명,설명,,변수명,설명\na,가,,b,나\n")


def test_missing_rates_that_may_be_fractions_are_asked_about(text: Book) -> None:
    fractions = text("변수명,설명,결측률\na,가,0.125\nb,나,0.03\n")
    problem(fractions, "사전.csv:1: no missing rate reaches 1 percent")
    assert text("변수명,설명,결측률\na,가,0.125\nb,나,12.5\n").problems == ()


def test_short_names_and_synonyms_are_aliases(text: Book) -> None:
    header = "변수명,한글명,약어,동의어,표준용어(SNOMED CT)"
    cells = variables(text(f"{header}\nx,C-반응단백,CRP,씨알피;CRP검사,135842001\n"))
    assert (cells["x"]["aliases"], cells["x"]["concept"]) == ("CRP|씨알피|CRP검사", "SNOMED:135842001")


def test_a_hidden_sheet_alone_is_named(book: Book) -> None:
    with pytest.raises(CatalogInvalid, match="no visible sheet"):
        book(SheetParts("변수", [["변수명", "설명"], ["a", "가"]], state="hidden"))


@pytest.mark.parametrize(
    ("content", "what"),
    [
        ("patient,day,item,value\n1,2020-01-01,sbp,120\n", "data of patients, with the columns patient"),
        ("일자,항목,값\n" + "1,혈압,120\n2,맥박,80\n3,체온,36\n" * 30, "the same 3 names come 90 times"),
    ],
)
def test_measurements_are_no_dictionary(text: Book, content: str, what: str) -> None:
    with pytest.raises(CatalogInvalid, match=what):
        text(content)
