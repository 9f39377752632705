"""Variables: which there are, their units, values, missing rates and the rest of what is said of them."""

from __future__ import annotations

import re

from tools.query.plan import AnyOf, Condition, ListPlan, Ranking, Summary
from tools.query.understand.choices import too_broad, vague_part
from tools.query.understand.clues import Clues
from tools.query.understand.lexicon import FULL, GLOSSARY, SHORT
from tools.query.understand.outcome import Note, Outcome, Unclear, Understood
from tools.query.understand.scope import Scope, take_scope
from tools.query.understand.shapes.datasets import take_alternatives
from tools.query.understand.words import key

_FIELDS = {
    "field.unit": ("variable.unit",),
    "field.values": ("variable.values",),
    "field.type": ("variable.type",),
    "field.missing": ("variable.missing_text",),
    "field.complete": ("variable.missing_text",),
    "field.granularity": ("variable.granularity", "variable.modifier"),
    "field.modifier": ("variable.modifier",),
    "field.concept": (
        "variable.concept",
        "concept.code_system",
        "concept.edition",
        "concept.code",
        "concept.name_en",
    ),
    "field.aliases": ("variable.aliases",),
    "field.description": ("variable.description_en", "variable.type", "variable.unit", "variable.values"),
}
_ALWAYS = ("dataset.title_en", "hospital.name_en")
_DEFAULT = ("variable.unit", "variable.values", "variable.granularity", "variable.missing_text")
_MISSING = {"field.missing", "field.complete"}


NO_TIER = 9
_CODES = {
    "code.unknown": re.compile(r"(?i)\b(?:unknown|not known|unclear)\b|모름|미상|불명|알 수 없"),
    "code.missing": re.compile(r"(?i)\b(?:missing|not recorded|not reported)\b|결측|미기재|누락|미기록"),
}


def build_variables(clues: Clues) -> Outcome | None:
    """A ListPlan over variables; None when the question is not about variables."""
    fields = [f for f in clues.fields() if f in _FIELDS]
    if "field.granularity" in fields and set(fields) & _MISSING:
        fields.remove("field.granularity")  # "how often is it missing"
        clues.take("field.granularity")
    if set(fields) & _MISSING:
        fields = [f for f in fields if f != "field.values"]  # "the share of its values that is missing"
    named = clues.mentions("variable", "table", "concept")
    if not _about_variables(clues, fields, named):
        return None
    broad = too_broad(clues) or next((v for i in named if (v := vague_part(clues, i))), None)
    if broad is not None:
        return broad
    clues.take("subject.variable", "variable_name", "subject.table", "subject.data", "both", "and")
    if clues.has("variable_name") and not clues.has("number."):
        clues.take("how_many")  # "a count of teeth, and under what name"
    if set(fields) & _MISSING:
        clues.take("overlap", "field.values")
    ranked = clues.subject in {"dataset", "hospital"} and set(fields) & _MISSING and clues.has("rank.")
    if ranked and not _one_each(clues.fresh()):
        return _completeness(clues, fields)
    units = [c for i in clues.mentions("value") for c in _value_fields(clues, i)]
    if clues.has("or") and len(units) > 1 and len(set(units)) == 1 and not fields:
        fields = [role for role, names in _FIELDS.items() if units[0] in names][:1]
    take_alternatives(clues, [name for role in fields for name in _FIELDS[role]])
    conditions, notes = _named(clues)
    scope = take_scope(clues, loosely=True)
    conditions += _scope_conditions(clues, scope)
    bare = fields and not clues.has("all", "rank.", "subject.", "how_many") and not clues.groups
    if not conditions and (bare or (not fields and not clues.has("how_many"))):
        return Unclear(Note("no_antecedent_plain"))  # the variables of what is not said
    clues.take("or")
    for role in fields:
        clues.take(role)
    if "field.values" in fields:
        clues.quantity("plain")  # "what does 2 mean": the list of values says it
    conditions += _missing_limit(clues, fields)
    conditions += _with_code(clues, scope)
    if not named and not any(c.field == "concept.code_system" for c in _simple(conditions)):
        conditions += _of_system(clues)
    if clues.take("how_many") and clues.subject == "variable" and not fields:
        groups = tuple(g for g in clues.groups if g in {"hospital", "dataset"})
        clues.used.update(clues.grouped)
        ranking = (
            Ranking("variables", not clues.has("rank.least")) if groups and clues.take("rank.") else None
        )
        plan = ListPlan(
            "variable",
            conditions=tuple(conditions),
            summary=Summary(),
            group_by=groups,
            ranking=ranking,
            language=clues.language,
        )
        return Understood(plan, tuple(notes))
    if fields == ["field.concept"] and _coded(clues, conditions):
        fields = ["field.values", *fields]  # "what codes are used": those of its values as well
    if (
        not fields
        and any(c.field == "concept.code_system" for c in _simple(conditions))
        and len(conditions) > 1
    ):
        fields = ["field.concept"]  # "the LOINC of X" asks for the code
    show = tuple(dict.fromkeys((*_ALWAYS, *(name for role in fields for name in _FIELDS[role]))))
    if not fields:
        show = (*_ALWAYS, *_default(clues, _simple(conditions)))
    ranking = _ranking(clues, fields)
    if "hospital" in clues.groups or clues.subject == "hospital":
        show = ("hospital.hospital", *show)
        clues.used.update(clues.grouped)
        ranking = ranking or Ranking("hospital", descending=False)
    elif "dataset" in clues.groups:
        clues.used.update(clues.grouped)
    plan = ListPlan(
        "variable", show=show, conditions=tuple(conditions), ranking=ranking, language=clues.language
    )
    return Understood(plan, tuple(notes))


