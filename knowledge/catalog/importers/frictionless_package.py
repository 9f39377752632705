"""A Frictionless Data Package as the cells of a dataset."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from knowledge.catalog.importers.cell_words import day_word, period_words
from knowledge.catalog.importers.descriptor_files import Found
from knowledge.catalog.importers.descriptor_words import in_languages, text_of, texts_of
from knowledge.catalog.importers.draft import Draft, join_list
from knowledge.catalog.importers.json_document import JsonObject
from knowledge.catalog.importers.wording import described, plain


def package_cells(draft: Draft, found: Found, dataset: str) -> dict[str, str | None]:
    """The cells of the dataset that a package is; what cannot be read goes to the problems of ``draft``."""
    package = found.node
    title = in_languages("title", package, "title")
    texts = in_languages("description", package, "description", "summary")
    facts = [(f"Sources: {told}.", f"출처: {told}.") for told in [_named(package.get("sources"))] if told]
    spatial = _place(package.get("spatial"))
    facts += [(f"Covers {spatial}.", f"지역: {spatial}.")] if spatial else []
    start, end = _period(draft, found)
    return {
        "dataset": dataset,
        **title,
        **_two_languages(texts, facts, ko=bool(title.get("title_ko"))),
        "theme": join_list(texts_of(package.get("themes", package.get("theme")))),
        "keywords": join_list(texts_of(package.get("keywords"))),
        "license": _licenses(package),
        "period_start": start,
        "period_end": end,
        "last_updated": _day(draft, found, "modified", "lastUpdated", "updated", "created"),
        "contact": _contact(package.get("contributors", package.get("author"))),
        "controller": _with_role(package.get("contributors"), "publisher")
        or _named(package.get("publisher")),
        "update_frequency": text_of(package.get("accrualPeriodicity")) or None,
        "data_model": text_of(package.get("dataModel")) or None,
    }


def _period(draft: Draft, found: Found) -> tuple[str | None, str | None]:
    temporal = found.node.get("temporal", found.node.get("temporalCoverage"))
    if isinstance(temporal, JsonObject):
        ends = [text_of(temporal.get(key)) for key in ("start", "end")]
        told = " ~ ".join(ends) if ends[0] else text_of(temporal.get("name"))
    else:
        told = (
            text_of(temporal).replace("/", " ~ ") if text_of(temporal).count("/") == 1 else text_of(temporal)
        )
    if not told:
        return None, None
    try:
        return period_words(told)
    except ValueError as error:
        draft.problems.add(
            found.file,
            found.node.lines.get("temporal", found.node.line),
            f"the dataset was kept without its period: {error}",
        )
        return None, None


def _day(draft: Draft, found: Found, *names: str) -> str | None:
    name = next((it for it in names if text_of(found.node.get(it))), None)
    if name is None:
        return None
    text = text_of(found.node.get(name))
    try:
        return day_word(text[:10] if text[10:11] in ("T", " ") else text)
    except ValueError as error:
        draft.problems.add(
            found.file, found.node.lines[name], f"the dataset was kept without its {name}: {error}"
        )
        return None


def _two_languages(
    texts: dict[str, str | None], facts: Sequence[tuple[str, str]], *, ko: bool
) -> dict[str, str | None]:
    """Descriptions with the facts behind each; without one, in the language of the title."""
    korean, english = texts.get("description_ko"), texts.get("description_en")
    if not (korean or english):
        return described("", facts, korean=ko)
    return {
        **(described(plain(english), facts, korean=False) if english else {}),
        **(described(plain(korean), facts, korean=True) if korean else {}),
    }


def _named(value: Any) -> str | None:
    """The titles of a list of sources, publishers and the like."""
    items = value if isinstance(value, list) else [value]
    told = [
        text_of(it.get("title") or it.get("name") or it.get("path"))
        if isinstance(it, JsonObject)
        else text_of(it)
        for it in items
    ]
    return ", ".join(dict.fromkeys(filter(None, told))) or None


def _licenses(package: JsonObject) -> str | None:
    items = package.get("licenses", package.get("license"))
    told = [
        text_of(it.get("name") or it.get("title") or it.get("type") or it.get("path"))
        if isinstance(it, JsonObject)
        else text_of(it)
        for it in (items if isinstance(items, list) else [items])
    ]
    return ", ".join(dict.fromkeys(filter(None, told))) or None


def _place(value: Any) -> str | None:
    if isinstance(value, JsonObject):
        return (
            text_of(value.get("name") or value.get("title") or value.get("label") or value.get("uri")) or None
        )
    return ", ".join(filter(None, texts_of(value))) or None


def _contact(value: Any) -> str | None:
    """The first contributor who can be written to; contacts and maintainers come before others."""
    people = [it for it in (value if isinstance(value, list) else [value]) if isinstance(it, JsonObject)]
    people.sort(key=lambda it: not {"contact", "maintainer"} & _roles(it))
    for person in people:
        name, email = _person(person), text_of(person.get("email"))
        if email or {"contact", "maintainer"} & _roles(person):
            return f"{name} <{email}>" if name and email else name or email or None
    return next((text_of(it) for it in [value] if isinstance(it, str)), None) or None


def _with_role(value: Any, role: str) -> str | None:
    people = [it for it in value if isinstance(it, JsonObject)] if isinstance(value, list) else []
    return next((name for it in people if role in _roles(it) and (name := _person(it))), None)


def _roles(person: JsonObject) -> set[str]:
    return {it.lower() for it in (*texts_of(person.get("roles")), text_of(person.get("role")))}


def _person(person: JsonObject) -> str:
    whole = f"{text_of(person.get('givenName'))} {text_of(person.get('familyName'))}".strip()
    return text_of(person.get("title") or person.get("name")) or whole or text_of(person.get("organization"))
