"""Loading the sample programme into a home: its documents and its catalog."""

from __future__ import annotations

import json
import shutil
from importlib.resources import as_file, files
from pathlib import Path
from typing import TYPE_CHECKING

from knowledge.errors import StoreUnavailable

if TYPE_CHECKING:
    from assistant.home import Home, Progress
    from knowledge.catalog.import_report import ImportReport
    from knowledge.documents.document import IndexReport

PACKAGE = "knowledge.sample"
SOURCE = "sample"


def load_sample(home: Home, progress: Progress | None = None) -> tuple[IndexReport, ImportReport]:
    """Index the sample programme's documents and import its catalog. Loading it twice changes nothing."""
    marker = home.root / "sample.json"
    with home.writing(), as_file(files(PACKAGE)) as sample:
        kept = _keep(sample / "documents", home.root)
        before = _kept_before(marker)
        if before is not None and before != kept:  # the home was copied: its documents are these files now
            home.index.remove_paths([before], source=SOURCE)
        indexed = home.index.add_paths([kept], source=SOURCE, progress=progress)
    with as_file(files(PACKAGE)) as sample:
        imported = home.import_catalog(sample / "catalog", progress=progress)
    loaded = {"documents": str(kept), "catalog": imported.version}
    marker.write_text(json.dumps(loaded) + "\n", encoding="utf-8")
    return indexed, imported


def _keep(documents: Path, root: Path) -> Path:
    """A copy of the sample documents in the home: they keep their place when the package moves."""
    kept, fresh = root.resolve() / "sample" / "documents", root / "sample" / "fresh"
    try:
        shutil.rmtree(fresh, ignore_errors=True)
        shutil.copytree(documents, fresh, ignore=shutil.ignore_patterns("__pycache__", "*.py"))
        shutil.rmtree(kept, ignore_errors=True)
        fresh.rename(kept)
    except OSError as error:
        raise StoreUnavailable(f"The sample cannot be copied into {root}: {error}") from error
    return kept


def _kept_before(marker: Path) -> Path | None:
    """Where the sample's documents were when they were last loaded in full."""
    try:
        return Path(json.loads(marker.read_text(encoding="utf-8"))["documents"])
    except (OSError, ValueError, KeyError, TypeError):
        return None
