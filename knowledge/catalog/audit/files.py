"""What the files of a catalog folder say beyond what an import takes in: whoever has it reads that, too."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from knowledge.catalog.audit.findings import Finding
from knowledge.catalog.audit.plain import SHOWN
from knowledge.catalog.rows import Problems, UnreadableFile, read_rows

# by file: columns that hold dates of the catalog's making, not of patients
_ADMINISTRATIVE = {"datasets": {"last_updated"}}
_FILES = ("datasets", "tables", "variables", "coverage", "cohorts", "counts")
_DAY = re.compile(r"(?:18|19|20)\d\d[-./]\d{1,2}[-./]\d{1,2}(?:[T ].*)?")
_EXTREME = re.compile(
    r"(?:^|_)(?:min|max|minimum|maximum|lowest|highest|smallest|largest)(?:_|$)|최[소대솟댓]"
)
_DECLARED = {"age_min", "age_max"}  # who is meant to be in a dataset or cohort
_REFUSED = ("protect the catalog", "mark it suppressed", "not stored")
_COUNT_PROBLEM = re.compile(r"(?P<where>(?:counts|linkage)\.csv:\d+): (?P<what>.*)")


def file_findings(folder: Path) -> Iterator[Finding]:
    """Dates to the day, and columns of least and greatest values."""
    for name in _FILES:
        path = folder / f"{name}.csv"
        if not path.exists():
            continue
        try:
            yield from _first(_column_findings(name, path))
        except UnreadableFile:
            continue  # the import says so, and takes nothing of it


def problem_findings(problems: Iterable[str]) -> Iterator[Finding]:
    """Published numbers that an import refuses, because the declared rule cannot have released them."""
    for problem in problems:
        match = _COUNT_PROBLEM.match(problem)
        if match and any(word in match["what"] for word in _REFUSED):
            yield Finding("rule_broken", "", match["where"], match["what"])


def _column_findings(name: str, path: Path) -> Iterator[Finding]:
    for row in read_rows(path, (), Problems()):
        dataset = row.cells.get("dataset", "")
        for column, cell in row.cells.items():
            if not cell or column in _ADMINISTRATIVE.get(name, ()):
                continue
            where = f"{path.name}:{row.number}"
            if name != "counts" and _DAY.fullmatch(cell) and column not in ("period_start", "period_end"):
                yield Finding("day_precise_date", dataset, where, f"{column} is {cell}")
            if column not in _DECLARED and _EXTREME.search(column.casefold()):
                yield Finding("minimum_or_maximum", dataset, where, f"{column} is {cell}")


def _first(findings: Iterator[Finding]) -> Iterator[Finding]:
    for number, finding in enumerate(findings):
        if number >= SHOWN:
            return
        yield finding
