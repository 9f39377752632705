"""Evidence for a rules or consult question: whole sentences, list items and table rows of the documents."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from typing import Literal
from weakref import WeakKeyDictionary, WeakMethod

from langchain_core.documents import Document as Page

from assistant.evidence.choose import CLOSE, Limits, choose
from assistant.evidence.continued import continued, may_stand_alone
from assistant.evidence.cues import load_cues
from assistant.evidence.evidence import Answered, Evidence, Found, Verdict
from assistant.evidence.meanings import meanings
from assistant.evidence.question import Part, read_question
from assistant.evidence.rank import Candidate, Shelf, rank
from assistant.evidence.reach import contacts_for, nearest
from assistant.evidence.sense import Sense
from assistant.evidence.standing import Record, Standing, told_once
from assistant.evidence.weights import rarity_of
from knowledge.documents.embed import Vectors
from knowledge.documents.index import KnowledgeIndex
from knowledge.documents.question import Meaning
from knowledge.glossary.glossary import Term
from knowledge.text import Language

PASSAGES = 14  # that are read for each part of a question
MOST = {"rules": 5, "consult": 8}
_DOCUMENTS = frozenset({"document"})
_SENSES: WeakKeyDictionary[KnowledgeIndex, Sense] = WeakKeyDictionary()  # of the indexes that are open


def gather_evidence(
    question: str,
    language: Language,
    index: KnowledgeIndex,
    terms: Sequence[Term],
    *,
    today: date,
    intent: Literal["rules", "consult"] = "rules",
    before: str = "",
) -> Evidence:
    """What the documents say to ``question``, part by part; ``language`` is that of the answer.

    ``before`` is the question that this one goes on from; it is read with the terms of it. The same index,
    day and words always give the same evidence. A question without a letter or digit
    gives the verdict not_stated.
    """
    rarity = rarity_of(index.rarity)
    parts = read_question(question, terms, rarity, today.year)

    def found_for(asked: Sequence[Part]) -> Evidence:
        return _evidence(question, language, asked, index, terms, today, intent)

    if not before:
        return found_for(parts)
    return _continued(question, parts, read_question(before, terms, rarity, today.year), found_for)


def _continued(
    question: str,
    parts: Sequence[Part],
    before: Sequence[Part],
    found_for: Callable[[Sequence[Part]], Evidence],
) -> Evidence:
    """The evidence for a turn that goes on: by the fullest reading, or by the only one among those that leave
    a term out that finds any; what the turn finds by itself only where it can stand alone."""
    first: Evidence | None = None
    others: list[Evidence] = []
    for part, gone in continued(parts[-1], before):
        found = replace(found_for((*parts[:-1], part)), left_out=gone, carried=True)
        if first is None:
            first = found
            if found.verdict != "not_stated":
                return found
        elif found.verdict != "not_stated":
            others.append(found)
    if others and len({found.quotes for found in others}) == 1:
        return others[0]
    alone = found_for(parts) if may_stand_alone(question) else None
    return alone if alone is not None and alone.verdict != "not_stated" else first or found_for(parts)


def _evidence(
    question: str,
    language: Language,
    parts: Sequence[Part],
    index: KnowledgeIndex,
    terms: Sequence[Term],
    today: date,
    intent: Literal["rules", "consult"],
) -> Evidence:
    record = _record(index, today)
    sense = _sense_of(index)
    limits = Limits(max(3, MOST[intent] // len(parts)), CLOSE[intent])
    answered: list[Answered] = []
    ranked: list[list[Candidate]] = []
    for part in parts:
        pages = _search(part, index, terms, today)
        shelves = _shelves(pages, index, record, part, today)
        ranked.append(rank(part, pages, shelves, sense))
        answered.append(choose(part, ranked[-1], limits, sense, rarity_of(index.rarity)))
    verdict = _verdict(answered)
    open_parts = [(a, r) for a, r in zip(answered, ranked, strict=True) if not a.stated]
    near = nearest(open_parts) if verdict == "not_stated" else ()
    contacts = contacts_for([a.part for a, _ in open_parts], index, sense, language) if open_parts else ()
    parts_found = tuple(answered)
    return Evidence(
        question,
        language,
        verdict,
        parts_found,
        _standings(parts_found, near, record, today, language),
        near,
        contacts,
    )


def _sense_of(index: KnowledgeIndex) -> Sense:
    if index not in _SENSES:
        encode = WeakMethod(index.encode)  # so that what is kept for an index does not keep the index

        def encode_with(texts: Sequence[str]) -> Vectors:
            method = encode()
            assert method is not None
            return method(texts)

        _SENSES[index] = Sense(encode_with)
    return _SENSES[index]


def _verdict(answered: Sequence[Answered]) -> Verdict:
    stated = [a.stated for a in answered]
    return "answered" if all(stated) else "partial" if any(stated) else "not_stated"


def _search(part: Part, index: KnowledgeIndex, terms: Sequence[Term], today: date) -> list[Page]:
    if not any(char.isalnum() for char in part.search):
        return []
    from knowledge.documents.retriever import PassageRetriever

    def expand(words: str) -> list[Meaning]:
        return meanings(words, terms)

    retriever = PassageRetriever(index=index, k=PASSAGES, kinds=_DOCUMENTS, expand=expand, today=today)
    return retriever.invoke(part.search)


def _record(index: KnowledgeIndex, today: date) -> Record:
    documents = index.records()
    return Record(documents, {d.document: index.superseded(d.document, today=today) for d in documents})


def _shelves(
    pages: Sequence[Page], index: KnowledgeIndex, record: Record, part: Part, today: date
) -> dict[str, Shelf]:
    found: dict[str, Shelf] = {}
    years = {w.text for w in part.wanted if w.kind == "year"}
    for name in dict.fromkeys(page.metadata["document"] for page in pages):
        document = index.document(name)
        standing = record.standing(document, today)
        named = bool(years) and any(y in f"{document.round} {document.edition}" for y in years)
        old = standing is not None and standing.state in ("superseded", "expired") and not named
        contact = document.kind.lower() in load_cues().kinds["contact"]
        found[name] = Shelf(document, old, contact)
    return found


def _standings(
    answered: Sequence[Answered], near: Sequence[Found], record: Record, today: date, language: Language
) -> tuple[Standing, ...]:
    names = [f.quote.document for a in answered for f in a.found] + [f.quote.document for f in near]
    found = (
        record.standing(record.documents[name], today)
        for name in dict.fromkeys(names)
        if name in record.documents
    )
    return told_once([s for s in found if s], language)
