"""What words that point back stand for: the question with "that dataset" or "the first one" filled in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from tools.query.understand.antecedent import Previous, meant, placed
from tools.query.understand.clues import Clues
from tools.query.understand.in_context import OF_VARIABLES
from tools.query.understand.lexicon import FULL, Kind, Sense
from tools.query.understand.outcome import Note, Unclear
from tools.query.understand.segment import FILLER, Segment
from tools.query.understand.turn import read_turn

NAMES = ("hospital", "dataset", "cohort", "variable", "table", "concept", "team")
_PLACES = ("hospital", "dataset")
_STEERS = ("dimension.", "sex.", "group.", "rank.", "anaphor", "measure.", "exist")
_OF_HOSPITALS = ("field.beds", "field.region", "field.contact", "field.hospital_type")
_BRIEF = 5  # words
_DATASET_NOUNS = ("dataset", "데이터", "자료", "레지스트리", "registry", "database", "등록")


def refers(clues: Clues) -> bool:
    """True where words stand for what was said before, and nothing in the question itself can be meant."""
    pointing = [
        s for i, s in enumerate(clues.segments)
        if s.plays("anaphor") and FILLER not in s.roles and i not in clues.counted
    ]  # fmt: skip
    if not pointing or clues.mentions("hospital", "dataset"):
        return False
    return any(_firm(s) for s in pointing) or not clues.mentions("cohort", "variable")


def _firm(segment: Segment) -> bool:
    """Words that never stand for something in the same sentence: a noun with "that", or some of a group."""
    words = segment.text.split()
    return len(words) > 1 or some_of(segment) or (len(segment.text) > 2 and not segment.text.isascii())


def names(clues: Clues, *kinds: str) -> list[int]:
    """Segments that name something and do nothing else: "sex" groups before it is a variable."""
    found = clues.mentions(*(kinds or NAMES))
    return [i for i in found if not clues.segments[i].plays(*_STEERS)]


def some_of(segment: Segment) -> bool:
    """ "Of those", "그중": some of the people that were counted."""
    return segment.text.lower().startswith("of ") or segment.text.endswith(("중", "가운데"))


def no_antecedent(clues: Clues) -> Unclear:
    """Asks what the words stand for."""
    at = clues.find("anaphor")
    words = clues.word(at) if at is not None else ""
    return Unclear(Note("no_antecedent", {"words": words}), follows=True)


def resolved(
    text: str, clues: Clues, previous: Previous | None, read: Callable[[str], Clues]
) -> Clues | Unclear | None:
    """The same question with "that dataset" or "the first one" standing for what was answered before.

    None where it points to nothing, Unclear where what it points to was never spoken of.
    """
    if previous is None or previous.plan is None:
        return None
    turn = read_turn(text)
    listed = previous.listed
    if turn.has("respectively") and listed is not None and not (clues.groups or names(clues, *_PLACES)):
        return with_sense(clues, Sense(listed.kind, listed.ids, FULL))
    if turn.has("ordinals") and turn.place is not None and not clues.mentions("hospital", "dataset"):
        sense = placed(previous, turn.place, turn.kind)
        rest = replace(read(turn.rest), language=clues.language)
        return with_sense(rest, sense) if sense is not None else None
    if not (refers(clues) or _brief(clues)):
        return None
    wanted = _wanted(clues)
    segments: list[Segment] = []
    for segment in clues.segments:
        if not segment.plays("anaphor"):
            segments.append(segment)
            continue
        sense = meant(previous, clues.catalog, _kind_of(segment) or wanted)
        if sense is None:
            return no_antecedent(clues)
        segments.append(replace(segment, roles=(), senses=(sense,), strong=True))
    return replace(clues.fresh(), segments=tuple(segments))


def _brief(clues: Clues) -> bool:
    """ "Does it contain X?", "거기에 X 있어요?": short, and about nothing else that has things."""
    pointing = any(s.plays("anaphor") and FILLER not in s.roles for s in clues.segments)
    content = [s for s in clues.segments if (s.strong or s.senses) and s.roles != (FILLER,)]
    return pointing and len(content) <= _BRIEF and not clues.mentions("hospital", "dataset", "cohort")


def _kind_of(segment: Segment) -> Kind | None:
    if segment.plays("anaphor.hospital"):
        return "hospital"
    low = segment.text.lower()
    if any(word in low for word in _DATASET_NOUNS):
        return "dataset"
    return "variable" if any(word in low for word in ("variable", "변수")) else None


def _wanted(clues: Clues) -> Kind | None:
    """The kind of thing that has what is asked for."""
    fields = clues.fields()
    if any(f in _OF_HOSPITALS for f in fields):
        return "hospital"
    if any(f in OF_VARIABLES for f in fields) and not clues.mentions("variable"):
        return "variable"
    return "dataset" if fields or clues.subject in {"variable", "table"} else None


def with_sense(clues: Clues, sense: Sense) -> Clues:
    """The question with one more name in it, which stands behind its last word."""
    end = len(clues.text)
    named = Segment("", end, end, (), (sense,), True)
    return replace(clues.fresh(), segments=(*clues.segments, named))


def bare(clues: Clues) -> Clues | None:
    """ "단위는?", "what is its unit?": a question for a field of what was spoken of names nothing itself,
    also where a variable of the catalog has the word in its name. The question without such names; None for
    any other."""
    content = [s for s in clues.segments if (s.strong or s.senses) and FILLER not in s.roles]
    if not content or not all(s.plays("field.", "anaphor") for s in content):
        return None
    plain = (replace(s, senses=()) if s.plays("field.") else s for s in clues.segments)
    return replace(clues.fresh(), segments=tuple(plain))


def implied(clues: Clues, previous: Previous) -> Clues | None:
    """A question of nothing in particular ("수집 기간은?") asked of what the last answer was about."""
    if names(clues) or (clues.subject in {"hospital", "team", "cohort"} and clues.has("which")):
        return None
    sense = meant(previous, clues.catalog, _wanted(clues))
    return None if sense is None else with_sense(clues, sense)


def without_years(clues: Clues) -> Clues | None:
    """The question without its years; None where it has none."""
    at = {i for q in clues.quantities if q.kind in {"year", "recent"} for i in q.at}
    if not at:
        return None
    kept = tuple(s for i, s in enumerate(clues.segments) if i not in at)
    rest = tuple(q for q in clues.quantities if q.kind not in {"year", "recent"})
    shifted = tuple(replace(q, at=tuple(i - sum(j < i for j in at) for i in q.at)) for q in rest)
    return replace(clues.fresh(), segments=kept, quantities=shifted)
