"""A quantity: a range of numbers of one kind, made of some segments of a question."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

QuantityKind = Literal["year", "age", "percent", "span_years", "day", "month", "plain", "recent", "date"]


@dataclass(frozen=True, slots=True)
class Quantity:
    """A range of numbers; ``low`` and ``high`` are included unless ``open_low``/``open_high``.

    ``at`` are the indexes of the segments that it is made of. A date is the number YYYYMMDD.
    """

    kind: QuantityKind
    low: float | None
    high: float | None
    at: tuple[int, ...]
    open_low: bool = False
    open_high: bool = False

    @property
    def exact(self) -> bool:
        return self.low is not None and self.low == self.high

    @property
    def whole_low(self) -> int | None:
        """The lowest whole number inside."""
        return None if self.low is None else int(self.low) + (1 if self.open_low else 0)

    @property
    def whole_high(self) -> int | None:
        """The highest whole number inside."""
        return None if self.high is None else int(self.high) - (1 if self.open_high else 0)

    def comparison(self) -> tuple[str, float] | None:
        """(operator, number) of a one-sided range."""
        if self.high is None and self.low is not None:
            return ("gt" if self.open_low else "ge"), self.low
        if self.low is None and self.high is not None:
            return ("lt" if self.open_high else "le"), self.high
        return None
