"""Korean is composed: one Enter sends the question once, whole, however the browser tells of it."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

BEGINNING, END = "바우처 신청은 어떻게 하나", "요"
QUESTION = BEGINNING + END
SETTLED_MS = 1_500
EVENTS = """
([name, how]) => {
  const field = document.getElementById("question");
  const make = { composition: CompositionEvent, key: KeyboardEvent };
  const event = new make[how.kind](name, { bubbles: true, cancelable: true, ...how });
  if (how.keyCode) Object.defineProperty(event, "keyCode", { value: how.keyCode });
  if (how.value !== undefined) field.value = how.value;
  field.dispatchEvent(event);
}
"""


class Keyboard:
    """An input method, driven through the browser's own."""

    def __init__(self, page) -> None:
        self._session = page.context.new_cdp_session(page)

    def compose(self, text: str) -> None:
        self._session.send(
            "Input.imeSetComposition", {"text": text, "selectionStart": len(text), "selectionEnd": len(text)}
        )

    def commit(self, text: str) -> None:
        self._session.send("Input.insertText", {"text": text})

    def enter(self, key_code: int) -> None:
        key = {"key": "Process" if key_code == 229 else "Enter", "code": "Enter"}
        for type, code in (("rawKeyDown", key_code), ("keyUp", 13)):
            self._session.send("Input.dispatchKeyEvent", {"type": type, "windowsVirtualKeyCode": code, **key})


@pytest.mark.parametrize("second_key", [False, True], ids=["one key event", "a second one behind"])
def test_enter_while_composing_sends_once(chat, watch, second_key):
    page = chat("ko")
    page.field.focus()
    keyboard = Keyboard(page.page)
    keyboard.commit(BEGINNING)
    keyboard.compose(END)
    expect(page.field).to_have_value(QUESTION)
    keyboard.enter(229)
    assert watch.asked() == []
    keyboard.commit(END)
    if second_key:
        keyboard.enter(13)
    page.wait_for(1)
    page.page.wait_for_timeout(SETTLED_MS)
    assert [body["question"] for body in watch.asked()] == [QUESTION]
    expect(page.field).to_have_value("")
    expect(page.answers).to_have_count(1)


def test_enter_behind_the_end_of_a_composition_sends_once(chat, watch):
    """The order of another browser: the composition ends first, then comes the key with composing's code."""
    page = chat("ko")
    page.field.focus()
    for name, how in (
        ("compositionstart", {"kind": "composition"}),
        ("compositionend", {"kind": "composition", "data": END, "value": QUESTION}),
        ("keydown", {"kind": "key", "key": "Enter", "code": "Enter", "keyCode": 229}),
    ):
        page.page.evaluate(EVENTS, [name, how])
    page.wait_for(1)
    page.page.wait_for_timeout(SETTLED_MS)
    assert [body["question"] for body in watch.asked()] == [QUESTION]


def test_a_composition_that_nobody_wished_to_send_is_not_sent(chat, watch):
    page = chat("ko")
    page.field.focus()
    keyboard = Keyboard(page.page)
    keyboard.compose("바")
    keyboard.commit("바")
    page.page.wait_for_timeout(300)
    assert watch.asked() == []
    expect(page.field).to_have_value("바")


def test_shift_and_enter_begin_a_new_line(chat, watch):
    page = chat("ko")
    page.field.fill("첫 줄")
    page.field.press("Shift+Enter")
    page.field.press_sequentially("둘째 줄")
    expect(page.field).to_have_value("첫 줄\n둘째 줄")
    assert watch.asked() == []


def test_enter_twice_sends_once(chat, watch):
    page = chat("ko")
    page.field.fill(QUESTION)
    page.field.press("Enter")
    page.field.press("Enter")
    page.wait_for(1)
    assert len(watch.asked()) == 1
