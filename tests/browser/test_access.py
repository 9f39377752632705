"""Names, labels, contrast, room: on every page, in both languages, on a phone and a desktop, light and dark."""

from __future__ import annotations

import httpx
import pytest
from playwright.sync_api import expect

from tests.browser.chat_page import ChatPage

# What a person with a screen reader or poor sight would stumble over, as lines of text.
AUDIT = r"""
() => {
  const found = [];
  const seen = (node) => node.checkVisibility({ visibilityProperty: true, opacityProperty: true });
  const name = (node) => (node.getAttribute("aria-label")
    || (node.getAttribute("aria-labelledby") || "").split(" ").map((id) => document.getElementById(id)?.textContent || "").join(" ").trim()
    || [...(node.labels || [])].map((label) => label.textContent).join(" ").trim()
    || node.textContent.trim() || node.title || "");
  for (const node of document.querySelectorAll("button, a[href], input, select, textarea, summary, [role=region], nav, aside:not([hidden]), section")) {
    const named = ["INPUT", "SELECT", "TEXTAREA"].includes(node.tagName) ? (node.getAttribute("aria-label") || [...node.labels].map((l) => l.textContent).join("")) : name(node);
    if (!named.trim()) found.push("no name: " + node.outerHTML.slice(0, 120));
  }
  const ids = [...document.querySelectorAll("[id]")].map((node) => node.id);
  for (const id of ids) if (ids.indexOf(id) !== ids.lastIndexOf(id)) found.push("id twice: " + id);
  for (const attribute of ["aria-labelledby", "aria-describedby", "for"])
    for (const node of document.querySelectorAll(`[${attribute}]`))
      for (const id of node.getAttribute(attribute).split(" "))
        if (!document.getElementById(id)) found.push(`${attribute} names nothing: ${id}`);
  if (!["ko", "en"].includes(document.documentElement.lang)) found.push("no language");
  if (document.querySelectorAll("main").length !== 1) found.push("not one main");
  if (!document.title.trim()) found.push("no title");
  for (const table of document.querySelectorAll("table")) if (!table.querySelector("th")) found.push("table without headings");
  const wide = document.documentElement.scrollWidth - document.documentElement.clientWidth;
  if (wide > 0) found.push(`wider than the window by ${wide}`);

  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const rgba = (colour) => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = colour;
    canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data];
  };
  const light = ([r, g, b]) => [r, g, b].map((v) => v / 255).map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4))
    .reduce((sum, v, at) => sum + v * [0.2126, 0.7152, 0.0722][at], 0);
  const ground = (node) => {
    for (let at = node; at; at = at.parentElement) {
      const colour = rgba(getComputedStyle(at).backgroundColor);
      if (colour[3] === 255) return colour;
    }
    return [255, 255, 255, 255];
  };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode.parentElement;
    if (!walker.currentNode.data.trim() || !seen(node) || node.closest(":disabled, .unseen, option, noscript")) continue;
    const style = getComputedStyle(node);
    const [a, b] = [light(rgba(style.color)), light(ground(node))].sort((x, y) => y - x);
    const large = parseFloat(style.fontSize) >= 24 || (parseFloat(style.fontSize) >= 18.66 && style.fontWeight >= 700);
    const ratio = (a + 0.05) / (b + 0.05);
    if (ratio < (large ? 3 : 4.5)) found.push(`contrast ${ratio.toFixed(2)}: ${node.className || node.tagName} "${walker.currentNode.data.trim().slice(0, 30)}"`);
  }
  return [...new Set(found)];
}
"""
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
    page.ask("How many glaucoma patients are in Nuri OCT by age band and sex in 2018?").locator("summary").click()
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
