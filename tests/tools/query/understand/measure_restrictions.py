"""How often something that limits a question is dropped without a word.

``python -m tests.tools.query.understand.measure_restrictions [CATALOG QUESTIONS]... [--seed N] [--rounds N]``

Takes the questions that are answered now (by default those of the evals' suites), plants one change after the
other (plant.py) and counts the answers that neither have it nor name it. CATALOG is a catalog folder,
QUESTIONS a JSONL file of cases with ``text``. ``-v KIND`` prints the faults of the kinds that begin so (""
for all).
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

from knowledge.catalog.database import build_database
from knowledge.catalog.folder import read_folder
from knowledge.catalog.read import load_catalog
from knowledge.glossary.glossary import load_terms
from tests.tools.query.understand.plant import Planted, plant, silent
from tools.query.understand.outcome import Understood
from tools.query.understand.understand import Reader

SUITES = Path("evals/suites")
CATALOGS = Path("evals/catalogs")


def planted_in(
    reader: Reader, questions: Sequence[str], seed: int, today: date | None = None
) -> Iterator[tuple[Planted, bool]]:
    """What was planted, and whether it was dropped without a word, for all questions that are answered."""
    for question in questions:
        outcome = reader.understand(question, today=today)
        if isinstance(outcome, Understood):
            for planted in plant(reader, question, outcome.plan, random.Random(f"{seed} {question}")):
                yield planted, silent(reader.understand(planted.text, today=today), planted)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("sets", nargs="*", type=Path)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("-v", dest="kind", default=None)
    given = parser.parse_args()
    asked: Counter[str] = Counter()
    dropped: Counter[str] = Counter()
    readers: dict[Path, Reader] = {}
    with tempfile.TemporaryDirectory() as folder:
        for catalog, file in _pairs(given.sets):
            if catalog not in readers:
                readers[catalog] = _opened(catalog, Path(folder) / f"{len(readers)}.duckdb")
            for seed in range(given.seed, given.seed + given.rounds):
                for planted, bad in planted_in(readers[catalog], _answered(file), seed):
                    asked[planted.kind] += 1
                    dropped[planted.kind] += bad
                    if bad and given.kind is not None and planted.kind.startswith(given.kind):
                        print(f"{planted.kind}\t{planted.words}\t{planted.text}")
            told = f"{asked.total()} planted so far, {dropped.total()} dropped"
            print(f"{catalog} {file.stem}: {told}", file=sys.stderr)
    for kind in (*sorted(asked), "all"):
        whole, part = (asked[kind], dropped[kind]) if kind in asked else (asked.total(), dropped.total())
        print(f"{kind:28} {whole:6} {part:5}  {100 * part / max(1, whole):5.1f} %")


def _pairs(given: Sequence[Path]) -> list[tuple[Path, Path]]:
    suites = sorted(SUITES.glob("questions_*.jsonl"))
    named = [(CATALOGS / path.stem.removeprefix("questions_"), path) for path in suites]
    return list(zip(given[::2], given[1::2], strict=True)) or named


def _answered(file: Path) -> list[str]:
    """The questions of a file that have an answer."""
    cases = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines() if line.strip()]
    return [case["text"] for case in cases if case.get("expect", {}).get("status", "answered") == "answered"]


def _opened(folder: Path, database: Path) -> Reader:
    read, _ = read_folder(folder)
    build_database(read, database)
    return Reader.of(load_catalog(database), load_terms())


if __name__ == "__main__":
    main()
