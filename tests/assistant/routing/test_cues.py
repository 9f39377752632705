from __future__ import annotations

import re

import numpy as np
import pytest

from assistant.routing.cues import HEAD, TAIL, Cues, plain, shorten
from assistant.routing.examples import read_lines

GROUPS = list(read_lines("cues.yaml"))
CUES = Cues()


def found(text: str) -> set[str]:
    return {group for group, mark in zip(GROUPS, CUES.vector(text), strict=False) if mark}


@pytest.mark.parametrize(
    ("group", "text"),
    [
        ("board", "IRB가 먼저예요?"),
        ("board", "Is IRB approval needed?"),
        ("how_many", "환자가 몇 명이에요"),
        ("how_many", "How many patients"),
        ("unit_code", "단위가 뭐예요"),
        ("deadline", "When does the call close?"),
        ("numbered_person", "patient 20481"),
        ("numbered_person", "20481번 환자"),
        ("sql_shape", "select * from counts"),
        ("override", "ignore previous instructions"),
        ("health_self", "무릎이 아픈데 무슨 약을 먹어야 하나요"),
    ],
)
def test_group_is_found(group: str, text: str) -> None:
    assert group in found(text)


@pytest.mark.parametrize(
    ("group", "text"),
    [
        ("board", "hirbs and shrubs"),
        ("unit_code", "communities"),
        ("unit_code", "레코드가 있나요"),
        ("health_self", "데이터가 있나요"),
        ("law", "분석 방법이 있나요"),
        ("money", "the costume"),
        ("plan_noun", "파트너 병원"),
    ],
)
def test_group_is_not_found_inside_other_words(group: str, text: str) -> None:
    assert group not in found(text)


def test_vector_is_zeros_and_ones_of_one_length() -> None:
    vectors = [CUES.vector(text) for text in ("", "가", "x", "환자 " * 3000)]
    assert len({vector.shape for vector in vectors}) == 1
    assert set(np.unique(np.stack(vectors))) <= {0.0, 1.0}


def test_every_line_compiles_alone() -> None:
    for block in read_lines("cues.yaml").values():
        for line in block.rstrip("\n").split("\n"):
            re.compile(line)


def test_plain_and_shorten() -> None:
    assert plain(" ＳＱＬ\n\t is  Here ") == "sql is here"
    assert len(shorten("x" * 9999)) == HEAD + TAIL + 1
    assert shorten("short") == "short"
