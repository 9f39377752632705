"""A query plan as JSON-ready data, and back."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from functools import cache
from typing import Any

from pydantic import TypeAdapter, ValidationError

from knowledge.errors import PlanIncomplete
from tools.query.plan import CountPlan, LinkagePlan, ListPlan, QueryPlan

_KINDS: dict[str, type[CountPlan] | type[ListPlan] | type[LinkagePlan]] = {
    "count": CountPlan,
    "list": ListPlan,
    "linkage": LinkagePlan,
}


def plan_document(plan: QueryPlan) -> dict[str, Any]:
    """The plan's kind and the parts that say something."""
    kind = next(name for name, cls in _KINDS.items() if type(plan) is cls)
    return {"kind": kind, **_plain(dataclasses.asdict(plan))}


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {k: _plain(v) for k, v in value.items() if v is not None and v != () and v != ""}
    if isinstance(value, tuple | list):
        return [_plain(v) for v in value]
    return value


@cache
def _adapter(kind: str) -> TypeAdapter[Any]:
    return TypeAdapter(_KINDS[kind])


def read_plan(document: Mapping[str, Any]) -> QueryPlan:
    """The plan that ``plan_document`` wrote. PlanIncomplete where a part is unknown or impossible."""
    parts = dict(document)
    kind = str(parts.pop("kind", ""))
    if kind not in _KINDS:
        raise PlanIncomplete(f"There is no kind of plan {kind!r}.", hint=f"Use one of {', '.join(_KINDS)}.")
    names = {f.name for f in dataclasses.fields(_KINDS[kind])}
    unknown = sorted(set(parts) - names)
    if unknown:
        raise PlanIncomplete(
            f"A {kind} plan has no part {unknown[0]!r}.", hint=f"Its parts are {sorted(names)}."
        )
    try:
        plan: QueryPlan = _adapter(kind).validate_python(parts)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise PlanIncomplete(f"The plan's {where} is wrong: {first['msg']}.", hint="Correct it.") from error
    return plan
