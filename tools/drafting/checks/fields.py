"""Rules that the form states of single fields: required, how many, how long, which choices."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel

from tools.drafting.facts import Facts
from tools.drafting.finding import Finding, finding
from tools.drafting.form import Cap, Choice, Form, FormField
from tools.drafting.plan import ResearchPlan
from tools.drafting.row_name import row_name


def fields_of(plan: ResearchPlan, form: Form) -> Iterator[tuple[str, str, FormField, Any]]:
    """(section, field, what the form says of it, value) of every field."""
    for section, asked in form.sections.items():
        for name, field in asked.fields.items():
            yield section, name, field, getattr(getattr(plan, section), name)


def is_empty(value: object) -> bool:
    """Nothing was given: no text, no rows, no number. Zero and False are something."""
    return value is None or value == "" or value == ()


def is_needed(plan: ResearchPlan, section: str, field: FormField) -> bool:
    """Required, and where the form ties it to another field, that one is filled."""
    return field.required and not (field.when and is_empty(getattr(getattr(plan, section), field.when)))


def required(plan: ResearchPlan, form: Form, facts: Facts) -> Iterator[Finding]:
    for section, name, field, value in fields_of(plan, form):
        if is_needed(plan, section, field) and is_empty(value) and not field.hidden:
            yield finding("required", section, name, label=field.label, help=field.help)


def row_counts(plan: ResearchPlan, form: Form, facts: Facts) -> Iterator[Finding]:
    for section, name, field, value in fields_of(plan, form):
        if not isinstance(value, tuple) or not value:
            continue
        n = len(value)
        if n < field.at_least:
            yield finding("too_few", section, name, label=field.label, n=n, least=field.at_least)
        if field.at_most is not None and n > field.at_most:
            yield finding("too_many", section, name, label=field.label, n=n, most=field.at_most)


def row_parts(plan: ResearchPlan, form: Form, facts: Facts) -> Iterator[Finding]:
    for section, name, field, value in fields_of(plan, form):
        for number, row in enumerate(value if field.needs else (), 1):
            for part in field.needs:
                if is_empty(getattr(row, part)):
                    yield finding(
                        "required_part",
                        section,
                        name,
                        label=field.label,
                        row=row_name(row, number),
                        part=field.columns[part],
                    )


def options(plan: ResearchPlan, form: Form, facts: Facts) -> Iterator[Finding]:
    for section, name, field, value in fields_of(plan, form):
        if field.options and value and value not in {choice.id for choice in field.options}:
            yield _no_option(section, name, field.label, value, field.options)
        for part, choices in field.row_options.items():
            for row in value:
                given = getattr(row, part)
                if given and given not in {choice.id for choice in choices}:
                    yield _no_option(section, name, field.columns[part], given, choices)


def _no_option(section: str, name: str, label: Any, value: str, choices: tuple[Choice, ...]) -> Finding:
    said: Any = {lang: ", ".join(f"{c.id}({c.label[lang]})" for c in choices) for lang in ("ko", "en")}
    return finding("no_such_option", section, name, label=label, value=value, options=said)


def field_caps(plan: ResearchPlan, form: Form, facts: Facts) -> Iterator[Finding]:
    for section, name, field, value in fields_of(plan, form):
        cap = field.caps.get(plan.language)
        if cap is not None and isinstance(value, str):
            yield from _over(cap, value, section, name, field.label)


def section_caps(plan: ResearchPlan, form: Form, facts: Facts) -> Iterator[Finding]:
    for section, asked in form.sections.items():
        cap = asked.caps.get(plan.language)
        if cap is not None:
            yield from _over(cap, section_text(getattr(plan, section)), section, "", asked.title)


def section_text(part: BaseModel) -> str:
    """The words that a person wrote in a section: its texts and lists of texts."""
    texts: list[str] = []
    for value in dict(part).values():
        texts += [value] if isinstance(value, str) else [v for v in value or () if isinstance(v, str)]
    return "\n".join(text for text in texts if text)


def _over(cap: Cap, text: str, section: str, name: str, label: Any) -> Iterator[Finding]:
    words, characters = len(text.split()), len(text)
    if cap.words is not None and words > cap.words:
        yield finding("too_long_words", section, name, label=label, n=words, most=cap.words)
    if cap.characters is not None and characters > cap.characters:
        yield finding("too_long_characters", section, name, label=label, n=characters, most=cap.characters)


RULES = (required, row_counts, row_parts, options, field_caps, section_caps)
