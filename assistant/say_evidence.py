"""Evidence put into an answer: the quotes as they stand, with words around them in the question's
language."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from assistant.evidence import Answered, Evidence, Found, Standing
from assistant.evidence.restate import restated
from assistant.messages import message, say_date
from assistant.statement import Quote, Statement
from knowledge.text import Language

_YEAR = re.compile(r"(?:19|20)\d\d$")


def say_evidence(evidence: Evidence, language: Language) -> tuple[Statement, ...]:
    """The statements of an answer, in order. Each quote stands word for word in the text of its statement."""
    return tuple(_say(evidence, language))


def _say(evidence: Evidence, language: Language) -> Iterator[Statement]:
    shown: set[Quote] = set()
    stated = [part for part in evidence.parts if part.stated]
    apart = len({quote for part in stated for quote in _quotes(part)}) == sum(len(_quotes(p)) for p in stated)
    for part in stated:
        if len(evidence.parts) > 1 and apart:
            yield _frame(language, "part", part=_plain(part.part.text))
        yield from _say_part(part, language, shown)
    yield from _say_standings(evidence.standings if stated else (), language)
    yield from _say_unstated(evidence, language, shown)
    yield from _say_standings(() if stated else evidence.standings, language)


def _quotes(part: Answered) -> list[Quote]:
    return [found.quote for found in part.found]


def _say_part(part: Answered, language: Language, shown: set[Quote]) -> Iterator[Statement]:
    asked = list(dict.fromkeys(value.text for value in part.part.given))
    if asked and "can_i" in part.part.asks:
        yield _frame(language, "asked_with", given=", ".join(asked))
    if part.differing:
        yield _frame(language, "differing")
    if part.found and all(found.foreign for found in part.found):
        yield _frame(language, "foreign_lead")
    yield from _say_found(part.found, language, shown, sourced=part.differing)


def _say_found(
    items: Sequence[Found], language: Language, shown: set[Quote], *, sourced: bool = False
) -> Iterator[Statement]:
    """Quotes in order: rows of one table together, items under what introduces them, the rest as a list."""
    alone = len(items) == 1
    at = 0
    while at < len(items):
        item = items[at]
        if item.shape == "row" and item.head:
            rows = [item]
            while at + len(rows) < len(items) and items[at + len(rows)].head == item.head:
                rows.append(items[at + len(rows)])
            at += len(rows)
            rows = [row for row in rows if row.quote not in shown]
            shown.update(row.quote for row in rows)
            if rows:
                yield _table(rows, language)
            continue
        at += 1
        if item.lead and item.lead not in shown:
            shown.add(item.lead)
            yield Statement(_worded(item, item.lead, language, sourced=False), (item.lead,))
        if item.quote in shown:
            continue
        shown.add(item.quote)
        mark = "" if alone and not item.lead else f"{item.mark} " if _numbered(item.mark) else "- "
        yield Statement(mark + _worded(item, item.quote, language, sourced=sourced), (item.quote,))


def _worded(item: Found, quote: Quote, language: Language, *, sourced: bool) -> str:
    if item.foreign:
        said = message(language, "evidence.foreign", title=item.title, quote=quote.text)
        again = restated(quote.text, quote.language or language, language)
        return message(language, "evidence.restated", said=said, values=", ".join(again)) if again else said
    if sourced:
        return message(language, "evidence.sourced", quote=quote.text, title=item.title)
    return quote.text


def _numbered(mark: str) -> bool:
    return bool(re.fullmatch(r"\d{1,2}[.)]", mark))


def _table(rows: Sequence[Found], language: Language) -> Statement:
    """Rows of one table under its header, as a Markdown table; each row's text is kept as it stands."""
    head = rows[0].head
    assert head is not None
    columns = len(re.split(r"(?<!\\)\|", head.text))
    lines = [f"| {head.text} |", "|" + "---|" * columns, *(f"| {row.quote.text} |" for row in rows)]
    if rows[0].foreign:
        lines = [message(language, "evidence.foreign_table", title=rows[0].title), "", *lines]
    return Statement("\n".join(lines), (head, *(row.quote for row in rows)))


def _say_unstated(evidence: Evidence, language: Language, shown: set[Quote]) -> Iterator[Statement]:
    unstated = [part for part in evidence.parts if not part.stated]
    if not unstated:
        return
    if evidence.verdict == "not_stated":
        yield _frame(language, "not_stated")
        yield from _say_open(unstated, language, shown)
    else:
        for part in unstated:
            yield _frame(language, "part_not_stated", part=_plain(part.part.text))
            yield from _say_open([part], language, shown)
    if evidence.near:
        yield _frame(language, "near")
        yield from _say_found(evidence.near, language, shown)
    if evidence.contacts:
        yield _frame(language, "ask")
        yield from _say_found(evidence.contacts, language, shown)


def _say_open(parts: Sequence[Answered], language: Language, shown: set[Quote]) -> Iterator[Statement]:
    """What the documents say themselves of what they leave open; else the words that none of them covers."""
    fresh = [found for part in parts for found in part.found if found.quote not in shown]
    missed = dict.fromkeys(word for part in parts for word in part.missed)
    if fresh:
        yield _frame(language, "absent")
        yield from _say_found(fresh, language, shown)
    elif missed:
        yield _frame(language, "missed", words=", ".join(f"“{word}”" for word in missed))


def _say_standings(standings: Sequence[Standing], language: Language) -> Iterator[Statement]:
    for standing in standings:
        yield Statement(_standing(standing, language), basis="record")


def _standing(standing: Standing, language: Language) -> str:
    name = standing.round
    if _YEAR.match(name) and language == "ko":
        name += "년"
    in_round = bool(standing.round) and standing.state in ("closed", "open", "coming", "superseded")
    key = {"coming": "coming_round", "superseded": "superseded_round"}.get(standing.state, standing.state)
    return message(
        language,
        f"evidence.{key if in_round else standing.state}",
        round=message(language, "evidence.round", round=name),
        edition=standing.edition or standing.title,
        opens=say_date(language, standing.opens) if standing.opens else "?",
        closes=say_date(language, standing.closes) if standing.closes else "?",
        successor=standing.successor_edition or standing.successor,
    )


def _plain(text: str) -> str:
    """A part of the question as a label: without what ties it to the next part."""
    return re.sub(r"(?:[,;]|\b(?:and|or|but)\b|그리고|또한|또|및)+$", "", text.strip(" ?？.!,")).strip(" ,;")


def _frame(language: Language, key: str, **slots: str) -> Statement:
    return Statement(message(language, f"evidence.{key}", **slots), basis="frame")
