"""How far a sentence, with what it stands under, holds what a question asks about."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.evidence.roots import Words
from assistant.evidence.sense import Sense
from assistant.evidence.sound import sounds_alike
from assistant.evidence.views import View
from assistant.evidence.wanted import Wanted
from knowledge.text import HANGUL

HELD = 0.5  # from here on a term counts as covered
SAME, ALIKE, PIECES = 1.0, 0.8, 0.9  # the very word; a word for the same idea; the words of a name apart
SUFFIXED = 3  # syllables of Korean words that are compared without the last
LACKING = 0.45  # the most that a name counts when one of its words is missing


def share(wanted: Sequence[Wanted], covers: Sequence[float]) -> float:
    """The covered share of the terms, by weight; 0 where there are none."""
    total = sum(w.weight for w in wanted)
    return sum(w.weight * c for w, c in zip(wanted, covers, strict=True)) / total if total else 0.0


class Matcher:
    """Holds terms against texts, each pair once."""

    def __init__(self, sense: Sense) -> None:
        self.sense = sense
        self._known: dict[tuple[int, int], float] = {}
        self._kept: list[object] = []  # what the keys are the ids of

    def cover(self, wanted: Wanted, views: Sequence[View]) -> float:
        """0 to 1: how surely one of the views holds the term."""
        best = 0.0
        for view in views:
            if best < view.share:
                best = max(best, view.share * self._held(wanted, view.words))
        firm = _needed(wanted) if best < HELD and len(views) > 1 else []
        return max(best, _together([self.cover(part, views) for part in firm])) if firm else best

    def meant(self, wanted: Wanted, views: Sequence[View]) -> float:
        """0 to 1: whether a word of the views means what the term means. A name has no meaning to
        compare, only a sound; numbers and years have neither."""
        if wanted.literal:
            return 0.0
        if wanted.kind == "name":
            return max((v.share * ALIKE for v in views if self._heard(wanted, v.words)), default=0.0)
        if wanted.kind != "word" or (" " in wanted.text and not wanted.parts):
            return 0.0
        whole = self._alike(wanted, views) if " " not in wanted.text else 0.0
        firm = [part for part in wanted.parts if not part.soft]
        if whole or not firm:
            return whole
        return _together([max(self.cover(part, views), self.meant(part, views)) for part in firm])

    def _held(self, wanted: Wanted, words: Words) -> float:
        key = (id(wanted), id(words))
        if key not in self._known:
            self._kept += (wanted, words)
            self._known[key] = self._look(wanted, words)
        return self._known[key]

    def _look(self, wanted: Wanted, words: Words) -> float:
        if words.holds(*wanted.forms) or (wanted.kind == "name" and words.abbreviates(wanted.text)):
            return SAME
        firm = _needed(wanted)
        apart = _together([self._held(part, words) for part in firm]) if firm else 0.0
        if apart < ALIKE and wanted.alike and words.holds(*wanted.alike):
            return ALIKE
        return apart

    def _alike(self, wanted: Wanted, views: Sequence[View]) -> float:
        term = wanted.text.lower()
        best = 0.0
        for view in views:
            if self._heard(wanted, view.words):
                return max(best, view.share * ALIKE)
            near = [w for w in _comparable(term, view.words) if not self._ends_alike(term, w)]
            best = max(best, view.share * ALIKE * self.sense.likeness(term, near))
        return best

    def _ends_alike(self, term: str, word: str) -> bool:
        """Whether two Korean words have only their last syllable in common ("합격률", "출석률")."""
        if min(len(term), len(word)) < SUFFIXED or term[-1] != word[-1] or not HANGUL.match(term[-1]):
            return False
        return not self.sense.likeness(term[:-1], [word[:-1]])

    def texts(self, wanted: Wanted, views: Sequence[View]) -> list[str]:
        """Every text whose vector ``meant`` asks for."""
        if wanted.kind != "word":
            return []
        found = [wanted.text.lower()]
        for view in views:
            found += _comparable(found[0], view.words)
        return found + [text for part in wanted.parts for text in self.texts(part, views)]

    @staticmethod
    def _heard(wanted: Wanted, words: Words) -> bool:
        """Whether a Latin word of the text is the term in Korean letters."""
        return any(sounds_alike(wanted.text, word) for word in words.plain)


def _needed(wanted: Wanted) -> list[Wanted]:
    """The words of a name that have to be there where the whole is not: of a literal one all."""
    return [part for part in wanted.parts if wanted.literal or not part.soft]


def _comparable(term: str, words: Words) -> list[str]:
    """The words that may mean what a term means. What is a piece of the term only says less than the
    term; Korean writes compounds as one word, so for a term in English their halves may be meant."""
    plain = [word for word in words.plain if len(word) > 1 and word not in term]
    return plain if HANGUL.search(term) else plain + [half for word in plain for half in _halves(word)]


def _halves(word: str) -> tuple[str, ...]:
    return (word[:2], word[2:]) if len(word) > 3 and HANGUL.match(word) else ()


def _together(shares: Sequence[float]) -> float:
    """What the words of a name give together; little where one of them is missing."""
    found = PIECES * sum(shares) / len(shares)
    return min(found, LACKING) if min(shares) < HELD * PIECES else found
