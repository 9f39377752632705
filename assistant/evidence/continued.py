"""Turns that go on with the question before them: "And for foreign companies?", "그건 언제까지예요?".

Whether a turn may be one shows in its form; what it asks is read with the terms of the question before it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from assistant.evidence.cues import load_cues
from assistant.evidence.enough import RARE
from assistant.evidence.question import Part
from assistant.evidence.tokens import tokens
from knowledge.text import Language, language_of, normalize
from tools.query.understand.turn import read_turn

SHORT = 8  # words of a turn that leaves its topic to the one before
ENOUGH_NAMED, ENOUGH_WORDS = 2, 6
_WORD = re.compile(r"[\w'’-]+")
# Nothing but a thing: "foreign companies?", "외국 기업은요?", "해외 법인이면요?"
_ENDS_OPEN = re.compile(r"(?:[은는도]|면|라면|때|경우|경우[에는]+)(?:요)?\s*[?？.!…]*$")
_POINTS = {
    "en": re.compile(r"(?<![a-z])(it|this|that|they|them|those|these|its|their)(?![a-z])", re.IGNORECASE),
    "ko": re.compile(r"(?<![가-힣])([그이](건|거|게|것|걸)|그때|거기|그쪽|그 [가-힣]+)"),
}
# "Is it allowed to": the pronoun stands for what follows.
_STANDS_FOR_NOTHING = re.compile(
    r"(?<![a-z])(is|was|will|would|does|if|whether) it .*(?<![a-z])(to|that|if|when)(?![a-z])",
    re.IGNORECASE,
)


def goes_on(question: str) -> bool:
    """Whether a turn has the form of one that leaves its topic to the question before it."""
    text = " ".join(normalize(question).split())
    language = language_of(text)
    turn = read_turn(text)
    if not text or len(_WORD.findall(text)) > SHORT:
        return False
    if not _asks(text, language):
        opened = turn.has("about", "opener") and bool(turn.rest.strip(" ?？.!,"))
        return opened or (language == "ko" and bool(_ENDS_OPEN.search(text)))
    if language == "en" and _STANDS_FOR_NOTHING.search(text):
        return False
    return bool(_POINTS[language].search(text)) or turn.has("opener") or not _content(text)


def asks(question: str) -> bool:
    """Whether a turn has words that ask for a kind of answer, not a thing alone."""
    text = normalize(question)
    return _asks(text, language_of(text))


def may_stand_alone(question: str) -> bool:
    """Whether a turn that goes on could as well be a question of its own: it asks, and does not point."""
    text = normalize(question)
    language = language_of(text)
    return _asks(text, language) and _content(text) and not _POINTS[language].search(text)


def whole(question: str) -> bool:
    """Whether a turn that goes on names enough to be read alone where the topic before it gives nothing: it
    asks, and names several things, or one in a sentence of some length, before it points ("How many controls
    per case are worth it?")."""
    text = normalize(question)
    language = language_of(text)
    pointed = _POINTS[language].search(text)
    light = load_cues().light
    ahead = text[: pointed.start()] if pointed else text
    named = [t for t in tokens(ahead) if t.text.lower() not in light and not t.verb and not t.adverb]
    long = bool(named) and len(_WORD.findall(ahead)) >= ENOUGH_WORDS
    return _asks(text, language) and (long or len(named) >= ENOUGH_NAMED)


def continued(turn: Part, before: Sequence[Part]) -> Iterator[tuple[Part, str]]:
    """Readings of a turn with the terms of what was asked before, the fullest first: all of them, then
    without each one, in whose place what the turn names may stand, as long as another one stays. Beside
    each the term that is left out."""
    carried = [w for part in before for w in part.wanted]
    own = {w.text.lower() for w in turn.wanted}
    carried = [w for w in carried if w.text.lower() not in own]
    # What the turn names is the whole of what it asks: no answer can do without it.
    named = tuple(
        replace(w, weight=max(w.weight, RARE), soft=False, literal=True)
        if not w.soft or (not turn.asks and w.kind != "year")
        else w
        for w in turn.wanted
    )
    firm = [w for w in named if not w.soft]
    kinds = turn.asks or frozenset(kind for part in before for kind in part.asks)
    asked = turn if turn.asks or not before else replace(
        turn, asks=kinds, counter=before[0].counter, counted=before[0].counted, times=before[0].times
    )  # fmt: skip
    gone = [w for w in carried if not w.soft] if firm else []
    for left_out in (None, *gone):
        kept = [w for w in carried if w is not left_out]
        if left_out is not None and all(w.soft for w in kept):
            # "Can hospitals take part?", "And universities?": that it is about taking part has to stay.
            kept = [replace(w, soft=w.soft and w.text.lower() not in load_cues().joining) for w in kept]
            if all(w.soft for w in kept):
                continue
        search = " ".join([turn.text, *(w.text for w in kept)])
        given = asked.given or tuple(v for part in before for v in part.given if left_out is None)
        yield (
            replace(asked, wanted=(*named, *kept), search=search, sense=search, given=given),
            left_out.text if left_out else "",
        )


def _asks(text: str, language: Language) -> bool:
    return any(by[language].search(text) for by in load_cues().asks.values())


def _content(text: str) -> bool:
    """Whether a text names something."""
    light = load_cues().light
    return any(t.text.lower() not in light and not t.verb and not t.adverb for t in tokens(text))
