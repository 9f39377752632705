"""What the nodes of an export are made of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from knowledge.catalog.model import AccessRule, Coverage, Table, Variable
from knowledge.catalog.portal.addresses import Addresses
from knowledge.catalog.portal.facts import PortalFacts
from knowledge.catalog.portal.totals import Total
from knowledge.catalog.read import Catalog


@dataclass(frozen=True)
class Source:
    """The catalog, grouped by dataset (variables also by table), with what was declared for the portal.

    ``totals`` are by (dataset, "patients" or "records"), ``cohorts`` those that a dataset counts,
    ``related`` the datasets that it can be linked with.
    """

    catalog: Catalog
    totals: Mapping[tuple[str, str], Total]
    tables: Mapping[str, tuple[Table, ...]]
    variables: Mapping[tuple[str, str], tuple[Variable, ...]]
    coverage: Mapping[str, tuple[Coverage, ...]]
    access: Mapping[str, tuple[AccessRule, ...]]
    cohorts: Mapping[str, tuple[str, ...]]
    related: Mapping[str, tuple[str, ...]]
    facts: PortalFacts
    addresses: Addresses
