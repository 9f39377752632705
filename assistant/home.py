"""The home: one folder that holds what a Giljabi knows and remembers.

    index/                 passages and vectors (knowledge.documents)
    catalog/               catalog versions, immutable files (knowledge.catalog)
    conversations.sqlite   what follow-ups refer to
    records.sqlite         turns, reviews, research plans, feedback, audit, unless they are in PostgreSQL
    sample/                the sample programme's documents, as files (assistant.sample)
    portal.yaml            declared for a data portal, by hand (knowledge.catalog.portal.facts)
    sample.json            written once the sample programme is loaded in full
    lock, holders/         who may read or write the index
    server.json            while a server holds the home (api.server_record)

Parts are opened when they are first asked for. Catalog versions are read without the lock, since their
files never change; the index is opened under it.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from filelock import FileLock

from assistant.lock import HomeLock, Mode
from knowledge.errors import IndexMissing, StoreUnavailable

if TYPE_CHECKING:
    from langchain_core.documents import Document as Page

    from assistant.ask import Assistant
    from assistant.language_model import LanguageModel
    from assistant.plan_desk import PlanDesk
    from assistant.records import Records
    from assistant.review_desk import ReviewDesk
    from knowledge.catalog.import_catalog import ImportRequest
    from knowledge.catalog.import_report import ImportReport
    from knowledge.catalog.mirrors import CatalogEngine
    from knowledge.catalog.versions import CatalogVersions
    from knowledge.documents.document import IndexReport
    from knowledge.documents.index import KnowledgeIndex
    from knowledge.documents.options import IndexOptions
    from knowledge.documents.retriever import PassageRetriever

WAIT_SECONDS = 15.0
Progress = Callable[[str, int, int], None]  # name, done, of how many


class Home:
    """Everything below one folder. Safe to use from many threads; close it when done.

    purpose: what this process does with it, told to others that wait for it.
    database: URL of the PostgreSQL database that keeps the records; None keeps them in the home.
    engine: where the catalog is asked; None asks the home's own files.
    index_options: where the vectors are, and further models; None keeps the defaults.
    model: the language model that may propose plans; None asks none.
    """

    def __init__(
        self,
        root: Path,
        purpose: str = "giljabi",
        database: str | None = None,
        engine: CatalogEngine | None = None,
        index_options: IndexOptions | None = None,
        model: LanguageModel | None = None,
    ) -> None:
        self.root = root
        self._lock = HomeLock(root, purpose)
        self._opening = threading.RLock()
        self._one_writer = threading.Lock()
        self._index: KnowledgeIndex | None = None
        self._versions: CatalogVersions | None = None
        self._assistant: Assistant | None = None
        self._database = database
        self._engine = engine
        self._index_options = index_options
        self._model = model
        self._records: Records | None = None
        self._plan_desk: PlanDesk | None = None
        self._has_documents = False

    def create(self) -> None:
        """Make the folder and its parts' folders where they are missing. Changes nothing that is there."""
        try:
            for folder in (self.root, self.root / "index", self.root / "catalog"):
                folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StoreUnavailable(
                f"The home {self.root} cannot be made: {error.strerror or error}.",
                hint="Name another folder with --home.",
            ) from error

    def hold(self, mode: Mode, wait: float = WAIT_SECONDS) -> None:
        """Take the home's lock until ``close``, or raise HomeBusy after ``wait`` seconds.

        Raises IndexMissing where there is no home.
        """
        self._be_there()
        with self._opening:
            self._lock.acquire(mode, wait)

    def _be_there(self) -> None:
        if not self.root.is_dir():
            raise IndexMissing(
                f"There is no home at {self.root}.",
                hint="Make one with `giljabi init --sample`, or name another folder with --home.",
            )

    @property
    def versions(self) -> CatalogVersions:
        """The catalog's versions."""
        with self._opening:
            if self._versions is None:
                from knowledge.catalog.versions import CatalogVersions

                folder = self.root / "catalog"
                mirror = None if self._engine is None else self._engine.mirror(folder)
                self._versions = CatalogVersions(folder, mirror)
            return self._versions

    @property
    def index(self) -> KnowledgeIndex:
        """The index, opened under the lock (for reading, unless it is held for writing already)."""
        with self._opening:
            if self._index is None:
                from knowledge.documents.index import KnowledgeIndex

                self.hold("shared")
                folder = self.root / "index"
                if self._lock.mode == "shared" and not any(folder.glob("*")):
                    raise IndexMissing(
                        f"The home {self.root} holds no index.",
                        hint="Fill it with `giljabi init --sample` or `giljabi index PATH`.",
                    )
                # Opening mends what a killed process left; one reader does it, the others find it done.
                with FileLock(self.root / "opening.lock"):
                    self._index = KnowledgeIndex(folder, options=self._index_options)
            return self._index

    def assistant(self) -> Assistant:
        """The assistant over this home's index, catalog and conversations."""
        with self._opening:
            if self._assistant is None:
                self._warm_up()
                from assistant.ask import Assistant

                conversations = self.root / "conversations.sqlite"
                if self._model is not None:
                    self._model.check()
                self._assistant = Assistant(
                    self.index, self.versions, conversations, self.records, self._model
                )
            return self._assistant

    @property
    def records(self) -> Records:
        """Turns, reviews, research plans, feedback and the audit trail. Opened under the lock."""
        with self._opening:
            if self._records is None:
                from assistant.records import Records

                self.hold("shared")
                self._records = Records(self._database or self.root / "records.sqlite")
            return self._records

    @contextmanager
    def records_alone(self) -> Iterator[Records]:
        """The records without the lock: their database is for many processes, so a server may hold the rest.

        Raises IndexMissing where there is no home.
        """
        from assistant.records import Records

        self._be_there()
        records = Records(self._database or self.root / "records.sqlite")
        try:
            yield records
        finally:
            records.close()

    def plan_desk(self) -> PlanDesk:
        """The desk for research plans over this home's records, catalog and documents."""
        with self._opening:
            if self._plan_desk is None:
                from assistant.plan_desk import PlanDesk

                self._plan_desk = PlanDesk(self.records.plans, self.versions, lambda: self.index)
            return self._plan_desk

    def desk(self) -> ReviewDesk:
        """The review desk over this home's records and catalog."""
        from assistant.review_desk import ReviewDesk

        return ReviewDesk(self.records, self.versions)

    def retriever(self, k: int, today: date) -> PassageRetriever:
        """A LangChain retriever of passages and catalog entries. What else says the same as the words, in
        either language, is looked for too."""
        from assistant.evidence.meanings import meanings
        from knowledge.documents.retriever import PassageRetriever
        from knowledge.glossary.glossary import load_terms

        terms = load_terms()
        return PassageRetriever(
            index=self.index, k=k, expand=lambda asked: meanings(asked, terms, columns=True), today=today
        )

    def search(self, words: str, k: int, today: date) -> list[Page]:
        """Passages and catalog entries, best first, as the retriever gives them."""
        return self.retriever(k, today).invoke(words)

    @contextmanager
    def writing(self) -> Iterator[None]:
        """One writing thread at a time, in the one process that holds the home for writing."""
        self.create()
        self.hold("exclusive")
        with self._one_writer:
            self._has_documents = False
            yield

    def add_documents(
        self, paths: Sequence[Path], *, source: str = "", progress: Progress | None = None
    ) -> IndexReport:
        """Index files and folders; unchanged ones cost nothing. Needs the exclusive hold."""
        with self.writing():
            return self.index.add_paths(paths, source=source, progress=progress)

    def remove_documents(self, paths: Sequence[Path], *, source: str = "") -> IndexReport:
        """Take documents out of the index. Needs the exclusive hold."""
        with self.writing():
            return self.index.remove_paths(paths, source=source)

    def rebuild_index(self, progress: Progress | None = None) -> int:
        """Make every vector anew, by the models and in the place that are set now; gives the number of
        documents. Needs the exclusive hold, and that the index was not opened before."""
        from knowledge.documents.options import IndexOptions
        from knowledge.documents.rebuild import rebuild

        with self.writing(), self._opening:
            options = self._index_options or IndexOptions()
            return rebuild(self.root / "index", options, progress)

    def import_catalog(
        self, what: Path | ImportRequest, *, progress: Progress | None = None
    ) -> ImportReport:
        """Publish a catalog folder, or a dictionary within the current version, and make it searchable."""
        from knowledge.catalog.import_catalog import ImportRequest, import_catalog

        request = ImportRequest(what) if isinstance(what, Path) else what
        with self.writing():
            report = import_catalog(request, self.versions, progress=progress)
            self._index_catalog(progress)
            return report

    def use_catalog(self, version: str, *, progress: Progress | None = None) -> None:
        """Make a stored version of the catalog the current one again. Raises NotFound."""
        with self.writing():
            self.versions.use(version)
            self._index_catalog(progress)

    @property
    def portal_file(self) -> Path:
        """Where what a data portal wants to know beyond the catalog may be declared."""
        return self.root / "portal.yaml"

    def make_ready(self) -> None:
        """Open everything, for a server that holds the home: nothing is left to load at the first question.

        An import that was broken off between catalog and index is finished here, and a catalog that was
        imported before its engine was named is published there.
        """
        with self.writing():
            current = self.versions.current()
            if current is not None and self._engine is not None:
                self.versions.use(current.version)
            self._index_catalog(None)
        if not self.missing():
            self.assistant().make_ready()

    def missing(self) -> tuple[str, ...]:
        """What an open home lacks before it can answer, with the command for it; empty when it is ready."""
        lacks = []
        if self.versions.current() is None:
            lacks.append("no catalog (`giljabi catalog import giljabi PATH` loads one)")
        if not self._has_documents:
            self._has_documents = bool(self.index.documents())
        if not self._has_documents:
            lacks.append("no documents (`giljabi index PATH` loads some)")
        return tuple(lacks)

    def close(self) -> None:
        """Close what was opened, last first, and give the lock back. The home can be opened again."""
        with self._opening:
            if self._assistant is not None:
                self._assistant.close()
            if self._records is not None:
                self._records.close()
            if self._index is not None:
                self._index.close()
            self._assistant = self._records = self._index = self._versions = self._plan_desk = None
            self._lock.release()

    def __enter__(self) -> Home:
        return self

    def __exit__(self, *exc: Any) -> None:
        self.close()

    def _warm_up(self) -> None:
        """Let the process that runs queries start while the rest is loaded."""
        from tools.query.run import warm_up

        with suppress(StoreUnavailable):  # said by the first question
            current = self.versions.current()
            if current is not None:
                warm_up(current.place)

    def _index_catalog(self, progress: Progress | None) -> None:
        """Bring the index's catalog entries to the current version."""
        from knowledge.catalog.entries import entries

        current = self.versions.current()
        if current is not None and self.index.catalog_version != current.version:
            self.index.replace_catalog(entries(current.path), current.version, progress=progress)
