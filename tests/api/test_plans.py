"""Research plans through the command line and HTTP, on homes that are made for it."""

from __future__ import annotations

import io
import os
import zipfile
from pathlib import Path

import pytest
from docx2python import docx2python

from tests.conftest import Ran

SET = {
    "aim.aim=수면무호흡의 예후를 예측한다.",
    "summary.title_en=Outcomes of sleep apnoea",
    "ethics.purpose=scientific_research",
}


@pytest.fixture
def giljabi_plan(command, small_home):
    """Run ``giljabi plan ...`` on a home of one dataset; gives the JSON of a command that ended well."""

    def run(*arguments: str, code: int = 0) -> Ran:
        ran = command("--json", "--home", str(small_home), "plan", *arguments)
        assert ran.code == code, ran.out
        return ran

    return run


def test_a_plan_is_made_filled_checked_and_kept_in_versions(giljabi_plan):
    id = giljabi_plan("new", "--title", "수면무호흡 연구").json["id"]
    filled = giljabi_plan("fill", id, "--dataset", "han_sleep", "--variable", "ahi", "--cohort", "osa").json
    assert filled["version"] == 2 and "feasibility" in filled["changed"]
    data = filled["plan"]["data"]["datasets"][0]
    assert (data["title"], data["period_start"], data["hospital"]) == ("수면검사 등록자료", "2018", "한병원")
    count = filled["plan"]["feasibility"]["counts"][0]
    assert count["low"] <= 320 <= count["high"] and count["query"].startswith("q-")
    settings = [part for setting in SET for part in ("--set", setting)]
    assert giljabi_plan("fill", id, *settings).json["version"] == 3
    assert giljabi_plan("fill", id, *settings).json["version"] == 3  # nothing changed
    shown = giljabi_plan("show", id).json
    assert "수면무호흡의 예후를 예측한다." in shown["markdown"] and "320~329명" in shown["markdown"]
    assert giljabi_plan("show", id, "--version", "1").json["plan"]["data"]["datasets"] == []
    assert [v["version"] for v in giljabi_plan("versions", id).json["versions"]] == [1, 2, 3]
    assert [p["id"] for p in giljabi_plan("list").json["plans"]] == [id]
    checked = giljabi_plan("check", id, code=1).json
    assert checked["id"] == id and checked["errors"] > 10
    where = {f"{f['section']}.{f['field']}" for f in checked["findings"]}
    assert "applicant.company" in where and "data.datasets" not in where and "aim.aim" not in where


def test_a_new_plan_needs_nothing_and_no_documents(command, tmp_path):
    ran = command("--json", "--home", str(tmp_path / "new"), "plan", "new")
    assert ran.code == 0 and ran.json["id"] and ran.json["language"] == "ko"
    ran = command("--json", "--home", str(tmp_path / "new"), "plan", "show", ran.json["id"])
    assert ran.code == 0 and "13." in ran.json["markdown"]


def test_sections_come_from_a_file(giljabi_plan, tmp_path):
    id = giljabi_plan("new", "--title", "Sleep", "--language", "en").json["id"]
    file = tmp_path / "sections.yaml"
    file.write_text(
        "applicant: {company: Han, founded: 2020-01-02}\n"
        "data: {datasets: [{dataset: han_sleep, period_start: '2019'}]}\n",
        encoding="utf-8",
    )
    plan = giljabi_plan("fill", id, "--from", str(file)).json["plan"]
    assert plan["applicant"]["founded"] == "2020-01-02"
    assert plan["data"]["datasets"][0]["title"] == "Sleep study registry"
    assert (plan["data"]["datasets"][0]["period_start"], plan["data"]["datasets"][0]["period_end"]) == (
        "2019",
        "2023",
    )
    file.write_text("data: {datasets: [{dataset: han_sleeep}]}\n", encoding="utf-8")
    assert "'han_sleep'" in giljabi_plan("fill", id, "--from", str(file), code=1).json["hint"]
    for broken in ("- a\n- b\n", "aim: [", "\tx", "applicant: {founded: 2020-19-01}"):
        file.write_text(broken, encoding="utf-8")
        assert str(file) in giljabi_plan("fill", id, "--from", str(file), code=1).json["detail"]
    assert giljabi_plan("show", id).json["version"] == 2


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (["--dataset", "han_sleepy"], "han_sleep"),
        (["--dataset", "han_sleep", "--variable", "ahii"], "ahi"),
        (["--cohort", "osaa"], "osa"),
        (["--set", "aimm.aim=x"], "aim"),
        (["--set", "feasibility.counts=[]"], "--cohort"),
        (["--set", "no equals sign"], "section.field=value"),
    ],
)
def test_what_is_unknown_is_named_and_nothing_is_stored(giljabi_plan, arguments, named):
    id = giljabi_plan("new").json["id"]
    problem = giljabi_plan("fill", id, *arguments, code=1).json
    assert named in problem["hint"]
    assert giljabi_plan("show", id).json["version"] == 1


