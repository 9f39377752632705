"""Counts and times of requests, as text that Prometheus reads."""

from __future__ import annotations

import threading
import time
from collections import Counter
from typing import Any

MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8"
BUCKETS_S = (0.01, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


class Metrics:
    """What this process has served since it started."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._started = time.time()
        self._requests: Counter[tuple[str, str, int]] = Counter()
        self._buckets: Counter[tuple[str, float]] = Counter()
        self._seconds: Counter[str] = Counter()
        self._answers: Counter[tuple[str, str]] = Counter()

    def request(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count a request: ``route`` is the path's template, so that there are few of them."""
        with self._lock:
            self._requests[method, route, status] += 1
            self._seconds[route] += seconds  # type: ignore[assignment]  # a Counter of floats
            for bound in BUCKETS_S:
                if seconds <= bound:
                    self._buckets[route, bound] += 1

    def answer(self, status: str, language: str) -> None:
        """Count an answer by its status and language."""
        with self._lock:
            self._answers[status, language] += 1

    def text(self) -> str:
        """All series in the exposition format."""
        with self._lock:
            lines = [
                *_series("giljabi_start_time_seconds", "gauge", [({}, self._started)]),
                *_series("giljabi_requests_total", "counter", self._request_samples()),
                *self._duration_lines(),
                *_series(
                    "giljabi_answers_total",
                    "counter",
                    [({"status": s, "language": g}, n) for (s, g), n in sorted(self._answers.items())],
                ),
            ]
        return "\n".join(lines) + "\n"

    def _request_samples(self) -> list[tuple[dict[str, Any], float]]:
        return [
            ({"method": method, "route": route, "status": status}, count)
            for (method, route, status), count in sorted(self._requests.items())
        ]

    def _duration_lines(self) -> list[str]:
        name = "giljabi_request_seconds"
        totals: Counter[str] = Counter()
        for (_, route, _), count in self._requests.items():
            totals[route] += count
        lines = [f"# TYPE {name} histogram"]
        for route, total in sorted(totals.items()):
            for bound in BUCKETS_S:
                lines.append(
                    _sample(f"{name}_bucket", {"route": route, "le": bound}, self._buckets[route, bound])
                )
            lines.append(_sample(f"{name}_bucket", {"route": route, "le": "+Inf"}, total))
            lines.append(_sample(f"{name}_sum", {"route": route}, round(self._seconds[route], 6)))
            lines.append(_sample(f"{name}_count", {"route": route}, total))
        return lines


def _series(name: str, kind: str, samples: list[tuple[dict[str, Any], float]]) -> list[str]:
    return [f"# TYPE {name} {kind}", *(_sample(name, labels, value) for labels, value in samples)]


def _sample(name: str, labels: dict[str, Any], value: float) -> str:
    inner = ",".join(f'{label}="{_escaped(str(text))}"' for label, text in labels.items())
    return f"{name}{{{inner}}} {value}" if inner else f"{name} {value}"


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
