"""``catalog info --format healthdcat-ap``: one JSON-LD document, and what is missing on stderr."""

from __future__ import annotations

import json

from rdflib import Graph, Literal, Namespace

DCT = Namespace("http://purl.org/dc/terms/")
EXPORT = ("catalog", "info", "--format", "healthdcat-ap")


def test_stdout_is_the_document_and_stderr_says_what_is_missing(command, giljabi, small_home):
    ran = giljabi("--home", str(small_home), *EXPORT)
    assert ran.code == 0 and len(ran.json["@graph"]) == 3
    assert "healthdcatap:hdab" in ran.err and str(small_home / "portal.yaml") in ran.err
    assert command("--json", "--home", str(small_home), *EXPORT).out == ran.out
    graph = Graph().parse(data=ran.out, format="json-ld")
    assert list(graph.subjects(DCT.identifier, Literal("han_sleep")))


def test_it_is_written_to_a_file_with_what_was_declared(command, small_home, tmp_path):
    (small_home / "portal.yaml").write_text("hdab: {name: Body, email: b@example.org}\n", encoding="utf-8")
    file = tmp_path / "catalog.jsonld"
    ran = command("--home", str(small_home), *EXPORT, "--out", str(file), "--base", "https://data.example/")
    assert ran.code == 0 and ran.out == ""
    (dataset,) = (n for n in json.loads(file.read_text())["@graph"] if n["@type"] == "dcat:Dataset")
    assert dataset["@id"] == "https://data.example/api/catalog/datasets/han_sleep"
    assert dataset["healthdcatap:hdab"]["foaf:name"] == [{"@value": "Body"}]


def test_the_summary_stays_as_it_is(command, small_home):
    (dataset,) = command("--json", "--home", str(small_home), "catalog", "info").json["datasets"]
    kept = {name: dataset[name] for name in ("id", "tables", "variables", "counts")}
    assert kept == {"id": "han_sleep", "tables": 1, "variables": 2, "counts": 1}


def test_wrong_usage_and_wrong_declarations(command, small_home, tmp_path):
    root = ("--json", "--home", str(small_home))
    assert command(*root, "catalog", "info", "--out", "x").code == 2
    assert command(*root, "catalog", "info", "--format", "rdf").code == 2
    assert command(*root, *EXPORT, "--out", str(tmp_path / "none" / "x")).code == 1
    (small_home / "portal.yaml").write_text("hdab: {mail: x}\n", encoding="utf-8")
    problem = command(*root, *EXPORT)
    assert problem.code == 1 and "portal.yaml: hdab.name" in problem.json["detail"]
    assert command("--json", "--home", str(tmp_path / "empty"), *EXPORT).code == 3
