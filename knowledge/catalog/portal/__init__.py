"""A catalog version for a data portal: JSON-LD per HealthDCAT-AP, with released numbers only."""

from knowledge.catalog.portal.facts import PortalFacts, read_facts
from knowledge.catalog.portal.healthdcat import PortalExport, export_catalog

__all__ = ["PortalExport", "PortalFacts", "export_catalog", "read_facts"]
