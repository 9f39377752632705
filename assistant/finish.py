"""The step *check*: what does not hold is dropped, the rest becomes the Answer."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from functools import lru_cache
from urllib.parse import quote as percent

from assistant.answer import Answer, Citation, Option, QueryResult, Reason, Status
from assistant.check import check, numbers
from assistant.messages import messages
from assistant.publication_rules import rules_of
from assistant.remember import remember
from assistant.say_rows import caveats
from assistant.statement import Quote, Statement
from assistant.turn import CatalogInUse, Draft, Gathered, State, Understanding
from knowledge.catalog.read import Catalog
from knowledge.documents.index import KnowledgeIndex
from knowledge.text import Language
from tools.query.execute import Result
from tools.query.plan_document import plan_document

WRITTEN_SQL = {"kind": "sql"}


def finish(state: State, index: KnowledgeIndex) -> State:
    """Fill in ``answer``, and ``previous`` with what a follow-up may refer to.

    Of several parts each is checked by its own rows; the first with rows gives the answer its query, the
    others their further ones.
    """
    catalog = state.get("catalog")
    parts = state.get("parts") or (state,)
    main, *others = parts_with_rows(parts) or parts[:1]
    said, found, draft = main["understanding"], main["gathered"], main["draft"]
    recorded = _recorded(catalog) if catalog else frozenset()
    labels = _labels(catalog) if catalog else frozenset()
    checked = [
        check(
            part["draft"].statements, index,
            result=part["gathered"].result, known=part["draft"].known,
            known_numbers=recorded, name_numbers=labels,
        )
        for part in parts
    ]  # fmt: skip
    dropped = sum(lost for _, lost in checked)
    held = [statement for statements, _ in checked for statement in statements]
    stood = [_status(p["draft"], kept, lost) for p, (kept, lost) in zip(parts, checked, strict=True)]
    status, reason = _together(stood)
    if len(parts) > 1:
        held = _titled(parts, checked, said.language)
    citations = _citations(held)
    text = compose(held, citations, said.language, dropped)
    answer = Answer(
        id=f"a-{secrets.token_hex(8)}",
        conversation=state["conversation"],
        question=state["question"],
        language=said.language,
        intent=said.intent,
        status=status,
        text=text,
        citations=citations,
        query=_reviewed_query(said, found, catalog),
        further=tuple(
            query for part in others
            if (query := _reviewed_query(part["understanding"], part["gathered"], catalog)) is not None
        ),
        options=tuple(Option(id=str(n), label=label) for n, label in enumerate(draft.options, 1)),
        reason=reason,
        suggestions=draft.suggestions,
        timings_ms={},
    )
    done: State = {"answer": answer, "understanding": said, "gathered": found}
    if catalog is None or said.reason is not None:
        return done
    return {**done, "previous": remember(said, found, catalog, state.get("previous"))}


def parts_with_rows(parts: Sequence[State]) -> list[State]:
    """The parts of a question that the catalog's rows answer, each statement once."""
    found = {
        part["gathered"].result.query.hash: part
        for part in reversed(parts) if part["gathered"].result is not None
    }
    return list(found.values())[::-1]


def _together(stood: Sequence[tuple[Status, Reason | None]]) -> tuple[Status, Reason | None]:
    """The status of an answer of several parts: partial where some part is not answered."""
    statuses = {status for status, _ in stood}
    if len(statuses) == 1 or not statuses & {"answered", "partial"}:
        return stood[0]
    return "partial", None


def _titled(
    parts: Sequence[State], checked: Sequence[tuple[Sequence[Statement], int]], language: Language
) -> list[Statement]:
    """The statements of each part below the words that ask for it."""
    form = messages("evidence", language)["part"]
    found: list[Statement] = []
    for part, (statements, _) in zip(parts, checked, strict=True):
        found += [Statement(form.format(part=part["question"].strip(" ,")), basis="frame"), *statements]
    return found


def _reviewed_query(
    said: Understanding, found: Gathered, catalog: CatalogInUse | None
) -> QueryResult | None:
    if found.result is None or catalog is None:
        return None
    query = _query(found.result, catalog, said.language)
    if found.verified and said.approved is not None:
        # Under the name it was approved by: labels in another language do not make it another query.
        return query.model_copy(update={"review": "verified", "id": said.approved.id})
    if said.suggested_by:
        return query.model_copy(update={"review": "suggested"})
    return query


