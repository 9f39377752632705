"""The words that steer a question, read from operators.yaml and verbs_en.yaml: phrase key -> roles."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from knowledge.data_file import read_shipped
from tools.query.understand.verbs import forms
from tools.query.understand.words import key

_APART = re.compile(r"[A-Za-z][ '’/.-]+[A-Za-z]|[^\x00-\x7f]")
_GENERAL = "general"
_FILE = Path(__file__).with_name("operators.yaml")
_VERBS = Path(__file__).with_name("verbs_en.yaml")


@dataclass(frozen=True, slots=True)
class Operators:
    """``roles``: a phrase's key to the roles it can play. ``phrases``: a role to its phrases as written.
    ``apart``: the keys of phrases that are written as several words. ``general``: the keys of words that any
    measurement may be called, which do nothing by themselves."""

    roles: Mapping[str, tuple[str, ...]]
    phrases: Mapping[str, tuple[str, ...]]
    longest: int
    apart: frozenset[str] = frozenset()
    general: frozenset[str] = frozenset()

    def of(self, phrase: str, *, spaced: bool = False) -> tuple[str, ...]:
        """The roles of a phrase key; empty when it plays none. ``spaced``: it stands as several Latin words,
        which do not make one word of the list ("are a" is no "area")."""
        return self.roles.get(phrase, ()) if not spaced or phrase in self.apart else ()


@cache
def load_operators(extra: Path | None = None) -> Operators:
    """Giljabi's own phrases, and those of a hospital's file in the same form."""
    roles: dict[str, dict[str, None]] = {}
    written: dict[str, list[str]] = {}
    general: set[str] = set()
    for path in (_FILE, extra):
        if path is None:
            continue
        for role, phrases in read_shipped(path).items():
            for phrase in (*phrases.get("ko", ()), *phrases.get("en", ())):
                if role == _GENERAL:
                    general.add(key(str(phrase)))
                    continue
                written.setdefault(role, []).append(str(phrase))
                found = key(str(phrase))
                if found:
                    roles.setdefault(found, {})[role] = None
    # A word that is listed itself does what it is listed for.
    for role, phrase in [(role, verb) for role, verb in _verbs() if key(verb) not in roles]:
        written.setdefault(role, []).append(phrase)
        roles.setdefault(key(phrase), {})[role] = None
    return Operators(
        {k: tuple(v) for k, v in roles.items()},
        {role: tuple(phrases) for role, phrases in written.items()},
        max(map(len, roles)),
        frozenset(key(p) for phrases in written.values() for p in phrases if _APART.search(p)),
        frozenset(general),
    )


def _verbs() -> Iterator[tuple[str, str]]:
    """(role, phrase) of every form of the English verbs."""
    loaded = read_shipped(_VERBS)
    for role, families in loaded["roles"].items():
        for verb in (verb for family in families for verb in family):
            yield from ((role, form) for form in forms(verb, loaded["irregular"]))
