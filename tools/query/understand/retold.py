"""What a question says in other words than the catalog's, once it could not be read as it stands.

A stretch of the question stands for one thing of the catalog where it holds all the words of one of its
sayings (``sayings.py``) and nothing else but words that are said of the same thing elsewhere or carry no
meaning of their own. The question is then read again with the stretch as a name of that thing. It is taken at
that only where all such readings come to one plan; a word that stays unknown keeps the question unanswered.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache
from itertools import product
from pathlib import Path

from knowledge.data_file import read_shipped
from knowledge.lemmas import Lemma, lemmas
from knowledge.text import HANGUL, Language
from tools.query.plan import QueryPlan
from tools.query.understand.lexicon import Sense
from tools.query.understand.occasions import Occasions
from tools.query.understand.outcome import Absent, Note, Outcome, Unclear, Understood
from tools.query.understand.sayings import Saying, Sayings
from tools.query.understand.tiles import Segment

WORDS = Path(__file__).with_name("retold.yaml")
MOST_READ, DEEP = 6, 2  # readings that are tried for a question, and stretches of it that are read anew
REACH = 3  # content words between the core of a saying and a word that was not understood
MOST_PLACES = 16  # ways to find a core in a question
_CODES = frozenset(("unknown_words", "unused_words"))

Read = Callable[[tuple[Segment, ...]], tuple[Outcome, Sequence[Segment]]]


@dataclass(frozen=True, slots=True)
class Retold:
    """A stretch of a question as a name of what is meant; ``covered`` of its words were not understood."""

    tile: Segment
    saying: Saying
    stretch: tuple[Lemma, ...]
    covered: int


@dataclass(frozen=True, slots=True)
class Retelling:
    """Reads questions of one catalog version that are put in other words than the catalog's."""

    sayings: Sayings
    occasions: Occasions

    def retell(self, text: str, outcome: Outcome, language: Language, read: Read) -> Outcome:
        """The outcome of the question as it is meant where its unread words describe one thing; else
        ``outcome``. ``read`` understands the question with some stretches read as given, and tells its
        segments."""
        return self._retold(text, outcome, language, read, ())

    def stretches(
        self,
        text: str,
        failing: Collection[tuple[int, int]],
        language: Language,
        taken: Collection[tuple[int, int]] = (),
    ) -> list[Retold]:
        """What stretches with a word that was not understood may mean, those with most such words first;
        without those that have something ``taken`` in them."""
        found: dict[tuple[int, int, tuple[Sense, ...]], Retold] = {}
        for compounds in (False, True) if HANGUL.search(text) else (False,):
            spoken = lemmas(text, compounds)
            unread = {n for n, one in enumerate(spoken) if any(_meets(one, span) for span in failing)}
            about = {spoken[n].form for n in unread if not spoken[n].idle}
            for saying in (
                *self.sayings.said_in(spoken, about, language),
                *self.occasions.met(spoken, about, language),
            ):
                for first, last in _windows(spoken, saying, unread):
                    start, end = spoken[first].start, _word_end(text, spoken[last].end)
                    if any(start < b and a < end for a, b in taken):
                        continue
                    tile = Segment(
                        text[start:end], start, end, (), saying.senses, True, described=saying.ideas
                    )
                    covered = sum(first <= n <= last for n in unread)
                    one = Retold(tile, saying, tuple(spoken[first : last + 1]), covered)
                    found.setdefault((start, end, saying.senses), one)
        return sorted(found.values(), key=lambda one: (-one.covered, -len(one.saying.core), one.tile.start))

    def _retold(
        self, text: str, outcome: Outcome, language: Language, read: Read, told: tuple[Retold, ...]
    ) -> Outcome:
        failing = _failing(text, outcome)
        if not failing or len(told) >= DEEP:
            return outcome
        taken = [(one.tile.start, one.tile.end) for one in told]
        found: dict[QueryPlan, Understood] = {}
        best: tuple[int, int] | None = None
        stretches = self.stretches(text, failing, language, taken)
        titled = {(one.tile.start, one.tile.end) for one in stretches if _is_titled(one)}
        for one in stretches[:MOST_READ]:
            if (one.tile.start, one.tile.end) in titled and not _is_titled(one):
                continue  # what may as well be a dataset by its title
            rank = (one.covered, len(one.saying.core))
            if best is not None and rank < best:
                break
            tiles = (*told, one)
            again, segments = read(tuple(t.tile for t in tiles))
            if not all(_kept(t.tile, segments) for t in tiles):
                continue
            if not isinstance(again, Understood):
                again = self._retold(text, again, language, read, tiles)
            if isinstance(again, Understood) and self._stands(again.plan, text, one):
                best = rank
                if not one.tile.described:
                    note = Note("homonym", {"words": one.tile.text, "meant": one.saying.meant})
                    again = Understood(again.plan, (*again.notes, note), again.follows)
                found.setdefault(again.plan, again)
        return next(iter(found.values())) if len(found) == 1 else outcome

    def _stands(self, plan: QueryPlan, text: str, one: Retold) -> bool:
        """Whether a plan has what a stretch is read as, and the stretch may mean that in it."""
        said = set(_values(asdict(plan)))
        if not any(id in said for sense in one.tile.senses for id in sense.ids):
            return False
        dataset = one.saying.senses[0].ids[0]
        return not _is_titled(one) or self.occasions.stands(plan, text, one.stretch, dataset)


