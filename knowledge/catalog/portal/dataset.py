"""One dataset of the catalog as a dcat:Dataset node of HealthDCAT-AP."""

from __future__ import annotations

from knowledge.catalog.model import Dataset, Hospital
from knowledge.catalog.portal.access import distribution, law, resource
from knowledge.catalog.portal.agents import agents
from knowledge.catalog.portal.facts import DatasetFacts, said
from knowledge.catalog.portal.numbers import number_members, number_sentences
from knowledge.catalog.portal.source import Source
from knowledge.catalog.portal.totals import Total
from knowledge.catalog.portal.variables import table_group
from knowledge.catalog.portal.vocabulary import (
    LANGUAGES,
    Node,
    address,
    both,
    concept,
    distinct,
    given,
    link,
    maybe,
    moment,
    term_of,
    texts,
    typed,
    words,
)
from knowledge.text import Language

HEALTH = "HEAL"  # the EU data theme of all that this catalog describes
PERSONAL_DATA = {"age_bands_by_dataset": "Age", "sexes_by_dataset": "Gender"}


def dataset_node(dataset: Dataset, source: Source) -> Node:
    """The node. A property that nothing is known of is not there; suppressed numbers never are."""
    facts, id = source.facts.of(dataset.dataset), dataset.dataset
    hospital = source.catalog.hospital_by_id.get(dataset.hospital or "")
    group = table_group(
        dataset, source.tables.get(id, ()), source.variables, source.catalog.concept_by_id
    )
    totals = {
        name: source.totals[id, name] for name in ("patients", "records") if (id, name) in source.totals
    }
    contact = dataset.contact or (hospital.contact if hospital else None)
    return given(
        {
            "@id": source.addresses.dataset(id),
            "@type": "dcat:Dataset",
            "dct:identifier": id,
            "dct:title": texts(en=dataset.title_en, ko=dataset.title_ko) or id,
            "dct:description": texts(en=dataset.description_en, ko=dataset.description_ko),
            "dcat:version": source.catalog.meta.declared_version,
            "dcat:keyword": _keywords(dataset),
            "dcat:theme": link(address("theme", HEALTH)),
            "dct:type": [link(address("dataset_type", term)) for term in facts.type],
            **_access(dataset, facts),
            **agents(dataset, hospital, contact, source),
            **_extent(dataset, hospital, facts, source),
            **_population(dataset, facts, source),
            **number_members(totals),
            **_coded(dataset, source),
            **law(id, facts, source),
            "healthdcatap:hasStructuredData": group is not None,
            "healthdcatap:hasVariables": group,
            "dct:provenance": _provenance(dataset, totals, facts, source),
            "dqv:hasQualityAnnotation": [
                _certificate(source.addresses.dataset(id), iri) for iri in facts.quality
            ],
            "dct:relation": [link(source.addresses.dataset(other)) for other in source.related.get(id, ())],
            "dct:replaces": [link(source.addresses.dataset(other)) for other in dataset.supersedes],
            "dcat:landingPage": maybe(facts.landing_page or source.addresses.page(id)),
            "dcat:distribution": distribution(dataset, contact, facts, source),
            "adms:sample": [resource(found, source) for found in facts.sample],
            "healthdcatap:analytics": [resource(found, source) for found in facts.analytics],
        }
    )


def _keywords(dataset: Dataset) -> list[str]:
    return list(dict.fromkeys(word for word in (*dataset.keywords, dataset.theme) if word))


def _access(dataset: Dataset, facts: DatasetFacts) -> Node:
    """Where the catalog does not say how open a dataset is, it is not public."""
    rights = facts.access_rights or term_of("access_rights", dataset.access_level) or "NON_PUBLIC"
    frequency = term_of("frequency", dataset.update_frequency)
    standard = term_of("standard", dataset.data_model)
    return {
        "dct:accessRights": link(address("access_rights", rights)),
        "dct:accrualPeriodicity": link(address("frequency", frequency)) if frequency else None,
        "dct:modified": typed(dataset.last_updated, "date") if dataset.last_updated else None,
        "dct:conformsTo": concept("standard", standard) if standard else None,
    }


