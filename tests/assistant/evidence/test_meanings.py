"""What else says the same as the words of a question."""

from __future__ import annotations

import pytest

from assistant.evidence.meanings import meanings
from knowledge.glossary.glossary import load_terms


@pytest.mark.parametrize(
    ("question", "words", "other"),
    [
        ("How many COPD patients were selected?", "COPD", "만성폐쇄성폐질환"),
        ("How is a winner chosen?", "chosen", "선정"),
        ("환자는 몇 명인가요?", "환자", "patient"),
        ("사망률이 궁금해요", "사망", "death"),
    ],
)
def test_names_and_words_are_met_in_the_other_language(question: str, words: str, other: str) -> None:
    found = {name.lower() for m in meanings(question, load_terms()) if words in m.words for name in m.others}
    assert other.lower() in found


def test_words_that_nothing_is_known_of_have_no_meaning() -> None:
    assert meanings("qwrtz 1234 ㅋㅋ", load_terms()) == []


@pytest.mark.parametrize(
    ("question", "words", "other"),
    [
        ("환자가 태어난 해", "태어난", "birth"),
        ("언제 돌아가셨나요", "돌아가신", "death"),
        ("batch number of the vaccine", "batch number", "로트"),
        ("나온 돈은 얼마죠?", "돈", "currency"),
    ],
)
def test_words_of_data_management_count_where_columns_are_looked_for(
    question: str, words: str, other: str
) -> None:
    def said(columns: bool) -> set[str]:
        found = meanings(question, load_terms(), columns=columns)
        return {name for m in found if m.words == words for name in m.others}

    assert other in said(columns=True) - said(columns=False)


def test_a_short_korean_word_counts_at_the_start_of_a_word_only() -> None:
    assert not any(m.words == "돈" for m in meanings("의정부사돈", (), columns=True))


def test_a_term_says_what_kind_of_thing_it_is_where_columns_are_looked_for() -> None:
    found = meanings("Who took aspirin?", load_terms(), columns=True)
    kinds = [m for m in found if m.kind]
    assert [m.words for m in kinds] == ["aspirin"] and {"drug", "약물"} <= set(kinds[0].others)
    assert not any(m.kind for m in meanings("Who took aspirin?", load_terms()))
