"""An audit's report for people: a table in Markdown, a picture, and a page with both."""

from __future__ import annotations

from collections import Counter
from html import escape

from knowledge.catalog.audit.findings import KINDS, AuditReport, Figures

SHOWN = 200  # datasets and findings that are spelled out
_BARS = 40
_COLORS = {"released": "#2f6f9f", "bound": "#8ab6d6", "suppressed": "#c9ced6"}
_FAILED = "#b3261e"
_HEAD = (
    "dataset", "cells", "released", "bound", "suppressed", "small numbers", "told too closely", "certificate",
)


def markdown(report: AuditReport) -> str:
    """The report as Markdown."""
    lines = ["# Audit of a catalog", "", _verdict(report), ""]
    lines += [f"| {' | '.join(_HEAD)} |", "|---|--:|--:|--:|--:|--:|--:|---|"]
    lines += [
        f"| {_cell(one.dataset)} | {one.cells:,} | {one.released:,} | {one.bound:,} | {one.suppressed:,}"
        f" | {one.watched:,} | {one.narrowed:,} | {_certificate(one)} |"
        for one in _worst(report)
    ]
    if len(report.figures) > SHOWN:
        lines.append(f"| {len(report.figures) - SHOWN:,} more datasets | | | | | | | |")
    supposed = [one for one in _worst(report) if one.given_up]
    if supposed:
        lines += ["", "What the attacker could not suppose, since no numbers fit it:", ""]
        lines += [f"- {_cell(one.dataset)}: {one.given_up}" for one in supposed]
    if report.findings:
        lines += ["", "## Findings", "", "| finding | what it is | how many |", "|---|---|--:|"]
        lines += [f"| {kind} | {KINDS[kind]} | {number:,} |" for kind, number in _kinds(report)]
        lines += ["", "| finding | dataset | where | what can be seen |", "|---|---|---|---|"]
        lines += [
            f"| {one.kind} | {_cell(one.dataset)} | {_cell(one.where)} | {_cell(one.what)} |"
            for one in report.findings[:SHOWN]
        ]
        if len(report.findings) > SHOWN:
            lines.append(f"| {len(report.findings) - SHOWN:,} more | | | |")
    return "\n".join(lines) + "\n"


def html(report: AuditReport) -> str:
    """A page of its own: the picture, the table, the findings."""
    rows = "".join(
        f"<tr><td>{escape(one.dataset)}</td>" + "".join(
            f"<td class=n>{number:,}</td>"
            for number in (one.cells, one.released, one.bound, one.suppressed, one.watched, one.narrowed)
        ) + f"<td>{escape(_certificate(one))}</td></tr>"
        for one in _worst(report)
    )
    found = "".join(
        f"<tr><td>{one.kind}</td><td>{escape(one.dataset)}</td><td>{escape(one.where)}</td>"
        f"<td>{escape(one.what)}</td></tr>" for one in report.findings[:SHOWN]
    )
    kinds = "".join(f"<li>{number:,} {kind}: {KINDS[kind]}</li>" for kind, number in _kinds(report))
    head = "".join(f"<th>{name}</th>" for name in _HEAD)
    findings = (
        f"<h2>Findings</h2><ul>{kinds}</ul><table><tr><th>finding</th><th>dataset</th><th>where</th>"
        f"<th>what can be seen</th></tr>{found}</table>" if report.findings else ""
    )
    return (
        "<!doctype html><html lang=en><meta charset=utf-8><title>Audit of a catalog</title><style>"
        "body{font:15px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:70rem;padding:0 1rem}"
        "table{border-collapse:collapse;margin:1rem 0}td,th{padding:.2rem .6rem;border-bottom:1px solid #ddd;"
        "text-align:left;vertical-align:top}.n{text-align:right}svg{max-width:100%;height:auto}</style>"
        f"<h1>Audit of a catalog</h1><p>{escape(_verdict(report))}</p>{picture(report)}"
        f"<table><tr>{head}</tr>{rows}</table>{findings}</html>\n"
    )


def picture(report: AuditReport) -> str:
    """An SVG: how much of each dataset's counts is released, bound and suppressed, and what failed."""
    bars = _worst(report)[:_BARS]
    left, width, line = 230, 520, 22
    height = 44 + line * len(bars)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {left + width + 190} {height}" role="img"'
        f' font-family="system-ui, sans-serif" font-size="12"><title>{escape(_verdict(report))}</title>'
    ]
    x = left
    for name, color in _COLORS.items():
        parts.append(f'<rect x="{x}" y="8" width="12" height="12" fill="{color}"/>'
                     f'<text x="{x + 17}" y="18">{name}</text>')
        x += 100
    for place, one in enumerate(bars):
        y = 34 + line * place
        name = escape(_short(one.dataset))
        parts.append(f'<text x="{left - 8}" y="{y + 12}" text-anchor="end">{name}</text>')
        x = left
        for name, color in _COLORS.items():
            share = getattr(one, name) / one.cells * width if one.cells else 0
            parts.append(f'<rect x="{x:.1f}" y="{y}" width="{share:.1f}" height="16" fill="{color}">'
                         f"<title>{escape(one.dataset)}: {getattr(one, name):,} {name}</title></rect>")
            x += share
        told = f"{one.narrowed:,} of {one.watched:,} too close" if one.narrowed else f"{one.watched:,} safe"
        color = f' fill="{_FAILED}" font-weight="bold"' if one.narrowed else ""
        parts.append(f'<text x="{left + width + 8}" y="{y + 12}"{color}>{told}</text>')
    return "".join(parts) + "</svg>"


def _verdict(report: AuditReport) -> str:
    watched = sum(one.watched for one in report.figures)
    narrowed = sum(one.narrowed for one in report.figures)
    small = "truly small numbers" if report.exact else "numbers that are or may be small"
    versions = ", together with the former version" if report.versions > 1 else ""
    unchanged = f" {len(report.unchanged)} datasets were audited before." if report.unchanged else ""
    return (
        f"{'Passed' if report.passed else 'Failed'}: rule {report.rule} promises that 1 to {report.small} all"
        f" stay possible{versions}. Of {watched:,} {small} in {len(report.figures):,} datasets, {narrowed:,}"
        f" can be told more closely. {len(report.failures):,} findings in all.{unchanged}"
    )


def _worst(report: AuditReport) -> list[Figures]:
    """Datasets in their order, those that fail first where not all can be shown."""
    if len(report.figures) <= _BARS:
        return list(report.figures)
    return sorted(report.figures, key=lambda one: -one.narrowed)[:SHOWN]


def _kinds(report: AuditReport) -> list[tuple[str, int]]:
    return Counter(finding.kind for finding in report.findings).most_common()


def _certificate(one: Figures) -> str:
    if one.programmes is None:
        return "intervals only"
    return f"{one.programmes:,} programmes" if not one.narrowed or one.programmes else "failed before"


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def _short(text: str) -> str:
    return text if len(text) <= 30 else f"{text[:29]}…"
