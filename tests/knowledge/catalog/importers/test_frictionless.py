from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from knowledge.catalog.importers.dictionary import Dictionary
from knowledge.errors import CatalogInvalid
from tests.knowledge.catalog.importers.dictionaries import first, variables

Read = Callable[..., Dictionary]

PATIENTS: dict[str, Any] = {
    "fields": [
        {"name": "pid", "type": "string", "constraints": {"required": True, "unique": True}},
        {
            "name": "sex",
            "type": "string",
            "title": {"ko": "성별", "en": "Sex"},
            "categories": [
                {"value": "M", "label": "Male"},
                {"value": "F", "label": {"en": "Female", "ko": "여성"}},
            ],
        },
        {
            "name": "smoker",
            "type": "integer",
            "title": "흡연",
            "constraints": {"enum": [0, 1]},
            "enumLabels": {"0": "아니오", "1": "예"},
        },
        {
            "name": "sbp",
            "type": "number",
            "title": "Systolic pressure (mmHg)",
            "description": "Sitting",
            "rdfType": "http://loinc.org/rdf/8480-6",
            "constraints": {"minimum": 0, "maximum": 300},
        },
        {
            "name": "weight",
            "type": "number",
            "unit": "kg",
            "missingValues": [{"value": "-99", "label": "refused"}],
        },
        {
            "name": "height",
            "type": "number",
            "unit": {"ucum": "cm", "name": "centimetre"},
            "missingPct": 12.5,
            "sensitive": False,
        },
        {"name": "dead", "type": "boolean", "trueValues": ["Y"], "falseValues": ["N"]},
        {"name": "born", "type": "year", "title_ko": "출생 연도", "title_en": "Year of birth"},
        {"name": "hospital", "type": "string"},
    ],
    "primaryKey": "pid",
    "missingValues": ["", "NA"],
    "foreignKeys": [{"fields": "hospital", "reference": {"resource": "hospitals", "fields": "code"}}],
}
PACKAGE: dict[str, Any] = {
    "name": "copd-registry",
    "title": {"en": "COPD registry", "ko": "COPD 레지스트리"},
    "description": "A registry",
    "licenses": [{"name": "CC-BY-4.0"}],
    "sources": [{"title": "EMR"}],
    "keywords": ["copd", "폐"],
    "spatial": "Seoul",
    "temporal": {"start": "2015-01-01", "end": "2020-12-31"},
    "created": "2021-03-04T10:00:00Z",
    "contributors": [
        {"title": "Kim", "email": "kim@example.org", "role": "author"},
        {"title": "Data office", "email": "data@example.org", "roles": ["contact"]},
    ],
    "resources": [{"name": "patients", "path": "patients.csv", "title": "환자", "schema": PATIENTS}],
}


def text(document: object) -> str:
    return json.dumps(document, ensure_ascii=False, indent=1)


def package(*resources: object, **more: object) -> str:
    return text({"name": "p", "resources": list(resources), **more})


@pytest.fixture
def registry(read: Read) -> Dictionary:
    return read("frictionless", "registry", {"datapackage.json": text(PACKAGE)})


def test_the_package_is_the_dataset(registry: Dictionary) -> None:
    assert dict(first(registry, "datasets")) == {
        "dataset": "copd_registry",
        "title_en": "COPD registry",
        "title_ko": "COPD 레지스트리",
        "description_en": "A registry. Sources: EMR. Covers Seoul.",
        "license": "CC-BY-4.0",
        "keywords": "copd|폐",
        "period_start": "2015-01-01",
        "period_end": "2020-12-31",
        "last_updated": "2021-03-04",
        "contact": "Data office <data@example.org>",
    }
    assert dict(first(registry, "tables")) == {
        "dataset": "copd_registry",
        "table": "patients",
        "title_ko": "환자",
    }
    assert registry.problems == () and [file.name for file in registry.files] == ["datapackage.json"]


