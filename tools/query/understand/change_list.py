"""What a turn keeps, replaces and adds of the list before it: names, places, and what is held."""

from __future__ import annotations

from dataclasses import replace

from tools.query.plan import AnyOf, Condition, Holding, ListPlan
from tools.query.understand.clues import Clues
from tools.query.understand.lexicon import Sense
from tools.query.understand.outcome import Outcome, Understood
from tools.query.understand.scope import Scope, take_scope
from tools.query.understand.turn import Turn

_STEERING = ("anaphor", "follow", "people", "exist", "and", "which", "compare", "differ", "subject.", "all")
_HELD = ("variable", "cohort", "concept", "table")


def change_list(
    turn: Turn, clues: Clues, plan: ListPlan, pointed: Sense | None = None
) -> Outcome | None:
    """The list of the last turn with other names in it; None when it does not fit."""
    conditions = list(plan.conditions)
    holdings = list(plan.holdings)
    held = _holdings(clues) if plan.subject in {"hospital", "dataset"} else ()
    if held:
        narrows = clues.has("anaphor") or turn.has("add", "adding", "limit") or not holdings
        holdings = [*holdings, *held] if narrows else [*holdings[:-1], *held]
    if plan.subject == "variable":
        conditions = _variables(clues, conditions)
    scope = take_scope(clues)
    if pointed is not None:
        ids = pointed.ids
        scope = Scope(ids if pointed.kind == "hospital" else (), ids if pointed.kind == "dataset" else ())
        if pointed.kind == "variable" and plan.subject == "variable":
            conditions = _swapped(conditions, "variable.name", ids)
    if scope.limited:
        conditions = [c for c in conditions if not _about(c, "hospital.hospital", "dataset.dataset")]
        for field, ids in (("hospital.hospital", scope.hospitals), ("dataset.dataset", scope.datasets)):
            if ids and field.split(".")[0] in _owners(plan):
                conditions.append(Condition(field, "eq", ids))
            elif ids:
                holdings.append(Holding((("dataset", ids),), words=", ".join(scope.words)))
    ranking = None if turn.has("everything") else plan.ranking
    clues.take(*_STEERING)
    new = replace(plan, conditions=tuple(conditions), holdings=tuple(holdings), ranking=ranking)
    if new == plan:
        return None
    return Understood(replace(new, language=clues.language), follows=True)


def _owners(plan: ListPlan) -> tuple[str, ...]:
    return ("hospital",) if plan.subject == "hospital" else ("hospital", "dataset")


def _holdings(clues: Clues) -> tuple[Holding, ...]:
    """What the turn says that hospitals or datasets hold."""
    found = []
    for i in clues.mentions(*_HELD):
        if clues.titles(i) or clues.segments[i].names("hospital", "dataset"):
            continue
        things = tuple((kind, ids) for kind in _HELD if (ids := clues.ids(i, kind)))
        negated = clues.negated(i)
        clues.used.add(i)
        found.append(Holding(things, negated, clues.word(i)))  # type: ignore[arg-type]
    return tuple(found)


def _variables(clues: Clues, conditions: list[Condition | AnyOf]) -> list[Condition | AnyOf]:
    """With the variables that the turn names in the place of those before."""
    names: dict[str, None] = {}
    for i in clues.mentions("variable"):
        names.update(dict.fromkeys(clues.ids(i, "variable")))
        clues.used.add(i)
    return _swapped(conditions, "variable.name", tuple(names)) if names else conditions


def _swapped(
    conditions: list[Condition | AnyOf], field: str, ids: tuple[str, ...]
) -> list[Condition | AnyOf]:
    kept = [c for c in conditions if not _about(c, "variable.name", "variable.table")]
    return [*kept, Condition(field, "eq", ids)]


def _about(condition: Condition | AnyOf, *fields: str) -> bool:
    parts = condition.conditions if isinstance(condition, AnyOf) else (condition,)
    return all(part.field in fields for part in parts)
