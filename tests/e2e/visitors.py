"""People of the demo at `/live/` in a headless Chromium; skipped where the machine has none."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, expect, sync_playwright

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
AMINA, KARIM, SOFIA, LINA, OMAR, YACINE = (
    "أمينة للتوزيع",
    "كريم بن يوسف",
    "Sofia Haddad",
    "Lina Mansouri",
    "Omar Textiles",
    "ياسين مرابط",
)
PATIENCE = 30_000
expect.set_options(timeout=PATIENCE)


def find_chromium() -> str:
    """The browser of this machine: $CHROMIUM, or whichever is on the path."""
    found = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, _NAMES)), None)
    if found is None:
        pytest.skip("there is no Chromium on this machine: install one, or name it in CHROMIUM")
    return found


@contextmanager
def chromium() -> Iterator[Browser]:
    found = find_chromium()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=_ARGUMENTS)
        yield browser
        browser.close()


class Visitor:
    """A tab of their own, where a person of the demo is signed in. Complaints of the page are kept."""

    def __init__(self, browser: Browser, base_url: str, name: str, **context: str) -> None:
        self.name = name
        self.complaints: list[str] = []
        self.context = browser.new_context(**{"locale": "en-GB", **context})  # type: ignore[arg-type]
        self.context.set_default_timeout(PATIENCE)
        self.page: Page = self.context.new_page()
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("console", self._note)
        self.page.goto(f"{base_url}/live/")
        self.page.locator(".people button", has_text=name).click()
        expect(self.page.locator(".me")).to_contain_text(name)

    def close(self) -> None:
        self.context.close()

    def room(self, title: str) -> Locator:
        """A room's line in the list."""
        return self.page.locator(".rooms .row", has=self.page.locator("strong", has_text=title))

    def open(self, title: str) -> None:
        self.room(title).click()
        expect(self.page.locator(".head h2")).to_have_text(title)

    def write(self, text: str) -> None:
        """Into the field, without sending it."""
        self.page.locator("textarea").fill(text)

    def say(self, text: str) -> None:
        self.write(text)
        self.page.keyboard.press("Enter")

    def message(self, text: str) -> Locator:
        return self.page.locator(".message", has=self.page.get_by_text(text, exact=True))

    def notification(self, text: str) -> Locator:
        return self.page.locator(".notification", has_text=text)

    def _note(self, message: ConsoleMessage) -> None:
        # A connection that breaks is told by Chromium itself; the page deals with it.
        is_network = "WebSocket" in message.text or "Failed to load resource" in message.text
        if message.type == "error" and not is_network:
            self.complaints.append(message.text)


Arrive = Callable[..., Visitor]


@contextmanager
def arriving(browser: Browser, base_url: str) -> Iterator[Arrive]:
    """Sign in at the page as somebody; no page may have complained in the end."""
    visitors: list[Visitor] = []

    def arrive(name: str, **context: str) -> Visitor:
        visitors.append(Visitor(browser, base_url, name, **context))
        return visitors[-1]

    yield arrive
    for visitor in visitors:
        visitor.close()
    assert [(visitor.name, visitor.complaints) for visitor in visitors if visitor.complaints] == []
