"""Seeded draws that give the same numbers on every machine and with every version of numpy.

Only the raw 64-bit stream of PCG64 is used, which numpy keeps stable; everything made of it is
integer or plain IEEE arithmetic, without the mathematics library. Each name has a stream of its
own, so that adding one variable leaves all others as they were.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Integers = NDArray[np.int64]
Booleans = NDArray[np.bool_]
Floats = NDArray[np.float64]

_BITS = 53
_SCALE = 2**_BITS
_WEIGHT_SCALE = 1_000


class Draws:
    """The stream of one name, such as ("seed", "dataset", "table", "variable")."""

    def __init__(self, *name: str) -> None:
        digest = hashlib.sha256("/".join(name).encode()).digest()
        self._bits = np.random.PCG64(int.from_bytes(digest[:16], "big"))

    def _raw(self, size: int) -> Integers:
        """Integers from 0 to 2**53 - 1."""
        return (self._bits.random_raw(size) >> np.uint64(64 - _BITS)).astype(np.int64)

    def unit(self, size: int) -> Floats:
        """Floats from 0 up to 1."""
        return self._raw(size) / float(_SCALE)

    def chance(self, probability: float | Floats, size: int) -> Booleans:
        """True with a probability (0 to 1), one for all or one each."""
        return self._raw(size) < np.floor(np.asarray(probability) * float(_SCALE)).astype(np.int64)

    def below(self, limit: int | Integers, size: int) -> Integers:
        """Integers from 0 to limit - 1."""
        return self._raw(size) % limit

    def weighted(self, weights: Sequence[float], size: int) -> Integers:
        """Places in ``weights``, each as often as its weight says (to a thousandth)."""
        ends = np.cumsum([round(weight * _WEIGHT_SCALE) for weight in weights])
        return np.searchsorted(ends, self._raw(size) % ends[-1], side="right").astype(np.int64)

    def spread(self, points: Sequence[float], size: int) -> Floats:
        """Numbers whose least, quartiles and most are the five points; even between them."""
        ends = np.asarray(points, dtype=np.float64)
        quarter = self._raw(size) % 4
        return ends[quarter] + (ends[quarter + 1] - ends[quarter]) * self.unit(size)

    def times(self, rate: float, size: int) -> Integers:
        """Whole numbers, rate on average, as even as possible (2.3 gives 2 or 3)."""
        whole = int(rate)
        return whole + self.chance(rate - whole, size).astype(np.int64)

    def pick(self, count: int, size: int) -> Integers:
        """``count`` different places below ``size``, ascending."""
        return np.sort(np.argsort(self._raw(size), kind="stable")[:count])
