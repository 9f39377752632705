"""What a question about a plan asks for: which sections, of which data, drafted or checked."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from knowledge.catalog.read import Catalog
from knowledge.data_file import read_shipped
from knowledge.text import Language, normalize
from tools.drafting.form import Form
from tools.query.plan import CountPlan, ListPlan
from tools.query.understand.clues import Clues
from tools.query.understand.follow import Previous
from tools.query.understand.scope import take_scope
from tools.query.understand.understand import Reader


@dataclass(frozen=True, slots=True)
class DraftRequest:
    """``sections`` by id, in the form's order; empty means the plan as a whole.

    ``datasets``, ``hospitals``, ``cohorts`` and ``variables`` (names) are what the question, or else
    the conversation, is about. ``topic`` is the question without the words about the plan. checks: an
    existing draft is to be checked; wording: sentences are to be changed.
    """

    sections: tuple[str, ...] = ()
    datasets: tuple[str, ...] = ()
    hospitals: tuple[str, ...] = ()
    cohorts: tuple[str, ...] = ()
    variables: tuple[str, ...] = ()
    topic: str = ""
    checks: bool = False
    wording: bool = False

    def about(self, catalog: Catalog) -> tuple[str, ...]:
        """The datasets meant: those named, else those of the hospitals that publish the cohorts."""
        if self.datasets:
            return self.datasets
        held = {dataset for dataset, cohort in catalog.counts.cohorts if cohort in self.cohorts}
        return tuple(
            row.dataset
            for row in catalog.datasets
            if (not self.hospitals or row.hospital in self.hospitals)
            and (not self.cohorts or row.dataset in held)
            and (self.hospitals or self.cohorts)
        )


def read_request(
    question: str, form: Form, language: Language, reader: Reader | None, previous: Previous | None
) -> DraftRequest:
    """What the question asks for. Without a catalog only sections are read."""
    text = normalize(question)
    found, rest = _sections(text, form)
    checks, wording = _says("checking", text), _says("wording", text)
    for pattern in _cues()["plan_words"]:
        rest = re.sub(pattern, " ", rest, flags=re.IGNORECASE)
    topic = " ".join(rest.split())
    if reader is None:
        return DraftRequest(found, topic=topic, checks=checks, wording=wording)
    named = _named(reader.clues(topic or text, language))
    if not any(named.values()) and previous is not None:
        named = _of_plan(previous)
    return DraftRequest(found, topic=topic, checks=checks, wording=wording, **named)


def asks_for_draft(question: str, form: Form) -> bool:
    """Whether a question speaks of a plan, of writing, or of a section called one. A word that may be a
    section's name ("variables") is not enough by itself."""
    text = normalize(question)
    return any(_says(cue, text) for cue in ("plan_words", "writing", "checking", "wording")) or bool(
        _sections(text, form, surely=True)[0]
    )


def _says(cue: str, text: str) -> bool:
    return any(re.search(pattern, text, re.IGNORECASE) for pattern in _cues()[cue])


def _named(clues: Clues) -> dict[str, tuple[str, ...]]:
    """Ids of the catalog that the words name. A cohort's name is not read as part of a title."""
    cohorts: dict[str, None] = {}
    for i in clues.mentions("cohort"):
        ids = clues.ids(i, "cohort")
        if ids and not clues.titles(i):
            cohorts.update(dict.fromkeys(ids))
            clues.used.add(i)
    scope = take_scope(clues, loosely=True)
    variables: dict[str, None] = {}
    for i in clues.mentions("variable"):
        variables.update(dict.fromkeys(clues.ids(i, "variable")))
    return {
        "datasets": scope.datasets,
        "hospitals": scope.hospitals,
        "cohorts": tuple(cohorts),
        "variables": tuple(variables),
    }


def _of_plan(previous: Previous) -> dict[str, tuple[str, ...]]:
    """What the conversation's last query was about."""
    plan = previous.plan
    named: dict[str, tuple[str, ...]] = {"datasets": previous.datasets}
    if isinstance(plan, CountPlan):
        named["cohorts"], named["hospitals"] = plan.cohorts, plan.hospitals
        named["datasets"] = plan.datasets or previous.datasets
    elif isinstance(plan, ListPlan):
        cohorts = [ids for held in plan.holdings for thing, ids in held.things if thing == "cohort"]
        named["cohorts"] = tuple(dict.fromkeys(id for ids in cohorts for id in ids))
    return named


def _sections(text: str, form: Form, *, surely: bool = False) -> tuple[tuple[str, ...], str]:
    """(section ids, the text without the words that named them); ``surely``: only those called sections."""
    numbers = {section.number: id for id, section in form.sections.items()}
    sure: set[str] = set()
    loose: set[str] = set()
    rest = text
    for pattern in _cues()["section_number"]:
        for match in re.finditer(pattern, rest, re.IGNORECASE):
            if int(match[1]) in numbers:
                sure.add(numbers[int(match[1])])
                rest = _blank(rest, match.start(), match.end())
    for id, name in _aliases(form):
        for match in re.finditer(name, rest, re.IGNORECASE):
            noun = re.match(_cues()["section_noun"], rest[match.end() :], re.IGNORECASE)
            (sure if noun or match[0].lower().endswith(("table", "section", "표", "항목")) else loose).add(id)
            rest = _blank(rest, match.start(), match.end())
    chosen = sure if surely else sure or loose
    return tuple(id for id in form.sections if id in chosen), rest


def _blank(text: str, start: int, end: int) -> str:
    return f"{text[:start]}{' ' * (end - start)}{text[end:]}"


def _aliases(form: Form) -> Sequence[tuple[str, str]]:
    """(section, pattern), the longest first, so that "data linkage" is not read as "data"."""
    found = [
        (id, name)
        for id, section in form.sections.items()
        for language in ("ko", "en")
        for name in (section.title[language], *section.aliases[language])
    ]
    found.sort(key=lambda pair: -len(pair[1]))
    return [(id, _pattern(name)) for id, name in found]


def _pattern(name: str) -> str:
    words = r"\s*".join(re.escape(word) for word in name.split())
    return rf"\b{words}\b" if name.isascii() else words


@cache
def _cues() -> Mapping[str, Any]:
    return read_shipped(Path(__file__).with_name("cues.yaml"))