def _default(clues: Clues, conditions: list[Condition]) -> tuple[str, ...]:
    """What is shown of variables where nothing is asked for: of a data dictionary, what it says of them."""
    wanted = {c.field: {str(v) for v in c.values} for c in conditions}
    catalog = clues.catalog
    if "variable.name" in wanted:
        named, by = wanted["variable.name"], catalog.variables_by_name
    else:
        named, by = wanted.get("variable.table", set()), catalog.variables_by_table
    found = [variable for name in named for variable in by.get(name, ())]
    if any(v.unit or v.values or v.granularity or v.missing_text for v in found):
        return _DEFAULT
    if any(v.description_en or v.description_ko for v in found):
        return _FIELDS["field.description"]
    return _DEFAULT


def _value_fields(clues: Clues, i: int) -> list[str]:
    """The fields of variables that a mention is a value of."""
    return [s.field for s in clues.segments[i].names("value") if s.field.startswith("variable.")][:1]


def _coded(clues: Clues, conditions: list[Condition | AnyOf]) -> bool:
    """Whether a variable that the conditions name has coded values."""
    names = {v for c in _simple(conditions) if c.field == "variable.name" for v in c.values}
    return any(v.values for name in names for v in clues.catalog.variables_by_name.get(str(name), ()))


def _simple(conditions: list[Condition | AnyOf]) -> list[Condition]:
    return [c for c in conditions if isinstance(c, Condition)]


def _about_variables(clues: Clues, fields: list[str], named: list[int]) -> bool:
    if fields and (named or clues.subject == "variable" or clues.mentions("dataset")):
        # "mapped to OMOP": a property of datasets, unless variables are meant.
        return bool(named) or clues.subject == "variable" or not _dataset_property(clues)
    if set(fields) & _MISSING:
        return True
    if clues.subject in {"variable", "table"}:
        return True
    if any(s.titled and s.names("table") for s in clues.segments):
        return True  # "the biomarkers table of X"
    if named and clues.has("variable_name") and not clues.has("not", "both", "or", "people", "rank."):
        return True  # "which dataset has X, and under what name": the variables say both
    if _inside_a_dataset(clues, named):
        return True
    if _variable_property(clues) and clues.subject in {None, "data"} and not named:
        return clues.has("exist", "which")
    variables = [i for i in named if clues.segments[i].names("variable")]
    if clues.has("both") and len(variables) > 1 and clues.subject in {None, "data"} and not fields:
        return False  # "something that has X as well as Y": what holds both
    asks_holder = clues.subject == "data" and clues.has("exist", "which")
    others = [f for f in clues.fields() if f not in _FIELDS]
    alone = clues.subject in {None, "data"} and not asks_holder and not others
    return bool(variables) and alone and not clues.has("measure.", "linkage")


def _inside_a_dataset(clues: Clues, named: list[int]) -> bool:
    """ "Does the X registry contain Y": what is asked for is Y, in a dataset that is named."""
    asked = clues.has("which", "how_many", "rank.", "or", "both", "not", "linkage")
    variables = [i for i in named if clues.segments[i].names("variable") and not clues.titles(i)]
    datasets = [
        i for i in clues.mentions() if i not in variables and (clues.titles(i) or clues.ids(i, "dataset"))
    ]
    return clues.has("exist") and not asked and bool(variables) and bool(datasets) and not clues.has("field.")


