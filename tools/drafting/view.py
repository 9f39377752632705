"""A plan as a reader sees it: labels and values in the plan's language, section by section."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from markupsafe import Markup

from knowledge.text import Language
from tools.drafting.checks.fields import is_empty, is_needed
from tools.drafting.facts import GuidanceQuote
from tools.drafting.form import Choice, Form, FormField, FormSection
from tools.drafting.plan import Count, ResearchPlan
from tools.query.amounts import say_amount

YES_NO: Mapping[Language, tuple[str, str]] = {"ko": ("예", "아니오"), "en": ("yes", "no")}


@dataclass(frozen=True, slots=True)
class FieldView:
    """One field: ``lines`` for text, ``head`` and ``rows`` for a table; both empty where nothing is given."""

    name: str
    label: str
    help: str
    kind: str  # "fact" | "text" | "list" | "table"
    lines: tuple[str, ...] = ()
    head: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    needed: bool = False
    needed_columns: tuple[bool, ...] = ()

    @property
    def empty(self) -> bool:
        return not self.lines and not self.rows

    @property
    def open(self) -> bool:
        """Something that is needed is not there: the field as a whole, or a part of a row."""
        gaps = any(
            needed and not cell
            for row in self.rows
            for needed, cell in zip(self.needed_columns, row, strict=True)
        )
        return (self.needed and self.empty) or gaps


@dataclass(frozen=True, slots=True)
class SectionView:
    """One section. ``guidance`` is shown while something that is needed is empty."""

    id: str
    number: int
    title: str
    fields: tuple[FieldView, ...]
    guidance: tuple[GuidanceQuote, ...]

    @property
    def open(self) -> bool:
        return any(field.open for field in self.fields)

    def of_kind(self, kind: str) -> list[FieldView]:
        """The fields of one kind, in order."""
        return [field for field in self.fields if field.kind == kind]


def view_sections(
    plan: ResearchPlan, form: Form, quotes: Mapping[str, Sequence[GuidanceQuote]]
) -> tuple[SectionView, ...]:
    """The sections in the form's order; ``quotes`` are by section id."""
    return tuple(
        SectionView(
            id,
            section.number,
            section.title[plan.language],
            tuple(_field(plan, id, name, section) for name in section.fields),
            tuple(quotes.get(id, ())),
        )
        for id, section in form.sections.items()
    )


def _field(plan: ResearchPlan, section: str, name: str, asked: FormSection) -> FieldView:
    field, language = asked.fields[name], plan.language
    value = getattr(getattr(plan, section), name)
    label, help = field.label[language], field.help[language]
    needed = is_needed(plan, section, field) and not field.hidden
    if field.hidden:
        return FieldView(name, label, help, "hidden")
    if field.columns:
        columns = list(field.columns)
        head = tuple(field.columns[part][language] for part in columns)
        rows = tuple(tuple(_cell(row, part, field, language) for part in columns) for row in value)
        return FieldView(
            name,
            label,
            help,
            "table",
            head=head if rows else (),
            rows=rows,
            needed=needed,
            needed_columns=tuple(part in field.needs for part in columns),
        )
    if isinstance(value, tuple):
        return FieldView(name, label, help, "list", tuple(value), needed=needed)
    text = "" if is_empty(value) else _said(value, field.options, language)
    lines = tuple(line for line in text.split("\n") if line.strip())
    return FieldView(name, label, help, "text" if field.wide else "fact", lines, needed=needed)


def _cell(row: Any, part: str, field: FormField, language: Language) -> str:
    if isinstance(row, Count) and part == "patients":
        # Our own words in a cell of their own: the ~ of a Korean range marks nothing up there.
        return Markup(say_amount("patients", row.status, row.low, row.high, language).text)
    value = getattr(row, part)
    return "" if is_empty(value) else _said(value, field.row_options.get(part, ()), language)


def _said(value: object, options: Sequence[Choice], language: Language) -> str:
    if isinstance(value, bool):
        return YES_NO[language][0 if value else 1]
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, date):
        return value.isoformat()
    label = next((choice.label[language] for choice in options if choice.id == value), None)
    return label or str(value)
