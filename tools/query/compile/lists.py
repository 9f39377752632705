"""Lists of hospitals, datasets, variables and the rest, with what is said of them and what they hold."""

from __future__ import annotations

from sqlglot import exp

from tools.query.compile.computed import PATIENTS, WHOLE, span_years, variable_count, whole_counts
from tools.query.compile.nodes import (
    alias,
    column,
    compare,
    in_language,
    is_null,
    join_on,
    label,
    ordered,
    table,
    within,
)
from tools.query.entities import entity, path_up, split_field
from tools.query.plan import AnyOf, Condition, Holding, ListPlan

ORIGIN = ("source_file", "source_row")
PLURAL = {
    "hospital": "hospitals",
    "dataset": "datasets",
    "table": "tables",
    "variable": "variables",
    "concept": "concepts",
    "cohort": "cohorts",
    "team": "teams",
}


def compile_list(plan: ListPlan) -> exp.Select:
    """One row per subject, or one per group where a statistic is asked."""
    shown = _statistic(plan) if plan.summary else _plain(plan)
    query = exp.select(*(node for node, _ in shown)).from_(table(entity(plan.subject).table))
    for join in _joins(plan, [owner for _, owner in shown]):
        query = query.join(join)
    if not plan.summary and any(split_field(n, plan.subject) == ("dataset", "patients") for n in plan.show):
        query = query.join(whole_counts())
    conditions = [_condition(plan, c) for c in plan.conditions] + [_holding(plan, h) for h in plan.holdings]
    if conditions:
        query = query.where(*conditions)
    if plan.summary and plan.group_by:
        keys = [_bare(node) for node, owner in shown if owner != plan.subject or owner in plan.group_by]
        query = query.group_by(*(key.copy() for key in keys if not _aggregated(key)))
    return _order(query, plan)


def _bare(node: exp.Expr) -> exp.Expr:
    return node.this if isinstance(node, exp.Alias) else node


def _aggregated(node: exp.Expr) -> bool:
    return isinstance(node, exp.AggFunc)


def _field(owner: str, name: str) -> exp.Expr:
    """A column, or a field computed from others."""
    if name == "span_years":
        return span_years()
    return variable_count() if name == "variables" else column(name, entity(owner).table)


def _plain(plan: ListPlan) -> list[tuple[exp.Expr, str]]:
    subject = entity(plan.subject)
    shown: dict[str, tuple[exp.Expr, str]] = {
        name: (column(name, subject.table), plan.subject) for name in subject.key
    }
    shown[subject.shown_as] = (label(plan.subject, plan.language), plan.subject)
    for name in plan.show:
        owner, field = split_field(name, plan.subject)
        about = entity(owner)
        if field in (f"{about.label}_en", f"{about.label}_ko"):
            shown.setdefault(about.shown_as, (label(owner, plan.language), owner))
        elif field == "patients":
            shown.update({part: (column(part, WHOLE), owner) for part in PATIENTS})
        elif field in {"span_years", "variables"}:
            shown.setdefault(field, (alias(_field(owner, field), field), owner))
        else:
            name = field if field not in shown or shown[field][1] == owner else f"{owner}_{field}"
            node = in_language(field, owner, plan.language)
            plain = isinstance(node, exp.Column) and name == field
            shown.setdefault(name, (node if plain else alias(node, name), owner))
    if plan.subject == "variable":  # each row cites the file and the row that it was imported from
        shown.update({name: (column(name, subject.table), plan.subject) for name in ORIGIN})
    return list(shown.values())


