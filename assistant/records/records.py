"""The records of a home: one database, and a small store for each thing that is remembered."""

from __future__ import annotations

from pathlib import Path

from assistant.records.audit import Audit
from assistant.records.database import Database
from assistant.records.feedback import FeedbackStore
from assistant.records.plans import Plans
from assistant.records.reviews import Reviews
from assistant.records.turns import Turns


class Records:
    """Safe to use from many threads, and from many processes at once; close it when done."""

    def __init__(self, place: Path | str) -> None:
        """``place``: a Path is a SQLite file, made where it is missing; text is a PostgreSQL URL.

        Raises StoreUnavailable where it cannot be opened, SettingsInvalid for another kind of URL.
        """
        self._database = Database(place)
        self.audit = Audit(self._database)
        self.turns = Turns(self._database)
        self.feedback = FeedbackStore(self._database)
        self.reviews = Reviews(self._database, self.audit)
        self.plans = Plans(self._database)

    def close(self) -> None:
        """Let go of the database."""
        self._database.close()
