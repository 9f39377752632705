"""What the review page draws of an entry beside its record: the plan read back, and the rows it gives now."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from api.pages.catalog_names import catalog_at, dataset_titles
from api.pages.language import labels
from api.pages.table import readable_table
from api.problems import problem_of
from assistant.records import Review
from knowledge.catalog.place import Place
from knowledge.catalog.read import Catalog
from knowledge.catalog.versions import CatalogVersions
from knowledge.errors import GiljabiError, UserError
from knowledge.text import Language
from tools.query.execute import Result, execute, execute_sql
from tools.query.guard import catalog_schema
from tools.query.plan_document import read_plan
from tools.query.readback import readback


def review_view(review: Review, versions: CatalogVersions, language: Language) -> dict[str, Any]:
    """``readback``, ``table``, ``truncated`` and ``problem``, why there are no rows.

    Both are of the catalog in use. An entry made under another version gives no rows, since they would
    not be those that were answered. Raises CatalogMissing.
    """
    file = versions.require()
    shown: dict[str, Any] = {
        "readback": _read_back(review.plan, catalog_at(file.path), language),
        "table": None,
        "truncated": False,
        "problem": None,
    }
    if file.version != review.catalog_version:
        return shown
    try:
        found = _run(review, file.place)
    except GiljabiError as error:
        return {**shown, "problem": problem_of(error).document()}
    subject = str(review.plan.get("subject", ""))
    naming = dataset_titles(versions, language)
    table = readable_table(found.columns, found.rows, language, labels(language)["table"], subject, naming)
    return {**shown, "table": table, "truncated": found.truncated}


def _run(review: Review, database: Place) -> Result:
    if review.edited_from is not None:
        return execute_sql(review.sql, database, catalog_schema())
    return execute(read_plan(review.plan), database, catalog_schema())


def _read_back(plan: Mapping[str, Any], catalog: Catalog, language: Language) -> str:
    """The plan in words; empty for a plan of another release that cannot be read any more."""
    try:
        return readback(read_plan(plan), catalog, language)
    except UserError:
        return ""
