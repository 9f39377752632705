from __future__ import annotations

import json
from typing import Any

import pytest

from knowledge.catalog.importers import read_dictionary
from knowledge.errors import CatalogInvalid
from tests.knowledge.catalog.importers.dictionaries import first, variables

DRAFT_7 = "http://json-schema.org/draft-07/schema#"


def schema(**members: Any) -> str:
    return json.dumps(
        {"$schema": DRAFT_7, **{name.lstrip("_"): value for name, value in members.items()}}, indent=1
    )


def ref(to: str, **beside: Any) -> dict[str, Any]:
    return {"$ref": to, **beside}


UNIT_VALUE = schema(type="object", properties={"value": {"type": "number"}, "unit": {"type": "string"}})
PULSE = schema(
    _id="x",
    description="A pulse.",
    references=[
        {
            "description": "The SNOMED code represents Pulse rate",
            "url": "http://purl.bioontology.org/ontology/SNOMEDCT/78564009",
        }
    ],
    definitions={"unit_value": ref("unit-value-1.x.json"), "when": ref("parts/time.json#/definitions/frame")},
    properties={
        "pulse_rate": {
            "allOf": [ref("#/definitions/unit_value"), {"properties": {"unit": {"enum": ["beats/min"]}}}]
        },
        "effective_time": ref("#/definitions/when", description="When it was taken."),
        "posture": {"type": "string", "enum": ["sitting", "lying"]},
        "level": {"oneOf": [{"const": 1, "title": "low"}, {"const": 2, "title": "high"}]},
    },
    required=["pulse_rate"],
)
TIME = schema(
    definitions={
        "frame": {
            "oneOf": [
                {"type": "object", "properties": {"date_time": {"type": "string", "format": "date-time"}}},
                {
                    "type": "object",
                    "properties": {
                        "interval": {
                            "type": "object",
                            "properties": {
                                "start": {"type": "string", "format": "date-time"},
                                "minutes": {"type": "integer", "minimum": 0},
                            },
                        }
                    },
                },
            ]
        }
    }
)


def test_a_folder_of_schemas_that_refer_to_each_other(read):
    found = read(
        "jsonschema",
        "wearable",
        {
            "pulse-rate-2.0.json": PULSE,
            "unit-value-1.0.json": schema(type="object"),
            "unit-value-1.2.json": UNIT_VALUE,
            "parts/time.json": TIME,
            "readme.md": "text",
            "examples/one.json": '{"pulse_rate": {"value": 60}}',
        },
    )
    assert found.problems == (
        "examples/one.json:1: examples/one.json is no JSON Schema; the file was left out",
    )
    assert first(found, "datasets") == {
        "dataset": "wearable",
        "data_model": "JSON Schema",
        "title_en": "Wearable",
    }
    assert [row.cells["table"] for row in found.rows["tables"]] == [
        "parts_time_frame",
        "pulse_rate_2_0",
        "unit_value_1_0",
        "unit_value_1_2",
    ]
    fields = {name: cells for name, cells in variables(found).items() if cells["table"] == "pulse_rate_2_0"}
    assert list(fields) == [
        "pulse_rate",
        "effective_time.date_time",
        "effective_time.interval.start",
        "effective_time.interval.minutes",
        "posture",
        "level",
    ]
    rate = fields["pulse_rate"]
    assert (rate["unit"], rate["concept"], rate["description_en"]) == ("/min", "SNOMED:78564009", "Required.")
    assert first(found, "concepts")["name_en"] == "Pulse rate"
    assert fields["level"]["values"] == "1=low|2=high"
    start = fields["effective_time.interval.start"]
    assert (start["type"], start["label_en"], start["section"]) == (
        "datetime",
        "Interval: Start",
        "Effective time: Interval",
    )
    minutes = fields["effective_time.interval.minutes"]
    assert (minutes["type"], minutes["description_en"]) == ("integer", "When it was taken. Values from 0.")


def test_rows_know_the_line_where_they_are_defined(read):
    found = read(
        "jsonschema", "pulse.json", schema(properties={"a": {"type": "string"}, "b": {"type": "integer"}})
    )
    lines = schema(properties={"a": {"type": "string"}, "b": {"type": "integer"}}).splitlines()
    assert [(row.number, lines[row.number - 1].strip()[:3]) for row in found.rows["variables"]] == [
        (4, '"a"'),
        (7, '"b"'),
    ]


