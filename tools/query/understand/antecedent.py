"""What a turn can refer to: the plans before it, what their rows named, and the choices that were offered."""

from __future__ import annotations

from dataclasses import dataclass, field

from knowledge.catalog.read import Catalog
from tools.query.plan import CountPlan, LinkagePlan, ListPlan
from tools.query.plan import QueryPlan as Plan
from tools.query.understand.lexicon import FULL, Kind, Sense
from tools.query.understand.outcome import Note

MAX_POINTED = 60


@dataclass(frozen=True, slots=True)
class Listed:
    """Several things of a kind that an answer named, in the order of its rows."""

    kind: Kind
    ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Previous:
    """The conversation's last plan and the datasets that its rows named.

    ``plan`` is None where there was none to answer, only ``options``, the questions that were offered.
    ``hospitals`` and ``variables`` are those of the rows; ``listed`` the last answer of several rows;
    ``before`` the plan before the last; ``absent`` why the last plan had nothing to show.
    """

    plan: Plan | None
    datasets: tuple[str, ...] = ()
    hospitals: tuple[str, ...] = ()
    variables: tuple[str, ...] = ()
    listed: Listed | None = None
    before: Plan | None = None
    options: tuple[str, ...] = field(default=())
    absent: Note | None = None


def datasets_of(previous: Previous) -> tuple[str, ...]:
    """The datasets that the last answer was about, none where it was about all of them."""
    plan = previous.plan
    if isinstance(plan, LinkagePlan):
        return plan.left
    asked = plan.datasets if isinstance(plan, CountPlan) else ids_in(plan, "dataset.dataset")
    return previous.datasets or asked


def hospitals_of(previous: Previous, catalog: Catalog) -> tuple[str, ...]:
    """The hospitals that the last answer was about: named in it, in its rows, or of its datasets."""
    plan = previous.plan
    asked = ids_in(plan, "hospital.hospital", "dataset.hospital")
    asked = plan.hospitals if isinstance(plan, CountPlan) else asked
    if asked or previous.hospitals:
        return asked or previous.hospitals
    owners = [catalog.dataset_by_id[d].hospital for d in datasets_of(previous) if d in catalog.dataset_by_id]
    return tuple(dict.fromkeys(owner for owner in owners if owner))


def ids_in(plan: Plan | None, *fields: str) -> tuple[str, ...]:
    """The values that a ListPlan compares one of the fields with."""
    if not isinstance(plan, ListPlan):
        return ()
    found = [c.values for c in plan.simple_conditions if c.field in fields and c.op == "eq"]
    return tuple(str(v) for v in found[0]) if found else ()


def meant(previous: Previous, catalog: Catalog, kind: Kind | None) -> Sense | None:
    """What "that", or "that hospital", stands for; None where nothing of the kind was spoken of.

    Without a kind it is the only dataset, else the only hospital, else all that was listed.
    """
    datasets, hospitals = datasets_of(previous), hospitals_of(previous, catalog)
    if kind == "hospital":
        return Sense("hospital", hospitals, FULL) if hospitals else None
    if kind == "variable":
        names = ids_in(previous.plan, "variable.name") or previous.variables
        return Sense("variable", names, FULL) if names else None
    if kind == "dataset" or len(datasets) == 1:
        return Sense("dataset", datasets, FULL) if datasets else None
    if isinstance(previous.plan, CountPlan) and len(previous.plan.hospitals) == 1:
        return Sense("hospital", previous.plan.hospitals, FULL)
    if datasets:
        return Sense("dataset", datasets, FULL)
    return Sense("hospital", hospitals, FULL) if hospitals else None


def placed(previous: Previous, place: int, kind: str | None) -> Sense | None:
    """The one at a place of the last list: 1 the first, -1 the last, 0 the one behind the last one taken."""
    listed = previous.listed
    if listed is None and len(datasets_of(previous)) == 1:
        listed = Listed("dataset", datasets_of(previous))
    if listed is None or (kind is not None and kind != listed.kind):
        return None
    if place == 0:
        now = {*datasets_of(previous), *previous.hospitals}
        at = max((i for i, id in enumerate(listed.ids) if id in now), default=-1) + 1
    else:
        at = len(listed.ids) - 1 if place == -1 else place - 1
    return Sense(listed.kind, (listed.ids[at],), FULL) if 0 <= at < len(listed.ids) else None


def others(previous: Previous, catalog: Catalog, kind: str | None) -> Sense | None:
    """What was not spoken of yet: the rest of the last list, else the other hospitals or datasets that
    publish what was counted."""
    plan = previous.plan
    hospitals, datasets = hospitals_of(previous, catalog), datasets_of(previous)
    if kind is None:
        asked = plan.hospitals if isinstance(plan, CountPlan) else ids_in(plan, "hospital.hospital")
        named = bool(asked)
        kind = "hospital" if named or not datasets else "dataset"
        if previous.listed is not None and previous.listed.kind in {"hospital", "dataset"}:
            own = hospitals if previous.listed.kind == "hospital" else datasets
            rest = tuple(id for id in previous.listed.ids if id not in own)
            if rest and len(rest) < len(previous.listed.ids):
                return Sense(previous.listed.kind, rest, FULL)
    published = [
        d for d in catalog.datasets
        if not isinstance(plan, CountPlan)
        or any((d.dataset, c) in catalog.counts.cohorts for c in plan.cohorts or (None,))
    ]  # fmt: skip
    if kind == "hospital":
        found = dict.fromkeys(d.hospital for d in published if d.hospital and d.hospital not in hospitals)
        return Sense("hospital", tuple(found), FULL) if found and hospitals else None
    rest = tuple(d.dataset for d in published if d.dataset not in datasets)
    return Sense("dataset", rest, FULL) if rest and datasets else None


def both(previous: Previous, kind: str | None) -> Sense | None:
    """The two that the last two plans counted, or the two of the last list."""
    plan, before = previous.plan, previous.before
    listed = previous.listed
    pairs: list[tuple[Kind, tuple[str, ...], tuple[str, ...]]] = []
    if isinstance(plan, CountPlan) and isinstance(before, CountPlan):
        pairs = [
            ("hospital", before.hospitals, plan.hospitals),
            ("dataset", before.datasets, plan.datasets),
            ("cohort", before.cohorts, plan.cohorts),
            ("value", before.sex, plan.sex),
        ]
    for name, first, second in pairs:
        if first and second and not set(first) & set(second) and kind in {None, name}:
            return Sense(name, (*first, *second), FULL, "sex" if name == "value" else "")
    if listed is not None and len(listed.ids) == 2 and kind in {None, listed.kind}:
        return Sense(listed.kind, listed.ids, FULL)
    return None