@pytest.mark.parametrize("act", [["show"], ["fill", "--set", "aim.aim=x"], ["check"], ["versions"]])
def test_an_unknown_plan_is_not_found(giljabi_plan, act):
    assert "p-none" in giljabi_plan(act[0], "p-none", *act[1:], code=1).json["detail"]


@pytest.mark.parametrize("kind", ["md", "docx", "hwpx"])
def test_a_plan_is_exported_as_a_whole_file(giljabi_plan, tmp_path, kind):
    id = giljabi_plan("new", "--title", "수면무호흡 연구").json["id"]
    out = tmp_path / f"plan.{kind}"
    out.write_text("before")
    done = giljabi_plan("export", id, "--format", kind, "--out", str(out)).json
    assert done["id"] == id and done["bytes"] == out.stat().st_size
    assert "수면무호흡 연구" in _text(out.read_bytes(), kind)
    assert [path.name for path in tmp_path.glob("*plan*")] == [out.name]


def _text(content: bytes, kind: str) -> str:
    if kind == "docx":
        with docx2python(io.BytesIO(content)) as read:
            return read.text
    if kind == "hwpx":
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            return package.read("Contents/section0.xml").decode("utf-8")
    return content.decode("utf-8")


def test_an_export_that_cannot_be_written_leaves_nothing_behind(giljabi_plan, tmp_path):
    id = giljabi_plan("new").json["id"]
    folder = tmp_path / "folder"
    folder.mkdir()
    nowhere = [tmp_path / "none" / "plan.docx", folder, Path("/proc/plan.docx")]
    for out in nowhere:
        problem = giljabi_plan("export", id, "--out", str(out), code=1).json
        assert str(out) in problem["detail"] and problem["hint"]
    assert list(folder.iterdir()) == [] and not (tmp_path / "none").exists()
    locked = tmp_path / "locked"
    locked.mkdir()
    (locked / "plan.docx").write_text("before")
    locked.chmod(0o500)
    if os.access(locked, os.W_OK):  # the superuser may write anywhere
        locked.chmod(0o700)
        giljabi_plan("export", id, "--out", str(locked / "plan.docx"))
        assert (locked / "plan.docx").read_bytes()[:2] == b"PK"
    else:
        giljabi_plan("export", id, "--out", str(locked / "plan.docx"), code=1)
        assert (locked / "plan.docx").read_text() == "before"
    assert [path.name for path in locked.iterdir()] == ["plan.docx"]


def test_wrong_usage_exits_2(giljabi_plan):
    giljabi_plan("export", "p-1", "--format", "pptx", "--out", "x", code=2)
    giljabi_plan("new", "--language", "fr", code=2)


def test_a_changed_catalog_is_noticed(giljabi_plan, command, small_home, tmp_path):
    from tests.api.conftest import TABLES, write_catalog

    id = giljabi_plan("new").json["id"]
    giljabi_plan("fill", id, "--dataset", "han_sleep", "--cohort", "osa")
    counts = TABLES["counts.csv"].replace("320", "410")
    changed = write_catalog(tmp_path / "changed", counts=counts)
    imported = command("--home", str(small_home), "catalog", "import", "giljabi", str(changed))
    assert imported.code == 0
    rules = {f["rule"] for f in giljabi_plan("check", id, code=1).json["findings"]}
    assert {"catalog_changed", "count_differs"} <= rules
    giljabi_plan("fill", id)
    rules = {f["rule"] for f in giljabi_plan("check", id, code=1).json["findings"]}
    assert not {"catalog_changed", "count_differs"} & rules


