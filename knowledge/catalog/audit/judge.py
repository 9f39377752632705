"""The judgement on attacked datasets: which numbers can be told more closely than promised."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from knowledge.catalog.audit.attack import Attacked, Seen, attack
from knowledge.catalog.audit.certificate import binding, certify
from knowledge.catalog.audit.constraints import COMPLEMENT, PATIENTS, RECORDS
from knowledge.catalog.audit.intervals import Limits
from knowledge.catalog.audit.known import RuleKnown
from knowledge.catalog.layout import Mask, Numbers, Place
from knowledge.catalog.publish import Exact
from knowledge.catalog.view import SUPPRESSED, View

Key = tuple[int, int, Place, int | None]  # measure, version, place, the holding cohort of a complement


@dataclass(frozen=True, slots=True)
class Narrowed:
    """A number of which less than promised stays possible: low to high. ``place`` is the cell's, for a
    complement that of the cohort; ``parent`` is then the cohort that holds it. version 1 is the former."""

    measure: int
    version: int
    place: Place
    low: int
    high: int
    parent: int | None = None

    @property
    def key(self) -> Key:
        """Which number it is."""
        return self.measure, self.version, self.place, self.parent


@dataclass
class Judgement:
    """One dataset's outcome. watched: numbers that the promise is about. programmes: linear programmes
    that were solved. fits: False where no numbers fit what is published."""

    narrowed: dict[Key, Narrowed] = field(default_factory=dict)
    watched: int = 0
    programmes: int = 0
    given_up: str = ""
    fits: bool = False

    @property
    def failures(self) -> int:
        """How much breaks the promise; more than any count where nothing fits."""
        return len(self.narrowed) if self.fits else 1 << 30

    def joined(self, other: Judgement) -> Judgement:
        """What someone may tell who makes one attack or the other. As if no programme was solved where one
        of them failed before."""
        told = all(one.programmes or not one.narrowed for one in (self, other))
        return Judgement(
            other.narrowed | self.narrowed, self.watched, (self.programmes + other.programmes) if told else 0,
            self.given_up, self.fits and other.fits,
        )


@dataclass(frozen=True)
class _Watch:
    """A block of variables: ``numbers`` are those that the promise is about; ``true`` their true values."""

    measure: int
    version: int
    index: NDArray[np.intp]
    numbers: Mask
    true: Numbers | None


def judge(
    seen: Seen, rule: RuleKnown, *, certificate: bool, about: Collection[Key] | None = None,
    told: Collection[Key] = (),
) -> list[Judgement]:
    """Attack all columns by intervals; with ``certificate``, those that pass by linear programmes as well,
    for the numbers in ``about`` only if given. ``told`` are known already and left out."""
    judgements = [Judgement() for _ in range(seen.view.columns)]
    outcomes = attack(seen, rule)
    for outcome in outcomes:
        _note(outcome, judgements)
        for watch in _watches(outcome, seen, rule):
            for column, amount in zip(outcome.columns, watch.numbers.sum(axis=(0, 1, 2, 3)), strict=True):
                judgements[column].watched += int(amount)
            limits = outcome.intervals.low[watch.index], outcome.intervals.high[watch.index]
            for place, one in _found(outcome, watch, *limits, rule):
                _keep(judgements[outcome.columns[place]], one)
    for judgement in judgements:
        _forget(judgement, told)
    if certificate:
        for column, judgement in enumerate(judgements):
            if judgement.fits and not judgement.narrowed:
                _certify(seen.some(np.array([column])), [
                    outcome.one(column) for outcome in outcomes if column in outcome.columns
                ], rule, judgement, about)
                _forget(judgement, told)
    return judgements


def _certify(
    seen: Seen, outcomes: list[Attacked], rule: RuleKnown, judgement: Judgement, about: Collection[Key] | None
) -> None:
    """Linear programmes for one column. Where they show that no numbers fit although intervals do, the
    attacker gives up the next supposition."""
    while outcomes:
        fits = False
        for outcome in outcomes:
            watches = [_among(outcome, watch, about) for watch in _watches(outcome, seen, rule)]
            variables = np.concatenate([watch.index[watch.numbers[..., 0]] for watch in watches])
            verdict = certify(outcome.system, outcome.intervals, variables, 1, rule.small)
            judgement.programmes += verdict.programmes
            if not verdict.fits:
                continue
            fits = True
            least, most = (np.zeros(outcome.system.size, np.int64) for _ in range(2))
            least[variables], most[variables] = verdict.least, verdict.most
            for watch in watches:
                limits = least[watch.index][..., None], most[watch.index][..., None]
                for _, one in _found(outcome, watch, *limits, rule):
                    _keep(judgement, one)
        if fits:
            return
        outcomes = attack(seen, rule, outcomes[0].step + 1)
        for outcome in outcomes[:1]:
            judgement.given_up = outcome.attempt.given_up
    judgement.fits = False


def reasons(seen: Seen, rule: RuleKnown, one: Narrowed) -> set[tuple[int, int, int, int, int]]:
    """The published numbers that ``one`` follows from: measure, cohort, year, sex, age band (one column, the
    latest version). None where it follows from more than the linear programme sees."""
    found: set[tuple[int, int, int, int, int]] = set()
    for outcome in attack(seen, rule)[:1]:
        system = outcome.system
        index = system.blocks[one.measure, one.version]
        child = one.place[0] if one.parent is None else system.shape.within.index((one.place[0], one.parent))
        variable = int(index[(child, *one.place[1:])])
        ties = binding(system, outcome.start, variable, 1 if one.low > 1 else -1)
        for measure in (PATIENTS, RECORDS):
            for block in (system.blocks[measure, 0], system.moved.get(measure)):
                for place in np.argwhere(np.isin(block, ties)) if block is not None else ():
                    cohort, year, sex, band = map(int, place)
                    found.add((measure, cohort, year, sex, band))
    return found


def _among(outcome: Attacked, watch: _Watch, about: Collection[Key] | None) -> _Watch:
    """Of the numbers that are watched, those that ``about`` names."""
    if about is None:
        return watch
    named = np.zeros(watch.numbers.shape, np.bool_)
    for measure, version, (cohort, *rest), parent in about:
        if (measure, version) == (watch.measure, watch.version):
            first = cohort if parent is None else outcome.system.shape.within.index((cohort, parent))
            named[(first, *rest)] = True
    return replace(watch, numbers=watch.numbers & named)


def _note(outcome: Attacked, judgements: list[Judgement]) -> None:
    for column in outcome.columns:
        judgements[column].fits = True
        judgements[column].given_up = outcome.attempt.given_up
        judgements[column].watched = 0


def _forget(judgement: Judgement, told: Collection[Key]) -> None:
    for key in told:
        judgement.narrowed.pop(key, None)


def _keep(judgement: Judgement, one: Narrowed) -> None:
    judgement.narrowed.setdefault(one.key, one)


def _found(
    outcome: Attacked, watch: _Watch, low: Limits, high: Limits, rule: RuleKnown
) -> Iterator[tuple[int, Narrowed]]:
    fails = watch.numbers & ((low > 1) | (high < rule.small))
    if watch.true is not None:
        # who supposes something that is not so, and is led past the true number, has learned nothing of it
        fails &= ((low <= 1) | (low <= watch.true)) & ((high >= rule.small) | (high >= watch.true))
    within = outcome.system.shape.within
    for spot in zip(*np.nonzero(fails), strict=True):
        cohort, year, sex, band, column = map(int, spot)
        child, parent = within[cohort] if watch.measure == COMPLEMENT else (cohort, None)
        yield column, Narrowed(
            watch.measure, watch.version, (child, year, sex, band), int(low[spot]), int(high[spot]), parent
        )


def _watches(outcome: Attacked, seen: Seen, rule: RuleKnown) -> Iterator[_Watch]:
    """What is watched of each block. With the truth, the small numbers; without, and where the latest version
    is not even to seem to tell, people who are suppressed, and what must be small by what is published."""
    seen = seen.some(outcome.columns)
    for version, view, exact in ((0, seen.view, seen.exact), (1, seen.former, seen.former_exact)):
        if view is None:
            continue
        for measure in outcome.system.measures:
            index = outcome.system.blocks[measure, version]
            declared, true = _true(outcome, measure, view, exact)
            # places for people of no declared sex or age band come last, and nothing is promised of them
            wider = [(0, wide - known) for wide, known in zip(index.shape, declared.shape, strict=False)]
            declared = np.pad(declared, [*wider, (0, 0)])
            if true is not None:
                true = np.broadcast_to(np.pad(true, [*wider, (0, 0)]), declared.shape)
                numbers = declared & (true < rule.threshold) & (true >= (0 if rule.zeros_hidden else 1))
            else:
                numbers = np.zeros_like(declared)
            if true is None or (seen.suspect and version == 0):
                hidden = np.pad(view.patients.state == SUPPRESSED, [*wider, (0, 0)])
                numbers |= _suspected(outcome, measure, index, rule, hidden, declared)
            yield _Watch(measure, version, index, numbers, true)


def _suspected(
    outcome: Attacked, measure: int, index: NDArray[np.intp], rule: RuleKnown, hidden: Mask, declared: Mask
) -> Mask:
    """What may be small by what is published: people who are suppressed, everything that must be small."""
    if measure == PATIENTS:
        return hidden & (outcome.intervals.low[index] < rule.threshold)
    return declared & (outcome.intervals.high[index] < rule.threshold)


def _true(
    outcome: Attacked, measure: int, view: View, exact: Exact | None
) -> tuple[Mask, Numbers | None]:
    """Which places of a block are cells, and the true numbers there."""
    declared = view.patients.state > 0
    if measure != COMPLEMENT:
        if exact is None:
            return declared, None
        return declared, exact.patients if measure == PATIENTS else exact.records
    child, parent = (list(side) for side in zip(*outcome.system.shape.within, strict=True))
    bands = declared.shape[3] if outcome.system.shape.same_index else 1
    both = (declared[child] & declared[parent])[:, :, :, :bands]
    if exact is None:
        return both, None
    return both, (exact.patients[parent] - exact.patients[child])[:, :, :, :bands]
