"""The segments that descriptions of ideas make of a question's words, and what bars them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from tools.query.understand.lexicon import Lexicon
from tools.query.understand.operators import Operators
from tools.query.understand.tiles import Segment
from tools.query.understand.words import Word, key

LONGEST_PHRASE = 4  # words of a steering phrase inside a description
_ASKING = ("field.", "measure.", "dimension.", "how_many", "rank.", "group.", "threshold")
_COUNTING = ("measure.", "records", "rank.", "group.", "dimension.", "subject.")
_TEAM = "subject.team"
_WHO = re.compile(r"(?i)\bwho\b|누가")


def described_tiles(
    question: str, found: Sequence[Word], lexicon: Lexicon, operators: Operators
) -> Iterator[tuple[int, int, Segment]]:
    """(first, behind the last, segment) of the stretches of words that describe what the catalog holds."""
    for one in lexicon.descriptions.within(question, found):
        stretch = found[one.first : one.last]
        if _steers(question, stretch, operators):
            continue
        start, end = stretch[0].start, stretch[-1].end
        senses = tuple(dict.fromkeys(s for term in one.terms for s in lexicon.of_idea(term)))
        if all(s.kind == "team" for s in senses) and not _of_teams(question, operators):
            continue  # what somebody works on is not what is recorded
        ids = tuple(term.id for term in one.terms)
        tile = Segment(question[start:end], start, end, (), senses, strong=True, described=ids)
        yield one.first, one.last, tile


def told_tiles(
    question: str, found: Sequence[Word], told: Sequence[Segment], operators: Operators
) -> Iterator[tuple[int, int, Segment]]:
    """(first, behind the last, segment) of stretches that are to be read as given, unless they steer or have
    a word in them that counts or orders."""
    for tile in told:
        if tile.senses and all(s.kind == "team" for s in tile.senses) and not _of_teams(question, operators):
            continue
        within = [n for n, word in enumerate(found) if word.start < tile.end and tile.start < word.end]
        stretch = found[within[0] : within[-1] + 1] if within else ()
        counting = any(
            role.startswith(_COUNTING) for word in stretch for role in operators.of(key(word.text))
        )
        if stretch and not counting and not _steers(question, stretch, operators):
            yield within[0], within[-1] + 1, tile


def narrowed(question: str, tiles: Sequence[Segment]) -> list[Segment]:
    """The tiles with an unknown word right before a description held to matter, since it may be narrower than
    the idea: "재우는 약을 먹는" is more than "약을 먹는"."""
    told = []
    for at, tile in enumerate(tiles):
        following = tiles[at + 1] if at + 1 < len(tiles) else None
        touching = following is not None and len(question[tile.end : following.start].split()) < 2
        bare = following is not None and following.described and not tile.known
        told.append(replace(tile, strong=True) if bare and touching else tile)
    return told


def _steers(question: str, stretch: Sequence[Word], operators: Operators) -> bool:
    """Whether a stretch has a steering phrase in it ("몇 살부터 몇 살까지"), or only steering words."""
    for first, one in enumerate(stretch):
        for other in stretch[first + 1 : first + LONGEST_PHRASE]:
            if _asks(operators.of(key(question[one.start : other.end]))):
                return True
    return all(_asks(operators.of(key(word.text))) for word in stretch if not word.glue)


def _asks(roles: tuple[str, ...]) -> bool:
    return any(role.startswith(_ASKING) for role in roles)


def _of_teams(question: str, operators: Operators) -> bool:
    """Whether a question asks for teams, or who works on something."""
    whole, teams = key(question), operators.phrases.get(_TEAM, ())
    return _WHO.search(question) is not None or any(key(phrase) in whole for phrase in teams)
