from __future__ import annotations

import pytest

from knowledge.catalog.importers.table.value_lists import read_values

SEX = [("1", "남"), ("2", "여")]


@pytest.mark.parametrize(
    "text",
    [
        "1: 남, 2: 여",
        "1=남; 2=여",
        "1.남 2.여",
        "1-남, 2-여",
        "1 남 / 2 여",
        "1:남\n2:여",
        "①남②여",
        "① 남 ② 여",
        "남(1), 여(2)",
        "남[1] 여[2]",
        "1) 남 2) 여",
        "(1) 남 (2) 여",
        "[1] 남 [2] 여",
        "1→남, 2→여",
        "1_남, 2_여",
        "1,남;2,여",
        "남=1, 여=2",
        "- 1: 남\n- 2: 여",
        "{1: 남, 2: 여}",
        "1 : 남 ,  2 : 여 ,",
        "1：남　2：여",
        "1=남|2=여",
        "1. 남\n2. 여\n",
    ],
)
def test_ways_to_write_the_same_list(text: str) -> None:
    assert read_values(text) == SEX


@pytest.mark.parametrize(
    ("text", "pairs"),
    [
        ("1: 정상(120, 80), 2: 비정상", [("1", "정상(120, 80)"), ("2", "비정상")]),
        ("1: 정상, 양호, 2: 비정상", [("1", "정상, 양호"), ("2", "비정상")]),
        ("1:비율 1:2, 2:기타", [("1", "비율 1:2"), ("2", "기타")]),
        ("1: 1회/일, 2: 2회/일", [("1", "1회/일"), ("2", "2회/일")]),
        ("01 내과, 02 외과", [("01", "내과"), ("02", "외과")]),
        ("-1: 무응답, 1: 예", [("-1", "무응답"), ("1", "예")]),
        ("<1: low, >=1: high", [("<1", "low"), (">=1", "high")]),
        ("0 = No, 1 = Yes", [("0", "No"), ("1", "Yes")]),
        ("M: Male | F: Female", [("M", "Male"), ("F", "Female")]),
        ("1:Stage I-II, 2:Stage III/IV", [("1", "Stage I-II"), ("2", "Stage III/IV")]),
        ("1. 예, 2. 아니오 (기타: 직접기재)", [("1", "예"), ("2", "아니오 (기타: 직접기재)")]),
        ("Y/N", [("Y", "Y"), ("N", "N")]),
        ("A형, B형, O형, AB형", [(it, it) for it in ("A형", "B형", "O형", "AB형")]),
        ("0,1,2", [("0", "0"), ("1", "1"), ("2", "2")]),
        ("0 또는 1", [("0", "0"), ("1", "1")]),
        ("1: 예", [("1", "예")]),
    ],
)
def test_lists(text: str, pairs: list[tuple[str, str]]) -> None:
    assert read_values(text) == pairs


@pytest.mark.parametrize(
    "text",
    [
        "0~100",
        "1-5",
        "0 ~ 300 mmHg",
        "0.5 - 1.2 mg/dL",
        "18세 이상",
        "> 0",
        "<5",
        "1,200",
        "YYYYMMDD",
        "자유기술",
        "HH24:MI",
        "",
    ],
)
def test_what_may_be_entered_is_no_list(text: str) -> None:
    assert read_values(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "혈압, 맥박 측정값을 기록하였으며 그 결과는 다음과 같다",
        "별도 코드집 참조",
        "09:00~18:00",
        "KCD: 진단코드 참조",
        "x" * 200_000,
    ],
)
def test_what_cannot_be_told(text: str) -> None:
    assert read_values(text) is None


def test_a_code_that_stands_twice() -> None:
    with pytest.raises(ValueError, match="'1' twice"):
        read_values("1:있음, 1:없음")


def test_separators_that_a_mapping_tells() -> None:
    assert read_values("1~남/2~여", "/", "~") == SEX
    assert read_values("1:남;2:여", None, ":") == SEX
    assert read_values("1:남;여", ";", ":") is None
