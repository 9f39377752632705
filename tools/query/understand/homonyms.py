"""Names that stand for two ideas, and ideas that are described and not named: the rest of the question
decides between two, or the user does, and the answer says which one was meant."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace

from tools.query.understand.clues import Clues
from tools.query.understand.ideas import Idea
from tools.query.understand.lexicon import GLOSSARY, PART, Kind, Sense
from tools.query.understand.outcome import Note, Unclear
from tools.query.understand.scope import dataset_ids
from tools.query.understand.segment import Segment
from tools.query.understand.words import key

MAX_CHOICES = 4
_OF_VARIABLES = ("field.unit", "field.values", "field.missing", "field.granularity", "subject.variable")
_CONTENT = ("cohort", "variable", "concept", "table", "dataset")


@dataclass(frozen=True)
class Settled:
    """The question with each such name in the one meaning that fits, what to say of that, and a choice for
    the first name that keeps more than one."""

    clues: Clues
    notes: tuple[Note, ...] = ()
    choice: Unclear | None = None


def settle_homonyms(clues: Clues) -> Settled:
    """Look at every segment that is a name of two ideas, or describes one; a question without any comes back
    as it is."""
    segments = list(clues.segments)
    notes: list[Note] = []
    for i, segment in enumerate(segments):
        if not segment.senses:
            continue
        meanings = _meanings(clues, segment)
        if not meanings:
            continue
        fitting = _fitting(clues, i, meanings)
        if len(fitting) > 1:
            return Settled(clues, (), _choice(clues, segment, fitting))
        segments[i] = _meaning(segment, fitting[0])
        notes.append(Note("homonym", {"words": segment.text, "meant": _label(clues, fitting[0])}))
    if not notes:
        return Settled(clues)
    return Settled(replace(clues.fresh(), segments=tuple(segments)), tuple(notes))


def _meanings(clues: Clues, segment: Segment) -> tuple[Idea, ...]:
    lexicon = clues.lexicon
    if not segment.described:
        return lexicon.ideas.meanings(key(segment.text))
    ideas: list[Idea] = []
    for term in map(lexicon.ideas.term, segment.described):
        things = frozenset((s.kind, id) for s in lexicon.of_idea(term) for id in s.ids)
        if not any(things <= other.things for other in ideas):  # two words for one thing of the catalog
            ideas.append(Idea(term.en[0], term.ko[0], things))
    return tuple(ideas)


def _fitting(clues: Clues, i: int, meanings: tuple[Idea, ...]) -> tuple[Idea, ...]:
    """The ideas that the datasets named beside it hold, and that are of the kind that is asked for."""
    datasets = _beside(clues, i)
    if datasets:
        meanings = tuple(m for m in meanings if _held(clues, m, datasets)) or meanings
    people = clues.has("measure.patients", "people") and not clues.has("field.", "subject.variable")
    variables = clues.has(*_OF_VARIABLES)
    wanted = {"cohort"} if people else {"variable", "concept", "table"} if variables else set()
    if wanted:
        meanings = tuple(m for m in meanings if any(kind in wanted for kind, _ in m.things)) or meanings
    return meanings


def _beside(clues: Clues, i: int) -> set[str]:
    """Datasets that the rest of the question names, or those of the hospitals that it names."""
    found: set[str] = set()
    for j, segment in enumerate(clues.segments):
        if j == i or not segment.senses:
            continue
        found.update(dataset_ids(clues, j))
        hospitals = {id for s in segment.names("hospital") if s.tier < PART for id in s.ids}
        found.update(d.dataset for d in clues.catalog.datasets if d.hospital in hospitals)
    return found


def _held(clues: Clues, idea: Idea, datasets: set[str]) -> bool:
    catalog = clues.catalog
    for kind, id in idea.things:
        if kind == "dataset" and id in datasets:
            return True
        if kind == "cohort" and any((d, id) in catalog.counts.cohorts for d in datasets):
            return True
        by = {
            "variable": catalog.variables_by_name,
            "concept": catalog.variables_by_concept,
            "table": catalog.variables_by_table,
        }.get(kind)
        if by is not None and any(v.dataset in datasets for v in by.get(id, ())):
            return True
    return False


def _meaning(segment: Segment, idea: Idea) -> Segment:
    """The segment in one meaning only: what it named of it already, else all that the idea owns."""
    kept = []
    for sense in segment.senses:
        ids = tuple(id for id in sense.ids if (sense.kind, id) in idea.things or sense.kind not in _CONTENT)
        if ids:
            kept.append(replace(sense, ids=ids))
    if not any(sense.kind in _CONTENT for sense in kept):
        owned: dict[Kind, list[str]] = defaultdict(list)
        for kind, id in sorted(idea.things):
            if kind in _CONTENT:
                owned[kind].append(id)  # type: ignore[index]
        # Of many diseases with the word in their names none is named by it.
        kept += [
            Sense(kind, tuple(ids), PART if kind == "cohort" and len(ids) > 1 else GLOSSARY)
            for kind, ids in owned.items()
        ]
    return replace(segment, senses=tuple(kept))


def _choice(clues: Clues, segment: Segment, meanings: tuple[Idea, ...]) -> Unclear:
    text = clues.text
    choices = tuple(
        f"{text[: segment.start]}{_label(clues, m)}{text[segment.end :]}" for m in meanings[:MAX_CHOICES]
    )
    return Unclear(Note("several", {"words": segment.text}), choices)


def _label(clues: Clues, idea: Idea) -> str:
    """What an idea is called, by another name than the one that it shares."""
    return idea.ko if clues.language == "ko" else idea.en
