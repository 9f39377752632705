"""The review desk through HTTP and the command line, on a home that a server holds."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from api.server_record import TOKEN_HEADER
from tests.api.conftest import TABLES, write_catalog

QUESTION = "수면무호흡 환자는 모두 몇 명인가요?"
LIKE = "폐쇄성 수면무호흡 환자 수가 얼마나 되는지 알려주시겠어요?"
EDITED = """
SELECT h.name_en AS hospital_name, c.dataset, c.patients, c.patients_status, c.patients_low, c.patients_high
FROM counts c JOIN datasets d ON c.dataset = d.dataset JOIN hospitals h ON d.hospital = h.hospital
WHERE c.cohort = 'osa' AND c.year IS NULL AND c.sex IS NULL AND c.age_band IS NULL
"""
CHANGED = TABLES["hospitals.csv"].replace("500", "510")


@pytest.fixture
def server(start_server, small_home):
    """A server over a home of its own."""
    return start_server(small_home)


@pytest.fixture
def web(server) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=server.url, trust_env=False, timeout=60) as client:
        yield client


def ask(web: httpx.Client, question: str) -> Any:
    response = web.post("/api/chat", json={"question": question})
    assert response.status_code == 200, response.text
    return response.json()


def post(web: httpx.Client, path: str, status: int = 200, **body: Any) -> Any:
    response = web.post(path, json=body)
    assert response.status_code == status, response.text
    if status != 200:
        assert response.headers["content-type"] == "application/problem+json"
    return response.json()


def test_asked_reviewed_edited_approved_then_verified_until_the_catalog_changes(web, server, tmp_path):
    first = ask(web, QUESTION)
    id = first["query"]["id"]
    assert first["query"]["review"] == "unreviewed"
    assert web.get("/api/reviews").json() == {"reviews": []}
    (worth,) = web.get("/api/reviews?status=proposed").json()["reviews"]
    assert worth["id"] == id
    assert worth["proposed"] == {"asked": 1, "often": False, "likeness": 0.0, "nearest": "", "unlike": True}
    post(web, f"/api/reviews/{id}/request", reason="확인 부탁드립니다")
    (waiting,) = web.get("/api/reviews").json()["reviews"]
    assert (waiting["id"], waiting["question"], waiting["status"]) == (id, QUESTION, "pending")

    refused = post(web, f"/api/reviews/{id}/edit", 422, sql="DELETE FROM counts", reviewer="lee")
    assert refused["rule"] and refused["type"].endswith("sql-rejected")
    edited = post(web, f"/api/reviews/{id}/edit", sql=EDITED, reviewer="lee", reason="병원 이름도")
    assert (edited["status"], edited["edited_from"]) == ("pending", first["query"]["sql"])
    assert ask(web, LIKE)["query"]["review"] == "pending"
    approved = post(web, f"/api/reviews/{id}/approve", reviewer="kim")
    assert (approved["status"], approved["reviewer"], approved["outdated"]) == ("approved", "kim", False)
    assert [row["act"] for row in approved["history"]] == ["review.request", "review.edit", "review.approve"]
    explain = web.get(f"/api/reviews/{id}").json()["explain"]
    assert explain["refused"] is None and explain["tables"] == ["counts", "datasets", "hospitals"]
    assert explain["columns"][0] == {"name": "hospital_name", "kind": "column", "from": ["hospitals.name_en"]}
    assert explain["cost"]["class"] == "moderate" and "shows_counts" in explain["flags"]
    assert "columns" in [change["clause"] for change in explain["changes"]]

    like = ask(web, LIKE)
    assert (like["status"], like["query"]["review"]) == ("answered", "verified")
    assert like["query"]["plan"] == {"kind": "sql"}
    assert like["query"]["columns"][0] == "hospital_name" and like["query"]["rows"][0][0] == "Han Hospital"
    again = post(web, f"/api/reviews/{id}/approve", 409, reviewer="park")
    assert id in again["detail"] and "kim" in again["detail"] and again["hint"]

    folder = write_catalog(tmp_path / "changed", hospitals=CHANGED)
    done = web.post("/api/catalog/import", json={"path": str(folder)}, headers={TOKEN_HEADER: server.token})
    assert done.json()["changed"]
    outdated = web.get(f"/api/reviews/{id}").json()
    assert (outdated["status"], outdated["outdated"]) == ("approved", True)
    late = post(web, f"/api/reviews/{id}/approve", 409, reviewer="park")
    assert id in late["detail"] and done.json()["version"] in late["detail"]
    later = ask(web, LIKE)
    assert later["query"]["review"] == "unreviewed" and later["query"]["plan"]["kind"] == "count"
    assert len(web.get(f"/api/reviews/{id}").json()["history"]) == 3
    audit = web.get("/api/audit/verify").json()
    assert (audit["intact"], audit["rows"]) == (True, 3)


def test_a_rejected_reading_is_not_offered_again(web):
    id = ask(web, QUESTION)["query"]["id"]
    post(web, f"/api/reviews/{id}/reject", reviewer="kim", reason="다른 뜻")
    answer = ask(web, LIKE)
    assert (answer["status"], answer["query"]) == ("clarify", None)


def test_conversations_and_feedback(web):
    first = ask(web, QUESTION)
    ask(web, "Han Hospital은 어떤 병원인가요?")
    listed = web.get("/api/conversations").json()["conversations"]
    assert [c["title"] for c in listed][-1] == QUESTION and len(listed) == 2
    given = post(web, "/api/feedback", answer=first["id"], rating="down", comment="이상해요")
    assert (given["answer"], given["rating"]) == (first["id"], "down")
    (turn,) = web.get(f"/api/conversations/{first['conversation']}").json()["turns"]
    assert (turn["question"], turn["answer"], turn["rating"]) == (QUESTION, first, "down")
    assert [r["id"] for r in web.get("/api/reviews").json()["reviews"]] == [first["query"]["id"]]


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("GET", "/api/reviews/q-none", None, 404),
        ("GET", "/api/reviews/%00", None, 404),
        ("GET", "/api/conversations/none", None, 404),
        ("GET", "/api/reviews?status=blessed", None, 422),
        ("GET", "/api/reviews?limit=0", None, 422),
        ("GET", "/api/reviews?offset=99999999999999999999", None, 422),
        ("POST", "/api/reviews/q-none/approve", {"reviewer": "kim"}, 404),
        ("POST", "/api/reviews/q-none/approve", {}, 422),
        ("POST", "/api/reviews/q-none/approve", {"reviewer": "kim", "status": "approved"}, 422),
        ("POST", "/api/reviews/q-none/edit", {"reviewer": "kim"}, 422),
        ("POST", "/api/feedback", {"answer": "a-none", "rating": "up"}, 404),
        ("POST", "/api/feedback", {"answer": "a-none", "rating": "sideways"}, 422),
        ("POST", "/api/feedback", {"answer": "a-none", "rating": "up", "comment": "x" * 2001}, 422),
    ],
)
def test_bad_requests_are_problems(http, method, path, body, status):
    response = http.request(method, path, json=body)
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    assert response.json()["detail"]


def test_commands_do_the_same_through_the_server_and_without_it(giljabi, server, web, tmp_path):
    id = ask(web, QUESTION)["query"]["id"]
    served = ("--home", str(server.home), "--json")
    sql = tmp_path / "edited.sql"
    sql.write_text(EDITED, encoding="utf-8")
    assert giljabi("review", "list", *served).json == {"reviews": []}
    assert [r["id"] for r in giljabi("review", "list", "--all", *served).json["reviews"]] == [id]
    done = giljabi("review", "edit", id, "--file", str(sql), "--reviewer", "lee", "--reason", "이름", *served)
    assert (done.code, done.json["status"]) == (0, "pending")
    refused = giljabi("review", "edit", id, "--reviewer", "lee", *served, stdin=b"DROP TABLE counts")
    assert (refused.code, refused.json["status"]) == (1, 422) and refused.json["rule"]
    assert giljabi("review", "approve", id, "--reviewer", "kim", *served).json["status"] == "approved"
    twice = giljabi("review", "approve", id, "--reviewer", "kim", *served)
    assert (twice.code, twice.json["status"]) == (1, 409)
    assert giljabi("review", "show", id, *served).json == web.get(f"/api/reviews/{id}").json()
    verdict = giljabi("audit", "verify", *served)
    assert (verdict.code, verdict.json["rows"]) == (0, 2)


def test_commands_on_a_home_that_nobody_serves(command, small_home, monkeypatch, capsys):
    home = ("--home", str(small_home))
    id = command("ask", QUESTION, "--json", *home).json["query"]["id"]
    assert command("review", "request", id, "--reviewer", "lee", *home).code == 0
    assert QUESTION in command("review", "list", *home).out
    assert command("review", "reject", id, "--reviewer", "kim", "--reason", "다름", *home).code == 0
    shown = command("review", "show", id, *home).out
    assert "review.reject by kim: 다름" in shown and "rejected" in shown
    assert "2 rows, intact" in command("audit", "verify", *home).out
    assert command("ask", LIKE, "--json", *home).json["status"] == "clarify"
    assert command("review", "show", "q-none", "--json", *home).code == 1
    assert command("review", "edit", id, "--file", "/none.sql", "--json", *home).code == 1


def test_a_trail_that_was_tampered_with_exits_1(command, small_home):
    import sqlite3

    home = ("--home", str(small_home))
    id = command("ask", QUESTION, "--json", *home).json["query"]["id"]
    command("review", "approve", id, "--reviewer", "kim", *home)
    with sqlite3.connect(small_home / "records.sqlite") as connection:
        connection.execute("DROP TRIGGER audit_kept_update")
        connection.execute("UPDATE audit SET actor = 'park'")
    connection.close()
    verdict = command("audit", "verify", "--json", *home)
    assert (verdict.code, verdict.json["intact"], verdict.json["broken_at"]) == (1, False, 1)


@pytest.mark.parametrize(
    ("url", "kind", "said"),
    [
        ("mysql://u:secret@127.0.0.1/d", "settings-invalid", "mysql"),
        ("postgresql://u:secret@127.0.0.1:9/d", "store-unavailable", "127.0.0.1:9"),
    ],
)
def test_a_database_that_cannot_be_used_is_said_without_its_password(
    command, small_home, monkeypatch, url, kind, said
):
    monkeypatch.setenv("GILJABI_DATABASE_URL", url)
    done = command("audit", "verify", "--home", str(small_home), "--json")
    assert done.code == 3 and done.json["type"].endswith(kind)
    assert said in done.json["detail"] and "secret" not in done.out and done.json["hint"]
