"""What marks a turn bears, and what is left of it."""

from __future__ import annotations

import pytest

from tools.query.understand.turn import read_turn


@pytest.mark.parametrize(
    ("text", "marks", "rest"),
    [
        ("Split that by sex", {"split"}, "by sex"),
        ("연령대별로 쪼개줘", {"split"}, "연령대별로"),
        ("And men?", {"opener"}, "men?"),
        ("Thanks! And in 2021?", {"opener"}, "in 2021?"),
        ("What about pneumonia instead?", {"about", "instead"}, "pneumonia ?"),
        ("그거 말고 심부전으로", {"instead"}, "심부전으로"),
        ("조산으로 바꿔줘", {"instead"}, "조산"),
        ("No, I meant the lifelog", {"opener", "instead"}, "the lifelog"),
        ("Restrict it to 2020-2022", {"limit"}, "2020-2022"),
        ("Drop the sex filter", {"clear", "filter"}, "sex"),
        ("without the year breakdown", {"clear", "filter"}, "year"),
        ("All ages please", {"whole"}, "ages please"),
        ("Show all of them, not just the top one", {"everything"}, ""),
        ("전부 보여줘", {"everything", "every"}, ""),
        ("두 병원을 비교해줘", {"both"}, "비교해줘"),
        ("나머지는?", {"others"}, "?"),
        ("What about the year after?", {"about", "later"}, "?"),
    ],
)
def test_the_words_of_a_mark_are_cut_out(text, marks, rest):
    turn = read_turn(text)
    assert (turn.marks, turn.rest) == (marks, rest)


@pytest.mark.parametrize(
    ("text", "place", "rest"),
    [
        ("What period does the first one cover?", 1, "What period does cover?"),
        ("And the second?", 2, "?"),
        ("the last one", -1, ""),
        ("두 번째 것은?", 2, "?"),
        ("3번", 3, ""),
        ("option 2", 2, ""),
    ],
)
def test_a_place_in_a_list_is_read(text, place, rest):
    turn = read_turn(text)
    assert (turn.place, turn.rest) == (place, rest)


@pytest.mark.parametrize(
    ("text", "new", "gone"),
    [
        ("COPD patients, not asthma", "COPD patients", "asthma"),
        ("not asthma, COPD", "COPD", "asthma"),
        ("천식 말고 COPD", "COPD", "천식"),
    ],
)
def test_one_name_stands_for_another(text, new, gone):
    turn = read_turn(text)
    assert (turn.rest, turn.gone) == (new, gone)


@pytest.mark.parametrize(
    ("mark", "texts"),
    [
        ("reset", ["reset", "Let's start over", "처음부터 다시 할게요", "다른 질문 할게요"]),
        ("why", ["why is it hidden?", "Why?", "why are there no numbers?", "왜 없어?", "왜 숫자가 안 나와?"]),
        ("neither", ["none of these", "아무것도 아니에요"]),
        ("every", ["both", "both please", "둘 다", "전부 보여줘"]),
    ],
)
def test_whole_turns_are_known(mark, texts):
    assert [text for text in texts if mark not in read_turn(text).marks] == []


@pytest.mark.parametrize(
    "text",
    [
        "Why are small cells suppressed?",
        "왜 소수 셀은 숨기나요?",
        "How many glaucoma patients does each hospital have?",
        "녹내장 환자는 몇 명인가요?",
        "What is the deadline?",
    ],
)
def test_a_question_of_its_own_bears_no_mark(text):
    turn = read_turn(text)
    assert not turn.has("why", "reset", "others", "ordinals", "instead", "split", "clear")
