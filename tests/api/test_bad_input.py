"""Input that nobody should send: a clear answer or a clear error, never a traceback, by every face."""

from __future__ import annotations

import json
import subprocess

import pytest

from tests.conftest import GILJABI, command_environment

STATUSES = {"answered", "partial", "clarify", "declined", "not_found"}
WORDLESS = {"emoji only": "🫁😷🙏🏽👩‍⚕️", "punctuation only": "?!... ---"}
REFUSED = {
    "empty": "",
    "blank": " \n\t ",
    "20,000 characters": "가나다라 abcd " * 2_000,
    **WORDLESS,
}
ANSWERED = {
    "NUL": "What is the\x00 deadline?\x00",
    "control characters": "deadline\x1b[31m\x07\x08?",
    "another language": "Quelle est la date limite pour déposer un dossier ?",
    "a third script": "申请截止日期是什么时候？",
    "mixed languages": "COPD 환자 수 by hospital 알려 please",
    "lone surrogate": "What is the deadline\ud83d?",
    "bidi and zero width": "\u202edeadline\u200b\u2066 when\u2069?",
    "decomposed Hangul": "신청 마감일은?",
    "markup": "<script>alert(1)</script> **deadline** [x](javascript:alert(1))",
    "SQL": "SELECT * FROM counts; DROP TABLE counts; --",
    "template": "{{ 7*7 }} {% raw %} %s %(x)s {0}",
    "one long word": "가" * 3_900,
}


@pytest.mark.parametrize("text", REFUSED.values(), ids=REFUSED)
def test_refused_by_the_command_line(command, served, text):
    ran = command("--json", "--home", str(served.home), "ask", "--", text)
    assert ran.code == 1 and ran.json["type"] == "urn:giljabi:problem:question-invalid" and ran.json["detail"]


@pytest.mark.parametrize("text", REFUSED.values(), ids=REFUSED)
def test_refused_by_http(sample_http, text):
    response = sample_http.post("/api/chat", json={"question": text})
    assert response.status_code == 422 and response.json()["type"] == "urn:giljabi:problem:question-invalid"


@pytest.mark.parametrize("text", ANSWERED.values(), ids=ANSWERED)
def test_answered_by_the_command_line(command, served, text):
    ran = command("--json", "--home", str(served.home), "ask", "--", text)
    assert ran.code in {0, 1} and ran.json["status"] in STATUSES and ran.json["text"].strip()


@pytest.mark.parametrize("text", ANSWERED.values(), ids=ANSWERED)
def test_answered_by_http(sample_http, text):
    body = json.dumps({"question": text})  # escapes what UTF-8 cannot hold
    response = sample_http.post("/api/chat", content=body, headers={"Content-Type": "application/json"})
    assert response.status_code == 200 and response.json()["status"] in STATUSES


@pytest.mark.parametrize("text", [*ANSWERED.values(), *WORDLESS.values()], ids=[*ANSWERED, *WORDLESS])
def test_searched_without_failing(command, served, text):
    ran = command("--json", "--home", str(served.home), "search", "-k", "2", "--", text)
    assert ran.code in {0, 1} and isinstance(ran.json.get("passages"), list)


def test_a_batch_of_all_of_it_gives_a_line_for_each(giljabi, sample_home, tmp_path):
    texts = {**REFUSED, **ANSWERED}
    file = tmp_path / "bad.jsonl"
    file.write_text("".join(json.dumps({"id": name, "text": text}) + "\n" for name, text in texts.items()))
    ran = giljabi("--home", str(sample_home), "ask", "--batch", str(file))
    assert ran.code == 0 and [line["id"] for line in ran.lines] == list(texts)
    assert {line["id"] for line in ran.lines if "error" in line} == set(REFUSED)
    assert "Traceback" not in ran.err


def test_arguments_that_are_no_utf8(sample_home):
    done = subprocess.run(
        [*GILJABI, "--json", "--home", str(sample_home), "search", b"dead\xffline"],
        capture_output=True, env=command_environment(), check=False, timeout=60,
    )  # fmt: skip
    assert done.returncode == 0 and json.loads(done.stdout)["passages"]


@pytest.mark.parametrize("conversation", ["", "x" * 300])
def test_conversation_ids_that_cannot_be(sample_http, conversation):
    response = sample_http.post("/api/chat", json={"question": "q", "conversation": conversation})
    assert response.status_code == 422
