"""Suites: a folder with ``suites.toml``, which names homes and suites, and a JSONL file of cases for each.

Whatever is wrong with a file is an error that names the file and the line; no case is left out in silence.
"""

from __future__ import annotations

import difflib
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from pydantic import Field, ValidationError, model_validator

from evals.case import CASES, Case, Strict, SuiteKind
from evals.eval_file import read_text, read_toml, said_of
from knowledge.errors import CaseInvalid, NotFound

MANIFEST = "suites.toml"
DEFAULT_FOLDER = Path(__file__).parent / "suites"


class DictionarySpec(Strict):
    """A data dictionary that becomes part of the home's catalog, as ``catalog import`` takes it."""

    format: str
    path: str
    dataset: str | None = None
    preset: str | None = None


class HomeSpec(Strict):
    """What a home is made of. Paths are relative to the folder of the suites.

    ``home`` is another home, whose catalog in use is taken over.
    """

    sample: bool = False
    catalog: str = ""
    dictionaries: tuple[DictionarySpec, ...] = ()
    documents: str = ""
    home: str = ""

    @model_validator(mode="after")
    def _something(self) -> HomeSpec:
        if not (self.sample or self.catalog or self.documents or self.home):
            raise ValueError("a home needs the sample, a catalog, documents or another home")
        return self


class SuiteSpec(Strict):
    """One suite: its file of cases, what they are, the home they are asked of, and the day taken as today."""

    file: str
    kind: SuiteKind
    home: str
    today: date


class Manifest(Strict):
    """All of ``suites.toml``."""

    homes: dict[str, HomeSpec] = Field(min_length=1)
    suites: dict[str, SuiteSpec] = Field(min_length=1)

    @model_validator(mode="after")
    def _known_homes(self) -> Manifest:
        for name, suite in self.suites.items():
            if suite.home not in self.homes:
                raise ValueError(f"suite {name!r} asks a home {suite.home!r} that is not described")
        return self


@dataclass(frozen=True, slots=True)
class Suite:
    """A suite with its cases; ``hash`` is the sha256 (hex) of its file."""

    name: str
    kind: SuiteKind
    home: str
    today: date
    cases: tuple[Case, ...]
    hash: str


@dataclass(frozen=True, slots=True)
class SuiteFolder:
    """Everything that one folder of suites says. ``files``: the file of each suite."""

    path: Path
    homes: Mapping[str, HomeSpec]
    suites: Mapping[str, Suite]
    files: Mapping[str, str]

    def chosen(self, names: Sequence[str]) -> tuple[Suite, ...]:
        """The suites named, or all. Raises NotFound for an unknown name."""
        for name in names:
            if name not in self.suites:
                near = difflib.get_close_matches(name, self.suites, n=1)
                raise NotFound(
                    f"There is no suite {name!r}.",
                    hint=f"Did you mean {near[0]}?" if near else f"Suites are {', '.join(self.suites)}.",
                )
        return tuple(self.suites[name] for name in dict.fromkeys(names or self.suites))


def read_suites(folder: Path = DEFAULT_FOLDER) -> SuiteFolder:
    """Read and check all of a folder. Raises CaseInvalid with one line per problem."""
    manifest = _manifest(folder / MANIFEST)
    suites: dict[str, Suite] = {}
    problems: list[str] = []
    owners: dict[str, str] = {}
    for name, spec in manifest.suites.items():
        path = folder / spec.file
        cases, bad = read_cases(path, spec.kind)
        for number, case in cases:
            if case.id in owners:
                bad.append(f"{path.name}:{number}: the id {case.id!r} was used before, at {owners[case.id]}")
            owners.setdefault(case.id, f"{path.name}:{number}")
        problems += bad
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        only = tuple(case for _, case in cases)
        suites[name] = Suite(name, spec.kind, spec.home, spec.today, only, digest)
    if problems:
        raise CaseInvalid.of(problems)
    files = {name: spec.file for name, spec in manifest.suites.items()}
    return SuiteFolder(folder, manifest.homes, suites, files)


def read_cases(path: Path, kind: SuiteKind) -> tuple[list[tuple[int, Case]], list[str]]:
    """The cases of one file with their line numbers, and the problems of the lines that hold none."""
    cases: list[tuple[int, Case]] = []
    problems: list[str] = []
    for number, line in _lines(path):
        try:
            json.loads(line)
            cases.append((number, CASES[kind].model_validate_json(line)))
        except json.JSONDecodeError as error:
            problems.append(f"{path.name}:{number}: this is no JSON ({error.msg} at column {error.colno})")
        except ValidationError as error:
            problems += [f"{path.name}:{number}: {said}" for said in said_of(error)]
    if not cases and not problems:
        problems.append(f"{path.name}:1: the file holds no case")
    return cases, problems


def _lines(path: Path) -> list[tuple[int, str]]:
    return [(number, line) for number, line in enumerate(read_text(path).split("\n"), 1) if line.strip()]


def _manifest(path: Path) -> Manifest:
    return read_toml(
        path, lambda found: Manifest.model_validate_json(json.dumps(found, default=date.isoformat))
    )
