"""What questions sound like, found from the questions of the programmes in these tests.

    python -m tests.knowledge.documents.fit

writes ``asking.yaml`` and ``asking.npz`` of knowledge/documents. For each term that questions of several
programmes have it counts how often a passage that answers says it, in any language; and it takes the mean
vector of the questions of each language.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack

import numpy as np
import yaml

from api.environment import prepare_environment
from assistant.evidence.meanings import meanings
from knowledge.documents import asking
from knowledge.documents.coverage import spoken_terms
from knowledge.documents.embed import Vectors
from knowledge.documents.options import IndexOptions
from knowledge.documents.question import Question, ask, words_of
from knowledge.glossary.glossary import load_terms
from tests.assistant.evidence.programmes import HELD_OUT
from tests.knowledge.documents.measure_retrieval import EVIDENCE, Corpus, programme

PROGRAMMES = 3  # of so many programmes questions have to have a term, so that it is none of a field
PRIOR = 3.0  # questions that are taken to have been answered in the usual way beside those that were
LITTLE = 0.9  # a term is kept if it says at most so much

Told = dict[str, list[tuple[str, bool]]]  # term -> programme, whether a passage that answers says it


def corpora() -> Iterator[Corpus]:
    """The programmes of the evidence tests, indexed, but for those that nothing is fitted on."""
    places = {"harbour": (EVIDENCE / "harbour", EVIDENCE / "harbour_questions.yaml")}
    for place in sorted((EVIDENCE / "others").iterdir()):
        places[place.name] = (place / "documents", place / "questions.yaml")
    for name, (documents, questions) in places.items():
        if name in HELD_OUT:
            continue
        with ExitStack() as stack:
            yield stack.enter_context(programme(name, documents, questions, IndexOptions()))


def questions(corpus: Corpus) -> Iterator[tuple[Question, frozenset[str]]]:
    terms = load_terms()
    for asked in corpus.asked:
        words = words_of(asked.text)
        yield ask(words, corpus.index.encode, meanings(words, terms), by_word=False), asked.relevant


def note(told: Told, corpus: Corpus, question: Question, relevant: frozenset[str]) -> None:
    """Which terms of a question the passages that answer it say."""
    said: dict[str, bool] = {}
    for shelf in corpus.index._picture.shelves:
        answers = [number for number, row in enumerate(shelf.rows) if row.id in relevant]
        for term, values in spoken_terms(question, shelf).items():
            said[term] = said.get(term, False) or bool((values[answers] > 0).any())
    for term, yes in said.items():
        told.setdefault(term, []).append((corpus.name, yes))


def shares(told: Told) -> dict[str, float]:
    usual = float(np.mean([yes for notes in told.values() for _, yes in notes]))
    found = {}
    for term, notes in told.items():
        if len({name for name, _ in notes}) >= PROGRAMMES:
            often = (sum(yes for _, yes in notes) + PRIOR * usual) / (len(notes) + PRIOR)
            if often <= LITTLE * usual:
                found[term] = round(often / usual, 2)
    return dict(sorted(found.items()))


def fit() -> tuple[dict[str, float], dict[str, Vectors]]:
    """The shares of terms, and the direction of questions in each language."""
    told: Told = {}
    vectors: dict[str, list[Vectors]] = {"ko": [], "en": []}
    for corpus in corpora():
        for question, relevant in questions(corpus):
            note(told, corpus, question, relevant)
            vectors[question.language].append(question.vector)
        print(corpus.name, flush=True)
    means = {language: np.mean(found, axis=0) for language, found in vectors.items()}
    return shares(told), {language: mean / np.linalg.norm(mean) for language, mean in means.items()}


def main() -> None:
    prepare_environment()
    found, directions = fit()
    head = "# What a term of a question weighs. Written by `python -m tests.knowledge.documents.fit`.\n"
    told = yaml.safe_dump(found, allow_unicode=True, sort_keys=False)
    asking.SHARES.write_text(head + told, encoding="utf-8")
    ko, en = (directions[language].astype(np.float16) for language in ("ko", "en"))
    np.savez(asking.DIRECTIONS, ko=ko, en=en)
    print(f"{len(found)} terms")


if __name__ == "__main__":
    main()
