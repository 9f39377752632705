"""The chat in both languages: asking, reading, looking at sources, choosing, going on."""

from __future__ import annotations

import re

import httpx
import pytest
from playwright.sync_api import expect

COUNTS = {
    "ko": "병원별 녹내장 환자 수는 몇 명인가요?",
    "en": "How many glaucoma patients does each hospital have?",
}
RULES = {"ko": "바우처 신청은 어떻게 하나요?", "en": "How is the voucher paid?"}
PROTECTED = "How many glaucoma patients are in Nuri OCT by age band and sex in 2018?"
RECORD_STREAM = """
window.streamed = [];
new MutationObserver(() => {
  const coming = document.querySelector(".answer.coming .streamed");
  if (coming) window.streamed.push(coming.textContent);
}).observe(document, { childList: true, subtree: true });
"""


def _ask(url: str, question: str) -> dict:
    return httpx.post(f"{url}/api/chat", json={"question": question}, timeout=60, trust_env=False).json()


@pytest.mark.parametrize("language", ["ko", "en"])
def test_an_answer_comes_as_text_and_ends_as_an_answer(chat, watch, language):
    page = chat(language)
    page.page.evaluate(RECORD_STREAM)
    answer = page.ask(RULES[language])
    streamed = page.page.evaluate("window.streamed")
    assert streamed and len(streamed[0]) <= len(streamed[-1])
    assert streamed[-1].split()[0].strip("-*") in answer.inner_text()
    assert answer.get_attribute("lang") == language
    assert watch.asked() == [{"question": RULES[language], "view": True}]
    expect(page.field).to_have_value("")


@pytest.mark.parametrize("language", ["ko", "en"])
def test_a_citation_opens_the_passage_that_it_quotes(chat, eye_server, language):
    page = chat(language)
    answer = page.ask(RULES[language])
    citation = _ask(eye_server.url, RULES[language])["citations"][0]
    mark = answer.locator("sup button").first
    mark.click()
    panel = page.page.locator("#passage")
    expect(panel.locator("mark")).to_have_text(citation["quote"])
    expect(panel).to_contain_text(citation["section"])
    expect(panel).to_contain_text(citation["version"])
    expect(panel.locator("h2")).to_be_focused()
    page.page.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    expect(mark).to_be_focused()
    mark.click()
    panel.locator("a.choice").click()
    expect(page.page.locator("mark#quote")).to_have_text(citation["quote"])
    expect(page.page.locator("mark#quote")).to_be_in_viewport()


@pytest.mark.parametrize("language", ["ko", "en"])
def test_the_table_holds_the_rows_of_the_query(chat, eye_server, language):
    answer = chat(language).ask(COUNTS[language])
    query = _ask(eye_server.url, COUNTS[language])["query"]
    shown = answer.locator(".rows tbody tr")
    assert shown.count() == len(query["rows"])
    for at, values in enumerate(query["rows"]):
        row = dict(zip(query["columns"], values, strict=True))
        cells = shown.nth(at).locator("td").all_inner_texts()
        assert cells[0] == row["hospital_name"]
        told = ["patients_low", "patients_high"]
        if row["patients_status"] == "bound":
            told += ["patients_largest", "patients_sum"]
        assert re.findall(r"\d+(?:,\d{3})*", cells[1]) == [f"{row[name]:,}" for name in told]
    answer.locator("summary").click()
    assert "".join(answer.locator("pre.sql").inner_text().split()) == "".join(query["sql"].split())
    expect(answer).to_contain_text(query["as_of"])
    expect(answer).to_contain_text(query["rule"])


def test_the_rows_of_every_part_are_a_table(chat, eye_server):
    question = "How many glaucoma patients are there by sex, and which datasets have IOP?"
    answer = chat().ask(question)
    asked = _ask(eye_server.url, question)
    queries = [asked["query"], *asked["further"]]
    assert len(queries) == 2
    tables = answer.locator(".rows")
    assert [tables.nth(at).locator("tbody tr").count() for at in range(tables.count())] == [
        len(query["rows"]) for query in queries
    ]
    answer.locator("summary").click()
    shown = answer.locator("pre.sql").all_inner_texts()
    assert ["".join(sql.split()) for sql in shown] == ["".join(query["sql"].split()) for query in queries]


