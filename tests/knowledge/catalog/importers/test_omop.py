from __future__ import annotations

import pytest

from knowledge.errors import CatalogInvalid
from tests.knowledge.catalog.importers.dictionaries import first, variables

FIELDS = """cdmTableName,cdmFieldName,isRequired,cdmDatatype,userGuidance,etlConventions,isPrimaryKey,isForeignKey,fkTableName,fkFieldName,fkDomain,fkClass
PERSON,person_id,Yes,integer,One per person.,NA,Yes,No,NA,NA,NA,NA
PERSON,gender_concept_id,Yes,integer,"See the [guide](https://a.example/x.html#y).<br>Sex at birth",Use the source,No,Yes,CONCEPT,CONCEPT_ID,Gender,NA
PERSON,birth_datetime,No,datetime,NA,NA,No,No,NA,NA,NA,NA
PERSON,weight,No,"NUMERIC(5,2)",NA,NA,No,No,NA,NA,NA,NA
PERSON,visits,No,NUMBER(10),NA,NA,No,No,NA,NA,NA,NA
PERSON,care_site_id,No,bigint,NA,NA,No,Yes,CARE_SITE,CARE_SITE_ID,NA,NA
PERSON,gender_source_value,No,varchar(MAX),NA,NA,No,No,NA,NA,NA,NA
"""  # noqa: E501
TABLES = """cdmTableName,schema,isRequired,tableDescription,userGuidance,etlConventions
person,CDM,Yes,Central identity.,All independent,NA
death,CDM,No,Deaths.,NA,NA
"""


def test_a_folder_of_both_files(read):
    found = read(
        "omop",
        "cdm",
        {
            "OMOP_CDMv5.3_Field_Level.csv": FIELDS,
            "OMOP_CDMv5.3_Table_Level.csv": TABLES,
            "notes.md": "not a table",
        },
    )
    assert found.problems == ()
    assert [file.name for file in found.files] == [
        "OMOP_CDMv5.3_Table_Level.csv",
        "OMOP_CDMv5.3_Field_Level.csv",
    ]
    assert first(found, "datasets")["data_model"] == "OMOP CDM 5.3"
    person = first(found, "tables")
    assert person["table"] == "PERSON" and person["title_en"] == "Person"
    assert person["description_en"] == "Central identity. All independent"
    assert [row.cells["table"] for row in found.rows["tables"]] == ["PERSON", "death"]
    fields = variables(found)
    assert {name: cells.get("type") for name, cells in fields.items()} == {
        "person_id": "identifier",
        "gender_concept_id": "code",
        "birth_datetime": "datetime",
        "weight": "decimal",
        "visits": "integer",
        "care_site_id": "identifier",
        "gender_source_value": "text",
    }
    gender = fields["gender_concept_id"]
    assert gender["label_en"] == "Gender concept ID" and gender["aliases"] == "gender"
    assert gender["description_en"] == (
        "See the guide. Sex at birth. Use the source. Required. Foreign key to concept.concept_id."
        " Concepts of the domain Gender."
    )
    assert fields["person_id"]["description_en"] == "One per person. Required. Primary key."
    assert "description_en" not in fields["weight"]


@pytest.mark.parametrize("named", ["OMOP_CDMv5.3_Field_Level.csv", "OMOP_CDMv5.3_Table_Level.csv"])
def test_one_of_the_files_finds_the_other(tmp_path, read, named):
    from knowledge.catalog.importers import read_dictionary

    read("omop", "cdm", {"OMOP_CDMv5.3_Field_Level.csv": FIELDS, "OMOP_CDMv5.3_Table_Level.csv": TABLES})
    found = read_dictionary("omop", tmp_path / "cdm" / named)
    assert (len(found.rows["tables"]), len(found.rows["variables"])) == (2, 7)


def test_versions_beside_each_other_are_datasets_of_their_own(read):
    files = {"OMOP_CDMv5.3_Field_Level.csv": FIELDS, "OMOP_CDMv6.0_Field_Level.csv": FIELDS}
    found = read("omop", "cdm", files)
    assert [row.cells["dataset"] for row in found.rows["datasets"]] == ["omop_cdmv5_3", "omop_cdmv6_0"]
    assert len(found.rows["variables"]) == 14
    with pytest.raises(CatalogInvalid, match="holds 2 dictionaries"):
        read("omop", "cdm", files, dataset="emr")


