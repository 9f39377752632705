"""How people describe an idea who do not know its name, read from lay.csv.

A row is an idea of terms.csv in one language with its descriptions, joined by bars. A description is true
of that idea and of nothing broader or narrower. Words in parentheses may be left out, and one of those in
braces is said: "{trouble/difficulty} swallowing (food/drink)".
"""

from __future__ import annotations

import re
from functools import cache
from itertools import product
from pathlib import Path

from knowledge.data_file import read_rows
from knowledge.errors import CatalogInvalid
from knowledge.text import Language

LAY = Path(__file__).with_name("lay.csv")
_COLUMNS = ("term", "language", "phrases")
_CHOICE = re.compile(r"\((?P<optional>[^()]*)\)|\{(?P<either>[^{}]*)\}")


@cache
def load_descriptions(path: Path = LAY) -> dict[Language, dict[str, tuple[str, ...]]]:
    """The descriptions of each term's id, by language, with and without what may be left out.
    CatalogInvalid for a wrong header or language."""
    found: dict[Language, dict[str, tuple[str, ...]]] = {"ko": {}, "en": {}}
    for row in read_rows(path, _COLUMNS):
        if row["language"] not in found:
            raise CatalogInvalid(
                f"{path.name} has the language {row['language']!r} at {row['term']!r}.",
                hint="It is ko or en.",
            )
        language: Language = row["language"]
        said = (whole for phrase in row["phrases"].split("|") for whole in _spelt(phrase))
        known = found[language].get(row["term"], ())
        found[language][row["term"]] = tuple(dict.fromkeys((*known, *said)))
    return found


def _spelt(phrase: str) -> list[str]:
    """A phrase with and without each of its optional parts, and with each of its alternatives."""
    parts: list[tuple[str, ...]] = []
    at = 0
    for match in _CHOICE.finditer(phrase):
        parts.append((phrase[at : match.start()],))
        either = match["either"]
        choices = (match["optional"] if either is None else either).split("/")
        parts.append((*choices, "") if either is None else tuple(choices))
        at = match.end()
    parts.append((phrase[at:],))
    return [" ".join("".join(chosen).split()) for chosen in product(*parts)]