def test_protected_cells_are_marked_and_are_not_numbers(chat, eye_server):
    answer = chat().ask(PROTECTED)
    query = _ask(eye_server.url, PROTECTED)["query"]
    at = query["columns"].index("patients_status")
    hidden = [row for row in query["rows"] if row[at] == "suppressed"]
    cells = answer.locator("td.protected")
    assert hidden and cells.count() == len(hidden)
    for text in cells.all_inner_texts():
        assert "protected" in text and text.strip() != "0"


def test_an_option_asks_again_in_the_same_conversation(chat, watch):
    page = chat()
    answer = page.ask("glaucoma patients aged 50-65")
    expect(answer).to_have_attribute("data-status", "clarify")
    option = answer.locator(".options button").first
    label = option.inner_text()
    option.click()
    again = page.wait_for(2)
    expect(again).to_have_attribute("data-status", "answered")
    first, second = watch.asked()
    assert second["question"] == label and second["language"] == "en" and second["conversation"]
    assert "conversation" not in first and second["conversation"] in page.page.url


def test_a_suggestion_and_an_example_are_questions(chat):
    page = chat("ko")
    page.page.locator("#examples button").first.click()
    expect(page.wait_for(1)).to_have_attribute("data-status", "answered")
    declined = page.ask("환자 홍길동의 기록을 보여줘")
    expect(declined).to_have_attribute("data-status", "declined")
    expect(declined.locator(".badge.declined")).to_be_visible()
    declined.locator(".suggestions button").first.click()
    expect(page.wait_for(3)).to_have_attribute("data-status", "answered")


def test_a_conversation_is_kept_over_a_reload_and_a_new_one_begins(chat, watch):
    page = chat("ko")
    first = page.ask(COUNTS["ko"])
    first.locator("[data-rating=up]").click()
    expect(first.locator("[data-rating=up]")).to_have_attribute("aria-pressed", "true")
    page.page.reload()
    restored = page.wait_for(1)
    expect(restored.locator(".rows tbody tr")).to_have_count(2)
    expect(restored.locator("[data-rating=up]")).to_have_attribute("aria-pressed", "true")
    page.ask("그중 여성은?")
    assert f"c={watch.asked()[-1]['conversation']}" in page.page.url
    page.page.locator("#new").click()
    expect(page.answers).to_have_count(0)
    expect(page.page.locator("#welcome")).to_be_visible()
    page.ask(RULES["ko"])
    assert "conversation" not in watch.asked()[-1]


def test_the_language_of_the_page_can_be_changed_in_a_conversation(chat):
    page = chat("ko")
    page.ask(RULES["ko"])
    page.page.locator("[data-language=en]").click()
    expect(page.page.locator("html")).to_have_attribute("lang", "en")
    expect(page.wait_for(1)).to_have_attribute("lang", "ko")
    page.page.goto(page.page.url.split("?")[0])
    expect(page.page.locator("html")).to_have_attribute("lang", "en")


def test_a_question_that_is_too_long_is_said_and_kept(chat, watch):
    page = chat()
    page.field.fill("long " * 900)
    page.field.press("Enter")
    expect(page.page.locator("#length")).to_contain_text("4,000")
    expect(page.field).to_have_attribute("aria-invalid", "true")
    assert watch.asked() == [] and page.field.input_value()


def test_a_refused_question_says_what_to_do_and_can_be_tried_again(chat, watch):
    watch.expected = {422}
    page = chat("ko")
    page.field.fill("???")
    page.field.press("Enter")
    problem = page.page.get_by_role("alert")
    expect(problem).to_contain_text("질문을 읽을 수 없습니다")
    expect(problem.get_by_role("button")).to_be_enabled()
    page.ask(RULES["ko"])


def test_a_server_that_is_gone_is_said_and_asked_again(chat, watch):
    page = chat("en")
    page.page.context.set_offline(True)
    page.field.fill(RULES["en"])
    page.field.press("Enter")
    problem = page.page.get_by_role("alert")
    expect(problem).to_contain_text("cannot be reached")
    watch.errors.clear()  # the browser's own line on the lost connection
    page.page.context.set_offline(False)
    problem.get_by_role("button").click()
    expect(page.wait_for(1)).to_have_attribute("data-status", "answered")
    expect(problem).to_have_count(0)


def test_the_answer_can_be_copied(chat, eye_server):
    page = chat("en")
    page.page.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=eye_server.url)
    answer = page.ask(RULES["en"])
    answer.get_by_role("button", name="Copy answer").click()
    expect(answer.get_by_role("button", name="Copied")).to_be_visible()
    copied = page.page.evaluate("navigator.clipboard.readText()")
    assert answer.locator("p, li").first.inner_text()[:20] in copied.split("\n")[0]
