"""The step from a question to an outcome: a plan, a choice, something absent, or no query at all."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from rapidfuzz import fuzz, process

from knowledge.catalog.read import Catalog
from knowledge.errors import PlanIncomplete
from knowledge.glossary.glossary import Term
from knowledge.text import Language, language_of, normalize
from tools.query.plan import QueryPlan
from tools.query.understand.clause import asking_clauses
from tools.query.understand.clues import Clues
from tools.query.understand.follow import Previous, follow, needs_previous, only_names, resolved
from tools.query.understand.lexicon import Lexicon
from tools.query.understand.operators import Operators, load_operators
from tools.query.understand.outcome import Absent, NoQuery, Note, Outcome, Unclear, Understood
from tools.query.understand.quantities import quantities, with_digits
from tools.query.understand.segment import segment
from tools.query.understand.shapes.counts import build_count
from tools.query.understand.shapes.datasets import build_comparison, build_datasets
from tools.query.understand.shapes.linkage import build_linkage
from tools.query.understand.shapes.others import build_cohorts, build_number, build_teams
from tools.query.understand.shapes.variables import build_variables
from tools.query.understand.spelling import Vocabulary
from tools.query.understand.words import key

SHAPES: tuple[Callable[[Clues], Outcome | None], ...] = (
    build_linkage,
    build_number,
    build_teams,
    build_comparison,
    build_count,
    build_cohorts,
    build_variables,
    build_datasets,
)
MAX_NEAREST = 3


@dataclass(frozen=True)
class Reader:
    """Understands questions about one catalog version. Safe to share between threads."""

    catalog: Catalog
    lexicon: Lexicon
    operators: Operators
    vocabulary: Vocabulary

    @classmethod
    def of(cls, catalog: Catalog, terms: Sequence[Term]) -> Reader:
        """Build the lexicon for a catalog version; takes a few milliseconds per thousand names."""
        operators = load_operators()
        generic = operators.phrases["subject.hospital"]
        lexicon = Lexicon(catalog, terms, generic)
        names = [surface.text for surface in lexicon.surfaces()]
        phrases = [phrase for found in operators.phrases.values() for phrase in found]
        glossary = [name for term in terms for name in term.names]
        return cls(catalog, lexicon, operators, Vocabulary([*names, *phrases, *glossary]))

    def clues(self, question: str, language: Language | None = None) -> Clues:
        """The question cut into segments, with its quantities."""
        text = normalize(question)
        segments = segment(text, self.lexicon, self.operators)
        return Clues(
            self.catalog,
            self.lexicon,
            text,
            language or language_of(text),
            segments,
            quantities(segments, text),
        )

    def understand(
        self, question: str, previous: Previous | None = None, language: Language | None = None
    ) -> Outcome:
        """What the question asks of the catalog. ``previous`` is the conversation's last plan, if any."""
        text, slips = self.vocabulary.corrected(with_digits(normalize(question)))
        outcome = self._understood(self.clues(text, language), previous)
        if slips and isinstance(outcome, Understood):
            read = ", ".join(f"{written} → {meant}" for written, meant in slips)
            return replace(outcome, notes=(*outcome.notes, Note("spelling", {"words": read})))
        return outcome

    def _understood(self, clues: Clues, previous: Previous | None) -> Outcome:
        if needs_previous(clues):
            if previous is None:
                return Unclear(Note("no_antecedent", {"words": _reference(clues)}))
            outcome = follow(clues, previous)
            if outcome is not None:
                return self._settle(clues, outcome)
            clues = resolved(clues, previous)
        elif previous is not None and only_names(clues):
            outcome = follow(clues.fresh(), previous)
            if isinstance(outcome, Understood):
                return outcome
        outcome = self._shaped(clues)
        # People explain themselves first: the words of an introduction need not all be understood, and
        # what they say there is not what they ask.
        for asking in asking_clauses(clues, self.operators):
            if isinstance(outcome, Understood) and not asking.sentence:
                continue
            alone = self._shaped(asking.clues)
            if not isinstance(alone, Understood):
                continue
            if isinstance(outcome, Understood) and alone.plan == outcome.plan:
                break
            note = Note("introduction", {"words": asking.introduction})
            return replace(alone, notes=(*alone.notes, note))
        return outcome

    def _shaped(self, clues: Clues) -> Outcome:
        """The first shape that fits, held to account for every word."""
        for build in SHAPES:
            attempt = clues.fresh()
            try:
                outcome = build(attempt)
            except PlanIncomplete as error:
                return Unclear(Note("plan_incomplete", {"message": error.message}))
            if outcome is not None:
                return self._settle(attempt, outcome)
        return self._unmatched(clues)

    def _settle(self, clues: Clues, outcome: Outcome) -> Outcome:
        """A plan stands only when every word that matters was used."""
        if isinstance(outcome, NoQuery):
            return outcome
        unknown, idle = clues.left_over()
        if unknown:
            words = tuple(clues.word(i) for i in unknown)
            return Absent(Note("unknown_words", {"words": ", ".join(words)}), self.nearest(words))
        if idle and isinstance(outcome, Understood):
            return Unclear(Note("unused_words", {"words": ", ".join(clues.word(i) for i in idle)}))
        return outcome

    def _unmatched(self, clues: Clues) -> Outcome:
        unknown, _ = clues.left_over()
        if unknown and (clues.has("subject.", "exist", "field.", "measure.", "people") or clues.mentions()):
            words = tuple(clues.word(i) for i in unknown)
            return Absent(Note("unknown_words", {"words": ", ".join(words)}), self.nearest(words))
        return NoQuery()

    def nearest(self, words: Sequence[str]) -> tuple[str, ...]:
        """Names of the catalog most like the words, best first; empty when none is close."""
        names: dict[str, Any] = {s.text: s.key for s in self.lexicon.surfaces() if s.kind != "value"}
        found: dict[str, float] = {}
        for word in words:
            for name, score, _ in process.extract(
                key(word), names, scorer=fuzz.ratio, score_cutoff=70, limit=MAX_NEAREST, processor=None
            ):
                label = _ if isinstance(_, str) else name
                found[label] = max(found.get(label, 0), score)
        return tuple(sorted(found, key=lambda n: -found[n])[:MAX_NEAREST])


def _reference(clues: Clues) -> str:
    at = clues.find("anaphor")
    return clues.word(at) if at is not None else ""


def with_language(plan: QueryPlan, language: Language) -> QueryPlan:
    """The same plan with labels in another language."""
    return replace(plan, language=language)
