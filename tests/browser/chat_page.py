"""The chat page as a person uses it."""

from __future__ import annotations

from playwright.sync_api import Locator, Page


class ChatPage:
    """Asks and reads answers."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.field = page.locator("#question")

    @property
    def answers(self) -> Locator:
        """The finished answers."""
        return self.page.locator(".answer[data-answer]")

    def ask(self, question: str) -> Locator:
        """Type a question, press Enter, wait for the answer."""
        before = self.answers.count()
        self.field.fill(question)
        self.field.press("Enter")
        return self.wait_for(before + 1)

    def wait_for(self, count: int) -> Locator:
        """The last answer, once there are ``count``."""
        self.answers.nth(count - 1).wait_for()
        return self.answers.nth(count - 1)
