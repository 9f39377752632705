"""The lines of a run log: what was run, and what came of each case. Data only."""

from __future__ import annotations

from typing import Any, Literal

from evals.case import Strict, SuiteKind

FORMAT = 2  # of the log


class SuiteRecord(Strict):
    """A suite as it was run."""

    kind: SuiteKind
    home: str
    today: str
    cases: int
    hash: str


class HomeRecord(Strict):
    """A home as it was asked: versions, the hospital of each dataset, every name of the catalog.

    ``labels``: what hospitals, datasets and cohorts are called in both languages, each with their ids;
    ``titles``: of each document.
    """

    catalog: str
    documents: dict[str, str]
    datasets: dict[str, str]
    names: tuple[str, ...]
    labels: dict[str, tuple[str, ...]]
    titles: dict[str, str]


class Header(Strict):
    """What was run, on what. A log goes on where ``code``, ``models``, ``suites`` and ``homes`` agree.

    ``models``: releases of the packages that encode, analyse and query. ``settings``: those of the run.
    """

    type: Literal["run"] = "run"
    format: Literal[2] = 2
    started: str
    release: str
    code: str
    python: str
    models: dict[str, str]
    settings: dict[str, str]
    suites: dict[str, SuiteRecord]
    homes: dict[str, HomeRecord]


class Found(Strict):
    """A passage that a search gave."""

    document: str
    section: str
    kind: str
    score: float
    text: str


class Failure(Strict):
    """A case that could not be asked: the kind of error and what it said."""

    kind: str
    message: str


class TurnRecord(Strict):
    """An answer. ``stored``: for each citation, what the stored version holds at its offsets, or None."""

    answer: dict[str, Any]
    stored: tuple[str | None, ...] = ()


class Record(Strict):
    """One case with what came of it: an answer, the answers of a conversation, passages, or a failure.

    ``stored``: for each citation of the answer, what the stored version holds at its offsets; None where
    there is no such version.
    """

    type: Literal["case"] = "case"
    suite: str
    case: dict[str, Any]
    seconds: float
    answer: dict[str, Any] | None = None
    stored: tuple[str | None, ...] = ()
    turns: tuple[TurnRecord, ...] = ()
    passages: tuple[Found, ...] | None = None
    failure: Failure | None = None
