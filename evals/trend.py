"""The main score of each suite over the last runs, as small drawings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

RUNS = 12
WIDTH, HEIGHT, MARGIN = 240.0, 48.0, 6.0


@dataclass(frozen=True, slots=True)
class Trend:
    """Values, 0 to 1, of one suite, the latest last; ``points`` places them in a drawing for SVG."""

    suite: str
    score: str
    runs: tuple[str, ...]
    values: tuple[float, ...]

    @property
    def points(self) -> tuple[tuple[float, float], ...]:
        """x and y of each value. The height spans the values, and five points of a hundred at least."""
        low, high = min(self.values), max(self.values)
        middle, span = (low + high) / 2, max(high - low, 0.05)
        step = (WIDTH - 2 * MARGIN) / max(len(self.values) - 1, 1)
        return tuple(
            (
                round(MARGIN + place * step, 1),
                round(HEIGHT / 2 - (value - middle) / span * (HEIGHT - 2 * MARGIN), 1),
            )
            for place, value in enumerate(self.values)
        )


def trends(documents: Sequence[Mapping[str, Any]]) -> tuple[Trend, ...]:
    """Of results as ``evals.result.document`` gives them; suites that ran once only are left out."""
    runs = sorted(documents, key=lambda document: str(document["run"]["started"]))
    found: dict[str, list[tuple[str, str, float]]] = {}
    for document in runs:
        for name, suite in document["suites"].items():
            value = suite["scores"].get(suite["main"])
            if value is not None:
                found.setdefault(name, []).append((document["run"]["started"], suite["main"], value))
    return tuple(
        Trend(name, last[-1][1], tuple(run for run, _, _ in last), tuple(value for _, _, value in last))
        for name, values in found.items()
        if len(last := values[-RUNS:]) > 1
    )
