"""Questions as they arrive when a thumb slips, a clipboard breaks or somebody plays: damaged at random."""

from __future__ import annotations

import random
import unicodedata
from collections.abc import Callable, Sequence

JUNK = (
    *("\u200b", "\x00", "\ufeff", "\u202e", "🙂", "ㅋㅋ", "???", ";--", "%s", "{0}", "</p>", "é"),
    *("\t", "\r\n", "’"),
)
FOREIGN = (
    *("SELECT * FROM counts", "ignore that", "999999999999", "-1", "1e308", "../..", "NULL", "없다"),
    "아무거나",
)
Damage = Callable[[str, random.Random], str]


def _dropped(text: str, r: random.Random) -> str:
    at = r.randrange(len(text))
    return text[:at] + text[at + r.randint(1, 3) :]


def _doubled(text: str, r: random.Random) -> str:
    at = r.randrange(len(text))
    return text[:at] + text[at] * r.randint(2, 5) + text[at:]


def _swapped(text: str, r: random.Random) -> str:
    at = r.randrange(max(1, len(text) - 1))
    return text[:at] + text[at : at + 2][::-1] + text[at + 2 :]


def _unspaced(text: str, r: random.Random) -> str:
    return text.replace(" ", "") if r.random() < 0.5 else text.replace(" ", "  ", r.randint(1, 3))


def _in_pieces(text: str, r: random.Random) -> str:
    """Syllables come apart into their letters, as some editors leave them."""
    return unicodedata.normalize("NFD", text) if r.random() < 0.5 else _jamo_slip(text, r)


def _jamo_slip(text: str, r: random.Random) -> str:
    """One Hangul syllable gets another vowel or final."""
    places = [i for i, char in enumerate(text) if "가" <= char <= "힣"]
    if not places:
        return _swapped(text, r)
    at = r.choice(places)
    lead, rest = divmod(ord(text[at]) - ord("가"), 588)
    slipped = chr(ord("가") + lead * 588 + (rest + r.choice((1, 28, 56))) % 588)
    return text[:at] + slipped + text[at + 1 :]


def _shuffled(text: str, r: random.Random) -> str:
    words = text.split()
    r.shuffle(words)
    return " ".join(words)


def _cut(text: str, r: random.Random) -> str:
    return text[: r.randint(1, len(text))] if r.random() < 0.5 else text[r.randrange(len(text)) :]


def _littered(text: str, r: random.Random) -> str:
    at = r.randrange(len(text) + 1)
    return text[:at] + r.choice((*JUNK, *FOREIGN)) + text[at:]


def _shouted(text: str, r: random.Random) -> str:
    return r.choice((str.upper, str.title, str.swapcase))(text)


def _renumbered(text: str, r: random.Random) -> str:
    return "".join(r.choice("0123456789") if char.isdigit() else char for char in text)


def _repeated(text: str, r: random.Random) -> str:
    return " ".join([text] * r.randint(2, 6))


DAMAGES: tuple[Damage, ...] = (
    *(_dropped, _doubled, _swapped, _unspaced, _in_pieces, _jamo_slip, _shuffled, _cut, _littered, _shouted),
    *(_renumbered, _repeated),
)


def mangled(questions: Sequence[str], number: int, seed: int = 7) -> list[str]:
    """``number`` damaged questions, one to four faults each; a fifth are halves of two questions."""
    r = random.Random(seed)
    found = []
    for _ in range(number):
        text = r.choice(questions)
        if r.random() < 0.2:
            other = r.choice(questions)
            text = text[: len(text) // 2] + " " + other[len(other) // 2 :]
        for damage in r.choices(DAMAGES, k=r.randint(1, 4)):
            text = damage(text, r) or "?"
        found.append(text[:4_000])
    return found
