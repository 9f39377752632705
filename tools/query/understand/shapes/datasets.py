"""Datasets and hospitals: which there are, what they hold, what is said of them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from tools.query.plan import Condition, Holding, ListPlan, Ranking, Subject, Summary, Thing
from tools.query.understand.choices import too_broad
from tools.query.understand.clues import Clues
from tools.query.understand.from_today import before
from tools.query.understand.lexicon import PART
from tools.query.understand.outcome import Absent, Note, Outcome, Unclear, Understood
from tools.query.understand.populations import kind_of_people
from tools.query.understand.properties import COLUMNS, asked_properties, take_properties
from tools.query.understand.quantities import Quantity
from tools.query.understand.scope import covers, dataset_ids, owned_title, take_scope
from tools.query.understand.shapes.counts import bare_age

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
_NUMBERS = {
    "field.lead_time": ("dataset.lead_time_days", {"day": 1, "month": 30, "plain": 1}),
    "field.follow_up": ("dataset.median_follow_up_months", {"month": 1, "span_years": 12, "plain": 1}),
    "field.beds": ("hospital.beds", {"plain": 1}),
    "field.age_range": ("dataset.age_min", {"age": 1}),
}
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
NEAR = 3  # segments
MONTHS = 12
_THERE = re.compile(r"(?i)\bon[- ]?site\b|\bin person\b|\bon the premises\b|방문|현장|내원")
_LIMITS_OF_AGE = re.compile(r"(?P<least>min|lower|youngest|최소|하한)|max|upper|oldest|최대|상한")
_FROM, _UP_TO = frozenset({"부터", "from", "starting"}), frozenset({"까지", "up to", "until"})
_ENDS = {"starts": "start_year", "ends": "end_year"}
_THINGS: tuple[Thing, ...] = ("variable", "concept", "cohort", "table", "dataset")


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
    conditions, holdings, notes = _limits(clues, "dataset", bool(fields))
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
    if all(_weak(clues, i) for i in clues.mentions()) and (broad := too_broad(clues)) is not None:
        return broad
    people = [s.text for s in clues.segments if s.plays("people") and kind_of_people(s.text)]
    counted = clues.has("how_many") and not fields and _counts_them(clues)
    clues.take("subject.hospital", "subject.dataset", "subject.data", "people", "compare", "records")
    if clues.mentions("variable", "table", "concept"):
        clues.take("subject.variable", "subject.table")  # "the X variable": the noun says what X is
    if subject != "dataset" or _names_a_place(clues):
        take_alternatives(clues, [name for f in fields for name in _FIELDS[f]])
    told = take_properties(clues) if subject == "dataset" else []
    conditions, holdings, notes = _limits(clues, subject, bool(fields))
    conditions += [*told, *_numbers(clues, fields)]
    ages = next((q for q in clues.quantities if q.kind == "age"), None)
    if ages is None and people and subject == "dataset":
        ages = bare_age(clues)  # "children under 18"
    end = _end_of_ages(clues, ages) if subject == "dataset" and ages is not None else None
    if ages is not None and end is not None and _wider(clues, *end):
        return Unclear(Note("unused_words", {"words": " ".join(clues.word(i) for i in ages.at)}))
    nobody = [word for word in people if not (_datasets_of(clues, word) or _aged(word, ages))]
    if nobody:
        return Absent(Note("unknown_words", {"words": ", ".join(nobody)}))
    conditions += _of_people(clues, people, subject, ages)
    for role in fields:
        clues.take(role)
    if "field.period" in fields:
        clues.take("dimension.year")  # "what years does it cover"
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
    if ranking is not None and ranking.by in _ENDS.values() and not fields:
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


def _datasets_of(clues: Clues, word: str) -> tuple[str, ...]:
    """Datasets of the kind of people that a word stands for only."""
    kind = kind_of_people(word)
    return tuple(d.dataset for d in clues.catalog.datasets if kind is not None and kind.only(d))


def _aged(word: str, ages: Quantity | None) -> bool:
    """ "Minors (under 19)": a word for people that says no more than the ages beside it."""
    kind = kind_of_people(word)
    return kind is not None and ages is not None and kind.aged(ages.whole_low, ages.whole_high)


def _of_people(
    clues: Clues, words: list[str], subject: Subject, ages: Quantity | None
) -> list[Condition]:
    """Datasets of people of one kind ("소아 데이터셋"), or that take in people of some ages."""
    conditions: list[Condition] = []
    spoken = ages is not None and (ages.kind == "plain" or not set(ages.at) & clues.used)
    quantity = ages if subject == "dataset" and spoken else None
    clues.used.update(quantity.at if quantity is not None else ())
    for word in words:
        if _aged(word, quantity):
            continue
        conditions.append(Condition("dataset.dataset", "eq", _datasets_of(clues, word)))
    if quantity is None:
        return conditions if subject == "dataset" else []
    if (end := _end_of_ages(clues, quantity)) is not None:
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


def _end_of_ages(clues: Clues, ages: Quantity) -> tuple[str, int] | None:
    """The end of a dataset's ages that "from age 0" or "12세까지" speaks of, as opposed to "0 or older"."""
    words = {clues.word(i).lower() for i in ages.at}
    if ages.exact and ages.whole_low is not None and (column := _limit_of_age(clues)):
        return column, ages.whole_low
    if ages.high is None and ages.whole_low is not None and words & _FROM:
        return "dataset.age_min", ages.whole_low
    if ages.low is None and ages.whole_high is not None and words & _UP_TO:
        return "dataset.age_max", ages.whole_high
    return None


