"""Research teams, cohort definitions, and how many tables, teams, cohorts or concepts there are."""

from __future__ import annotations

import re

from tools.query.plan import Condition, CountPlan, ListPlan, Ranking, Summary
from tools.query.understand.clues import Clues
from tools.query.understand.lexicon import ALIAS, SHORT
from tools.query.understand.outcome import Outcome, Understood
from tools.query.understand.scope import Scope, take_scope
from tools.query.understand.tiles import FILLER

_WHO = frozenset(("who", "whom", "whose", "누구", "누가"))
_RESEARCHES = "연구하"
_WORD = re.compile(r"[가-힣]+|[a-z]+")
_WORKS_ON = re.compile(
    r"(?i)\b(?:who|anyone|anybody|someone|somebody)\b[^,.?]*\b(?:stud(?:y|ies|ying)|research(?:es|ing)?"
    r"|work(?:s|ing)? on|look(?:s|ing)? into|investigat(?:es?|ing)|speciali[sz](?:es?|ing)"
    r"|focus(?:es|ing)? on|interested in|expert)\b"
)
_TEAM = ("team.hospital", "hospital.name_en", "team.lead_role", "team.interests_en", "team.datasets")
_TEAM_KO = ("team.hospital", "hospital.name_ko", "team.lead_role", "team.interests_ko", "team.datasets")


def asks_place(clues: Clues) -> bool:
    """ "Where is that hospital?": a hospital and where, and nothing else that could be somewhere."""
    content = [s for s in clues.segments if (s.strong or s.senses) and (FILLER not in s.roles or s.senses)]
    return (
        clues.has("subject.where")
        and bool(content)
        and all(s.names("hospital") or s.plays("subject.where", "anaphor.hospital") for s in content)
        and any(s.names("hospital") for s in content)
    )


def build_place(clues: Clues) -> Outcome | None:
    """A ListPlan over hospitals named alone with where: their regions."""
    if not asks_place(clues):
        return None
    hospitals: dict[str, None] = {}
    for i in clues.mentions("hospital"):
        hospitals.update(dict.fromkeys(clues.ids(i, "hospital")))
        clues.used.add(i)
    clues.take("subject.where", "exist")
    conditions = (Condition("hospital.hospital", "eq", tuple(hospitals)),)
    return Understood(
        ListPlan("hospital", show=("hospital.region_en",), conditions=conditions, language=clues.language)
    )


def build_teams(clues: Clues) -> Outcome | None:
    """A ListPlan over research teams."""
    led = clues.has("field.lead_role") and any(clues.parts(i, "team") for i in clues.mentions())
    if clues.subject != "team" and not clues.has("field.interests") and not led and not _somebody(clues):
        return None
    conditions = _led_by(clues)
    clues.take("subject.team", "field.interests", "field.lead_role", "field.contact", "people")
    clues.take("subject.hospital")
    for i in clues.mentions():
        teams = clues.parts(i, "team")
        if teams:
            conditions.append(Condition("team.team", "eq", teams))
            clues.used.add(i)
    scope = take_scope(clues)
    if scope.hospitals and not scope.datasets:
        conditions.append(Condition("team.hospital", "eq", scope.hospitals))
    if scope.datasets:
        working = [t.team for t in clues.catalog.teams if set(t.datasets) & set(scope.datasets)]
        conditions.append(Condition("team.team", "eq", tuple(working) or ("",)))
    show = _TEAM_KO if clues.language == "ko" else _TEAM
    if clues.take("how_many"):
        return Understood(
            ListPlan("team", conditions=tuple(conditions), summary=Summary(), language=clues.language)
        )
    return Understood(ListPlan("team", show=show, conditions=tuple(conditions), language=clues.language))


def _led_by(clues: Clues) -> list[Condition]:
    """ "책임자가 교수인 팀", "teams led by a nurse": teams whose leader's role has the word."""
    if not clues.has("field.lead_role"):
        return []
    conditions = []
    for i, segment in enumerate(clues.segments):
        if segment.senses or (segment.roles and not segment.plays("subject.team")):
            continue
        word = segment.text.lower()
        led = [t.team for t in clues.catalog.teams if word in _WORD.findall((t.lead_role or "").lower())]
        if led:
            clues.used.add(i)
            conditions.append(Condition("team.team", "eq", tuple(led)))
    return conditions


def _somebody(clues: Clues) -> bool:
    """ "Who is the periodontist", "X를 연구하는 사람": only teams are named, and people are asked for."""
    named = [clues.segments[i] for i in clues.mentions()]
    teams = [s for s in named if any(x.kind == "team" and x.tier <= SHORT for x in s.senses)]
    others = {x.kind for s in named if s not in teams for x in s.senses}
    who = any(s.text.lower() in _WHO for s in clues.segments)
    who = who or (_RESEARCHES in clues.text and clues.has("people"))
    if teams and _WORKS_ON.search(clues.text):
        return True  # "who is doing research on X", of which there may be a dataset as well
    return bool(teams) and who and others <= {"hospital"}


