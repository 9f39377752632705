"""Which datasets can be linked, and how many people they share."""

from __future__ import annotations

import re

from tools.query.plan import LinkagePlan, Ranking
from tools.query.understand.clues import Clues
from tools.query.understand.lexicon import ALIAS, PART
from tools.query.understand.outcome import Absent, Note, Outcome, Understood
from tools.query.understand.quantity import Quantity
from tools.query.understand.scope import dataset_ids, take_scope
from tools.query.understand.shapes.count_groups import small_limit

_ALSO_IN = re.compile(r"에서?도(?![가-힣])")  # "A에도 있고 B에도 있는"
_IN_IT_TOO = re.compile(  # "A 환자 중 B에도 있는"
    r"에서?도 (?:[가-힣]{1,3} )?[가-힣]*(?:있는|있던|된|나온|나오는|남은|오른|들어간|잡힌) "
)
_ALSO_EN = re.compile(r"(?i)\balso (?:[a-z]+ ){0,3}(?:in|on|to|by|from|of)\b")  # "also took part in"
_ASKS_WHETHER = re.compile(
    r"(?i)\b(?:is|are|do|does|have|has|whether|if) (?:it|they|both|the two|these)\b[^,.?;]*\b(?:same|one) "
)
_HALVES = re.compile(r"\s*[()/]\s*")
_PAIR = 2
_COMPOUND_KO = 4  # syllables: two words written as one


def build_linkage(clues: Clues) -> Outcome | None:
    """A LinkagePlan; None when the question is not about linking datasets."""
    if not clues.has("linkage", "overlap") and not _in_both(clues):
        return None
    if clues.has("field.missing", "field.complete") and not clues.has("linkage"):
        return None  # "what share of it is missing"
    if clues.subject == "team":
        return None  # "put us in touch with a team"
    overlap = clues.take("overlap")
    clues.take("linkage", "people", "measure.", "and", "subject.", "both", "how_many")
    same: bool | None = None
    if clues.take("across_controllers"):
        same = False
    if clues.take("within_controller"):
        same = None if _ASKS_WHETHER.search(clues.text) else True
    keys = _keys(clues)
    sides: list[tuple[str, ...]] = []
    for i in clues.mentions():
        ids = _of_one_title(clues, i) or _side(clues, i)
        both = tuple(d for d in ids if sides and i - 1 in clues.used and d in sides[-1])
        if both and not dataset_ids(clues, i):
            sides[-1] = both  # "the X sessions": a table of that dataset
        elif ids and not (sides and ids == sides[-1] and i - 1 in clues.used):
            sides.append(ids)  # two stretches of one title are one side
        if ids:
            clues.used.add(i)
    if len(sides) == 1 and len(sides[0]) > 1 and clues.has("between", "value.2", "across_controllers"):
        sides.append(sides[0])  # "between the two stroke datasets"
        clues.take("between", "value.2")
    scope = take_scope(clues, datasets=False)
    own = tuple(d.dataset for d in scope.within(clues.catalog)) if scope.hospitals else ()
    if own:
        sides = [tuple(d for d in side if d in own) or side for side in sides]
    left, right = _sides(sides, own)
    if not sides and len(scope.hospitals) == _PAIR:
        # "Between hospital A and hospital B": the datasets of one with those of the other.
        left, right = (
            tuple(d.dataset for d in clues.catalog.datasets if d.hospital == h) for h in scope.hospitals
        )
        clues.take("between")
    notes = [Note("linkage_counts")] if overlap else []
    if same is not True:
        notes.append(Note("linkage_rule"))
    if not clues.catalog.linkage:
        return Absent(Note("no_linkage"))
    limits = clues.quantity("plain")
    if limits is not None and (small := small_limit(clues, limits)) is not None:
        return small
    ranking = _ranking(clues, limits)
    plan = LinkagePlan(
        left,
        right,
        same,
        keys,
        at_least=limits.whole_low if limits is not None and not limits.exact else None,
        at_most=limits.whole_high if limits is not None and not limits.exact else None,
        rounded_to=clues.catalog.meta.half_up_to if limits is not None else 0,
        ranking=ranking,
        language=clues.language,
    )
    return Understood(plan, tuple(notes))


def _keys(clues: Clues) -> tuple[str, ...]:
    """Types of key that the question names, in either half of their names ("serial number (일련번호)")."""
    found: dict[str, None] = {}
    for row in clues.catalog.linkage:
        for name in _HALVES.split(row.key_type or ""):
            words = r"\s*".join(re.escape(word) for word in name.split())
            match = re.search(words, clues.text, re.IGNORECASE) if len(name.strip()) > 2 else None
            if match is not None:
                found[str(row.key_type)] = None
                clues.used.update(
                    i for i, s in enumerate(clues.segments) if s.start < match.end() and s.end > match.start()
                )
    return tuple(found)


