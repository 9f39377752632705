"""Execution accuracy: does an answer hold the expected rows?

The answer's rows are projected onto the columns that the case names, so that labels and statuses beside
them do no harm; more rows, fewer rows and other values are wrong.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from assistant.answer import QueryResult
from evals.case import Expected

COUNTED = {"hospitals", "datasets", "tables", "variables", "concepts", "cohorts", "teams"}
ANY_COUNT = "n"
BOUNDS = ("patients", "records", "overlap_patients")
Row = tuple[Any, ...]


def difference(expect: Expected, query: QueryResult, hospitals: Mapping[str, str]) -> str:
    """ "" where the answer's rows are the expected ones, else what differs.

    ``hospitals`` gives the hospital of each dataset of the catalog.
    """
    columns, gold = expect.columns or (), [_plain(row) for row in expect.rows or ()]
    places, constants = _places(columns, gold, query, hospitals)
    missing = [name for name in columns if name not in places and name not in constants]
    if missing:
        if _counted_by_listing(columns, gold, query):
            return ""
        return f"columns {missing} are missing from {list(query.columns)}"
    mine = [
        tuple(_value(row[places[c]]) if c in places else constants[c] for c in columns) for row in query.rows
    ]
    invented = _unpublished(columns, query)
    if invented:
        return invented
    if _same(gold, list(dict.fromkeys(mine)), columns, expect.ordered):
        return ""
    return f"expected {_shown(gold)}, got {_shown(list(dict.fromkeys(mine)))}"


def _same(gold: list[Row], mine: list[Row], columns: Sequence[str], ordered: bool) -> bool:
    if len(set(gold)) != len(mine):
        return False
    if ordered:
        # Rows that the ranking column does not tell apart may stand in either order.
        ranked = [row[-1] for row in gold] == [row[-1] for row in mine]
        return ranked and set(gold) == set(mine)
    if set(gold) == set(mine):
        return True
    bounds = [
        (columns.index(f"{m}_low"), columns.index(f"{m}_high")) for m in BOUNDS if f"{m}_low" in columns
    ]
    return bool(bounds) and all(_within(row, mine, bounds) for row in gold)


def _within(row: Row, mine: list[Row], bounds: list[tuple[int, int]]) -> bool:
    """One of the answer's rows has the same keys and bounds that lie within these."""
    ends = {place for pair in bounds for place in pair}
    for other in mine:
        if any(a != b for place, (a, b) in enumerate(zip(row, other, strict=True)) if place not in ends):
            continue
        if all(_inside(row[low], row[high], other[low], other[high]) for low, high in bounds):
            return True
    return False


def _inside(low: Any, high: Any, other_low: Any, other_high: Any) -> bool:
    numbers = all(isinstance(v, int | float) for v in (low, high, other_low, other_high))
    return bool(numbers and low <= other_low <= other_high <= high)


def _unpublished(columns: Sequence[str], query: QueryResult) -> str:
    """A number of people where the case has a bound and the answer says itself that none was published."""
    for measure in BOUNDS:
        if f"{measure}_low" not in columns or measure not in query.columns:
            continue
        status = f"{measure}_status"
        for row in query.rows:
            said = dict(zip(query.columns, row, strict=True))
            if said[measure] is not None and said.get(status, "released") != "released":
                return f"{measure} {said[measure]} is given as a number beside the status {said[status]!r}"
    return ""


def _places(
    columns: Sequence[str], gold: list[Row], query: QueryResult, hospitals: Mapping[str, str]
) -> tuple[dict[str, int], dict[str, Any]]:
    """Where each column stands in the answer's rows, and the value of each that its plan fixes."""
    places = {name: query.columns.index(name) for name in columns if name in query.columns}
    constants: dict[str, Any] = {}
    fixed = fixed_by_plan(query.plan, hospitals)
    for name in columns:
        if name in places:
            continue
        counts = [place for place, other in enumerate(query.columns) if other in COUNTED | {ANY_COUNT}]
        if (name == ANY_COUNT or name in COUNTED) and len(counts) == 1 and _only_count(columns):
            places[name] = counts[0]
        elif name in fixed:
            wanted = {row[columns.index(name)] for row in gold}
            constants[name] = wanted.pop() if len(wanted) == 1 and wanted <= fixed[name] else min(fixed[name])
    return (places, constants) if places else ({}, {})


def _only_count(columns: Sequence[str]) -> bool:
    return sum(name == ANY_COUNT or name in COUNTED for name in columns) == 1


def fixed_by_plan(plan: Mapping[str, Any], hospitals: Mapping[str, str]) -> dict[str, set[Any]]:
    """Columns that a plan compares for equality, so that no row needs to repeat the value.

    A set holds more than one value where a plan asks for several things one by one, as for two variables
    that a dataset has both.
    """
    fixed: dict[str, set[Any]] = {}
    for part, column in _PARTS.items():
        values = plan.get(part) or []
        if len(values) == 1:
            fixed[column] = set(values)
    years = plan.get("years") or {}
    if years.get("low") is not None and years.get("low") == years.get("high"):
        fixed["year"] = {years["low"]}
    for condition in plan.get("conditions") or []:
        name = str(condition.get("field", ""))
        values = condition.get("values") or []
        if condition.get("op") == "eq" and len(values) == 1 and name in _KEYS:
            fixed[_KEYS[name]] = set(values)
    for holding in plan.get("holdings") or []:
        for thing, ids in holding.get("things") or []:
            if thing in _HELD and len(ids) == 1 and not holding.get("negated"):
                fixed.setdefault(_HELD[thing], set()).update(ids)
    return fixed | _implied(fixed, hospitals)


def _implied(fixed: Mapping[str, set[Any]], hospitals: Mapping[str, str]) -> dict[str, set[Any]]:
    """The hospital of a fixed dataset, or the only dataset of a fixed hospital."""
    if "dataset" in fixed:
        own = {hospitals[dataset] for dataset in fixed["dataset"] if hospitals.get(dataset)}
        return {"hospital": own} if own and "hospital" not in fixed else {}
    held = {dataset for dataset, hospital in hospitals.items() if hospital in fixed.get("hospital", set())}
    return {"dataset": held} if len(held) == 1 else {}


_PARTS = {"datasets": "dataset", "hospitals": "hospital", "cohorts": "cohort", "sex": "sex"}
_KEYS = {
    "dataset.dataset": "dataset", "hospital.hospital": "hospital", "variable.name": "name",
    "table.table": "table", "variable.table": "table", "cohort.cohort": "cohort", "team.team": "team",
    "variable.dataset": "dataset", "table.dataset": "dataset", "dataset.hospital": "hospital",
}  # fmt: skip
_HELD = {"variable": "name", "cohort": "cohort"}


def _counted_by_listing(columns: Sequence[str], gold: list[Row], query: QueryResult) -> bool:
    """A question of how many, answered by naming them: as many different ones as were asked for."""
    if len(columns) != 1 or columns[0] not in COUNTED or len(gold) != 1:
        return False
    key = columns[0].removesuffix("s") if columns[0] != "variables" else "name"
    if key not in query.columns:
        return False
    place = query.columns.index(key)
    return bool(len({row[place] for row in query.rows}) == gold[0][0])


def _plain(row: Sequence[Any]) -> Row:
    return tuple(_value(value) for value in row)


def _value(value: Any) -> Any:
    """Whole floats as integers, so that 12.0 is 12; lists as tuples."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return tuple(value) if isinstance(value, list) else value


def _shown(rows: list[Row]) -> str:
    more = f" and {len(rows) - 3} more" if len(rows) > 3 else ""
    return f"{[list(row) for row in rows[:3]]}{more}"
