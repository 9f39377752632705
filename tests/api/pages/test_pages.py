"""The pages over HTTP: headers, languages, what is on them; the views behind them."""

from __future__ import annotations

import re

import httpx
import pytest

HTML = {"Accept": "text/html"}
PAGES = ["/", "/review", "/plans"]


@pytest.mark.parametrize("path", [*PAGES, "/documents/fees.md", "/plans/none", "/static/chat.js"])
def test_every_page_is_closed_to_other_origins_and_inline_code(http, path):
    response = http.get(path, headers=HTML)
    directives = response.headers["content-security-policy"].split(";")
    policy = dict(directive.strip().split(" ", 1) for directive in directives)
    assert policy == {
        "default-src": "'self'",
        "base-uri": "'none'",
        "form-action": "'self'",
        "frame-ancestors": "'none'",
    }
    assert response.headers["x-content-type-options"] == "nosniff"
    assert response.headers["referrer-policy"] == "no-referrer"
    if response.headers["content-type"].startswith("text/html"):
        assert not re.search(r"\sstyle=|\son\w+=|<style|<script(?![^>]*\ssrc=)", response.text)
        assert not re.search(r"(src|href)=\"(https?:)?//", response.text)


@pytest.mark.parametrize("path", PAGES)
def test_the_language_is_asked_for_and_remembered(small_server, path):
    with httpx.Client(base_url=small_server.url, trust_env=False, headers=HTML) as browser:
        assert '<html lang="en">' in browser.get(path).text
        assert '<html lang="ko">' in browser.get(path, headers={"Accept-Language": "ko-KR"}).text
        asked = browser.get(path, params={"lang": "ko"})
        assert '<html lang="ko">' in asked.text and "SameSite=lax" in asked.headers["set-cookie"]
        assert '<html lang="ko">' in browser.get(path, headers={"Accept-Language": "en"}).text


def test_examples_come_from_the_catalog(http):
    page = http.get("/", headers={**HTML, "Accept-Language": "en"}).text
    examples = re.findall(r'<button type="button" class="ask">(.*?)</button>', page)
    assert examples and any("Sleep study registry" in text or "Obstructive" in text for text in examples)
    for text in examples:
        answer = http.post("/api/chat", json={"question": text}).json()
        assert answer["status"] == "answered", text


def test_an_empty_home_says_what_is_missing(start_server, tmp_path):
    server = start_server(tmp_path / "fresh")
    page = httpx.get(f"{server.url}/", headers=HTML, trust_env=False)
    assert page.status_code == 200 and "giljabi index" in page.text and "giljabi catalog import" in page.text


def test_an_answer_carries_what_the_page_draws_only_where_asked(http):
    asked = {"question": "What does the ethics review cost?"}
    plain = http.post("/api/chat", json=asked).json()
    assert "view" not in plain and plain["citations"]
    viewed = http.post("/api/chat", json={**asked, "view": True}).json()
    view, citation = viewed["view"], viewed["citations"][0]
    assert f'data-citation="{citation["id"]}"' in view["blocks"][0]["html"]
    source = view["sources"][citation["id"]]
    assert source["title"] == "Fees" and source["before"].endswith("## Review\n\n")
    restored = http.get(f"/api/conversations/{viewed['conversation']}", params={"view": True}).json()
    assert restored["turns"][0]["view"]["blocks"] == view["blocks"]


def test_the_rows_are_drawn_once_and_the_notes_beneath(http):
    asked = {"question": "병원별 폐쇄성 수면무호흡 환자 수는 몇 명인가요?", "view": True}
    answer = http.post("/api/chat", json=asked).json()
    view = answer["view"]
    (table,) = view["tables"]
    assert len(table["rows"]) == len(answer["query"]["rows"]) > 0
    text = "".join(block.get("html", "") for block in view["blocks"])
    assert "<table" not in text
    said = " ".join(view["notes"]) + text
    for note in answer["query"]["notes"]:
        assert note in said or answer["query"]["as_of"] in note


def test_the_rows_of_a_part_stand_where_its_text_shows_them(http):
    question = "How many OSA patients are there, and which variables are in the nights table?"
    answer = http.post("/api/chat", json={"question": question, "view": True}).json()
    queries, view = [answer["query"], *answer["further"]], answer["view"]
    assert [len(table["rows"]) for table in view["tables"]] == [len(query["rows"]) for query in queries]
    placed = [block["query"] for block in view["blocks"] if "query" in block]
    assert placed == [1]  # the first part is one sentence, with its row behind the answer
    assert "<table" not in "".join(block.get("html", "") for block in view["blocks"])


def test_a_review_is_read_back_with_its_rows(http):
    answer = http.post("/api/chat", json={"question": "How many OSA patients are there?"}).json()
    view = http.get(f"/api/reviews/{answer['query']['id']}/view").json()
    assert "sleep apnea" in view["readback"].lower() and view["problem"] is None
    assert len(view["table"]["rows"]) == len(answer["query"]["rows"])
    assert http.get("/api/reviews/q-none/view").status_code == 404


def test_a_plan_page_knows_its_form_and_the_catalog(http):
    made = http.post("/api/plans", json={"title": "Sleep and weight", "language": "en"}).json()
    page = http.get(f"/plans/{made['id']}", headers=HTML)
    assert page.status_code == 200 and "han_sleep" in page.text and "data-form" in page.text
    shown = http.get(f"/api/plans/{made['id']}/preview").json()["html"]
    assert "Sleep and weight" in shown


def test_what_is_not_there_is_said_as_a_page_to_browsers_only(http):
    page = http.get("/plans/none", headers={**HTML, "Accept-Language": "ko"})
    assert page.status_code == 404 and "찾을 수 없습니다" in page.text
    assert http.get("/api/plans/none").json()["status"] == 404
