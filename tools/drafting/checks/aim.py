"""Section 3: every figure has a source."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tools.drafting.facts import Facts
from tools.drafting.finding import Finding, finding
from tools.drafting.form import Form
from tools.drafting.plan import ResearchPlan

_MARK = re.compile(r"\[(\d{1,3})\]")
# What is counted or measured: a share, an amount, a large or broken number. Not "30-day", "40세", "2024년".
_NUMBER = r"(?<![\w\[.,-])\d[\d,]*(?:\.\d+)?"
_UNIT = (
    r"\s?(?:%|percent\b|percentage|per cent\b|배(?!경)|만\b|만 ?명|억|조 ?원|명|건(?!강)|원(?!내)"
    r"|(?:hundred|thousand|million|billion|trillion|patients|people|cases|deaths|won|dollars|times)\b)"
)
_LARGE = r"(?<![\w\[.,-])(?:\d{1,3}(?:,\d{3})+|\d{5,}|\d+\.\d+)(?![\w\]])"
_FIGURE = re.compile(f"{_NUMBER}{_UNIT}|{_LARGE}", re.IGNORECASE)
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