@pytest.mark.parametrize(
    ("property", "cells"),
    [
        ({"type": "boolean"}, {"type": "boolean"}),
        ({"type": ["number", "null"]}, {"type": "decimal"}),
        ({"anyOf": [{"type": "string", "format": "date"}, {"type": "null"}]}, {"type": "date"}),
        ({"type": ["integer", "string"]}, {"type": "text"}),
        (
            {"enum": [1, 2, None], "enumNames": ["one", "two", "none"]},
            {"type": "code", "values": "1=one|2=two"},
        ),
        ({"enum": ["a|b", "c"], "meta:enum": {"c": "see"}}, {"values": "a/b=a/b|c=see"}),
        ({"const": "x"}, {"type": "code", "values": "x=x"}),
        ({"type": "number", "unit": "mmHg"}, {"unit": "mm[Hg]"}),
        ({"type": "number", "title": "Weight (kg)"}, {"unit": "kg", "label_en": "Weight (kg)"}),
        ({"type": "number", "minimum": 1, "exclusiveMinimum": True}, {"description_en": "Values from >1."}),
        (
            {"type": "number", "exclusiveMinimum": 1.5, "maximum": 9},
            {"description_en": "Values from >1.5 to 9."},
        ),
        ({"type": "string", "format": "email"}, {"sensitive": "true"}),
        (
            {"title": "체중", "type": "number", "description": "단위: kg"},
            {"label_ko": "체중", "unit": "kg", "description_ko": "단위: kg"},
        ),
        (
            {"type": "array", "items": {"type": "string"}},
            {"type": "text", "description_en": "May occur several times."},
        ),
        ({"type": "object"}, {"type": "object"}),
        (True, {"label_en": "Body part"}),
        (
            {"properties": {"value": {"type": "integer"}, "unit": {"enum": ["kg", "lb"]}}},
            {"type": "integer", "description_en": "Units: kg, lb."},
        ),
    ],
)
def test_one_value(read, property, cells):
    found = read("jsonschema", "s.json", schema(properties={"bodyPart": property}))
    assert found.problems == ()
    assert cells.items() <= variables(found)["bodyPart"].items()


def test_objects_lists_and_maps_get_dotted_names(read):
    found = read(
        "jsonschema",
        "visit.json",
        schema(
            title="Visit",
            properties={
                "labs": {
                    "type": "array",
                    "items": {"type": "object", "properties": {"code": {"type": "string"}}},
                },
                "codes": {"type": "object", "additionalProperties": {"type": "integer"}},
                "either": {
                    "oneOf": [
                        {"properties": {"a": {"type": "string"}}},
                        {"properties": {"b": {"type": "string"}}},
                    ]
                },
                "when": {"if": {"properties": {"a": {}}}, "then": {"properties": {"c": {"type": "integer"}}}},
            },
        ),
    )
    assert list(variables(found)) == ["labs.code", "codes.*", "either.a", "either.b", "when.c"]
    assert first(found, "tables")["title_en"] == "Visit"


def test_links_and_lines_that_stand_for_them_are_no_tables(read, tmp_path):
    files = {
        "a-1.0.json": schema(properties={"n": {"type": "integer"}}),
        "a-1.x.json": "a-1.0.json\n",
        "b.json": schema(properties={"a": ref("a-1.x.json")}),
    }
    found = read("jsonschema", "linked", files)
    assert [row.cells["table"] for row in found.rows["tables"]] == ["a_1_0", "b"] and found.problems == ()
    (tmp_path / "linked/a-1.x.json").unlink()
    (tmp_path / "linked/a-1.x.json").symlink_to("a-1.0.json")
    again = read_dictionary("jsonschema", tmp_path / "linked")
    assert list(again.rows["variables"]) == list(found.rows["variables"])


def test_a_code_belongs_to_the_variable_that_is_called_like_its_schema(read):
    def coded(code: str) -> str:
        return schema(
            type="number", references=[{"url": f"http://purl.bioontology.org/ontology/SNOMEDCT/{code}"}]
        )

    found = read(
        "jsonschema",
        "coded",
        {
            "heart-rate-1.0.json": coded("78564009"),
            "duration-1.0.json": coded("103335007"),
            "visit.json": schema(
                properties={"heart_rate": ref("heart-rate-1.x.json"), "rest": ref("duration-1.0.json")}
            ),
        },
    )
    fields = {c["name"]: c for c in variables(found).values() if c["table"] == "visit"}
    assert fields["heart_rate"]["concept"] == "SNOMED:78564009" and "concept" not in fields["rest"]


def test_cycles_end(read):
    person = {
        "properties": {
            "name": {"type": "string"},
            "friend": ref("#"),
            "children": {"items": ref("#")},
            "parent": {"anyOf": [ref("#"), {"type": "null"}]},
        }
    }
    found = read(
        "jsonschema", "person.json", schema(**person, definitions={"loop": ref("#/definitions/loop")})
    )
    names = variables(found)
    assert {"name", "friend", "children"} <= set(names)
    assert "Has the form of the object" in names["friend"]["description_en"]
    assert len(names) < 20


