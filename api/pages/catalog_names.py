"""The catalog in use as the pages read it: for reading plans back, and for what can be chosen."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

from knowledge.catalog.read import Catalog, load_catalog
from knowledge.catalog.versions import CatalogVersions
from knowledge.text import Language
from tools.query.readback import name_of

MOST = 1_000
Choices = list[tuple[str, str]]


@lru_cache(maxsize=2)
def catalog_at(database: Path) -> Catalog:
    """Catalog files never change, so one is read once."""
    return load_catalog(database)


def dataset_titles(versions: CatalogVersions, language: Language) -> Callable[[str], str]:
    """From a dataset's id to its title in the catalog in use, which is read when first asked; else the id."""

    def title(id: str) -> str:
        file = versions.current()
        return id if file is None else name_of("dataset", id, catalog_at(file.path), language)

    return title


def choices(catalog: Catalog, language: Language) -> dict[str, Choices]:
    """(id, label) of the datasets and cohorts that a research plan can ask for; at most 1,000 of each."""
    datasets = [(id, name_of("dataset", id, catalog, language)) for id in catalog.dataset_by_id]
    cohorts = [(id, name_of("cohort", id, catalog, language)) for id in catalog.cohort_by_id]
    return {"datasets": datasets[:MOST], "cohorts": cohorts[:MOST]}
