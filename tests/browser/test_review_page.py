"""The review desk: a queue, an entry, a decision, and what the guard says of an edit."""

from __future__ import annotations

import httpx
import pytest
from playwright.sync_api import expect


@pytest.fixture
def asked(eye_server):
    """Ask a question of the API and give its answer."""

    def ask(question: str) -> dict:
        return httpx.post(
            f"{eye_server.url}/api/chat", json={"question": question}, timeout=60, trust_env=False
        ).json()

    return ask


def test_a_query_is_looked_at_and_approved(visit, asked):
    question = "당뇨망막병증 환자 수는 병원별로 몇 명인가요?"
    answer = asked(question)
    page = visit("/review?status=unreviewed", "ko")
    page.locator(".card", has_text=question).click()
    entry = page.locator("#entry")
    expect(entry.locator("h2")).to_have_text(question)
    expect(entry.locator(".rows tbody tr")).to_have_count(len(answer["query"]["rows"]))
    made_of = entry.locator("details.explain")
    made_of.locator("summary").click()
    expect(made_of.locator("tbody tr").first).to_contain_text("counts.hospital")
    expect(made_of).to_contain_text("부담: 가벼움")
    page.locator("[data-act=approve]").click()
    expect(page.get_by_role("alert")).to_contain_text("이름")
    page.locator("#reviewer").fill("김검토")
    page.locator("[data-act=approve]").click()
    expect(entry.locator(".badge.approved")).to_be_visible()
    expect(entry.locator(".history")).to_contain_text("김검토")
    expect(page.locator("#queue .card", has_text=question)).to_have_count(0)
    assert asked(question)["query"]["review"] == "verified"
    chat = visit("/", "ko")
    chat.locator("#question").fill(question)
    chat.locator("#question").press("Enter")
    expect(chat.locator(".provenance .badge.verified")).to_be_visible()


def test_a_rejection_needs_a_reason_and_an_edit_passes_the_guard(visit, watch, asked):
    watch.expected = {422}
    answer = asked("How many atrial fibrillation patients are there by sex?")
    page = visit(f"/review?status=all&id={answer['query']['id']}", "en")
    page.locator("#reviewer").fill("Reviewer")
    page.locator("[data-act=reject]").click()
    expect(page.get_by_role("alert")).to_contain_text("reason")
    page.locator("#reason").fill("reads the question wrongly")
    page.locator("details", has_text="Edit the SQL").locator("summary").click()
    page.locator("#sql").fill("SELECT * FROM secret")
    page.locator("[data-act=edit]").click()
    refusal = page.get_by_role("alert")
    expect(refusal).to_contain_text("secret")
    expect(page.locator("#entry .badge.unreviewed")).to_be_visible()
    page.locator("[data-act=reject]").click()
    expect(page.locator("#entry .badge.rejected")).to_be_visible()
    expect(page.locator("#entry .history")).to_contain_text("reads the question wrongly")


def test_an_unknown_entry_is_said(visit, watch):
    watch.expected = {404}
    page = visit("/review?id=q-none", "ko")
    expect(page.get_by_role("alert")).to_contain_text("찾을 수 없습니다")


def test_an_edit_says_what_it_changed(visit, asked):
    answer = asked("녹내장 데이터셋은 무엇이 있나요?")
    page = visit(f"/review?status=all&id={answer['query']['id']}", "en")
    page.locator("#reviewer").fill("Reviewer")
    page.locator("#reason").fill("by name")
    page.locator("details", has_text="Edit the SQL").locator("summary").click()
    page.locator("#sql").fill("SELECT d.dataset, d.title_en FROM datasets AS d ORDER BY d.title_en LIMIT 7")
    page.locator("[data-act=edit]").click()
    changes = page.locator("#entry details.explain .changes")
    expect(changes).to_contain_text("number of rows")
    expect(changes.locator(".added").last).to_contain_text("LIMIT 7")
