"""The protection rule: aligned bins, zeros hidden, totals independent.

A number n is published as the lower end of its bin, n // base * base, and not at all below the
threshold ("fewer than 10, possibly none"). The reader knows that the truth lies within base - 1
above. Threshold and base are one number: then an upper bound worked out from totals and parts is
always one below a multiple of the base, so it never cuts into the hidden range.
"""

from __future__ import annotations

from dataclasses import dataclass

from knowledge.errors import CatalogInvalid


@dataclass(frozen=True, slots=True)
class Rule:
    """One hospital's rule; may be stricter than the defaults, never looser (CatalogInvalid).

    base: width of a bin and threshold of suppression. gate: least published total of a slice
    that is broken down. rate_*: percentages. median_*: people needed, and the step in months.
    new_patients: least number of new people before a dataset is published again.
    """

    base: int = 10
    gate: int = 30
    rate_denominator: int = 100
    rate_step: int = 5
    median_patients: int = 30
    median_step_months: int = 6
    new_patients: int = 50

    def __post_init__(self) -> None:
        least = {"base": 10, "gate": 30, "rate_denominator": 100, "rate_step": 5,
                 "median_patients": 30, "median_step_months": 6, "new_patients": 50}
        for name, value in least.items():
            if getattr(self, name) < value:
                raise CatalogInvalid(
                    f"Protection rule: {name} is {getattr(self, name)}, below the least allowed {value}.",
                    hint="A hospital's rule may only be stricter.",
                )
        if self.base % 10 or 100 % self.rate_step:
            raise CatalogInvalid(
                f"Protection rule: base {self.base} or step {self.rate_step} does not divide evenly.",
                hint="Use a base of 10, 20, 30 and so on, and a step of 5, 10, 20, 25 or 50.",
            )

    @property
    def id(self) -> str:
        """The name that every released number carries."""
        return f"aligned-bins-{self.base}"

    @property
    def threshold(self) -> int:
        """Numbers below it are suppressed."""
        return self.base

    @property
    def wide(self) -> int:
        """Width of the coarse bins that repair uses."""
        return 5 * self.base

    @property
    def drift(self) -> int:
        """How far a number may have moved since it was published, while what is published stays."""
        return self.base - 1

    def low(self, number: int) -> int | None:
        """Lower end of the bin; None when suppressed."""
        if number < 0:
            raise CatalogInvalid(f"A count is negative: {number}.", hint="Profile the source again.")
        return number // self.base * self.base if number >= self.threshold else None

    def range_of(self, value: int) -> tuple[int, int]:
        """The least and the greatest true number behind a released ``value``."""
        return value, value + self.base - 1

    def opens(self, published_total: int | None) -> bool:
        """True where a slice with this published total may be broken down."""
        return published_total is not None and published_total >= self.gate

    def declaration(self) -> dict[str, str | int]:
        """The ``protection`` entry of catalog.yaml."""
        return {
            "id": self.id, "threshold": self.threshold, "base": self.base,
            "rounding": "bins", "zeros": "hidden", "suppressed_below": self.gate,
        }