def _ranking(clues: Clues, limits: Quantity | None) -> Ranking | None:
    """ "Which two datasets share the most patients": pairs by how many people both have."""
    if not clues.has("rank.most", "rank.least"):
        if limits is not None and limits.exact:
            clues.used.difference_update(limits.at)
        return None
    first = clues.superlative or clues.has("value.2")  # a pair is two datasets
    least = clues.take("rank.least")
    clues.take("rank.", "value.2")
    number = int(limits.low) if limits is not None and limits.exact and limits.low else None
    return Ranking(
        "overlap_patients", not least, number or (1 if first else None), with_ties=first and not number
    )


def _side(clues: Clues, i: int) -> tuple[str, ...]:
    """The datasets that a mention stands for; a hospital right before it narrows them ("Hill breast")."""
    named = dataset_ids(clues, i)
    hospital = min((s.tier for s in clues.segments[i].names("hospital")), default=None)
    if hospital is not None and not (hospital == PART and named):
        return ()
    owners = clues.ids(i - 1, "hospital") if i else ()
    owned = [d.dataset for d in clues.catalog.datasets if d.hospital in owners]
    parts = () if named else clues.parts(i, "dataset")
    several = " " in clues.word(i) or len(clues.word(i)) >= _COMPOUND_KO
    several = several or (clues.word(i).isupper() and len(clues.word(i)) > _PAIR)  # "sleep diaries and ECG"
    ids = named or (parts if owners or (len(parts) == 1 and several) else _with_table(clues, i))
    return tuple(d for d in ids if d in owned) or named or (() if owners else ids)


def _of_one_title(clues: Clues, i: int) -> tuple[str, ...]:
    """ "The clinic letters": two words side by side, each also a table, that one title has together."""
    following = clues.segments[i + 1] if i + 1 < len(clues.segments) else None
    if following is None or not (clues.segments[i].names("table") and following.names("table")):
        return ()
    if dataset_ids(clues, i) or clues.text[clues.segments[i].end : following.start] != " ":
        return ()
    words = clues.text[clues.segments[i].start : following.end]
    found = {id for s in clues.lexicon.parts(words) if s.kind == "dataset" for id in s.ids}
    if len(found) != 1:
        return ()
    clues.used.add(i + 1)
    return tuple(found)


def _with_table(clues: Clues, i: int) -> tuple[str, ...]:
    """ "The X sessions": the datasets that have a table of that name."""
    tables = [id for s in clues.segments[i].names("table") if s.tier <= ALIAS for id in s.ids]
    return tuple(dict.fromkeys(t.dataset for t in clues.catalog.tables if t.table in tables))


def _in_both(clues: Clues) -> bool:
    """ "Patients in both the registry and the EMR": people of two datasets, which only linkage can tell."""
    if clues.subject == "hospital" and clues.has("which"):
        return False  # "which hospitals hold both": who holds them, not whom they share
    datasets = [
        i
        for i in clues.mentions()
        if clues.titles(i) or (dataset_ids(clues, i) and not clues.ids(i, "cohort"))
    ]
    also = [i for i in datasets if _ALSO_IN.match(clues.text, _end_of_title(clues, i))]
    if len(datasets) > 1 and clues.language == "en":
        said = clues.text[clues.segments[datasets[0]].end : clues.segments[datasets[-1]].start]
        also = datasets if _ALSO_EN.search(said) else also
    in_it_too = any(_IN_IT_TOO.match(clues.text, _end_of_title(clues, i)) for i in also)
    both = clues.has("both") or len(also) > 1 or in_it_too
    return both and clues.has("people", "measure.patients") and len(datasets) > 1


def _end_of_title(clues: Clues, i: int) -> int:
    """Where a dataset's name ends, the noun behind it with it ("망막사진 자료")."""
    following = clues.segments[i + 1] if i + 1 < len(clues.segments) else None
    own = clues.segments[i].end
    if following is None or clues.text[own : following.start].strip():
        return own
    noun = following.plays("subject.data", "subject.dataset", "subject.registry")
    return following.end if noun else own


def _sides(sides: list[tuple[str, ...]], own: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The two sides asked for; a hospital's datasets stand for a side that is not named."""
    if len(sides) >= 2:
        return sides[0], sides[1]
    if sides:
        within = tuple(d for d in sides[0] if d in own) if own else ()
        return (within, ()) if within else (sides[0], own)
    return own, ()
