"""Particles by how the word before them ends."""

from __future__ import annotations

import pytest

from knowledge.particles import with_particles


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("변수이(가) 없습니다", "변수가 없습니다"),
        ("병원이(가) 없습니다", "병원이 없습니다"),
        ("'폐기능 검사'은(는) '폐기능'(으)로", "'폐기능 검사'는 '폐기능'으로"),
        ("'서울'(으)로, '부산'(으)로, '대구'(으)로", "'서울'로, '부산'으로, '대구'로"),
        ("'COPD'을(를), 'HRM'을(를), 'ACR'(으)로", "'COPD'를, 'HRM'을, 'ACR'로"),
        ("2021을(를) 2022와(과) 2020(으)로", "2021을 2022와 2020으로"),
        ("'학생'와(과) '교사'와(과)", "'학생'과 '교사'와"),
        ("'smoking'을(를)", "'smoking'을(를)"),
    ],
)
def test_the_particle_goes_with_the_end_of_the_word(text: str, said: str) -> None:
    assert with_particles(text) == said
