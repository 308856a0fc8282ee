"""Pictures of the pages, made from a running demonstration: `python tools/screenshots.py URL LOGIN PASSWORD FOLDER [name …]`."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

CHROMIUM = "/usr/bin/chromium"
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
SIZES: Mapping[str, Any] = {"desktop": {"width": 1440, "height": 900}, "phone": {"width": 390, "height": 844}}
LANGUAGES = {"zh": "zh-hans", "hant": "zh-hant", "en": "en"}
PAGES: Mapping[str, str] = {
    "home": "/",
    "receive": "/orders/receive/",
    "orders": "/orders/",
    "order": "/orders/?state=quoted -> /orders/RO-",
    "repairing": "/orders/?state=repairing -> /orders/RO-",
    "board": "/orders/board/",
    "counts": "/orders/counts/",
    "customers": "/customers/",
    "customer": "/customers/ -> /customers/\\d",
    "unit": "/units/ -> /units/\\d",
    "catalog": "/catalog/models/",
    "people": "/staff/people/",
    "duties": "/staff/duties/",
    "calendars": "/calendars/",
    "login": "/account/login/",
    "search": "/search/",
    "me": "/staff/me/",
    "year": "/calendars/ -> /calendars/[A-Z]",
    "stations": "/staff/stations/",
    "person": "/staff/people/ -> /staff/people/\\d",
    "history": "/orders/history/",
    "stock": "/warehouse/",
    "stock_item": "/warehouse/ -> /warehouse/items/\\d",
    "receive_goods": "/warehouse/receive/",
    "stocktake": "/warehouse/stocktakes/ -> /warehouse/stocktakes/SK-",
    "slow_goods": "/warehouse/slow/?days=60",
    "slip": "/orders/?state=received -> /orders/RO- slip/",
}


def main() -> None:
    """Take the pictures that the command line asks for; `name` is such as `home-zh-desktop-light`."""
    url, login, password, folder, *names = sys.argv[1:]
    target = Path(folder)
    target.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as player:
        browser = player.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        for setting, pages in _grouped(names or list(_all_names())).items():
            _shoot(browser, url, (login, password), setting, pages, target)
        browser.close()


def _all_names() -> Iterator[str]:
    for page in PAGES:
        yield from (f"{page}-zh-desktop-light", f"{page}-en-phone-dark")


def _grouped(names: list[str]) -> dict[str, list[str]]:
    grouped: dict[str, list[str]] = {}
    for name in names:
        page, setting = name.split("-", 1)
        grouped.setdefault(setting, []).append(page)
    return grouped


def _shoot(browser: Browser, url: str, who: tuple[str, str], setting: str, pages: list[str], target: Path) -> None:
    language, size, theme = setting.split("-")
    context = browser.new_context(viewport=SIZES[size], color_scheme=theme, device_scale_factor=1)  # type: ignore[arg-type]
    context.add_cookies([{"name": "django_language", "value": LANGUAGES[language], "url": url}])
    page = context.new_page()
    page.on("console", lambda message: print(setting, message.type, message.text) if message.type == "error" else None)
    page.goto(f"{url}/account/login/")
    page.fill("input[name=login]", who[0])
    page.fill("input[name=password]", who[1])
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_url(lambda address: "/login/" not in address)
    page.request.get(url)
    for name in pages:
        _open(page, url, PAGES[name])
        page.wait_for_timeout(700)
        page.screenshot(path=target / f"{name}-{setting}.png", full_page=size == "phone" or name == "order")
    context.close()


def _open(page: Page, url: str, way: str) -> None:
    first, _, second = way.partition(" -> ")
    page.goto(url + first)
    if not second:
        return
    pattern, _, rest = second.partition(" ")
    links = page.locator("main a").evaluate_all("all => all.map(a => a.getAttribute('href'))")
    found = next((link for link in links if link and re.match(pattern, link)), None)
    if found:
        page.goto(url + found + rest)


if __name__ == "__main__":
    main()
