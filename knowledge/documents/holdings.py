"""What an index folder holds, opened together: the store, the books on vectors, and Chroma beside them.

The store is the truth. A change is committed there first, with the points that Chroma has yet to be
told about; then Chroma is told; then the books say so. Whatever a killed process left open is done
at the next opening, and a Chroma that differs from the books, or is another one than the last time, is
filled anew from the store.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from uuid import uuid4

from knowledge.documents.database import Database
from knowledge.documents.dense import Dense, Make
from knowledge.documents.embed import SentenceEncoder
from knowledge.documents.models import View, second_view
from knowledge.documents.options import IndexOptions
from knowledge.documents.points import SECOND, Points
from knowledge.documents.store import SCHEMA, Store
from knowledge.errors import IndexMissing

REBUILDING = "rebuilding"
_REBUILD = "`giljabi index --rebuild` makes all vectors anew from the stored texts."


class Holdings:
    """The opened parts of one index folder, and the models that it was made with."""

    def __init__(self, folder: Path, options: IndexOptions, *, remake: bool = False) -> None:
        """Open or create, and repair. Raises IndexMissing when the folder was made by another model or
        layout, unless every vector is to be made anew (``remake``); StoreUnavailable when a part cannot be
        opened; SettingsInvalid for a model that is not there."""
        self.encoder = SentenceEncoder()
        self.second: View | None = second_view(options.second_view) if options.second_view else None
        self.database = Database(folder / "store.sqlite")
        try:
            self.points = Points(self.database)
            self.store = Store(self.database, self.points)
            if remake:
                self._forget()
            elif self.database.meta(REBUILDING):
                raise IndexMissing(
                    f"Rebuilding the index in '{folder}' was broken off.", hint=f"Run it again. {_REBUILD}"
                )
            self._check_made_alike(folder)
            self.dense = self._dense(folder, options.chroma_url, remake)
            try:
                self._repair(f"server {self.dense.place}" if options.chroma_url else "folder")
            except BaseException:
                self.dense.close()
                raise
        except BaseException:
            self.database.close()
            raise

    def _makes(self) -> dict[str, Make]:
        first = Make(self.encoder.model, self.encoder.dimension)
        if self.second is None:
            return {SECOND: Make("", 0), "": first}
        return {SECOND: Make(self.second.model, self.second.dimension), "": first}

    def _check_made_alike(self, folder: Path) -> None:
        for key, value in self._make_values().items():
            found = self.database.meta(key)
            if found is None and key == "second" and value and self.points.live():
                found = ""  # made by a program that knew one view only
            if found is None:
                self.database.set_meta(key, value)
            elif found != value:
                raise IndexMissing(
                    f"The index in '{folder}' was made with {key} '{found}'; this program uses '{value}'.",
                    hint=f"Use the settings that it was made with. {_REBUILD}",
                )

    def _make_values(self) -> dict[str, str]:
        first, second = self.encoder, self.second
        return {
            "schema": SCHEMA,
            "model": first.model,
            "dimension": str(first.dimension),
            "second": f"{second.model} ({second.dimension})" if second else "",
        }

    def _forget(self) -> None:
        """Leave nothing that a model made. Until ``rebuild`` is through, the index cannot be opened."""
        with self.database.writing() as connection:
            self.points.forget(connection)
            connection.execute("INSERT OR REPLACE INTO meta VALUES (?, 'yes')", (REBUILDING,))
            for key in self._make_values():
                connection.execute("DELETE FROM meta WHERE key = ?", (key,))

    def _dense(self, folder: Path, url: str | None, remake: bool) -> Dense:
        place = url or folder / "chroma"
        prefix = f"giljabi-{self._name(folder)}-" if url else ""
        if remake:
            emptied = Dense(place, prefix, None)
            for name in emptied.counts():
                emptied.drop(name)
            emptied.close()
        return Dense(place, prefix, self._makes())

    def _name(self, folder: Path) -> str:
        """What tells this index from others on a server; a copied folder is another index."""
        if (number := self.database.meta("number")) is None:
            self.database.set_meta("number", number := uuid4().hex)
        return hashlib.sha256(f"{number} {folder.resolve()}".encode()).hexdigest()[:12]

    def _repair(self, place: str) -> None:
        """Make Chroma hold what the books say; a place other than the last one is not trusted at all."""
        last = self.database.meta("chroma")
        elsewhere = last not in {None, place}
        if not elsewhere:
            self.flush()
        live, held = self.points.live(), self.dense.counts()
        for name in live.keys() | held.keys():
            if elsewhere or live.get(name, 0) != held.get(name, 0):
                if name in held:
                    self.dense.drop(name)
                self.points.reopen(name)
        if last != place:
            self.database.set_meta("chroma", place)
        self.flush()

    def flush(self) -> None:
        """Tell Chroma what the store has decided; doing it twice does no harm."""
        while work := self.points.open_work("pending"):
            self.dense.upsert(work.collection, work.points, work.vectors)
            self.points.settle(work, "pending")
        while work := self.points.open_work("doomed"):
            self.dense.delete(work.collection, work.points)
            self.points.settle(work, "doomed")

    def close(self) -> None:
        self.dense.close()
        self.database.close()
