"""What a question looks for: its words, the ideas in them, and what kinds of values would answer it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from knowledge.documents.asking import without_tone
from knowledge.documents.embed import Vectors
from knowledge.documents.marks import wanted_marks
from knowledge.documents.vocabulary import is_word
from knowledge.text import Language, language_of, normalize, search_terms

LONGEST = 2000  # characters of a question that are read

# words that ask, and say nothing about what is asked
_ASKING = frozenset(
    """can could may might must shall should will would much many any please tell me my we our us get need
    want know about if am been being did had have whether whom whose why or no not so than then them they
    their 수 것 거 하 되 있 없 어떻게 언제 얼마 얼마나 무엇 뭐 어디 누구 왜 몇 어떤 어느 때 등 이번 좀 혹시 그
    이 저 주 알리 알 싶 말 경우 정도 중 안 못 또 더 나 우리 저희""".split()  # noqa: SIM905
)

Phrase = tuple[str, ...]  # search terms that belong together
Encode = Callable[[Sequence[str]], Vectors]  # texts -> a unit vector each


@dataclass(frozen=True, slots=True)
class Meaning:
    """A stretch of the question ("" where it is not known) and what else says the same, in any language.
    ``kind``: they only say what kind of thing it is ("drug" for "aspirin")."""

    words: str
    others: tuple[str, ...]
    kind: bool = False


@dataclass(frozen=True, slots=True)
class Idea:
    """Terms of the question, phrases that would say the same, and such as name its kind."""

    terms: Phrase
    others: tuple[Phrase, ...] = ()
    kinds: tuple[Phrase, ...] = ()


@dataclass(frozen=True)
class Question:
    """What is looked for; ``marks`` are those of passages that hold a value of the kind asked for."""

    words: str
    language: Language
    ideas: tuple[Idea, ...]
    vector: Vectors
    second: Vectors | None = None  # by the second view, where there is one
    marks: frozenset[str] = frozenset()
    words_meant: Mapping[str, Vectors] = field(default_factory=dict)  # terms that are words -> vectors

    @cached_property
    def content(self) -> Vectors:
        """Its vector, less what makes it a question."""
        return without_tone(self.vector, self.language)


def words_of(text: str) -> str:
    """``text`` as search reads it; "" where there is nothing to look for."""
    words = " ".join(normalize(text[: 2 * LONGEST]).split())[:LONGEST]
    return words if any(char.isalnum() for char in words) else ""


def ask(
    words: str,
    encode: Encode,
    extra: Sequence[Meaning | str] = (),
    second: Vectors | None = None,
    *,
    by_word: bool = True,
) -> Question:
    """The question for ``words``; ``extra`` is what else says something in it, a bare text for no certain
    stretch. Without ``by_word`` its words have no vectors of their own."""
    meanings = [item if isinstance(item, Meaning) else Meaning("", (item,)) for item in extra]
    ideas = _ideas(words, meanings)
    terms = [term for term in _terms(ideas) if by_word and is_word(term)]
    vector, *meant = encode([words, *terms])  # in one go, which is quicker
    words_meant = dict(zip(terms, meant, strict=True))
    return Question(words, language_of(words), ideas, vector, second, wanted_marks(words), words_meant)


def _terms(ideas: Sequence[Idea]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(term for idea in ideas for term in idea.terms))


def _ideas(words: str, meanings: Sequence[Meaning]) -> tuple[Idea, ...]:
    """Every term of the question once, as an idea of its own, or with others where one meaning covers them;
    what belongs to no term stands alone."""
    said = tuple(dict.fromkeys(search_terms(words)))
    terms = [term for term in said if term not in _ASKING] or said
    others: dict[Phrase, dict[Phrase, None]] = {(term,): {} for term in terms}
    kinds: dict[Phrase, dict[Phrase, None]] = {}
    loose: dict[Phrase, None] = {}
    for meaning in sorted(meanings, key=lambda m: -len(m.words)):
        alone = {*search_terms(meaning.words)}
        # Korean words may be cut in another way in a sentence than alone, so their pieces count too
        own = tuple(t for t in terms if t in alone or (not t.isascii() and t in meaning.words))
        phrases = dict.fromkeys(phrase for other in meaning.others if (phrase := search_terms(other)))
        if own:
            group = kinds if meaning.kind else others
            group[own] = group.get(own, {}) | phrases
        elif not meaning.kind:
            loose |= phrases
    known = {phrase for phrases in others.values() for phrase in phrases}
    ideas = [
        Idea(own, tuple(p for p in others.get(own, ()) if p != own), tuple(kinds.get(own, ())))
        for own in dict.fromkeys([*others, *kinds])
    ]
    return (*ideas, *(Idea((), (phrase,)) for phrase in loose if phrase not in known))
