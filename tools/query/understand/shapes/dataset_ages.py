"""Whom datasets hold, by the limits of their ages and by words for people of one kind."""

from __future__ import annotations

import re

from tools.query.plan import Condition, Subject
from tools.query.understand.clues import Clues
from tools.query.understand.populations import kind_of_people
from tools.query.understand.quantity import Quantity

_LIMITS_OF_AGE = re.compile(r"(?P<least>min|lower|youngest|최소|하한)|max|upper|oldest|최대|상한")
_GROWN = 18
_FROM, _UP_TO = frozenset({"부터", "from", "starting"}), frozenset({"까지", "up to", "until"})


def named_datasets(clues: Clues, word: str) -> tuple[str, ...]:
    """Datasets of the kind of people that a word stands for only."""
    kind = kind_of_people(word)
    return tuple(d.dataset for d in clues.catalog.datasets if kind is not None and kind.only(d))


def taking_in(clues: Clues, word: str) -> Condition | None:
    """ "소아도 있는 데이터셋", "노인이 있는 데이터셋": the ages of datasets that take in such people with
    others; None where datasets of them only are meant, and there are some."""
    kind = kind_of_people(word)
    beside = re.search(re.escape(word) + r"(?:들)?(?:도|까지|까지도) ", clues.text)
    alone = named_datasets(clues, word) and beside is None
    if kind is None or alone or not clues.has("exist"):
        return None
    if kind.highest is not None:
        return Condition("dataset.age_min", "lt", (min(kind.highest, _GROWN),), or_missing=True)
    if kind.lowest is not None:
        return Condition("dataset.age_max", "ge", (kind.lowest,), or_missing=True)
    return None


def of_that_age(word: str, ages: Quantity | None) -> bool:
    """ "Minors (under 19)": a word for people that says no more than the ages beside it."""
    kind = kind_of_people(word)
    return kind is not None and ages is not None and kind.aged(ages.whole_low, ages.whole_high)


def limits_of_people(
    clues: Clues, words: list[str], subject: Subject, ages: Quantity | None
) -> list[Condition]:
    """Datasets of people of one kind ("소아 데이터셋"), or that take in people of some ages."""
    conditions: list[Condition] = []
    spoken = ages is not None and (ages.kind == "plain" or not set(ages.at) & clues.used)
    quantity = ages if subject == "dataset" and spoken else None
    clues.used.update(quantity.at if quantity is not None else ())
    for word in words:
        if of_that_age(word, quantity):
            continue
        conditions.append(Condition("dataset.dataset", "eq", named_datasets(clues, word)))
    if quantity is None:
        return conditions if subject == "dataset" else []
    if (end := end_of_ages(clues, quantity)) is not None:
        column, age = end
        conditions.append(Condition(column, "eq", (age,)))
        return conditions
    if clues.has("not") and not (quantity.low is not None and quantity.high is not None):
        clues.take("not")  # "no people under 65": those that begin later, or end earlier
        if quantity.whole_high is not None:
            conditions.append(Condition("dataset.age_min", "gt", (quantity.whole_high,)))
        elif quantity.whole_low is not None:
            conditions.append(Condition("dataset.age_max", "lt", (quantity.whole_low,)))
        return conditions
    if quantity.whole_high is not None:
        conditions.append(Condition("dataset.age_min", "le", (quantity.whole_high,), or_missing=True))
    if quantity.whole_low is not None:
        conditions.append(Condition("dataset.age_max", "ge", (quantity.whole_low,), or_missing=True))
    return conditions


def end_of_ages(clues: Clues, ages: Quantity) -> tuple[str, int] | None:
    """The end of a dataset's ages that "from age 0" or "12세까지" speaks of, as opposed to "0 or older"."""
    words = {clues.word(i).lower() for i in ages.at}
    if ages.exact and ages.whole_low is not None and (column := limit_of_age(clues)):
        return column, ages.whole_low
    if ages.high is None and ages.whole_low is not None and words & _FROM:
        return "dataset.age_min", ages.whole_low
    if ages.low is None and ages.whole_high is not None and words & _UP_TO:
        return "dataset.age_max", ages.whole_high
    return None


def limit_of_age(clues: Clues) -> str:
    """The field that "minimum age" or "연령 상한" names; "" where neither end is named."""
    asked = " ".join(s.text for s in clues.segments if s.plays("field.age_range")).lower()
    named = _LIMITS_OF_AGE.search(asked)
    return "" if named is None else "dataset.age_min" if named["least"] else "dataset.age_max"


def wider_than_asked(clues: Clues, column: str, age: int) -> bool:
    """Whether datasets go beyond such an end: whether they are meant too is not said."""
    if limit_of_age(clues) == column:
        return False
    found = [getattr(d, column.split(".")[1]) for d in clues.catalog.datasets]
    if column == "dataset.age_min":
        return any(a is not None and a < age for a in found)
    return any(a is None or a > age for a in found)
