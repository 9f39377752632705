"""What has to be said of counts beside the rows: definitions, bounds, hiding, rounding, overlap, absence."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from assistant.publication_rules import rules_of
from assistant.statement import Statement
from knowledge.catalog.read import Catalog
from knowledge.text import Language
from tools.query.execute import Result
from tools.query.plan import CountPlan
from tools.query.readback import in_language, name_of, say_codes


def about_counts(
    result: Result, plan: CountPlan, catalog: Catalog, language: Language, said: Mapping[str, Any]
) -> list[Statement]:
    """The statements in order; ``said`` are the messages about the catalog in ``language``."""
    statements = [Statement(text, basis="rows") for text in _definitions(plan, catalog, language, said)]
    at = result.columns.index(f"{plan.measure}_status")
    statuses = {row[at] for row in result.rows}
    texts: list[str] = []
    if "bound" in statuses:
        texts.append(said[_bound_note(plan)])
    if "suppressed" in statuses:
        texts.append(said["suppressed"])
    if _limited(plan):
        texts.append(said["within_rounded" if plan.rounded_to else "within"])
    texts += rounding(result, catalog, language, said)
    if plan.measure == "patients":
        if _several(result, "hospital"):
            texts.append(said["hospitals_overlap"])
        elif _several(result, "dataset"):
            texts.append(said["datasets_overlap"])
        if _several(result, "year"):
            texts.append(said["years_overlap"])
    if plan.ranking is not None and _tied(result, plan):
        texts.append(said["tie"])
    statements += [Statement(text, basis="record") for text in texts]
    missing = _unpublished(result, plan, catalog, language, said)
    return [*statements, *([Statement(missing, basis="record")] if missing else [])]


def _bound_note(plan: CountPlan) -> str:
    """Why there is a range: people may be the same, numbers were added, or it was published so."""
    if plan.overlapping and plan.measure == "patients":
        return "bound"
    return "bound_added" if plan.overlapping or plan.adding else "bound_published"


def _several(result: Result, column: str) -> bool:
    """Whether the rows tell more than one thing of a column apart."""
    if column not in result.columns:
        return False
    at = result.columns.index(column)
    return len({row[at] for row in result.rows}) > 1


def rounding(result: Result, catalog: Catalog, language: Language, said: Mapping[str, Any]) -> list[str]:
    """How the counts were rounded, by the catalog's rule and by the rules that some datasets have instead."""
    meta = catalog.meta
    texts = []
    for rule, datasets in rules_of(result, catalog).items():
        if rule == meta.rule:
            form = said["rounding"].get(meta.rounding if (meta.base or 1) > 1 else "exact")
            texts += [str(form).format(base=meta.base)] if form else []
        else:
            names = ", ".join(name_of("dataset", id, catalog, language) for id in datasets)
            texts.append(str(said["other_rule"]).format(names=names, rule=rule))
    return texts


def _definitions(plan: CountPlan, catalog: Catalog, language: Language, said: Mapping[str, Any]) -> list[str]:
    texts = []
    for id in plan.cohorts:
        cohort = catalog.cohort_by_id.get(id)
        if cohort is None:
            continue
        name = name_of("cohort", id, catalog, language)
        codes = say_codes(cohort.codes)
        if cohort.definition:
            said_so = in_language(cohort.definition, language)
            parts = f"{said_so} ({codes})" if codes else said_so
            texts.append(said["definition"].format(name=name, definition=parts))
        elif codes:
            texts.append(said["definition_codes"].format(name=name, codes=codes))
    return texts


def _tied(result: Result, plan: CountPlan) -> bool:
    at = result.columns.index(f"{plan.measure}_low")
    values = [row[at] for row in result.rows]
    return len(set(values)) < len(values)


def _limited(plan: CountPlan) -> bool:
    return plan.at_least is not None or plan.at_most is not None


def _unpublished(
    result: Result, plan: CountPlan, catalog: Catalog, language: Language, said: Mapping[str, Any]
) -> str | None:
    """Who is not in the rows although the question asked for each."""
    by = next((name for name in ("hospital", "dataset") if name in plan.group_by), None)
    if by is None or _limited(plan) or (plan.ranking and plan.ranking.limit):
        return None
    at = result.columns.index(by)
    present = {row[at] for row in result.rows}
    rows = catalog.hospitals if by == "hospital" else catalog.datasets
    asked = plan.hospitals if by == "hospital" else plan.datasets
    absent = [
        getattr(row, by)
        for row in rows
        if getattr(row, by) not in present and (not asked or getattr(row, by) in asked)
    ]
    if by == "dataset":
        absent = [d for d in absent if d in plan.datasets]
    if not absent:
        return None
    names = ", ".join(name_of(by, id, catalog, language) for id in absent)
    return str(said["unpublished" if by == "hospital" else "dataset_unpublished"].format(names=names))