def _is_titled(one: Retold) -> bool:
    return one.saying.senses[0].kind == "dataset"


def _values(part: object) -> Iterator[object]:
    """Everything that stands in a plan, however deep."""
    if isinstance(part, Mapping):
        part = part.values()
    if isinstance(part, str) or not isinstance(part, Iterable):
        yield part
    else:
        for inner in part:
            yield from _values(inner)


def _kept(tile: Segment, segments: Sequence[Segment]) -> bool:
    """Whether a stretch is read as given, and lost to no other reading."""
    return any((s.start, s.end, s.senses) == (tile.start, tile.end, tile.senses) for s in segments)


def _failing(text: str, outcome: Outcome) -> list[tuple[int, int]]:
    """The places of the words that an outcome says were not understood, or changed nothing."""
    if not isinstance(outcome, Absent | Unclear) or outcome.note.code not in _CODES:
        return []
    words = str(outcome.note.values.get("words", "")).split(", ")
    return [span for word in words if word for span in _places(word, text)]


def _places(word: str, text: str) -> list[tuple[int, int]]:
    """Where a word stands by itself ("age", not in "dosage"; "말", not in "양말"); where it nowhere does, all
    places that have it."""
    inside = re.escape(word)
    alone = re.sub(r"^(?=[a-z])", "(?<![A-Za-z])", inside, flags=re.IGNORECASE)
    alone = re.sub(r"^(?=[가-힣])", "(?<![가-힣])", alone)
    alone = re.sub(r"(?<=[a-z])$", "(?![A-Za-z])", alone, flags=re.IGNORECASE)
    found = [match.span() for match in re.finditer(alone, text)]
    return found or [match.span() for match in re.finditer(inside, text)]


def _meets(one: Lemma, span: tuple[int, int]) -> bool:
    return one.start < span[1] and span[0] < one.end


def _word_end(text: str, end: int) -> int:
    while end < len(text) and text[end].isascii() and text[end].isalpha():
        end += 1
    return end


def _windows(spoken: Sequence[Lemma], saying: Saying, unread: set[int]) -> Iterator[tuple[int, int]]:
    """(first, last) of the tightest stretch with a saying's core, widened to the unread words near it."""
    places = [[n for n, one in enumerate(spoken) if one.form == word] for word in sorted(saying.core)]
    ways = 1
    for found in places:
        ways *= len(found)
    if not 0 < ways <= MOST_PLACES:
        return
    first, last = min(((min(way), max(way)) for way in product(*places)), key=lambda w: w[1] - w[0])

    def passes(n: int) -> bool:
        return spoken[n].form in saying.core or spoken[n].form in saying.bag or _carries(spoken[n])

    if not all(passes(n) for n in range(first, last + 1)):
        return
    for step in (-1, 1):
        at = edge = first if step < 0 else last
        while 0 <= at + step < len(spoken) and abs(at + step - edge) <= REACH and passes(at + step):
            at += step
            if at in unread:
                first, last = min(first, at), max(last, at)
                edge = at
    telling = {one.form for one in spoken[first : last + 1] if one.form in saying.core | saying.bag}
    least = 1 if saying.senses[0].kind == "dataset" else 2  # which one is meant shows by who is counted
    if len(telling) >= least and any(n in unread for n in range(first, last + 1)):
        yield first, last


def _carries(one: Lemma) -> bool:
    """Whether a word only carries the others and tells nothing from something else."""
    return one.idle or one.general or one.form in _carriers()


@lru_cache(maxsize=1)
def _carriers() -> frozenset[str]:
    data: Mapping[str, str] = read_shipped(WORDS)
    return frozenset(one.form for text in data.values() for one in lemmas(text))