def test_two_files_that_need_each_other(read):
    found = read(
        "jsonschema",
        "pair",
        {
            "a.json": schema(properties={"b": ref("b.json")}),
            "b.json": schema(properties={"a": ref("a.json"), "n": {}}),
        },
    )
    assert found.problems == ()
    assert {"a.b.n", "b.n"} <= {f"{c['table']}.{c['name']}" for c in variables(found).values()}


@pytest.mark.parametrize(
    "to",
    [
        "https://x.example/parts/weight.json",
        "../weight.json",
        "weight.json",
        "urn:weight",
        "#kilo",
        "#/$defs/kilo~1gram",
        "#/%24defs/kilo~1gram",
    ],
)
def test_the_ways_to_refer(read, to):
    kilo = {"$anchor": "kilo", "type": "number", "unit": "kg"}
    found = read(
        "jsonschema",
        "refs",
        {
            "lib/body.json": schema(
                properties={"weight": ref(to)},
                **{"$defs": {"kilo": {}, "kilo/gram": kilo}},
                **{"$id": "https://x.example/lib/body.json"},
            ),
            "weight.json": json.dumps(
                {"$id": "https://x.example/parts/weight.json", "type": "number", "unit": "kg"}
            ),
            "other.json": json.dumps({"$id": "urn:weight", "type": "number", "unit": "kg"}),
        },
    )
    weight = next(c for c in variables(found).values() if c["table"] == "lib_body")
    assert (weight["unit"], found.problems) == ("kg", ())


def test_a_reference_that_leads_nowhere_is_told_once_and_the_rest_is_read(read):
    gone = ref("https://elsewhere.example/unit-value-1.0.json")
    found = read(
        "jsonschema",
        "s.json",
        schema(
            properties={
                "w": {"allOf": [gone, {"properties": {"unit": {"enum": ["kg"]}}}]},
                "v": gone,
                "n": {"type": "integer"},
            }
        ),
    )
    assert len(found.problems) == 1
    assert found.problems[0].startswith("s.json:7: ") and "(here and in 1 more places)" in found.problems[0]
    fields = variables(found)
    assert (fields["w"]["unit"], fields["w"]["type"], fields["v"]["type"]) == ("kg", "decimal", "decimal")


def test_nothing_outside_the_folder_is_read(read, tmp_path):
    (tmp_path / "secret.json").write_text(schema(properties={"secret": {"type": "string"}}))
    found = read(
        "jsonschema",
        "in",
        {
            "s.json": schema(
                properties={"x": ref("../secret.json"), "y": ref("/etc/hostname"), "z": ref("file:///x")}
            )
        },
    )
    assert len(found.problems) == 3
    assert "secret" not in json.dumps([dict(row.cells) for row in found.rows["variables"]])


def test_definitions_alone_and_openapi_give_a_table_each(read):
    definitions = {"Pulse": {"properties": {"rate": {"type": "integer"}}}, "Step": {"properties": {"n": {}}}}
    for name, text in (
        ("a", json.dumps({"$schema": DRAFT_7, "$defs": definitions})),
        ("b", json.dumps({"openapi": "3.1.0", "paths": {}, "components": {"schemas": definitions}})),
        ("c", json.dumps({"swagger": "2.0", "paths": {}, "definitions": definitions})),
    ):
        found = read("jsonschema", f"{name}.json", text)
        assert [row.cells["table"] for row in found.rows["tables"]] == [f"{name}_pulse", f"{name}_step"]


def test_a_root_that_is_no_object(read):
    found = read(
        "jsonschema",
        "roots",
        {
            "kinds-1.0.json": schema(type="string", enum=["A", "B"]),
            "list.json": schema(type="array", items={"properties": {"n": {"type": "integer"}}}),
        },
    )
    fields = variables(found)
    assert fields["kinds"]["values"] == "A=A|B=B" and fields["n"]["type"] == "integer"


