"""Generated cases as a file, or as a folder of suites that can be run at once."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from evals.case import QuestionCase
from evals.suite import MANIFEST
from knowledge.errors import StoreUnavailable

SUITE = "generated"
THRESHOLDS = """# Scores are not known before the first run; raise them to what it gives.
[invariants]
citation_validity = 1.0
nothing_invented = 1.0
nothing_leaked = 1.0
numbers_in_place = 1.0
caveats_said = 1.0
unbroken = 1.0
"""


def write_cases(cases: Sequence[QuestionCase], out: Path, home: str, as_of: date) -> Path:
    """Write a ``.jsonl`` file, or a new folder with suites.toml and thresholds.toml beside it.

    ``home`` is the line of suites.toml that says what the home is made of. Raises StoreUnavailable, also
    where something is there already.
    """
    lines = "".join(f"{case.model_dump_json()}\n" for case in cases)
    manifest = (
        f'[homes.{SUITE}]\n{home}\n\n[suites.{SUITE}]\nfile = "{SUITE}.jsonl"\nkind = "questions"\n'
        f'home = "{SUITE}"\ntoday = {as_of.isoformat()}\n'
    )
    try:
        if out.suffix == ".jsonl":
            with out.open("x", encoding="utf-8") as file:
                file.write(lines)
            return out
        out.mkdir(parents=True)
        (out / f"{SUITE}.jsonl").write_text(lines, encoding="utf-8")
        (out / MANIFEST).write_text(manifest, encoding="utf-8")
        (out / "thresholds.toml").write_text(THRESHOLDS, encoding="utf-8")
    except OSError as error:
        raise StoreUnavailable(
            f"The cases cannot be written to {out}: {error.strerror or error}.", hint="Choose another place."
        ) from error
    return out


def made_of(kind: str, path: Path) -> str:
    """A line of suites.toml: the home is made of this ``catalog`` folder, or of this ``home``."""
    return f"{kind} = {json.dumps(str(path.resolve()), ensure_ascii=False)}"
