"""Results of the evals that a home keeps in ``evals/STAMP/result.json``, left by ``eval run``."""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path
from typing import Any

from knowledge.errors import NotFound, StoreUnavailable

RESULT = "result.json"
KEPT = 12  # as many as a trend shows


def keep_result(home: Path, stamp: str, document: dict[str, Any]) -> Path:
    """Keep the document of a run, whole or not at all. Raises StoreUnavailable."""
    path = home / "evals" / stamp / RESULT
    fresh = path.with_suffix(".new")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh.write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")
        fresh.replace(path)
    except OSError as error:
        raise StoreUnavailable(f"The result {path} cannot be written: {error.strerror or error}.") from error
    return path


def results(home: Path) -> list[dict[str, Any]]:
    """The last results that can be read, the latest first."""
    found = []
    for path in sorted((home / "evals").glob(f"*/{RESULT}"), reverse=True)[:KEPT]:
        with suppress(OSError, ValueError):
            document = json.loads(path.read_text(encoding="utf-8"))
            if isinstance(document, dict) and {"run", "suites", "gate"} <= document.keys():
                found.append(document)
    return found


def latest(home: Path) -> dict[str, Any]:
    """The latest result. Raises NotFound where there is none."""
    found = results(home)
    if not found:
        raise NotFound("No evals were run with this home.", hint="Run `giljabi eval run`.")
    return found[0]
