"""The passages of one kind in one language, as search needs them in memory."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from knowledge.documents.lexical import Lexicon, Scores
from knowledge.documents.store import Row
from knowledge.documents.vectors import Lines, ShelfVectors
from knowledge.documents.vocabulary import Vocabulary
from knowledge.text import Language, search_terms

KEYS = frozenset({"id", "identifier", "key"})  # words in the names of columns that only tell rows apart


@dataclass(frozen=True)
class Shelf:
    """Passages in the order of ``rows``, which is that of the lexicon."""

    collection: str
    kind: str
    language: Language
    rows: Sequence[Row]
    lexicon: Lexicon
    vectors: ShelfVectors
    second: ShelfVectors | None = None  # of the second view, where there is one
    vocabulary: Vocabulary | None = None  # of documents: their words by what they mean
    tables: Shelf | None = None  # of variables: the tables that they belong to
    alike: dict[str, Scores] = field(default_factory=dict)  # words asked lately, to how alike each row is

    @cached_property
    def table_rows(self) -> Lines:
        """For each variable the row of its table among ``tables``; -1 where it has none there."""
        at = {row.document: number for number, row in enumerate(self.tables.rows if self.tables else ())}
        return np.array([_table_row(row.document, at) for row in self.rows], dtype=np.int64)

    @cached_property
    def word_numbers(self) -> Lines:
        """The numbers that the words of the vocabulary have in the lexicon."""
        return self.lexicon.numbers(self.vocabulary.words if self.vocabulary else ())

    @cached_property
    def places(self) -> dict[str, list[int]]:
        """Point -> the rows it stands for."""
        found: dict[str, list[int]] = {}
        for number, row in enumerate(self.rows):
            found.setdefault(row.point, []).append(number)
        return found

    def name(self, row: int) -> tuple[str, ...]:
        """The search terms of what an entry is called."""
        return tuple(dict.fromkeys(search_terms(self.rows[row].title)))

    def is_key(self, row: int) -> bool:
        """Whether a variable is called like a table, as its identifier: it numbers or links rows."""
        name = {*self.name(row)}
        return bool(name & KEYS) and frozenset(name - KEYS) in self._table_names

    @cached_property
    def _table_names(self) -> frozenset[frozenset[str]]:
        if self.tables is None:
            return frozenset()
        return frozenset(frozenset(self.tables.name(row)) for row in range(len(self.tables.rows)))


def _table_row(variable: str, at: Mapping[str, int]) -> int:
    """Names may hold dots: the longest beginning of "dataset/table.variable" that is a table."""
    name = variable
    while "." in name:
        name = name.rpartition(".")[0]
        if name in at:
            return at[name]
    return -1