FIELDS = {
    "pid": {"type": "text", "description_en": "Required. Primary key."},
    "sex": {"type": "code", "label_ko": "성별", "label_en": "Sex", "values": "M=Male|F=Female (여성)"},
    "smoker": {"type": "code", "label_ko": "흡연", "values": "0=아니오|1=예"},
    "sbp": {
        "type": "decimal",
        "label_en": "Systolic pressure (mmHg)",
        "unit": "mm[Hg]",
        "concept": "LOINC:8480-6",
        "description_en": "Sitting. Values from 0 to 300.",
    },
    "weight": {"type": "decimal", "unit": "kg", "missing_codes": "-99=refused"},
    "height": {"type": "decimal", "unit": "cm", "missing_pct": "12.5", "sensitive": "false"},
    "dead": {"type": "boolean", "values": "Y=true|N=false"},
    "born": {"type": "integer", "label_ko": "출생 연도", "label_en": "Year of birth"},
    "hospital": {"type": "text", "description_en": "Foreign key to hospitals.code."},
}


@pytest.mark.parametrize(("name", "cells"), FIELDS.items())
def test_fields(registry: Dictionary, name: str, cells: Mapping[str, str]) -> None:
    shared = {"dataset": "copd_registry", "table": "patients", "name": name, "missing_codes": "NA=NA"}
    assert dict(variables(registry)[name]) == {**shared, **cells}


def test_rows_know_their_lines(registry: Dictionary) -> None:
    lines = text(PACKAGE).splitlines()
    for row in registry.rows["variables"]:
        assert f'"name": "{row.cells["name"]}"' in lines[row.number]


def test_yaml_and_a_schema_in_a_file_of_its_own(read: Read) -> None:
    dictionary = read(
        "frictionless",
        "p",
        {
            "datapackage.yaml": "name: p\nresources:\n"
            "  - {name: a, schema: schemas/a.json}\n  - {name: b, schema: b.yaml}\n",
            "schemas/a.json": text(PATIENTS),
            "b.yaml": "fields:\n  - name: x\n    type: integer\n    title: 나이\n"
            "    constraints: {required: true, enum: [1, 02]}\n",
        },
    )
    assert (
        variables(dictionary)["x"]["values"] == "1=1|02=02"
        and "필수" in variables(dictionary)["x"]["description_ko"]
    )
    assert [(row.file, row.number) for row in dictionary.rows["variables"]][-1] == ("b.yaml", 2)
    assert {file.name for file in dictionary.files} == {"datapackage.yaml", "schemas/a.json", "b.yaml"}


def test_a_schema_or_a_resource_alone(read: Read) -> None:
    schema = read("frictionless", "my.schema.json", text({"fields": [{"name": "x"}]}))
    assert dict(variables(schema)["x"]) == {"dataset": "my", "table": "my", "name": "x"}
    resource = read(
        "frictionless", "r.json", text({"name": "Visits", "schema": {"fields": ["a", "b"]}}), dataset="d"
    )
    assert [dict(row.cells) for row in resource.rows["variables"]] == [
        {"dataset": "d", "table": "visits", "name": "a"},
        {"dataset": "d", "table": "visits", "name": "b"},
    ]


def test_without_a_name_the_folder_names_the_dataset(read: Read) -> None:
    dictionary = read(
        "frictionless",
        "lung data",
        {
            "datapackage.json": text(
                {
                    "resources": [
                        {"path": ["data/v-1.csv", "data/v-2.csv"], "schema": {"fields": [{"name": "x"}]}}
                    ]
                }
            )
        },
    )
    assert dict(variables(dictionary)["x"]) == {"dataset": "lung_data", "table": "v_1", "name": "x"}


SCHEMAS = [
    ("https://example.org/s.json", "on the network"),
    ("../secret.json", "outside of the package's folder"),
    ("/etc/passwd", "outside of the package's folder"),
    ("gone.json", "is not there"),
    ("broken.json", "broken.json:1"),
    ("list.json", "is no object"),
]


@pytest.mark.parametrize(("schema", "what"), SCHEMAS)
def test_a_schema_that_cannot_be_had_is_told_and_the_rest_read(read: Read, schema: str, what: str) -> None:
    dictionary = read(
        "frictionless",
        "p",
        {
            "datapackage.json": package(
                {"name": "a", "schema": schema}, {"name": "b", "schema": {"fields": [{"name": "x"}]}}
            ),
            "broken.json": '{"fields": [',
            "list.json": "[]",
            "../secret.json": text(PATIENTS),
        },
    )
    (line,) = dictionary.problems
    assert line.startswith("datapackage.json:6:") and what in line
    assert list(variables(dictionary)) == ["x"] and len(dictionary.rows["tables"]) == 2


