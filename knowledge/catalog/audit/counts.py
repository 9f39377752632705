"""The audit of counts: ``audit_counts`` for one dataset, ``audit_subjects`` for many at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from knowledge.catalog.aggregates import Grid, RawCount
from knowledge.catalog.audit.attack import Seen
from knowledge.catalog.audit.constraints import COMPLEMENT, PATIENTS
from knowledge.catalog.audit.findings import AuditReport, Figures, Finding
from knowledge.catalog.audit.judge import Judgement, Narrowed, judge
from knowledge.catalog.audit.known import RuleKnown, rule_known
from knowledge.catalog.audit.plain import SHOWN, name_of, plain_findings, version_findings
from knowledge.catalog.declaration import Protection
from knowledge.catalog.layout import Layout, Shape, joint
from knowledge.catalog.protect import ProtectedCount, as_numbers, exact_numbers
from knowledge.catalog.protection_rule import Rule
from knowledge.catalog.publication import PublishedDataset, former_of
from knowledge.catalog.publish import Exact
from knowledge.catalog.view import BOUND, RELEASED, SUPPRESSED, View, stack, view_of

Progress = Callable[[str, int, int], None]
TOGETHER = 200_000  # cells that are attacked side by side: few enough for the processor's cache


@dataclass(frozen=True)
class Subject:
    """One dataset to audit: what is published (and was), and the true numbers where they are known."""

    layout: Layout
    view: View
    former: View | None = None
    exact: Exact | None = None
    former_exact: Exact | None = None

    @property
    def dataset(self) -> str:
        """Its id."""
        return self.layout.grid.dataset


def audit_counts(
    published: Iterable[ProtectedCount], grid: Grid, rule: Rule | Protection, *,
    previous: PublishedDataset | None = None, truth: Iterable[RawCount] | None = None,
    certificate: bool = True,
) -> AuditReport:
    """Attack one dataset's published counts, together with the former version where one is given.

    ``truth`` only tells which of the hidden numbers are small; without it, every suppressed number
    counts as one. ``certificate=False`` leaves the linear programmes out.
    """
    subject = subject_of(published, grid, rule, previous=previous, truth=truth)
    return audit_subjects([subject], rule_known(rule), certificate=certificate)


def subject_of(
    published: Iterable[ProtectedCount], grid: Grid, rule: Rule | Protection, *,
    previous: PublishedDataset | None = None, truth: Iterable[RawCount] | None = None,
) -> Subject:
    """The lists as blocks; with a former version, both in the places of either."""
    own = Layout(grid)
    view = view_of(own, as_numbers(published, rule.range_of))
    exact = exact_numbers(truth, own) if truth is not None else None
    if previous is None:
        return Subject(own, view, exact=exact)
    old, wide = Layout(previous.grid), Layout(joint(grid, previous.grid))
    former = view_of(old, as_numbers(previous.counts, rule.range_of))
    basis = former_of(previous, old).basis if previous.state else None
    return Subject(
        wide, view.each(lambda block: own.into(wide, block)),
        former.each(lambda block: old.into(wide, block)),
        exact and exact.each(lambda block: own.into(wide, block)),
        basis and basis.each(lambda block: old.into(wide, block)),
    )


def audit_subjects(
    subjects: Sequence[Subject], rule: RuleKnown, *, certificate: bool = True,
    progress: Progress | None = None,
) -> AuditReport:
    """Attack many datasets, those of one shape together. The report has them in the given order."""
    judgements: dict[str, Judgement] = {}
    for group in _groups(subjects):
        for subject, judgement in zip(group, judge(_seen(group), rule, certificate=certificate), strict=True):
            judgements[subject.dataset] = judgement
            if progress is not None:
                progress("Auditing", len(judgements), len(subjects))
    return report([(one, judgements[one.dataset]) for one in subjects], rule, certificate=certificate)


def report(
    judged: Sequence[tuple[Subject, Judgement]], rule: RuleKnown, *, certificate: bool
) -> AuditReport:
    """The judgements in words, with what can be seen without arithmetic."""
    return AuditReport(
        rule.id, rule.small, all(subject.exact is not None for subject, _ in judged),
        2 if any(subject.former is not None for subject, _ in judged) else 1,
        tuple(_figures(subject, judgement, rule.small, certificate) for subject, judgement in judged),
        tuple(finding for subject, judgement in judged for finding in _findings(subject, judgement, rule)),
    )


def _groups(subjects: Sequence[Subject]) -> Iterator[list[Subject]]:
    """Datasets that can be attacked side by side."""
    alike: dict[tuple[Shape, bool, bool, bool], list[Subject]] = defaultdict(list)
    for one in subjects:
        given = (one.former is not None, one.exact is not None, one.former_exact is not None)
        alike[one.layout.shape, *given].append(one)
    for (shape, *_), group in alike.items():
        size = max(1, TOGETHER // int(np.prod(shape.block)))
        for start in range(0, len(group), size):
            yield group[start:start + size]


def _seen(group: Sequence[Subject]) -> Seen:
    def exact(several: Sequence[Exact | None]) -> Exact | None:
        given = [one for one in several if one is not None]
        return Exact(*(
            np.concatenate([getattr(one, name) for one in given], axis=-1) for name in ("patients", "records")
        )) if given else None

    former = [one.former for one in group if one.former is not None]
    return Seen(
        group[0].layout.shape, stack([one.view for one in group]), stack(former) if former else None,
        exact([one.exact for one in group]), exact([one.former_exact for one in group]),
    )


def _figures(subject: Subject, judgement: Judgement, small: int, certificate: bool) -> Figures:
    state = subject.view.patients.state
    return Figures(
        subject.dataset, int((state > 0).sum()), int((state == RELEASED).sum()), int((state == BOUND).sum()),
        int((state == SUPPRESSED).sum()), judgement.watched,
        sum(not _doubtful(subject, one, small) for one in judgement.narrowed.values()),
        judgement.programmes if certificate else None, judgement.given_up,
    )


def _doubtful(subject: Subject, one: Narrowed, small: int) -> bool:
    """True for a number of the former version of which nobody here knows whether it was small."""
    return one.version == 1 and subject.former_exact is None and one.high > small


def _findings(subject: Subject, judgement: Judgement, rule: RuleKnown) -> Iterator[Finding]:
    dataset = subject.dataset
    if not judgement.fits:
        yield Finding("contradiction", dataset, "counts", "no table of numbers fits all that is published")
    told = sorted(judgement.narrowed.values(), key=lambda one: _doubtful(subject, one, rule.small))
    for one in told[:SHOWN]:
        yield _narrowed(subject, one, rule)
    if len(told) > SHOWN:
        kind = "may_be_narrowed" if _doubtful(subject, told[SHOWN], rule.small) else "narrowed"
        yield Finding(kind, dataset, "other cells", f"{len(told) - SHOWN} more like these")
    yield from plain_findings(subject.layout, subject.view, rule, subject.exact)
    if subject.former is not None:
        yield from version_findings(
            subject.layout, subject.view, subject.former, rule, subject.exact, subject.former_exact
        )


def _narrowed(subject: Subject, one: Narrowed, rule: RuleKnown) -> Finding:
    where = name_of(subject.layout, one.place)
    if one.measure == COMPLEMENT and one.parent is not None:
        where = f"{subject.layout.cohorts[one.parent] or 'everyone'} without {where}"
    elif one.measure != PATIENTS:
        where = f"records of {where}"
    if one.version:
        where += ", former version"
    left = str(one.low) if one.low == one.high else f"{one.low} to {one.high}"
    kind = "unsuppressed_complement" if _alone(subject, one) else "narrowed"
    if _doubtful(subject, one, rule.small):
        kind = "may_be_narrowed"
    return Finding(kind, subject.dataset, where, f"can only be {left}, promised was 1 to {rule.small}")


def _alone(subject: Subject, one: Narrowed) -> bool:
    """True where a hidden cell is the only hidden one of some sum, all other parts being shown."""
    view = subject.former if one.version and subject.former is not None else subject.view
    people = view.patients
    if one.measure != PATIENTS or people.state[(*one.place, 0)] != SUPPRESSED:
        return False
    for axis in (2, 3):
        line: list[int | slice] = [*one.place, 0]
        line[axis] = slice(None)
        states = people.state[tuple(line)]
        if one.place[axis] and states[0] in (RELEASED, BOUND) and (states[1:] == SUPPRESSED).sum() == 1:
            return True
    return False
