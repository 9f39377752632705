"""The commands on a home of their own: index, search, catalog, sql."""

from __future__ import annotations

import json

import pytest

from tests.api.conftest import TABLES, write_catalog


def test_index_reports_what_happened_and_unchanged_costs_nothing(command, documents, tmp_path):
    root = ("--json", "--home", str(tmp_path / "home"))
    first = command(*root, "index", str(documents))
    assert first.code == 0 and sorted(first.json["added"]) == ["fees.md", "심사.md"]
    again = command(*root, "index", str(documents))
    assert sorted(again.json["unchanged"]) == ["fees.md", "심사.md"] and not again.json["added"]
    (documents / "fees.md").write_text("# Fees\n\nThe ethics review costs 400,000 won.\n", encoding="utf-8")
    (documents / "심사.md").unlink()
    changed = command(*root, "index", str(documents)).json
    assert (changed["updated"], changed["removed"]) == (["fees.md"], ["심사.md"])
    gone = command(*root, "index", "--remove", str(documents))
    assert gone.code == 0 and gone.json["removed"] == ["fees.md"]


def test_a_broken_document_is_reported_and_the_rest_is_indexed(command, documents, tmp_path):
    (documents / "broken.pdf").write_bytes(b"%PDF-1.4 nothing")
    (documents / "bytes.md").write_bytes(b"\xff\xfe\x00\x01 \xd8")
    ran = command("--json", "--home", str(tmp_path / "home"), "index", str(documents))
    assert ran.code == 0 and len(ran.json["added"]) == 2
    assert all(failure["reason"] for failure in ran.json["failed"]) and ran.json["failed"]


def test_nothing_that_can_be_indexed_exits_1(command, tmp_path):
    ran = command("--json", "--home", str(tmp_path / "home"), "index", str(tmp_path / "none"))
    assert ran.code == 1 and "none" in ran.json["failed"][0]["path"]


def test_a_source_prefixes_the_names(command, documents, tmp_path):
    ran = command("--json", "--home", str(tmp_path / "home"), "index", str(documents), "--source", "han")
    assert sorted(ran.json["added"]) == ["han/fees.md", "han/심사.md"]


def test_search_gives_passages_with_their_place(command, small_home):
    ran = command("--json", "--home", str(small_home), "search", "ethics", "review", "cost", "-k", "3")
    best = ran.json["passages"][0]
    assert ran.code == 0 and best["document"] == "fees.md" and best["kind"] == "document"
    assert "300,000 won" in best["text"] and "Review" in best["section"]
    assert set(best) >= {
        "document",
        "section",
        "page",
        "text",
        "score",
        "kind",
        "version",
        "start",
        "end",
        "url",
    }
    assert (
        best["url"] == f"/documents/fees.md?version={best['version']}&start={best['start']}&end={best['end']}"
    )


def test_search_finds_the_catalog_too(command, small_home):
    ran = command("--json", "--home", str(small_home), "search", "무호흡저호흡지수")
    found = {passage["document"]: passage for passage in ran.json["passages"][:5]}
    assert (found["han_sleep/nights.ahi"]["kind"], found["han_sleep/nights.ahi"]["url"]) == ("variable", "")


def test_a_search_batch(command, small_home, tmp_path):
    lines = [
        '{"id": 1, "text": "review fee"}',
        "{broken",
        '{"id": 3, "text": ""}',
        '{"id": 4, "text": "심의 기간", "k": 1}',
    ]
    file = tmp_path / "batch.jsonl"
    file.write_text("\n".join(lines), encoding="utf-8")
    ran = command("--home", str(small_home), "search", "-k", "2", "--batch", str(file))
    first, second, third, fourth = ran.lines
    assert ran.code == 0
    assert first["id"] == 1 and len(first["passages"]) == 2
    assert second["id"] is None and second["line"] == 2 and second["error"]["detail"]
    assert third["id"] == 3 and third["error"]["type"].endswith("question-invalid")
    assert fourth["id"] == 4 and [p["document"] for p in fourth["passages"]] == ["심사.md"]


def test_words_for_people(giljabi, small_home):
    ran = giljabi("--home", str(small_home), "search", "심의 기간")
    assert ran.code == 0 and "심사.md" in ran.out and "4주" in ran.out and ran.err == ""


