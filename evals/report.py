"""The report of a scored log: Markdown, and one HTML file that needs nothing beside it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from evals.log import Entry
from evals.result import Result
from evals.score import MAIN, SuiteScore
from evals.scores.mark import Mark, Score
from knowledge.errors import StoreUnavailable

SHOWN_ROWS = 5
POINTS = {"rs_0", "rs_10", "abstain_all"}  # points per hundred cases; all other scores run from 0 to 1


def write_report(result: Result, html: Path) -> Path:
    """Write ``html`` and, beside it, the same as ``.md``. Returns ``html``. Raises StoreUnavailable."""
    try:
        html.parent.mkdir(parents=True, exist_ok=True)
        html.write_text(render(result, "report.html.j2"), encoding="utf-8")
        html.with_suffix(".md").write_text(render(result, "report.md.j2"), encoding="utf-8")
    except OSError as error:
        raise StoreUnavailable(
            f"The report {html} cannot be written: {error.strerror or error}.", hint="Choose another folder."
        ) from error
    return html


def render(result: Result, template: str) -> str:
    """The report as text."""
    environment = Environment(
        loader=PackageLoader("evals"),
        autoescape=template.endswith(".html.j2"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["shown"] = shown
    environment.filters["cell"] = _cell
    return environment.get_template(template).render(
        header=result.log.header,
        verdict=result.verdict,
        skipped=result.scores.skipped,
        suites=[_suite(suite, result) for suite in result.scores.suites.values()],
    )


def shown(value: float | None, name: str = "") -> str:
    """A score as people read it: points as they are, everything else in percent."""
    if value is None:
        return "none"
    return f"{value:.1f}" if name in POINTS else f"{100 * value:.1f} %"


def _cell(text: str) -> str:
    """Text that cannot break a Markdown table."""
    return " ".join(text.replace("|", "\\|").split())


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
    part = found.value / 100 if score in POINTS else found.value
    return {
        "label": label,
        "score": score,
        "value": found.value,
        "of": found.of,
        "low": found.low,
        "high": found.high,
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
    parts = {name: case[name] for name in ("expect", "facts", "relevant", "reason") if name in case}
    return json.dumps(parts, ensure_ascii=False)