def _statistic(plan: ListPlan) -> list[tuple[exp.Expr, str]]:
    assert plan.summary is not None
    shown: list[tuple[exp.Expr, str]] = []
    for group in plan.group_by:
        about = entity(group)
        shown += [(column(name, about.table), group) for name in about.key]
        shown.append((label(group, plan.language), group))
    if plan.summary.statistic == "count":
        shown.append((alias(exp.Count(this=exp.Star()), PLURAL[plan.subject]), plan.subject))
        return shown
    owner, field = split_field(plan.summary.field, plan.subject)
    kinds: dict[str, type[exp.AggFunc]] = {"avg": exp.Avg, "min": exp.Min, "max": exp.Max}
    value = kinds[plan.summary.statistic](this=_field(owner, field))
    rounded = exp.Round(this=value, decimals=exp.Literal.number(1))
    shown.append(
        (
            alias(rounded if plan.summary.statistic == "avg" else value, f"{plan.summary.statistic}_{field}"),
            plan.subject,
        )
    )
    shown.append(
        (alias(exp.Count(this=_field(owner, field)), PLURAL[plan.subject]), plan.subject)
    )
    return shown


def _joins(plan: ListPlan, owners: list[str]) -> list[exp.Join]:
    """The tables above the subject that columns or conditions name, each once."""
    needed = [*owners, *(split_field(c.field, plan.subject)[0] for c in plan.simple_conditions)]
    joins: dict[str, exp.Join] = {}
    for owner in needed:
        child: str = plan.subject
        for parent in path_up(plan.subject, owner) or ():
            # A variable without a concept, a dataset or a team without a hospital, is still listed.
            side = "LEFT" if parent in {"concept", "hospital"} else ""
            shared = entity(child).parents[parent]
            joins.setdefault(parent, join_on(entity(child).table, entity(parent).table, shared, side))
            child = parent
    return list(joins.values())


def _condition(plan: ListPlan, condition: Condition | AnyOf) -> exp.Expr:
    if isinstance(condition, AnyOf):
        tests = [_condition(plan, inner) for inner in condition.conditions]
        return exp.Paren(this=exp.or_(*tests))
    owner, name = split_field(condition.field, plan.subject)
    if condition.op == "missing":
        return is_null(_field(owner, name))
    test = compare(_field(owner, name), condition.op, condition.values)
    if condition.or_missing:
        return exp.Paren(this=exp.Or(this=test, expression=is_null(_field(owner, name))))
    return test


def _holding(plan: ListPlan, holding: Holding) -> exp.Expr:
    """Subject IN (those that hold any of the things); the union is an OR of IN tests."""
    tests = [_holds(plan.subject, thing, ids) for thing, ids in holding.things]
    test = tests[0]
    for other in tests[1:]:
        test = exp.Or(this=test, expression=other)
    if len(tests) > 1:
        test = exp.Paren(this=test)
    return exp.Not(this=test) if holding.negated else test


_HOLDERS = {
    "variable": ("variables", "name"),
    "concept": ("variables", "concept"),
    "cohort": ("counts", "cohort"),
    "table": ("tables", "table"),
    "dataset": ("datasets", "dataset"),
}


def _holds(subject: str, thing: str, ids: tuple[str, ...]) -> exp.Expr:
    source, name = _HOLDERS[thing]
    inner = compare(column(name, source), "eq", ids)
    if subject == "dataset":
        query = exp.select(column("dataset", source)).from_(table(source)).where(inner)
        return within(column("dataset", "datasets"), query)
    query = exp.select(column("hospital", "datasets")).from_(table("datasets"))
    if source != "datasets":
        query = query.join(join_on("datasets", source, ("dataset",)))
    return within(column("hospital", "hospitals"), query.where(inner))


def _order(query: exp.Select, plan: ListPlan) -> exp.Select:
    targets = {node.alias_or_name: node for node in query.expressions}
    wanted: list[exp.Ordered] = []
    if plan.ranking is not None:
        by = plan.ranking.by
        target = targets[by] if by in targets else _field(*split_field(by, plan.subject))
        wanted.append(ordered(_bare(target).copy(), plan.ranking.descending))
    owners = plan.group_by if plan.summary else (plan.subject,)
    for owner in owners:
        keys = entity(owner).key
        wanted += [ordered(_bare(targets[name]).copy()) for name in keys if name in targets]
    query = query.order_by(*wanted) if wanted else query
    return query.limit(plan.ranking.limit) if plan.ranking and plan.ranking.limit else query