def _limit_of_age(clues: Clues) -> str:
    """The field that "minimum age" or "연령 상한" names; "" where neither end is named."""
    asked = " ".join(s.text for s in clues.segments if s.plays("field.age_range")).lower()
    named = _LIMITS_OF_AGE.search(asked)
    return "" if named is None else "dataset.age_min" if named["least"] else "dataset.age_max"


def _wider(clues: Clues, column: str, age: int) -> bool:
    """Whether datasets go beyond such an end: whether they are meant too is not said."""
    if _limit_of_age(clues) == column:
        return False
    found = [getattr(d, column.split(".")[1]) for d in clues.catalog.datasets]
    if column == "dataset.age_min":
        return any(a is not None and a < age for a in found)
    return any(a is None or a > age for a in found)


def take_alternatives(clues: Clues, shown: Sequence[str]) -> None:
    """ "Remotely or on site?", "mg/dL or mmol/L?": values of what is shown anyway, not conditions on it."""
    if not clues.has("or"):
        return
    named = [
        i for i in clues.mentions("value")
        if any(s.field in shown or s.field.replace("_en", "_ko") in shown
               for s in clues.segments[i].names("value"))
    ]
    if named:
        clues.used.update(named)
        clues.take("or")


def _bare(clues: Clues) -> bool:
    """A property of nothing in particular: "What is the lead time?"."""
    return not (clues.subject in {"dataset", "hospital", "data"} or clues.groups
                or clues.has("all", "rank.", "compare", "subject."))


def _counts_them(clues: Clues) -> bool:
    """ "How many datasets", "데이터셋이 몇 개": the number stands beside the noun, or beside nothing else."""
    at = clues.find("how_many")
    assert at is not None
    near = clues.segments[at : at + 4] if clues.language == "en" else clues.segments[max(0, at - 3) : at + 2]
    if any(s.plays("subject.dataset", "subject.hospital", "subject.registry", "subject.where") for s in near):
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