def build_cohorts(clues: Clues) -> Outcome | None:
    """A ListPlan over cohorts: which are defined, and how."""
    coded = clues.has("field.concept") and not clues.mentions("variable", "table")
    defined = (clues.has("field.definition") or coded) and clues.mentions("cohort")
    other = [f for f in clues.fields() if f not in {"field.definition", "field.concept", "field.values"}]
    variables = any(
        s.tier <= ALIAS for i in clues.mentions("variable") for s in clues.segments[i].names("variable")
    )
    listed = clues.subject == "cohort" and not (clues.has("measure.", "people") or other or variables)
    if not defined and not listed:
        return None
    clues.take("field.definition", "subject.cohort", "field.concept", "field.values")
    ids: dict[str, None] = {}
    for i in clues.mentions("cohort"):
        ids.update(dict.fromkeys(clues.ids(i, "cohort")))
        clues.used.add(i)
    published = [c for c in ids if c in clues.catalog.datasets_by_cohort]
    if listed and not defined and published and clues.has("exist"):
        return _where(clues, tuple(published))
    conditions = (Condition("cohort.cohort", "eq", tuple(ids)),) if ids else ()
    scope = take_scope(clues) if listed and not ids else None
    if scope is not None and scope.limited:
        return Understood(CountPlan(
            "patients", hospitals=scope.hospitals, datasets=scope.datasets,
            group_by=("dataset", "cohort"), language=clues.language,
        ))
    if clues.take("how_many"):
        return Understood(
            ListPlan("cohort", conditions=conditions, summary=Summary(), language=clues.language)
        )
    show = ("cohort.codes", "cohort.definition")
    return Understood(ListPlan("cohort", show=show, conditions=conditions, language=clues.language))


def _where(clues: Clues, cohorts: tuple[str, ...]) -> Outcome:
    """ "Is there an X cohort": the datasets that count it, with how many people."""
    scope = take_scope(clues)
    return Understood(CountPlan(
        "patients", cohorts=cohorts, hospitals=scope.hospitals, datasets=scope.datasets,
        group_by=("cohort", "dataset"), language=clues.language,
    ))


def build_holders(clues: Clues) -> Outcome | None:
    """ "Which dataset has the most variables": holders in the order of how many things they have."""
    ranked = clues.has("rank.most", "rank.least")
    if clues.subject not in {"dataset", "hospital"} or not ranked or clues.fields():
        return None
    things = ("variable", "table", *(("dataset",) if clues.subject == "hospital" else ()))
    thing = next((t for t in things if clues.has(f"subject.{t}")), None)
    if thing is None or clues.has("people", "measure.", "linkage") or clues.mentions("variable", "table"):
        return None
    first = clues.superlative
    descending = not clues.has("rank.least")
    clues.take("rank.", "how_many", "size", "subject.", "exist")
    clues.used.update(clues.grouped)
    scope = take_scope(clues)
    limit = clues.asked_number()
    plan = ListPlan(
        thing,
        conditions=_within(scope),
        summary=Summary(),
        group_by=(clues.subject,),  # type: ignore[arg-type]
        ranking=Ranking(f"{thing}s", descending, limit=limit or (1 if first else None), with_ties=first),
        language=clues.language,
    )
    return Understood(plan)


def build_tables(clues: Clues) -> Outcome | None:
    """The tables of datasets: "List the tables of X"; not the variables of a table that is named."""
    if clues.subject != "table" or clues.has("how_many", "rank.", "measure.", "people", "field."):
        return None
    if any(s.tier <= ALIAS for i in clues.mentions("table") for s in clues.segments[i].names("table")):
        return None
    if any(not clues.segments[i].names("dataset", "hospital") for i in clues.mentions("variable", "concept")):
        return None  # "which table holds X"
    clues.take("subject.")
    scope = take_scope(clues, loosely=True)
    if not scope.limited and not clues.has("all", "which"):
        return None
    clues.used.update(clues.grouped)
    show = ("dataset.title_en", "table.granularity")
    return Understood(ListPlan("table", show=show, conditions=_within(scope), language=clues.language))


def _within(scope: Scope) -> tuple[Condition, ...]:
    conditions: list[Condition] = []
    if scope.hospitals:
        conditions.append(Condition("hospital.hospital", "eq", scope.hospitals))
    if scope.datasets:
        conditions.append(Condition("dataset.dataset", "eq", scope.datasets))
    return tuple(conditions)


def build_number(clues: Clues) -> Outcome | None:
    """How many tables, cohorts, concepts or teams there are, in all or by hospital or dataset."""
    subject = clues.subject
    if subject not in {"table", "cohort", "concept", "team"} or not clues.has("how_many"):
        return None
    if clues.has("people", "measure."):
        return None
    clues.take("field.definition", "how_many", f"subject.{subject}")
    clues.take("subject.hospital", "subject.dataset", "subject.data")
    groups = tuple(g for g in clues.groups if g in {"hospital", "dataset"})
    clues.used.update(clues.grouped)
    conditions: list[Condition] = []
    if subject in {"table", "team"}:
        conditions += _within(take_scope(clues, datasets=subject == "table"))
    elif groups:
        return None
    plan = ListPlan(
        subject,  # type: ignore[arg-type]
        conditions=tuple(conditions),
        summary=Summary(),
        group_by=groups,
        language=clues.language,
    )
    return Understood(plan)
