"""Clinical and governance terms in both languages, read from terms.csv and a hospital's own file.

The ``check`` column says how sure a row is. A row marked ``confirm`` keeps its names but not its
code. Codes are used to recognise a question's words, never cited as a source.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from knowledge.data_file import read_rows

TERMS = Path(__file__).with_name("terms.csv")
_CODED = frozenset({"KCD/ICD-10", "LOINC", "ATC"})
_COLUMNS = ("id", "domain", "en", "ko", "syn_en", "syn_ko", "system", "code")


@dataclass(frozen=True, slots=True)
class Term:
    """One idea: names in both languages, the first of each being the preferred one, and its codes."""

    id: str
    domain: str
    en: tuple[str, ...]
    ko: tuple[str, ...]
    codes: tuple[str, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """Every name in either language."""
        return (*self.en, *self.ko)


@cache
def load_terms(extra: Path | None = None) -> tuple[Term, ...]:
    """The project's terms, then those of ``extra`` (same columns). CatalogInvalid for a wrong header."""
    paths = (TERMS,) if extra is None else (TERMS, extra)
    return tuple(term for path in paths for term in _read(path))


def _read(path: Path) -> Iterable[Term]:
    for row in read_rows(path, _COLUMNS):
        sure = not (row.get("check") or "").startswith("confirm") and row["system"] in _CODED
        yield Term(
            id=row["id"],
            domain=row["domain"],
            en=_names(row["en"], row["syn_en"]),
            ko=_names(row["ko"], row["syn_ko"]),
            codes=tuple(c.strip() for c in row["code"].split(";") if c.strip()) if sure else (),
        )


def _names(first: str, others: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(n.strip() for n in (first, *others.split("|")) if n.strip()))