def _limits(
    clues: Clues, subject: Subject, described: bool
) -> tuple[list[Condition], list[Holding], list[Note]]:
    """Conditions and holdings from the names and years in the question."""
    conditions: list[Condition] = []
    holdings: list[Holding] = []
    notes: list[Note] = []
    holders = [
        i for i in clues.mentions(*_THINGS, "value")
        if not (_limits_scope(clues, i, subject, described) or _measured(clues, i))
    ]
    last_held: int | None = None
    alternatives = False
    for i in holders:
        things = _of_kind(clues, i, holders) or _things(clues, i)
        weak = min(sense.tier for sense in clues.segments[i].senses) == PART
        if weak and any(abs(i - j) == 1 and _weak(clues, j) for j in holders if j != i):
            continue  # "tau PET", of which one name has "tau" and another "PET"
        if i and set(clues.parts(i, "dataset")) & set(dataset_ids(clues, i - 1)):
            clues.used.add(i)
            continue  # "the smart insole streams": words of one title, with another between them
        if not things or (weak and not clues.has("exist", "which", "not")):
            continue  # part of a name is enough to ask who holds it, never to add a filter
        negated = clues.negated(i)
        clues.used.add(i)
        either = last_held is not None and not clues.has("both") and clues.either(last_held, i)
        last_held = i
        if either and holdings and not negated and not holdings[-1].negated:
            alternatives = True
            last = holdings.pop()
            holdings.append(Holding((*last.things, *things), words=f"{last.words} / {clues.word(i)}"))
        else:
            holdings.append(Holding(things, negated, clues.word(i)))
    if alternatives:
        clues.take("or")
    conditions += _besides(clues) if subject == "dataset" else []
    scope = take_scope(clues, loosely=described)
    if scope.hospitals:
        conditions.append(Condition("hospital.hospital", "eq", scope.hospitals))
    if scope.datasets:
        if subject == "dataset":
            conditions.append(Condition("dataset.dataset", "eq", scope.datasets))
        else:
            holdings.append(Holding((("dataset", scope.datasets),), words=", ".join(scope.words)))
    if subject == "dataset" and clues.take("ongoing"):
        conditions.append(Condition("dataset.end_year", "missing", ()))
    if subject == "dataset" and not clues.peek("year") and clues.take("over"):
        conditions.append(Condition("dataset.end_year", "ge", (1,)))
    updated = clues.has("field.last_updated", "field.update_frequency")
    if updated and (date := clues.quantity("date")) is not None:
        conditions += _not_since(clues, _updated_on(date))
        clues.take("field.update_frequency")
    if updated and subject == "dataset" and (since := _since(clues)) is not None:
        conditions += _not_since(clues, [Condition("dataset.last_updated", "ge", (since,))])
        clues.take("field.update_frequency")
    visit = clues.find("access.on_site")
    if subject == "dataset" and visit is not None and (levels := _on_site(clues)):
        denied = clues.negated(visit)  # "without having to visit"
        clues.take("access.on_site")
        conditions.append(Condition("dataset.access_level", "ne" if denied else "eq", levels))
    years = clues.quantity("year")
    if years is not None and updated and not clues.has(*_ENDS):
        conditions += _not_since(clues, _updated(years))
        clues.take("field.update_frequency")
    elif years is not None:
        _add_years(clues, years, subject, conditions, holdings)
    length = None if _of_follow_up(clues) else clues.quantity("span_years")
    if length is not None and subject == "dataset":
        op, number = length.comparison() or ("ge", length.low or 0)
        conditions.append(Condition("dataset.span_years", op, (int(number),)))  # type: ignore[arg-type]
        notes.append(Note("span_inclusive"))
        clues.take("field.period")
    elif length is not None:
        clues.used.difference_update(length.at)
    return conditions, holdings, notes


def _besides(clues: Clues) -> list[Condition]:
    """ "Anywhere besides the X registry", "X 레지스트리 말고": datasets that are left out by their titles."""
    conditions = []
    for i in clues.mentions("dataset"):
        ids = clues.titles(i) or clues.ids(i, "dataset")
        kept = set(clues.used)
        if ids and len(ids) == 1 and clues.negated(i):
            clues.used.add(i)
            conditions.append(Condition("dataset.dataset", "ne", ids))
        else:
            clues.used = kept
    return conditions


def _measured(clues: Clues, i: int) -> bool:
    """ "A follow-up of over 12 months": a property that a number is said of, whatever is called so, too."""
    roles = [role for role in clues.segments[i].roles if role in _NUMBERS]
    return any(clues.peek(*_NUMBERS[role][1]) for role in roles)  # type: ignore[arg-type]


def _names_a_place(clues: Clues) -> bool:
    return bool(clues.mentions("dataset", "hospital", "cohort"))


