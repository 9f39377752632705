"""Looking through the catalog over HTTP: its pages, search, versions, the export for data portals."""

from __future__ import annotations

import httpx
import pytest
from rdflib import Graph, Literal, Namespace

from tests.api.conftest import write_catalog

HEALTH = Namespace("http://healthdataportal.eu/ns/health#")
DCT = Namespace("http://purl.org/dc/terms/")


def test_hospitals_and_their_datasets(http):
    (hospital,) = http.get("/api/catalog/hospitals").json()["hospitals"]
    assert (hospital["hospital"], hospital["name_ko"], hospital["datasets"]) == ("han", "한병원", 1)
    page = http.get("/api/catalog/datasets", params={"hospital": "han", "q": "수면검사"}).json()
    assert page["total"] == 1 and page["datasets"][0]["variables"] == 2
    assert http.get("/api/catalog/datasets", params={"q": "kidney"}).json()["total"] == 0
    assert http.get("/api/catalog/datasets", params={"hospital": ""}).json()["total"] == 0


def test_a_dataset_with_its_tables_and_a_page_of_variables(http):
    path = "/api/catalog/datasets/han_sleep"
    dataset = http.get(path, params={"limit": 1}).json()
    assert dataset["hospital"]["name_en"] == "Han Hospital"
    assert dataset["source_file"] == "datasets.csv" and dataset["source_row"] == 2
    assert [(table["table"], table["variables"]) for table in dataset["tables"]] == [("nights", 2)]
    assert [v["name"] for v in dataset["variables"]["rows"]] == ["ahi"]
    assert dataset["variables"]["total"] == 2 and dataset["totals"]["patients"] is None
    second = http.get(path, params={"limit": 1, "offset": 1, "table": "nights"}).json()
    assert [v["name"] for v in second["variables"]["rows"]] == ["bmi"]
    assert http.get(path, params={"q": "체질량"}).json()["variables"]["total"] == 1
    assert http.get(path, params={"table": "none"}).json()["variables"]["rows"] == []


def test_a_variable(http):
    asked = {"dataset": "han_sleep", "table": "nights", "name": "ahi"}
    variable = http.get("/api/catalog/variable", params=asked).json()
    assert variable["aliases"] == ["AHI"] and variable["values"] == [] and variable["concept"] is None


@pytest.mark.parametrize(("words", "kind"), [("sleep", "dataset"), ("밤", "table"), ("bmi", "variable")])
def test_search_by_name(http, words, kind):
    found = http.get("/api/catalog/search", params={"q": words}).json()
    assert [hit["kind"] for hit in found["found"]] == [kind] and found["total"] == 1


def test_words_are_never_patterns(http):
    for words in ("%", "han%sleep", "h.n", "'", "a' OR '1'='1"):
        assert http.get("/api/catalog/search", params={"q": words}).json()["found"] == []


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("datasets/none", 404),
        ("variable?dataset=han_sleep&table=nights&name=none", 404),
        ("variable?dataset=han_sleep", 422),
        ("datasets?limit=0", 422),
        ("search", 422),
        ("hospitals?version=../../etc", 404),
        ("healthdcat?dataset=none", 404),
    ],
)
def test_what_is_not_there_is_a_problem(http, path, status):
    response = http.get(f"/api/catalog/{path}")
    assert response.status_code == status
    assert response.headers["content-type"] == "application/problem+json"


def test_a_home_without_a_catalog_says_so(start_server, tmp_path):
    server = start_server(tmp_path / "empty")
    problem = httpx.get(f"{server.url}/api/catalog/hospitals", trust_env=False).json()
    assert problem["type"].endswith(":catalog-missing")


def test_the_export_is_json_ld_with_the_servers_addresses(http):
    response = http.get("/api/catalog/healthdcat")
    assert response.headers["content-type"].startswith("application/ld+json")
    graph = Graph().parse(data=response.text, format="json-ld")
    (dataset,) = graph.subjects(DCT.identifier, Literal("han_sleep"))
    assert str(dataset) == f"{http.base_url}/api/catalog/datasets/han_sleep".replace("//api", "/api")
    assert http.get(str(dataset)).json()["dataset"] == "han_sleep"
    assert len(set(graph.subjects(HEALTH.hasStructuredData, Literal(True)))) == 1


def test_an_earlier_version_can_be_looked_at(start_server, small_home, tmp_path):
    from assistant.home import Home

    text = "dataset,hospital,title_en\nhan_sleep,han,Renamed\n"
    with Home(small_home, "tests") as home:
        before = home.versions.require().version
        home.import_catalog(write_catalog(tmp_path / "second", datasets=text))
    url = f"{start_server(small_home).url}/api/catalog/datasets/han_sleep"
    assert httpx.get(url, trust_env=False).json()["title_en"] == "Renamed"
    earlier = httpx.get(url, params={"version": before}, trust_env=False).json()
    assert earlier["title_en"] == "Sleep study registry"


def test_pairs_of_datasets_are_named_on_the_page(sample_http):
    asked = {"question": "Which datasets can be linked with Solbaram EMR?", "view": True}
    table = sample_http.post("/api/chat", json=asked).json()["view"]["tables"][0]
    first, second, *_ = table["rows"][0]
    assert first[0] == "Solbaram EMR in OMOP CDM" and " " in second[0]
    assert any("patients" in cell[0] for row in table["rows"] for cell in row)
