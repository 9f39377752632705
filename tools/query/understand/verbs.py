"""The forms of English verbs: "write down" as writes, wrote, written and writing down."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

_VOWELS = frozenset("aeiou")
_BE = "be"


def forms(verb: str, irregular: Mapping[str, Sequence[str]]) -> Iterator[str]:
    """A verb with its particles in every form that a question may have it in, or its past only ("note*").
    "be seen for" is also "seen for", since fillers may stand between "were" and it."""
    word, _, particles = verb.partition(" ")
    tail = f" {particles}" if particles else ""
    if word.endswith("*"):
        word = word.rstrip("*")
        made = (*irregular.get(word, ()), *_regular(word, irregular))
        yield from (form + tail for form in made if not form.endswith(("s", "ing")))
        return
    if word == _BE:
        yield particles
    for form in dict.fromkeys((word, *irregular.get(word, ()), *_regular(word, irregular))):
        yield form + tail


def _regular(word: str, irregular: Mapping[str, Sequence[str]]) -> Iterator[str]:
    """The -s, -ing and -ed forms by rule; irregular verbs have no -ed form but those that are listed."""
    if word == _BE:
        return
    listed = irregular.get(word, ())
    sibilant = word.endswith(("s", "x", "z", "ch", "sh"))
    consonant_y = word.endswith("y") and word[-2:-1] not in _VOWELS
    if not any(form.endswith("es") and form.startswith(word) for form in listed):
        yield word[:-1] + "ies" if consonant_y else word + ("es" if sibilant else "s")
    if not any(form.endswith("ing") for form in listed):
        silent = word.endswith("e") and not word.endswith(("ee", "ye", "oe"))
        yield (word[:-1] if silent else word) + "ing"
    if not listed:
        yield word + "d" if word.endswith("e") else word[:-1] + "ied" if consonant_y else word + "ed"
