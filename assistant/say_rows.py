"""Rows of the catalog as statements: one sentence or a table, then definition, rounding, date, caveats."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from assistant.messages import messages
from assistant.statement import Statement
from knowledge.catalog.read import Catalog, Meta
from knowledge.text import Language
from tools.query.execute import Result
from tools.query.plan import CountPlan, LinkagePlan, ListPlan
from tools.query.readback import column_name, name_of, readback, sex_name
from tools.query.understand.outcome import Note

SHOWN_ROWS = 20
_PARTS = ("_status", "_low", "_high")
_MEASURES = ("patients", "records", "overlap_patients")
_KEYS = {
    "hospital": "hospital_name",
    "dataset": "dataset_title",
    "cohort": "cohort_name",
    "team": "team_name",
}


def say_rows(
    result: Result, notes: Sequence[Note], catalog: Catalog, language: Language
) -> tuple[Statement, ...]:
    """What the rows say, in the question's language. Rows without any published value give ``no_rows``."""
    said = messages("catalog", language)
    frame = said["written_sql"]
    if result.plan is not None:
        frame = said["read_as"].format(readback=readback(result.plan, catalog, language))
    statements = [Statement(frame, basis="rows")]
    if not _has_content(result):
        what = column_name(_subject(result.plan), language)
        return (*statements, Statement(said["no_rows"].format(what=what), basis="frame"))
    statements += _body(result, language, said, catalog)
    if isinstance(result.plan, CountPlan):
        statements += _about_counts(result, result.plan, catalog, language, said)
    elif _counted(result):
        statements += [Statement(text, basis="record") for text in _rounding(catalog, said)]
    statements += [
        Statement(said["notes"][note.code].format(**note.values), basis="record") for note in notes
    ]
    statements.append(Statement(_as_of(catalog.meta, said, _counted(result)), basis="record"))
    return tuple(statements)


def caveats(result: Result, catalog: Catalog, language: Language) -> tuple[str, ...]:
    """The notes that go with the rows wherever they are shown: rounding, bounds, suppression, date."""
    said = messages("catalog", language)
    parts: list[str] = []
    if isinstance(result.plan, CountPlan):
        parts = [
            s.text for s in _about_counts(result, result.plan, catalog, language, said) if s.basis == "record"
        ]
    elif _counted(result):
        parts = _rounding(catalog, said)
    return (*parts, _as_of(catalog.meta, said, _counted(result)))


def _counted(result: Result) -> bool:
    return any(name in _MEASURES for name in result.columns)


def _subject(plan: object) -> str:
    if isinstance(plan, ListPlan):
        return plan.subject if plan.subject != "variable" else "label"
    return "dataset" if isinstance(plan, LinkagePlan) else "patients"


def _has_content(result: Result) -> bool:
    """False for no rows, and for one row of a total over no cells."""
    if not result.rows:
        return False
    if not isinstance(result.plan, CountPlan):
        return True
    at = result.columns.index(f"{result.plan.measure}_high")
    return any(row[at] is not None for row in result.rows)


def _as_of(meta: Meta, said: Mapping[str, Any], counted: bool) -> str:
    form = "as_of" if counted and meta.rule else "as_of_plain"
    return str(said[form].format(as_of=meta.as_of, version=meta.version, rule=meta.rule))


# The rows themselves.


def _body(result: Result, language: Language, said: Mapping[str, Any], catalog: Catalog) -> list[Statement]:
    cells = [_cells(result, row, language, said, catalog) for row in result.rows]
    names = list(cells[0])
    if len(cells) == 1 and isinstance(result.plan, CountPlan):
        *labels, value = cells[0].values()
        whose = f"{', '.join(labels)}: " if labels else ""
        return [Statement(whose + said["one_count"].format(value=f"**{value}**"), basis="rows")]
    lines = [" | ".join(names), " | ".join("---" for _ in names)]
    lines += [" | ".join(row[name] for name in names) for row in cells[:SHOWN_ROWS]]
    table = "\n".join(f"| {line} |" for line in lines)
    statements = [Statement(said["rows_found"].format(n=len(cells)), basis="rows")]
    statements.append(Statement(table, basis="rows"))
    if len(cells) > SHOWN_ROWS:
        statements.append(Statement(said["more_rows"].format(n=len(cells) - SHOWN_ROWS), basis="rows"))
    if result.truncated:
        statements.append(Statement(said["truncated"].format(n=len(cells)), basis="rows"))
    return statements


def _cells(
    result: Result, row: Sequence[Any], language: Language, said: Mapping[str, Any], catalog: Catalog
) -> dict[str, str]:
    """Heading -> text of one row; keys give way to labels, status and bounds to one readable value."""
    values = dict(zip(result.columns, row, strict=True))
    shown: dict[str, str] = {}
    for name, value in values.items():
        if name in _KEYS and _KEYS[name] in values:
            continue
        if any(name.endswith(part) and name.removesuffix(part) in _MEASURES for part in _PARTS):
            continue
        if name in {"start_year", "end_year"} and "period_start" in values:
            continue
        heading = column_name(_column(name, result), language)
        if name in _MEASURES:
            shown[heading] = measured(name, values, said)
        elif name == "sex" and value:
            shown[heading] = sex_name(str(value), language)
        elif name in {"dataset_a", "dataset_b"} and value:
            shown[heading] = name_of("dataset", value, catalog, language)
        else:
            shown[heading] = _plain(name, value, said)
    return shown


