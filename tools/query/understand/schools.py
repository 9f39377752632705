"""Pupils by their school, put in the ages that they have: "초등학생" as "6~11세 사람"."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import replace

from tools.query.understand.outcome import Note, Outcome, Unclear, Understood

# Ages in years, from the first year of a school to the last (Korean law on schooling; primary school from 6).
_STAGES = {"초": (6, 11), "중": (12, 14), "고": (15, 17)}
_PUPILS = re.compile(
    r"(?<![가-힣])(?:(?P<row>초[·,/ ]?중[·,/ ]?고|초[·,/ ]?중|중[·,/ ]?고)(?:등학생|학생|생| 학생)"
    r"|(?P<one>초등|중|고등)학생|(?P<short>초등|고교)생)"
)


def in_ages(text: str, names: Collection[str]) -> tuple[str, tuple[tuple[str, str], ...]]:
    """The text with pupils as ages, and each as written and as read. ``names`` are the words of the catalog's
    names, which are left alone."""
    read: list[tuple[str, str]] = []

    def aged(match: re.Match[str]) -> str:
        if any(match[0] in name for name in names):
            return match[0]
        stages = [_STAGES[letter] for letter in match[0] if letter in _STAGES]
        ages = f"{stages[0][0]}~{stages[-1][1]}세"
        read.append((match[0], ages))
        return f"{ages} 사람"

    return _PUPILS.sub(aged, text), tuple(read)


def with_pupils(outcome: Outcome, read: Sequence[tuple[str, str]]) -> Outcome:
    """The outcome with pupils as they were written, and what ages they were read as."""
    if not read:
        return outcome
    if isinstance(outcome, Unclear) and outcome.note.code == "age_edges":
        asked = ", ".join(words for words, _ in read)
        return replace(outcome, note=Note("age_edges", {**outcome.note.values, "asked": asked}))
    if not isinstance(outcome, Understood):
        return outcome
    notes = tuple(_as_written(note, read) for note in outcome.notes)
    aside = " ".join(str(note.values.get("words", "")) for note in notes)
    used = [(words, ages) for words, ages in read if words not in aside]
    meant = (Note("homonym", {"words": words, "meant": ages}) for words, ages in used)
    return replace(outcome, notes=(*notes, *meant))


def _as_written(note: Note, read: Sequence[tuple[str, str]]) -> Note:
    words = str(note.values.get("words", ""))
    for written, ages in read:
        words = words.replace(f"{ages} 사람", written)
    return replace(note, values={**note.values, "words": words}) if words else note
