"""The knowledge index: documents and catalog entries in, ranked passages out."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import Protocol

from rapidfuzz import process

from knowledge.documents.dense import Dense
from knowledge.documents.document import Document, Hit, IndexReport, Passage
from knowledge.documents.embed import SentenceEncoder
from knowledge.documents.files import read_bytes
from knowledge.documents.intake import Incoming, intake
from knowledge.documents.load import parse, version_of
from knowledge.documents.prepare import FORMAT, prepare, prepare_document
from knowledge.documents.retrieve import ask, score, words_of
from knowledge.documents.shelves import KINDS, LANGUAGES, Picture, picture
from knowledge.documents.store import SCHEMA, Known, Prepared, Store, collection_name
from knowledge.errors import DocumentInvalid, IndexMissing, NotFound, QuestionInvalid
from knowledge.text import Language

BATCH = 256  # passages that are written at once
DEMOTION = 0.5  # of a standard score: what a superseded document loses

Progress = Callable[[str, int, int], None]
Expand = Callable[[str], Sequence[str]]


class CatalogEntry(Protocol):
    """What the index needs of a catalog entry: one dataset, table or variable in one language."""

    @property
    def document(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def text(self) -> str: ...
    @property
    def language(self) -> Language: ...


class KnowledgeIndex:
    """One folder with a document store and a vector index.

    Searching is safe from many threads at any time; writing calls take turns. Two processes must not
    have one folder open at the same time. ``today`` decides whether a replacing document is in force;
    without it, the day of the call does.
    """

    def __init__(self, folder: Path, *, today: date | None = None) -> None:
        """Open or create. Raises IndexMissing when it was made by another model or layout, StoreUnavailable
        when it cannot be opened. Work that a killed process left open is finished here."""
        self._today = today
        self._encoder = SentenceEncoder()
        self._writing = threading.Lock()
        self._store = Store(Path(folder) / "store.sqlite")
        self._check_made_alike(Path(folder))
        self._dense = Dense(Path(folder) / "chroma")
        self._repair()
        self._picture: Picture = picture(self._store)

    def _check_made_alike(self, folder: Path) -> None:
        ours = {"schema": SCHEMA, "model": self._encoder.model, "dimension": str(self._encoder.dimension)}
        for key, value in ours.items():
            found = self._store.meta(key)
            if found is None:
                self._store.set_meta(key, value)
            elif found != value:
                self._store.close()
                raise IndexMissing(
                    f"The index in '{folder}' was made with {key} '{found}', this program uses '{value}'.",
                    hint="Move the folder away and index again, or use the version of the program that made it.",
                )

    def _repair(self) -> None:
        self._flush()
        live = self._store.live()
        for kind in KINDS:
            for language in LANGUAGES:
                name = collection_name(kind, language)
                if self._dense.count(name) != live.get(name, 0):
                    self._dense.drop(name)
                    self._store.reopen(name)
        self._flush()

    def close(self) -> None:
        """Let go of the folder. The index must not be used afterwards."""
        with self._writing:
            self._dense.close()
            self._store.close()

    # writing

    def add_paths(
        self, paths: Sequence[Path], *, source: str = "", progress: Progress | None = None
    ) -> IndexReport:
        """Index files and folders. A document's id is its path relative to the folder given, or the file's name,
        behind "``source``/" where a source is named. Files that cannot be read are reported, the rest is indexed;
        an earlier good version of a broken file stays. Files that vanished from a folder are removed.
        Raises DocumentInvalid, before anything is changed, when two files would have one id.
        """
        with self._writing:
            known = self._store.known()
            plan = intake(paths, _source(source), known)
            try:
                return self._take(
                    plan.files.values(), plan.gone, plan.failed, known, _source(source), progress
                )
            finally:
                self._flush()
                self._picture = picture(self._store)

    def _take(
        self,
        incoming: Iterable[Incoming],
        gone: dict[str, Known],
        failed: list[tuple[str, str]],
        known: list[Known],
        source: str,
        progress: Progress | None,
    ) -> IndexReport:
        before = {k.document: k for k in known}
        added: list[str] = []
        updated: list[str] = []
        unchanged: list[str] = []
        batch = _Batch(self._store, self._encoder, self._flush)
        todo = list(incoming)
        for number, item in enumerate(todo, 1):
            try:
                raw = read_bytes(item.path)
                now = Known(item.document, version_of(raw), source, item.folder, str(item.path), FORMAT)
                old = before.get(item.document)
                if old == now:
                    unchanged.append(item.document)
                else:
                    document = parse(raw, item.path.name, item.document)
                    batch.add(document, now, prepare_document(document))
                    same = old is not None and old.version == now.version
                    (added if old is None else unchanged if same else updated).append(item.document)
            except DocumentInvalid as error:
                kept = " The version indexed before stays." if item.document in before else ""
                failed.append((str(item.path), f"{error}{kept}"))
            if progress:
                progress(item.document, number, len(todo))
        batch.write()
        with self._store.writing():
            for document_id in gone:
                self._store.retire(document_id)
        return IndexReport(tuple(added), tuple(updated), tuple(unchanged), tuple(gone), tuple(failed))

    def remove_paths(self, paths: Sequence[Path], *, source: str = "") -> IndexReport:
        """Take files or whole folders out of the index; their versions stay readable by ``document``."""
        with self._writing:
            own = [k for k in self._store.known() if k.source == _source(source)]
            removed: list[str] = []
            failed: list[tuple[str, str]] = []
            for given in paths:
                path = Path(given).expanduser().resolve()
                found = [k.document for k in own if Path(k.path).is_relative_to(path)]
                removed.extend(name for name in found if name not in removed)
                if not found:
                    failed.append((str(given), "Nothing from there is indexed. Check the path and --source."))
            with self._store.writing():
                for document in removed:
                    self._store.retire(document)
            self._flush()
            self._picture = picture(self._store)
            return IndexReport(removed=tuple(removed), failed=tuple(failed))

    def replace_catalog(
        self, entries: Sequence[CatalogEntry], version: str, progress: Progress | None = None
    ) -> None:
        """Make the catalog's part of the index hold exactly ``entries``. What did not change is not embedded again;
        of two entries with the same document and language the first counts."""
        with self._writing:
            wanted = {(e.document, e.language): e for e in reversed(entries)}
            have = self._store.catalog()
            keep = {(e.document, e.language, e.kind, e.title, e.text): e for e in wanted.values()}
            fresh = [entry for key, entry in keep.items() if key not in have]
            batch = _Batch(self._store, self._encoder, self._flush)
            for number, entry in enumerate(fresh, 1):
                batch.add_entry(_entry_passage(entry, version))
                if progress and (number % 100 == 0 or number == len(fresh)):
                    progress(entry.document, number, len(fresh))
            batch.write()
            with self._store.writing():
                self._store.delete(row for key, row in have.items() if key not in keep)
                self._store.relabel_catalog(version)
            self._flush()
            self._picture = picture(self._store)

    @property
    def catalog_version(self) -> str | None:
        """The version of the catalog whose entries are indexed."""
        return self._store.meta("catalog_version")

    def _flush(self) -> None:
        """Tell Chroma what the store has decided; doing it twice does no harm."""
        while work := self._store.open_work("pending", 500):
            hashes = [hash_ for _, hash_ in work]
            vectors = self._store.vectors(hashes)
            self._dense.upsert(work[0][0], hashes, [vectors[hash_] for hash_ in hashes])
            self._store.settle(work, "pending")
        while work := self._store.open_work("doomed", 500):
            self._dense.delete(work[0][0], [hash_ for _, hash_ in work])
            self._store.settle(work, "doomed")

    # reading

    def search(
        self,
        words: str,
        k: int = 10,
        *,
        kinds: frozenset[str] | None = None,
        expand: Expand | None = None,
        today: date | None = None,
    ) -> list[Hit]:
        """The ``k`` best passages for ``words``, best first; without ``kinds``, documents and catalog together.

        ``expand`` gives terms for the words in the other language. Superseded documents are found too, a little
        lower unless the words name their round or edition. The first 2,000 characters of ``words`` are read; words
        without a letter or digit find nothing. Raises QuestionInvalid for empty words or an unknown kind.
        """
        if not words.strip():
            raise QuestionInvalid("There are no words to search for.", hint="Give at least one word.")
        if kinds is not None and not kinds <= set(KINDS):
            raise QuestionInvalid(
                f"Unknown kinds {sorted(kinds - set(KINDS))}.", hint=f"Use {', '.join(KINDS)}."
            )
        asked = words_of(words)
        now = self._picture
        shelves = [shelf for shelf in now.shelves if kinds is None or shelf.kind in kinds]
        if not asked or not shelves or k < 1:
            return []
        question = ask(asked, self._encoder.vectors([asked])[0], expand(asked) if expand else ())
        today = today or self._today or date.today()
        best: dict[tuple[str, str], tuple[float, int]] = {}
        for shelf in shelves:
            for row, value in score(question, shelf, self._dense.nearest, self._store.vectors).items():
                found = shelf.rows[row]
                if found.kind == "document" and now.superseded(found.document, today):
                    named = any(name in asked.lower() for name in now.standings[found.document].names)
                    value -= 0.0 if named else DEMOTION
                same = (found.kind, found.id)
                if same not in best or value > best[same][0]:
                    best[same] = (value, found.key)
        ranked = sorted(best.values(), key=lambda pair: (-pair[0], pair[1]))[:k]
        passages = self._store.passages([key for _, key in ranked])
        return [Hit(passages[key], round(value, 4)) for value, key in ranked if key in passages]

    def superseded(self, document: str, *, today: date | None = None) -> str | None:
        """The id of the active document that replaces ``document``, or None."""
        return self._picture.superseded(document, today or self._today or date.today())

    def document(self, document: str, version: str | None = None) -> Document:
        """A stored document: the active version, or any version ever indexed. Raises NotFound."""
        found = self._store.document(document, version)
        if found is not None:
            return found
        what = f"Document '{document}'" + (f" in version '{version}'" if version else "")
        near = [
            name for name, _, _ in process.extract(document, self._store.names(), limit=3, score_cutoff=60)
        ]
        hint = (
            f"Did you mean {', '.join(repr(name) for name in near)}?"
            if near
            else "List the documents to see its name."
        )
        raise NotFound(f"{what} is not in the index.", hint=hint)

    def documents(self) -> list[Document]:
        """The active documents, by id."""
        return self._store.documents()


class _Batch:
    """Passages gathered until they are worth a write; each write is one transaction, then Chroma follows."""

    def __init__(self, store: Store, encoder: SentenceEncoder, flush: Callable[[], None]) -> None:
        self._store, self._encoder, self._flush = store, encoder, flush
        self._documents: list[tuple[Document, Known, list[Prepared]]] = []
        self._entries: list[Prepared] = []
        self._texts: dict[str, str] = {}
        self._size = 0

    def add(self, document: Document, known: Known, prepared: list[tuple[Prepared, dict[str, str]]]) -> None:
        self._documents.append((document, known, [item for item, _ in prepared]))
        for _, texts in prepared:
            self._texts.update(texts)
        self._grow(len(prepared))

    def add_entry(self, passage: Passage) -> None:
        prepared, texts = prepare(passage)
        self._entries.append(prepared)
        self._texts.update(texts)
        self._grow(1)

    def _grow(self, count: int) -> None:
        self._size += count
        if self._size >= BATCH:
            self.write()

    def write(self) -> None:
        lacking = sorted(self._store.lacking(self._texts))
        vectors = self._encoder.vectors([self._texts[hash_] for hash_ in lacking])
        with self._store.writing():
            self._store.put_vectors(lacking, vectors)
            for document, known, prepared in self._documents:
                self._store.activate(document, known, prepared)
            self._store.insert(self._entries)
        self._flush()
        self._documents, self._entries, self._texts, self._size = [], [], {}, 0


def _source(name: str) -> str:
    return name.strip().strip("/")


def _entry_passage(entry: CatalogEntry, version: str) -> Passage:
    return Passage(
        id=f"catalog:{entry.document}",
        document=entry.document,
        version=version,
        kind=entry.kind,
        section="",
        page=None,
        start=0,
        end=len(entry.text),
        text=entry.text,
        language=entry.language,
        title=entry.title,
    )
