"""Questions by the command line and by ``/api/chat``: the same Answer, in the forms of each face."""

from __future__ import annotations

import json

import pytest

from tests.conftest import TODAY

MEMBERS = {
    "id", "conversation", "question", "language", "intent", "status", "text", "citations", "query", "further",
    "options", "reason", "suggestions", "timings_ms",
}  # fmt: skip
DEADLINE = {
    "en": "What is the deadline and how do I apply?",
    "ko": "신청 마감일은 언제이고 어떻게 신청하나요?",
}


@pytest.fixture
def ask(command, served):
    """Ask by the command line, through the shared server."""
    return lambda *arguments: command("--json", "--home", str(served.home), "ask", *arguments)


@pytest.mark.parametrize("language", ["en", "ko"])
def test_an_answer_is_cited_and_its_quotes_are_in_the_stored_text(ask, sample_http, language):
    ran = ask(DEADLINE[language])
    answer = ran.json
    assert ran.code == 0 and set(answer) == MEMBERS
    assert answer["language"] == language and answer["status"] in {"answered", "partial"}
    assert answer["citations"] and "28" in answer["text"]
    for citation in answer["citations"]:
        stored = sample_http.get(citation["url"], headers={"Accept": "text/plain"})
        assert stored.status_code == 200
        assert stored.text[citation["start"] : citation["end"]] == citation["quote"]


def test_rows_come_with_their_sql(ask):
    answer = ask("How many COPD patients are there at each hospital?").json
    query = answer["query"]
    assert query["sql"].upper().startswith(("SELECT", "WITH")) and query["catalog_version"] and query["as_of"]
    assert query["rows"] and all(len(row) == len(query["columns"]) for row in query["rows"])
    assert "patients" in query["columns"]


def test_a_question_about_one_patient_is_declined_with_exit_1(ask):
    ran = ask("Show me the records of patient 12345.")
    assert ran.code == 1 and ran.json["status"] == "declined" and ran.json["reason"]
    assert ran.json["query"] is None


def test_without_a_server_it_is_the_same_answer(command, sample_home, ask):
    alone = command("--json", "--home", str(sample_home), "ask", DEADLINE["en"])
    through = ask(DEADLINE["en"])
    same = MEMBERS - {"id", "conversation", "timings_ms"}
    assert alone.code == through.code == 0
    assert {name: alone.json[name] for name in same} == {name: through.json[name] for name in same}


def test_today_is_the_commands_own_even_through_a_server(ask, monkeypatch):
    before = ask(DEADLINE["en"]).json["text"]
    monkeypatch.setenv("GILJABI_TODAY", "2026-01-15")
    after = ask(DEADLINE["en"]).json["text"]
    assert TODAY < "2025-04-28" and "closed" in after.lower() and "closed" not in before.lower()


def test_a_conversation_goes_on(ask):
    first = ask("How many COPD patients are there at each hospital?").json
    second = ask("What about 2021?", "--conversation", first["conversation"]).json
    assert second["conversation"] == first["conversation"]
    assert second["query"] is not None and "2021" in second["query"]["sql"]


def test_people_see_text_rows_sql_and_citations(giljabi, served):
    ran = giljabi("--home", str(served.home), "ask", "병원별 COPD 환자 수는 몇 명인가요?")
    assert ran.code == 0 and "SELECT" in ran.out and ran.err == ""
    cited = giljabi("--home", str(served.home), "ask", DEADLINE["en"])
    assert "[1]" in cited.out and "“" in cited.out


def test_a_batch_gives_answers_in_order(command, served, tmp_path):
    lines = [
        json.dumps({"id": 1, "text": DEADLINE["ko"]}),
        "{broken",
        json.dumps({"id": "two", "text": ""}),
        json.dumps({"id": "three", "text": DEADLINE["en"], "language": "ko"}),
        json.dumps({"id": "four", "text": DEADLINE["en"], "language": "fr"}),
        json.dumps({"id": "five", "text": DEADLINE["en"], "conversation": 5}),
        json.dumps({"id": "six", "text": DEADLINE["en"], "conversation": "c-six"}),
    ]
    file = tmp_path / "batch.jsonl"
    file.write_text("\n".join(lines), encoding="utf-8")
    ran = command("--home", str(served.home), "ask", "--batch", str(file))
    assert ran.code == 0
    assert [line["id"] for line in ran.lines] == [1, None, "two", "three", "four", "five", "six"]
    assert ["error" in line for line in ran.lines] == [False, True, True, False, True, True, False]
    assert ran.lines[0]["language"] == ran.lines[3]["language"] == "ko"
    assert ran.lines[6]["conversation"] == "c-six"


def test_chat_answers_in_json(sample_http):
    answer = sample_http.post("/api/chat", json={"question": DEADLINE["en"]}).json()
    assert set(answer) == MEMBERS and answer["citations"]
    again = sample_http.post(
        "/api/chat",
        json={"message": "and in Korean?", "conversation": answer["conversation"], "language": "ko"},
    )
    assert again.json()["conversation"] == answer["conversation"] and again.json()["language"] == "ko"


def test_chat_streams_the_text_and_then_the_answer(sample_http):
    response = sample_http.post(
        "/api/chat", json={"question": DEADLINE["en"]}, headers={"Accept": "text/event-stream"}
    )
    assert response.headers["content-type"].startswith("text/event-stream")
    events = [_event(block) for block in response.text.strip().split("\n\n")]
    names = [name for name, _ in events]
    assert names[-1] == "answer" and set(names[:-1]) == {"text"}
    answer = events[-1][1]
    assert "".join(data["text"] for _, data in events[:-1]).strip() == answer["text"].strip()


def test_chat_refuses_before_it_streams(sample_http):
    response = sample_http.post("/api/chat", json={"question": " "}, headers={"Accept": "text/event-stream"})
    assert response.status_code == 422 and response.headers["content-type"] == "application/problem+json"


def _event(block: str) -> tuple[str, dict]:
    name, data = block.split("\n", 1)
    return name.removeprefix("event: "), json.loads(data.removeprefix("data: "))
