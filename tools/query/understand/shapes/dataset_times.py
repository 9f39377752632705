"""When datasets begin, end and are updated, and the numbers that they are compared by."""

from __future__ import annotations

import re
from dataclasses import replace

from tools.query.plan import Condition, Holding, Subject
from tools.query.understand.clues import Clues
from tools.query.understand.from_today import before
from tools.query.understand.quantity import Quantity
from tools.query.understand.scope import covers
from tools.query.understand.shapes.dataset_ages import limit_of_age

NUMBERS = {
    "field.lead_time": ("dataset.lead_time_days", {"day": 1, "month": 30, "plain": 1}),
    "field.follow_up": ("dataset.median_follow_up_months", {"month": 1, "span_years": 12, "plain": 1}),
    "field.beds": ("hospital.beds", {"plain": 1}),
    "field.age_range": ("dataset.age_min", {"age": 1}),
}
NEAR = 3  # segments
_GETTING = re.compile(
    r"(?i)\b(?:get|gets|got|receive|obtain|access|deliver(?:ed)?|arrives?|hands on)\b"
    r"|(?:(?<![가-힣])|제공|전달|분양|공유)받|구할|이용"
)
_I_GET = re.compile(
    r"(?i)\b(?:i|we|you) (?:\w+ ){0,2}(?:get|receive|obtain|access|have)\b"
    r"|(?:받을|받아 ?볼|구할|이용할) 수 있(?!는 (?:환자|사람))"
)
MONTHS = 12
ENDS = {"starts": "start_year", "ends": "end_year"}


def is_of_follow_up(clues: Clues) -> bool:
    """ "Followed for at least 3 years": the years stand beside what is said of the follow-up."""
    at = [i for i, s in enumerate(clues.segments) if s.plays("field.follow_up")]
    years = [i for q in clues.quantities if q.kind == "span_years" for i in q.at]
    return any(abs(i - j) <= NEAR for i in at for j in years)


def updated_within(years: Quantity) -> list[Condition]:
    """Updated for the last time in these years; dates are written YYYY-MM-DD."""
    conditions = []
    if years.whole_low is not None:
        conditions.append(Condition("dataset.last_updated", "ge", (f"{years.whole_low}-01-01",)))
    if years.whole_high is not None:
        conditions.append(Condition("dataset.last_updated", "le", (f"{years.whole_high}-12-31",)))
    return conditions


def told_since(clues: Clues) -> str | None:
    """The day from which "updated in the last 3 months" and "no update for more than six months" count."""
    told = clues.peek("recent") or clues.has("recent", "not")
    if any(q.open_high and q.kind != "year" for q in clues.quantities):
        return None  # "no update for less than six months"
    quantity = clues.quantity("month", "day", "recent", "span_years") if told else None
    if quantity is None:
        return None
    number = int(quantity.low if quantity.low is not None else quantity.high or 0)
    unit = "day" if quantity.kind == "day" else "month"
    clues.take("recent")
    months = number * MONTHS if quantity.kind in {"recent", "span_years"} else number
    return before(clues.today, months, unit).isoformat()


def not_updated_since(clues: Clues, told: list[Condition]) -> list[Condition]:
    """The conditions; where they are denied up to this day ("not updated this year"), that the last update
    lies before. What was not done in a time that is over the last date does not tell: "not" stays unused."""
    today = clues.catalog.meta.as_of[:10]
    first = next((c for c in told if c.op in {"ge", "gt"}), None)
    over = any(c.op in {"le", "lt"} and str(c.values[0]) < today for c in told)
    if not clues.has("not") or first is None or over:
        return told
    clues.take("not")
    return [replace(first, op="lt")]


def updated_on(date: Quantity) -> list[Condition]:
    """Updated for the last time on, after or before a day; the plan has days as YYYY-MM-DD."""
    ends = ((date.low, "gt" if date.open_low else "ge"), (date.high, "lt" if date.open_high else "le"))
    conditions = []
    for number, op in ends:
        if number is not None:
            day = f"{number:08.0f}"
            written = f"{day[:4]}-{day[4:6]}-{day[6:]}"
            conditions.append(Condition("dataset.last_updated", op, (written,)))  # type: ignore[arg-type]
    return conditions


def add_years(
    clues: Clues, years: Quantity, subject: Subject, conditions: list[Condition], holdings: list[Holding]
) -> None:
    """Datasets whose period meets the years."""
    if subject == "hospital":
        ids = tuple(d.dataset for d in clues.catalog.datasets if covers(d, years))
        holdings.append(
            Holding((("dataset", ids or ("",)),), words="-".join(clues.word(i) for i in years.at))
        )
        return
    low, high = years.whole_low, years.whole_high
    if low is not None and high is None and clues.has("covers"):
        clues.take("covers")
        high = low  # "data from 2016: who covers that year"
    for role, column in ENDS.items():
        if clues.take(role, *(("over",) if role == "ends" else ())):
            column = f"dataset.{column}"
            if low is not None:
                conditions.append(Condition(column, "ge", (low,)))
            if high is not None:
                conditions.append(Condition(column, "le", (high,)))
            return
    if low is not None and high is not None:
        conditions.append(Condition("dataset.start_year", "le", (low,)))
        conditions.append(Condition("dataset.end_year", "ge", (high,), or_missing=True))
    elif low is not None:
        conditions.append(Condition("dataset.end_year", "ge", (low,), or_missing=True))
    elif high is not None:
        conditions.append(Condition("dataset.start_year", "le", (high,)))
    clues.take("field.period")


def take_numbers(clues: Clues, fields: list[str]) -> list[Condition]:
    """ "Lead time under 30 days", "over 500 beds", "a follow-up of 6 to 24 months"."""
    conditions: list[Condition] = []
    if not fields and (clues.peek("day") or _in_months(clues)):
        fields = ["field.lead_time"]  # the only property of a dataset that is counted in days
    for role in fields:
        if role not in NUMBERS:
            continue
        name, units = NUMBERS[role]
        name = (limit_of_age(clues) or name) if role == "field.age_range" else name
        quantity = clues.quantity(*units)  # type: ignore[arg-type]
        if quantity is None:
            continue
        counted = any(clues.segments[i].plays("people", "records") for i in quantity.at)
        if quantity.kind == "plain" and counted:
            clues.used.difference_update(quantity.at)  # "datasets of at most 3,000 patients, quickest first"
            continue
        if quantity.exact and (quantity.kind in {"plain", "age"} or quantity.low is None):
            clues.used.difference_update(quantity.at)  # "the three quickest"
            continue
        clues.take("between")
        conditions += _within(name, quantity, units[quantity.kind])
    return conditions


def _in_months(clues: Clues) -> bool:
    """ "Which data can I get within a month": no longer than that is waited."""
    ends = any(q.kind == "month" and q.low is None and not set(q.at) & clues.used for q in clues.quantities)
    # What people get or receive is a treatment; data are got by those who ask.
    getting = _I_GET if any(s.plays("people") for s in clues.segments) else _GETTING
    return ends and _GETTING.search(clues.text) is not None and getting.search(clues.text) is not None


def _within(name: str, quantity: Quantity, unit: int) -> list[Condition]:
    """That a field lies in a range, in units of the field."""
    if quantity.exact and quantity.low is not None:
        return [Condition(name, "eq", (quantity.low * unit,))]
    ends = (
        (quantity.low, "gt" if quantity.open_low else "ge"),
        (quantity.high, "lt" if quantity.open_high else "le"),
    )
    return [Condition(name, op, (end * unit,)) for end, op in ends if end is not None]  # type: ignore[arg-type]
