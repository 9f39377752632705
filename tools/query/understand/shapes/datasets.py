"""Datasets and hospitals: which there are, what they hold, what is said of them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from tools.query.plan import ListPlan, Ranking, Subject, Summary
from tools.query.understand.choices import too_broad
from tools.query.understand.clues import Clues
from tools.query.understand.outcome import Absent, Note, Outcome, Unclear, Understood
from tools.query.understand.populations import kind_of_people
from tools.query.understand.properties import COLUMNS, asked_properties, take_properties
from tools.query.understand.shapes.count_ranges import bare_age
from tools.query.understand.shapes.dataset_ages import (
    end_of_ages,
    limits_of_people,
    named_datasets,
    of_that_age,
    taking_in,
    wider_than_asked,
)
from tools.query.understand.shapes.dataset_limits import is_weak, take_limits
from tools.query.understand.shapes.dataset_times import ENDS, take_numbers

_FIELDS: dict[str, tuple[str, ...]] = {
    "field.period": (
        "dataset.period_start",
        "dataset.period_end",
        "dataset.start_year",
        "dataset.end_year",
    ),
    "field.data_model": ("dataset.data_model",),
    "field.access_level": ("dataset.access_level",),
    "field.lead_time": ("dataset.lead_time_days",),
    "field.update_frequency": ("dataset.update_frequency",),
    "field.last_updated": ("dataset.last_updated",),
    "field.follow_up": ("dataset.median_follow_up_months",),
    "field.age_range": ("dataset.age_min", "dataset.age_max"),
    "field.theme": ("dataset.theme",),
    "field.description": (
        "dataset.description_en",
        "dataset.theme",
        "dataset.period_start",
        "dataset.period_end",
    ),
    "field.beds": ("hospital.beds",),
    "field.region": ("hospital.region_en",),
    "field.hospital_type": ("hospital.type",),
    "field.contact": ("hospital.contact",),
}
_WHO_DID = re.compile(
    r"(?i)who (?!has|had|have|holds?|is|are|was|were|else|can|could|do|does|did|will|would|here|there|counts?"
    r"|records?|keeps?|collects?|measures?|stores?|offers?|owns?|got|tracks?|publishes|includes?|contains?)"
    r"[a-z]+(?: for)?\b"
)
_DOES = re.compile(r"(?i)(?:did|do|does|is|are|was|were|has|have) ")
_COMPARABLE = {
    "dataset.lead_time_days",
    "dataset.median_follow_up_months",
    "hospital.beds",
    "dataset.span_years",
    "dataset.last_updated",
}
_DEFAULT = (
    "hospital.name_en",
    "dataset.theme",
    "dataset.period_start",
    "dataset.period_end",
    "dataset.data_model",
)
# What datasets are compared by.
_COMPARED = ("dataset.period_start", "dataset.period_end", "dataset.patients", "dataset.variables")


def build_comparison(clues: Clues) -> Outcome | None:
    """Datasets side by side: period, size, number of variables, and whatever else is named."""
    if not clues.has("compare") or clues.subject not in {"dataset", "data"}:
        return None
    variables = [
        i for i in clues.mentions("variable") if not clues.segments[i].names("cohort", "dataset", "value")
    ]
    counted = clues.has("measure.") and clues.mentions("cohort")
    if clues.has("people", "sex.") or counted or variables or set(clues.fields()) - set(_FIELDS):
        return None
    clues.take("compare", "size", "dimension.year", "subject.", "measure.patients", "how_many")
    fields = [f for f in clues.fields() if f in _FIELDS]
    conditions, holdings, notes = take_limits(clues, "dataset", bool(fields))
    for role in fields:
        clues.take(role)
    named = [n for f in fields for n in _FIELDS[f]]
    show = tuple(dict.fromkeys(("hospital.name_en", *_COMPARED, *named)))
    plan = ListPlan(
        "dataset", show=show, conditions=tuple(conditions), holdings=tuple(holdings), language=clues.language
    )
    return Understood(plan, tuple(notes))


def build_datasets(clues: Clues) -> Outcome | None:
    """A ListPlan over datasets or hospitals; None when the question asks for neither."""
    fields = [f for f in clues.fields() if f in _FIELDS]
    fields += [f for f in asked_properties(clues) if f not in fields]
    subject = _subject(clues, fields)
    if subject is None:
        return None
    if all(is_weak(clues, i) for i in clues.mentions()) and (broad := too_broad(clues)) is not None:
        return broad
    if not fields and (doing := _what_somebody_did(clues)) is not None:
        return Absent(Note("unknown_words", {"words": doing}))
    people = [s.text for s in clues.segments if s.plays("people") and kind_of_people(s.text)]
    by_name = set(fields) & set(clues.fields(told=False))  # rather than by a value ("closed environment")
    counted = clues.has("how_many") and not by_name and _counts_them(clues)
    clues.take("subject.hospital", "subject.dataset", "subject.data", "people", "compare", "records")
    if clues.mentions("variable", "table", "concept"):
        clues.take("subject.variable", "subject.table")  # "the X variable": the noun says what X is
    if subject != "dataset" or _names_a_place(clues):
        take_alternatives(clues, [name for f in fields for name in _FIELDS[f]])
    told = take_properties(clues) if subject == "dataset" else []
    conditions, holdings, notes = take_limits(clues, subject, bool(fields))
    conditions += [*told, *take_numbers(clues, fields)]
    ages = next((q for q in clues.quantities if q.kind == "age"), None)
    if ages is None and people and subject == "dataset":
        ages = bare_age(clues)  # "children under 18"
    end = end_of_ages(clues, ages) if subject == "dataset" and ages is not None else None
    if ages is not None and end is not None and wider_than_asked(clues, *end):
        return Unclear(Note("unused_words", {"words": " ".join(clues.word(i) for i in ages.at)}))
    of_age = subject == "dataset" and ages is None
    among = {word: found for word in people if of_age and (found := taking_in(clues, word))}
    conditions += among.values()
    people = [word for word in people if word not in among]
    nobody = [word for word in people if not (named_datasets(clues, word) or of_that_age(word, ages))]
    if nobody:
        return Absent(Note("unknown_words", {"words": ", ".join(nobody)}))
    conditions += limits_of_people(clues, people, subject, ages)
    for role in fields:
        clues.take(role)
    if "field.period" in fields:
        clues.take("dimension.year")  # "what years does it cover"
        if not clues.peek("year"):
            clues.take("starts", "ends")  # "시작 연도와 끝 연도"
    compared = [c.field for c in conditions if c.field in _COMPARABLE or c in told]
    subject_fields = _shown(subject, fields, compared)
    if counted and clues.subject is None and not clues.has("subject.where", "value."):
        return Unclear(Note("no_antecedent_plain"))  # the number of what is not said
    if counted:
        clues.take("how_many")
        groups = tuple(g for g in clues.groups if g == "hospital" and subject == "dataset")
        clues.used.update(clues.grouped)
        ranking = None
        if groups and clues.has("rank.most", "rank.least"):
            ranking = Ranking("datasets", descending=not clues.has("rank.least"))
            clues.take("rank.")
        return Understood(
            ListPlan(
                subject,
                conditions=tuple(conditions),
                holdings=tuple(holdings),
                summary=Summary(),
                group_by=groups,
                ranking=ranking,
                language=clues.language,
            ),
            tuple(notes),
        )
    if fields and not (conditions or holdings) and _bare(clues):
        return Unclear(Note("no_antecedent_plain"))
    ranking = _ranking(clues, fields, subject)
    show = subject_fields
    if ranking is not None and ranking.by in ENDS.values() and not fields:
        show = ("hospital.name_en", f"dataset.{ranking.by}")
    if "hospital" in clues.groups and subject == "dataset":
        clues.used.update(clues.grouped)
        ranking = ranking or Ranking("hospital", descending=False)
        show = ("hospital.hospital", *show)
    return Understood(
        ListPlan(
            subject,
            show=show,
            conditions=tuple(conditions),
            holdings=tuple(holdings),
            ranking=ranking,
            language=clues.language,
        ),
        tuple(notes),
    )


def _what_somebody_did(clues: Clues) -> str | None:
    """ "Who paid for the X study?": what somebody did with a dataset is not held; who has something is."""
    match = _WHO_DID.match(clues.text)
    return match[0].strip() if match is not None and clues.mentions("dataset") else None


def take_alternatives(clues: Clues, shown: Sequence[str]) -> None:
    """ "Remotely or on site?", "mg/dL or mmol/L?": values of what is shown anyway, not conditions on it."""
    if not clues.has("or"):
        return
    named = [
        i
        for i in clues.mentions("value")
        if any(
            s.field in shown or s.field.replace("_en", "_ko") in shown
            for s in clues.segments[i].names("value")
        )
    ]
    if named:
        clues.used.update(named)
        clues.take("or")


def _bare(clues: Clues) -> bool:
    """A property of nothing in particular: "What is the lead time?"."""
    return not (
        clues.subject in {"dataset", "hospital", "data"}
        or clues.groups
        or clues.has("all", "rank.", "compare", "subject.")
    )


def _counts_them(clues: Clues) -> bool:
    """ "How many datasets", "데이터셋이 몇 개": the number stands beside the noun, or beside nothing else."""
    at = clues.find("how_many")
    assert at is not None
    near = clues.segments[at : at + 4] if clues.language == "en" else clues.segments[max(0, at - 3) : at + 2]
    things = ("subject.dataset", "subject.hospital", "subject.registry", "subject.where")
    things = (*things, *(("subject.data",) if clues.language == "ko" else ()))
    if any(s.plays(*things) for s in near):
        return True
    return not clues.has("subject.data") and not clues.mentions("table", "variable")


def _subject(clues: Clues, fields: list[str]) -> Subject | None:
    hospital_field = any(_FIELDS[f][0].startswith("hospital.") for f in fields)
    dataset_field = any(_FIELDS[f][0].startswith("dataset.") for f in fields)
    if clues.subject == "hospital":
        # A property of datasets asked "by hospital" is said of each dataset.
        return "dataset" if dataset_field else "hospital"
    if clues.subject in {"dataset", "data"}:
        return "dataset"
    if dataset_field:
        return "dataset"
    if hospital_field or (
        clues.mentions("hospital") and clues.has("exist", "which") and clues.subject is None
    ):
        return "hospital" if hospital_field else "dataset"
    if clues.subject is None and clues.mentions("dataset", "value", "cohort", "concept", "table"):
        return "dataset"
    return None


def _shown(subject: Subject, fields: list[str], compared: list[str]) -> tuple[str, ...]:
    """What the question asks to see and what it compares, else a little of everything."""
    names = [n for f in fields for n in _FIELDS[f]] + compared
    if subject == "hospital":
        own = [n for n in names if n.startswith("hospital.")]
        return tuple(dict.fromkeys(own)) or ("hospital.type", "hospital.region_en", "hospital.beds")
    if set(names) == {"dataset.span_years"}:
        names = ["dataset.period_start", "dataset.period_end", *names]
    return tuple(dict.fromkeys(("hospital.name_en", *names))) if names else _DEFAULT


def _names_a_place(clues: Clues) -> bool:
    return bool(clues.mentions("dataset", "hospital", "cohort"))


def _yes_or_no(clues: Clues) -> bool:
    """ "Does A have more beds than B": both numbers are the answer."""
    named = sum(bool(s.names("hospital", "dataset")) for s in clues.segments)
    return named > 1 and bool(_DOES.match(clues.text)) and not clues.has("or")


def _ranking(clues: Clues, fields: list[str], subject: Subject) -> Ranking | None:
    most, least = clues.has("rank.most"), clues.has("rank.least")
    if not (most or least or clues.has("rank.order")):
        return None
    ordered = sorted(fields, key=lambda f: f in COLUMNS and f != "field.last_updated")  # words have no order
    column = next((name.split(".")[1] for f in ordered for name in _FIELDS[f]), None)
    if column in {None, "period_start"}:
        column = next((c for role, c in ENDS.items() if clues.take(role)), column)
        clues.take("dimension.year")
    if column == "period_start":
        column = "span_years"  # "the longest period"
    if column in {None, "update_frequency"}:
        return None  # an order of words is not understood: the account finds it unused
    top = [s for s in clues.segments if s.plays("rank.most")]
    most = most and not (least and all(s.text.lower() == "top" for s in top))  # "top three, shortest first"
    first = clues.superlative and not _yes_or_no(clues)
    clues.take("rank.")
    limit = clues.asked_number()
    return Ranking(column, most, limit=limit or (1 if first else None), with_ties=first)
