"""Words of stored documents that guide the sections of a plan, and the guideline editions in force."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date

from knowledge.documents.document import Document, Passage
from knowledge.documents.index import KnowledgeIndex
from knowledge.documents.sentences import sentences
from knowledge.text import Language, search_terms
from tools.drafting.facts import GuidanceQuote
from tools.drafting.form import Form, FormSection

PASSAGES = 12
QUOTES = 2
SHORTEST, LONGEST = 15, 320  # characters of a quote
ALIKE = 0.6  # of a title's terms that a heading has to hold to be about that section
OWN = 0.34  # of a heading's terms that have to be the title's
_DOCUMENTS = frozenset({"document"})


def guidance(
    form: Form,
    language: Language,
    index: KnowledgeIndex,
    today: date,
    sections: Sequence[str] | None = None,
) -> Mapping[str, tuple[GuidanceQuote, ...]]:
    """At most two quotes per section, from current documents of the form's kinds, in the plan's language.

    Only passages whose heading is about the section are quoted: advice on something else guides nobody.
    """
    found = {}
    for id in sections if sections is not None else form.sections:
        quotes = _quotes(form, form.sections[id], language, index, today)
        if quotes:
            found[id] = quotes
    return found


def _quotes(
    form: Form, section: FormSection, language: Language, index: KnowledgeIndex, today: date
) -> tuple[GuidanceQuote, ...]:
    words = form.guidance_query[language].format(number=section.number, title=section.title[language])
    best: tuple[float, tuple[GuidanceQuote, ...]] = (0.0, ())
    for hit in index.search(words, PASSAGES, kinds=_DOCUMENTS, today=today):
        passage = hit.passage
        alike = _about(passage, form, section, language)
        if passage.language != language or alike < ALIKE or alike <= best[0]:
            continue
        document = index.document(passage.document, passage.version)
        if document.kind not in form.guidance_kinds or index.superseded(document.document, today=today):
            continue
        quotes = _spans(passage, document)
        if quotes:
            best = (alike, quotes)
    return best[1]


def _about(passage: Passage, form: Form, section: FormSection, language: Language) -> float:
    """How well the passage's own heading fits the section's title, from 0 to 1; its number adds a half.

    Both have to be mostly about the other: "five uses of data" is not about "data requested".
    """
    wanted = set(search_terms(section.title[language]))
    frame = search_terms(form.guidance_query[language].format(number=section.number, title=""))
    heading = set(search_terms(_heading(passage))) - (set(frame) - wanted)
    shared = len(wanted & heading)
    if not shared or shared / len(heading) < OWN:
        return 0.0
    numbered = re.search(rf"(?<!\d){section.number}(?!\d)", _heading(passage)) is not None
    return shared / len(wanted) + (0.5 if numbered else 0.0)


def _heading(passage: Passage) -> str:
    return passage.section.rpartition(" > ")[2]


def _spans(passage: Passage, document: Document) -> tuple[GuidanceQuote, ...]:
    """The first sentences of the passage, as they stand in the stored version."""
    quotes = []
    for span in sentences(document.text, passage.start, passage.end):
        if span.kind == "row" or not SHORTEST <= span.end - span.start <= LONGEST:
            continue
        quotes.append(
            GuidanceQuote(
                text=document.text[span.start : span.end],
                document=document.document,
                version=document.version,
                title=document.title,
                heading=_heading(passage),
                start=span.start,
                end=span.end,
            )
        )
    return tuple(quotes[:QUOTES])


def editions_in_force(form: Form, index: KnowledgeIndex, today: date) -> tuple[str, ...]:
    """What the guideline editions in force call themselves, in whatever language they are stored."""
    return tuple(
        dict.fromkeys(
            record.edition
            for record in index.records()
            if record.kind in form.edition_kinds
            and record.edition
            and (record.valid_from is None or record.valid_from <= today)
            and (record.valid_to is None or today <= record.valid_to)
            and not index.superseded(record.document, today=today)
        )
    )
