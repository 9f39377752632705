"""What tells the encoding of a text that does not say so: a mark, zero bytes, common syllables.

Spreadsheets and editors in Korea save CP949, those in Europe Windows-1252, and "Unicode text" is UTF-16.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterable

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"),
)  # fmt: skip
_JUDGED = 200_000  # characters beyond ASCII that are enough to tell
_USUAL, _COMMON = 0.9, 0.8  # shares of a text's characters that are usual, and common in Korean


def told_at_the_start(head: bytes) -> str | None:
    """The codec of a text that begins with ``head``, by its mark, or as UTF-16 without one; None where it is
    neither."""
    marked = next((codec for mark, codec in _BOMS if head.startswith(mark)), None)
    return marked or _unmarked_utf16(head)


def _unmarked_utf16(head: bytes) -> str | None:
    """UTF-16 without its mark: zero bytes, which no other text has, and Hangul or ASCII as which it reads."""
    if len(head) < 8 or 0 not in head:
        return None
    for codec in ("utf-16-le", "utf-16-be"):
        text = head[: len(head) // 2 * 2].decode(codec, "replace")
        usual = sum(" " <= c <= "~" or c in "\t\r\n" or "가" <= c <= "힣" for c in text)
        if usual >= len(text) * _USUAL:
            return codec
    return None


def is_korean(pieces: Iterable[str]) -> bool:
    """Whether the pieces of a text, which CP949 could read, are Korean. Latin text with accents may be read
    so too, but then gives rare syllables, which the older EUC-KR does not have, or Chinese characters."""
    seen = common = chinese = 0
    for piece in pieces:
        letters = "".join(character for character in piece if character > "\x7f")
        seen += len(letters)
        common += len(letters.encode("euc_kr", "ignore")) // 2
        chinese += sum("\u4e00" <= c <= "\u9fff" or "\uf900" <= c <= "\ufaff" for c in letters)
        if seen > _JUDGED:
            break
    return common >= seen * _COMMON and chinese * 2 <= seen
