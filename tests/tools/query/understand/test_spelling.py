"""Slips of the keys, in Latin words and in Korean ones."""

from __future__ import annotations

import pytest

from tools.query.understand.spelling import Vocabulary
from tools.query.understand.words import PARTICLES

WORDS = Vocabulary(
    ["Rheumatoid arthritis", "류마티스 관절염", "만성콩팥병", "만성폐쇄폐질환", "요로감염증", "요로감엽증"]
)


def test_a_latin_slip_is_put_right() -> None:
    assert WORDS.corrected("rheumatiod arthritis") == (
        "rheumatoid arthritis",
        (("rheumatiod", "rheumatoid"),),
    )


@pytest.mark.parametrize(
    ("text", "unknown", "right"),
    [
        ("류마티즈 관절염 환자", "류마티즈", "류마티스관절염 환자"),
        ("만성콩팟병은 몇 명", "만성콩팟병", "만성콩팥병은 몇 명"),
    ],
)
def test_a_korean_slip_of_one_letter_is_put_right_with_its_particle(text, unknown, right) -> None:
    assert WORDS.corrected_korean(text, [unknown], PARTICLES)[0] == right


@pytest.mark.parametrize("text", ["콩밭", "만성위염", "요로감연증"])
def test_short_far_and_ambiguous_words_stay(text) -> None:
    assert WORDS.corrected_korean(text, [text], PARTICLES) == (text, ())
