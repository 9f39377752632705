"""The knowledge index: documents and catalog entries in, ranked passages out."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

from rapidfuzz import process

from knowledge.documents import instructions
from knowledge.documents.batch import Batch
from knowledge.documents.document import Document, Hit, IndexReport
from knowledge.documents.embed import Memory, Vectors
from knowledge.documents.files import place_of
from knowledge.documents.holdings import Holdings
from knowledge.documents.intake import Intake, clean_source, intake
from knowledge.documents.load import open_file, parse
from knowledge.documents.models import CrossEncoder
from knowledge.documents.options import IndexOptions
from knowledge.documents.prepare import FORMAT, CatalogEntry, prepare_document, prepare_entry
from knowledge.documents.question import Meaning, Question, ask, words_of
from knowledge.documents.rerank import RERANKED, rerank
from knowledge.documents.retrieve import score
from knowledge.documents.shelves import KINDS, Picture, picture
from knowledge.documents.store import Known
from knowledge.documents.twins import evened
from knowledge.errors import DocumentInvalid, NotFound, QuestionInvalid
from knowledge.text import Language

TWIN = 0.6  # by how much a passage comes after the one that says the same in the question's language
DEMOTION = 1.2  # what a superseded document loses, in the scores of ``retrieve``

Progress = Callable[[str, int, int], None]  # what was done, how many, of how many
Expand = Callable[[str], Sequence[Meaning | str]]  # words -> what else says the same, in either language


class KnowledgeIndex:
    """One folder with a document store and a vector index.

    Searching is safe from many threads at any time; writing calls take turns. Several processes may
    read one folder; one that writes must be alone with it. ``today`` decides whether a replacing document
    is in force; where neither the index nor the call is given one, the day of the call does.
    """

    def __init__(
        self, folder: Path, *, today: date | None = None, options: IndexOptions | None = None
    ) -> None:
        """Open or create. What a killed process left open is finished. Raises IndexMissing when the index was
        made by other models or in another layout, StoreUnavailable when it or its Chroma server cannot be
        opened, SettingsInvalid for a model of ``options`` that is not there."""
        options = options or IndexOptions()
        self._today = today
        self._writing = threading.Lock()
        self._reranker = CrossEncoder(Path(options.reranker)) if options.reranker else None
        self._holdings = Holdings(Path(folder), options)
        self._encoder = self._holdings.encoder
        self._memory = Memory(self._encoder, self._holdings.points.texts)
        self._store = self._holdings.store
        self._picture = Picture()
        self._look(KINDS)

    def close(self) -> None:
        """Let go of the folder. The index must not be used afterwards."""
        with self._writing:
            self._holdings.close()

    # writing

    def _renew(self, *kinds: str) -> None:
        """Let searches see what was written of these kinds."""
        self._holdings.flush()
        self._look(kinds)

    def _look(self, kinds: Sequence[str]) -> None:
        self._picture = picture(self._holdings, self._picture, kinds)

    def add_paths(
        self, paths: Sequence[Path], *, source: str = "", progress: Progress | None = None
    ) -> IndexReport:
        """Index files and folders. A document's id is its path relative to the folder given, or the file's
        name, behind "``source``/" where a source is named. Files that cannot be read are reported and the
        rest is indexed; an earlier good version of a broken file stays. Files that vanished from a folder
        are removed. Raises DocumentInvalid, before anything changes, when two files would have one id."""
        with self._writing:
            known = self._store.known()
            plan = intake(paths, clean_source(source), known)
            try:
                report = self._take(plan, {k.document: k for k in known}, progress)
            except BaseException:
                self._renew("document")
                raise
            if report.changed:
                self._renew("document")
            return report

    def _take(self, plan: Intake, before: dict[str, Known], progress: Progress | None) -> IndexReport:
        done: dict[str, list[str]] = {"added": [], "updated": [], "unchanged": []}
        failed, notes = list(plan.failed), list[tuple[str, str]]()
        batch = Batch(self._holdings)
        holders = {(k.source, k.version): k.document for name, k in before.items() if name not in plan.gone}
        for number, (path, known) in enumerate(plan.files, 1):
            try:
                group, said = self._take_file(batch, path, known, before.get(known.document), holders)
                done[group].append(known.document)
                notes += [(str(path), note) for note in said]
            except DocumentInvalid as error:
                kept = " The version indexed before stays." if known.document in before else ""
                failed.append((str(path), f"{error}{kept}"))
            if progress:
                progress(known.document, number, len(plan.files))
        batch.write()
        with self._holdings.database.writing() as connection:
            for document in plan.gone:
                self._store.retire(connection, document)
        groups = {name: tuple(documents) for name, documents in done.items()}
        return IndexReport(
            **groups, removed=tuple(plan.gone), failed=tuple(failed), notes=tuple(notes)
        )

    def _take_file(
        self, batch: Batch, path: Path, place: Known, old: Known | None,
        holders: dict[tuple[str, str], str],
    ) -> tuple[str, tuple[str, ...]]:
        """Index one file if it is new; says which list of the report it belongs to, and what to note.
        ``holders`` gives the document that holds a content already, by source and version."""
        file = open_file(path)
        holder = holders.get((place.source, file.version), place.document)
        if holder != place.document:
            raise DocumentInvalid(
                f"'{path.name}' has the same content as '{holder}', which is indexed.",
                hint="Keep one of the two, or index it under a --source of its own.",
            )
        now = Known(place.document, file.version, place.source, place.folder, place.path, FORMAT)
        if old is not None and (old.version, old.format) == (now.version, now.format):
            if old != now:
                with self._holdings.database.writing() as connection:
                    self._store.move(connection, now)
            return "unchanged", ()
        document, notes = parse(file, place.document)
        holders[place.source, file.version] = place.document
        batch.add_document(document, now, prepare_document(document))
        return ("added" if old is None else "updated"), (*notes, *instructions.notes(document))

    def remove_paths(self, paths: Sequence[Path], *, source: str = "") -> IndexReport:
        """Take files or whole folders out of the index; their versions stay readable by ``document``."""
        with self._writing:
            own = [known for known in self._store.known() if known.source == clean_source(source)]
            removed: dict[str, None] = {}
            failed: list[tuple[str, str]] = []
            for given in paths:
                found = _below(given, own)
                removed.update(dict.fromkeys(found))
                if not found:
                    failed.append(
                        (str(given), "Nothing from there is indexed. Check the path and the source.")
                    )
            with self._holdings.database.writing() as connection:
                for document in removed:
                    self._store.retire(connection, document)
            self._renew("document")
            return IndexReport(removed=tuple(removed), failed=tuple(failed))

    def replace_catalog(
        self, entries: Sequence[CatalogEntry], version: str, progress: Progress | None = None
    ) -> None:
        """Make the catalog's part of the index hold exactly ``entries``. What did not change is left alone,
        no text is embedded twice. Of two entries with the same document and language the first counts."""
        with self._writing:
            first = {(e.document, e.language): e for e in reversed(entries)}
            keep = {(e.document, e.language, e.kind, e.title, e.text): e for e in first.values()}
            have = self._store.catalog()
            kept = have if self.catalog_version else {}  # prepared as this program does, so it may stay
            fresh = [entry for key, entry in keep.items() if key not in kept]
            batch = Batch(self._holdings)
            for number, entry in enumerate(fresh, 1):
                batch.add_entry(prepare_entry(entry, version))
                if progress and (number % 100 == 0 or number == len(fresh)):
                    progress(entry.document, number, len(fresh))
            batch.write()
            with self._holdings.database.writing() as connection:
                self._store.delete(
                    connection, [row for key, row in have.items() if key not in keep or key not in kept]
                )
                self._store.relabel_catalog(connection, version, FORMAT)
            self._renew("dataset", "table", "variable")

    @property
    def catalog_version(self) -> str | None:
        """The version of the catalog whose entries are indexed; None where there is none, or none that this
        program prepared, so that it has to be given again."""
        database = self._holdings.database
        return database.meta("catalog_version") if database.meta("catalog_format") == FORMAT else None

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
        """The ``k`` best passages for ``words``, best first; of documents and catalog, or of ``kinds`` only.

        ``expand`` gives what else says the same as stretches of the question, in either language; names that
        documents give in both languages ("동의서(consent form)") count without it. Superseded documents are
        found too, a little lower unless the words name their round or edition; of two passages that say the
        same in both languages that in the question's comes first. The first 2,000 characters of ``words`` are
        read; words without a letter or digit find nothing. Raises QuestionInvalid for empty words or an
        unknown kind.
        """
        if not words.strip():
            raise QuestionInvalid("There are no words to search for.", hint="Give at least one word.")
        if kinds is not None and not kinds <= set(KINDS):
            unknown = ", ".join(sorted(kinds - set(KINDS)))
            raise QuestionInvalid(f"There is no kind '{unknown}'.", hint=f"Use {', '.join(KINDS)}.")
        asked = words_of(words)
        if not asked or k < 1 or not self._picture.shelves:
            return []
        second = self._holdings.second.question(asked) if self._holdings.second else None
        extra = [*(expand(asked) if expand else ()), *self._picture.labels.meanings(asked)]
        by_word = kinds is None or "document" in kinds
        question = ask(asked, self.encode, extra, second, by_word=by_word)
        ranked = self._rank(question, kinds, today or self._today or date.today())
        ranked = ranked[: max(k, RERANKED) if self._reranker else k]
        passages = self._store.passages([key for _, key in ranked])
        hits = [Hit(passages[key], round(value, 3)) for value, key in ranked if key in passages]
        return rerank(asked, hits, self._reranker)[:k] if self._reranker else hits

    def _rank(self, question: Question, kinds: frozenset[str] | None, today: date) -> list[tuple[float, int]]:
        """(score, passage key), best first; an entry in two languages counts once, with its better score."""
        now = self._picture
        best: dict[str, float] = {}
        keys: dict[str, int] = {}
        own: set[str] = set()
        for shelf in now.shelves:
            if kinds is not None and shelf.kind not in kinds:
                continue
            lexicon = now.lexicon(shelf.kind, question.language) or shelf.lexicon
            for number, value in score(question, shelf, lexicon, self._holdings.dense.nearest).items():
                row = shelf.rows[number]
                if now.superseded(row.document, today) and not now.asked_for(row.document, question.words):
                    value -= DEMOTION
                if shelf.language == question.language:
                    own.add(row.id)
                if row.id not in best or value > best[row.id]:
                    best[row.id], keys[row.id] = value, row.key
        best = evened(best, own, now.twins, TWIN)
        ranked = sorted(best, key=lambda name: (-best[name], name))
        return [(best[name], keys[name]) for name in ranked]

    def records(self) -> tuple[Document, ...]:
        """The active documents without their text, by id."""
        return self._picture.records

    def rarity(self, term: str, language: Language) -> float | None:
        """How rare a search term is in the documents of a language, from 0 (everywhere) to 1 (in one
        passage). None where no passage has it."""
        lexicon = self._picture.lexicon("document", language)
        if lexicon is None or not lexicon.has(term):
            return None
        return lexicon.rarity(term) / lexicon.rarity_of_one

    def encode(self, texts: Sequence[str]) -> Vectors:
        """One unit vector per text, by the model that the index searches with; recent ones are remembered."""
        return self._memory.vectors(texts)

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
        names = ", ".join(f"'{name}'" for name in near)
        raise NotFound(f"{what} is not in the index.", hint=f"Did you mean {names}?" if near else "")

    def documents(self) -> list[Document]:
        """The active documents, by id."""
        return self._store.documents()


def _below(given: Path, known: Sequence[Known]) -> list[str]:
    """The documents whose file is ``given`` or lies in it."""
    try:
        path = place_of(given)
    except (OSError, ValueError):  # no path, so nothing is there
        return []
    return [k.document for k in known if Path(k.path).is_relative_to(path)]