@lru_cache(maxsize=1)
def _recorded(catalog: CatalogInUse) -> frozenset[str]:
    """The numbers of the catalog's own record, which answers repeat: its version and rule, years, ages."""
    read = catalog.reader.catalog
    years = {str(year) for found in read.counts.years.values() for year in found}
    bands = [band.age_band for band in read.counts.age_bands]
    return frozenset(numbers((repr(read.meta), *years, *bands)))


@lru_cache(maxsize=1)
def _labels(catalog: CatalogInUse) -> frozenset[str]:
    """The numbers in labels: titles, names, publication rules."""
    return frozenset(numbers(_names(catalog.reader.catalog)))


def _names(catalog: Catalog) -> list[str]:
    names = [name for d in catalog.datasets for name in (d.title_en, d.title_ko)]
    names += [name for h in catalog.hospitals for name in (h.name_en, h.name_ko)]
    names += [name for c in catalog.cohorts for name in (c.name_en, c.name_ko)]
    names += [rule for rules in catalog.counts.rules.values() for rule in rules]
    return [name for name in dict.fromkeys(names) if name]


def _status(draft: Draft, held: Sequence[Statement], dropped: int) -> tuple[Status, Reason | None]:
    if not dropped or draft.status not in {"answered", "partial"}:
        return draft.status, draft.reason
    if any(s.basis in {"quote", "rows"} for s in held):
        return "partial", None
    return "not_found", "not_stated"


def compose(
    statements: Sequence[Statement], citations: Sequence[Citation], language: Language, dropped: int
) -> str:
    """Markdown: statements as paragraphs, list items as lists, each quote's citation number behind it."""
    number = {(c.document, c.version, c.start, c.end): c.id for c in citations}
    parts: list[str] = []
    for statement in statements:
        marks = "".join(f"[{number[(q.document, q.version, q.start, q.end)]}]" for q in statement.quotes)
        text = f"{statement.text} {marks}" if marks else statement.text
        joined = parts and _listed(text) and _listed(parts[-1].split("\n")[-1])
        if joined:
            parts[-1] = f"{parts[-1]}\n{text}"
        else:
            parts.append(text)
    if dropped:
        parts.append(messages("turns", language)["dropped"].format(n=dropped))
    return "\n\n".join(parts)


def _listed(text: str) -> bool:
    return text.startswith(("- ", "* ")) or text.split(". ")[0].isdigit()


def _citations(statements: Sequence[Statement]) -> tuple[Citation, ...]:
    quotes: dict[tuple[str, str, int, int], Quote] = {}
    for statement in statements:
        for quote in statement.quotes:
            quotes.setdefault((quote.document, quote.version, quote.start, quote.end), quote)
    return tuple(_citation(str(n), quote) for n, quote in enumerate(quotes.values(), 1))


def _citation(id: str, quote: Quote) -> Citation:
    place = f"version={quote.version}&start={quote.start}&end={quote.end}"
    return Citation(
        id=id,
        document=quote.document,
        version=quote.version,
        section=quote.section,
        page=quote.page,
        quote=quote.text,
        start=quote.start,
        end=quote.end,
        url=f"/documents/{percent(quote.document)}?{place}",
    )


def _query(result: Result, catalog: CatalogInUse, language: Language) -> QueryResult:
    meta = catalog.reader.catalog.meta
    return QueryResult(
        id=result.id,
        plan=WRITTEN_SQL if result.plan is None else plan_document(result.plan),
        sql=result.query.sql,
        dialect=result.query.dialect,
        columns=result.columns,
        rows=tuple(tuple(_json(value) for value in row) for row in result.rows),
        notes=caveats(result, catalog.reader.catalog, language),
        catalog_version=catalog.file.version,
        as_of=meta.as_of,
        rule=", ".join(rules_of(result, catalog.reader.catalog)),
    )


def _json(value: object) -> object:
    """Dates as ISO text; everything else in a row is JSON already."""
    return value.isoformat() if hasattr(value, "isoformat") else value
