"""The reading of a question: a tiling of its words by names of the catalog and steering words.

All candidates compete in one lattice and the tiling with the most understood weight wins, so that
a name is not cut up by a steering word inside it, nor the reverse. A segment keeps every role and
every sense of its words; which of them is meant is decided when the plan is built.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from knowledge.text import HANGUL
from tools.query.understand.compounds import joined
from tools.query.understand.described_tiles import described_tiles, narrowed, told_tiles
from tools.query.understand.lexicon import ALIAS, FULL, GLOSSARY, INITIALS, PART, Lexicon, Sense
from tools.query.understand.operators import Operators
from tools.query.understand.tiles import DEMONSTRATIVE, FILLER, Segment
from tools.query.understand.words import PARTICLES, Word, key, words

__all__ = ["FILLER", "Segment", "segment"]

MAX_WORDS = 12
SHORT_WORD = 4
WHOLE_TITLE = 3  # strong words
_BRACKET = re.compile(r"[()\[\]]")
_CORRESPONDING = re.compile(r"해당(하|되)")
_NOUN_AND_VERB = (True, False)  # which of the two words is strong
_WAVE = "~"
_DENIALS = frozenset(("안", "못"))
_COUNTING = re.compile(r"(?<![가-힣])세(?=[어는고서])")
_LEFT = re.compile(r"남(?=[은는아았겨긴기길을])")
_WOMEN = re.compile(r"(?<![가-힣])여(?![가-힣])|(?<![가-힣])여[는도](?![가-힣])")
_EXACT = {FULL: 1.0, ALIAS: 0.98}
_SHORTER = 0.96
_ROLE, _FILLER = 0.92, 0.6
_DESCRIBED, _TOLD = 0.88, 1.01  # less than a name, and more: it was read without success
_PART_ONE, _PART_MORE, _PART_TITLE = 0.7, 0.9, 0.975
_PER_SEGMENT, _PER_GLUE, _PER_WORD = 0.05, 0.02, 0.1
_INSIDE = {"variable", "table"}
_DATASET_NOUNS = {"subject.dataset", "subject.registry", "subject.data", "subject.cohort"}
_TITLE_NOUNS = {"subject.dataset", "subject.registry", "subject.table", "subject.cohort"}


def segment(
    question: str, lexicon: Lexicon, operators: Operators, told: Sequence[Segment] = ()
) -> tuple[Segment, ...]:
    """The best tiling of a question in normal form; stretches that mean nothing stand as unknown segments.
    ``told`` are stretches that may be read as given."""
    found = words(question, lexicon.tokens)
    described: dict[int, list[tuple[int, Segment, float]]] = {}
    for first, last, tile in described_tiles(question, found, lexicon, operators):
        described.setdefault(last, []).append((first, tile, _DESCRIBED))
    for first, last, tile in told_tiles(question, found, told, operators) if told else ():
        described.setdefault(last, []).append((first, tile, _TOLD))
    best: list[tuple[float, int, Segment | None]] = [(0.0, 0, None)]
    for end in range(1, len(found) + 1):
        score, _, _ = best[end - 1]
        options: list[tuple[float, int, Segment | None]] = [(score, end - 1, None)]
        for start in range(max(0, end - MAX_WORDS), end):
            candidate = _candidate(question, found[start:end], lexicon, operators)
            if candidate is not None and _counted(candidate[0], found[start : end + 1], lexicon, operators):
                continue
            if candidate is not None:
                segment_, quality = candidate
                options.append((best[start][0] + quality, start, segment_))
        for start, tile, quality in described.get(end, ()):
            options.append((best[start][0] + _score(quality, found[start:end]), start, tile))
        best.append(max(options, key=lambda option: option[0]))
    tiles = narrowed(question, _trace(best, found))
    return tuple(joined(question, tiles, operators.general, lexicon.told_apart))


def _score(quality: float, stretch: Sequence[Word]) -> float:
    content = sum(not w.glue for w in stretch)
    return quality * sum(w.weight for w in stretch) + _PER_WORD * max(0, content - 1) - _PER_SEGMENT


def _counted(tile: Segment, stretch: Sequence[Word], lexicon: Lexicon, operators: Operators) -> bool:
    """Whether part of a title ends in a cohort of which people are asked for: "Hill glaucoma patients" are
    the people with glaucoma at Hill, where "the Hill glaucoma registry" is a dataset."""
    title = tile.senses and all(s.kind == "dataset" and s.tier == PART for s in tile.senses)
    content = [word for word in stretch if not word.glue]
    if not title or len(content) < 2 or stretch[-1].glue or content[-1].end <= tile.end:
        return False
    if len(content) > 2 and content[-3].end == content[-2].start:
        return False  # written as one word
    named = lexicon.senses(key(content[-2].text))
    people = operators.of(key(content[-1].text))
    return "people" in people and any(s.kind == "cohort" and s.tier in _EXACT for s in named)


def _trace(best: Sequence[tuple[float, int, Segment | None]], found: Sequence[Word]) -> list[Segment]:
    tiles: list[Segment] = []
    at = len(found)
    while at:
        _, start, tile = best[at]
        if tile is None:
            word = found[start]
            if not word.glue:
                tiles.append(Segment(word.text, word.start, word.end, (), (), word.strong))
        else:
            tiles.append(tile)
        at = start
    return tiles[::-1]


def _candidate(
    question: str, stretch: Sequence[Word], lexicon: Lexicon, operators: Operators
) -> tuple[Segment, float] | None:
    """The segment over a stretch of words and its share of the score; None when it means nothing."""
    first, last = stretch[0], stretch[-1]
    if any(word.kind == "clitic" for word in stretch) and not lexicon.senses(
        key(question[first.start : last.end])
    ):
        return None  # but "Hill Women's Hospital" is a name
    if len(stretch) > 1 and _WAVE in (first.text, last.text):
        return None  # "2020년~2022년"
    if len(stretch) > 1 and (first.glue or (last.glue and not _is_operator(stretch, operators))):
        return None
    text = question[first.start : last.end]
    raw = key(text)
    if not raw or len(raw) > max(lexicon.longest, operators.longest) + 8:
        return None
    glued = any(w.glue for w in stretch) and not first.bound
    bare = key("".join(w.text for w in stretch if not w.glue)) if glued else raw
    forms = [raw, bare, *_without_particle(last, raw)]
    spaced = len(stretch) > 1 and all(word.kind == "latin" for word in stretch)
    roles = next((found for form in forms if (found := operators.of(form, spaced=spaced))), ())
    if set(roles) == {FILLER} and len(raw) == 1 and not first.bound and not first.glue and first.strong:
        # "간 데이터" is about the liver, where "병원 간" is not.
        roles = () if lexicon.senses(raw) or lexicon.topics(raw) else roles
    if text in _DENIALS and not last.adverb:
        roles = tuple(role for role in roles if role != "not")  # "병원 안"
    if len(raw) == 1 and first.start and HANGUL.match(question, first.start - 1) and len(stretch) == 1:
        roles = tuple(role for role in roles if not role.startswith("rank."))  # "있긴 한가요"
    if _COUNTING.match(question, first.start) and len(stretch) == 1:
        roles = (FILLER,)  # "세어 주세요" counts and is no three
    if _LEFT.match(question, first.start) and not first.strong and not _WOMEN.search(question):
        roles = tuple(role for role in roles if role != "sex.M")  # "장애가 남은 환자"
    if raw == "해" and not first.strong:
        roles = ()  # "해 주세요"
    if _BRACKET.search(text):
        roles = ()  # "(16 or more) patients"
    if "anaphor" in roles and _CORRESPONDING.match(text):
        roles = ()  # "X에 해당하는 변수" says which, "해당 변수" points back
    alone = first.glue and len(stretch) == 1
    named: tuple[Sense, ...] = ()
    if not alone:
        literal = " " not in text  # "insulin dose" is no identifier, though one is called so
        named = next((senses for form in forms if (senses := lexicon.senses(form, literal=literal))), ())
    if not named and not roles and len(content := [w for w in stretch if not w.glue]) == len(_NOUN_AND_VERB):
        order = tuple(w.strong for w in content)
        if order == _NOUN_AND_VERB and all(w.kind == "hangul" for w in content):
            named = lexicon.deverbal(bare)  # "코를 고는지"
    if last.verbal and all(s.tier >= GLOSSARY or s.kind == "table" for s in named):
        named = ()  # "방문해서 보는 자료": what is done, not a name
    if len(raw) == 1 and first.bound:
        named = ()
    senses = _sensible(text, roles, named)
    if senses and len(stretch) > 1 and all(s.kind == "value" for s in senses) and _groups(stretch, operators):
        return None  # "per year" groups, whatever a granularity is called
    if senses and all(s.kind == "team" for s in senses):
        # What a team works on is as often what is counted: a cohort whose name has the words in it.
        senses = (*senses, *(s for s in lexicon.parts(text) if s.kind != "team"))
    quality = max(
        max((_EXACT.get(s.tier, _SHORTER) for s in senses), default=0.0),
        (_FILLER if set(roles) <= {FILLER, DEMONSTRATIVE} and len(stretch) == 1 else _ROLE) if roles else 0.0,
    )
    if not senses and (not roles or len(stretch) > 1) and not alone:
        senses, part = _parts(text, stretch, lexicon, operators)
        if not any(s.kind == "cohort" for s in senses) and (kinds := lexicon.narrower(bare)):
            senses, part = (*senses, *kinds), max(part, _PART_MORE)
        if part and not roles and last.verbal:
            return None  # "조사한 자료": what was done, not a name that has the word in it
        quality = max(quality, part)
    if not quality:
        return None
    score = _score(quality, stretch) + (_PER_SEGMENT - _PER_GLUE if alone else 0.0)
    strong = any(w.strong for w in stretch)
    titled = any(s.kind in {"dataset", "table"} and s.tier == PART for s in senses) and any(
        _TITLE_NOUNS & set(operators.of(key(w.text))) for w in stretch
    )
    return Segment(text, first.start, last.end, roles, senses, strong, titled), score


def _groups(stretch: Sequence[Word], operators: Operators) -> bool:
    """Whether words group: "per year", "by sex"."""
    first, last = operators.of(key(stretch[0].text)), operators.of(key(stretch[-1].text))
    return "group.before" in first and any(role.startswith("dimension.") for role in last)


def _sensible(text: str, roles: tuple[str, ...], senses: tuple[Sense, ...]) -> tuple[Sense, ...]:
    """Senses that the way of writing allows.

    "hospital" asks for hospitals even where it is also a hospital's type, and "be" is not "BE".
    """
    if not text.isupper():
        senses = tuple(s for s in senses if s.field != INITIALS)
    if FILLER in roles and text.isascii() and text.islower() and len(text) <= SHORT_WORD:
        return ()
    if "access.on_site" in roles:
        return ()  # to come to a hospital is no table of visits
    if any(role.startswith("dimension.") for role in roles):
        return tuple(s for s in senses if s.kind != "value")  # "every year" groups
    if "subject.registry" in roles:
        return tuple(s for s in senses if s.field.startswith("dataset."))
    if any(role.startswith("subject.") for role in roles):
        return tuple(s for s in senses if s.kind != "value")
    if any(role.startswith("field.") for role in roles):
        return tuple(s for s in senses if not s.field.startswith("variable."))  # "the codes" are no type
    return senses


def _without_particle(last: Word, raw: str) -> list[str]:
    """The key without a particle that the analyser took for the end of a word it does not know."""
    if last.kind != "hangul" or not last.strong:
        return []
    many = [raw.removesuffix("들")] if len(last.text) > 2 and last.text.endswith("들") else []
    return many + [raw[: -len(p)] for p in PARTICLES if last.text.endswith(p) and len(last.text) > len(p) + 1]


def _is_operator(stretch: Sequence[Word], operators: Operators) -> bool:
    """True when the stretch as it stands, particles and all, is a steering phrase."""
    return bool(operators.of(key("".join(w.text for w in stretch))))


def _titled_in_words(
    text: str, stretch: Sequence[Word], lexicon: Lexicon, operators: Operators
) -> Sense | None:
    """ "골절 사진 자료" of "Hill Fracture Photo Archive": two words or more, the noun at their
    end aside, that one title alone has, in whichever language; three where one of them could steer."""
    words_, nouns = [], 0
    if _BRACKET.search(text):
        return None  # "체중(몸무게)" says one thing twice
    for word in stretch:
        if word.glue or word.kind != "hangul":
            return None
        roles = operators.of(key(word.text))
        noun = bool(roles) and set(roles) <= _DATASET_NOUNS
        if nouns or (not noun and any(role.startswith("subject.") for role in roles)):
            return None  # "경보자료 급성콩팥손상 환자": what stands behind the noun is not of the title
        nouns += noun
        if not noun:
            words_.append((word, bool(roles) and set(roles) != {FILLER}))
    apart = "".join(
        (" " if i and words_[i - 1][0].end != w.start else "") + w.text for i, (w, _) in enumerate(words_)
    )
    least = WHOLE_TITLE if any(steers for _, steers in words_) else 2
    if len(apart.split()) < least or len(lexicon.parts(apart)) > 0:
        return None
    ids = lexicon.titled_in_words(apart)
    return Sense("dataset", ids, PART) if len(ids) == 1 else None


def _in_one_title(text: str, lexicon: Lexicon, *, together: bool = False) -> bool:
    """Several words of one dataset's title, whatever each could do alone ("Hill stroke case series");
    ``together``, as they stand there."""
    return any(s.kind == "dataset" and len(s.ids) == 1 for s in lexicon.parts(text, together=together))


def _inside_a_name(
    text: str, content: Sequence[Word], lexicon: Lexicon, operators: Operators
) -> tuple[tuple[Sense, ...], float]:
    """ "Vascular access" of "Vascular access type": words of one name, one of which could steer elsewhere."""
    bare = [w for w in content if not operators.of(key(w.text))]
    if len(content) < 2 or not bare or all(w.kind == "number" for w in bare):
        return (), 0.0
    if any(FILLER in operators.of(key(w.text)) for w in (content[0], content[-1])):
        return (), 0.0  # "creatinine in"
    senses = tuple(s for s in lexicon.parts(text, together=True) if s.kind in _INSIDE)
    return senses, (_PART_MORE if senses else 0.0)


def _parts(
    text: str, stretch: Sequence[Word], lexicon: Lexicon, operators: Operators
) -> tuple[tuple[Sense, ...], float]:
    """Names that the stretch is a part of. Steering words other than "registry" and the like bar it."""
    content = [w for w in stretch if w.strong]
    if len({key(w.text) for w in content}) < len(content):
        return (), 0.0  # "the X registry's X": the second X is not of the title
    if not content or not stretch[0].strong or not stretch[-1].strong or len(stretch) > 6:
        return (), 0.0
    if any("and" in operators.of(key(stretch[at].text)) for at in (0, -1)):
        return (), 0.0  # "the X and Y registry and the Z registry": the title ends before the second "and"
    if (named := _titled_in_words(text, stretch, lexicon, operators)) is not None:
        return (named,), _PART_TITLE
    titled = False
    of_it = any(w.glue and w.text == "의" for w in stretch)
    if of_it and "subject.cohort" in operators.of(key(stretch[-1].text)):
        return (), 0.0  # "X 자료의 코호트": what is in it, and no name of it
    for word in stretch if len(stretch) > 1 else ():
        roles = operators.of(key(word.text))
        if word.glue and "and" in roles:
            return (), 0.0  # "X와 Y" are two names
        if word.glue or not roles:
            continue
        if not any(role.startswith("subject.") for role in roles):
            if set(roles) == {FILLER} and word.strong and _in_one_title(text, lexicon, together=True):
                continue  # "두통 앱" of "느티 두통 앱 일지"
            if not (len(content) >= WHOLE_TITLE and _in_one_title(text, lexicon)):
                return _inside_a_name(text, content, lexicon, operators)
            continue
        titled = titled or bool(_TITLE_NOUNS & set(roles))
    if all(word.kind == "number" for word in content):
        return (), 0.0
    senses = lexicon.parts(text)
    if not senses and not titled:
        senses = lexicon.topics(text)
    if titled:
        bare = [w.text for w in content if not _TITLE_NOUNS & set(operators.of(key(w.text)))]
        if all(w.isdigit() or any(r.startswith("subject.") for r in operators.of(key(w))) for w in bare):
            return (), 0.0  # "자료의 코호트": no name
        if any(s.kind in {"cohort", "concept"} for s in lexicon.senses(key("".join(bare)))):
            return (), 0.0  # "the glaucoma cohort": the noun says what the name is
        owner = lexicon.senses(key(bare[0])) if len(bare) == 1 and not senses else ()
        if owner and all(s.kind == "hospital" and s.tier < PART for s in owner):
            return (), 0.0  # "Hill datasets": all of that hospital's
        # "X registry" for a title that calls it a cohort: what kind it is need not be in the title.
        senses = senses or (lexicon.parts(" ".join(bare)) if bare else ())
    if titled:
        of_table = any("subject.table" in operators.of(key(w.text)) for w in content)
        senses = tuple(s for s in senses if s.kind == ("table" if of_table else "dataset"))
        return senses, (_PART_TITLE if senses and len(content) > 1 else 0.0)
    if len(content) > 1 and any(
        s.kind == "dataset" and len(s.ids) == 1 for s in lexicon.parts(text, together=True)
    ):
        return senses, _PART_TITLE  # "urticaria diary": words of one title, whatever each names alone
    return senses, (0.0 if not senses else _PART_ONE if len(content) == 1 else _PART_MORE)
