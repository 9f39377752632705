"""What is told, left out or refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from knowledge.catalog.importers import read_dictionary
from knowledge.errors import CatalogInvalid
from tests.knowledge.catalog.importers.dictionaries import Book, problem, variables
from tests.knowledge.catalog.importers.workbooks import Cell, SheetParts


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