def test_a_schema_that_explodes_is_opened_less_deep(read):
    wide = {f"p{n}": ref(f"#/definitions/d{n % 7}") for n in range(12)}
    found = read(
        "jsonschema",
        "wide.json",
        schema(
            properties=wide,
            definitions={
                f"d{n}": {
                    "properties": {f"q{m}": ref(f"#/definitions/d{(n + m + 1) % 7}") for m in range(12)}
                }
                for n in range(7)
            },
        ),
    )
    assert 100 < len(found.rows["variables"]) <= 5000
    assert "more than 5,000 values" in found.problems[0]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('{"type": "object",\n "properties": {\n  "a": {"type"', "s.json:3: the document ends too early"),
        ('{"type": "object",\n "properties": {"a": {},}}', "s.json:2: a name in quotation marks is expected"),
        ('{"type": "object"} x', "something follows"),
        ('{"a": 01}', "',' is expected"),
        ('{"a": "\\q"}', "wrong escape"),
        ('{"a": ' + "[" * 300, "levels deep"),
        ('{"a": "never', "cut off"),
        ('{"resources": [{"name": "x"}]}', "import it as frictionless"),
        ('{"fields": [{"name": "x"}]}', "import it as frictionless"),
        ('{"type": "record", "fields": []}', "Avro"),
        ('{"resourceType": "Patient", "id": "1"}', "FHIR"),
        ('{"type": "Feature", "properties": {}}', "is no JSON Schema"),
        ("[1, 2]", "a list of records"),
        ("3", "a single value"),
        ('[{"field_name": "x"}]', "REDCap data dictionary in JSON"),
        ("{}", "is no JSON Schema"),
    ],
)
def test_a_file_that_is_no_schema_is_named(read, text, says):
    with pytest.raises(CatalogInvalid) as error:
        read("jsonschema", "s.json", text)
    assert says in str(error.value)


def test_csv_is_named_as_what_it_is(read):
    with pytest.raises(CatalogInvalid, match="import it as redcap"):
        read("jsonschema", "s.csv", "Variable / Field Name,Form Name,Field Type\na,b,text\n")


def test_broken_parts_of_a_schema_are_told(read):
    text = """{"$schema": "http://json-schema.org/draft-07/schema#",
 "properties": {
  "a": {"type": "string"},
  "a": {"type": "integer"},
  "b": "text",
  "c": {"properties": ["x"]},
  "d": {"enum": "x"},
  "": {"type": "string"}
 }}"""
    found = read("jsonschema", "s.json", text)
    assert [line.split(": ")[0] for line in found.problems] == [f"s.json:{n}" for n in (4, 5, 6, 7, 8)]
    assert list(variables(found)) == ["a", "b", "c", "d"]


def test_a_long_chain_of_references_ends(read):
    chain = {f"d{n}": ref(f"#/definitions/d{n + 1}") for n in range(2000)}
    found = read("jsonschema", "s.json", schema(properties={"x": ref("#/definitions/d0")}, definitions=chain))
    assert "lead to one another" in found.problems[0]


def test_the_same_schemas_give_the_same_rows(read):
    files = {"pulse-rate-2.0.json": PULSE, "unit-value-1.0.json": UNIT_VALUE, "parts/time.json": TIME}
    one, two = read("jsonschema", "w", files), read("jsonschema", "w", dict(reversed(files.items())))
    assert one.problems == two.problems and one.files == two.files
    assert all(list(one.rows[table]) == list(two.rows[table]) for table in one.rows)


def test_a_standard_in_one_file_has_a_table_for_each_schema_that_it_offers(read):
    standard = {
        "$schema": "http://json-schema.org/draft-06/schema#",
        "oneOf": [{"$ref": "#/definitions/Observation"}, {"$ref": "#/definitions/Specimen"}],
        "definitions": {
            "Concept": {"properties": {"text": {"type": "string"}}},
            "Observation": {"properties": {
                "code": {"description": "What was observed", "$ref": "#/definitions/Concept"}}},
            "Specimen": {"description": "A sample.", "properties": {"taken": {"type": "string"}}},
        },
    }
    found = read("jsonschema", "standard.json", json.dumps(standard))
    assert [row.cells["table"] for row in found.rows["tables"]] == [
        "standard_observation", "standard_specimen",
    ]
    assert [row.cells["title_en"] for row in found.rows["tables"]] == ["Observation", "Specimen"]
    assert first(found, "datasets")["title_en"] == "Standard"
    assert variables(found)["code.text"]["description_en"] == "What was observed"


def test_a_list_of_objects_is_a_table_of_them(read):
    items = {"type": "object", "properties": {"volume": {"type": "number", "unit": "mL"}}}
    samples = {"type": "array", "title": "Sample", "items": items}
    found = read("jsonschema", "samples.json", json.dumps(samples))
    assert variables(found)["volume"].keys() == {
        "dataset", "table", "name", "label_en", "type", "unit", "provenance"
    }


def test_a_schema_in_yaml(read):
    found = read("jsonschema", "wound.yaml", """\
$schema: https://json-schema.org/draft/2020-12/schema
title: Wound
type: object
properties:
  length: {type: number, minimum: 0, maximum: 30.5, description: "Unit: cm"}
  grade: {enum: [1, 2], title: 욕창 단계}
""")
    fields = variables(found)
    assert (fields["length"]["unit"], fields["length"]["description_en"]) == (
        "cm", "Unit: cm. Values from 0 to 30.5.",
    )
    assert fields["grade"]["values"] == "1=1|2=2" and found.rows["variables"][1].number == 6
