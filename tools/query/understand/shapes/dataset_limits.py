"""What datasets have to hold, or be, to be listed."""

from __future__ import annotations

import re

from tools.query.plan import Condition, Holding, Subject, Thing
from tools.query.understand.by_place import asks_where_counted
from tools.query.understand.clues import Clues
from tools.query.understand.lexicon import GLOSSARY, PART
from tools.query.understand.outcome import Note
from tools.query.understand.scope import dataset_ids, owned_title, take_scope
from tools.query.understand.shapes.dataset_times import (
    ENDS,
    NUMBERS,
    add_years,
    is_of_follow_up,
    not_updated_since,
    told_since,
    updated_on,
    updated_within,
)

_THERE = re.compile(r"(?i)\bon[- ]?site\b|\bin person\b|\bon the premises\b|방문|현장|내원")
_THINGS: tuple[Thing, ...] = ("variable", "concept", "cohort", "table", "dataset")
_NEXT = 2  # segments from a name to the word that leaves it out


def take_limits(
    clues: Clues, subject: Subject, described: bool
) -> tuple[list[Condition], list[Holding], list[Note]]:
    """Conditions and holdings from the names and years in the question."""
    conditions: list[Condition] = []
    holdings: list[Holding] = []
    notes: list[Note] = []
    holders = [
        i
        for i in clues.mentions(*_THINGS, "value")
        if not (_limits_scope(clues, i, subject, described) or _measured(clues, i))
    ]
    last_held: int | None = None
    alternatives = False
    for i in holders:
        things = _of_kind(clues, i, holders) or _things(clues, i)
        weak = min(sense.tier for sense in clues.segments[i].senses) == PART
        if weak and any(abs(i - j) == 1 and is_weak(clues, j) for j in holders if j != i):
            continue  # "tau PET", of which one name has "tau" and another "PET"
        if i and set(clues.parts(i, "dataset")) & set(dataset_ids(clues, i - 1)):
            clues.used.add(i)
            continue  # "the smart insole streams": words of one title, with another between them
        if not things or (weak and not clues.has("exist", "which", "not")):
            continue  # part of a name is enough to ask who holds it, never to add a filter
        if described and _of_its_title(clues, i, things):
            clues.used.add(i)
            continue
        negated = clues.negated(i)
        clues.used.add(i)
        either = last_held is not None and not clues.has("both") and clues.either(last_held, i)
        last_held = i
        if either and holdings and not negated and not holdings[-1].negated:
            alternatives = True
            last = holdings.pop()
            holdings.append(Holding((*last.things, *things), words=f"{last.words} / {clues.word(i)}"))
        else:
            holdings.append(Holding(things, negated, clues.word(i)))
    if alternatives:
        clues.take("or")
    conditions += _besides(clues, subject)
    scope = take_scope(clues, loosely=described)
    if scope.hospitals:
        conditions.append(Condition("hospital.hospital", "eq", scope.hospitals))
    if scope.datasets:
        if subject == "dataset":
            conditions.append(Condition("dataset.dataset", "eq", scope.datasets))
        else:
            holdings.append(Holding((("dataset", scope.datasets),), words=", ".join(scope.words)))
    if subject == "dataset" and clues.take("ongoing"):
        conditions.append(Condition("dataset.end_year", "missing", ()))
    if subject == "dataset" and not clues.peek("year") and clues.take("over"):
        conditions.append(Condition("dataset.end_year", "ge", (1,)))
    updated = clues.has("field.last_updated", "field.update_frequency")
    if updated and (date := clues.quantity("date")) is not None:
        conditions += not_updated_since(clues, updated_on(date))
        clues.take("field.update_frequency")
    if updated and subject == "dataset" and (since := told_since(clues)) is not None:
        conditions += not_updated_since(clues, [Condition("dataset.last_updated", "ge", (since,))])
        clues.take("field.update_frequency")
    visit = clues.find("access.on_site")
    if subject == "dataset" and visit is not None and visit not in clues.used and (levels := _on_site(clues)):
        denied = clues.negated(visit)  # "without having to visit"
        clues.take("access.on_site")
        conditions.append(Condition("dataset.access_level", "ne" if denied else "eq", levels))
    years = clues.quantity("year")
    if years is not None and updated and not clues.has(*ENDS):
        conditions += not_updated_since(clues, updated_within(years))
        clues.take("field.update_frequency")
    elif years is not None:
        add_years(clues, years, subject, conditions, holdings)
    length = None if is_of_follow_up(clues) else clues.quantity("span_years")
    if length is not None and subject == "dataset":
        op, number = length.comparison() or ("ge", length.low or 0)
        conditions.append(Condition("dataset.span_years", op, (int(number),)))  # type: ignore[arg-type]
        notes.append(Note("span_inclusive"))
        clues.take("field.period")
    elif length is not None:
        clues.used.difference_update(length.at)
    return conditions, holdings, notes


def _besides(clues: Clues, subject: Subject) -> list[Condition]:
    """ "Anywhere besides the X registry", "X 말고 다른 병원": datasets that are left out by their titles or
    their hospitals."""
    conditions = []
    for i in clues.mentions("hospital"):
        kept = set(clues.used)
        denied = all(s.kind == "hospital" for s in clues.segments[i].senses) and clues.negated(i)
        # "X의 자료 중 방문하지 않고 쓸 수 있는 것" leaves out no hospital.
        if denied and min(abs(j - i) for j in clues.used - kept) <= _NEXT:
            clues.used.add(i)
            clues.take("across_controllers")
            conditions.append(Condition("hospital.hospital", "ne", clues.ids(i, "hospital")))
        else:
            clues.used = kept
    for i in clues.mentions("dataset") if subject == "dataset" else ():
        ids = clues.titles(i) or clues.ids(i, "dataset")
        kept = set(clues.used)
        if ids and len(ids) == 1 and clues.negated(i):
            clues.used.add(i)
            conditions.append(Condition("dataset.dataset", "ne", ids))
        else:
            clues.used = kept
    return conditions


