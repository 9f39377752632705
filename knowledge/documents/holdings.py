"""What an index folder holds, opened together: the store, the books on vectors, and Chroma beside them.

The store is the truth. A change is committed there first, with the points that Chroma has yet to be
told about; then Chroma is told; then the books say so. Whatever a killed process left open is done
at the next opening, and a Chroma folder that differs from the books is built anew from the store.
"""

from __future__ import annotations

from pathlib import Path

from knowledge.documents.database import Database
from knowledge.documents.dense import Dense
from knowledge.documents.embed import SentenceEncoder
from knowledge.documents.points import Points
from knowledge.documents.store import SCHEMA, Store
from knowledge.errors import IndexMissing


class Holdings:
    """The opened parts of one index folder."""

    def __init__(self, folder: Path, encoder: SentenceEncoder) -> None:
        """Open or create, and repair. Raises IndexMissing when the folder was made by another model or
        layout, StoreUnavailable when a part cannot be opened."""
        self.database = Database(folder / "store.sqlite")
        try:
            self._check_made_alike(folder, encoder)
            self.points = Points(self.database)
            self.store = Store(self.database, self.points)
            self.dense = Dense(folder / "chroma")
        except BaseException:
            self.database.close()
            raise
        self._repair()

    def _check_made_alike(self, folder: Path, encoder: SentenceEncoder) -> None:
        ours = {"schema": SCHEMA, "model": encoder.model, "dimension": str(encoder.dimension)}
        for key, value in ours.items():
            found = self.database.meta(key)
            if found is None:
                self.database.set_meta(key, value)
            elif found != value:
                raise IndexMissing(
                    f"The index in '{folder}' was made with {key} '{found}'; this program uses '{value}'.",
                    hint="Move the folder away and index again, or use the program that made it.",
                )

    def _repair(self) -> None:
        self.flush()
        live, held = self.points.live(), self.dense.counts()
        for name in live.keys() | held.keys():
            if live.get(name, 0) != held.get(name, 0):
                if name in held:
                    self.dense.drop(name)
                self.points.reopen(name)
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
