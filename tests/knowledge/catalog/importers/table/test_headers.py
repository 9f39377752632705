"""Headers of dictionaries in many words and files, read without a mapping."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from tests.knowledge.catalog.importers.dictionaries import Book, problem, variables
from tests.knowledge.catalog.importers.workbooks import Cell, SheetParts

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


def test_a_variable_that_is_called_like_a_label_is_a_variable(text: Book) -> None:
    dictionary = text("변수명,설명,유형\nregistry,등록 여부,Y/N\nschema,스키마,문자\n")
    assert list(variables(dictionary)) == ["registry", "schema"]


def test_headers_that_stand_again_on_each_page(text: Book) -> None:
    dictionary = text("변수명,설명,단위\na,가,kg\n변수명,설명,단위\nb,나,cm\n")
    assert list(variables(dictionary)) == ["a", "b"] and dictionary.problems == ()


def test_english_labels_and_both_languages(text: Book) -> None:
    cells = variables(
        text(
            "name,label,description,type\nsbp,Systolic pressure (SBP) ,Sitting,integer\n"
            "wt,체중 (Body weight),,float\n"
        )
    )
    assert cells["sbp"]["label_en"] == "Systolic pressure (SBP)" and cells["sbp"]["aliases"] == "SBP"
    assert (cells["wt"]["label_ko"], cells["wt"]["label_en"]) == ("체중", "Body weight")


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


def test_a_description_is_the_label_where_there_is_no_other(text: Book) -> None:
    said = variables(text(
        "컬럼명,컬럼설명\ndept,진료과\ncost,총 진료비 (원)를 입원 중에 합산한다.\n"
        "size,Largest diameter of the nodule\nlvef,박출률 (LVEF)\n"
    ))
    assert said["dept"]["label_ko"] == "진료과" and "label_ko" not in said["cost"]
    assert said["size"]["label_en"] == "Largest diameter of the nodule"
    assert said["lvef"]["aliases"] == "LVEF"


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


def test_short_names_and_synonyms_are_aliases(text: Book) -> None:
    header = "변수명,한글명,약어,동의어,표준용어(SNOMED CT)"
    cells = variables(text(f"{header}\nx,C-반응단백,CRP,씨알피;CRP검사,135842001\n"))
    assert (cells["x"]["aliases"], cells["x"]["concept"]) == ("CRP|씨알피|CRP검사", "SNOMED:135842001")