def _measured(clues: Clues, i: int) -> bool:
    """ "A follow-up of over 12 months": a property that a number or an order is said of, whatever is called
    so, too."""
    roles = [role for role in clues.segments[i].roles if role in NUMBERS]
    if clues.segments[i].plays("field.") and clues.has("rank.most", "rank.least"):
        return True  # "추적관찰 기간이 가장 긴": ordered by, whatever else is called so
    return any(clues.peek(*NUMBERS[role][1]) for role in roles)  # type: ignore[arg-type]


def _on_site(clues: Clues) -> tuple[str, ...]:
    """The access levels that want people to come ("on-site only")."""
    levels = dict.fromkeys(d.access_level for d in clues.catalog.datasets if d.access_level)
    return tuple(level for level in levels if _THERE.search(level))


def is_weak(clues: Clues, i: int) -> bool:
    """Words that are only part of names."""
    return min(sense.tier for sense in clues.segments[i].senses) == PART


def _of_its_title(
    clues: Clues, i: int, things: tuple[tuple[Thing, tuple[str, ...]], ...]
) -> bool:
    """ "골절 사진 접근방식" of "Hill Fracture Photos": a word behind part of a title, where a
    property of that dataset is asked. That it holds no thing that another calls so limits nothing."""
    if not i or clues.owned(i) or any(thing not in {"table", "variable"} for thing, _ in things):
        return False
    titled = set(clues.parts(i - 1, "dataset") or dataset_ids(clues, i - 1))
    close = bool(titled) and not clues.text[clues.segments[i - 1].end : clues.segments[i].start].strip()
    if not close or clues.has("exist", "not") or any(s.tier < GLOSSARY for s in clues.segments[i].senses):
        return False
    tables = {id for thing, ids in things if thing == "table" for id in ids}
    held = {t.dataset for t in clues.catalog.tables if t.table in tables}
    for id in (id for thing, ids in things if thing == "variable" for id in ids):
        held.update(v.dataset for v in clues.catalog.variables_by_name.get(id, ()))
    return not titled & held


def _of_kind(clues: Clues, i: int, holders: list[int]) -> tuple[tuple[Thing, tuple[str, ...]], ...]:
    """ "Glucose in mmol/L": datasets whose variable of that name has that unit (or type, or condition)."""
    own = [s for s in clues.segments[i].names("value") if s.field.startswith("variable.")]
    names = {name for j in holders for name in clues.ids(j, "variable")}
    if not own or not names:
        return ()
    column = own[0].field.split(".")[1]
    ids = [v.dataset for v in clues.catalog.variables if v.name in names and getattr(v, column) in own[0].ids]
    return (("dataset", tuple(dict.fromkeys(ids)) or ("",)),)


def _limits_scope(clues: Clues, i: int, subject: Subject, described: bool) -> bool:
    """True for a mention that limits which datasets or hospitals are meant, rather than what they hold."""
    if subject == "dataset" and (clues.titles(i) or (described and owned_title(clues, i))):
        return True
    segment = clues.segments[i]
    best = min(s.tier for s in segment.senses)
    if any(s.tier == best for s in segment.names("hospital")):
        return True
    if any(s.tier == best and s.field.startswith("hospital.") for s in segment.names("value")):
        return True
    of_dataset = [s for s in segment.senses if s.kind == "dataset" or s.field.startswith("dataset.")]
    if subject == "hospital" or not of_dataset:
        return False
    # For datasets themselves, a title or property that fits at least as well as what is held wins;
    # "X patients" or "holding X" asks for content.
    held = [s for s in segment.senses if s.kind in {"variable", "concept", "cohort", "table"}]
    if segment.names("cohort") and (clues.has("people") or clues.called_a_cohort(i)):
        return False
    return not held or min(s.tier for s in of_dataset) <= min(s.tier for s in held)


def _things(clues: Clues, i: int) -> tuple[tuple[Thing, tuple[str, ...]], ...]:
    """Everything that the words may name; a dataset or hospital holds the words if it holds any of it."""
    segment = clues.segments[i]
    best = min(s.tier for s in segment.senses)
    if (counted := clues.ids(i, "cohort")) and asks_where_counted(clues):
        return (("cohort", counted),)
    found: list[tuple[Thing, tuple[str, ...]]] = []
    for thing in _THINGS:
        if thing == "dataset":
            # A dataset with the words in its title holds them, unless a variable was asked for by name.
            titled = () if clues.has("subject.variable") else clues.parts(i, "dataset")
            ids = dataset_ids(clues, i) or titled
            if ids:
                found.append((thing, ids))
            continue
        if thing == "concept":
            ids = tuple(c for c in clues.ids(i, "concept") if clues.catalog.variables_by_concept.get(c))
        else:
            ids = clues.ids(i, thing)
        close = [s for s in segment.senses if s.kind in {thing, "value"} and s.tier <= max(best, 3)]
        if ids and close:
            found.append((thing, ids))
    return tuple(found)
