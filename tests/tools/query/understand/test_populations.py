"""Words for people of one kind, by what datasets say of themselves."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tools.query.understand.populations import kind_of_people, narrows


@pytest.fixture
def dataset(eye):
    plain = eye.catalog.datasets[0]
    return replace(
        plain, title_en="Lung cohort", title_ko="폐 코호트", description_en=None, description_ko=None,
        theme="pulmonology", age_min=None, age_max=None,
    )  # fmt: skip


def test_plain_words_for_people_narrow_nothing(dataset) -> None:
    assert kind_of_people("patients") is None
    assert not narrows("환자", [dataset])


def test_a_dataset_says_whom_it_holds_by_its_words_or_its_ages(dataset) -> None:
    assert narrows("children", [dataset])
    assert not narrows("children", [replace(dataset, title_en="Paediatric lung cohort")])
    assert not narrows("소아", [replace(dataset, age_max=18)])
    assert narrows("성인", [replace(dataset, age_min=12)])
    assert not narrows("adults", [replace(dataset, age_min=19)])


def test_ages_that_are_asked_for_say_the_same_as_the_word(dataset) -> None:
    assert not narrows("kids", [dataset], None, 12)
    assert narrows("kids", [dataset], None, 30)
    assert not narrows("elderly", [dataset], 65, None)


def test_people_of_one_kind_of_care_are_a_condition(dataset) -> None:
    assert narrows("inpatients", [dataset]) and narrows("생존자", [dataset])
    assert not narrows("inpatients", [replace(dataset, title_en="Hospital admissions for lung disease")])
    assert not narrows("survivors", [replace(dataset, description_ko="폐암 생존자의 추적 자료")])
