"""Saying a query plan back in one sentence, so that a wrong reading is visible."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from knowledge.catalog.read import Catalog
from knowledge.data_file import read_shipped
from knowledge.text import HANGUL, Language
from tools.query.entities import split_field
from tools.query.plan import AnyOf, Condition, CountPlan, Holding, LinkagePlan, ListPlan, QueryPlan, Span
from tools.query.sex import sex_of

MAX_NAMES = 4


@cache
def _words() -> Mapping[str, Any]:
    return read_shipped(Path(__file__).with_name("readback.yaml"))


def readback(plan: QueryPlan, catalog: Catalog, language: Language) -> str:
    """One sentence without a full stop: "Patients with COPD (KCD-8:J44), by hospital, released counts"."""
    said = _Said(catalog, language, _words()[language])
    if isinstance(plan, CountPlan):
        return said.count(plan)
    if isinstance(plan, LinkagePlan):
        return said.linkage(plan)
    return said.list(plan)


def column_name(column: str, language: Language) -> str:
    """What a column of the rows is called in a language; its own name where it has no other."""
    names: Mapping[str, str] = _words()[language]["field"]
    base = column.removesuffix("_en").removesuffix("_ko")
    return names.get(column) or names.get(base) or column


def field_names(language: Language) -> Mapping[str, str]:
    """What every column is called in a language, without _en and _ko."""
    names: Mapping[str, str] = _words()[language]["field"]
    return names


def sex_name(code: str, language: Language) -> str:
    """What a sex code is called; the code itself where it is neither F nor M."""
    return str(_words()[language]["sex"].get(sex_of(code), code))


def name_of(kind: str, id: str, catalog: Catalog, language: Language) -> str:
    """The label of a hospital, dataset or cohort in a language, else its id."""
    tables: Mapping[str, Mapping[str, Any]] = {
        "hospital": catalog.hospital_by_id,
        "dataset": catalog.dataset_by_id,
        "cohort": catalog.cohort_by_id,
    }
    row = tables[kind].get(id)
    if row is None:
        return id
    stem = "title" if kind == "dataset" else "name"
    first, second = getattr(row, f"{stem}_{language}"), getattr(row, f"{stem}_{_other(language)}")
    return first or second or id


def say_codes(codes: Sequence[str]) -> str:
    """Codes as they are read: "KCD-8 J43.1, J44; ATC R03", each system named once."""
    systems: dict[str, list[str]] = {}
    for code in codes:
        system, _, bare = code.rpartition(":")
        systems.setdefault(system, []).append(bare)
    return "; ".join(f"{system} {', '.join(own)}".strip() for system, own in systems.items())


def in_language(text: str, language: Language) -> str:
    """The half of a text that is written in both languages ("... / ..."); the whole where it is not."""
    halves = text.split(" / ")
    korean = [bool(HANGUL.search(half)) for half in halves]
    if len(halves) != 2 or korean[0] == korean[1]:
        return text
    return halves[korean.index(language == "ko")].strip()


def _other(language: Language) -> Language:
    return "en" if language == "ko" else "ko"


def _named(field: str) -> bool:
    """True for labels and keys, which are always shown, and for years, which the period says already."""
    owner, column = field.split(".")
    return column in {owner, "start_year", "end_year"} or column.removesuffix("_en").removesuffix("_ko") in {
        "name",
        "title",
        "label",
    }


class _Said:
    """The words of one language over one catalog."""

    def __init__(self, catalog: Catalog, language: Language, words: Mapping[str, Any]) -> None:
        self.catalog = catalog
        self.language = language
        self.words = words

    def names(self, kind: str, ids: Sequence[str]) -> str:
        named = [name_of(kind, id, self.catalog, self.language) for id in ids[:MAX_NAMES]]
        more = f" +{len(ids) - MAX_NAMES}" if len(ids) > MAX_NAMES else ""
        return ", ".join(named) + more

    def count(self, plan: CountPlan) -> str:
        measure = " / ".join(self.words["measure"][name] for name in plan.measures)
        who = " / ".join(self._cohort(c) for c in plan.cohorts) or self.words["everyone"]
        head = f"{who} {measure}" if self.language == "ko" else f"{measure}: {who}"
        parts = [head]
        for kind, ids in (("hospital", plan.hospitals), ("dataset", plan.datasets)):
            if ids:
                parts.append(self.names(kind, ids))
        single = {"dataset"} if len(plan.datasets) == 1 else set()
        parts += [self.words["by"][g] for g in plan.group_by if g not in single]
        if plan.only_years:
            parts += [self.span("years", Span(year, year)) for year in plan.only_years]
        elif plan.years:
            parts.append(self.span("years", plan.years))
        if plan.ages:
            parts.append(self.span("ages", plan.ages))
        parts += [sex_name(code, self.language) for code in plan.sex]
        parts += [*self._within(plan), *self._ranked(plan)]
        parts.append(self.words["released"])
        return ", ".join(parts)

    def _cohort(self, id: str) -> str:
        codes = self.catalog.cohort_by_id[id].codes if id in self.catalog.cohort_by_id else ()
        name = name_of("cohort", id, self.catalog, self.language)
        shown = say_codes(codes)
        return f"{name} ({shown})" if shown and shown not in name else name

    def span(self, kind: str, span: Span) -> str:
        forms = self.words[kind]
        form = "one" if span.single else "both" if None not in (span.low, span.high) else None
        form = form or ("low" if span.low is not None else "high")
        return str(forms[form]).format(low=span.low, high=span.high)

    def _within(self, plan: CountPlan | LinkagePlan) -> list[str]:
        limits = (("at_least", plan.at_least), ("at_most", plan.at_most))
        return [str(self.words[name]).format(n=limit) for name, limit in limits if limit is not None]

    def _ranked(self, plan: QueryPlan) -> list[str]:
        if plan.ranking is None:
            return []
        field = column_name(plan.ranking.by.rpartition(".")[2], self.language)
        if not plan.ranking.descending and plan.ranking.by in {"hospital", "dataset"}:
            return []
        parts = [f"{field} {self.words['ranked'][plan.ranking.descending]}"]
        return [*parts, self.words["first"].format(n=plan.ranking.limit)] if plan.ranking.limit else parts

    def list(self, plan: ListPlan) -> str:
        subject = self.words["subject"][plan.subject]
        if plan.summary is None:
            head = self.words["list_of"].format(subject=subject)
        elif plan.summary.statistic == "count":
            head = self.words["count_of"].format(subject=subject)
        else:
            head = self.words["average"].format(field=self._field(plan.summary.field, plan.subject))
        fields = [self._field(name, plan.subject) for name in plan.show if not _named(name)]
        if fields:
            head = f"{head} ({', '.join(dict.fromkeys(fields))})"
        parts = [head, *(self.holding(h) for h in plan.holdings)]
        parts += [self.condition(c, plan) for c in plan.conditions]
        parts += [self.words["by"][g] for g in plan.group_by]
        return ", ".join([*parts, *self._ranked(plan)])

    def holding(self, holding: Holding) -> str:
        words = holding.words or ", ".join(id for _, ids in holding.things for id in ids[:MAX_NAMES])
        return str(self.words["lacks" if holding.negated else "holds"].format(words=words))

    def condition(self, condition: Condition | AnyOf, plan: ListPlan) -> str:
        if isinstance(condition, AnyOf):
            # A rate published as "<5" is matched as text; the comparison itself says it already.
            said = [c for c in condition.conditions if not c.field.endswith("missing_text")]
            return " / ".join(self.condition(inner, plan) for inner in said)
        _, column = split_field(condition.field, plan.subject)
        if column in {"hospital", "dataset", "cohort"} and condition.op == "eq":
            return self.names(column, [str(v) for v in condition.values])
        values = [f"{v:g}" if isinstance(v, float) else str(v) for v in condition.values]
        shown = ", ".join(values[:MAX_NAMES]) + (
            f" +{len(values) - MAX_NAMES}" if len(values) > MAX_NAMES else ""
        )
        field = self._field(condition.field, plan.subject)
        return str(self.words["comparison"][condition.op]).format(field=field, value=shown)

    def _field(self, field: str, subject: str) -> str:
        owner, column = split_field(field, subject)
        if owner == "hospital" and column == "type":
            column = "type_hospital"
        return column_name(column, self.language)

    def linkage(self, plan: LinkagePlan) -> str:
        parts = [self.words["linkage"]]
        if plan.left and plan.right:
            left, right = self.names("dataset", plan.left), self.names("dataset", plan.right)
            parts.append(self.words["between"].format(left=left, right=right))
        elif plan.left:
            parts.append(self.names("dataset", plan.left))
        if plan.same_controller is not None:
            parts.append(self.words["same_controller"][plan.same_controller])
        parts += list(plan.keys)
        return ", ".join([*parts, *self._within(plan), *self._ranked(plan)])
