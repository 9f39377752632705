"""The audit of a whole catalog: counts by attack, everything else by what is published."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from knowledge.catalog.aggregates import EVERYONE, Grid
from knowledge.catalog.audit.audit_log import AuditLog
from knowledge.catalog.audit.counts import Subject, audit_subjects
from knowledge.catalog.audit.findings import AuditReport, Finding
from knowledge.catalog.audit.known import RuleKnown, rule_known
from knowledge.catalog.audit.side_channels import side_findings
from knowledge.catalog.audit.stored_counts import read_views
from knowledge.catalog.declaration import Protection
from knowledge.catalog.layout import Layout, joint
from knowledge.catalog.model import Meta
from knowledge.catalog.protect import exact_numbers
from knowledge.catalog.raw_folder import Raw
from knowledge.catalog.read import load_catalog
from knowledge.catalog.view import View
from knowledge.errors import CatalogInvalid

Progress = Callable[[str, int, int], None]
TOGETHER = 200  # datasets that are held in memory at a time
METHOD = 2  # counts up where the attack changes, so that what an earlier one found is not taken over


@dataclass(frozen=True)
class Published:
    """A catalog database, and a hash of each dataset's content."""

    path: Path
    datasets: Mapping[str, str]


def audit_catalog(
    catalog: Published, *, previous: Published | None = None, raw: Raw | None = None,
    extra: Iterable[Finding] = (), log: AuditLog | None = None, certificate: bool = True,
    progress: Progress | None = None,
) -> AuditReport:
    """Audit every dataset of a catalog, against the rule that it declares.

    ``previous``: the catalog that was published before, audited together with this one. ``raw``: the
    true numbers, to know which hidden ones are small. ``extra``: findings from elsewhere. ``log``:
    datasets whose content was audited before are taken from there. Raises CatalogInvalid where the
    catalog has counts and declares no rule, NotFound and StoreUnavailable for its file.
    """
    content = load_catalog(catalog.path)
    rule = _declared(content.meta)
    known = rule_known(rule)
    reports: dict[str, AuditReport] = {}
    unchanged: list[str] = []
    totals: dict[str, tuple[int, int]] = {}
    waiting: list[Subject] = []

    def audit() -> None:
        if waiting:
            report = audit_subjects(waiting, known, certificate=certificate, progress=progress)
            for subject, one in zip(waiting, _apart(report), strict=True):
                reports[subject.dataset] = one
                if log is not None:
                    log.keep(_key(subject.dataset, catalog, previous, raw, known, certificate), one)
            waiting.clear()

    for layout, view in read_views(catalog.path, _usual(known)):
        dataset = layout.grid.dataset
        if (total := _total(layout, view)) is not None:
            totals[dataset] = total
        logged = log.find(_key(dataset, catalog, previous, raw, known, certificate)) if log else None
        if logged is not None:
            reports[dataset] = logged
            unchanged.append(dataset)
            continue
        waiting.append(_subject(layout, view, previous, raw, known))
        if len(waiting) == TOGETHER:
            audit()
    audit()
    if log is not None:
        log.write()
    beside = list(side_findings(
        content, totals, known, missing=raw.missing if raw else (), overlaps=raw.overlaps if raw else (),
        rule=raw.rule if raw else None,
    ))
    return AuditReport(
        known.id, known.small, raw is not None, 1 if previous is None else 2,
        tuple(figures for report in reports.values() for figures in report.figures),
        (*(finding for report in reports.values() for finding in report.findings), *beside, *extra),
        tuple(unchanged),
    )


def _declared(meta: Meta) -> Protection:
    if meta.rule is None or meta.threshold is None:
        raise CatalogInvalid(
            "The catalog declares no protection, so there is nothing to audit its numbers against.",
            hint="Declare the rule in catalog.yaml that the counts were protected under.",
        )
    return Protection(
        meta.rule, meta.threshold, meta.base or 1, None if meta.rounding == "none" else meta.rounding,
        meta.zeros or "hidden", meta.suppressed_below or meta.threshold,
    )


def _apart(report: AuditReport) -> Iterator[AuditReport]:
    """One report per dataset."""
    for figures in report.figures:
        own = tuple(finding for finding in report.findings if finding.dataset == figures.dataset)
        yield replace(report, figures=(figures,), findings=own)


def _usual(known: RuleKnown) -> int:
    """What a suppressed number is at most, where nothing else is said."""
    return known.small if known.gate is None else known.gate - 1


def _subject(
    layout: Layout, view: View, previous: Published | None, raw: Raw | None, known: RuleKnown
) -> Subject:
    """One dataset, in the places of everything that is known of it."""
    dataset = layout.grid.dataset
    grids: list[Grid] = [layout.grid]
    former = None
    if previous is not None and dataset in previous.datasets:
        former = next(iter(read_views(previous.path, _usual(known), [dataset])), None)
    counted = raw is not None and dataset in raw.grids
    true = Layout(raw.grids[dataset]) if raw is not None and counted else None
    grids += [other.grid for other in (former[0] if former else None, true) if other is not None]
    wide = layout
    for grid in grids[1:]:
        wide = Layout(joint(wide.grid, grid))
    if true is not None:
        wide = Layout(_nested(wide.grid, true.grid))
    return Subject(
        wide, view.each(lambda block: layout.into(wide, block)),
        former and former[1].each(lambda block: former[0].into(wide, block)),
        exact_numbers(raw.counts.get(dataset, ()), true).each(lambda block: true.into(wide, block))
        if raw is not None and true is not None else None,
    )


def _nested(grid: Grid, true: Grid) -> Grid:
    """The grid with the cohorts that ``true`` says hold others, which the published rows do not say."""
    within = {one.cohort: one.within for one in true.cohorts}
    cohorts = tuple(replace(one, within=within.get(one.cohort, one.within)) for one in grid.cohorts)
    return replace(grid, cohorts=cohorts)


def _total(layout: Layout, view: View) -> tuple[int, int] | None:
    """Least and greatest number of people of a dataset, as published; None where that is not given."""
    if EVERYONE not in layout.cohorts:
        return None
    spot = (layout.cohorts.index(EVERYONE), 0, 0, 0, 0)
    if not view.patients.given[spot]:
        return None
    return int(view.patients.low[spot]), int(view.patients.high[spot])


def _key(
    dataset: str, catalog: Published, previous: Published | None, raw: Raw | None, rule: RuleKnown,
    certificate: bool,
) -> str:
    """What an audit of a dataset depends on."""
    true = repr(sorted(raw.counts.get(dataset, ()), key=repr)) if raw is not None else None
    parts = (
        METHOD, dataset, catalog.datasets.get(dataset), previous and previous.datasets.get(dataset), true,
        repr(rule), certificate,
    )
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()

