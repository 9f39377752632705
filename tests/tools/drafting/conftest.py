"""The eye catalog as a database, a plan on it that lacks nothing, and its counts from a real query."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from knowledge.catalog.database import build_database
from knowledge.catalog.folder import read_folder
from knowledge.catalog.read import Catalog, load_catalog
from tools.drafting.facts import Facts, QueryRows
from tools.drafting.fill.change import set_sections
from tools.drafting.fill.cohorts import add_cohorts
from tools.drafting.fill.counts import fill_counts
from tools.drafting.fill.datasets import add_datasets
from tools.drafting.fill.linkage import add_pairs
from tools.drafting.fill.variables import refresh_variables
from tools.drafting.form import Form, load_form
from tools.drafting.plan import ResearchPlan
from tools.query.execute import execute
from tools.query.guard import catalog_schema
from tools.query.plan import CountPlan
from tools.query.plan_document import plan_document
from tools.query.readback import readback

TODAY = date(2025, 4, 10)
EYE = Path(__file__).parents[2] / "fixtures" / "eye_catalog"
COMPLETE = Path(__file__).with_name("complete.yaml")
Count = Callable[..., QueryRows]


@pytest.fixture(scope="session")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("eye") / "catalog.duckdb"
    folder, problems = read_folder(EYE)
    assert not problems
    build_database(folder, path)
    return path


@pytest.fixture(scope="session")
def catalog(database: Path) -> Catalog:
    return load_catalog(database)


@pytest.fixture(scope="session")
def form() -> Form:
    return load_form()


@pytest.fixture(scope="session")
def count(database: Path, catalog: Catalog) -> Count:
    """Run a count by dataset and cohort."""

    def run(*datasets: str, cohort: str = "glaucoma", language: Any = "en") -> QueryRows:
        plan = CountPlan(
            cohorts=(cohort,), datasets=datasets, group_by=("dataset", "cohort"), language=language
        )
        found = execute(plan, database, catalog_schema())
        return QueryRows(
            id=found.id,
            plan=plan_document(plan),
            readback=readback(plan, catalog, language),
            columns=found.columns,
            rows=found.rows,
            notes=("Counts are rounded to 5.",),
            as_of=str(catalog.meta.as_of),
            rule=catalog.meta.rule or "",
            catalog_version=catalog.version,
        )

    return run


@pytest.fixture(scope="session")
def complete(form: Form, catalog: Catalog, count: Count) -> ResearchPlan:
    """Nothing is missing and nothing is wrong in it."""
    plan = ResearchPlan(form=form.id, language="en")
    plan = add_datasets(plan, catalog, ["nuri_glaucoma", "nuri_oct"])
    plan = add_pairs(plan, catalog, plan.datasets)
    plan = add_cohorts(plan, catalog, ["glaucoma"])
    plan = set_sections(plan, form, yaml.safe_load(COMPLETE.read_text(encoding="utf-8")))
    plan = refresh_variables(plan, catalog)
    return fill_counts(plan, catalog, [count("nuri_glaucoma", "nuri_oct")])


@pytest.fixture(scope="session")
def facts(catalog: Catalog, count: Count) -> Facts:
    rows = count("nuri_glaucoma", "nuri_oct")
    return Facts(TODAY, catalog, {rows.id: rows}, ("2024 edition", "2024년 개정판"))
