from __future__ import annotations

import json

import pytest

from knowledge.errors import CatalogInvalid
from tests.knowledge.catalog.importers.dictionaries import first, variables

ARC = """\ufeffForm,Section,Variable,Type,Question,Answer Options,Validation,Minimum,Maximum,List,Skip Logic,Body System,Definition,Completion Guideline,Standardized Term Codelist,Standardized Term Code,Metathesaurus,Identifier,Research Category,preset_CRF Disease_Gripp,preset_CRF Disease_Mumps,preset_Score_Mumps
admission,,pin,text,PIN,,,,,,,,A number,Write it.,,,,1,,1,1,
admission,SIGNS,sign_head,descriptive,Signs,,,,,,,,,,,,,,,1,,
admission,SIGNS,temp,number,Temperature (°C),,number,30,45,,,Systemic,Body heat,,SNOMED,"276885007, Core temperature",,,,1,,1
admission,SIGNS,cough,radio,Cough,"1, Yes | 0, No | 99, Unknown",,,,,[temp]>38,,,,SNOMED,49727002 |Cough (finding)|,,,,1,,
admission,SIGNS,kind,checkbox,Kind,"1, Dry|2, Wet",,,,,,,,,SNOMED,"11833005, Dry | 28743005, Productive",,,,,,
treatment,DRUGS,drug,multi_list,Drugs,,,,,drugs_Virals,,,,,,,"C0003451, Antiviral",,,1,1,
treatment,DRUGS,place,list,Place,"88, Other",,,,places_Missing,,,,,,,,,,1,,
treatment,DRUGS,weight_lb,number,Weight,,number,0,,,,,,,,,,,,,,
treatment,DRUGS,start,date_dmy,Start,,date_dmy,,,,,,,,SNOMED,12345678,,,,,,
treatment,DRUGS,sum,calc,Sum,[a]+[b],,,,,,,,,,,,,,,,
treatment,DRUGS,age_units,radio,Age unit,"1, Days | 2, Years",units,,,,,,,,,,,,,,,
"""  # noqa: E501
FILES = {
    "ARC.csv": ARC,
    "Lists/drugs/Virals.csv": (
        "Drugs,Code,Library,Value\nAciclovir,J05AB01,ATC,1\nOseltamivir (x|y),J05AH02,ATC,2\n,,,3\nZinc,,,1\n"
    ),
    "Lists/plants/Virals.csv": "Plants,Value\nGarlic,1\n",
    "unit_conversion.json": json.dumps(
        [
            {
                "field_name": "weight",
                "units": [{"unit_label": "lb", "unit_value": 2, "unit_field_name": "weight_lb"}],
            }
        ]
    ),
}


def test_the_whole_with_its_lists_and_units(read):
    found = read("arc", "arc", FILES)
    assert len(found.rows["variables"]) == 11
    assert first(found, "datasets") == {
        "dataset": "arc",
        "data_model": "ISARIC ARC",
        "title_en": "ISARIC ARC",
    }
    fields = variables(found)
    temp = fields["temp"]
    assert (temp["type"], temp["unit"], temp["concept"], temp["section"]) == (
        "decimal",
        "Cel",
        "SNOMED:276885007",
        "SIGNS",
    )
    assert temp["description_en"] == "Body heat. Values from 30 to 45. Body system: Systemic."
    assert fields["sign_head"]["type"] == "descriptive"
    assert (
        fields["cough"]["values"] == "1=Yes|0=No|99=Unknown"
        and fields["cough"]["concept"] == "SNOMED:49727002"
    )
    assert (
        "concept" not in fields["kind"]
        and "SNOMED:11833005, SNOMED:28743005" in fields["kind"]["description_en"]
    )
    assert fields["drug"]["values"] == "1=Aciclovir|2=Oseltamivir (x/y)"
    assert fields["drug"]["concept"] == "UMLS:C0003451"
    assert fields["place"]["values"] == "88=Other"
    assert fields["weight_lb"]["unit"] == "[lb_av]"
    assert fields["start"]["type"] == "date" and fields["sum"]["type"] == "decimal"
    assert fields["pin"]["sensitive"] == "true"
    assert fields["age_units"]["type"] == "code"
    named = {row.cells["concept"]: row.cells.get("name_en") for row in found.rows["concepts"]}
    assert named == {
        "SNOMED:276885007": "Core temperature",
        "SNOMED:49727002": "Cough (finding)",
        "UMLS:C0003451": "Antiviral",
    }
    assert [line.split(": ")[0] for line in found.problems] == [
        "Lists/drugs/Virals.csv:4",
        "Lists/drugs/Virals.csv:5",
        "ARC.csv:8",
        "ARC.csv:10",
    ]
    assert {file.name for file in found.files} == {
        "ARC.csv",
        "Lists/drugs/Virals.csv",
        "unit_conversion.json",
    }


@pytest.mark.parametrize("preset", ["preset_CRF Disease_Gripp", "CRF Disease_Gripp", "gripp", "Gripp-24"])
def test_a_preset_is_named_by_its_column_or_its_last_part(read, preset):
    found = read("arc", "arc", FILES, preset=preset)
    assert set(variables(found)) == {"pin", "sign_head", "temp", "cough", "drug", "place"}
    assert first(found, "datasets")["dataset"] == "arc_gripp"


@pytest.mark.parametrize(
    ("preset", "says"),
    [
        ("mumps", "Use one of 'CRF Disease_Mumps', 'Score_Mumps'"),
        ("measles", "Use one of 'CRF Disease_Gripp', 'CRF Disease_Mumps', 'Score_Mumps'"),
        ("  ", "has no preset"),
    ],
)
def test_a_preset_that_is_not_there_names_those_that_are(read, preset, says):
    with pytest.raises(CatalogInvalid) as error:
        read("arc", "arc", FILES, preset=preset)
    assert says in str(error.value)


def test_other_formats_take_no_preset(read):
    with pytest.raises(CatalogInvalid, match="Only arc takes one"):
        read("redcap", "x.csv", ARC, preset="gripp")


def test_a_file_alone_and_a_wrong_one(read):
    alone = read("arc", "ARC.csv", ARC)
    assert len(alone.rows["variables"]) == 11
    with pytest.raises(CatalogInvalid, match="import it as redcap"):
        read("arc", "other.csv", "Variable / Field Name,Form Name,Field Type\na,b,text\n")
    with pytest.raises(CatalogInvalid, match="needs the columns Form"):
        read("arc", "table.csv", "a,b\n1,2\n")


def test_a_question_without_a_name_or_twice(read):
    text = "Form,Variable,Type,Question\nf,,text,Q\n,b,text,Q\nf,c,text,Q\nf,c,text,Q\nf,d,strange,Q\n"
    found = read("arc", "ARC.csv", text)
    assert [line.split(": ")[0] for line in found.problems] == [
        "ARC.csv:2",
        "ARC.csv:3",
        "ARC.csv:5",
        "ARC.csv:6",
    ]
    assert set(variables(found)) == {"c", "d"}
