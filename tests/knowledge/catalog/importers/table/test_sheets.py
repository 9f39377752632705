"""Sheets, sections, titles and files: what a dictionary is divided into."""

from __future__ import annotations

from pathlib import Path

from knowledge.catalog.importers import read_dictionary
from tests.knowledge.catalog.importers.dictionaries import Book, first, problem, variables
from tests.knowledge.catalog.importers.workbooks import Cell, SheetParts, write_workbook


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
