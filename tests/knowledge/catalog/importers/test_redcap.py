from __future__ import annotations

import csv
import io

import pytest

from knowledge.errors import CatalogInvalid
from tests.knowledge.catalog.importers.dictionaries import first, variables

HEADER = (
    "Variable / Field Name",
    "Form Name",
    "Section Header",
    "Field Type",
    "Field Label",
    "Choices, Calculations, OR Slider Labels",
    "Field Note",
    "Text Validation Type OR Show Slider Number",
    "Text Validation Min",
    "Text Validation Max",
    "Identifier?",
    "Branching Logic (Show field only if...)",
    "Required Field?",
    "Custom Alignment",
    "Question Number (surveys only)",
    "Matrix Group Name",
    "Matrix Ranking?",
    "Field Annotation",
)
API = (
    "field_name",
    "form_name",
    "section_header",
    "field_type",
    "field_label",
    "select_choices_or_calculations",
    "field_note",
    "text_validation_type_or_show_slider_number",
    "text_validation_min",
    "text_validation_max",
    "identifier",
    "branching_logic",
    "required_field",
    "custom_alignment",
    "question_number",
    "matrix_group_name",
    "matrix_ranking",
    "field_annotation",
)
DANISH = tuple(f"Kolonne {n}" for n in range(1, 19))


def field(name: str, type: str, label: str = "", form: str = "visit", **cells: str) -> tuple[str, ...]:
    """One row; ``cells`` by the names of the API."""
    given = {"field_name": name, "form_name": form, "field_type": type, "field_label": label, **cells}
    return tuple(given.get(column, "") for column in API)


def table(*rows: tuple[str, ...], header: tuple[str, ...] = HEADER, delimiter: str = ",") -> str:
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter).writerows((header, *rows))
    return text.getvalue()


CLINIC = (
    field("study_id", "text", "Study ID", form="enrolment"),
    field("family_name", "text", "Family name", form="enrolment", identifier="y"),
    field("mail", "text", "E-mail", form="enrolment", text_validation_type_or_show_slider_number="email"),
    field(
        "sex",
        "radio",
        "<div class='rich'>Sex at <b>birth</b></div>",
        form="enrolment",
        select_choices_or_calculations="1, Male | 2, Female | 9, Unknown, not asked",
        required_field="y",
    ),
    field("intro", "descriptive", "<p>Please measure twice.</p>"),
    field(
        "sbp",
        "text",
        "Systolic blood pressure (SBP)",
        section_header="Vital <i>signs</i>",
        field_note="mmHg",
        text_validation_type_or_show_slider_number="integer",
        text_validation_min="40",
        text_validation_max="300",
        field_annotation="LOINC: 8480-6 @HIDDEN-PDF",
    ),
    field(
        "weight",
        "text",
        "Weight (kg)",
        text_validation_type_or_show_slider_number="number_1dp",
        field_annotation="@MISSING='-99, Refused | -98, Not done'",
    ),
    field("bmi", "calc", "BMI", select_choices_or_calculations="[weight]/([height]^2)", field_note="kg/m2"),
    field("seen", "text", "Date seen", text_validation_type_or_show_slider_number="date_dmy"),
    field("clock", "text", "Time", text_validation_type_or_show_slider_number="datetime_seconds_ymd"),
    field("smokes", "yesno", "Smokes?", branching_logic="[age] &gt; 18"),
    field("agreed", "truefalse", "Agreed"),
    field(
        "symptoms",
        "checkbox",
        "Symptoms",
        section_header="Complaints",
        select_choices_or_calculations="1, Cough | 2, Fever &amp; chills",
    ),
    field("pain", "slider", "Pain", select_choices_or_calculations="none | some | worst"),
    field(
        "walks",
        "radio",
        "Walks",
        select_choices_or_calculations="0, Never | 1, Often",
        matrix_group_name="habits",
    ),
    field("site", "sql", "Site", select_choices_or_calculations="select a from b"),
    field("scan", "file", "Scan"),
)


