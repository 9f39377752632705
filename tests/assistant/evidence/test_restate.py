"""What a quote in the other language gives is said again, and nothing that it does not give."""

from __future__ import annotations

import pytest

from assistant.check import numbers
from assistant.evidence.restate import numbers_of, restated

KOREAN = [
    ("접수 마감을 2026년 5월 22일(금) 17시로 늦춥니다.", ("22 May 2026",)),
    ("끝난 날부터 45일 이내에 제출한다.", ("within 45 days",)),
    ("곳당 최대 1,800만 원", ("up to 18,000,000 won",)),
    ("1억 5천만 원 이상", ("at least 150,000,000 won",)),
    ("접수는 6월 12일(금) 18시까지 한다.", ("until 12 June",)),
    ("하루 뒤인 2월 30일에 끝난다.", ()),
    ("위원회는 11명으로 한다.", ()),
]
ENGLISH = [
    ("The board answers within four weeks.", ("4주 이내",)),
    ("It costs up to 600,000 won until 15 May 2026.", ("최대 600,000원", "2026년 5월 15일까지")),
    ("Keep the noise low for at least 1 hour.", ("1시간 이상",)),
    ("The fee is 30 dollars.", ()),
    ("Nothing is said of time or money.", ()),
]


@pytest.mark.parametrize(("text", "said"), KOREAN)
def test_korean_is_said_in_english(text: str, said: tuple[str, ...]) -> None:
    assert restated(text, "ko", "en") == said


@pytest.mark.parametrize(("text", "said"), ENGLISH)
def test_english_is_said_in_korean(text: str, said: tuple[str, ...]) -> None:
    assert restated(text, "en", "ko") == said


@pytest.mark.parametrize("text", [text for text, _ in [*KOREAN, *ENGLISH]])
def test_its_numbers_are_those_that_the_check_allows(text: str) -> None:
    for written, reader in (("ko", "en"), ("en", "ko")):
        for said in restated(text, written, reader):  # type: ignore[arg-type]
            assert numbers([said]) <= numbers_of(text)
