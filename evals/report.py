"""The report of a scored log: Markdown, and one HTML file that needs nothing beside it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from evals.baseline import Loss, Shown
from evals.baseline import shown as shown_answer
from evals.log import Entry
from evals.result import Result, document
from evals.score import MAIN, SuiteScore
from evals.scores.mark import POINTS, Mark, Score, say_score
from evals.text_similarity import never_gates
from evals.trend import trends
from knowledge.errors import StoreUnavailable

SHOWN_ROWS = 5
EXPECTED = ("expect", "facts", "relevant", "reason", "turns", "statuses", "never", "within")


def write_report(result: Result, html: Path, past: Sequence[Mapping[str, Any]] = ()) -> Path:
    """Write ``html`` and, beside it, the same as ``.md``. Returns ``html``. Raises StoreUnavailable.

    ``past`` are the documents of earlier runs, for the trend.
    """
    try:
        html.parent.mkdir(parents=True, exist_ok=True)
        html.write_text(render(result, "report.html.j2", past), encoding="utf-8")
        html.with_suffix(".md").write_text(render(result, "report.md.j2", past), encoding="utf-8")
    except OSError as error:
        raise StoreUnavailable(
            f"The report {html} cannot be written: {error.strerror or error}.", hint="Choose another folder."
        ) from error
    return html


def render(result: Result, template: str, past: Sequence[Mapping[str, Any]] = ()) -> str:
    """The report as text."""
    environment = Environment(
        loader=PackageLoader("evals"),
        autoescape=template.endswith(".html.j2"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["shown"] = say_score
    environment.filters["cell"] = _cell
    environment.filters["breaks"] = _breaks
    told = document(result, None)
    return environment.get_template(template).render(
        baseline=told["baseline"],
        losses=[_loss(loss, result) for loss in result.verdict.against.losses],
        trends=trends((*past, told)),
        header=result.log.header,
        verdict=result.verdict,
        skipped=result.scores.skipped,
        suites=[_suite(suite, result) for suite in result.scores.suites.values()],
    )


def _breaks(name: str) -> Markup:
    """A name that may be broken after its underscores, on narrow screens."""
    return escape(name).replace("_", Markup("_<wbr>"))


def _cell(text: str) -> str:
    """Text that cannot break a Markdown table."""
    return " ".join(text.replace("|", "\\|").split())


def _loss(loss: Loss, result: Result) -> dict[str, Any]:
    """A case that was lost: what it was and what it is, in the same parts."""
    entry = next(e for e in result.log.entries if (e.suite, e.case.id) == (loss.mark.suite, loss.mark.id))
    return {
        "suite": loss.mark.suite,
        "id": loss.mark.id,
        "slice": loss.mark.slice,
        "question": entry.case.text,
        "why": loss.mark.why,
        "reason": loss.reason,
        "expected": _expected(entry.record.case),
        "sides": [_side("before", loss.was.answer), _side("now", shown_answer(entry))],
    }


def _side(name: str, found: Shown | None) -> dict[str, Any]:
    if found is None:
        return {"name": name, "text": "", "plan": "", "rows": (), "cites": ()}
    plan = json.dumps(found.plan, ensure_ascii=False) if found.plan is not None else ""
    return {"name": name, "text": found.text, "plan": plan, "rows": found.rows, "cites": found.cites}


def _suite(suite: SuiteScore, result: Result) -> dict[str, Any]:
    entries = {entry.case.id: entry for entry in result.log.entries if entry.suite == suite.name}
    main = MAIN[suite.kind]
    return {
        "name": suite.name,
        "kind": suite.kind,
        "main": main,
        "cases": len(suite.marks),
        "missing": suite.missing,
        "seconds": suite.seconds,
        "lead": suite.scores.get(main),
        "bars": [_bar(name, name, found) for name, found in suite.scores.items()],
        "slices": [
            {**_bar(main, which, found[main]), "what": what}
            for (what, which), found in suite.slices.items()
            if main in found
        ],
        "wrong": [_case(mark, entries[mark.id]) for mark in suite.marks if mark.outcome == "wrong"],
        "abstained": [_case(mark, entries[mark.id]) for mark in suite.marks if mark.outcome == "abstained"],
    }


def _bar(score: str, label: str, found: Score) -> dict[str, Any]:
    """A score with the ends of its bar and of its interval, in percent of the width."""
    part = found.value / 100 if score in POINTS else 0.0 if score.endswith("_s") else found.value
    return {
        "label": label,
        "score": score,
        "value": found.value,
        "of": found.of,
        "low": found.low,
        "high": found.high,
        "loose": never_gates(score),
        "width": round(100 * min(max(part, 0.0), 1.0), 1),
    }


def _case(mark: Mark, entry: Entry) -> dict[str, Any]:
    answer = entry.answer
    query = answer.query if answer is not None else None
    return {
        "id": mark.id,
        "kind": mark.kind,
        "question": entry.case.text,
        "why": mark.why,
        "expected": _expected(entry.record.case),
        "text": answer.text if answer is not None else "",
        "sql": query.sql if query is not None else "",
        "plan": json.dumps(query.plan, ensure_ascii=False) if query is not None else "",
        "columns": query.columns if query is not None else (),
        "rows": query.rows[:SHOWN_ROWS] if query is not None else (),
    }


def _expected(case: Mapping[str, Any]) -> str:
    """The part of a case that says what is right."""
    parts = {name: case[name] for name in EXPECTED if name in case}
    return json.dumps(parts, ensure_ascii=False)
