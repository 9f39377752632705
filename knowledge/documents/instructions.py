"""Sentences of documents that are meant for a machine that reads along: found, noted, never obeyed or quoted.

Whatever stands in a document is text. Some texts try to steer a reader that is a program; a person who
indexes them should know, and an answer should not rest on them.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from pathlib import Path

from knowledge.data_file import read_shipped
from knowledge.documents.document import Document
from knowledge.documents.sentences import sentences

# characters that the eye does not see
_UNSEEN = re.compile("[\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
SHOWN = 80  # characters of a sentence in a note


@lru_cache(maxsize=1)
def _patterns() -> re.Pattern[str]:
    given: dict[str, list[str]] = read_shipped(Path(__file__).with_name("instructions.yaml"))
    return re.compile("|".join(f"(?:{one})" for wording in given.values() for one in wording), re.IGNORECASE)


@lru_cache(maxsize=4096)
def steers(sentence: str) -> bool:
    """Whether a sentence reads like an instruction to a machine."""
    plain = _UNSEEN.sub("", unicodedata.normalize("NFKC", sentence))
    return bool(_patterns().search(" ".join(plain.split())))


def notes(document: Document) -> tuple[str, ...]:
    """A note for each sentence of ``document`` that reads like an instruction to a machine."""
    found = []
    for span in sentences(document.text, 0, len(document.text)):
        words = " ".join(document.text[span.start : span.end].split())
        if steers(words):
            page = document.page_at(span.start)
            where = f" on page {page}" if page else f" at character {span.start}"
            shown = words if len(words) <= SHOWN else words[: SHOWN - 1] + "…"
            found.append(
                f"'{document.document}'{where} holds what reads like an instruction to a program: “{shown}”."
                " It is kept as text, and no answer quotes it."
            )
    return tuple(found)
