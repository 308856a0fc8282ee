"""A browser, a running house, and people who sign in by the page."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from aftersales.core import clock
from tests.factories.staff import PASSWORD, make_person
from tests.factories.workshop import House, make_house

# Playwright's own event loop runs in this thread; Django's guard against blocking it means nothing here.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
LANGUAGES = {"zh-hans": "zh-CN", "zh-hant": "zh-TW", "en": "en-GB"}
AXE = Path(__file__).parent.parent.parent / "node_modules" / "axe-core" / "axe.min.js"


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The browser named by CHROMIUM."""
    with sync_playwright() as player:
        browser = player.chromium.launch(executable_path=os.environ.get("CHROMIUM") or "/usr/bin/chromium", args=FLAGS)
        yield browser
        browser.close()


@dataclass
class Walk:
    """One person's browser window; what the browser complained about is kept and must be nothing."""

    page: Page
    url: str
    complaints: list[str] = field(default_factory=list)

    def go(self, path: str) -> None:
        """Open a page of the house."""
        self.page.goto(self.url + path)

    def sign_in(self, login: str, password: str = PASSWORD) -> None:
        """Sign in by the page, as anybody would."""
        self.go("/account/login/")
        self.page.fill("input[name=login]", login)
        self.page.fill("input[name=password]", password)
        self.page.locator("form.form-sign-in button[type=submit]").click()
        self.page.wait_for_url(lambda address: "/login/" not in address)

    def act(self, action: str, **typed: str) -> None:
        """Fill in the form of one act on the order page and press its button."""
        form = self.page.locator(f"form[action$='/{action}/']").first
        fold = self.page.locator(f"details:has(form[action$='/{action}/'])").first
        if fold.count() and fold.get_attribute("open") is None:
            fold.locator("summary").first.click()
        for name, value in typed.items():
            box = form.locator(f"[name={name}]").first
            if box.get_attribute("type") in {"radio", "checkbox"}:
                (box if box.get_attribute("value") is None else form.locator(f"[name={name}][value='{value}']")).check()
            elif box.evaluate("one => one.tagName") == "SELECT":
                box.select_option(value)
            else:
                box.fill(value)
        with self.page.expect_navigation():
            form.locator("button[type=submit]").first.click()

    def answer_what_is_asked(self, lock: str = "by-owner") -> None:
        """Answer what no telephone is taken in without: how it is unlocked, and that its owner was told to save his data."""
        self.page.locator(f"[name='condition.locked'][value='{lock}']").check()
        self.page.locator("#id_is_reminded_of_valuables").check()

    def check_all(self, but: str = "", note: str = "") -> None:
        """Answer every point of the checklist with passed, one with failed and what was found, and press its button."""
        form = self.page.locator("form[action$='/pass_check/']").first
        for point in form.locator("fieldset.question").all():
            is_failed = bool(but) and but in point.inner_text()
            point.locator(f"input[value={'failed' if is_failed else 'passed'}]").check()
            if is_failed:
                point.locator("input[type=text]").fill(note)
        with self.page.expect_navigation():
            form.locator("button[formaction]" if but else "button[type=submit]:not([formaction])").first.click()

    def says(self, words: str) -> bool:
        """Whether the page shows these words."""
        return words in self.page.locator("body").inner_text()


@pytest.fixture
def walk(chromium: Browser, live_server: Any) -> Iterator[Callable[..., Walk]]:
    """A fresh window per person: `walk("zh-hans", phone=True)`."""
    contexts: list[BrowserContext] = []
    walks: list[Walk] = []

    def start(language: str = "zh-hans", *, phone: bool = False, theme: str = "light", scripts: bool = True) -> Walk:
        size: Any = {"width": 390, "height": 844} if phone else {"width": 1366, "height": 820}
        context = chromium.new_context(
            viewport=size,
            locale=LANGUAGES[language],
            color_scheme=theme,
            java_script_enabled=scripts,  # type: ignore[arg-type]
        )
        context.add_cookies([{"name": "django_language", "value": language, "url": live_server.url}])
        contexts.append(context)
        window = Walk(context.new_page(), live_server.url)
        window.page.on(
            "console", lambda said: window.complaints.append(said.text) if said.type in {"error", "warning"} else None
        )
        window.page.on("pageerror", lambda error: window.complaints.append(str(error)))
        walks.append(window)
        return window

    yield start
    complaints = [complaint for window in walks for complaint in window.complaints]
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.fixture
def house(transactional_db: None) -> House:
    """A station with an advisor, a technician and a supervisor who can sign in."""
    now = clock.now()
    made = make_house("NJ", now=now)
    for login, name, duty in (
        ("wangfang", "王芳", "service_advisor"),
        ("zhangwei", "张伟", "technician"),
        ("liumin", "刘敏", "reception_supervisor"),
    ):
        make_person(name, login=login, duty=duty, station="NJ", password=PASSWORD, now=now)
    return made