FAULTS = [
    ({"name": "x", "type": "wrong"}, "field 'x' has the type 'wrong', which Table Schema does not have"),
    ({"type": "string"}, "field 1 of table 'a' has no name"),
    (7, "field 1 of table 'a' has no name"),
    ({"name": "x", "constraints": {"enum": ["1", 1]}}, "has the value '1' twice"),
    ({"name": "x", "categories": [{"label": "no"}]}, "has a value without a code"),
    ({"name": "x", "rdfType": "http://loinc.org/8480-7"}, "LOINC code 8480-7 has a wrong check digit"),
    ({"name": "x", "missing_pct": "many"}, "without its missing_pct: 'many' is not a missing rate"),
    ({"name": "x", "sensitive": "perhaps"}, "without its sensitive: 'perhaps' is neither yes nor no"),
]


@pytest.mark.parametrize(("field", "what"), FAULTS)
def test_faults_of_a_field_have_their_line(read: Read, field: object, what: str) -> None:
    dictionary = read(
        "frictionless", "datapackage.json", package({"name": "a", "schema": {"fields": [field]}})
    )
    (line,) = dictionary.problems
    assert what in line and line.startswith("datapackage.json:") and int(line.split(":")[1]) >= 6


def test_duplicates_are_named(read: Read) -> None:
    twice = {"fields": [{"name": "x"}, {"name": "x"}]}
    dictionary = read(
        "frictionless",
        "datapackage.json",
        package({"name": "a", "schema": twice}, {"name": "a", "schema": {"fields": [{"name": "y"}]}}),
    )
    assert [row.cells["name"] for row in dictionary.rows["variables"]] == ["x", "y"]
    assert "variable 'x' stands twice in table 'a'" in dictionary.problems[0]
    assert "resource 'a' stands twice" in dictionary.problems[1]


def test_resources_without_a_schema_are_tables_without_variables(read: Read) -> None:
    dictionary = read("frictionless", "datapackage.json", package({"name": "a", "path": "a.csv"}, "b"))
    assert len(dictionary.rows["tables"]) == 1 and not dictionary.rows["variables"]
    assert (
        "resource 2 is no object" in dictionary.problems[0] and "'a' has no schema" in dictionary.problems[1]
    )


def test_a_period_or_day_that_is_none_is_told(read: Read) -> None:
    dictionary = read(
        "frictionless",
        "datapackage.json",
        package({"name": "a", "schema": {"fields": ["x"]}}, temporal={"start": "once"}, created="then"),
    )
    assert dict(first(dictionary, "datasets")) == {"dataset": "p"}
    assert ["its period" in line or "its created" in line for line in dictionary.problems] == [True, True]


@pytest.mark.parametrize(
    ("content", "what"),
    [
        ('{"fields": [{"name": "x"', "the document ends too early"),
        ("[]", "is no Frictionless descriptor"),
        ('{"type": "object", "properties": {}}', "is no Frictionless descriptor"),
        ("", "is empty"),
        ('{"resources": []}', "can be used"),
        ("[" * 100_000, "nested"),
    ],
)
def test_what_is_no_descriptor(read: Read, content: str, what: str) -> None:
    with pytest.raises(CatalogInvalid, match=what):
        read("frictionless", "datapackage.json", content)


def test_a_folder_without_a_descriptor(read: Read) -> None:
    with pytest.raises(CatalogInvalid, match=r"holds no datapackage\.json"):
        read("frictionless", "p", {"a.csv": "x"})


def test_a_description_tells_label_and_unit_where_nothing_else_does(read: Read) -> None:
    fields = [{"name": "lac", "type": "number", "description": "Serum lactate [mmol/L]"},
              {"name": "wk", "type": "integer", "title": "Weeks", "description": "Completed weeks"}]
    found = variables(read("frictionless", "schema.json", text({"fields": fields})))
    assert (found["lac"]["label_en"], found["lac"]["unit"]) == ("Serum lactate [mmol/L]", "mmol/L")
    assert found["wk"]["label_en"] == "Weeks"
