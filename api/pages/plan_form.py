"""The form of a research plan as its page draws it: labels in one language, and a control for each field."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, get_args

from pydantic import BaseModel

from knowledge.text import Language
from tools.drafting.form import Choice, Form, FormField
from tools.drafting.plan import ResearchPlan

Drawn = dict[str, Any]


def plan_form(form: Form, language: Language) -> list[Drawn]:
    """Sections in order: id, number, title, filled, and fields with name, label, help, control and choices.

    A control is "line", "text", "date", "number", "yes_no", "choice", "list" (a line each) or "rows".
    """
    return [
        {
            "id": id,
            "number": section.number,
            "title": section.title[language],
            "filled": section.filled,
            "fields": [
                _field(name, field, _model(ResearchPlan, id), language)
                for name, field in section.fields.items()
                if not field.hidden
            ],
        }
        for id, section in form.sections.items()
    ]


def _field(name: str, field: FormField, section: type[BaseModel], language: Language) -> Drawn:
    row = _model(section, name) if field.columns else None
    return {
        "name": name,
        "label": field.label[language],
        "help": "" if field.computed else field.help[language],
        "required": field.required,
        "computed": field.computed,
        "control": _control(section, name, field.options, wide=field.wide),
        "choices": _choices(field.options, language),
        "columns": [
            {
                "name": part,
                "label": label[language],
                "needed": part in field.needs,
                "control": _control(row, part, field.row_options.get(part, ())),
                "choices": _choices(field.row_options.get(part, ()), language),
            }
            for part, label in field.columns.items()
        ],
        "empty": _empty(row),
    }


def _choices(options: Sequence[Choice], language: Language) -> list[tuple[str, str]]:
    return [(option.id, option.label[language]) for option in options]


def _control(
    model: type[BaseModel] | None, name: str, options: Sequence[Choice], *, wide: bool = False
) -> str:
    """What a value of this type is given with; "line" for a part that is only shown."""
    if options:
        return "choice"
    if model is None or name not in model.model_fields:
        return "line"
    types = _types(model.model_fields[name].annotation)
    if tuple in types:
        return "rows" if any(isinstance(t, type) and issubclass(t, BaseModel) for t in types) else "list"
    by_type: Mapping[type, str] = {date: "date", bool: "yes_no", int: "number"}
    found = next((control for kind, control in by_type.items() if kind in types), None)
    return found or ("text" if wide else "line")


def _types(annotation: Any) -> set[Any]:
    """The plain types that an annotation is made of."""
    inner = get_args(annotation)
    origin = getattr(annotation, "__origin__", None)
    found = {origin} if isinstance(origin, type) else set()
    if not inner:
        return found | {annotation}
    return found.union(*(_types(part) for part in inner))


def _model(owner: type[BaseModel], name: str) -> type[BaseModel]:
    """The model that a section is, or that each row of a field is."""
    types = _types(owner.model_fields[name].annotation)
    return next(t for t in types if isinstance(t, type) and issubclass(t, BaseModel))


def _empty(row: type[BaseModel] | None) -> Drawn:
    """A new row: nothing given in any part."""
    if row is None:
        return {}
    return {name: "" if field.is_required() else field.default for name, field in row.model_fields.items()}
