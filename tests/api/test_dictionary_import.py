"""A data dictionary through the command line: import, search, questions in both languages, diff, back."""

from __future__ import annotations

import pytest

FORM = """\
"Variable / Field Name","Form Name","Section Header","Field Type","Field Label",\
"Choices, Calculations, OR Slider Labels","Field Note",\
"Text Validation Type OR Show Slider Number","Text Validation Min",\
"Text Validation Max",Identifier?,"Branching Logic (Show field only if...)",\
"Required Field?","Custom Alignment","Question Number (surveys only)","Matrix Group Name",\
"Matrix Ranking?","Field Annotation"
record_id,baseline,,text,Record ID,,,,,,,,,,,,,
grip_left,baseline,Hands,text,Grip strength of the left hand,,kg,number,0,90,,,,,,,,
tremor_side,baseline,Hands,radio,떨림이 있는 쪽,"1, left | 2, right",,,,,,,,,,,,
"""


@pytest.fixture
def form(tmp_path):
    path = tmp_path / "hand_clinic.csv"
    path.write_text(FORM, encoding="utf-8")
    return path


@pytest.fixture
def root(small_home):
    return ("--json", "--home", str(small_home))


def test_a_form_is_imported_searched_asked_about_and_taken_back(command, root, form):
    before = command(*root, "catalog", "versions").json["current"]
    wanted = (*root, "catalog", "import", "redcap", str(form), "--dataset", "hands")
    preview = command(*wanted, "--preview").json
    assert preview["preview"] and preview["added"] == ["hands"]
    assert command(*root, "catalog", "versions").json["current"] == before
    done = command(*wanted).json
    assert (done["version"], done["previous"]) == (preview["version"], before)
    assert done["datasets"]["hands"]["variables"] == 3 and done["removed"] == []
    again = command(*wanted).json
    assert (again["version"], again["changed"]) == (done["version"], False)

    (first, *_) = command(*root, "search", "grip strength").json["passages"]
    assert first["document"] == "hands/baseline.grip_left" and first["kind"] == "variable"
    for question in ("Which table has the variable tremor_side?", "tremor_side 변수는 어느 테이블에 있나요?"):
        answer = command(*root, "ask", question).json
        assert answer["status"] == "answered", answer["text"]
        row = dict(zip(answer["query"]["columns"], answer["query"]["rows"][0], strict=True))
        assert (row["dataset"], row["table"], row["name"]) == ("hands", "baseline", "tremor_side")
        assert (row["source_file"], row["source_row"]) == ("hand_clinic.csv", 4)
        assert "hand_clinic.csv" in answer["text"]

    changed = command(*root, "catalog", "diff", before, "current").json
    assert [changed[part]["added"] for part in ("datasets", "tables", "variables", "cells")] == [1, 1, 3, 0]
    back = command(*root, "catalog", "use", before).json
    assert back["current"] == before
    found = command(*root, "search", "grip strength").json["passages"]
    assert not [passage for passage in found if passage["document"].startswith("hands")]


def test_what_cannot_be_imported_changes_nothing(command, root, form, tmp_path):
    before = command(*root, "catalog", "versions").json
    broken = tmp_path / "broken.csv"
    broken.write_text("a,b\n1,2\n")
    for arguments, code in (
        (("redcap", str(broken)), 1),
        (("redcap", str(tmp_path / "nowhere.csv")), 1),
        (("spss", str(form)), 2),
        (("giljabi", str(form), "--dataset", "x"), 1),
        (("redcap", str(form), "--preset", "x"), 1),
    ):
        assert command(*root, "catalog", "import", *arguments).code == code, arguments
    assert command(*root, "catalog", "use", "never").code == 1
    assert command(*root, "catalog", "diff", "never", "current").code == 1
    assert command(*root, "catalog", "versions").json == before


def test_a_bad_row_refuses_it_all_where_that_is_asked_for(command, root, form):
    before = command(*root, "catalog", "versions").json
    form.write_text(FORM + "tremor_side,baseline,,text,Again,,,,,,,,,,,,,\n", encoding="utf-8")
    wanted = (*root, "catalog", "import", "redcap", str(form), "--dataset", "hands")
    refused = command(*wanted, "--strict")
    assert refused.code == 1 and "hand_clinic.csv:5: " in refused.json["problems"][0]
    assert command(*root, "catalog", "versions").json == before
    assert command(*wanted, "--strict", "--preview").json["problems"] == command(*wanted).json["problems"]


def test_the_catalog_is_listed(command, root, form, small_home):
    command(*root, "catalog", "import", "redcap", str(form), "--dataset", "hands")
    listed = command(*root, "catalog", "list").json["datasets"]
    assert {row["dataset"]: row["tables"] for row in listed}["hands"] == 1
    hands = command(*root, "catalog", "list", "hands", "--words", "tremor").json
    assert [row["table"] for row in hands["tables"]] == ["baseline"]
    assert [row["name"] for row in hands["variables"]["rows"]] == ["tremor_side"]
    said = command("--home", str(small_home), "catalog", "list", "hands").out
    assert "grip_left" in said and "baseline" in said and "떨림이 있는 쪽" in said
    assert command(*root, "catalog", "list", "nowhere").code == 1
    assert command(*root, "catalog", "list", "--table", "baseline").code == 2


def test_through_a_server(command, small_home, start_server, form):
    server = start_server(small_home)
    root = ("--json", "--home", str(server.home))
    done = command(*root, "catalog", "import", "redcap", str(form), "--dataset", "hands")
    assert done.code == 0 and done.json["added"] == ["hands"]
    asked = command(*root, "ask", "What is grip_left?").json
    assert asked["status"] == "answered" and "hand_clinic.csv" in asked["text"]
    back = command(*root, "catalog", "use", done.json["previous"])
    assert back.json["current"] == done.json["previous"]


def test_versions_and_what_changed_over_http(http):
    listed = http.get("/api/catalog/versions").json()
    assert [row["id"] for row in listed["versions"]] == [listed["current"]]
    same = http.get("/api/catalog/diff", params={"a": listed["current"]}).json()
    assert same["same"] is True and same["to"] == listed["current"]
    assert http.get("/api/catalog/diff", params={"a": "/etc"}).status_code == 404
    assert http.post("/api/catalog/use", json={"version": listed["current"]}).status_code in {401, 403}


def test_people_are_told_in_words(command, small_home, form):
    root = ("--home", str(small_home))
    done = command(*root, "catalog", "import", "redcap", str(form), "--dataset", "hands")
    assert "hands: 1 tables, 3 variables" in done.out
    versions = command("--json", *root, "catalog", "versions").json["versions"]
    told = command(*root, "catalog", "diff", versions[-1]["id"], "current").out
    assert "variables added: hands baseline grip_left" in told
    assert versions[0]["id"][:6] in command(*root, "catalog", "versions").out
