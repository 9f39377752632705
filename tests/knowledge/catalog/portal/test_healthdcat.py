"""The export for data portals: valid HealthDCAT-AP, released numbers only, nothing guessed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from pyshacl import validate
from rdflib import Graph, Literal, Namespace, URIRef
from rdflib.namespace import FOAF, RDF

from knowledge.catalog.portal.facts import read_facts
from knowledge.catalog.portal.vocabulary import vocabulary
from knowledge.errors import CatalogInvalid, NotFound

HEALTH = Namespace("http://healthdataportal.eu/ns/health#")
CSVW = Namespace("http://www.w3.org/ns/csvw#")
DCAT = Namespace("http://www.w3.org/ns/dcat#")
DCT = Namespace("http://purl.org/dc/terms/")
XSD = Namespace("http://www.w3.org/2001/XMLSchema#")
SHAPES = Path(__file__).with_name("shapes.ttl")


def dataset(graph: Graph, id: str) -> URIRef:
    return next(graph.subjects(DCT.identifier, Literal(id)))


def test_a_declared_catalog_has_everything_that_the_profile_demands(graph, export):
    found = graph()
    conforms, _, report = validate(found, shacl_graph=Graph().parse(SHAPES), advanced=False)
    assert conforms, report
    made = export()
    assert "".join(made.text()) and not made.gaps


def test_the_shapes_notice_what_is_missing(graph, export):
    conforms, _, report = validate(graph(portal=""), shacl_graph=Graph().parse(SHAPES))
    assert not conforms and "hdab" in report and "healthCategory" in report
    made = export(portal="")
    assert "".join(made.text())
    assert made.gaps["healthdcatap:hdab"] == ["glaucoma", "refraction"]
    assert made.gaps["dct:type"] == ["glaucoma"]  # demanded of what is not public only


def test_every_address_is_absolute_and_every_term_is_of_a_known_vocabulary(graph):
    known = tuple(vocabulary()["prefixes"].values())
    for subject, predicate, thing in graph():
        assert str(predicate).startswith((*known, str(RDF)))
        for node in (subject, thing):
            assert not isinstance(node, URIRef) or ":" in str(node).partition("/")[0]


def test_numbers_are_released_ones_and_say_what_they_are(graph, nodes):
    found = graph()
    glaucoma, refraction = dataset(found, "glaucoma"), dataset(found, "refraction")
    people = found.value(glaucoma, HEALTH.numberOfUniqueIndividuals)
    assert people == Literal("1230", datatype=XSD.nonNegativeInteger)
    assert found.value(glaucoma, HEALTH.numberOfRecords) is None  # a bound is no number
    said = json.dumps(nodes()["glaucoma"]["dct:provenance"], ensure_ascii=False)
    assert "between 1230 and 1239" in said and "at least 5600, at most 5699" in said and "bins-10" in said
    assert "2031-09-30" in said and "1230 이상 1239 이하" in said
    assert found.value(refraction, HEALTH.numberOfUniqueIndividuals) is None
    assert "individuals" not in json.dumps(nodes()["refraction"])


def test_fields_stand_under_their_terms(graph):
    found = graph()
    glaucoma = dataset(found, "glaucoma")
    assert {str(v) for v in found.objects(glaucoma, DCAT.keyword)} == {"eye", "glaucoma", "registry"}
    assert {v.language for v in found.objects(glaucoma, DCT.title)} == {"en", "ko"}
    assert found.value(glaucoma, HEALTH.minTypicalAge) == Literal("18", datatype=XSD.nonNegativeInteger)
    assert found.value(glaucoma, DCT.modified) == Literal("2031-08-31", datatype=XSD.date)
    period = found.value(glaucoma, DCT.temporal)
    assert found.value(period, DCAT.startDate) == Literal("2015-03", datatype=XSD.gYearMonth)
    assert found.value(period, DCAT.endDate) is None
    ends = {str(v).rpartition("/")[2] for v in found.objects(glaucoma, DCT.accrualPeriodicity)}
    ends |= {str(v).rpartition("/")[2] for v in found.objects(glaucoma, DCT.conformsTo)}
    ends |= {str(v).rpartition("/")[2] for v in found.objects(glaucoma, HEALTH.hasCodingSystem)}
    assert ends == {"MONTHLY", "OMOP-CDM", "LOINC", "ICD-10-NAT"}
    assert {str(v) for v in found.objects(glaucoma, HEALTH.hasCodeValues)} == {"KCD H40.1"}
    assert found.value(glaucoma, DCT.replaces) == dataset(found, "refraction")
    custodian = found.value(glaucoma, URIRef("http://data.europa.eu/930/custodian"))
    assert str(found.value(custodian, FOAF.name)) == "North Health Authority"
    rights = [found.value(dataset(found, id), DCT.accessRights) for id in ("glaucoma", "refraction")]
    assert [str(iri).rpartition("/")[2] for iri in rights] == ["NON_PUBLIC", "RESTRICTED"]


def test_variables_are_columns_of_a_table_group(graph):
    found = graph()
    group = found.value(dataset(found, "glaucoma"), HEALTH.hasVariables)
    columns = {
        str(found.value(column, CSVW.name)): column
        for table in found.objects(group, CSVW.table)
        for column in found.objects(table, CSVW.column)
    }
    assert set(columns) == {"iop", "device"}
    assert str(found.value(columns["iop"], CSVW.datatype)) == "number"
    assert found.value(columns["iop"], CSVW.propertyUrl) == URIRef("https://loinc.org/56844-4")
    assert str(found.value(columns["iop"], CSVW.null)) == "-9"
    described = {str(v) for v in found.objects(columns["device"], DCT.description)}
    assert any("1 = air puff; 2 = contact" in text and "Missing: <5 %" in text for text in described)
    assert any("정오에 측정" in str(v) for v in found.objects(columns["iop"], DCT.description))


def test_addresses_are_stable_and_below_the_base_where_one_is_given(nodes):
    assert nodes()["glaucoma"]["@id"] == nodes()["glaucoma"]["@id"]
    assert nodes()["glaucoma"]["@id"].startswith("urn:uuid:")
    served = nodes(base="https://eyes.example/")["glaucoma"]
    assert served["@id"] == "https://eyes.example/api/catalog/datasets/glaucoma"
    assert served["dcat:landingPage"] == {"@id": "https://eyes.example/catalog?dataset=glaucoma"}


def test_without_an_address_there_is_no_distribution(nodes):
    plain = "hospital,name_en,name_ko,type,beds,region_en,region_ko,contact\nlumen,,,,,,,desk\niris,,,,,,,\n"
    found = nodes(hospitals=plain)
    assert "dcat:distribution" not in found["glaucoma"] and "dcat:contactPoint" not in found["glaucoma"]


def test_one_dataset_alone(nodes, export):
    assert set(nodes(dataset="refraction")) == {"refraction"}
    with pytest.raises(NotFound, match="retina"):
        export(dataset="retina")


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("hdab: {mail: x}", "hdab.name"),
        ("defaults: {health_category: [CARS]}", "health_category"),
        ("applicable_legislation: [law]", "'law' is no address"),
        ("publisher: [", "portal.yaml"),
    ],
)
def test_a_wrong_declaration_names_its_place(text, place, tmp_path):
    path = tmp_path / "portal.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(CatalogInvalid, match=place):
        read_facts(path)


def test_defaults_hold_for_what_a_dataset_does_not_say(tmp_path):
    path = tmp_path / "portal.yaml"
    path.write_text("defaults: {type: [A], purpose: p}\ndatasets: {d: {type: [B]}}", encoding="utf-8")
    facts = read_facts(path)
    assert (facts.of("d").type, facts.of("d").purpose, facts.of("e").type) == (("B",), "p", ("A",))
