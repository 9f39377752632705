"""The YAML block at the head of a document: what it may say, and how a mistake in it is named."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

import yaml

from knowledge.errors import DocumentInvalid
from knowledge.text import Language

_LONGEST = 20_000
_OPEN = re.compile(r"---[ \t]*\n")
_CLOSE = re.compile(r"^(?:---|\.\.\.)[ \t]*$", re.MULTILINE)
_KEY = re.compile(r"\s*(?:#.*|[\w-]+\s*:(?:\s.*)?)$")
_LANGUAGES: dict[str, Language] = {"ko": "ko", "kr": "ko", "kor": "ko", "korean": "ko", "한국어": "ko"}
_LANGUAGES |= {"en": "en", "eng": "en", "english": "en", "영어": "en"}


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """The metadata of a document; a field that is not given is "", None or empty."""

    title: str = ""
    language: Language | None = None
    kind: str = ""
    round: str = ""
    edition: str = ""
    valid_from: date | None = None
    valid_to: date | None = None
    supersedes: tuple[str, ...] = ()
    certainty: str = ""


def separate(text: str, name: str) -> tuple[FrontMatter, str]:
    """The front matter and the body of a file's text. Raises DocumentInvalid when the block is broken."""
    opening = _OPEN.match(text)
    if not opening:
        return FrontMatter(), text
    closing = _CLOSE.search(text, opening.end())
    if not closing:
        first = text[opening.end() :].split("\n", 1)[0]
        if _KEY.match(first):
            raise DocumentInvalid(
                f"'{name}': the front matter is not closed.", hint="End it with a line '---'."
            )
        return FrontMatter(), text
    block = text[opening.end() : closing.start()]
    if block.strip() and not _KEY.match(block.lstrip().split("\n", 1)[0]) and ":" not in block:
        return FrontMatter(), text  # two thematic breaks around a paragraph
    return read(_mapping(block, name), name), text[closing.end() :].lstrip("\n")


def _mapping(block: str, name: str) -> Mapping[str, object]:
    hint = "Front matter is lines of 'key: value'; quote a value that holds a colon."
    if len(block) > _LONGEST:
        raise DocumentInvalid(f"'{name}': the front matter has more than {_LONGEST:,} characters.", hint=hint)
    try:
        found = yaml.safe_load(block)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        where = f" (line {mark.line + 2})" if mark else ""
        raise DocumentInvalid(f"'{name}': broken front matter{where}: {error.problem}.", hint=hint) from error
    except (yaml.YAMLError, ValueError, RecursionError) as error:  # ValueError: a date such as 2025-02-30
        raise DocumentInvalid(f"'{name}': broken front matter: {error}.", hint=hint) from error
    if found is None:
        return {}
    if not isinstance(found, dict):
        raise DocumentInvalid(f"'{name}': the front matter is not a list of 'key: value' lines.", hint=hint)
    return {str(key).strip().lower(): value for key, value in found.items()}


def read(given: Mapping[str, object], name: str) -> FrontMatter:
    """The typed form of front matter; unknown keys are ignored."""
    valid_from, valid_to = _date(given, "valid_from", name), _date(given, "valid_to", name)
    if valid_from and valid_to and valid_to < valid_from:
        raise DocumentInvalid(
            f"'{name}': valid_to {valid_to} lies before valid_from {valid_from}.",
            hint="Correct one of the dates.",
        )
    return FrontMatter(
        title=_text(given, "title", name),
        language=_language(given, name),
        kind=_text(given, "kind", name),
        round=_text(given, "round", name),
        edition=_text(given, "version", name),
        valid_from=valid_from,
        valid_to=valid_to,
        supersedes=_names(given.get("supersedes"), name),
        certainty=_text(given, "certainty", name),
    )


def _text(given: Mapping[str, object], key: str, name: str) -> str:
    value = given.get(key)
    if value is None:
        return ""
    if isinstance(value, (list, dict)):
        raise DocumentInvalid(
            f"'{name}': {key} must be one value, not a list.", hint=f"Write '{key}: value'."
        )
    return " ".join(str(value).split())


def _names(value: object, name: str) -> tuple[str, ...]:
    items = value if isinstance(value, list) else [] if value is None else [value]
    if any(isinstance(item, (list, dict)) for item in items):
        raise DocumentInvalid(
            f"'{name}': supersedes must name documents.", hint="Write 'supersedes: [a.md, b.md]'."
        )
    return tuple(str(item).strip() for item in items if str(item).strip())


def _language(given: Mapping[str, object], name: str) -> Language | None:
    value = _text(given, "language", name) or _text(given, "lang", name)
    if not value:
        return None
    known = _LANGUAGES.get(re.split(r"[-_]", value.lower())[0])
    if known is None:
        raise DocumentInvalid(f"'{name}': language '{value}' is not known.", hint="Use 'ko' or 'en'.")
    return known


def _date(given: Mapping[str, object], key: str, name: str) -> date | None:
    value = given.get(key)
    if value is None or value == "":
        return None
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(str(value).strip())
    except ValueError as error:
        raise DocumentInvalid(
            f"'{name}': {key} '{value}' is not a date.", hint="Write dates as 2025-04-28."
        ) from error
