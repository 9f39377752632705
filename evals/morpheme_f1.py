"""How much two texts share, morpheme by morpheme: endings and particles do not hide a word they share."""

from __future__ import annotations

from collections import Counter

from knowledge.text import morphemes, normalize

WORDS = {"SL", "SH", "SN", "W_SERIAL"}  # tags of Latin words, Chinese characters, numbers and codes


def morpheme_f1(answer: str, reference: str) -> float:
    """F1, 0 to 1, of the morphemes that both texts hold, each as often as both do. Signs do not count."""
    said, wanted = _morphemes(answer), _morphemes(reference)
    both = (said & wanted).total()
    return 2 * both / (said.total() + wanted.total()) if both else 0.0


def _morphemes(text: str) -> Counter[str]:
    return Counter(
        morpheme.form.casefold()
        for morpheme in morphemes(normalize(text))
        if not morpheme.tag.startswith(("S", "W_")) or morpheme.tag in WORDS
    )
