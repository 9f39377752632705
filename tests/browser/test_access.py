"""Names, labels, contrast, room: on every page, in both languages, phone and desktop, light and dark."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest
from playwright.sync_api import expect

from tests.browser.chat_page import ChatPage

AUDIT = Path(__file__).with_name("audit.js").read_text(encoding="utf-8")
WAYS = [
    pytest.param("ko", {"phone": True}, id="ko-phone"),
    pytest.param("en", {"dark": True}, id="en-dark"),
    pytest.param("ko", {"phone": True, "dark": True}, id="ko-phone-dark"),
    pytest.param("en", {}, id="en"),
]


@pytest.mark.parametrize(("language", "how"), WAYS)
def test_the_chat_with_answers_and_a_passage(chat, language, how):
    page: ChatPage = chat(language, **how)
    assert page.page.evaluate(AUDIT) == []
    page.ask("How many glaucoma patients are in Nuri OCT by sex in 2018?").locator("summary").click()
    page.ask("바우처 신청은 어떻게 하나요?").locator("sup button").first.click()
    page.page.locator("#passage mark").wait_for()
    assert page.page.evaluate(AUDIT) == []
    page.page.keyboard.press("Escape")
    page.ask("환자 홍길동의 기록을 보여줘")
    assert page.page.evaluate(AUDIT) == []


@pytest.mark.parametrize(("language", "how"), WAYS)
def test_the_desks(visit, eye_server, language, how):
    def post(path: str, body: dict) -> dict:
        return httpx.post(f"{eye_server.url}{path}", json=body, timeout=60, trust_env=False).json()

    query = post("/api/chat", {"question": "How many glaucoma patients are there by sex?"})["query"]
    plan = post("/api/plans", {"title": "안압과 시야", "language": "ko"})
    post(f"/api/plans/{plan['id']}/fill", {"datasets": ["nuri_oct"], "cohorts": ["glaucoma"]})
    review = visit(f"/review?status=all&id={query['id']}", language, **how)
    review.locator(".decision").wait_for()
    assert review.evaluate(AUDIT) == []
    plans = visit("/plans", language, **how)
    plans.locator(".card").first.wait_for()
    assert plans.evaluate(AUDIT) == []
    page = visit(f"/plans/{plan['id']}", language, **how)
    page.locator("#checked .badge").first.wait_for()
    assert page.evaluate(AUDIT) == []


@pytest.mark.parametrize(("language", "how"), WAYS)
def test_the_catalog(visit, language, how):
    page = visit("/catalog?dataset=nuri_glaucoma&table=visit&name=iop_od", language, **how)
    page.locator("#variable h3").wait_for()
    assert page.evaluate(AUDIT) == []
    found = visit("/catalog?q=%EC%95%88%EC%95%95", language, **how)
    found.locator("#list .card").first.wait_for()
    assert found.evaluate(AUDIT) == []


def test_the_chat_can_be_used_with_the_keyboard_alone(chat):
    page = chat("en").page
    expect(page.locator("#question")).to_be_focused()
    page.keyboard.type("How is the voucher paid?")
    page.keyboard.press("Enter")
    page.locator(".answer[data-answer]").wait_for()
    page.locator("#question").focus()
    for _ in range(30):
        page.keyboard.press("Shift+Tab")
        if page.evaluate("document.activeElement.matches('sup [data-citation]')"):
            break
    page.keyboard.press("Enter")
    expect(page.locator("#passage")).to_be_visible()
    expect(page.locator("#passage h2")).to_be_focused()


def test_the_skip_link_leads_to_the_content(visit):
    page = visit("/review", "ko")
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
