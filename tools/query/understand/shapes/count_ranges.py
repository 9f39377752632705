"""The years and the ages that a count is limited to."""

from __future__ import annotations

import re
from collections.abc import Iterable

from knowledge.catalog.read import AgeBand, Dataset
from tools.query.plan import Span
from tools.query.understand.clues import Clues
from tools.query.understand.outcome import Absent, Note, Unclear
from tools.query.understand.quantity import Quantity

MAX_AGE = 120
LONG = 18  # years, which no count spans
_PAUSE = re.compile(r"[,;:.]")
_STRICTLY = re.compile(r"초과|strict|older than")
_COUNTED = re.compile(r"(?i)(?:more|fewer|less) than \d|at (?:least|most) \d|exceed")
_THAN_KO = re.compile(r"\s?보다")
_THAN_EN = re.compile(
    r"(?i)\b(?:more|fewer|less|higher|lower|larger|smaller|greater|bigger)\b[^.?!]*"
    r"\bthan (?:in |during |it (?:had|did) in |the )?$"
)


def includes_ages(clues: Clues) -> bool:
    """ "Datasets with patients under 10": which datasets take them in, not how many there are."""
    if clues.subject not in {"dataset", "hospital", "data"} or clues.has("measure.", "how_many", "rank."):
        return False
    asks = clues.has("exist", "which") and clues.has("people") and not clues.groups
    return asks and (clues.peek("age") or bare_age(clues.fresh()) is not None)


def asked_years(clues: Clues, datasets: list[Dataset]) -> Span | Absent | None:
    """The years asked for, which must be published ones."""
    quantity = clues.quantity("recent", "year")
    if quantity is None:
        return None
    published = sorted({y for d in datasets for y in clues.catalog.counts.years.get(d.dataset, ())})
    if not published:
        return Absent(Note("no_years", {"what": "-"}))
    if quantity.kind == "recent":
        span = Span(published[-1] - int(quantity.low or 1) + 1, published[-1])
    else:
        span = Span(quantity.whole_low, quantity.whole_high)
    inside = [y for y in published if (span.low or y) <= y <= (span.high or y)]
    if not inside or (span.single and span.low not in published):
        asked = f"{span.low or ''}-{span.high or ''}" if not span.single else str(span.low)
        return Absent(Note("years_outside", {"asked": asked, "first": published[0], "last": published[-1]}))
    return span


def further_years(clues: Clues, datasets: list[Dataset], first: Span | None) -> tuple[int, ...]:
    """ "2019, 2021 and 2024", "2020 against 2024": every year named, ascending; empty for one or a range."""
    if first is None or not first.single:
        return ()
    published = {y for d in datasets for y in clues.catalog.counts.years.get(d.dataset, ())}
    years = {first.low}
    while (quantity := clues.quantity("year")) is not None:
        if not quantity.exact or quantity.whole_low not in published:
            clues.used.difference_update(quantity.at)
            return ()
        years.add(quantity.whole_low)
    return tuple(sorted(y for y in years if y is not None)) if len(years) > 1 else ()


def asked_ages(clues: Clues, datasets: list[Dataset]) -> Span | Unclear | None:
    """The ages asked for; both ends must be edges of published bands."""
    quantity = clues.quantity("age")
    if quantity is None:
        quantity = bare_age(clues) or _years_of_age(clues)
    if quantity is None:
        return None
    span = Span(quantity.whole_low, quantity.whole_high)
    by_dataset = clues.catalog.counts.age_bands_by_dataset
    bands = sorted({b for d in datasets for b in by_dataset.get(d.dataset, ())}, key=lambda b: b.age_low or 0)
    lows = {b.age_low or 0 for b in bands}
    if quantity.open_low and span.low not in lows and quantity.low in lows and not _strict(clues, quantity):
        span = Span(int(quantity.low or 0), span.high)  # which the answer says
    if any(_fits(span, by_dataset.get(d.dataset, ())) for d in datasets):
        return span
    asked = _ages_text(clues, span.low, span.high)
    if quantity.open_low or quantity.open_high:  # "over 80", which is not said as "81 or older"
        asked = clues.text[clues.segments[min(quantity.at)].start : clues.segments[max(quantity.at)].end]
    edges = ", ".join(b.age_band for b in bands)
    return Unclear(Note("age_edges", {"asked": asked, "bands": edges}), _nearest_ages(clues, quantity, bands))


def _fits(ages: Span, bands: Iterable[AgeBand]) -> bool:
    """Whether both ends are edges of the bands that one dataset publishes."""
    low = ages.low in {None, 0, *(b.age_low or 0 for b in bands)}
    return low and ages.high in {None, *(b.age_high for b in bands)}


