"""Variables: which there are, their units, values, missing rates and the rest of what is said of them."""

from __future__ import annotations

import re

from tools.query.plan import AnyOf, Condition, ListPlan, Ranking, Summary
from tools.query.understand.choices import too_broad, vague_part
from tools.query.understand.clues import Clues
from tools.query.understand.outcome import Note, Outcome, Unclear, Understood
from tools.query.understand.scope import Scope, take_scope
from tools.query.understand.shapes.datasets import take_alternatives
from tools.query.understand.shapes.variable_missing import (
    MISSING,
    completeness,
    missing_limit,
    missing_ranking,
    scope_conditions,
)
from tools.query.understand.shapes.variable_names import named_variables
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
_CODES = {
    "code.unknown": re.compile(r"(?i)\b(?:unknown|not known|unclear)\b|모름|미상|불명|알 수 없"),
    "code.missing": re.compile(r"(?i)\b(?:missing|not recorded|not reported)\b|결측|미기재|누락|미기록"),
}


def build_variables(clues: Clues) -> Outcome | None:
    """A ListPlan over variables; None when the question is not about variables."""
    fields = [f for f in clues.fields() if f in _FIELDS]
    if "field.granularity" in fields and set(fields) & MISSING:
        fields.remove("field.granularity")  # "how often is it missing"
        clues.take("field.granularity")
    if set(fields) & MISSING:
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
    if set(fields) & MISSING:
        clues.take("overlap", "field.values")
    ranked = clues.subject in {"dataset", "hospital"} and set(fields) & MISSING and clues.has("rank.")
    if ranked and not _one_each(clues.fresh()):
        return completeness(clues, fields)
    units = [c for i in clues.mentions("value") for c in _value_fields(clues, i)]
    if clues.has("or") and len(units) > 1 and len(set(units)) == 1 and not fields:
        fields = [role for role, names in _FIELDS.items() if units[0] in names][:1]
    take_alternatives(clues, [name for role in fields for name in _FIELDS[role]])
    conditions, notes = named_variables(clues)
    scope = take_scope(clues, loosely=True)
    conditions += scope_conditions(clues, scope)
    bare = fields and not clues.has("all", "rank.", "subject.", "how_many") and not clues.groups
    if not conditions and (bare or (not fields and not clues.has("how_many"))):
        return Unclear(Note("no_antecedent_plain"))  # the variables of what is not said
    clues.take("or")
    for role in fields:
        clues.take(role)
    if "field.values" in fields:
        while clues.quantity("plain") is not None:  # "what do 1, 2 and 3 mean": the list of values says it
            pass
    conditions += missing_limit(clues, fields)
    conditions += _with_code(clues, scope)
    if not named and not any(c.field == "concept.code_system" for c in _simple(conditions)):
        conditions += _of_system(clues)
    if not _which_variable(clues) and clues.take("how_many") and clues.subject == "variable" and not fields:
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
    if "field.concept" in fields and "field.values" not in fields and _coded(clues, conditions):
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
    ranking = missing_ranking(clues, fields)
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


def _which_variable(clues: Clues) -> bool:
    """ "며칠 쓰는지는 어느 변수에": the variable is asked for, and no number of variables."""
    at = clues.find("subject.variable")
    return at is not None and at > 0 and clues.segments[at - 1].plays("which")


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
    if set(fields) & MISSING:
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
    if named and _variable_property(clues) and clues.subject in {"data", "dataset"} and clues.has("which"):
        denied = any(s.plays("not") for i, s in enumerate(clues.segments) if i not in clues.used)
        if not denied and not clues.has("both", "or", "people", "rank.", "measure."):
            return True  # "CRP in mg/L": which has it
    if clues.language == "en" and _elsewhere(clues):
        return False  # "apart from the CDM, who has X": which dataset
    asks_holder = clues.subject == "data" and clues.has("exist", "which", "subject.where")
    others = [f for f in clues.fields() if f not in _FIELDS]
    alone = clues.subject in {None, "data"} and not asks_holder and not others
    return bool(variables) and alone and not clues.has("measure.", "linkage")


def _elsewhere(clues: Clues) -> bool:
    """Whether a dataset or hospital is left out."""
    kept = set(clues.used)
    named = [i for i in clues.mentions("dataset", "hospital") if not clues.segments[i].names("variable")]
    out = any(clues.negated(i) for i in named)
    clues.used = kept
    return out


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


def _one_each(clues: Clues) -> bool:
    """True when the variables named are at most two in any dataset, so that each rate can be shown itself."""
    conditions, _ = named_variables(clues)
    names = {str(v) for c in _simple(conditions) if c.field == "variable.name" for v in c.values}
    per: dict[str, int] = {}
    for name in names:
        for variable in clues.catalog.variables_by_name.get(name, ()):
            per[variable.dataset] = per.get(variable.dataset, 0) + 1
    return bool(names) and max(per.values(), default=0) <= 2
