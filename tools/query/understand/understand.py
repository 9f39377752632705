"""The step from a question to an outcome: a plan, a choice, something absent, or no query at all."""

from __future__ import annotations

import re
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
from tools.query.understand.follow import (
    Previous,
    follow_up,
    implied,
    needs_previous,
    no_antecedent,
    resolved,
    without_years,
)
from tools.query.understand.homonyms import settle_homonyms
from tools.query.understand.lexicon import Lexicon
from tools.query.understand.operators import Operators, load_operators
from tools.query.understand.outcome import Absent, NoQuery, Note, Outcome, Unclear, Understood
from tools.query.understand.quantities import as_asked, quantities, with_digits
from tools.query.understand.segment import segment
from tools.query.understand.shapes.counts import build_count
from tools.query.understand.shapes.datasets import build_comparison, build_datasets
from tools.query.understand.shapes.linkage import build_linkage
from tools.query.understand.shapes.others import (
    build_cohorts,
    build_holders,
    build_number,
    build_tables,
    build_teams,
)
from tools.query.understand.shapes.values import build_values
from tools.query.understand.shapes.variables import build_variables
from tools.query.understand.spelling import Vocabulary
from tools.query.understand.words import PARTICLES, key

SHAPES: tuple[Callable[[Clues], Outcome | None], ...] = (
    build_values,
    build_linkage,
    build_number,
    build_holders,
    build_tables,
    build_teams,
    build_comparison,
    build_count,
    build_cohorts,
    build_variables,
    build_datasets,
)
MAX_NEAREST = 3
_LETTER = re.compile(r"[^\W\d_]")


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
        before = previous.plan if previous is not None else None
        if language is None and before is not None and not _LETTER.search(text):
            language = before.language
        spoken = language or language_of(text)  # also where little is left of the turn
        cut: dict[str, Clues] = {}

        def read(words: str) -> Clues:
            if words not in cut:
                cut[words] = self.clues(words, spoken)
            return cut[words].fresh()

        outcome = follow_up(text, previous, read)
        if outcome is None:
            outcome = self._understood(text, read(text), previous)
        if isinstance(outcome, Absent) and outcome.note.code == "unknown_words":
            unknown = str(outcome.note.values["words"]).split(", ")
            respelt, slip = self.vocabulary.corrected_korean(text, unknown, PARTICLES)
            again = self._understood(respelt, self.clues(respelt, language), previous) if slip else outcome
            if isinstance(again, Understood):
                outcome, slips = again, (*slips, *slip)
        if isinstance(outcome, Unclear | Absent) and "words" in outcome.note.values:
            words = as_asked(str(outcome.note.values["words"]), normalize(question))
            outcome = replace(outcome, note=Note(outcome.note.code, {**outcome.note.values, "words": words}))
        if slips and isinstance(outcome, Understood):
            said = ", ".join(f"{written} → {meant}" for written, meant in slips)
            return replace(outcome, notes=(*outcome.notes, Note("spelling", {"words": said})))
        return outcome

    def _understood(self, text: str, clues: Clues, previous: Previous | None) -> Outcome:
        pointing = resolved(text, clues, previous, self.clues)
        if isinstance(pointing, Unclear):
            return pointing
        if pointing is not None:
            outcome = self._shaped(pointing)
            return replace(outcome, follows=True) if isinstance(outcome, Understood) else outcome
        ranked = clues.subject in {"dataset", "hospital"} and clues.has("rank.")
        if previous is None and needs_previous(clues) and not ranked:
            return no_antecedent(clues)
        outcome = self._alone(clues)
        nameless = isinstance(outcome, Unclear) and outcome.note.code == "no_antecedent_plain"
        if nameless and previous is not None:
            asked = implied(clues, previous)
            found = self._shaped(asked) if asked is not None else None
            return found if isinstance(found, Understood) else outcome
        if isinstance(outcome, Absent) and outcome.plan is None and outcome.note.code == "years_outside":
            limited = without_years(clues)
            found = self._alone(limited) if limited is not None else None
            return replace(outcome, plan=found.plan) if isinstance(found, Understood) else outcome
        return outcome

    def _alone(self, clues: Clues) -> Outcome:
        """A question that stands on its own."""
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
        """The first shape that fits, held to account for every word, and every name in one meaning."""
        settled = settle_homonyms(clues)
        outcome = self._fitted(settled.clues)
        if not isinstance(outcome, Understood):
            return outcome
        return settled.choice or replace(outcome, notes=(*outcome.notes, *settled.notes))

    def _fitted(self, clues: Clues) -> Outcome:
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


def with_language(plan: QueryPlan, language: Language) -> QueryPlan:
    """The same plan with labels in another language."""
    return replace(plan, language=language)
