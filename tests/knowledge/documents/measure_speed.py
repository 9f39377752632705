"""How fast and how big: indexing beside its bare parts, memory, search, and recall beside exact search.

    python -m tests.knowledge.documents.measure_speed PASSAGES [FOLDER]

Documents are generated in both languages, half of the passages each: two sentences, one of their own and one
that comes again elsewhere. They are kept in FOLDER with their index, so that a second run only searches. CPU
seconds are given beside wall ones: other work on the machine stretches the latter.
"""

from __future__ import annotations

import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np

from api.environment import prepare_environment

PARTS = 2_000  # passages that the bare parts are timed on
QUESTIONS = 300
PER_DOCUMENT = 50
COMMON = 500  # sentences that come again

EN = {
    "who": "company hospital applicant reviewer patient nurse registry laboratory committee sponsor clinic",
    "does": "submits checks stores compares reports measures returns signs keeps reviews confirms requests",
    "what": "plan form sample record budget image result consent invoice schedule dataset protocol licence",
    "how": "in_writing within_two_weeks before_the_deadline without_delay once_a_year after_approval on_site",
    "why": "because_the_rule_of_the_programme_says_so so_that_errors_are_found_early as_both_sides_agreed",
}
KO = {
    "who": "기업이 병원이 신청자가 심사위원이 환자가 간호사가 등록소가 검사실이 위원회가 후원자가 ",
    "does": "제출한다 확인한다 보관한다 비교한다 보고한다 측정한다 반납한다 서명한다 검토한다 승인한다",
    "what": "계획서를 신청서를 검체를 기록을 예산을 영상을 결과를 동의서를 청구서를 일정을 자료를 규약을",
    "how": "서면으로 2주_안에 마감_전에 지체_없이 1년에_한_번 승인_뒤에 전자우편으로 현장에서",
    "why": "사업의_규정이_그렇게_정하므로 오류를_일찍_찾기_위해 양쪽의_협약에_따라",
}


def sentence(chance: random.Random, language: str, number: int) -> str:
    words = EN if language == "en" else KO
    w = {key: chance.choice(choice.split()).replace("_", " ") for key, choice in words.items()}
    if language == "en":
        return f"In case {number} the {w['who']} {w['does']} the {w['what']} {w['how']}, {w['why']}."
    return f"{number}번 사례에서 {w['who']} {w['why']} {w['what']} {w['how']} {w['does']}."


