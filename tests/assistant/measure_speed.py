"""How long an answer takes, step by step, beside the floor: ``python -m tests.assistant.measure_speed``.

The floor is what no answer could do without: one embedding of the question, one BM25 search, one query of
Chroma and the bare SQL on an open connection, over the same passages and the same catalog, with the
libraries alone. Times are milliseconds on this machine; medians and 95 % points over the questions.
"""

from __future__ import annotations

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
    prepare_environment()
    from assistant.home import Home
    from knowledge.catalog.read import load_catalog
    from knowledge.glossary.glossary import load_terms
    from tools.query.understand.understand import Reader

    with tempfile.TemporaryDirectory() as folder, Home(Path(folder) / "home", "speed") as home:
        home.create()
        home.hold("exclusive")
        home.load_sample()
        path = home.versions.require().path
        catalog = load_catalog(path)
        reader = Reader.of(catalog, load_terms())
        asked = questions(catalog)
        times = steps(home, reader, asked)
        floor = floors(home, path, times.pop("sql"), asked)
    whole = median(times["whole"])
    print(f"{len(asked)} questions to the catalog, each asked {ROUNDS} times; milliseconds")
    print(f"{'step':<28}{'p50':>8}{'p95':>8}{'share':>8}")
    for name, values in times.items():
        share = f"{100 * median(values) / whole:6.0f} %" if name != "whole" else ""
        print(f"{name:<28}{median(values):8.2f}{np.percentile(values, 95):8.2f}{share:>8}")
    for name, values in floor.items():
        print(f"{'floor: ' + name:<28}{median(values):8.2f}{np.percentile(values, 95):8.2f}")
    least = sum(median(values) for values in floor.values())
    print(f"whole answer / floor: {whole:.1f} / {least:.1f} ms = {whole / least:.1f}")


def questions(catalog: Any) -> list[str]:
    """Questions that any catalog answers, in both languages, over its own names."""
    found = []
    for cohort in catalog.cohorts[:8]:
        found += [
            f"병원별 {cohort.name_ko} 환자 수는 몇 명인가요?",
            f"How many {cohort.name_en} patients are there by year?",
        ]
    for dataset in catalog.datasets[:8]:
        found += [
            f"{dataset.title_ko}의 변수는 무엇인가요?",
            f"What period does the {dataset.title_en} cover?",
        ]
    for variable in catalog.variables[:16:2]:
        found += [
            f"{variable.label_ko} 변수가 있는 데이터셋은?",
            f"Which datasets record {variable.label_en}?",
        ]
    return found


def steps(home: Any, reader: Any, asked: list[str]) -> dict[str, list[float]]:
    """Milliseconds of each step; under "sql" the statements that ran."""
    from tools.query.compile import compile_plan
    from tools.query.guard import catalog_schema, check
    from tools.query.understand.outcome import Understood

    assistant, schema = home.assistant(), catalog_schema()
    times: dict[str, list[Any]] = defaultdict(list)
    times["understanding + compiling"] = []
    for _ in range(ROUNDS):
        for question in asked:
            begun = time.perf_counter()
            outcome = reader.understand(question)
            tree = compile_plan(outcome.plan) if isinstance(outcome, Understood) else None
            times["understanding + compiling"].append(since(begun))
            if tree is not None:
                sql = tree.sql("duckdb")
                begun = time.perf_counter()
                times["sql"].append(check(sql, schema, dialect="duckdb", compiled=True).sql)
                times["guard"].append(since(begun))
            begun = time.perf_counter()
            answer = assistant.ask(question, today=TODAY)
            times["whole"].append(since(begun))
            for name, spent in answer.timings_ms.items():
                times[f"step {name}"].append(spent)
    times["whole"] = times.pop("whole")
    return times


def floors(home: Any, path: Path, statements: list[str], asked: list[str]) -> dict[str, list[float]]:
    """Milliseconds of what the libraries alone take."""
    import bm25s
    import chromadb
    import duckdb

    index = home.index
    texts = [p for d in index.documents() for p in index.document(d.document).text.split("\n\n") if p.strip()]
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
