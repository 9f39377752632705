"""Section 3: every figure has a source."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tools.drafting.facts import Facts
from tools.drafting.finding import Finding, finding
from tools.drafting.form import Form
from tools.drafting.plan import ResearchPlan

_MARK = re.compile(r"\[(\d{1,3})\]")
_FIGURE = re.compile(r"(?<![\w\[.])\d[\d,.]*(?:\s?(?:%|percent|만|억|천|명|원|건|배))?(?![\w\]])")
_SENTENCE = re.compile(r"[^.!?\n]*(?:\.\d[^.!?\n]*)*[.!?]?(?:\s*\[\d{1,3}\])*")


def figures_have_sources(plan: ResearchPlan, form: Form, facts: Facts) -> Iterator[Finding]:
    """A sentence with a figure carries a mark: "[1]" behind it or in it."""
    for name, text in _texts(plan):
        for sentence in _SENTENCE.findall(text):
            figure = _FIGURE.search(_MARK.sub("", sentence))
            if figure and not _MARK.search(sentence):
                label = form.sections["aim"].fields[name].label
                yield finding("figure_without_source", "aim", name, label=label, figure=figure[0].strip())


def marks_have_sources(plan: ResearchPlan, form: Form, facts: Facts) -> Iterator[Finding]:
    listed = len(plan.aim.sources)
    for name, text in _texts(plan):
        for number in dict.fromkeys(_MARK.findall(text)):
            if not 1 <= int(number) <= listed:
                label = form.sections["aim"].fields[name].label
                yield finding("source_not_listed", "aim", name, label=label, number=number, n=listed)


def _texts(plan: ResearchPlan) -> Iterator[tuple[str, str]]:
    yield "aim", plan.aim.aim
    yield "objectives", "\n".join(plan.aim.objectives)
    yield "need", plan.aim.need


RULES = (figures_have_sources, marks_have_sources)
