"""A draft in the question's language: rows as the section's table, what is left to write, guidance."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from assistant.drafting.gather import FROM_CATALOG, Drafting
from assistant.drafting.tables import section_rows
from assistant.say_rows import say_rows
from assistant.statement import Quote, Statement
from assistant.turn import Draft
from knowledge.catalog.read import Catalog
from knowledge.data_file import read_shipped
from knowledge.text import Language
from tools.drafting.form import Form
from tools.query.readback import name_of

MOST_OPTIONS = 4
MOST_NEXT = 3


def say_draft(found: Drafting, form: Form, catalog: Catalog | None, language: Language) -> Draft:
    """The draft of the sections asked for. What the form says is known; numbers of rows are checked."""
    said = _said(language)
    request = found.request
    if request.checks:
        return _which_plan(form, said, language)
    if found.result is None and catalog is not None and _needs_data(found):
        return _which_data(found, form, catalog, said, language)
    statements: list[Statement] = []
    if request.wording:
        statements.append(Statement(said["wording"], basis="frame"))
    if not request.sections:
        statements += _overview(form, said, language)
    for section in request.sections or ((found.drawn,) if found.drawn else ()):
        statements += _section(section, found, form, catalog, said, language)
    if found.drawn:
        few = found.datasets if len(found.datasets) <= MOST_OPTIONS else ()
        options = [f" --dataset {id}" for id in few]
        options += [f" --cohort {id}" for id in request.cohorts]
        statements.append(Statement(said["store"].format(options="".join(options)), basis="frame"))
    named = catalog is not None and (bool(request.about(catalog)) or bool(request.variables))
    whole = named and request.sections == (found.drawn,)
    return Draft(
        tuple(statements),
        "answered" if whole else "partial",
        suggestions=_next(found, form, catalog, said, language),
        known=tuple(s.text for s in statements if s.basis == "frame"),
    )


def _needs_data(found: Drafting) -> bool:
    """Only sections that the catalog fills were asked for, and nothing says from which data."""
    sections = found.request.sections
    return bool(sections) and not found.request.wording and all(s in FROM_CATALOG for s in sections)


def _section(
    section: str,
    found: Drafting,
    form: Form,
    catalog: Catalog | None,
    said: Mapping[str, Any],
    language: Language,
) -> Iterator[Statement]:
    asked = form.sections[section]
    title = asked.title[language]
    yield Statement(said["heading"].format(number=asked.number, title=title), basis="frame")
    drawn = section == found.drawn and found.result is not None and catalog is not None
    if drawn:
        assert found.result is not None and catalog is not None
        if section == "feasibility":
            yield from say_rows(found.result, (), catalog, language)
            yield Statement(said["query"].format(id=found.result.id), basis="frame")
        else:
            yield from section_rows(section, found, form, catalog, said, language)
    elif section in FROM_CATALOG:
        yield Statement(said["no_rows"], basis="frame")
    yield from _to_write(section, form, said, language, drawn=drawn)
    quotes = found.quotes.get(section, ())
    if quotes:
        yield Statement(said["guidance"], basis="frame")
    for quote in quotes:
        place = Quote(
            quote.document,
            quote.version,
            quote.heading,
            None,
            quote.start,
            quote.end,
            quote.text,
            language,
        )
        yield Statement(f"- {quote.text}", (place,))


def _to_write(
    section: str, form: Form, said: Mapping[str, Any], language: Language, *, drawn: bool
) -> Iterator[Statement]:
    """The fields that a person fills: all of them, but for those that the rows have filled."""
    asked = form.sections[section]
    if drawn and asked.filled == "catalog":
        return
    left = [
        field
        for name, field in asked.fields.items()
        if not field.hidden and not field.computed and not (drawn and name in {"codes", "pairs"})
    ]
    yield Statement(said["to_write"], basis="frame")
    for field in left:
        text = said["field"].format(label=field.label[language], help=field.help[language])
        yield Statement(text, basis="frame")


def _overview(form: Form, said: Mapping[str, Any], language: Language) -> Iterator[Statement]:
    yield Statement(said["overview"], basis="frame")
    for section in form.sections.values():
        text = said["section"].format(
            number=section.number, title=section.title[language], filled=said["filled"][section.filled]
        )
        yield Statement(text, basis="frame")


def _which_plan(form: Form, said: Mapping[str, Any], language: Language) -> Draft:
    statements = [Statement(said["which_plan"], basis="frame")]
    for section in form.sections.values():
        labels = [
            field.label[language]
            for field in section.fields.values()
            if field.required and not field.when and not field.hidden
        ]
        if labels:
            text = said["needed"].format(
                number=section.number, title=section.title[language], labels=", ".join(labels)
            )
            statements.append(Statement(text, basis="frame"))
    return Draft(tuple(statements), "clarify", known=tuple(s.text for s in statements))


def _which_data(
    found: Drafting, form: Form, catalog: Catalog, said: Mapping[str, Any], language: Language
) -> Draft:
    section = form.sections[found.request.sections[0]]
    title = section.title[language]
    options = tuple(said["option"].format(name=name, title=title) for name in _groups(catalog, language))
    text = Statement(said["which_data"].format(title=title), basis="frame")
    if not options:
        return Draft((text,), "clarify", known=(text.text,))
    return Draft((text,), "clarify", options=options[:MOST_OPTIONS], known=(text.text,))


def _next(
    found: Drafting, form: Form, catalog: Catalog | None, said: Mapping[str, Any], language: Language
) -> tuple[str, ...]:
    """Drafts that can be asked for next, about the same group."""
    if catalog is None:
        return ()
    named = [name_of("cohort", id, catalog, language) for id in found.request.cohorts[:1]]
    named = named or [name_of("dataset", id, catalog, language) for id in found.request.datasets[:1]]
    names = named or list(_groups(catalog, language))[:1]
    asked = {*found.request.sections, found.drawn}
    return tuple(
        said["next"].format(name=name, title=form.sections[section].title[language])
        for name in names
        for section in ("data", "variables", "feasibility", "population")
        if section not in asked
    )[:MOST_NEXT]


def _groups(catalog: Catalog, language: Language) -> Sequence[str]:
    """Groups of patients that counts are published for, in the catalog's order."""
    held = {cohort for _, cohort in catalog.counts.cohorts}
    return [name_of("cohort", c.cohort, catalog, language) for c in catalog.cohorts if c.cohort in held]


@cache
def _all_messages() -> Mapping[str, Mapping[str, Any]]:
    return read_shipped(Path(__file__).with_name("messages.yaml"))


def _said(language: Language) -> Mapping[str, Any]:
    return _all_messages()[language]
