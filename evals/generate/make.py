"""From a catalog to a file of cases."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

from assistant.home import Home
from evals.generate.compose import compose
from evals.generate.write import made_of, write_cases
from knowledge.catalog.import_folder import import_folder
from knowledge.catalog.read import load_catalog
from knowledge.catalog.versions import CatalogFile, CatalogVersions
from knowledge.errors import CatalogInvalid


def generate(catalog: Path | Home, out: Path, n: int, *, seed: int = 0) -> dict[str, Any]:
    """Make up to ``n`` cases of a catalog folder, or of the catalog in use of a home, and write them.

    What came of it, JSON-ready. Raises CatalogMissing, CatalogInvalid where nothing can be asked about,
    StoreUnavailable.
    """
    with _opened(catalog) as file:
        cases = compose(load_catalog(file.path), file.place, n, seed=seed)
        as_of = date.fromisoformat(file.as_of)
    if not cases:
        raise CatalogInvalid("The catalog holds nothing to ask about.", hint="Give it datasets and counts.")
    made = made_of("home", catalog.root) if isinstance(catalog, Home) else made_of("catalog", catalog)
    written = write_cases(cases, out, made, as_of)
    return {
        "out": str(written),
        "run": written.is_dir(),
        "cases": len(cases),
        "kinds": dict(Counter(case.kind for case in cases)),
        "languages": dict(Counter(case.language for case in cases)),
    }


@contextmanager
def _opened(catalog: Path | Home) -> Iterator[CatalogFile]:
    """The version in use of a home, or a folder imported for the moment."""
    if isinstance(catalog, Home):
        yield catalog.versions.require()
        return
    with tempfile.TemporaryDirectory(prefix="giljabi-generate-") as place:
        versions = CatalogVersions(Path(place))
        import_folder(catalog, versions)
        yield versions.require()
