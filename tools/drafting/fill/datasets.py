"""Section 4 from the catalog."""

from __future__ import annotations

from collections.abc import Sequence

from knowledge.catalog.read import Catalog, Dataset
from knowledge.errors import NotFound
from knowledge.text import Language
from tools.drafting.nearest import did_you_mean
from tools.drafting.plan import Data, DataRequest, ResearchPlan


def add_datasets(plan: ResearchPlan, catalog: Catalog, ids: Sequence[str]) -> ResearchPlan:
    """Request datasets over their whole published period. Those already requested stay as they are.

    Raises NotFound, naming the ids that look like an unknown one.
    """
    for id in ids:
        if id not in catalog.dataset_by_id:
            raise NotFound(
                f"There is no dataset {id[:80]!r} in the catalog.",
                hint=did_you_mean(id, catalog.dataset_by_id)["en"],
            )
    fresh = [id for id in dict.fromkeys(ids) if id not in plan.datasets]
    rows = [_request(catalog.dataset_by_id[id], catalog, plan.language) for id in fresh]
    return plan.model_copy(update={"data": Data(datasets=(*plan.data.datasets, *rows))})


def refresh_datasets(plan: ResearchPlan, catalog: Catalog) -> ResearchPlan:
    """The requested datasets with title, hospital and version as the catalog in use has them.

    A period that was set stays; one that was not is the published one. Unknown datasets are left alone.
    """
    rows = []
    for row in plan.data.datasets:
        dataset = catalog.dataset_by_id.get(row.dataset)
        if dataset is not None:
            now = _request(dataset, catalog, plan.language)
            periods = {
                "period_start": row.period_start or now.period_start,
                "period_end": row.period_end or now.period_end,
            }
            row = now.model_copy(update=periods)
        rows.append(row)
    return plan.model_copy(update={"data": Data(datasets=tuple(rows))})


def _request(dataset: Dataset, catalog: Catalog, language: Language) -> DataRequest:
    hospital = catalog.hospital_by_id.get(dataset.hospital or "")
    names = (hospital.name_en, hospital.name_ko) if hospital else (dataset.hospital, dataset.hospital)
    return DataRequest(
        dataset=dataset.dataset,
        title=in_language(dataset.title_en, dataset.title_ko, language) or dataset.dataset,
        hospital=in_language(*names, language),
        period_start=dataset.period_start or "",
        period_end=dataset.period_end or "",
        catalog_version=catalog.version,
    )


def in_language(english: str | None, korean: str | None, language: Language) -> str:
    """The label in a language, else in the other, else nothing."""
    return ((korean or english) if language == "ko" else (english or korean)) or ""
