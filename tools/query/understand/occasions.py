"""Datasets that a question means by what brought people into them: "who came for an eye test".

A dataset's words are those of its title, of what the title's ideas are called elsewhere, and of its
description. Which one is meant shows once it is known who is counted: the only one with the words among those
that count them.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cached_property

from knowledge.catalog.read import Catalog, Dataset
from knowledge.lemmas import Lemma, lemmas
from knowledge.text import Language
from tools.query.plan import CountPlan, QueryPlan
from tools.query.understand.lexicon import ALIAS, PART, Lexicon, Sense
from tools.query.understand.sayings import Saying, content
from tools.query.understand.words import key

MOST_TITLES = 20  # datasets that are looked at for one word
MOST_DATASETS = 2000  # of a catalog; to read the words of more would hold a question up
LONGEST_NAME = 4  # words of an idea's name inside a title
_OF_DATA_EN = re.compile(r"(?i)\b(?:in|from|of|at|within) (?:the|your|our|their|this|that) $")
_OF_DATA_KO = re.compile(r"[을를]? ?(?:자료|데이터|기록|등록|코호트|영상|설문|에서|에 (?:있|들어|등록))")


class Occasions:
    """The datasets of one catalog version by the words that lead to them."""

    def __init__(self, catalog: Catalog, lexicon: Lexicon) -> None:
        self._catalog, self._lexicon = catalog, lexicon

    def met(
        self, spoken: Sequence[Lemma], about: Collection[str], language: Language
    ) -> Iterator[Saying]:
        """The datasets with some of the words ``about``, with which a question could do nothing. What only a
        description tells has to stand beside a word of the title."""
        holders = [self._with_word.get(word, set()) for word in about]
        for id in sorted({id for ids in holders if len(ids) <= MOST_TITLES for id in ids}):
            title, bag = self._titles[id], self._words[id]
            core = bag & frozenset(about)
            if not core & title:
                core |= title & {one.form for one in spoken}
            if not core & title:
                continue
            row = self._catalog.dataset_by_id[id]
            names = (row.title_ko, row.title_en) if language == "ko" else (row.title_en, row.title_ko)
            meant = next((name for name in names if name), id)
            yield Saying(core, bag, (Sense("dataset", (id,), ALIAS),), meant)

    def stands(self, plan: QueryPlan, text: str, stretch: Sequence[Lemma], dataset: str) -> bool:
        """Whether a stretch may mean a dataset in a question that comes to a plan: of those that count the
        plan's cohorts only this one has the words; without any, the question has to speak of data."""
        words = {one.form for one in stretch if one.form in self._words[dataset]}
        if self._names_another(text, stretch):
            return False
        if isinstance(plan, CountPlan) and plan.cohorts:
            counted, owner = self._catalog.counts.cohorts, self._catalog.dataset_by_id
            fitting = [
                d for d, told in self._words.items()
                if words <= told and all((d, cohort) in counted for cohort in plan.cohorts)
                and (not plan.hospitals or owner[d].hospital in plan.hospitals)
            ]
            return fitting == [dataset] and set(plan.datasets) == {dataset}
        before, behind = text[: stretch[0].start], text[stretch[-1].end :]
        of_data = _OF_DATA_EN.search(before) or _OF_DATA_KO.match(behind)
        others = [d for d, told in self._words.items() if words <= told]
        return len(words) > 1 and bool(of_data) and others == [dataset]

    def _names_another(self, text: str, stretch: Sequence[Lemma]) -> bool:
        """Whether words of a stretch name a cohort, or the only one of them a variable ("on insulin")."""
        for at, first in enumerate(stretch):
            for last in stretch[at : at + LONGEST_NAME]:
                senses = self._lexicon.senses(key(text[first.start : last.end]))
                named = {sense.kind for sense in senses if sense.tier < PART}
                if "cohort" in named or (len(stretch) == 1 and named & {"variable", "concept"}):
                    return True
        return False

    @cached_property
    def _words(self) -> Mapping[str, frozenset[str]]:
        found = {}
        for id, title in self._titles.items():
            row = self._catalog.dataset_by_id[id]
            found[id] = title | _content(row.description_en, row.description_ko)
        return found

    @cached_property
    def _titles(self) -> Mapping[str, frozenset[str]]:
        datasets = self._catalog.datasets
        return {d.dataset: self._of_title(d) for d in datasets} if len(datasets) <= MOST_DATASETS else {}

    @cached_property
    def _with_word(self) -> Mapping[str, set[str]]:
        found: dict[str, set[str]] = defaultdict(set)
        for id, words in self._words.items():
            for word in words:
                found[word].add(id)
        return found

    def _of_title(self, dataset: Dataset) -> frozenset[str]:
        owner = self._catalog.hospital_by_id.get(dataset.hospital or "")
        own = _content(owner.name_en, owner.name_ko) if owner else frozenset()
        titles = [title for title in (dataset.title_en, dataset.title_ko) if title]
        return _content(*titles, *(name for title in titles for name in self._said_elsewhere(title))) - own

    def _said_elsewhere(self, title: str) -> Iterator[str]:
        """The other names of the ideas that a title names."""
        spoken = lemmas(title)
        for at, first in enumerate(spoken):
            for last in spoken[at : at + LONGEST_NAME]:
                for term in self._lexicon.ideas.named(key(title[first.start : last.end])):
                    yield from self._lexicon.ideas.sure_names(term)


def _content(*texts: str | None) -> frozenset[str]:
    words = {word for text in texts if text for core in content(text) for word in core}
    return frozenset(word for word in words if len(word) > 1 or not word.isascii())
