"""Rows of the catalog as statements: one sentence or a table, then definition, rounding, date, caveats."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from assistant.count_notes import about_counts, rounding
from assistant.messages import messages
from assistant.publication_rules import rules_of
from assistant.statement import Statement
from knowledge.catalog.read import Catalog
from knowledge.text import Language
from tools.query.amounts import PARTS, say_cell, say_rate
from tools.query.execute import Result
from tools.query.plan import CountPlan, LinkagePlan, ListPlan
from tools.query.readback import column_name, name_of, readback, sex_name
from tools.query.understand.outcome import Note

SHOWN_ROWS = 20
SHOWN_SOURCES = 4
SHOWN_SOURCE_ROWS = 5
_ORIGIN = ("source_file", "source_row")
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
        if isinstance(result.plan, CountPlan) and (limited := _none_within(result.plan, said)):
            return (*statements, Statement(limited, basis="frame"))
        what = column_name(_subject(result.plan), language)
        return (*statements, Statement(said["no_rows"].format(what=what), basis="frame"))
    statements += _body(result, language, said, catalog)
    if isinstance(result.plan, CountPlan):
        statements += about_counts(result, result.plan, catalog, language, said)
    elif _counted(result):
        statements += [
            Statement(text, basis="record") for text in rounding(result, catalog, language, said)
        ]
    statements += [
        Statement(said["notes"][note.code].format(**note.values), basis="record") for note in notes
    ]
    statements += [Statement(text, basis="rows") for text in _sources(result, said)]
    statements.append(Statement(_as_of(result, catalog, said), basis="record"))
    return tuple(statements)


def _none_within(plan: CountPlan, said: Mapping[str, Any]) -> str | None:
    """What is said where no number lies within the limits of a plan; None for a plan without limits."""
    if plan.at_most is not None:
        return str(said["none_below"]).format(n=f"{plan.at_most:,}")
    return None if plan.at_least is None else str(said["none_reach"]).format(n=f"{plan.at_least:,}")


def caveats(result: Result, catalog: Catalog, language: Language) -> tuple[str, ...]:
    """The notes that go with the rows wherever they are shown: rounding, bounds, suppression, date."""
    said = messages("catalog", language)
    parts: list[str] = []
    if isinstance(result.plan, CountPlan):
        parts = [
            s.text for s in about_counts(result, result.plan, catalog, language, said) if s.basis == "record"
        ]
    elif _counted(result):
        parts = rounding(result, catalog, language, said)
    return (*parts, _as_of(result, catalog, said))


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


def _as_of(result: Result, catalog: Catalog, said: Mapping[str, Any]) -> str:
    rules = ", ".join(rules_of(result, catalog)) if _counted(result) else ""
    form = "as_of" if rules else "as_of_plain"
    meta = catalog.meta
    return str(said[form].format(as_of=meta.as_of, version=meta.version, rule=rules))


def _sources(result: Result, said: Mapping[str, Any]) -> list[str]:
    """The files that the rows were imported from, each with the rows in it where they are few."""
    if not {"source_file", "source_row"} <= set(result.columns):
        return []
    at = result.columns.index("source_file"), result.columns.index("source_row")
    files: dict[str, list[int]] = {}
    for row in result.rows:
        if row[at[0]] is not None:
            files.setdefault(str(row[at[0]]), []).append(row[at[1]])
    if not files:
        return []
    parts = [
        said["source_rows"].format(file=file, rows=", ".join(map(str, sorted(set(rows)))))
        if len(set(rows)) <= SHOWN_SOURCE_ROWS else file
        for file, rows in list(files.items())[:SHOWN_SOURCES]
    ]
    return [said["sources"].format(files="; ".join(parts))]


# The rows themselves.


def _body(result: Result, language: Language, said: Mapping[str, Any], catalog: Catalog) -> list[Statement]:
    cells = [_cells(result, row, language, said, catalog) for row in result.rows]
    names = list(cells[0])
    if len(cells) == 1 and isinstance(result.plan, CountPlan):
        *labels, value = cells[0].values()
        if result.plan.also:
            *labels, first = labels
            value = f"{first}, {value}"
        whose = f"{', '.join(labels)}: " if labels else ""
        value = value if whose else value[:1].upper() + value[1:]
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
        if name in _ORIGIN or (name in _KEYS and _KEYS[name] in values):
            continue
        if any(name.endswith(part) and name.removesuffix(part) in _MEASURES for part in PARTS):
            continue
        if name in {"start_year", "end_year"} and "period_start" in values:
            continue
        heading = column_name(_column(name, result), language)
        if name in _MEASURES:
            shown[heading] = say_cell(name, values, language).text
        elif name == "sex" and value:
            shown[heading] = sex_name(str(value), language)
        elif name in {"dataset_a", "dataset_b"} and value:
            shown[heading] = name_of("dataset", value, catalog, language)
        else:
            shown[heading] = _plain(name, value, said, language)
    return shown


def _column(name: str, result: Result) -> str:
    """A hospital's type and a variable's share a column name."""
    hospital = isinstance(result.plan, ListPlan) and result.plan.subject == "hospital"
    return "type_hospital" if hospital and name == "type" else name


def _plain(name: str, value: Any, said: Mapping[str, Any], language: Language) -> str:
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
        return say_rate(text, language)
    return text.replace("|", ", ").replace("\n", " ")
