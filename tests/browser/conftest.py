"""A real browser on a real server: chromium, watched for whatever leaves the origin or goes wrong."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Request, sync_playwright

from tests.browser.chat_page import ChatPage

FIXTURES = Path(__file__).parent.parent / "fixtures"
ARGUMENTS = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
LOCALES = {"ko": "ko-KR", "en": "en-US"}
PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1280, "height": 860}
PATIENCE_MS = 60_000
TELL_VIOLATIONS = (
    "addEventListener('securitypolicyviolation', "
    "(event) => console.error('policy violated: ' + event.violatedDirective + ' ' + event.blockedURI));"
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Every test here is one of the browser's."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker("browser")


@pytest.fixture(scope="session")
def eye_server(tmp_path_factory: pytest.TempPathFactory, start_server: Callable[..., Any]) -> Any:
    """A server over a home of the eye fixtures: protected cells, documents in two languages."""
    from assistant.home import Home

    root = tmp_path_factory.mktemp("eye") / "home"
    with Home(root, "browser tests") as home:
        home.create()
        home.add_documents([FIXTURES / "eye_documents"])
        home.import_catalog(FIXTURES / "eye_catalog")
    return start_server(root)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium with a user data folder of its own."""
    path = shutil.which("chromium")
    assert path is not None, "chromium is not installed: `make browser` fetches it"
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield launched
        launched.close()


@dataclass
class Watch:
    """What a page did. ``expected``: statuses that a test provokes, which the browser reports as errors."""

    origin: str
    requests: list[Request] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    expected: set[int] = field(default_factory=set)

    def follow(self, page: Page) -> None:
        page.on("request", lambda request: self.requests.append(request))
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("console", self._console)

    def _console(self, message: Any) -> None:
        if message.type in {"error", "warning"}:
            self.errors.append(message.text)

    def asked(self) -> list[dict[str, Any]]:
        """The bodies of the questions sent, in order."""
        return [r.post_data_json for r in self.requests if r.url == f"{self.origin}/api/chat"]

    def hold(self) -> None:
        """Nothing left the origin, and nothing went wrong that was not provoked."""
        assert [r.url for r in self.requests if not r.url.startswith(f"{self.origin}/")] == []
        unexpected = [
            e for e in self.errors if not any(f"status of {status}" in e for status in self.expected)
        ]
        assert unexpected == []


@pytest.fixture
def watch(eye_server: Any) -> Watch:
    """What the test's pages do; looked at when the test is over."""
    return Watch(eye_server.url)


@pytest.fixture
def visit(browser: Browser, eye_server: Any, watch: Watch) -> Iterator[Callable[..., Page]]:
    """Open a path as somebody new: ``visit("/", "ko", phone=True, dark=True)``."""
    contexts: list[BrowserContext] = []

    def open_page(path: str, language: str = "en", *, phone: bool = False, dark: bool = False) -> Page:
        context = browser.new_context(
            locale=LOCALES[language],
            viewport=PHONE if phone else DESKTOP,  # type: ignore[arg-type]
            has_touch=phone,
            color_scheme="dark" if dark else "light",
            reduced_motion="reduce",
        )
        contexts.append(context)
        context.set_default_timeout(PATIENCE_MS)
        context.add_init_script(TELL_VIOLATIONS)
        page = context.new_page()
        watch.follow(page)
        page.goto(f"{eye_server.url}{path}")
        return page

    yield open_page
    for context in contexts:
        context.close()
    watch.hold()


@pytest.fixture
def chat(visit: Callable[..., Page]) -> Callable[..., ChatPage]:
    """Open the chat page as somebody new."""
    return lambda language="en", **how: ChatPage(visit("/", language, **how))
