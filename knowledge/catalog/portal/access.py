"""The way to a dataset: law and purposes, conditions, where to apply, samples and analyses, as nodes."""

from __future__ import annotations

from typing import Any

from knowledge.catalog.model import Dataset
from knowledge.catalog.portal.contact import address_of, page_of
from knowledge.catalog.portal.facts import DatasetFacts, Resource, said
from knowledge.catalog.portal.source import Source
from knowledge.catalog.portal.vocabulary import (
    LANGUAGES,
    Node,
    both,
    concept,
    distinct,
    given,
    link,
    texts,
    words,
)
from knowledge.text import Language


def law(id: str, facts: DatasetFacts, source: Source) -> Node:
    purposes = [_described("dpv:Purpose", said(facts.purpose))] if facts.purpose else []
    for rule in source.access.get(id, ()):
        purpose = texts(en=rule.purpose_en, ko=rule.purpose_ko)
        if purpose:
            purposes.append(_described("dpv:Purpose", purpose))
    basis = [_described("dpv:LegalBasis", said(facts.legal_basis))] if facts.legal_basis else []
    return {
        "dcatap:applicableLegislation": [link(iri) for iri in source.facts.applicable_legislation],
        "dpv:hasLegalBasis": basis,
        "dpv:hasPurpose": distinct(purposes),
        "healthdcatap:healthCategory": [concept("health_category", term) for term in facts.health_category],
        "healthdcatap:healthTheme": [concept("health_theme", term) for term in facts.health_theme],
    }


def _described(kind: str, description: list[Node]) -> Node:
    return {"@type": kind, "dct:description": description}


def distribution(
    dataset: Dataset, contact: str | None, facts: DatasetFacts, source: Source
) -> Node | None:
    """The way to the data: where to apply, under which conditions. None where no address is known."""
    where = facts.access_url or address_of(contact) or source.addresses.page(dataset.dataset)
    if where is None:
        return None
    rights = both({language: _conditions(dataset, source, language) for language in LANGUAGES})
    license = dataset.license
    node: dict[str, Any] = {
        "@type": "dcat:Distribution",
        "dct:title": both({language: words(language)["distribution"] for language in LANGUAGES}),
        "dcat:accessURL": link(where),
        "dcatap:applicableLegislation": [link(iri) for iri in source.facts.applicable_legislation],
        "dct:rights": {"@type": "dct:RightsStatement", "rdfs:label": rights} if rights else None,
        "dct:license": _license(license) if license else None,
    }
    return given(node)


def _license(text: str) -> Node:
    page = page_of(text)
    return link(page) if page == text.strip() else {"@type": "dct:LicenseDocument", "dct:title": text}


def _conditions(dataset: Dataset, source: Source, language: Language) -> str:
    """Access level, lead time and cost of the dataset, then the conditions of each of its access rules."""
    said_by = words(language)
    parts = []
    if dataset.access_level:
        parts.append(said_by["access"].format(level=dataset.access_level))
    if dataset.lead_time_days is not None:
        parts.append(said_by["lead_time"].format(days=dataset.lead_time_days))
    if dataset.cost_basis:
        parts.append(said_by["cost"].format(cost=dataset.cost_basis))
    for rule in source.access.get(dataset.dataset, ()):
        condition = getattr(rule, f"conditions_{language}")
        if condition:
            parts.append(condition if condition.endswith(".") else f"{condition}.")
    return " ".join(dict.fromkeys(parts))


def resource(found: Resource, source: Source) -> Node:
    return given(
        {
            "@type": "dcat:Distribution",
            "dct:title": said(found.title),
            "dcat:accessURL": link(found.url),
            "dcatap:applicableLegislation": [link(iri) for iri in source.facts.applicable_legislation],
        }
    )