def with_its_edge(clues: Clues, ages: Span | None) -> tuple[Note, ...]:
    """ "Over 80" answered with a published "80 and older": that the age itself is in it has to be said."""
    low = ages.low if ages is not None else None
    of_age = (q for q in clues.quantities if q.open_low and q.kind in {"age", "plain", "span_years"})
    edge = next((q for q in of_age if low is not None and q.low == low), None)
    if edge is None:
        return ()
    asked = clues.text[clues.segments[min(edge.at)].start : clues.segments[max(edge.at)].end]
    return (Note("edge_of_age", {"asked": asked, "age": low}),)


def decades_apart(clues: Clues) -> bool:
    """Whether ages are named decade by decade ("50대와 60대")."""
    of_age = (q for q in clues.quantities if q.kind == "age")
    return any(sum(clues.segments[i].plays("number.decade") for i in q.at) > 1 for q in of_age)


def _strict(clues: Clues, quantity: Quantity) -> bool:
    """Whether an age itself is left out in so many words."""
    return _STRICTLY.search(" ".join(clues.word(i) for i in quantity.at)) is not None


def than_year(clues: Clues) -> int | None:
    """The year that other years are compared with ("2020년보다 많은 해"): of its number no query is made."""
    for quantity in clues.quantities:
        first, last = clues.segments[min(quantity.at)], clues.segments[max(quantity.at)]
        than = _THAN_KO.match(clues.text, last.end) if clues.has("rank.most", "rank.least") else None
        than = than or _THAN_EN.search(clues.text[: first.start])
        if quantity.kind == "year" and quantity.exact and than:
            return quantity.whole_low
    return None


def _years_of_age(clues: Clues) -> Quantity | None:
    """ "65-74 years", "75 years and over": of people these are ages."""
    for quantity in clues.quantities:
        ends = [end for end in (quantity.low, quantity.high) if end is not None]
        old = quantity.kind == "span_years" and LONG <= max(ends) <= MAX_AGE and not quantity.exact
        if old and not set(quantity.at) & clues.used:
            clues.used.update(quantity.at)
            return quantity
    return None


def bare_age(clues: Clues) -> Quantity | None:
    """ "over 65" without a unit: an age unless people are what is counted by it."""
    for quantity in clues.quantities:
        low, high = quantity.low, quantity.high
        ranged = low is not None and high is not None and low < high <= MAX_AGE
        one_sided = ranged or (
            quantity.comparison() is not None and (quantity.low or quantity.high or 0) <= MAX_AGE
        )
        last = max(quantity.at)
        following = clues.segments[last + 1] if last + 1 < len(clues.segments) else None
        named = following is not None and following.names("cohort") and last + 2 < len(clues.segments)
        if named and _COUNTED.match(clues.text, clues.segments[min(quantity.at)].start):
            following = clues.segments[last + 2]  # "more than 115 fracture patients", but "80+ ones"
        counted = following is not None and following.plays("people", "measure.", "records")
        pause = following and _PAUSE.search(clues.text[clues.segments[last].end : following.start])
        counted = counted and not pause
        counted = counted or any(clues.segments[i].plays("people", "how_many") for i in quantity.at)
        if quantity.kind == "plain" and one_sided and not counted and not set(quantity.at) & clues.used:
            clues.used.update(quantity.at)
            return quantity
    return None


def _nearest_ages(clues: Clues, quantity: Quantity, bands: list[AgeBand]) -> tuple[str, ...]:
    """The same question with published ages in place of those asked for."""
    low, high = quantity.whole_low, quantity.whole_high
    if high is None and low is not None:
        edges = sorted({b.age_low for b in bands if b.age_low is not None}, key=lambda e: (abs(e - low), e))
        return tuple(clues.instead(quantity, _ages_text(clues, edge, None)) for edge in sorted(edges[:2]))
    if low is None and high is not None:
        ends = sorted({b.age_high for b in bands if b.age_high is not None}, key=lambda e: (abs(e - high), e))
        return tuple(clues.instead(quantity, _ages_text(clues, None, end)) for end in sorted(ends[:2]))
    meeting = [b for b in bands if (b.age_low or 0) <= (high or 0) and (b.age_high or MAX_AGE) >= (low or 0)]
    return tuple(clues.instead(quantity, _ages_text(clues, b.age_low or 0, b.age_high)) for b in meeting[:3])


def _ages_text(clues: Clues, low: int | None, high: int | None) -> str:
    if low is None:
        return f"{high}세 이하" if clues.language == "ko" else f"aged {high} or younger"
    if clues.language == "ko":
        return f"{low}세 이상" if high is None else f"{low}-{high}세"
    return f"aged {low} or older" if high is None else f"aged {low}-{high}"