# HTTP


def test_http_does_the_same(http):
    made = http.post("/api/plans", json={"title": "수면무호흡", "language": "ko"}).json()
    url = f"/api/plans/{made['id']}"
    filled = http.post(
        f"{url}/fill",
        json={"datasets": ["han_sleep"], "cohorts": ["osa"], "sections": {"aim": {"aim": "예측"}}, "base": 1},
    ).json()
    assert (filled["version"], filled["plan"]["aim"]["aim"]) == (2, "예측")
    late = http.post(f"{url}/fill", json={"set": ["aim.aim=other"], "base": 1})
    assert late.status_code == 409
    assert http.get(url).json()["markdown"].startswith("# 수면무호흡")
    assert http.get(url, params={"version": 1}).json()["plan"]["aim"]["aim"] == ""
    assert http.get(f"{url}/check").json()["ok"] is False
    assert len(http.get(f"{url}/versions").json()["versions"]) == 2
    assert made["id"] in {plan["id"] for plan in http.get("/api/plans").json()["plans"]}
    for kind in ("md", "docx", "hwpx"):
        answer = http.get(f"{url}/export", params={"format": kind})
        assert answer.status_code == 200 and "수면무호흡" in _text(answer.content, kind)
        assert f"plan.{kind}" in answer.headers["content-disposition"]


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("GET", "/api/plans/p-none", None, 404),
        ("GET", "/api/plans/p-none/export", None, 404),
        ("POST", "/api/plans/p-none/fill", {"set": []}, 404),
        ("POST", "/api/plans", {"language": "fr"}, 422),
        ("POST", "/api/plans", {"name": "x"}, 422),
        ("GET", "/api/plans?limit=0", None, 422),
    ],
)
def test_http_problems(http, method, path, body, status):
    answer = http.request(method, path, json=body)
    assert answer.status_code == status
    assert answer.headers["content-type"].startswith("application/problem+json")


def test_http_names_an_unknown_dataset(http):
    id = http.post("/api/plans", json={}).json()["id"]
    answer = http.post(f"/api/plans/{id}/fill", json={"datasets": ["han_sleeep"]})
    assert answer.status_code == 404 and "han_sleep" in answer.json()["hint"]


def test_commands_reach_the_server_that_holds_the_home(command, small_server, tmp_path):
    root = ("--json", "--home", str(small_server.home), "plan")
    id = command(*root, "new", "--title", "Through the server").json["id"]
    assert command(*root, "fill", id, "--dataset", "han_sleep").json["version"] == 2
    assert command(*root, "check", id).code == 1
    assert command(*root, "show", id).json["plan"]["data"]["datasets"]
    out = tmp_path / "plan.hwpx"
    assert command(*root, "export", id, "--format", "hwpx", "--out", str(out)).code == 0
    assert "Through the server" in _text(out.read_bytes(), "hwpx")
    assert command(*root, "show", "p-none").code == 1


@pytest.mark.parametrize("language", ["ko", "en"])
def test_a_plan_on_the_sample_quotes_the_guide_where_it_is_open(sample_http, language):
    info = sample_http.get("/api/catalog/info").json()
    made = sample_http.post("/api/plans", json={"title": "COPD", "language": language}).json()
    url = f"/api/plans/{made['id']}"
    dataset = info["datasets"][0]["id"]
    filled = sample_http.post(f"{url}/fill", json={"datasets": [dataset]}).json()
    assert filled["plan"]["feasibility"]["counts"][0]["high"] is not None
    text = sample_http.get(url).json()["markdown"]
    quotes = [line for line in text.splitlines() if line.startswith("> ")]
    assert len(quotes) >= 13  # of most sections
    for line in quotes:
        quote = line.removeprefix("> “").rpartition("” (")[0].replace("\\", "")
        document, _, version = line.rstrip(")").rpartition(", ")[2].partition("@")
        stored = sample_http.get(f"/documents/{document}", params={"version": version}).text
        assert quote in stored.replace("\\", "")
