"""Each page of the menu in each look: no broken script, no blocked style, nothing seriously inaccessible."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from aftersales.workshop.rules.order import OrderState
from tests.factories.staff import PASSWORD, make_person
from tests.factories.workshop import House, make_order
from tests.journeys.conftest import AXE, Walk

pytestmark = pytest.mark.journey

LOOKS = [("zh-hans", False, "light"), ("en", True, "dark"), ("zh-hant", False, "dark"), ("en", False, "light")]
FIND_SERIOUS = """async () => {
  const found = await axe.run(document, {resultTypes: ["violations"]});
  return found.violations
    .filter(one => ["serious", "critical"].includes(one.impact))
    .map(one => one.id + ": " + one.nodes.slice(0, 3).map(node => node.target.join(" ")).join(" | "));
}"""


def serious_findings(window: Walk) -> list[str]:
    """What axe finds on the page as it stands; what the browser says against axe's own styles is not the page's."""
    before = len(window.complaints)
    window.page.evaluate(AXE.read_text(encoding="utf-8"))
    found: list[str] = window.page.evaluate(FIND_SERIOUS)
    window.page.wait_for_timeout(50)
    del window.complaints[before:]
    return found


def test_the_walk_would_notice_a_blocked_style_and_a_picture_without_words(
    house: House, walk: Callable[..., Walk]
) -> None:
    window = walk("en")
    window.sign_in("wangfang")
    window.go("/gallery/")
    assert window.complaints == []
    window.page.evaluate(
        "document.body.insertAdjacentHTML('beforeend', '<p style=\"color:red\">x</p><img src=\"/x.png\">')"
    )
    assert any("image-alt" in finding for finding in serious_findings(window))
    window.page.wait_for_timeout(200)
    assert any("Content Security Policy" in complaint for complaint in window.complaints)
    window.complaints.clear()


@pytest.mark.parametrize(("language", "phone", "theme"), LOOKS)
def test_every_page_of_the_menu_is_sound_and_accessible(
    house: House, walk: Callable[..., Walk], language: str, *, phone: bool, theme: str
) -> None:
    order = make_order(house, OrderState.QUOTED)
    make_person("陈主任", login="boss", duty="service_manager", station="NJ", password=PASSWORD)
    window = walk(language, phone=phone, theme=theme)
    window.sign_in("boss")
    menu = window.page.locator("nav a").evaluate_all("all => all.map(one => one.getAttribute('href'))")
    paths = sorted({path for path in menu if path and path.startswith("/")})
    assert len(paths) > 8
    more = [
        f"/orders/{order.number}/",
        f"/orders/{order.number}/edit/",
        f"/orders/{order.number}/similar/",
        f"/orders/{order.number}/ask_expert/",
        f"/orders/{order.number}/slip/",
        f"/orders/{order.number}/slip/?paper=80",
        f"/orders/{order.number}/label/",
        f"/orders/{order.number}/quotation/",
        "/staff/stations/NJ/letterhead/",
        "/gallery/paper/a4/",
        f"/customers/{order.customer_id}/",
        f"/units/{order.unit_id}/",
        "/staff/me/",
        "/gallery/",
        "/search/",
    ]
    troubles = {}
    for path in [*paths, *more]:
        window.go(path)
        window.page.wait_for_load_state("networkidle")
        found = serious_findings(window)
        width = window.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        if width > 0:
            found = [*found, f"{width}px wider than the screen"]
        if found:
            troubles[path] = found
    assert troubles == {}
