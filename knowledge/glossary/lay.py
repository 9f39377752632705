"""How people describe an idea who do not know its name, read from lay.csv.

A row is an idea of terms.csv in one language with its descriptions, joined by bars. A description is true
of that idea and of nothing broader or narrower. Words in parentheses may be left out: "trouble swallowing
(food)".
"""

from __future__ import annotations

import csv
import re
from functools import cache
from itertools import product
from pathlib import Path
from typing import cast

from knowledge.errors import CatalogInvalid
from knowledge.text import Language

LAY = Path(__file__).with_name("lay.csv")
_COLUMNS = ("term", "language", "phrases")
_OPTIONAL = re.compile(r"\(([^()]*)\)")


@cache
def load_descriptions(path: Path = LAY) -> dict[Language, dict[str, tuple[str, ...]]]:
    """The descriptions of each term's id, by language, with and without what may be left out.
    CatalogInvalid for a wrong header or language."""
    found: dict[Language, dict[str, tuple[str, ...]]] = {"ko": {}, "en": {}}
    with path.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file)
        if tuple(rows.fieldnames or ()) != _COLUMNS:
            raise CatalogInvalid(
                f"The descriptions {path.name} have the columns {rows.fieldnames}.",
                hint=f"Its header needs {', '.join(_COLUMNS)}.",
            )
        for row in rows:
            if row["language"] not in found:
                raise CatalogInvalid(
                    f"{path.name} has the language {row['language']!r} at {row['term']!r}.",
                    hint="It is ko or en.",
                )
            language = cast(Language, row["language"])
            said = (whole for phrase in row["phrases"].split("|") for whole in _spelt(phrase))
            known = found[language].get(row["term"], ())
            found[language][row["term"]] = tuple(dict.fromkeys((*known, *said)))
    return found


def _spelt(phrase: str) -> list[str]:
    """A phrase with and without each of its optional parts."""
    pieces = _OPTIONAL.split(phrase)
    choices = [(piece,) if at % 2 == 0 else (piece, "") for at, piece in enumerate(pieces)]
    return [" ".join("".join(chosen).split()) for chosen in product(*choices)]
