"""How long an answer takes, step by step, beside the floor: ``python -m tests.assistant.measure_speed``.

The floor is what no answer could do without: one embedding of the question, one BM25 search, one query of
Chroma and the bare SQL on an open connection, over the same passages and the same catalog, with the
libraries alone. Times are milliseconds on this machine; medians and 95 % points over the questions, and
CPU times, which other work on the machine changes less; the process that runs the SQL is not in them.

The sample is asked, or with ``--home FOLDER`` a home that is there, or with ``--catalog FILE`` a catalog's
DuckDB file alone: then there is no whole answer. ``--from N`` takes the names that are asked about from
further on in the catalog.
"""

from __future__ import annotations

import argparse
import resource
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from api.environment import prepare_environment

TODAY = date(2025, 4, 10)
ROUNDS = 3


def main() -> None:
    parser = argparse.ArgumentParser(description="Time each step of an answer.")
    parser.add_argument("--home", type=Path)
    parser.add_argument("--catalog", type=Path)
    parser.add_argument("--from", type=int, default=0, dest="first")
    given = parser.parse_args()
    prepare_environment()
    if given.catalog is not None:
        _, reader, asked = opened(given.catalog, given.first)
        times = read(reader, asked)
        times.pop("sql")
        show(times, len(asked))
        return
    from assistant.home import Home
    from assistant.sample import load_sample

    with tempfile.TemporaryDirectory() as folder, Home(given.home or Path(folder) / "home", "speed") as home:
        home.create()
        home.hold("exclusive")
        if given.home is None:
            load_sample(home)
        path, reader, asked = opened(home.versions.require().path, given.first)
        times = steps(home, reader, asked)
        statements = times.pop("sql")
        show(times, len(asked))
        floor = floors(home, path, statements, asked)
    show(floor, 0)
    least, whole = sum(median(values) for values in floor.values()), median(times["whole"])
    print(f"whole answer / floor: {whole:.1f} / {least:.1f} ms = {whole / least:.1f}")


def opened(path: Path, first: int) -> tuple[Path, Any, list[str]]:
    """The reader of a catalog file, with what it took to open said, and questions over its names."""
    from knowledge.catalog.read import load_catalog
    from knowledge.glossary.glossary import load_terms
    from tools.query.understand.understand import Reader

    begun, before = time.process_time(), megabytes()
    catalog = load_catalog(path)
    loaded = time.process_time() - begun
    reader = Reader.of(catalog, load_terms())
    whole = time.process_time() - begun
    print(
        f"{len(catalog.variables):,} variables: {loaded:.1f} CPU s to load, {whole - loaded:.1f} to index,"
        f" {megabytes() - before:,.0f} MB (peak of the process {peak():,.0f} MB)"
    )
    return path, reader, questions(catalog, first)


def show(times: dict[str, list[float]], asked: int) -> None:
    """A table of the steps, with their shares where there are whole answers."""
    if asked:
        print(f"{asked} questions to the catalog, each asked {ROUNDS} times; milliseconds")
        print(f"{'step':<34}{'p50':>8}{'p95':>8}{'share':>8}")
    whole = median(times["whole"]) if "whole" in times else 0.0
    for name, values in times.items():
        part = whole and name != "whole" and "CPU" not in name
        share = f"{100 * median(values) / whole:6.0f} %" if part else ""
        print(f"{name if asked else f'floor: {name}':<34}{median(values):8.2f}"
              f"{np.percentile(values, 95):8.2f}{share:>8}")


