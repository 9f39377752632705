"""Which datasets can be linked, and how many people they share."""

from __future__ import annotations

from tools.query.plan import LinkagePlan
from tools.query.understand.clues import Clues
from tools.query.understand.lexicon import PART
from tools.query.understand.outcome import Absent, Note, Outcome, Understood
from tools.query.understand.scope import dataset_ids, take_scope


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
        same = True
    sides = []
    for i in clues.mentions():
        ids = _side(clues, i)
        if ids:
            sides.append(ids)
            clues.used.add(i)
    if len(sides) == 1 and len(sides[0]) > 1 and clues.has("between", "value.2", "across_controllers"):
        sides.append(sides[0])  # "between the two stroke datasets"
        clues.take("between", "value.2")
    scope = take_scope(clues, datasets=False)
    own = tuple(d.dataset for d in scope.within(clues.catalog)) if scope.hospitals else ()
    if own:
        sides = [tuple(d for d in side if d in own) or side for side in sides]
    left, right = _sides(sides, own)
    notes = [Note("linkage_counts")] if overlap else []
    if same is not True:
        notes.append(Note("linkage_rule"))
    if not clues.catalog.linkage:
        return Absent(Note("no_linkage"))
    return Understood(LinkagePlan(left, right, same, clues.language), tuple(notes))


def _side(clues: Clues, i: int) -> tuple[str, ...]:
    """The datasets that a mention stands for; a hospital right before it narrows them ("Mirinae breast")."""
    named = dataset_ids(clues, i)
    hospital = min((s.tier for s in clues.segments[i].names("hospital")), default=None)
    if hospital is not None and not (hospital == PART and named):
        return ()
    owners = clues.ids(i - 1, "hospital") if i else ()
    owned = [d.dataset for d in clues.catalog.datasets if d.hospital in owners]
    ids = named or (clues.parts(i, "dataset") if owners else ())
    return tuple(d for d in ids if d in owned) or named


def _in_both(clues: Clues) -> bool:
    """ "Patients in both the registry and the EMR": people of two datasets, which only linkage can tell."""
    if clues.subject == "hospital" and clues.has("which"):
        return False  # "which hospitals hold both": who holds them, not whom they share
    datasets = [
        i
        for i in clues.mentions()
        if clues.titles(i) or (dataset_ids(clues, i) and not clues.ids(i, "cohort"))
    ]
    return clues.has("both") and clues.has("people", "measure.patients") and len(datasets) > 1


def _sides(sides: list[tuple[str, ...]], own: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The two sides asked for; a hospital's datasets stand for a side that is not named."""
    if len(sides) >= 2:
        return sides[0], sides[1]
    if sides:
        within = tuple(d for d in sides[0] if d in own) if own else ()
        return (within, ()) if within else (sides[0], own)
    return own, ()
