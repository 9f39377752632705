"""Variables by how much of them is missing."""

from __future__ import annotations

from tools.query.plan import AnyOf, Condition, ListPlan, Ranking, Summary
from tools.query.understand.clues import Clues
from tools.query.understand.outcome import Note, Outcome, Understood
from tools.query.understand.scope import Scope, take_scope
from tools.query.understand.shapes.variable_names import named_variables

MISSING = {"field.missing", "field.complete"}


def scope_conditions(clues: Clues, scope: Scope) -> list[Condition]:
    conditions = []
    if scope.hospitals:
        conditions.append(Condition("hospital.hospital", "eq", scope.hospitals))
    if scope.datasets:
        conditions.append(Condition("dataset.dataset", "eq", scope.datasets))
    return conditions


def missing_limit(clues: Clues, fields: list[str]) -> list[AnyOf]:
    """ "결측률 10% 미만": the whole published range must lie on that side."""
    if not set(fields) & MISSING or not clues.peek("percent", "plain"):
        return []
    quantity = clues.quantity("percent", "plain")
    assert quantity is not None
    side = quantity.comparison()
    if side is None:
        clues.used.difference_update(quantity.at)
        return []
    op, number = side
    if "field.complete" in fields:
        number = 100 - number
        op = {"ge": "le", "gt": "lt", "le": "ge", "lt": "gt"}[op]
    end = "variable.missing_low" if op in {"ge", "gt"} else "variable.missing_high"
    sign = ">" if op in {"ge", "gt"} else "<"
    edge = (f"{sign}{number:g}", f"{sign} {number:g}")  # "<5" as published lies below 5
    beyond = Condition(end, op, (number,))  # type: ignore[arg-type]
    return [AnyOf((beyond, Condition("variable.missing_text", "eq", edge)))]


def missing_ranking(clues: Clues, fields: list[str]) -> Ranking | None:
    first = clues.superlative
    if not set(fields) & MISSING or not clues.has("rank."):
        return None  # an order of what else is not understood: the account finds it unused
    most, least = clues.take("rank.most"), clues.take("rank.least")
    clues.take("rank.order")
    descending = is_worst_first(fields, most, least)
    limit = clues.asked_number()
    if first and not limit:
        return Ranking("missing_low", descending, limit=1, with_ties=True)
    return Ranking("missing_low", descending, limit or (10 if most or least else None))


def is_worst_first(fields: list[str], most: bool, least: bool) -> bool:
    """Whether the highest missing rate comes first; "the most complete, with fewest missing": it does not."""
    if "field.complete" in fields:
        return least and not most and "field.missing" not in fields
    return most and not least


def completeness(clues: Clues, fields: list[str]) -> Outcome:
    """Datasets ranked by the average lower end of the missing rates of the variables named."""
    conditions, notes = named_variables(clues)
    conditions += scope_conditions(clues, take_scope(clues))
    for role in fields:
        clues.take(role)
    first, limit = clues.superlative, clues.asked_number()
    most, least = clues.take("rank.most"), clues.take("rank.least")
    clues.take("rank.order")
    clues.used.update(clues.grouped)
    worst_first = is_worst_first(fields, most, least)
    plan = ListPlan(
        "variable",
        conditions=tuple(conditions),
        summary=Summary("avg", "variable.missing_low"),
        group_by=("hospital",) if clues.subject == "hospital" else ("dataset",),
        ranking=Ranking("avg_missing_low", worst_first, limit or (1 if first else None), with_ties=first),
        language=clues.language,
    )
    return Understood(plan, (*notes, Note("average_missing")))