def write_documents(folder: Path, passages: int) -> None:
    chance = random.Random(5)
    for first in range(0, passages, PER_DOCUMENT):
        language = ("en", "ko")[first // PER_DOCUMENT % 2]
        parts = [f"# {('Cases', '사례')[language == 'ko']} {first}"]
        for number in range(first, min(first + PER_DOCUMENT, passages)):
            common = random.Random(chance.randrange(COMMON))  # as rules and phrases come again
            words = EN if language == "en" else KO
            own = sentence(chance, language, number)
            again = sentence(common, language, common.randrange(COMMON))
            head = common.choice(words["how"].split()).replace("_", " ")
            parts.append(f"## {head}\n\n{own} {again}")
        path = folder / language / f"d{first}.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("\n\n".join(parts) + "\n", encoding="utf-8")


def timed(work: Callable[[], Any]) -> tuple[float, float]:
    """Wall and CPU seconds."""
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - wall, time.process_time() - cpu


def peak() -> int:
    """The most memory that this process has had, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def bare_parts(place: Path) -> None:
    """Index some passages, and time Kiwi, the encoder and Chroma alone on the same."""
    import chromadb
    from kiwipiepy import Kiwi

    from knowledge.documents.dense import _SHAPE
    from knowledge.documents.index import KnowledgeIndex
    from knowledge.documents.load import open_file, parse
    from knowledge.documents.prepare import prepare_document

    write_documents(place / "docs", PARTS)
    index = KnowledgeIndex(place / "index")
    index.encode(["warm"])
    recipes = [
        recipe
        for path in sorted((place / "docs").rglob("*.md"))
        for recipe in prepare_document(parse(open_file(path), path.name)[0])
    ]
    texts = list(dict.fromkeys(text for recipe in recipes for text in recipe.texts))
    passages = [f"{recipe.prepared.passage.section}\n{recipe.prepared.passage.text}" for recipe in recipes]
    vectors = np.random.default_rng(1).normal(size=(len(recipes), 512)).astype(np.float32)
    kiwi, chroma = Kiwi(num_workers=1), chromadb.PersistentClient(str(place / "bare"))
    kiwi.tokenize("준비")
    collection = chroma.create_collection("bare", embedding_function=None, configuration=_SHAPE)

    def add() -> None:
        for at in range(0, len(recipes), 256):
            ids = [str(n) for n in range(at, min(at + 256, len(recipes)))]
            collection.add(ids=ids, embeddings=vectors[at : at + 256])

    parts = {
        "Kiwi": timed(lambda: [kiwi.tokenize(text) for text in passages]),
        "embedding": timed(
            lambda: [index._encoder.vectors(texts[n : n + 256]) for n in range(0, len(texts), 256)]
        ),
        "Chroma": timed(add),
    }
    whole = timed(lambda: index.add_paths([place / "docs"]))
    index.close()
    wall, cpu = (sum(part[n] for part in parts.values()) for n in (0, 1))
    said = ", ".join(f"{name} {part[0]:.1f}/{part[1]:.1f}" for name, part in parts.items())
    print(f"{len(recipes)} passages, {len(texts)} distinct texts")
    print(f"wall/CPU s: {said}; sum {wall:.1f}/{cpu:.1f}")
    print(
        f"indexing {whole[0]:.1f}/{whole[1]:.1f} s, {whole[0] / wall:.2f} times the sum in wall time, "
        f"{whole[1] / cpu:.2f} in CPU time",
        flush=True,
    )


def build(place: Path, passages: int) -> None:
    """The documents and their index, unless they are there."""
    from knowledge.documents.index import KnowledgeIndex

    if (place / "done").exists():
        return
    write_documents(place / "docs", passages)

    def progress(_: str, done: int, of: int) -> None:
        if done % 100 == 0:
            print(f"{done} of {of} documents", file=sys.stderr, flush=True)

    index = KnowledgeIndex(place / "index")
    wall, cpu = timed(lambda: index.add_paths([place / "docs"], progress=progress))
    index.close()
    said = f"{passages} passages indexed in {wall:.0f} s ({cpu:.0f} CPU s), peak {peak()} MB"
    (place / "done").write_text(said)


def search(place: Path) -> None:
    """Time searches, with the meanings of the words as an answer asks, and compare with exact ones."""
    from assistant.evidence.meanings import meanings
    from knowledge.documents.index import KnowledgeIndex
    from knowledge.glossary.glossary import load_terms

    index, terms, chance = KnowledgeIndex(place / "index"), load_terms(), random.Random(9)
    asked = [sentence(chance, ("en", "ko")[n % 2], chance.randrange(10_000)) for n in range(QUESTIONS)]
    times = [
        timed(lambda words=words: index.search(words, 10, expand=lambda w: meanings(w, terms)))
        for words in asked
    ]
    walls, cpus = [sorted(t[n] * 1000 for t in times[20:]) for n in (0, 1)]
    high = walls[len(walls) * 95 // 100]
    print(f"search p50 {median(walls):.1f} ms, p95 {high:.1f} ms; CPU p50 {median(cpus):.1f} ms")
    print(f"memory after {QUESTIONS} searches: {peak()} MB at most")
    for shelf in index._picture.shelves:
        matrix = shelf.vectors.points[shelf.vectors.at].astype(np.float32)
        shares = []
        for vector in index.encode(asked[:100]):
            best = {shelf.rows[n].point for n in np.argpartition(-(matrix @ vector), 10)[:10]}
            found = index._holdings.dense.nearest(shelf.collection, vector, 10)
            shares.append(len(best & {*found}) / 10)
        recall = f"recall@10 against exact search {np.mean(shares):.3f}"
        print(f"{shelf.collection}: {len(shelf.vectors.points)} points, {recall}", flush=True)


def main() -> None:
    prepare_environment()
    if sys.argv[1] == "--search":
        search(Path(sys.argv[2]))
        return
    if sys.argv[1] == "--build":
        build(Path(sys.argv[2]), int(sys.argv[3]))
        return
    passages = int(sys.argv[1])
    with tempfile.TemporaryDirectory() as own:
        bare_parts(Path(own) / "parts")
        place = Path(sys.argv[2]) if len(sys.argv) > 2 else Path(own) / "whole"
        place.mkdir(parents=True, exist_ok=True)
        again = [sys.executable, "-m", "tests.knowledge.documents.measure_speed"]
        subprocess.run([*again, "--build", place, str(passages)], check=True)
        print((place / "done").read_text(), flush=True)
        subprocess.run([*again, "--search", place], check=True)


if __name__ == "__main__":
    main()