@pytest.mark.parametrize(
    ("header", "delimiter", "encoding"),
    [
        (HEADER, ",", "utf-8"),
        (API, ",", "utf-8-sig"),
        (HEADER, ";", "cp1252"),
        (API, "\t", "utf-16"),
        (tuple(name.replace(" ", ".").replace("?", ".").replace("/", ".") for name in HEADER), ",", "utf-8"),
        (DANISH, ";", "utf-8"),
    ],
)
def test_every_way_to_export_a_project_reads_alike(read, header, delimiter, encoding):
    text = table(*CLINIC, header=header, delimiter=delimiter)
    found = read("redcap", "Clinic_DataDictionary_2024-03-01.csv", text.encode(encoding))
    assert found.problems == ()
    assert first(found, "datasets") == {"dataset": "clinic", "data_model": "REDCap", "title_en": "Clinic"}
    assert [row.cells["table"] for row in found.rows["tables"]] == ["enrolment", "visit"]
    fields = variables(found)
    assert "intro" not in fields
    assert {name: cells.get("type") for name, cells in fields.items()} == {
        "study_id": "identifier",
        "family_name": "text",
        "mail": "text",
        "sex": "code",
        "sbp": "integer",
        "weight": "decimal",
        "bmi": "decimal",
        "seen": "date",
        "clock": "datetime",
        "smokes": "boolean",
        "agreed": "boolean",
        "symptoms": "code",
        "pain": "integer",
        "walks": "code",
        "site": "code",
        "scan": "file",
    }


def test_what_a_field_says(read):
    fields = variables(read("redcap", "clinic.csv", table(*CLINIC)))
    assert fields["sex"]["label_en"] == "Sex at birth"
    assert fields["sex"]["values"] == "1=Male|2=Female|9=Unknown, not asked"
    assert fields["sex"]["description_en"] == "Required."
    sbp = fields["sbp"]
    assert (sbp["unit"], sbp["aliases"], sbp["concept"], sbp["section"]) == (
        "mm[Hg]",
        "SBP",
        "LOINC:8480-6",
        "Vital signs",
    )
    assert sbp["description_en"] == "Values from 40 to 300. Annotation: LOINC: 8480-6"
    assert fields["weight"]["unit"] == "kg"
    assert fields["weight"]["missing_codes"] == "-99=Refused|-98=Not done"
    assert fields["bmi"]["unit"] == "kg/m2" and "[weight]/([height]^2)" in fields["bmi"]["description_en"]
    assert fields["smokes"]["values"] == "1=Yes|0=No"
    assert "[age] > 18" in fields["smokes"]["description_en"]
    assert fields["symptoms"]["values"] == "1=Cough|2=Fever & chills"
    assert fields["symptoms"]["section"] == fields["pain"]["section"] == "Complaints"
    assert "none – some – worst" in fields["pain"]["description_en"]
    assert "habits" in fields["walks"]["description_en"]
    assert {name for name, cells in fields.items() if cells.get("sensitive")} == {"family_name", "mail"}


def test_a_korean_project_in_cp949(read):
    rows = (
        field("id", "text", "연구번호", form="기초조사"),
        field(
            "height",
            "text",
            "신장 (Body height)",
            form="기초조사",
            field_note="단위: cm",
            text_validation_type_or_show_slider_number="number",
        ),
        field(
            "sbp",
            "text",
            "수축기 혈압(SBP)",
            form="기초조사",
            field_note="앉은 자세에서 측정",
            text_validation_min="40",
            text_validation_type_or_show_slider_number="integer",
        ),
        field(
            "smoke",
            "radio",
            "현재 흡연 여부",
            form="기초조사",
            select_choices_or_calculations="1, 예 | 2, 아니오",
        ),
        field("agree", "yesno", "동의", form="기초조사"),
    )
    found = read("redcap", "코호트.csv", table(*rows).encode("cp949"))
    assert found.problems == ()
    assert first(found, "datasets")["dataset"] == "코호트"
    fields = variables(found)
    assert fields["height"]["label_ko"] == "신장" and fields["height"]["label_en"] == "Body height"
    assert fields["height"]["unit"] == "cm"
    assert fields["sbp"]["label_ko"] == "수축기 혈압(SBP)" and fields["sbp"]["aliases"] == "SBP"
    assert fields["sbp"]["description_ko"] == "앉은 자세에서 측정. 값은 40 이상이다."
    assert fields["smoke"]["values"] == "1=예|2=아니오"
    assert fields["agree"]["values"] == "1=예|0=아니요"
    assert "label_en" not in fields["smoke"]


def test_each_bad_row_is_told_with_its_place_and_the_rest_is_read(read):
    rows = (
        field("id", "text", "Id"),
        field("", "text", "Nameless"),
        field("Id", "text", "Again"),
        field("a b", "text", "Spaces"),
        field("odd", "holographic", "Odd"),
        field("empty", "radio", "No choices"),
        field("broken", "dropdown", "Broken", select_choices_or_calculations="1, Yes | No | 1, Maybe | 3,"),
        field("sugar", "text", "Sugar", field_annotation="LOINC 2345-8"),
        field("gone", "text", "Gone", field_annotation="@MISSING='???'"),
        field("fine", "text", "Fine"),
    )
    found = read("redcap", "bad.csv", table(*rows))
    places = [line.split(": ", 1)[0] for line in found.problems]
    assert places == [
        "bad.csv:3",
        "bad.csv:4",
        "bad.csv:5",
        "bad.csv:6",
        "bad.csv:7",
        *["bad.csv:8"] * 3,
        "bad.csv:9",
        "bad.csv:10",
    ]
    assert "stands twice; the one at bad.csv:2 was kept" in found.problems[1]
    fields = variables(found)
    assert set(fields) == {"id", "a b", "odd", "empty", "broken", "sugar", "gone", "fine"}
    assert fields["broken"]["values"] == "1=Yes|3=3"
    assert "concept" not in fields["sugar"]


