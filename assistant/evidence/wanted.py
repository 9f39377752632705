"""The terms that an answer to a question has to hold, and what else may stand for them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from assistant.evidence.cues import load_cues
from assistant.evidence.ordinals import ordinals
from assistant.evidence.roots import Idea, ideas_of_korean, ideas_of_roots, roots_of
from assistant.evidence.tokens import Token, compounds, tokens
from assistant.evidence.weights import SOFT, Rarity, is_soft, weight_of
from knowledge.documents.values import values
from knowledge.glossary.glossary import Term
from knowledge.glossary.translate import Mention, find_terms
from knowledge.text import HANGUL

OF_A_YEAR = 0.8
OF_A_VERB = 0.4  # of a light verb in a question that says little else
SUFFIXED = 3  # syllables of a word that may carry a suffix
LONG = 4  # syllables of a Korean word that may be a compound
LONGEST_WORD = 16  # syllables; nobody writes a longer compound, and each two of them are a step deeper

WantedKind = Literal["word", "name", "number", "year"]


@dataclass(frozen=True, slots=True)
class Wanted:
    """A term that an answer should hold. ``forms`` mean the same; ``alike`` stand for the same idea, less
    surely. ``parts`` are the words of a longer name. A soft one is never missed; a literal one is held in
    one of these words or not at all, whatever else means the like."""

    text: str
    kind: WantedKind
    forms: tuple[str, ...]
    alike: tuple[str, ...]
    weight: float
    soft: bool = False
    carried: bool = False
    literal: bool = False
    parts: tuple[Wanted, ...] = ()


_HOW = re.compile(
    r"\bhow (big|large|small|high|low|far|deep|old|thick|wide|long|short|strict|tall|heavy|strong|fast|close"
    r"|precise|late|early|soon|often|frequent(?:ly)?)\b",
    re.IGNORECASE,
)


def wanted_of(piece: str, terms: Sequence[Term], rarity: Rarity, year: int) -> tuple[Wanted, ...]:
    """The terms of one question. ``year`` is the year of the day asked."""
    words = tokens(piece)
    numbered = _ordinals(piece)
    used = {n for w, start, end in numbered for n in _inside(words, start, end)}
    found: list[Wanted] = [w for w, _, _ in numbered]
    mentions = [(m, _inside(words, m.start, m.end)) for m in find_terms(piece, terms)]
    long = [pair for pair in mentions if len(pair[1]) > 1]
    found.extend(_of_mentions(piece, words, long, used, rarity))
    found.extend(_of_phrases(words, used, rarity))  # before glossary terms of a single word
    found.extend(_of_mentions(piece, words, mentions, used, rarity))
    ideas = ideas_of_korean(piece.lower())
    found.extend(_of_korean_phrases(piece, words, ideas, used, rarity))
    light = load_cues().light
    unused = [(n, t) for n, t in enumerate(words) if n not in used]
    free = [t for n, t in unused if t.text.lower() not in light or _opens(words, n)]
    for run in compounds(free):
        found.append(
            _of_token(run[0], ideas, rarity) if len(run) == 1 else _of_compound(piece, run, ideas, rarity)
        )
    if sum(not w.soft for w in found) < 2:
        bare = [t for n, t in enumerate(words) if n not in used and t.text.lower() in load_cues().verbs]
        found.extend(replace(_of_token(t, (), rarity), weight=OF_A_VERB) for t in bare[:1])
    found.extend(_years(piece, year))
    measured = {m[1].lower() for m in _HOW.finditer(piece)}  # "how precise": the answer need not say so
    found = [
        replace(w, soft=True, weight=w.weight * SOFT) if w.text.lower() in measured else w for w in found
    ]
    unique: dict[str, Wanted] = {}
    for wanted in found:
        unique.setdefault(wanted.text.lower(), wanted)
    return tuple(unique.values())


def _opens(words: Sequence[Token], n: int) -> bool:
    """Whether a light Korean noun opens a longer word ("중간" in "중간보고서"), which it then tells apart."""
    bare = words[n].korean and len(words[n].text) > 1 and not words[n].verb and not words[n].adverb
    return bare and n + 1 < len(words) and words[n + 1].start == words[n].end and not words[n + 1].verb


def _ordinals(piece: str) -> list[tuple[Wanted, int, int]]:
    """What numbers a thing among its like, with where it stands; ``forms`` holds the key first."""
    return [
        (Wanted(o.text, "number", (o.key,), _alike(o.text), 1.0), o.start, o.end) for o in ordinals(piece)
    ]


def _inside(words: Sequence[Token], start: int, end: int) -> list[int]:
    return [n for n, t in enumerate(words) if t.start < end and t.end > start]


def _of_mentions(
    piece: str,
    words: Sequence[Token],
    mentions: Sequence[tuple[Mention, list[int]]],
    used: set[int],
    rarity: Rarity,
) -> list[Wanted]:
    """Glossary terms in the question whose words no other term has taken."""
    found = []
    for mention, inside in mentions:
        if used.isdisjoint(inside) and not _cuts(piece, mention, [words[n] for n in inside]):
            used.update(inside)
            names = tuple(dict.fromkeys(name for term in mention.terms for name in term.names))
            text = piece[mention.start : mention.end]
            found.append(_of_mention(text, [words[n] for n in inside], names, rarity))
    return found


def _cuts(piece: str, mention: Mention, inside: Sequence[Token]) -> bool:
    """Whether a name that is found across a space ends within a word ("할 부" in "할 부담금")."""
    return " " in piece[mention.start : mention.end] and any(
        t.korean and (t.start < mention.start or t.end > mention.end) for t in inside
    )


def _of_mention(text: str, given: Sequence[Token], names: tuple[str, ...], rarity: Rarity) -> Wanted:
    words = [t for t in given if t.text.lower() not in load_cues().light]
    parts = tuple(_of_token(t, ideas_of_korean(t.text.lower()), rarity) for t in words)
    alike = _alike(text)
    soft = all(part.soft for part in parts) if parts else is_soft(text)
    weight = weight_of([t.text for t in words] or [text], (*names, *alike), rarity, soft=soft)
    return Wanted(
        text, "word", (text, *names), alike, weight, soft=soft, parts=parts if len(parts) > 1 else ()
    )


def _of_phrases(given: Sequence[Token], used: set[int], rarity: Rarity) -> list[Wanted]:
    """English phrases of words.yaml in the question, longest first."""
    light = load_cues().light
    found = []
    for size in (4, 3, 2):
        for at in range(len(given) - size + 1):
            span = given[at : at + size]
            if any(at + n in used or t.korean for n, t in enumerate(span)):
                continue
            ideas = ideas_of_roots(tuple(r for t in span for r in roots_of(t.text)))
            text = " ".join(t.text for t in span)
            words = [t for t in span if t.text.lower() not in light] or span
            if not ideas or (words is span and text.lower() not in load_cues().telling):
                continue
            used.update(range(at, at + size))
            parts = tuple(_of_token(t, (), rarity) for t in words)
            soft = all(part.text.lower() in load_cues().soft for part in parts)
            weight = weight_of([t.text for t in words], _forms(ideas), rarity, soft=soft)
            nested = parts if len(parts) > 1 else ()
            found.append(Wanted(text, "word", (text,), _forms(ideas), weight, soft, parts=nested))
    return found


def _of_korean_phrases(
    piece: str,
    given: Sequence[Token],
    ideas: Sequence[tuple[int, int, Idea]],
    used: set[int],
    rarity: Rarity,
) -> list[Wanted]:
    """Korean entries of words.yaml of more than one word in the question."""
    found = []
    for start, end in sorted(
        {(s, e) for s, e, _ in ideas if " " in piece[s:e]}, key=lambda p: (p[0] - p[1], p)
    ):
        inside = [n for n, t in enumerate(given) if t.start < end and t.end > start]
        telling = [n for n in inside if _tells(given[n])]
        if not telling or any(n in used for n in inside):
            continue
        used.update(inside)
        text = piece[start:end]
        forms = _forms([idea for s, e, idea in ideas if (s, e) == (start, end)])
        words = [given[n].text for n in inside if given[n].text not in load_cues().light]
        found.append(Wanted(text, "word", (text,), forms, weight_of(words, forms, rarity, soft=False)))
    return found


def _tells(token: Token) -> bool:
    bare = not token.verb and not token.adverb and token.text.lower() not in load_cues().light
    return bare and not is_soft(token.text)


def _of_compound(
    piece: str, run: Sequence[Token], ideas: Sequence[tuple[int, int, Idea]], rarity: Rarity
) -> Wanted:
    text = piece[run[0].start : run[-1].end]
    parts = tuple(_of_token(token, ideas, rarity) for token in run)
    soft = all(part.soft for part in parts)
    weight = max(part.weight for part in parts)
    return Wanted(text, "word", (text,), _alike(text, whole=True), weight, soft, parts=parts)


def _of_token(token: Token, ideas: Sequence[tuple[int, int, Idea]], rarity: Rarity) -> Wanted:
    compound = token.korean and LONG <= len(token.text) <= LONGEST_WORD and rarity(token.text) is None
    alike = _alike(token.text, whole=compound)
    # plain Korean verbs and adverbs are the first to be said in other words
    soft = is_soft(token.text) or token.verb or (token.adverb and not alike)
    if token.korean:
        around = [(end, i) for start, end, i in ideas if start <= token.start and end >= token.end]
        alike += _forms([i for end, i in around if len(token.text) > 1 or end > token.end])
    weight = weight_of([token.text], alike, rarity, soft=soft)
    stem = _without_suffix(token.text, rarity) if token.korean else ""
    kind: WantedKind = "name" if (token.name or stem == token.text) and not soft else "word"
    parts: tuple[Wanted, ...] = ()
    if stem and stem != token.text:
        parts = (_of_token(Token(stem, 0, 0, korean=True), (), rarity),)
    elif compound and not stem:
        # Korean compounds are of two syllables each
        halves = (Token(half, 0, 0, korean=True) for half in (token.text[:2], token.text[2:]))
        parts = tuple(_of_token(half, (), rarity) for half in halves)
    return Wanted(token.text, kind, (token.text,), alike, weight, soft, parts=parts)


def _without_suffix(word: str, rarity: Rarity) -> str:
    """The word before a suffix that only says that it is about its cost, or about who does it, where the
    documents do not hold the whole; the whole where its suffix names a head, who has to be named as such."""
    if len(word) < SUFFIXED or rarity(word) is not None:
        return ""
    suffixes, stem = load_cues().suffixes, word[:-1]
    if word[-1] in suffixes["head"] and rarity(stem) is not None:
        return word
    if word[-1] in suffixes["cost"] or (word[-1] in suffixes["person"] and rarity(stem) is not None):
        return stem
    return ""


def _forms(ideas: Sequence[Idea]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(form for idea in ideas for form in idea.forms))


def _alike(text: str, *, whole: bool = False) -> tuple[str, ...]:
    """What stands for the same idea as ``text``, or as most of a Korean word unless it has to be the
    ``whole``."""
    if not HANGUL.search(text):
        return _forms(ideas_of_roots(roots_of(text)))
    bare = text.lower()
    least = len(bare) - 1 if whole else len(bare) / 2
    return _forms([i for start, end, i in ideas_of_korean(bare) if end - start > least])


def _years(piece: str, year: int) -> list[Wanted]:
    cues = load_cues()
    told = [v.key.split(":")[1].split("-")[0] for v in values(piece) if v.kind == "date"]
    found = [Wanted(y, "year", (y,), (), OF_A_YEAR) for y in dict.fromkeys(told) if y]
    low = piece.lower()
    for words, step in cues.years.items():
        if words in low and not found:
            found.append(Wanted(str(year + step), "year", (str(year + step),), (), OF_A_YEAR, soft=step <= 0))
    return found
