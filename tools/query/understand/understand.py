"""The step from a question to an outcome: a plan, a choice, something absent, or no query at all."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial

from knowledge.catalog.read import Catalog
from knowledge.errors import PlanIncomplete
from knowledge.glossary.glossary import Term
from knowledge.glossary.lay import load_descriptions
from knowledge.text import Language, language_of, normalize
from tools.query.plan import QueryPlan
from tools.query.understand.asides import without_description
from tools.query.understand.clause import asking_clauses
from tools.query.understand.clues import Clues
from tools.query.understand.figures import as_asked, with_digits
from tools.query.understand.follow import (
    Previous,
    bare,
    follow_up,
    implied,
    needs_previous,
    no_antecedent,
    resolved,
    without_years,
)
from tools.query.understand.from_today import dated
from tools.query.understand.homonyms import settle_homonyms
from tools.query.understand.lexicon import PART, Lexicon
from tools.query.understand.limiting_words import limiting_words
from tools.query.understand.numerals import as_written, in_figures
from tools.query.understand.occasions import Occasions
from tools.query.understand.operators import Operators, load_operators
from tools.query.understand.outcome import Absent, NoQuery, Note, Outcome, Unclear, Understood
from tools.query.understand.point import missed_point
from tools.query.understand.properties import not_held
from tools.query.understand.quantities import quantities
from tools.query.understand.reflected import unreflected
from tools.query.understand.retold import Retelling
from tools.query.understand.rhythms import as_called
from tools.query.understand.sayings import Sayings
from tools.query.understand.schools import in_ages, with_pupils
from tools.query.understand.segment import Segment, segment
from tools.query.understand.shapes.counts import build_count
from tools.query.understand.shapes.datasets import build_comparison, build_datasets
from tools.query.understand.shapes.linkage import build_linkage
from tools.query.understand.shapes.others import (
    build_cohorts,
    build_holders,
    build_number,
    build_place,
    build_tables,
    build_teams,
)
from tools.query.understand.shapes.values import build_values
from tools.query.understand.shapes.variables import build_variables
from tools.query.understand.spelling import Vocabulary
from tools.query.understand.words import PARTICLES, key

SHAPES: tuple[Callable[[Clues], Outcome | None], ...] = (
    build_place,
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
MAX_NEAREST, NEAR = 3, 70  # names, and how alike they have to be, of 100
_OF_ONESELF = re.compile(r"(?i)\b(?:i|we|my|our|us)\b|저희|제가|우리")
_LETTER = re.compile(r"[^\W\d_]")


def _is_name(clues: Clues, word: str) -> bool:
    """Whether a word of the question is a whole name of something, stands in one, or may say what people
    have or a team works on."""
    within = [x for s in clues.segments if word in s.text.lower().split() for x in s.senses]
    return any(x.tier < PART or x.kind in {"cohort", "team"} for x in within)


@dataclass(frozen=True)
class Reader:
    """Understands questions about one catalog version. Safe to share between threads."""

    catalog: Catalog
    lexicon: Lexicon
    operators: Operators
    vocabulary: Vocabulary
    retelling: Retelling

    @classmethod
    def of(cls, catalog: Catalog, terms: Sequence[Term]) -> Reader:
        """Build the lexicon for a catalog version; takes a few milliseconds per thousand names."""
        operators = load_operators()
        generic = operators.phrases["subject.hospital"]
        catalog.build_indexes()
        lexicon = Lexicon(catalog, terms, generic)
        names = [surface.text for surface in lexicon.surfaces()]
        phrases = [phrase for found in operators.phrases.values() for phrase in found]
        glossary = [name for term in terms for name in term.names]
        lay = [said for phrases in load_descriptions()["en"].values() for said in phrases]
        spelt = Vocabulary([*names, *phrases, *glossary, *lay])
        retelling = Retelling(Sayings(lexicon, terms), Occasions(catalog, lexicon))
        return cls(catalog, lexicon, operators, spelt, retelling)

    def clues(
        self,
        question: str,
        language: Language | None = None,
        today: date | None = None,
        told: Sequence[Segment] = (),
    ) -> Clues:
        """The question cut into segments, with its quantities. "Last year" is counted from ``today``, or from
        the day of the catalog; ``told`` are stretches to be read as given."""
        text = normalize(question)
        day = today or date.fromisoformat(self.catalog.meta.as_of[:10])
        segments = dated(segment(text, self.lexicon, self.operators, told), day)
        return Clues(
            self.catalog,
            self.lexicon,
            text,
            language or language_of(text),
            segments,
            quantities(segments, text),
            day,
        )

    def understand(
        self,
        question: str,
        previous: Previous | None = None,
        language: Language | None = None,
        today: date | None = None,
    ) -> Outcome:
        """What the question asks of the catalog. ``previous`` is the conversation's last plan, if any; "last
        year" is counted from ``today``, or from the day of the catalog."""
        written = self.lexicon.apart(with_digits(in_figures(normalize(question))))
        written, pupils = in_ages(as_called(written, self.catalog), self.lexicon.tokens)
        text, slips = self.vocabulary.corrected(written)
        clues = partial(self.clues, today=today)
        before = previous.plan if previous is not None else None
        if language is None and before is not None and not _LETTER.search(text):
            language = before.language
        spoken = language or language_of(text)  # also where little is left of the turn
        cut: dict[str, Clues] = {}

        def read(words: str) -> Clues:
            if words not in cut:
                cut[words] = clues(words, spoken)
            return cut[words].fresh()

        def retold(tiles: tuple[Segment, ...]) -> tuple[Outcome, Sequence[Segment]]:
            told = clues(text, spoken, told=tiles)
            return self._understood(text, told, previous, clues), told.segments

        outcome = follow_up(text, previous, read)
        if outcome is None:
            outcome = self._understood(text, read(text), previous, clues)
        if isinstance(outcome, Absent) and outcome.note.code == "unknown_words":
            unknown = str(outcome.note.values["words"]).split(", ")
            respelt, slip = self.vocabulary.corrected_korean(text, unknown, PARTICLES)
            again = self._understood(respelt, clues(respelt, language), previous, clues) if slip else outcome
            if isinstance(again, Understood):
                outcome, slips = again, (*slips, *slip)
            else:
                outcome, slips = self._respelt(text, unknown, outcome, slips, lambda words: self._understood(
                    words, clues(words, spoken), previous, clues
                ), lambda words: clues(words, spoken))
        if isinstance(outcome, Unclear | Absent):
            outcome = self.retelling.retell(text, outcome, spoken, retold)
        if isinstance(outcome, Unclear | Absent) and "words" in outcome.note.values:
            words = as_asked(str(outcome.note.values["words"]), normalize(question))
            words = as_written(words, normalize(question))
            outcome = replace(outcome, note=Note(outcome.note.code, {**outcome.note.values, "words": words}))
        outcome = with_pupils(outcome, pupils)
        if slips and isinstance(outcome, Understood):
            said = ", ".join(f"{written} → {meant}" for written, meant in slips)
            return replace(outcome, notes=(*outcome.notes, Note("spelling", {"words": said})))
        return outcome

    def _respelt(
        self,
        text: str,
        unknown: Sequence[str],
        outcome: Outcome,
        slips: tuple[tuple[str, str], ...],
        understood: Callable[[str], Outcome],
        cut: Callable[[str], Clues],
    ) -> tuple[Outcome, tuple[tuple[str, str], ...]]:
        """The outcome and the slips where an unknown word is near several ("diabetis"), or of one root with
        the name of something ("fallers"), and they come to one plan; else what they were."""
        found: dict[QueryPlan, tuple[Understood, tuple[str, str]]] = {}
        related = (
            made for made in self.vocabulary.of_one_root(text, unknown) if _is_name(cut(made[0]), made[2])
        )
        for respelt, written, meant in (*self.vocabulary.respellings(text, unknown), *related):
            again = understood(respelt)
            if isinstance(again, Understood):
                found.setdefault(again.plan, (again, (written, meant)))
        if len(found) != 1:
            return outcome, slips
        again, slip = next(iter(found.values()))
        return again, (*slips, slip)

    def _understood(
        self, text: str, clues: Clues, previous: Previous | None, cut: Callable[..., Clues]
    ) -> Outcome:
        known = previous is not None and previous.plan is not None
        of_before = bare(clues) if known else None
        clues = of_before or clues
        pointing = resolved(text, clues, previous, cut)
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
        nameless = nameless or of_before is not None
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
            # "A vs B: patients per year" is no story of somebody.
            labelled = asking.introduction.endswith(":") and not _OF_ONESELF.search(asking.introduction)
            aside = asking.sentence or asking.of_speaker
            if isinstance(outcome, Understood) and (labelled or asking.bare or not aside):
                continue
            alone = self._shaped(asking.clues)
            if not isinstance(alone, Understood):
                continue
            if isinstance(outcome, Understood) and alone.plan == outcome.plan:
                break
            note = Note("introduction", {"words": asking.introduction})
            return replace(alone, notes=(*alone.notes, note))
        if isinstance(outcome, Understood):
            return outcome
        kept, words, meant = without_description(clues.segments, clues.text)
        if not words:
            return outcome
        told = self._alone(replace(clues.fresh(), segments=kept, quantities=quantities(kept, clues.text)))
        if not isinstance(told, Understood):
            return outcome
        return replace(told, notes=(*told.notes, Note("homonym", {"words": words, "meant": meant})))

    def _shaped(self, clues: Clues) -> Outcome:
        """The first shape that fits, held to account for every word, and every name in one meaning."""
        settled = settle_homonyms(clues)
        outcome = self._fitted(settled.clues)
        if not isinstance(outcome, Understood):
            return outcome
        return settled.choice or replace(outcome, notes=(*outcome.notes, *settled.notes))

    def _fitted(self, clues: Clues) -> Outcome:
        if (absent := not_held(clues)) is not None:
            return absent
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
            words = tuple(clues.written(i) for i in unknown)
            return Absent(Note("unknown_words", {"words": ", ".join(words)}), self.nearest(words))
        if not idle and isinstance(outcome, Understood):
            plan = outcome.plan
            idle = unreflected(clues, plan) or limiting_words(clues, plan) or missed_point(clues, plan)
        if idle and isinstance(outcome, Understood):
            return Unclear(Note("unused_words", {"words": ", ".join(clues.written(i) for i in idle)}))
        return outcome

    def _unmatched(self, clues: Clues) -> Outcome:
        unknown, _ = clues.left_over()
        if unknown and (clues.has("subject.", "exist", "field.", "measure.", "people") or clues.mentions()):
            words = tuple(clues.written(i) for i in unknown)
            return Absent(Note("unknown_words", {"words": ", ".join(words)}), self.nearest(words))
        return NoQuery()

    def nearest(self, words: Sequence[str]) -> tuple[str, ...]:
        """Names of the catalog most like the words, best first; empty when none is close."""
        found: dict[str, float] = {}
        for word in words:
            for name, score in self.lexicon.surfaces().nearest(key(word), NEAR, MAX_NEAREST).items():
                found[name] = max(found.get(name, 0), score)
        return tuple(sorted(found, key=lambda n: -found[n])[:MAX_NEAREST])