def _variable_property(clues: Clues) -> bool:
    return any(
        sense.field.startswith("variable.")
        for i in clues.mentions("value")
        for sense in clues.segments[i].senses
    )


def _dataset_property(clues: Clues) -> bool:
    return any(
        sense.field.startswith("dataset.")
        for i in clues.mentions("value")
        for sense in clues.segments[i].senses
    )


def _named(clues: Clues) -> tuple[list[Condition | AnyOf], list[Note]]:
    """Conditions for the variables, tables and properties named. Several names are any of them."""
    names: dict[str, None] = {}
    tables: dict[str, None] = {}
    within: dict[str, None] = {}
    tabled: list[int] = []
    conditions: list[Condition | AnyOf] = []
    notes: list[Note] = []
    beside = any(_tier(clues, i, "variable") <= GLOSSARY for i in clues.mentions("variable"))
    for i in clues.mentions("variable", "table", "value", "concept"):
        segment = clues.segments[i]
        if clues.titles(i):
            continue
        best = min(s.tier for s in segment.senses)
        near = SHORT if best <= SHORT else GLOSSARY  # the catalog's own names before the glossary's
        exact = [kind for kind in ("variable", "table") if _tier(clues, i, kind) <= near]
        if len(exact) > 1 and _tier(clues, i, "table") == FULL < SHORT == _tier(clues, i, "variable"):
            exact = ["table"]  # "the watch table": not the variables with "(watch)" behind their names
        if not exact and _part_of_variable(clues, i) and beside and _single_word(segment.text):
            continue  # part of a name beside a whole one would only widen the answer
        typed = [s for s in segment.names("value") if s.field == "variable.type"]
        if typed and i and clues.segments[i - 1].plays("field.type"):
            conditions.append(Condition("variable.type", "eq", typed[0].ids))  # "variables of type image"
            clues.used.update((i - 1, i))
            continue
        chosen = exact or [kind for kind in ("variable", "table") if _tier(clues, i, kind) == best]
        own = [s for s in segment.names("value") if s.field.split(".")[0] in {"variable", "concept"}]
        if chosen:
            if "variable" in chosen:
                names.update(dict.fromkeys(clues.ids(i, "variable")))
                tables.update(dict.fromkeys(clues.ids(i, "table") if "table" in chosen else ()))
            else:
                tabled.append(i)
                within.update(dict.fromkeys(clues.ids(i, "table")))
            if not exact:
                notes.append(Note("part_of_name", {"words": segment.text}))
        elif own:
            conditions.append(Condition(own[0].field, "eq", own[0].ids))
        else:
            continue
        clues.used.add(i)
    if within and not _together(clues, names, within):
        if clues.has("and", "or") or "," in clues.text:
            tables.update(within)
        else:
            clues.used.difference_update(tabled)  # a table without the variables beside it: not understood
    elif within:
        conditions.append(Condition("variable.table", "eq", tuple(within)))
    wanted = []
    if names:
        wanted.append(Condition("variable.name", "eq", tuple(names)))
    if tables:
        wanted.append(Condition("variable.table", "eq", tuple(tables)))
    conditions += [AnyOf(tuple(wanted))] if len(wanted) > 1 else wanted
    return conditions, notes


def _part_of_variable(clues: Clues, i: int) -> bool:
    """True when the words are part of the name of a variable or table."""
    return bool(clues.segments[i].names("variable", "table"))


def _single_word(text: str) -> bool:
    return len(text.split()) == 1


def _together(clues: Clues, names: dict[str, None], tables: dict[str, None]) -> bool:
    """True when a table named by itself holds variables named beside it: "Hb in the monthly lab panel"."""
    named = clues.catalog.variables_by_name
    return not names or any(v.table in tables for name in names for v in named.get(name, ()))


def _tier(clues: Clues, i: int, kind: str) -> int:
    return min((s.tier for s in clues.segments[i].names(kind)), default=NO_TIER)


def _scope_conditions(clues: Clues, scope: Scope) -> list[Condition]:
    conditions = []
    if scope.hospitals:
        conditions.append(Condition("hospital.hospital", "eq", scope.hospitals))
    if scope.datasets:
        conditions.append(Condition("dataset.dataset", "eq", scope.datasets))
    return conditions


