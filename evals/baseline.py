"""The baseline: what came of each case when it was last accepted, and which losses are accepted by name.

``baseline.json`` holds one line per case, so that a change of it can be read in a review. ``accepted.toml``
names cases that may go from right to wrong, each with a reason.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, ValidationError

from evals.case import Strict
from evals.eval_file import read_text, read_toml, said_of
from evals.log import Entry, Log
from evals.score import Scores
from evals.scores.mark import Mark, Outcome
from evals.suite import SuiteFolder
from knowledge.errors import CaseInvalid, StoreUnavailable

BASELINE = "baseline.json"
ACCEPTED = "accepted.toml"
UNPROTECTED = {"performance"}  # kinds whose outcome is not the same each time
SHOWN_TEXT = 300
SHOWN_ROWS = 3


class Shown(Strict):
    """A right answer in short, to be set beside one that is not: text, plan, first rows, places cited."""

    text: str
    plan: dict[str, Any] | None = None
    rows: tuple[tuple[Any, ...], ...] = ()
    cites: tuple[str, ...] = ()


class Known(Strict):
    """A case as it was accepted. ``hash`` is that of question and expectation."""

    suite: str
    outcome: Outcome
    hash: str
    answer: Shown | None = None


class Baseline(Strict):
    """All accepted cases by id. ``code`` and ``suites`` (file hashes) are those of the accepted logs."""

    format: Literal[1] = 1
    code: str = ""
    suites: dict[str, str] = Field(default_factory=dict)
    cases: dict[str, Known] = Field(default_factory=dict)


class Accepted(Strict):
    """A case that may be lost."""

    id: str = Field(min_length=1)
    reason: str = Field(pattern=r"\S.*\S")


class _AcceptedFile(Strict):
    accepted: tuple[Accepted, ...] = ()


@dataclass(frozen=True, slots=True)
class Loss:
    """A protected case that is not right any more. ``reason`` is why that is accepted, "" where it is not."""

    mark: Mark
    was: Known
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Against:
    """A scored log against the baseline. Only ``losses`` without a reason, ``gone``, ``changed`` and
    ``stale`` fail.

    gone: ids of the baseline that a suite of the log does not have. changed: ids whose question or
    expectation is another one. fresh: ids that the baseline does not have. idle: accepted ids that were
    not lost. stale: suites whose file is not the one that was run.
    """

    losses: tuple[Loss, ...] = ()
    won: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    fresh: tuple[str, ...] = ()
    idle: tuple[str, ...] = ()
    stale: tuple[str, ...] = ()
    pairs: Mapping[str, Sequence[tuple[Known, Mark]]] = field(default_factory=dict)

    @property
    def lost(self) -> tuple[Loss, ...]:
        """Losses that nobody accepted."""
        return tuple(loss for loss in self.losses if not loss.reason)

    @property
    def held(self) -> bool:
        """Nothing was lost unnoticed."""
        return not (self.lost or self.gone or self.changed or self.stale)


def read_baseline(folder: Path) -> Baseline | None:
    """The baseline of a folder of suites; None where it has none. Raises CaseInvalid."""
    path = folder / BASELINE
    if not path.exists():
        return None
    try:
        return Baseline.model_validate_json(read_text(path))
    except ValidationError as error:
        raise CaseInvalid.of([f"{path.name}: {said}" for said in said_of(error)]) from error


def read_accepted(folder: Path) -> Mapping[str, str]:
    """The reason of each case that may be lost. Raises CaseInvalid, also for an id named twice."""
    path = folder / ACCEPTED
    if not path.exists():
        return {}
    found = read_toml(path, lambda given: _AcceptedFile.model_validate(_tuples(given)))
    reasons: dict[str, str] = {}
    for one in found.accepted:
        if one.id in reasons:
            raise CaseInvalid.of([f"{path.name}: the case {one.id!r} is accepted twice"])
        reasons[one.id] = one.reason
    return reasons


def against(
    scores: Scores, baseline: Baseline | None, accepted: Mapping[str, str], folder: SuiteFolder
) -> Against:
    """Compare each protected case of the log with what was accepted, in the suites that were run."""
    stale = _stale(scores, folder)
    if baseline is None:
        return Against(stale=stale, idle=tuple(accepted))
    suites = [suite for suite in scores.suites.values() if suite.kind not in UNPROTECTED]
    marks = {mark.id: mark for suite in suites for mark in suite.marks}
    known = {id: case for id, case in baseline.cases.items() if case.suite in scores.suites}
    same = [id for id in marks if id in known and known[id].hash == marks[id].hash]
    was = {id for id in same if known[id].outcome == "right"}
    now = {id for id in same if marks[id].outcome == "right"}
    lost = [id for id in same if id in was - now]
    pairs: dict[str, list[tuple[Known, Mark]]] = {}
    for id in same:
        pairs.setdefault(marks[id].suite, []).append((known[id], marks[id]))
    return Against(
        losses=tuple(Loss(marks[id], known[id], accepted.get(id, "")) for id in lost),
        won=tuple(id for id in same if id in now - was),
        gone=tuple(id for id in known if id not in marks and id not in accepted),
        changed=tuple(id for id in marks if id in known and id not in same and id not in accepted),
        fresh=tuple(id for id in marks if id not in baseline.cases),
        idle=tuple(id for id in accepted if id not in lost and (id in same or id not in baseline.cases)),
        stale=stale,
        pairs=pairs,
    )


def _stale(scores: Scores, folder: SuiteFolder) -> tuple[str, ...]:
    """Suites of the log whose file is another one by now, or gone."""
    files = {name: suite.hash for name, suite in folder.suites.items()}
    return tuple(name for name, suite in scores.suites.items() if files.get(name) != suite.hash)


def accept(log: Log, scores: Scores, before: Baseline | None) -> Baseline:
    """The baseline with the log's suites in the place of what it held of them. Others stay."""
    entries = {entry.case.id: entry for entry in log.entries}
    kept = {} if before is None else dict(before.cases)
    cases = {id: case for id, case in kept.items() if case.suite not in scores.suites}
    for suite in scores.suites.values():
        if suite.kind in UNPROTECTED:
            continue
        for mark in suite.marks:
            right = mark.outcome == "right"
            cases[mark.id] = Known(
                suite=suite.name,
                outcome=mark.outcome,
                hash=mark.hash,
                answer=shown(entries[mark.id]) if right else None,
            )
    hashes = ({} if before is None else before.suites) | {n: s.hash for n, s in scores.suites.items()}
    return Baseline(code=log.header.code, suites=hashes, cases=cases)