def test_an_imported_catalog_is_told_and_searched(command, small_home, tmp_path):
    folder = write_catalog(
        tmp_path / "next",
        variables=TABLES["variables.csv"]
        + "han_sleep,nights,odi,Oxygen desaturation index,산소불포화지수,ODI,number,/h,,\n",
    )
    root = ("--json", "--home", str(small_home))
    before = command(*root, "catalog", "info").json
    preview = command(*root, "catalog", "import", "giljabi", str(folder), "--preview").json
    assert preview["preview"] and preview["changed"] and preview["changed_datasets"] == ["han_sleep"]
    assert command(*root, "catalog", "info").json == before
    done = command(*root, "catalog", "import", "giljabi", str(folder))
    assert done.code == 0 and done.json["changed"] and done.json["previous"] == before["version"]
    after = command(*root, "catalog", "info").json
    assert after["version"] == done.json["version"] and after["as_of"] == "2025-01-31"
    (dataset,) = after["datasets"]
    assert (dataset["id"], dataset["variables"], dataset["tables"]) == ("han_sleep", 3, 1)
    found = command(*root, "search", "oxygen desaturation").json["passages"]
    assert "han_sleep/nights.odi" in [passage["document"] for passage in found[:5]]


def test_broken_rows_are_named_and_the_rest_is_loaded(command, small_home, tmp_path):
    folder = write_catalog(
        tmp_path / "next", variables=TABLES["variables.csv"] + "nowhere,nights,odi,Oxygen,산소,,number,/h,,\n"
    )
    ran = command("--json", "--home", str(small_home), "catalog", "import", "giljabi", str(folder))
    assert ran.code == 0 and any("variables.csv:4" in problem for problem in ran.json["problems"])


def test_a_folder_that_is_no_catalog_is_refused_and_the_old_one_stays(command, small_home, tmp_path):
    root = ("--json", "--home", str(small_home))
    before = command(*root, "catalog", "info").json
    (tmp_path / "empty").mkdir()
    for path in (tmp_path / "empty", tmp_path / "none"):
        ran = command(*root, "catalog", "import", "giljabi", str(path))
        assert ran.code == 1 and ran.json["detail"]
    assert command(*root, "catalog", "info").json == before


@pytest.mark.parametrize(
    ("sql", "code", "verdict"),
    [
        ("SELECT dataset FROM datasets", 0, "accepted"),
        ("DROP TABLE datasets", 1, "rejected"),
        ("", 1, "rejected"),
        ("SELECT 1; SELECT 2", 1, "rejected"),
    ],
)
def test_the_guard_judges_sql_on_stdin(giljabi, sql, code, verdict):
    ran = giljabi("sql", "check", "--json", stdin=sql.encode())
    assert ran.code == code and ran.json["verdict"] == verdict
    assert set(ran.json) == {"id", "verdict", "rule", "message", "sql"}
    assert bool(ran.json["rule"]) == (verdict == "rejected")


def test_the_guard_judges_a_batch_against_a_schema_of_its_own(command, tmp_path):
    schema = tmp_path / "schema.yaml"
    schema.write_text("threshold: 10\ntables:\n  pets: {name: text}\n", encoding="utf-8")
    lines = [
        {"id": "a", "sql": "SELECT name FROM pets"},
        {"id": "b", "sql": "SELECT secret FROM pets"},
        {"id": "c"},
        {"id": "d", "sql": None},
        {"id": "e", "sql": "SELECT name FROM pets WHERE name = '\ud800'", "dialect": "PostgreSQL"},
    ]
    file = tmp_path / "batch.jsonl"
    file.write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    ran = command("sql", "check", "--schema", str(schema), "--batch", str(file))
    accepted, rejected, broken, nothing, unpaired = ran.lines
    assert (nothing["id"], nothing["rule"]) == ("d", "empty")
    assert (unpaired["id"], unpaired["rule"]) == ("e", "hidden_character")
    assert ran.code == 0
    assert (accepted["id"], accepted["verdict"]) == ("a", "accepted")
    assert (rejected["id"], rejected["verdict"]) == ("b", "rejected")
    assert broken["id"] == "c" and broken["error"]["status"] == 422