def test_a_long_label_is_parted_from_its_explanation(read):
    label = (
        "REGION\n<div style='font-weight:lighter'>The part of the world that the centre belongs to,"
        " as the network has it</div>"
    )
    found = read("redcap", "centres.csv", table(field("region", "text", label, field_note="See the list")))
    region = variables(found)["region"]
    assert region["label_en"] == "REGION"
    assert region["description_en"] == (
        "The part of the world that the centre belongs to, as the network has it See the list"
    )


def test_choices_without_commas_are_read_and_told(read):
    rows = field("sex", "radio", "Sex", select_choices_or_calculations="1 Male | 2 Female")
    found = read("redcap", "s.csv", table(rows))
    assert variables(found)["sex"]["values"] == "1=Male|2=Female"
    assert "no comma after the code" in found.problems[0]


@pytest.mark.parametrize("mark", ["ï»¿", "ï..", "X.U.FEFF.", "\ufeff"])
def test_a_byte_order_mark_that_became_letters(read, mark):
    header = (mark + "Variable...Field.Name", *(name.replace(" ", ".") for name in HEADER[1:]))
    assert set(variables(read("redcap", "r.csv", table(*CLINIC[:2], header=header)))) == {
        "study_id",
        "family_name",
    }


def test_a_quoted_line_end_keeps_row_numbers(read):
    text = table(
        field("id", "text", "Two\nlines"),
        field("x", "radio", "X", select_choices_or_calculations="1, A\n2, B"),
        field("", "text", "Nameless"),
    )
    found = read("redcap", "lines.csv", text)
    assert found.problems[0].startswith("lines.csv:4: ")
    assert variables(found)["x"]["values"] == "1=A|2=B"


def test_a_file_that_was_cut_off_is_told(read):
    whole = table(*CLINIC)
    middle = whole[: whole.index("Fever")]
    found = read("redcap", "cut.csv", middle)
    assert any("never closed" in line for line in found.problems)
    short = read("redcap", "short.csv", whole[: whole.index("select a from b")])
    assert any("cut off" in line for line in short.problems)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("Form,Section,Variable,Type,Question,Answer Options\nf,s,v,text,q,\n", "import it as arc"),
        ("cdmTableName,cdmFieldName\nperson,person_id\n", "import it as omop"),
        ('{"resources": []}', "import it as jsonschema or frictionless"),
        ("<?xml version='1.0'?><ODM/>", "XML"),
        ("record_id,sex\n1,2\n", "It has no column 'Variable / Field Name'"),
        (b"PK\x03\x04rest", "XLSX"),
        (b"%PDF-1.7", "PDF"),
        ("", "empty"),
        ("<!DOCTYPE html><html>", "web page"),
        (bytes(range(32)) * 9, "no text file"),
    ],
)
def test_another_kind_of_file_is_named(read, content, says):
    with pytest.raises(CatalogInvalid) as error:
        read("redcap", "other.csv", content)
    assert says in str(error.value)


def test_a_dataset_id_that_is_given_is_used_and_brings_no_title(read):
    found = read("redcap", "clinic.csv", table(*CLINIC), dataset="lung_registry")
    assert first(found, "datasets") == {"dataset": "lung_registry", "data_model": "REDCap"}
    assert {row.cells["dataset"] for row in found.rows["variables"]} == {"lung_registry"}


def test_a_long_dictionary_reports_progress(tmp_path):
    from knowledge.catalog.importers import read_dictionary

    path = tmp_path / "long.csv"
    path.write_text(table(*(field(f"f{n}", "text", f"Field {n}") for n in range(5000))))
    seen = []
    found = read_dictionary("redcap", path, progress=lambda *said: seen.append(said))
    assert len(found.rows["variables"]) == 5000
    assert seen[-1] == ("reading long.csv", path.stat().st_size, path.stat().st_size) and len(seen) >= 3


def test_answers_of_an_ontology_are_told(read):
    drug = field("drug", "text", "Drug", select_choices_or_calculations="BIOPORTAL:RXNORM")
    told = variables(read("redcap", "clinic.csv", table(drug)))["drug"]
    assert told["description_en"] == "Answers come from the ontology RXNORM."
