"""What the cells of a row become: codes, ranges, units, shares."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from knowledge.catalog.importers import read_dictionary
from tests.knowledge.catalog.importers.dictionaries import Book, problem, variables
from tests.knowledge.catalog.importers.workbooks import Cell, SheetParts


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


def test_a_number_of_missing_values_is_no_rate(text: Book) -> None:
    dictionary = text("변수명,설명,결측(건수)\na,가,12\n")
    assert "missing_pct" not in variables(dictionary)["a"]
    problem(dictionary, "결측(건수)")
