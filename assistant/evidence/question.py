"""What a question asks: its parts, the kinds of answer they want, and the terms an answer has to hold."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from assistant.evidence.cues import load_cues
from assistant.evidence.roots import HANGUL, Idea, ideas_of_korean, ideas_of_roots, root, roots_of
from assistant.evidence.values import Value, values
from knowledge.glossary.glossary import Term
from knowledge.glossary.translate import find_terms
from knowledge.text import Language, language_of, morphemes, normalize, stem

LONGEST = 1000  # characters of a question that are read
MOST_PARTS = 4
COUNTED_WITHIN = 12  # characters between 몇 and what it counts
LEAST, UNHELD, SOFT = 0.5, 0.7, 0.3  # weights: of the commonest term, of one the documents do not hold, of a soft one
Rarity = Callable[[str], float | None]  # term -> 0 (everywhere) to 1 (nowhere or once); None where it is unknown

WantedKind = Literal["word", "name", "number", "year"]


@dataclass(frozen=True, slots=True)
class Wanted:
    """A term that an answer should hold. ``forms`` mean the same; ``alike`` stand for the same idea, less surely.
    ``parts`` are the words of a longer name. A soft one is never missed."""

    text: str
    kind: WantedKind
    forms: tuple[str, ...]
    alike: tuple[str, ...]
    weight: float
    soft: bool = False
    carried: bool = False
    parts: tuple[Wanted, ...] = ()


@dataclass(frozen=True, slots=True)
class Part:
    """One thing that is asked. ``text`` is its words; ``search`` what is looked for; ``sides`` the two things
    that a question about a difference compares."""

    text: str
    search: str
    language: Language
    asks: frozenset[str]
    wanted: tuple[Wanted, ...]
    given: tuple[Value, ...]  # numbers that the asker states
    sides: tuple[Wanted, ...] = ()
    counter: str = ""  # the Korean counter behind "how many"
    counted: Wanted | None = None  # what "how many" counts


def read_question(text: str, terms: Sequence[Term], rarity: Rarity, year: int) -> tuple[Part, ...]:
    """The parts of a question, at least one. ``year`` is the year of the day asked."""
    asked = " ".join(normalize(text[: 2 * LONGEST]).split())[:LONGEST]
    language = language_of(asked)
    pieces, context = _pieces(asked, language)
    parts: list[Part] = []
    for piece in pieces:
        own = _part(piece, language, terms, rarity, year)
        before = [*parts, *(_part(told, language, terms, rarity, year) for told in context)]
        parts.append(_joined(own, before, language, lean=bool(context)))
    return tuple(parts)


def _pieces(asked: str, language: Language) -> tuple[list[str], list[str]]:
    """The questions in a text, and the sentences that only tell something."""
    sentences = [s.strip() for s in re.split(r"(?<=[?？!。])\s+|(?<=[.])\s+(?=[A-Z가-힣])", asked) if s.strip()]
    marked = any(sentence.endswith(("?", "？")) for sentence in sentences)
    found: list[str] = []
    told: list[str] = []
    for sentence in sentences:
        plain = marked and language == "en" and not sentence.endswith(("?", "？"))
        for piece in [sentence] if plain else _cut(sentence, language):
            asking = piece.endswith(("?", "？")) or (not plain and _asks(piece, language))
            (found if asking else told).append(piece)
    return (found[:MOST_PARTS], told) if found else ([asked], [])


def _cut(sentence: str, language: Language) -> list[str]:
    """A sentence cut where two questions meet."""
    pieces: list[str] = []
    begin = 0
    for match in load_cues().joints[language].finditer(sentence):
        if _asks(sentence[begin : match.end()], language) and _asks(sentence[match.end() :], language):
            pieces.append(sentence[begin : match.end()].strip(" ,"))
            begin = match.end()
    return [*pieces, sentence[begin:].strip()]


def _asks(piece: str, language: Language) -> bool:
    bare = piece.strip(" ,?？.!")
    return len(bare) > 2 and bool(load_cues().asking[language].search(bare))


def _part(piece: str, language: Language, terms: Sequence[Term], rarity: Rarity, year: int) -> Part:
    cues = load_cues()
    asks = frozenset(kind for kind, by in cues.asks.items() if by[language].search(piece))
    if "how_long" in asks:
        asks -= {"how_much", "how_many"}  # "how long" is asked with the same words in Korean, "how many days" in English
    wanted = _wanted(piece, terms, rarity, year)
    given = tuple(v for v in values(piece) if v.kind in ("number", "duration", "money", "percent"))
    part = Part(piece, piece, language, asks, wanted, given)
    if "how_many" in asks:
        counter, counted = _counted(piece, wanted)
        part = replace(part, counter=counter, counted=counted)
    if "difference" in asks:
        sides = tuple(w for w in wanted if not w.soft and w.kind in ("word", "name"))
        return replace(part, sides=sides[:2] if len(sides) >= 2 else ())
    return part


def _counted(piece: str, wanted: Sequence[Wanted]) -> tuple[str, Wanted | None]:
    """The Korean counter of a "how many" and the term that is counted: the nearest one to it."""
    asked = re.search(r"몇 ?([가-힣]+)|(?:how many|number of)((?: [a-z-]+){1,3})", piece, re.IGNORECASE)
    if not asked:
        return "", None
    counters = sorted((c for group, _ in load_cues().counters for c in group), key=lambda c: -len(c))
    counter = next((c for c in counters if (asked[1] or "").startswith(c)), "")
    places = [(piece.find(w.text), w) for w in wanted if w.kind != "year"]
    if asked[2]:
        behind = [(at, w) for at, w in places if asked.start() <= at < asked.end()]
        return "", max(behind, key=lambda p: p[0])[1] if behind else None
    near = [(abs(at - asked.start()), w) for at, w in places if at >= 0 and len(w.text) > 1]
    near = [(distance, w) for distance, w in near if distance <= COUNTED_WITHIN]
    return counter, min(near, key=lambda p: p[0])[1] if near else None


def _joined(own: Part, before: Sequence[Part], language: Language, *, lean: bool) -> Part:
    """A part that says little by itself, or points back, takes the terms of what stood before it."""
    cues = load_cues()
    firm = [w for w in own.wanted if not w.soft]
    points = bool(cues.points_back[language].search(own.text))
    if not before or (len(firm) > 1 and not points and not lean):
        return own
    texts = {w.text for w in own.wanted}
    weak = not firm
    carried = [
        replace(w, carried=True, soft=not weak or w.soft, weight=w.weight * (0.6 if weak else 0.03))
        for part in before
        for w in part.wanted
        if w.text not in texts and not w.carried
    ]
    if weak:
        own = replace(own, wanted=tuple(replace(w, weight=w.weight * 2.5) for w in own.wanted))
    search = " ".join([own.text, *(w.text for w in carried if weak or points or lean)])
    given = own.given or tuple(v for part in before for v in part.given)
    sides = own.sides or next((part.sides for part in before if part.sides), ())
    return replace(own, wanted=(*own.wanted, *carried), search=search, given=given, sides=sides)


# terms


@dataclass(slots=True)
class _Token:
    text: str
    start: int
    end: int
    name: bool = False
    korean: bool = False
    verb: bool = False


def _wanted(piece: str, terms: Sequence[Term], rarity: Rarity, year: int) -> tuple[Wanted, ...]:
    tokens = _tokens(piece)
    mentions = find_terms(piece, terms)
    used: set[int] = set()
    found: list[Wanted] = []
    for mention in mentions:
        inside = [n for n, t in enumerate(tokens) if t.start < mention.end and t.end > mention.start]
        names = tuple(dict.fromkeys(name for term in mention.terms for name in term.names))
        used.update(inside)
        found.append(_of_mention(piece[mention.start : mention.end], [tokens[n] for n in inside], names, rarity))
    found.extend(_of_phrases(tokens, used, rarity))
    ideas = ideas_of_korean(piece.lower())
    found.extend(_of_korean_phrases(piece, tokens, ideas, used, rarity))
    free = [t for n, t in enumerate(tokens) if n not in used and t.text.lower() not in load_cues().light]
    for run in _compounds(free):
        found.append(_of_token(run[0], ideas, rarity) if len(run) == 1 else _of_compound(piece, run, ideas, rarity))
    found.extend(_years(piece, year))
    unique: dict[str, Wanted] = {}
    for wanted in found:
        unique.setdefault(wanted.text.lower(), wanted)
    return tuple(unique.values())


_LATIN = re.compile(r"[A-Za-z][A-Za-z0-9]*(?:['’&/-][A-Za-z0-9]+)*")
_NOUNS = frozenset({"NNG", "NNP", "XR", "NNB", "NR", "SH"})


def _tokens(piece: str) -> list[_Token]:
    """The content words: Latin ones as written, Korean nouns and verb stems as morphemes, years and numbers not."""
    found = [
        _Token(re.sub(r"['’]s$", "", m[0]), m.start(), m.end(), name=_is_name(piece, m))
        for m in _LATIN.finditer(piece)
    ]
    if HANGUL.search(piece):
        run: list[_Token] = []
        for m in morphemes(piece):
            tag = m.tag.split("-")[0]
            if not HANGUL.search(m.form) or tag not in _NOUNS | {"VV", "VA", "MAG", "XPN", "XSN"}:
                run = []
                continue
            token = _Token(m.form, m.start, m.end, name=tag == "NNP", korean=True, verb=tag in ("VV", "VA") or (tag == "MAG" and not _alike(m.form)))
            if tag in ("XPN", "XSN") or (run and run[-1].end == m.start and len(m.form) == 1 and tag in _NOUNS):
                if run and run[-1].end == m.start:
                    run[-1].text, run[-1].end = piece[run[-1].start : m.end], m.end
                    continue
            if run and run[-1].end == m.start and len(run[-1].text) == 1:
                run[-1].text, run[-1].end = piece[run[-1].start : m.end], m.end
                continue
            run.append(token)
            found.append(token)
    return sorted(found, key=lambda token: token.start)


def _is_name(piece: str, match: re.Match[str]) -> bool:
    word = match[0]
    first = not piece[: match.start()].strip(" \"'(")
    return any(c.isupper() for c in (word[1:] if first else word)) or any(c.isdigit() for c in word)


def _of_mention(text: str, tokens: Sequence[_Token], names: tuple[str, ...], rarity: Rarity) -> Wanted:
    words = [t for t in tokens if t.text.lower() not in load_cues().light]
    parts = tuple(_of_token(t, ideas_of_korean(t.text.lower()), rarity) for t in words)
    alike = _alike(text)
    soft = all(part.soft for part in parts) if parts else _softness(text)
    weight = _weight([t.text for t in words] or [text], (*names, *alike), rarity, soft=soft)
    return Wanted(text, "word", (text, *names), alike, weight, soft=soft, parts=parts if len(parts) > 1 else ())


def _of_phrases(tokens: Sequence[_Token], used: set[int], rarity: Rarity) -> list[Wanted]:
    """English phrases of words.yaml in the question, longest first."""
    light = load_cues().light
    found = []
    for size in (4, 3, 2):
        for at in range(len(tokens) - size + 1):
            span = tokens[at : at + size]
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
            weight = _weight([t.text for t in words], _forms(ideas), rarity, soft=soft)
            nested = parts if len(parts) > 1 else ()
            found.append(Wanted(text, "word", (text,), _forms(ideas), weight, soft, parts=nested))
    return found


def _of_korean_phrases(
    piece: str, tokens: Sequence[_Token], ideas: Sequence[tuple[int, int, Idea]], used: set[int], rarity: Rarity
) -> list[Wanted]:
    """Korean entries of words.yaml of more than one word in the question."""
    found = []
    for start, end in sorted({(s, e) for s, e, _ in ideas if " " in piece[s:e]}, key=lambda p: (p[0] - p[1], p)):
        inside = [n for n, t in enumerate(tokens) if t.start < end and t.end > start]
        telling = [n for n in inside if _tells(tokens[n])]
        if not telling or any(n in used for n in inside):
            continue
        used.update(inside)
        text = piece[start:end]
        forms = _forms([idea for s, e, idea in ideas if (s, e) == (start, end)])
        words = [tokens[n].text for n in inside if tokens[n].text not in load_cues().light]
        found.append(Wanted(text, "word", (text,), forms, _weight(words, forms, rarity, soft=False)))
    return found


def _tells(token: _Token) -> bool:
    return not token.verb and token.text.lower() not in load_cues().light and not _softness(token.text)


def _compounds(tokens: Sequence[_Token]) -> list[list[_Token]]:
    """Korean nouns that touch stand together."""
    runs: list[list[_Token]] = []
    for token in tokens:
        last = runs[-1][-1] if runs else None
        joined = last is not None and last.end == token.start and last.korean and token.korean
        if joined and last is not None and not last.verb and not token.verb:
            runs[-1].append(token)
        else:
            runs.append([token])
    return runs


def _of_compound(
    piece: str, run: Sequence[_Token], ideas: Sequence[tuple[int, int, Idea]], rarity: Rarity
) -> Wanted:
    text = piece[run[0].start : run[-1].end]
    parts = tuple(_of_token(token, ideas, rarity) for token in run)
    soft = all(part.soft for part in parts)
    weight = max(part.weight for part in parts)
    return Wanted(text, "word", (text,), _alike(text), weight, soft, parts=parts)


def _of_token(token: _Token, ideas: Sequence[tuple[int, int, Idea]], rarity: Rarity) -> Wanted:
    soft = _softness(token.text) or token.verb  # plain Korean verbs are the first to be said in other words
    alike = _alike(token.text)
    if token.korean and len(token.text) > 1:
        alike += _forms([i for start, end, i in ideas if start <= token.start and end >= token.end])
    weight = _weight([token.text], alike, rarity, soft=soft)
    kind: WantedKind = "name" if token.name and not soft else "word"
    return Wanted(token.text, kind, (token.text,), alike, weight, soft)


def _forms(ideas: Sequence[Idea]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(form for idea in ideas for form in idea.forms))


def _alike(text: str) -> tuple[str, ...]:
    """What stands for the same idea as the whole of ``text``."""
    if not HANGUL.search(text):
        return _forms(ideas_of_roots(roots_of(text)))
    bare = text.lower()
    return _forms([i for start, end, i in ideas_of_korean(bare) if (end - start) * 2 > len(bare)])


def _softness(word: str) -> bool:
    cues = load_cues()
    low = word.lower()
    return low in cues.soft or low in cues.generic or (low.isascii() and root(low) in _generic_roots())


def _generic_roots() -> frozenset[str]:
    return frozenset(root(word) for word in load_cues().generic if word.isascii())


def _weight(own: Sequence[str], alike: Sequence[str], rarity: Rarity, *, soft: bool) -> float:
    """How much a term tells: what is rare in the documents tells more. A term that they do not hold itself
    tells at least something, however common its likes are; one without any likes tells most."""
    found = [rarity(word) for form in own for word in form.split()]
    if any(r is not None for r in found):
        unknown = [UNHELD for r, form in zip(found, own, strict=False) if r is None and not _softness(form)]
        weight = max(LEAST, *(r for r in found if r is not None), *unknown)
    else:
        others = [max(rare) for form in alike[:24] if (rare := [r for w in form.split() if (r := rarity(w)) is not None])]
        weight = max(UNHELD, min(others)) if others else 1.0
    return min(1.0, weight) * (SOFT if soft else 1.0)


def _years(piece: str, year: int) -> list[Wanted]:
    cues = load_cues()
    told = [v.key.split(":")[1].split("-")[0] for v in values(piece) if v.kind == "date"]
    found = [Wanted(y, "year", (y,), (), 0.8) for y in dict.fromkeys(told) if y]
    low = piece.lower()
    for words, step in cues.years.items():
        if words in low and not found:
            found.append(Wanted(str(year + step), "year", (str(year + step),), (), 0.8, soft=step <= 0))
    return found


def rarity_of(find: Callable[[str, Language], float | None]) -> Rarity:
    """Rarity of a word in whichever language's documents know it; the rarer view does not count."""

    def rarity(word: str) -> float | None:
        low = word.lower()
        found = [r for language in ("ko", "en") if (r := find(stem(low), language)) is not None]  # type: ignore[arg-type]
        return min(found) if found else None

    return rarity