def _of_follow_up(clues: Clues) -> bool:
    """ "Followed for at least 3 years": the years stand beside what is said of the follow-up."""
    at = [i for i, s in enumerate(clues.segments) if s.plays("field.follow_up")]
    years = [i for q in clues.quantities if q.kind == "span_years" for i in q.at]
    return any(abs(i - j) <= NEAR for i in at for j in years)


def _updated(years: Quantity) -> list[Condition]:
    """Updated for the last time in these years; dates are written YYYY-MM-DD."""
    conditions = []
    if years.whole_low is not None:
        conditions.append(Condition("dataset.last_updated", "ge", (f"{years.whole_low}-01-01",)))
    if years.whole_high is not None:
        conditions.append(Condition("dataset.last_updated", "le", (f"{years.whole_high}-12-31",)))
    return conditions


def _since(clues: Clues) -> str | None:
    """The day from which "updated in the last 3 months" and "no update for more than six months" count."""
    told = clues.peek("recent") or clues.has("recent", "not")
    quantity = clues.quantity("month", "day", "recent", "span_years") if told else None
    if quantity is None:
        return None
    number = int(quantity.low if quantity.low is not None else quantity.high or 0)
    unit = "day" if quantity.kind == "day" else "month"
    clues.take("recent")
    months = number * MONTHS if quantity.kind in {"recent", "span_years"} else number
    return before(clues.today, months, unit).isoformat()


def _not_since(clues: Clues, told: list[Condition]) -> list[Condition]:
    """The conditions; where they are denied up to this day ("not updated this year"), that the last update
    lies before. What was not done in a time that is over the last date does not tell: "not" stays unused."""
    today = clues.catalog.meta.as_of[:10]
    first = next((c for c in told if c.op in {"ge", "gt"}), None)
    over = any(c.op in {"le", "lt"} and str(c.values[0]) < today for c in told)
    if not clues.has("not") or first is None or over:
        return told
    clues.take("not")
    return [replace(first, op="lt")]


def _on_site(clues: Clues) -> tuple[str, ...]:
    """The access levels that want people to come ("on-site only")."""
    levels = dict.fromkeys(d.access_level for d in clues.catalog.datasets if d.access_level)
    return tuple(level for level in levels if _THERE.search(level))


def _updated_on(date: Quantity) -> list[Condition]:
    """Updated for the last time on, after or before a day; the plan has days as YYYY-MM-DD."""
    ends = ((date.low, "gt" if date.open_low else "ge"), (date.high, "lt" if date.open_high else "le"))
    conditions = []
    for number, op in ends:
        if number is not None:
            day = f"{number:08.0f}"
            written = f"{day[:4]}-{day[4:6]}-{day[6:]}"
            conditions.append(Condition("dataset.last_updated", op, (written,)))  # type: ignore[arg-type]
    return conditions


def _weak(clues: Clues, i: int) -> bool:
    """Words that are only part of names."""
    return min(sense.tier for sense in clues.segments[i].senses) == PART


def _of_kind(clues: Clues, i: int, holders: list[int]) -> tuple[tuple[Thing, tuple[str, ...]], ...]:
    """ "Glucose in mmol/L": datasets whose variable of that name has that unit (or type, or condition)."""
    own = [s for s in clues.segments[i].names("value") if s.field.startswith("variable.")]
    names = {name for j in holders for name in clues.ids(j, "variable")}
    if not own or not names:
        return ()
    column = own[0].field.split(".")[1]
    ids = [v.dataset for v in clues.catalog.variables if v.name in names and getattr(v, column) in own[0].ids]
    return (("dataset", tuple(dict.fromkeys(ids)) or ("",)),)


