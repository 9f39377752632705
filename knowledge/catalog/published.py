"""One published number of a catalog file, judged by the declared rule: value, status and range.

Counts were protected before they came here. What is checked is that they were: a number that the
declared rule cannot have released is refused, so that the catalog never holds it.
"""

from __future__ import annotations

from dataclasses import dataclass

from knowledge.catalog.cells import parse_count, parse_integer
from knowledge.catalog.declaration import Protection
from knowledge.catalog.rows import BadRow, Problems, Row

STATUSES = ("released", "suppressed", "bound")
_PROTECT = "mark it suppressed or protect the catalog first"


@dataclass(frozen=True, slots=True)
class Published:
    """A number as the database keeps it; everything None where nothing was published."""

    value: int | None = None
    status: str | None = None
    low: int | None = None
    high: int | None = None

    def named(self, name: str) -> dict[str, int | str | None]:
        """By the database columns of measure ``name``."""
        return {
            name: self.value, f"{name}_status": self.status,
            f"{name}_low": self.low, f"{name}_high": self.high,
        }


NOT_GIVEN = Published()


def read_status(row: Row, column: str) -> str | None:
    """The status in a cell, None where it is empty; BadRow where it is none of the three."""
    text = row.text(column)
    if text is None:
        return None
    status = text.lower()
    if status not in STATUSES:
        raise BadRow(f"{column} {text!r} is unknown; write released, suppressed or bound")
    return status


def read_published(row: Row, name: str, status: str, rule: Protection, problems: Problems) -> Published:
    """The number in column ``name`` with ``status``. Bounds stand in name_low and name_high, or in
    ``name`` with a ``width``. Raises BadRow where the rule cannot have released it."""
    if status == "suppressed":
        if (row.text(name) or "").replace(",", "").isdigit():
            problems.add(row.file, row.number, f"{name} holds a number but is marked suppressed;"
                         " the number was not stored, empty the cell")
        least, most = rule.suppressed_range
        _, high = _given_range(row, name)  # one that need not be small says how large it may be
        return Published(None, status, least, most if high is None else max(high, rule.threshold - 1))
    if status == "bound":
        return Published(None, status, *_bound(row, name, rule))
    value = row.parsed(name, parse_count)
    if value is None:
        raise BadRow(f"{name} is empty but marked released; give the number or mark it suppressed")
    _check_released(name, value, rule)
    return Published(value, status, *_range(row, name, value, rule))


def _check_released(name: str, value: int, rule: Protection) -> None:
    if value == 0 and rule.zeros == "hidden":
        raise BadRow(f"{name} 0 is marked released, but rule {rule.id!r} hides zeros; {_PROTECT}")
    if 0 < value < rule.threshold:
        raise BadRow(
            f"{name} {value} is below the threshold {rule.threshold} but marked released; {_PROTECT}"
        )
    if value % rule.base:
        raise BadRow(
            f"{name} {value} is not a multiple of the rounding base {rule.base}; protect the catalog first"
        )


def _given_range(row: Row, name: str) -> tuple[int | None, int | None]:
    low = row.parsed(f"{name}_low", parse_count)
    high = row.parsed(f"{name}_high", parse_count)
    if low is not None and high is not None and low > high:
        raise BadRow(f"{name}_high {high} is below {name}_low {low}; correct the bound")
    return low, high


def _range(row: Row, name: str, value: int, rule: Protection) -> tuple[int, int]:
    """The rule's own range; a row may declare a wider one, where its hospital rounds more coarsely."""
    least, most = rule.range_of(value)
    low, high = _given_range(row, name)
    low, high = (least if low is None else low), (most if high is None else high)
    if low > least or high < most:
        raise BadRow(
            f"{name} {value} has the range {low}-{high}, narrower than the rule's {least}-{most};"
            " correct it or leave it empty"
        )
    return low, high


def _bound(row: Row, name: str, rule: Protection) -> tuple[int, int]:
    low, high = _given_range(row, name)
    if low is None and high is None:
        low = row.parsed(name, parse_count)
        width = row.parsed("width", lambda text: parse_integer(text, least=1))
        high = low + width - 1 if low is not None and width is not None else None
    if low is None or high is None:
        raise BadRow(f"{name} is marked bound without both ends; give {name}_low and {name}_high, or a width")
    if low < rule.threshold and (low > 1 or high < rule.threshold - 1):
        raise BadRow(
            f"the bound {low}-{high} of {name} tells numbers below the threshold {rule.threshold} apart;"
            f" {_PROTECT}"
        )
    if low >= rule.threshold and high - low + 1 < rule.base:
        raise BadRow(
            f"the bound {low}-{high} of {name} is narrower than the rounding base {rule.base};"
            " protect the catalog first"
        )
    return low, high