def megabytes() -> float:
    """The memory of this process now."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * resource.getpagesize() / 1e6


def peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3


def questions(catalog: Any, first: int = 0) -> list[str]:
    """Questions that any catalog answers, in both languages, over its own names; of datasets and variables
    those behind ``first`` in a hundred."""
    found = []
    counted = [cohort for cohort in catalog.cohorts if cohort.cohort in catalog.counted_cohorts]
    at, into = len(catalog.datasets) * first // 100, len(catalog.variables) * first // 100
    for cohort in counted[:8]:
        found += [
            f"병원별 {cohort.name_ko} 환자 수는 몇 명인가요?",
            f"How many {cohort.name_en} patients are there by year?",
        ]
    for dataset in catalog.datasets[at : at + 8]:
        found += [
            f"{dataset.title_ko}의 변수는 무엇인가요?",
            f"What period does the {dataset.title_en} cover?",
        ]
    for variable in catalog.variables[into : into + 16 : 2]:
        found += [
            f"{variable.label_ko} 변수가 있는 데이터셋은?",
            f"Which datasets record {variable.label_en}?",
        ]
    return found


def steps(home: Any, reader: Any, asked: list[str]) -> dict[str, list[Any]]:
    """Milliseconds of each step; under "sql" the statements that ran."""
    assistant = home.assistant()
    assistant.make_ready()
    times: dict[str, list[Any]] = defaultdict(list)
    times.update(read(reader, asked))
    for _ in range(ROUNDS):
        for question in asked:
            begun, busy = time.perf_counter(), time.process_time()
            answer = assistant.ask(question, today=TODAY)
            times["whole"].append(since(begun))
            times["whole, CPU of this process"].append((time.process_time() - busy) * 1000)
            for name, spent in answer.timings_ms.items():
                times[f"step {name}"].append(spent)
    times["whole"] = times.pop("whole")
    return times


def read(reader: Any, asked: list[str]) -> dict[str, list[Any]]:
    """Milliseconds of understanding, compiling and the gate; under "sql" the statements."""
    from tools.query.compile import compile_plan
    from tools.query.guard import catalog_schema, check
    from tools.query.understand.outcome import Understood

    schema = catalog_schema()
    times: dict[str, list[Any]] = {
        name: [] for name in ("understanding + compiling", "the same, CPU", "guard", "sql")
    }
    reader.understand(asked[0])  # loads the analyser
    for _ in range(ROUNDS):
        for question in asked:
            begun, busy = time.perf_counter(), time.thread_time()
            outcome = reader.understand(question)
            tree = compile_plan(outcome.plan) if isinstance(outcome, Understood) else None
            times["the same, CPU"].append((time.thread_time() - busy) * 1000)
            times["understanding + compiling"].append(since(begun))
            if tree is not None:
                sql = tree.sql("duckdb")
                begun = time.perf_counter()
                times["sql"].append(check(sql, schema, dialect="duckdb", compiled=True).sql)
                times["guard"].append(since(begun))
    return times


def floors(home: Any, path: Path, statements: list[str], asked: list[str]) -> dict[str, list[float]]:
    """Milliseconds of what the libraries alone take."""
    import bm25s
    import chromadb
    import duckdb

    index = home.index
    texts = [p for d in index.documents() for p in index.document(d.document).text.split("\n\n") if p.strip()]
    texts = texts or asked  # a home without documents
    vectors = np.concatenate([index.encode(texts[i : i + 64]) for i in range(0, len(texts), 64)])
    with tempfile.TemporaryDirectory() as folder:
        client = chromadb.PersistentClient(path=folder)
        collection = client.create_collection("floor", embedding_function=None)
        collection.add(ids=[str(i) for i in range(len(texts))], embeddings=vectors)
        words = bm25s.BM25()
        words.index([text.split() for text in texts], show_progress=False)
        encoded: list[Any] = []
        fresh = iter(f"{question} ({n})" for n in range(ROUNDS) for question in asked)
        found = {
            "embedding": each(
                [q for _ in range(ROUNDS) for q in asked],
                lambda _: encoded.append(index.encode([next(fresh)])[0]),
            ),
            "BM25": each(
                asked * ROUNDS, lambda q: words.retrieve([q.split()], k=10, show_progress=False)
            ),
            "Chroma": each(encoded, lambda v: collection.query(query_embeddings=[v], n_results=10)),
        }
        with duckdb.connect(str(path), read_only=True) as connection:
            found["SQL"] = each(statements, lambda sql: connection.execute(sql).fetchall())
    return found


def each(things: list[Any], act: Callable[[Any], Any]) -> list[float]:
    spent = []
    for thing in things:
        begun = time.perf_counter()
        act(thing)
        spent.append(since(begun))
    return spent


def since(begun: float) -> float:
    return (time.perf_counter() - begun) * 1000


def median(values: list[float]) -> float:
    return float(np.median(values))


if __name__ == "__main__":
    main()