def _extent(dataset: Dataset, hospital: Hospital | None, facts: DatasetFacts, source: Source) -> Node:
    periods = [_period(dataset.period_start, dataset.period_end)]
    for part in source.coverage.get(dataset.dataset, ()):
        periods.append(_period(part.period_start, part.period_end))
    spatial: list[Node] = [link(iri) for iri in facts.spatial]
    if not spatial and hospital and (hospital.region_en or hospital.region_ko):
        label = texts(en=hospital.region_en, ko=hospital.region_ko)
        spatial = [{"@type": "dct:Location", "skos:prefLabel": label}]
    retention = _period(facts.retention_start, facts.retention_end)
    return {
        "dct:temporal": distinct(periods),
        "dct:spatial": spatial,
        "healthdcatap:retentionPeriod": retention,
    }


def _period(start: str | None, end: str | None) -> Node | None:
    if not (start or end):
        return None
    return given(
        {
            "@type": "dct:PeriodOfTime",
            "dcat:startDate": moment(start) if start else None,
            "dcat:endDate": moment(end) if end else None,
        }
    )


def _population(dataset: Dataset, facts: DatasetFacts, source: Source) -> Node:
    """Ages, who is in it, and which kinds of personal data the published counts show to be there."""
    described = [texts(en=dataset.population_en, ko=dataset.population_ko)]
    for part in source.coverage.get(dataset.dataset, ()):
        described.append(texts(en=part.population_en, ko=part.population_ko))
    counts = source.catalog.counts
    shown = [kind for name, kind in PERSONAL_DATA.items() if getattr(counts, name).get(dataset.dataset)]
    kinds = dict.fromkeys((*facts.personal_data, *shown))
    ages = {"min": dataset.age_min, "max": dataset.age_max}
    return {
        **{
            f"healthdcatap:{end}TypicalAge": typed(age, "nonNegativeInteger")
            for end, age in ages.items()
            if age is not None
        },
        "healthdcatap:populationCoverage": distinct(text for group in described for text in group),
        "dpv:hasPersonalData": [{"@id": f"dpvpd:{kind}", "@type": "dpv:PersonalData"} for kind in kinds],
    }


def _coded(dataset: Dataset, source: Source) -> Node:
    """Coding systems of its variables and cohorts, and the codes of cohorts with counts in it."""
    catalog, id = source.catalog, dataset.dataset
    systems: list[str | None] = []
    for variable in catalog.variables_by_dataset.get(id, ()):
        found = catalog.concept_by_id.get(variable.concept or "")
        systems.append(found.code_system if found and found.code else None)
    cohorts = source.cohorts.get(id, ())
    codes = [code for c in cohorts if c in catalog.cohort_by_id for code in catalog.cohort_by_id[c].codes]
    systems += [code.partition(":")[0] for code in codes]
    terms = {term_of("coding_system", system): None for system in dict.fromkeys(systems) if system}
    return {
        "healthdcatap:hasCodingSystem": [concept("coding_system", term) for term in terms if term],
        "healthdcatap:hasCodeValues": [code.replace(":", " ", 1) for code in dict.fromkeys(codes)],
    }


def _provenance(
    dataset: Dataset, totals: dict[str, Total], facts: DatasetFacts, source: Source
) -> list[Node]:
    """Declared origin, data model, and what the published numbers are."""
    statements = [_statement(said(facts.provenance))] if facts.provenance else []
    own: dict[Language, str] = {}
    for language in LANGUAGES:
        parts = []
        if dataset.data_model:
            parts.append(words(language)["model"].format(model=dataset.data_model))
        own[language] = " ".join(
            [*parts, *number_sentences(totals, source.catalog.meta.as_of, language)]
        )
    label = both(own)
    return [*statements, _statement(label)] if label else statements


def _statement(label: list[Node]) -> Node:
    return {"@type": "dct:ProvenanceStatement", "rdfs:label": label}


def _certificate(dataset: str, iri: str) -> Node:
    return {
        "@type": "dqv:QualityCertificate",
        "oa:hasTarget": link(dataset),
        "oa:hasBody": link(iri),
        "oa:motivatedBy": link("dqv:qualityAssessment"),
    }
