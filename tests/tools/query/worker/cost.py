"""What a worker process costs; `python -m tests.tools.query.worker.cost` prints p50 and p99 for the note."""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path

from knowledge.catalog.folder import read_folder
from knowledge.catalog.mirrors import mirror_at
from knowledge.catalog.place import DuckDBFile, Place
from knowledge.catalog.versions import CatalogVersions
from tests.postgres import fresh_database, running
from tests.tools.query.compile.test_compile import PLANS
from tests.tools.query.eye_catalog import EYE
from tools.query.compile import compile_plan
from tools.query.engines.engine import Ask, Limits
from tools.query.guard import catalog_schema, check
from tools.query.worker.child import open_engine
from tools.query.worker.pool import Pool

ROUNDS = 60


def _times(run: Callable[[Ask], object], asks: Sequence[Ask]) -> list[float]:
    found = []
    for ask in [*asks, *(ask for _ in range(ROUNDS) for ask in asks)]:
        began = time.perf_counter()
        run(ask)
        found.append((time.perf_counter() - began) * 1000)
    return sorted(found[len(asks) :])


def _shown(times: Sequence[float]) -> str:
    return f"{statistics.median(times):.2f} | {times[int(len(times) * 0.99)]:.2f}"


def _measure(place: Place) -> None:
    schema, dialect = catalog_schema(), place.dialect
    checked = [
        check(compile_plan(plan).sql(dialect), schema, dialect=dialect, compiled=True)
        for plan in PLANS.values()
    ]
    asks = [Ask(query.sql, query.tables, Limits()) for query in checked]
    engine = open_engine(place, Limits().megabytes)
    here = _times(engine.fetch, asks)
    engine.close()
    with closing(Pool(size=1)) as pool:
        began = time.perf_counter()
        pool.run(place, asks[0])
        cold = (time.perf_counter() - began) * 1000
        there = _times(lambda ask: pool.run(place, ask), asks)
    print(f"| {dialect} | {_shown(here)} | {_shown(there)} | {cold:.0f} |")


def main() -> None:
    """Print the table."""
    print("| engine | here p50 ms | here p99 | worker p50 | worker p99 | first question of a new worker |")
    print("|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as name, running() as server:
        root = Path(name)
        for url in (None, "sqlite:///mirror", fresh_database(server)):
            versions = CatalogVersions(root / "catalog", None if url is None else mirror_at(url, root))
            versions.publish(read_folder(EYE)[0])
            file = versions.require()
            _measure(DuckDBFile(file.path) if url is None else file.place)


if __name__ == "__main__":
    main()