def _of_system(clues: Clues) -> list[Condition]:
    """ "Variables with LOINC codes": those that have a code of the system named."""
    words = {w for s in clues.segments if s.plays("field.concept") for w in s.text.split()}
    senses = [s for word in words for s in clues.lexicon.senses(key(word))]
    systems = sorted({id for s in senses if s.field == "concept.code_system" for id in s.ids})
    return [Condition("concept.code_system", "eq", tuple(systems))] if systems else []


def _with_code(clues: Clues, scope: Scope) -> list[Condition]:
    """ "Variables that have a code for unknown": those with a value that is called so. Left unused where
    there is none, or where a variable of the same name has none."""
    conditions = []
    within = {d.dataset for d in scope.within(clues.catalog)}
    for role, called in _CODES.items():
        if not clues.has(role):
            continue
        coded: dict[str, set[bool]] = {}
        for v in clues.catalog.variables:
            if v.dataset in within:
                labels = " ".join(label for _, label in (*(v.values or ()), *(v.missing_codes or ())))
                has = bool(called.search(labels)) or (role == "code.missing" and bool(v.missing_codes))
                coded.setdefault(v.name, set()).add(has)
        names = tuple(name for name, has in coded.items() if has == {True})
        if names and not any(len(has) > 1 for has in coded.values()) and clues.take(role):
            conditions.append(Condition("variable.name", "eq", names))
    return conditions


def _missing_limit(clues: Clues, fields: list[str]) -> list[AnyOf]:
    """ "결측률 10% 미만": the whole published range must lie on that side."""
    if not set(fields) & _MISSING or not clues.peek("percent", "plain"):
        return []
    quantity = clues.quantity("percent", "plain")
    assert quantity is not None
    side = quantity.comparison()
    if side is None:
        clues.used.difference_update(quantity.at)
        return []
    op, number = side
    if "field.complete" in fields:
        number = 100 - number
        op = {"ge": "le", "gt": "lt", "le": "ge", "lt": "gt"}[op]
    end = "variable.missing_low" if op in {"ge", "gt"} else "variable.missing_high"
    sign = ">" if op in {"ge", "gt"} else "<"
    edge = (f"{sign}{number:g}", f"{sign} {number:g}")  # "<5" as published lies below 5
    beyond = Condition(end, op, (number,))  # type: ignore[arg-type]
    return [AnyOf((beyond, Condition("variable.missing_text", "eq", edge)))]


def _ranking(clues: Clues, fields: list[str]) -> Ranking | None:
    first = clues.superlative
    if not set(fields) & _MISSING or not clues.has("rank."):
        return None  # an order of what else is not understood: the account finds it unused
    most, least = clues.take("rank.most"), clues.take("rank.least")
    clues.take("rank.order")
    descending = _worst_first(fields, most, least)
    limit = clues.asked_number()
    if first and not limit:
        return Ranking("missing_low", descending, limit=1, with_ties=True)
    return Ranking("missing_low", descending, limit or (10 if most or least else None))


def _worst_first(fields: list[str], most: bool, least: bool) -> bool:
    """Whether the highest missing rate comes first; "the most complete, with fewest missing": it does not."""
    if "field.complete" in fields:
        return least and not most and "field.missing" not in fields
    return most and not least


def _one_each(clues: Clues) -> bool:
    """True when the variables named are at most two in any dataset, so that each rate can be shown itself."""
    conditions, _ = _named(clues)
    names = {str(v) for c in _simple(conditions) if c.field == "variable.name" for v in c.values}
    per: dict[str, int] = {}
    for name in names:
        for variable in clues.catalog.variables_by_name.get(name, ()):
            per[variable.dataset] = per.get(variable.dataset, 0) + 1
    return bool(names) and max(per.values(), default=0) <= 2


def _completeness(clues: Clues, fields: list[str]) -> Outcome:
    """Datasets ranked by the average lower end of the missing rates of the variables named."""
    conditions, notes = _named(clues)
    conditions += _scope_conditions(clues, take_scope(clues))
    for role in fields:
        clues.take(role)
    first, limit = clues.superlative, clues.asked_number()
    most, least = clues.take("rank.most"), clues.take("rank.least")
    clues.take("rank.order")
    clues.used.update(clues.grouped)
    worst_first = _worst_first(fields, most, least)
    plan = ListPlan(
        "variable",
        conditions=tuple(conditions),
        summary=Summary("avg", "variable.missing_low"),
        group_by=("hospital",) if clues.subject == "hospital" else ("dataset",),
        ranking=Ranking("avg_missing_low", worst_first, limit or (1 if first else None), with_ties=first),
        language=clues.language,
    )
    return Understood(plan, (*notes, Note("average_missing")))
