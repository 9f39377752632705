"""Encodings are told by a mark, by zero bytes, by common syllables."""

from __future__ import annotations

import pytest

from knowledge.encodings import is_korean, told_at_the_start

TEXT = "항구 요금은 하루에 3천 원이다.\nThe fee is due at noon.\n"


@pytest.mark.parametrize(
    ("codec", "told"),
    [
        ("utf-8-sig", "utf-8-sig"), ("utf-16", "utf-16"), ("utf-32", "utf-32"), ("utf-16-le", "utf-16-le"),
        ("utf-16-be", "utf-16-be"), ("utf-8", None), ("cp949", None),
    ],
)  # fmt: skip
def test_a_beginning_tells_a_mark_or_zero_bytes(codec: str, told: str | None) -> None:
    raw = TEXT.encode(codec)
    assert told_at_the_start(raw) == told
    assert not told or raw.decode(told) == TEXT


@pytest.mark.parametrize("raw", [b"", b"\x00\x01", bytes(range(64))])
def test_other_bytes_tell_nothing(raw: bytes) -> None:
    assert told_at_the_start(raw) is None


@pytest.mark.parametrize(
    ("raw", "korean"),
    [
        (TEXT.encode("cp949"), True),
        (b"plain", True),
        ("ÞßàáâãäåæçèéêëìíîïðñòóôõE".encode("latin-1") * 3, False),
    ],
)
def test_common_syllables_are_korean(raw: bytes, korean: bool) -> None:
    assert is_korean([raw.decode("cp949")]) is korean