def _column(name: str, result: Result) -> str:
    """A hospital's type and a variable's share a column name."""
    hospital = isinstance(result.plan, ListPlan) and result.plan.subject == "hospital"
    return "type_hospital" if hospital and name == "type" else name


def _plain(name: str, value: Any, said: Mapping[str, Any]) -> str:
    if value is None or value == "":
        return str(said["not_given"])
    if isinstance(value, bool):
        return str(said["yes"] if value else said["no"])
    if isinstance(value, int) and name.endswith("year") is False and name != "year":
        return f"{value:,}"
    if isinstance(value, float):
        return f"{value:,.1f}".removesuffix(".0")
    text = str(value)
    if name == "missing_text":
        return text if text.endswith("%") else f"{text}%"
    return text.replace("|", ", ").replace("\n", " ")


def measured(measure: str, values: Mapping[str, Any], said: Mapping[str, Any]) -> str:
    """A protected count as a person reads it: "1,230-1,239 patients", "fewer than 10, possibly none"."""
    forms: Mapping[str, str] = said["record_value" if measure == "records" else "value"]
    value, status = values.get(measure), values.get(f"{measure}_status")
    low, high = values.get(f"{measure}_low"), values.get(f"{measure}_high")
    if status is None or high is None:
        return forms["none"]
    if status == "suppressed":
        return forms["fewer"].format(n=f"{high + 1:,}") if not low else forms["few"].format(high=f"{high:,}")
    if low == high:
        return forms["exact"].format(v=f"{high:,}")
    if status == "released" and value is not None:
        return forms["range"].format(low=f"{low:,}", high=f"{high:,}")
    if not low:
        return forms["at_most"].format(high=f"{high:,}")
    return forms["bound"].format(low=f"{low:,}", high=f"{high:,}")


# What has to be said of counts.


def _about_counts(
    result: Result, plan: CountPlan, catalog: Catalog, language: Language, said: Mapping[str, Any]
) -> list[Statement]:
    statements = [Statement(text, basis="rows") for text in _definitions(plan, catalog, language, said)]
    at = result.columns.index(f"{plan.measure}_status")
    statuses = {row[at] for row in result.rows}
    texts: list[str] = []
    if "bound" in statuses:
        texts.append(said["bound" if plan.overlapping else "bound_added"])
    if "suppressed" in statuses:
        texts.append(said["suppressed"])
    texts += _rounding(catalog, said)
    if plan.measure == "patients" and len(result.rows) > 1:
        if "hospital" in plan.group_by or "dataset" in plan.group_by:
            texts.append(said["hospitals_overlap"])
        if "year" in plan.group_by:
            texts.append(said["years_overlap"])
    if plan.ranking is not None and _tied(result, plan):
        texts.append(said["tie"])
    statements += [Statement(text, basis="record") for text in texts]
    missing = _unpublished(result, plan, catalog, language, said)
    return [*statements, *([Statement(missing, basis="record")] if missing else [])]


def _rounding(catalog: Catalog, said: Mapping[str, Any]) -> list[str]:
    rounding = catalog.meta.rounding if (catalog.meta.base or 1) > 1 else "exact"
    form = said["rounding"].get(rounding)
    return [str(form).format(base=catalog.meta.base)] if form else []


def _definitions(plan: CountPlan, catalog: Catalog, language: Language, said: Mapping[str, Any]) -> list[str]:
    texts = []
    for id in plan.cohorts:
        cohort = catalog.cohort_by_id.get(id)
        if cohort is None:
            continue
        name = name_of("cohort", id, catalog, language)
        codes = ", ".join(code.replace(":", " ") for code in cohort.codes)
        if cohort.definition:
            parts = f"{cohort.definition} ({codes})" if codes else cohort.definition
            texts.append(said["definition"].format(name=name, definition=parts))
        elif codes:
            texts.append(said["definition_codes"].format(name=name, codes=codes))
    return texts


def _tied(result: Result, plan: CountPlan) -> bool:
    at = result.columns.index(f"{plan.measure}_low")
    values = [row[at] for row in result.rows]
    return len(set(values)) < len(values)


def _unpublished(
    result: Result, plan: CountPlan, catalog: Catalog, language: Language, said: Mapping[str, Any]
) -> str | None:
    """Who is not in the rows although the question asked for each."""
    by = next((name for name in ("hospital", "dataset") if name in plan.group_by), None)
    if by is None or plan.at_least is not None or (plan.ranking and plan.ranking.limit):
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
