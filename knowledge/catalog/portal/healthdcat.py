"""A catalog version as JSON-LD per HealthDCAT-AP (release 8 on DCAT-AP 3), one node after the other.

The context stands in the document, so that reading it needs no network.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, TypeVar

from knowledge.catalog.portal.addresses import Addresses
from knowledge.catalog.portal.agents import agent_node, hospital_node
from knowledge.catalog.portal.dataset import dataset_node
from knowledge.catalog.portal.facts import PortalFacts, said
from knowledge.catalog.portal.source import Source
from knowledge.catalog.portal.totals import whole_totals
from knowledge.catalog.portal.vocabulary import LANGUAGES, Node, both, given, link, moment, vocabulary, words
from knowledge.catalog.read import Catalog, load_catalog
from knowledge.errors import NotFound

MEDIA_TYPE = "application/ld+json"
_REQUIRED = (
    "dct:title", "dct:description", "dct:identifier", "dct:accessRights", "dcat:theme", "dcat:distribution",
    "dcatap:applicableLegislation", "healthdcatap:healthCategory", "healthdcatap:hdab",
    "healthdcatap:hasStructuredData",
)  # fmt: skip
_REQUIRED_IF_NOT_PUBLIC = ("dcat:contactPoint", "dcat:keyword", "dct:type", "dct:provenance")

Row = TypeVar("Row")


class PortalExport:
    """The JSON-LD document of a catalog. ``gaps`` is complete once ``text`` has been read to its end:
    property -> ids of the datasets that lack it although HealthDCAT-AP demands it."""

    def __init__(self, nodes: Iterator[Node]) -> None:
        self._nodes = nodes
        self.gaps: dict[str, list[str]] = defaultdict(list)

    def text(self) -> Iterator[str]:
        """The document in pieces, a node a line; once."""
        yield '{"@context": ' + json.dumps(vocabulary()["prefixes"]) + ',\n "@graph": [\n'
        for at, node in enumerate(self._nodes):
            if node["@type"] == "dcat:Dataset":
                for name in _demanded(node):
                    if name not in node:
                        self.gaps[name].append(node["dct:identifier"])
            yield (",\n" if at else "") + json.dumps(node, ensure_ascii=False)
        yield "\n]}\n"


def export_catalog(
    database: Path, facts: PortalFacts, *, base: str | None = None, dataset: str | None = None
) -> PortalExport:
    """The catalog version in a DuckDB file, or one dataset of it.

    ``base`` is the address of the server that shows the catalog; without it, things are named by UUIDs.
    Raises NotFound for an unknown dataset, StoreUnavailable.
    """
    source = _source(database, facts, Addresses(base.rstrip("/") if base else None))
    if dataset is not None and dataset not in source.catalog.dataset_by_id:
        raise NotFound(f"There is no dataset {dataset!r} in the catalog.", hint="`catalog info` lists them.")
    return PortalExport(_nodes(source, dataset))


def _source(database: Path, facts: PortalFacts, addresses: Addresses) -> Source:
    catalog = load_catalog(database)
    cohorts: dict[str, list[str]] = defaultdict(list)
    for name, cohort in catalog.counts.cohorts:
        if cohort is not None:
            cohorts[name].append(cohort)
    related: dict[str, list[str]] = defaultdict(list)
    for pair in catalog.linkage:
        related[pair.dataset_a].append(pair.dataset_b)
        related[pair.dataset_b].append(pair.dataset_a)
    return Source(
        catalog=catalog,
        totals=whole_totals(database),
        tables=_grouped(catalog.tables, lambda row: row.dataset),
        variables=_grouped(catalog.variables, lambda row: (row.dataset, row.table)),
        coverage=_grouped(catalog.coverage, lambda row: row.dataset),
        access=_grouped(catalog.access_rules, lambda row: row.dataset),
        cohorts={name: tuple(sorted(found)) for name, found in cohorts.items()},
        related={name: tuple(others) for name, others in related.items()},
        facts=facts,
        addresses=addresses,
    )


def _grouped(rows: Iterable[Row], key: Callable[[Row], Any]) -> dict[Any, tuple[Row, ...]]:
    groups: dict[Any, list[Row]] = defaultdict(list)
    for row in rows:
        groups[key(row)].append(row)
    return {name: tuple(found) for name, found in groups.items()}


def _nodes(source: Source, only: str | None) -> Iterator[Node]:
    catalog = source.catalog
    datasets = [row for row in catalog.datasets if only in (None, row.dataset)]
    if only is None:
        yield _catalog_node(catalog, source)
    used = {row.hospital for row in datasets}
    for hospital in catalog.hospitals:
        if hospital.hospital in used:
            yield hospital_node(hospital, source.addresses)
    for row in datasets:
        yield dataset_node(row, source)


def _catalog_node(catalog: Catalog, source: Source) -> Node:
    meta, facts = catalog.meta, source.facts
    about = {
        language: words(language)["about"].format(version=meta.declared_version, as_of=meta.as_of)
        for language in LANGUAGES
    }
    title = both({language: words(language)["catalog"] for language in LANGUAGES})
    return given(
        {
            "@id": source.addresses.catalog,
            "@type": "dcat:Catalog",
            "dct:title": said(facts.title) or title,
            "dct:description": said(facts.description) or both(about),
            "dct:publisher": agent_node(facts.publisher) if facts.publisher else None,
            "dct:modified": moment(meta.as_of),
            "dcat:version": meta.declared_version,
            "foaf:homepage": link(facts.homepage) if facts.homepage else None,
            "dcatap:applicableLegislation": [link(iri) for iri in facts.applicable_legislation],
            "dcat:dataset": [link(source.addresses.dataset(row.dataset)) for row in catalog.datasets],
        }
    )


def _demanded(node: Node) -> tuple[str, ...]:
    closed = str(node["dct:accessRights"]["@id"]).endswith("/NON_PUBLIC")
    return (*_REQUIRED, *(_REQUIRED_IF_NOT_PUBLIC if closed else ()))
