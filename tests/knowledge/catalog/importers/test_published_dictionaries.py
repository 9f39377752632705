"""Dictionaries as they are published, where a folder of them lies beside the project."""

from __future__ import annotations

import time
import tracemalloc

import pytest

from knowledge.catalog import dictionary
from knowledge.catalog.codes import Codes
from knowledge.catalog.importers import read_dictionary
from knowledge.catalog.references import References
from knowledge.catalog.rows import Problems
from knowledge.errors import CatalogInvalid
from tests.knowledge.catalog.importers.dictionaries import SHARED

COUNTS = [
    ("omop", "omop", {}, 39, 432),
    ("arc", "isaric_arc", {}, 10, 1757),
    ("arc", "isaric_arc", {"preset": "COVID-19"}, 5, 471),
    ("jsonschema", "openmhealth", {}, 17, 77),
    ("jsonschema", "madmp", {}, 1, 113),
]


@pytest.mark.parametrize(("format", "folder", "options", "tables", "variables"), COUNTS)
def test_counts_time_and_memory(format, folder, options, tables, variables):
    began = time.monotonic()
    tracemalloc.start()
    found = read_dictionary(format, SHARED / folder, **options)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert (len(found.rows["tables"]), len(found.rows["variables"])) == (tables, variables)
    assert time.monotonic() - began < 20 and peak < 64 * 2**20
    again = read_dictionary(format, SHARED / folder, **options)
    assert again.problems == found.problems
    assert all(list(again.rows[table]) == list(found.rows[table]) for table in found.rows)


@pytest.mark.parametrize(
    ("format", "folder"), [("omop", "omop"), ("arc", "isaric_arc"), ("jsonschema", "openmhealth")]
)
def test_the_catalogs_own_checks_have_nothing_to_add(format, folder):
    found = read_dictionary(format, SHARED / folder)
    references, codes, problems = References(), Codes(), Problems()
    for row in found.rows["concepts"]:
        dictionary.concept_cells(row, references, codes, problems)
    for row in found.rows["datasets"]:
        dictionary.dataset_cells(row, references, problems)
    for row in found.rows["tables"]:
        dictionary.table_cells(row, references)
    for row in found.rows["variables"]:
        dictionary.variable_cells(row, references, {}, problems)
    assert problems.lines() == ()


@pytest.mark.parametrize(
    ("format", "folder"),
    [
        ("redcap", "isaric_arc/ARC.csv"),
        ("omop", "isaric_arc"),
        ("arc", "omop/OMOP_CDMv5.4_Field_Level.csv"),
        ("jsonschema", "sdc"),
        ("jsonschema", "omop/OMOP_CDMv5.4_Field_Level.csv"),
        ("redcap", "openmhealth/omh_heart-rate-2.0.json"),
    ],
)
def test_one_taken_for_another_is_refused(format, folder):
    with pytest.raises(CatalogInvalid):
        read_dictionary(format, SHARED / folder)