OLDER = """"field";"required";"type";"description";"table";"schema"
"person_id";"Yes";"INTEGER";"A unique identifier";"person";"cdm"
"observation_date";"Yes";"DATE";"The date";"observation";"cdm"
"""
KOREAN = """병원 표준 데이터 사전,,,,
테이블명,컬럼명,컬럼 한글명,데이터 타입,NULL 허용,단위,설명
lab_result,pt_no,환자번호,VARCHAR2(10),N,,가명 처리된 번호
,hb,혈색소(Hb),"NUMBER(5,1)",Y,g/dL,
,taken_at,채혈일시,TIMESTAMP,Y,,
"""


def test_the_one_file_dictionaries_of_older_versions(read):
    found = read("omop", "OMOP_CDM_v5_2.csv", OLDER)
    assert [row.cells["table"] for row in found.rows["tables"]] == ["person", "observation"]
    assert variables(found)["person_id"]["description_en"] == "A unique identifier. Required."
    assert first(found, "datasets")["data_model"] == "OMOP CDM 5.2"


def test_a_hospitals_own_list_in_korean(read):
    found = read("omop", "사전.csv", KOREAN.encode("cp949"), dataset="emr")
    assert found.problems == ()
    fields = variables(found)
    assert {cells["table"] for cells in fields.values()} == {"lab_result"}
    hb = fields["hb"]
    assert (hb["label_ko"], hb["type"], hb["unit"]) == ("혈색소(Hb)", "decimal", "g/dL")
    assert fields["taken_at"]["type"] == "datetime"
    assert fields["pt_no"]["description_ko"] == "가명 처리된 번호. 필수 항목이다."
    assert [row.number for row in found.rows["variables"]] == [3, 4, 5]


def test_a_name_in_sql_quotes_is_the_name(read):
    text = 'cdmTableName,cdmFieldName,cdmDatatype\nnote_nlp,"""offset""",varchar(50)\n'
    assert list(variables(read("omop", "OMOP_CDMv5.4_Field_Level.csv", text))) == ["offset"]


def test_bad_rows_are_told(read):
    text = (
        "cdm_table_name,cdm_field_name,cdm_datatype\n"
        ",orphan,integer\nperson,,integer\nperson,age,integer\nperson,age,integer\nperson,shape,Yes\n"
        "person,too,many,cells\n"
    )
    found = read("omop", "f.csv", text)
    assert [line.split(": ")[0] for line in found.problems] == [
        "f.csv:2",
        "f.csv:3",
        "f.csv:5",
        "f.csv:6",
        "f.csv:7",
    ]
    assert set(variables(found)) == {"age", "shape"}


@pytest.mark.parametrize(
    ("files", "says"),
    [
        ({"a_Table_Level.csv": TABLES}, "no OMOP field-level file"),
        ({"ARC.csv": "Form,Section,Variable,Type,Question,Answer Options\n"}, "import it as arc"),
        ({"c.csv": "cdmTableName,cdmFieldName,conceptId,unit\nx,y,1,2\n"}, "concept-level"),
        ({}, "no OMOP field-level file"),
    ],
)
def test_a_folder_without_a_dictionary_is_named(read, tmp_path, files, says):
    (tmp_path / "cdm").mkdir()
    with pytest.raises(CatalogInvalid) as error:
        read("omop", "cdm", files)
    assert says in str(error.value)


def test_the_version_and_the_part_that_a_file_is_called_by(read):
    found = read("omop", "OMOP_CDMv54_MedicalImaging_Field_Level.csv", FIELDS)
    assert first(found, "datasets")["data_model"] == "OMOP CDM 5.4"
    assert first(found, "datasets")["title_en"] == "OMOP CDM 5.4 Medical imaging"
    with pytest.raises(CatalogInvalid, match="an OMOP vocabulary file"):
        read("omop", "CONCEPT.csv", "concept_id,concept_name,domain_id,vocabulary_id\n1,a,b,c\n")


def test_a_korean_description_is_the_korean_label(read):
    own = "테이블명,컬럼명,데이터타입,설명\nperson,birth_year,integer,출생연도\n"
    birth = variables(read("omop", "own.csv", own))["birth_year"]
    assert (birth["label_en"], birth["label_ko"]) == ("Birth year", "출생연도")