def _limits_scope(clues: Clues, i: int, subject: Subject, described: bool) -> bool:
    """True for a mention that limits which datasets or hospitals are meant, rather than what they hold."""
    if subject == "dataset" and (clues.titles(i) or (described and owned_title(clues, i))):
        return True
    segment = clues.segments[i]
    best = min(s.tier for s in segment.senses)
    if any(s.tier == best for s in segment.names("hospital")):
        return True
    if any(s.tier == best and s.field.startswith("hospital.") for s in segment.names("value")):
        return True
    of_dataset = [s for s in segment.senses if s.kind == "dataset" or s.field.startswith("dataset.")]
    if subject == "hospital" or not of_dataset:
        return False
    # For datasets themselves, a title or property that fits at least as well as what is held wins;
    # "X patients" or "holding X" asks for content.
    held = [s for s in segment.senses if s.kind in {"variable", "concept", "cohort", "table"}]
    if segment.names("cohort") and (clues.has("people") or clues.called_a_cohort(i)):
        return False
    return not held or min(s.tier for s in of_dataset) <= min(s.tier for s in held)


def _things(clues: Clues, i: int) -> tuple[tuple[Thing, tuple[str, ...]], ...]:
    """Everything that the words may name; a dataset or hospital holds the words if it holds any of it."""
    segment = clues.segments[i]
    best = min(s.tier for s in segment.senses)
    found: list[tuple[Thing, tuple[str, ...]]] = []
    for thing in _THINGS:
        if thing == "dataset":
            # A dataset with the words in its title holds them, unless a variable was asked for by name.
            titled = () if clues.has("subject.variable") else clues.parts(i, "dataset")
            ids = dataset_ids(clues, i) or titled
            if ids:
                found.append((thing, ids))
            continue
        if thing == "concept":
            ids = tuple(c for c in clues.ids(i, "concept") if clues.catalog.variables_by_concept.get(c))
        else:
            ids = clues.ids(i, thing)
        close = [s for s in segment.senses if s.kind in {thing, "value"} and s.tier <= max(best, 3)]
        if ids and close:
            found.append((thing, ids))
    return tuple(found)


def _add_years(
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
    for role, column in _ENDS.items():
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


def _numbers(clues: Clues, fields: list[str]) -> list[Condition]:
    """ "Lead time under 30 days", "over 500 beds", "a follow-up of 6 to 24 months"."""
    conditions: list[Condition] = []
    if not fields and clues.peek("day"):
        fields = ["field.lead_time"]  # the only property of a dataset that is counted in days
    for role in fields:
        if role not in _NUMBERS:
            continue
        name, units = _NUMBERS[role]
        name = (_limit_of_age(clues) or name) if role == "field.age_range" else name
        quantity = clues.quantity(*units)  # type: ignore[arg-type]
        if quantity is None:
            continue
        if quantity.exact and (quantity.kind in {"plain", "age"} or quantity.low is None):
            clues.used.difference_update(quantity.at)  # "the three quickest"
            continue
        clues.take("between")
        conditions += _within(name, quantity, units[quantity.kind])
    return conditions


def _within(name: str, quantity: Quantity, unit: int) -> list[Condition]:
    """That a field lies in a range, in units of the field."""
    if quantity.exact and quantity.low is not None:
        return [Condition(name, "eq", (quantity.low * unit,))]
    ends = (
        (quantity.low, "gt" if quantity.open_low else "ge"),
        (quantity.high, "lt" if quantity.open_high else "le"),
    )
    return [Condition(name, op, (end * unit,)) for end, op in ends if end is not None]  # type: ignore[arg-type]


def _ranking(clues: Clues, fields: list[str], subject: Subject) -> Ranking | None:
    most, least = clues.has("rank.most"), clues.has("rank.least")
    if not (most or least or clues.has("rank.order")):
        return None
    ordered = sorted(fields, key=lambda f: f in COLUMNS and f != "field.last_updated")  # words have no order
    column = next((name.split(".")[1] for f in ordered for name in _FIELDS[f]), None)
    if column in {None, "period_start"}:
        column = next((c for role, c in _ENDS.items() if clues.take(role)), column)
        clues.take("dimension.year")
    if column == "period_start":
        column = "span_years"  # "the longest period"
    if column in {None, "update_frequency"}:
        return None  # an order of words is not understood: the account finds it unused
    first = clues.superlative
    clues.take("rank.")
    limit = clues.asked_number()
    return Ranking(column, most, limit=limit or (1 if first else None), with_ties=first)
