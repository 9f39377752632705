"""Section 5 from the catalog."""

from __future__ import annotations

from collections.abc import Sequence

from knowledge.catalog.read import Catalog, Variable
from knowledge.errors import NotFound, PlanIncomplete
from tools.drafting.catalog_ids import dataset_of, variable_id, variables_by_id
from tools.drafting.fill.datasets import in_language
from tools.drafting.nearest import did_you_mean
from tools.drafting.plan import ResearchPlan, VariableRequest, Variables

MOST_CHOICES = 8


def add_variables(plan: ResearchPlan, catalog: Catalog, names: Sequence[str]) -> ResearchPlan:
    """Request variables by id, by table.variable, or by a name that one table of each dataset holds.

    A short name means the datasets that section 4 requests, all of them. Raises NotFound for a name
    that they do not hold, PlanIncomplete for one that several tables of a dataset hold.
    """
    known = variables_by_id(catalog)
    found = dict.fromkeys(id for name in names for id in _ids(name, known, plan))
    have = {row.variable for row in plan.variables.requested}
    rows = [request_of(known[id], plan) for id in found if id not in have]
    return plan.model_copy(update={"variables": Variables(requested=(*plan.variables.requested, *rows))})


def refresh_variables(plan: ResearchPlan, catalog: Catalog) -> ResearchPlan:
    """Label, unit and missing percentage as the catalog in use has them; roles and reasons stay."""
    known = variables_by_id(catalog)
    rows = []
    for row in plan.variables.requested:
        if row.variable in known:
            now = request_of(known[row.variable], plan)
            row = now.model_copy(update={"role": row.role, "reason": row.reason})
        rows.append(row)
    return plan.model_copy(update={"variables": Variables(requested=tuple(rows))})


def request_of(row: Variable, plan: ResearchPlan) -> VariableRequest:
    """What the catalog says of a variable; role and reason are for a person."""
    return VariableRequest(
        variable=variable_id(row),
        label=in_language(row.label_en, row.label_ko, plan.language) or row.name,
        unit=row.unit or "",
        missing=row.missing_text or "",
    )


def _ids(name: str, known: dict[str, Variable], plan: ResearchPlan) -> list[str]:
    if name in known:
        return [name]
    inside = {id: row for id, row in known.items() if dataset_of(id) in plan.datasets}
    found = [id for id, row in inside.items() if name in (row.name, f"{row.table}.{row.name}")]
    if not found:
        raise NotFound(_unknown(name, plan), hint=_hint(name, inside or known))
    for dataset in dict.fromkeys(dataset_of(id) for id in found):
        of_dataset = [id for id in found if dataset_of(id) == dataset]
        if len(of_dataset) > 1:
            raise PlanIncomplete(
                f"The name {name[:80]!r} means {len(of_dataset)} variables of '{dataset}'.",
                hint=f"Name one of {', '.join(of_dataset[:MOST_CHOICES])}.",
            )
    return found


def _unknown(name: str, plan: ResearchPlan) -> str:
    where = f"the datasets requested ({', '.join(plan.datasets)})" if plan.datasets else "the catalog"
    return f"There is no variable {name[:80]!r} in {where}."


def _hint(name: str, known: dict[str, Variable]) -> str:
    by_name = {row.name: id for id, row in reversed(known.items())}
    return did_you_mean(name, known if "/" in name or "." in name else by_name)["en"]