def shown(entry: Entry) -> Shown | None:
    """What came of a case, in short; None for a search."""
    if entry.answer is None:
        return None
    query = entry.answer.query
    text = "\n\n".join(turn.answer.text for turn in entry.turns)
    return Shown(
        text=text if len(text) <= SHOWN_TEXT else text[:SHOWN_TEXT] + " ...",
        plan=query.plan if query is not None else None,
        rows=query.rows[:SHOWN_ROWS] if query is not None else (),
        cites=tuple(
            dict.fromkeys(" › ".join(filter(None, (c.document, c.section))) for c in entry.answer.citations)
        ),
    )


def write_baseline(baseline: Baseline, folder: Path) -> Path:
    """Write ``baseline.json``, one case a line, in order of id. Raises StoreUnavailable."""
    path, fresh = folder / BASELINE, folder / f".{BASELINE}"
    head = baseline.model_dump(mode="json", exclude={"cases"})
    lines = [
        f"{json.dumps(id)}: {case.model_dump_json(exclude_none=True)}"
        for id, case in sorted(baseline.cases.items())
    ]
    text = json.dumps(head, ensure_ascii=False)[:-1] + ', "cases": {\n' + ",\n".join(lines) + "\n}}\n"
    try:
        fresh.write_text(text, encoding="utf-8")
        fresh.replace(path)
    except OSError as error:
        raise StoreUnavailable(
            f"The baseline {path} cannot be written: {error.strerror or error}."
        ) from error
    return path


def _tuples(value: object) -> object:
    """Lists as tuples, which strict records ask for."""
    if isinstance(value, dict):
        return {name: _tuples(member) for name, member in value.items()}
    return tuple(_tuples(member) for member in value) if isinstance(value, list) else value
