"""Answers about rules and methods: does each fact stand in the text, and in a quote that is cited?"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from assistant.answer import Answer, Status
from evals.case import ANSWERED, AnswerCase, Fact, Turn
from evals.log import Entry
from evals.scores.mark import Mark, Outcome, Score, given, mean, rate

_EMPHASIS = re.compile(r"[*_`\\]")
_SPACE = re.compile(r"\s+")
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3})")


def judge(entry: Entry) -> tuple[Outcome, str, dict[str, float]]:
    """Right where every fact is said and quoted, a right document is cited and nothing forbidden is said."""
    case, answer = entry.case, entry.answer
    assert isinstance(case, AnswerCase) and answer is not None
    return judge_facts(case, answer, case.statuses)


def judge_facts(
    wanted: AnswerCase | Turn, answer: Answer, statuses: Sequence[Status] = ANSWERED
) -> tuple[Outcome, str, dict[str, float]]:
    """The same of one answer from documents, wherever it was asked."""
    text = plain(answer.text)
    quotes = plain(" \n ".join(citation.quote for citation in answer.citations))
    said = [any(holds(text, wording) for wording in fact.says) for fact in wanted.facts]
    quoted = [any(holds(quotes, wording) for wording in fact.says) for fact in wanted.facts]
    forbidden = [wording for wording in wanted.never if holds(text, wording)]
    cited = any(citation.document in wanted.cites for citation in answer.citations)
    values = {
        "facts": sum(said) / len(said),
        "quoted": sum(a and b for a, b in zip(said, quoted, strict=True)) / len(said),
        "cited": float(cited),
        "clean": float(not forbidden),
    }
    if answer.status not in statuses and answer.status not in ANSWERED:
        return "abstained", f"{answer.status} ({answer.reason or 'no reason'})", values
    why = _why(wanted.facts, said, quoted, cited, forbidden)
    return ("wrong" if why else "right"), why, values


def _why(
    facts: Sequence[Fact], said: Sequence[bool], quoted: Sequence[bool], cited: bool, forbidden: Sequence[str]
) -> str:
    lacking = [fact.says[0] for fact, there in zip(facts, said, strict=True) if not there]
    loose = [f.says[0] for f, a, b in zip(facts, said, quoted, strict=True) if a and not b]
    parts: list[str] = [f"not said: {lacking}"] if lacking else []
    parts += [f"said without a quote: {loose}"] if loose else []
    parts += [] if cited else ["no right document is cited"]
    parts += [f"said, and must not be: {list(forbidden)}"] if forbidden else []
    return "; ".join(parts)


def summarize(marks: Sequence[Mark]) -> dict[str, Score]:
    """Shares of facts said, and said and quoted; rates of whole answers, right documents, clean texts."""
    return given(
        facts_said=mean(marks, "facts"),
        facts_quoted=mean(marks, "quoted"),
        complete=rate(sum(mark.outcome == "right" for mark in marks), len(marks)),
        document_cited=rate(sum(mark.values.get("cited", 0.0) for mark in marks), len(marks)),
        nothing_forbidden=rate(sum(mark.values.get("clean", 0.0) for mark in marks), len(marks)),
    )


def plain(text: str) -> str:
    """Text as it is compared: compatibility forms folded, no emphasis, no thousands separators, one space."""
    folded = _EMPHASIS.sub("", unicodedata.normalize("NFKC", text)).casefold()
    return _SPACE.sub(" ", _THOUSANDS.sub("", folded))


def holds(text: str, wording: str) -> bool:
    """The wording stands in the plain text; a number at its edge is not a piece of a longer number."""
    wanted = plain(wording).strip()
    before = r"(?<![\d.])" if wanted[:1].isdigit() else ""
    after = r"(?![\d]|\.\d)" if wanted[-1:].isdigit() else ""
    return re.search(before + re.escape(wanted) + after, text) is not None
