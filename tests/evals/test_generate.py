"""Cases made from a catalog: both languages, splits apart, rows as published, whatever the catalog."""

from __future__ import annotations

import csv
from collections import Counter
from itertools import product

import pytest

from evals.case import QuestionCase
from evals.generate.compose import compose, read_templates
from evals.generate.things import SORTS, things
from evals.suite import read_suites
from knowledge.catalog.import_catalog import ImportRequest, import_catalog
from knowledge.catalog.import_folder import import_folder
from knowledge.catalog.read import load_catalog
from knowledge.catalog.versions import CatalogVersions
from tests.conftest import ROOT
from tests.evals.conftest import FIXTURES

OMOP = ROOT.parent / "shared" / "dictionaries" / "omop"


@pytest.fixture(scope="module")
def eye(tmp_path_factory):
    versions = CatalogVersions(tmp_path_factory.mktemp("eye"))
    import_folder(FIXTURES / "eye_catalog", versions)
    file = versions.require()
    return load_catalog(file.path), file.place


@pytest.fixture(scope="module")
def cases(eye):
    return compose(*eye, 72)


def test_templates_are_whole_and_their_splits_apart():
    templates = read_templates()
    assert len({template.id for template in templates}) == len(templates)
    for template in templates:
        assert template.about in SORTS
        assert (template.expect is None) == bool(template.sql and template.columns)
        for wordings in (template.ko, template.en):
            assert wordings.dev and wordings.test and not set(wordings.dev) & set(wordings.test)


def test_cases_speak_both_languages_of_every_template(cases):
    assert Counter(case.language for case in cases) == {"ko": 36, "en": 36}
    assert len({case.id for case in cases}) == len({(case.text, case.language) for case in cases}) == 72
    made = {(case.template.rsplit(".", 3)[0], case.language, case.split) for case in cases}
    assert made == set(product((t.id for t in read_templates()), ("ko", "en"), ("dev", "test")))


def test_the_same_seed_draws_the_same_cases(eye):
    assert compose(*eye, 8) == compose(*eye, 8) != compose(*eye, 8, seed=1)


def test_counts_are_the_published_ones(cases):
    with (FIXTURES / "eye_catalog" / "counts.csv").open(encoding="utf-8") as file:
        totals = {
            row["dataset"]: row["patients"]
            for row in csv.DictReader(file)
            if not any(row[part] for part in ("cohort", "year", "sex", "age_band"))
        }
    asked = [case.expect.rows for case in cases if case.template.startswith("count.dataset.")]
    assert asked and all(str(patients) == totals[dataset] for ((dataset, patients),) in asked)
    assert any(case.expect.status == "not_found" for case in cases)


def test_names_that_mean_two_things_are_not_asked_by(eye):
    catalog, _ = eye
    named = {thing.names["cohort"] for thing in things(catalog, "cohort", "en")}
    assert named and all(sum(n in (c.name_en or "") for c in catalog.cohorts) == 1 for n in named)


def test_a_folder_can_be_run_and_nothing_is_written_over(command, tmp_path):
    out, catalog = tmp_path / "generated", FIXTURES / "eye_catalog"
    arguments = ["--json", "--home", str(tmp_path / "home"), "eval", "generate", str(catalog), "--out"]
    ran = command(*arguments, str(out), "--n", "12")
    assert ran.code == 0 and ran.json["cases"] == 12
    folder = read_suites(out)
    assert all(isinstance(case, QuestionCase) for case in folder.suites["generated"].cases)
    assert folder.homes["generated"].catalog == str(catalog)
    assert command(*arguments, str(out), "--n", "12").code == 3
    ran = command(*arguments, str(tmp_path / "cases.jsonl"), "--n", "4")
    assert ran.code == 0 and len((tmp_path / "cases.jsonl").read_text(encoding="utf-8").splitlines()) == 4


@pytest.mark.parametrize("path", [OMOP] if OMOP.is_dir() else [])
def test_a_dictionary_without_counts_can_be_asked_about(tmp_path, path):
    versions = CatalogVersions(tmp_path)
    import_catalog(ImportRequest(path, "omop", dataset="cdm"), versions)
    file = versions.require()
    cases = compose(load_catalog(file.path), file.place, 40)
    assert {"list", "variable", "number"} <= {case.kind for case in cases}
    assert not any(case.kind == "count" for case in cases)
