"""What else says the same as the words of a question, in either language: by the glossary, and by the
everyday words that evidence is compared with. Where columns are looked for, also by words of data
management, and by what kind of thing a term is."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path

from assistant.evidence.roots import Idea, ideas_of_korean, ideas_of_roots, root, roots_of
from knowledge.data_file import read_shipped
from knowledge.documents.question import Meaning
from knowledge.glossary.glossary import Term
from knowledge.glossary.translate import find_terms
from knowledge.text import HANGUL, normalize, search_terms

LONGEST = 3  # words of an English phrase that stands for one idea
_COLUMNS = Path(__file__).with_name("columns.yaml")
_KINDS = Path(__file__).with_name("kinds.yaml")
_WORD = re.compile(r"[A-Za-z][A-Za-z'’-]*")


def meanings(words: str, terms: Sequence[Term], *, columns: bool = False) -> list[Meaning]:
    """For each stretch of ``words`` that names a term or an idea, the other names of it; with ``columns``
    also of the ideas of columns.yaml, and words for the kind of thing it is."""
    text = normalize(words)
    mentions = find_terms(text, terms)
    found = [
        Meaning(text[mention.start : mention.end], tuple(n for term in mention.terms for n in term.names))
        for mention in mentions
    ]
    found += (Meaning(text[start:end], idea.forms) for start, end, idea in ideas_of_korean(text))
    found += _english(text, ideas_of_roots)
    if columns:
        english, korean = _column_words()
        found += _korean(text, korean)
        found += _english(text, lambda roots: english.get(roots, ()))
        for mention in mentions:
            kinds = dict.fromkeys(word for term in mention.terms for word in _kinds().get(term.domain, ()))
            found.append(Meaning(text[mention.start : mention.end], tuple(kinds), kind=True))
    return found


def _korean(text: str, entries: Iterable[tuple[str, Idea]]) -> Iterator[Meaning]:
    """Entries anywhere in a word, short ones only at its start; with another ending by their morphemes."""
    said = {*search_terms(text)}
    for entry, idea in entries:
        at = text.find(entry)
        while at >= 0:
            if len(entry) > 1 or not HANGUL.match(text[at - 1 : at]):
                yield Meaning(entry, idea.forms)
                break
            at = text.find(entry, at + 1)
        else:
            pieces = search_terms(entry)
            if len("".join(pieces)) > 1 and said.issuperset(pieces):
                yield Meaning(entry, idea.forms)


def _english(text: str, ideas: Callable[[tuple[str, ...]], Sequence[Idea]]) -> Iterator[Meaning]:
    latin = [*_WORD.finditer(text)]
    for size in range(LONGEST, 0, -1):
        for at in range(len(latin) - size + 1):
            first, last = latin[at], latin[at + size - 1]
            for idea in ideas(tuple(root(word.group()) for word in latin[at : at + size])):
                yield Meaning(text[first.start() : last.end()], idea.forms)


@cache
def _kinds() -> Mapping[str, list[str]]:
    """Words for what the terms of a domain of the glossary are."""
    return read_shipped(_KINDS)


@cache
def _column_words() -> tuple[Mapping[tuple[str, ...], list[Idea]], list[tuple[str, Idea]]]:
    """The ideas of columns.yaml by the roots of their English entries, and with each Korean entry."""
    english: dict[tuple[str, ...], list[Idea]] = {}
    korean: list[tuple[str, Idea]] = []
    for line in read_shipped(_COLUMNS):
        idea = Idea(tuple(line["en"]), tuple(line["ko"]))
        for entry in idea.en:
            english.setdefault(roots_of(entry), []).append(idea)
        korean.extend((entry, idea) for entry in idea.ko)
    return english, korean
