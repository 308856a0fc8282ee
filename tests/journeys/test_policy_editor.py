"""A service manager edits the returns policy in Chinese: changes a cell, is told of the gap, mends it, saves; by keyboard, then on a phone without script."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator

from aftersales.core import clock
from aftersales.policies import queries, services
from aftersales.policies.models import PolicyVersion
from aftersales.policies.rules import rows
from aftersales.policies.rules.rows import Address
from tests.factories.policies import SHIPPED
from tests.factories.staff import PASSWORD, actor_of, make_person
from tests.factories.workshop import House
from tests.journeys.conftest import Walk
from tests.journeys.test_every_page import serious_findings

pytestmark = pytest.mark.journey
TABLE = "/policies/returns/versions/1/edit/return/ground/"


@pytest.fixture
def draft(house: House) -> PolicyVersion:
    person = make_person("陈主任", login="boss", duty="service_manager", station="NJ", password=PASSWORD)
    draft: PolicyVersion = services.adopt_shipped(actor_of(person), file=SHIPPED, now=clock.now())
    return draft


def cell(window: Walk, column: str) -> Locator:
    return window.page.locator(f"[data-row-form] [data-cell='{column}']").locator("input.form-control, select").first


def stands(row: str) -> dict[str, str]:
    return dict(rows.row_at(PolicyVersion.objects.get().text, Address("return", "ground"), row)[1].left)


def test_a_gap_is_told_while_typing_and_mended_before_it_is_saved(
    draft: PolicyVersion, walk: Callable[..., Walk]
) -> None:
    window = walk("zh-hans")
    window.sign_in("boss")
    window.go(TABLE)
    page = window.page
    page.locator("#row-G08 [data-row]").click()
    page.locator("[data-verdict=sound]").wait_for()
    cell(window, "days_recv").fill(">4")
    page.locator("[data-verdict=gap]").wait_for()
    told = page.locator("[data-verdict=gap]").inner_text()
    assert "空白" in told
    assert "收货后天数：4" in told
    assert "quality-day-4-and-a-half" in page.locator("[data-verdict=red]").inner_text()
    assert stands("G08")["days_recv"] == ">$free_days"
    cell(window, "days_recv").fill("很久")
    page.locator("[data-verdict=unreadable]").wait_for()
    assert cell(window, "days_recv").get_attribute("aria-invalid") == "true"
    cell(window, "days_recv").fill(">=4")
    page.locator("[data-verdict=sound]").wait_for()
    page.locator("[data-verdict=whole]").wait_for()
    assert serious_findings(window) == []
    cell(window, "days_recv").press("Enter")
    page.locator("#row-G08.is-saved").wait_for()
    assert stands("G08")["days_recv"] == ">=4"
    assert page.evaluate("document.activeElement.textContent") == "G08"


def test_values_are_picked_by_their_names_and_escape_leaves_the_row_as_it_was(
    draft: PolicyVersion, walk: Callable[..., Walk]
) -> None:
    window = walk("zh-hant")
    window.sign_in("boss")
    window.go(TABLE + "?row=G08")
    page = window.page
    picks = page.locator("[data-row-form] [data-cell=stock_class] [data-picks]")
    picks.locator("summary").click()
    picks.get_by_text("季節性", exact=False).first.click()
    assert cell(window, "stock_class").input_value() == "regular, seasonal"
    picks.locator("[data-negate]").check()
    assert cell(window, "stock_class").input_value() == "not(regular, seasonal)"
    page.locator("[data-verdict=gap]").first.wait_for()
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    page.locator("[data-row-form]").wait_for(state="detached")
    assert stands("G08")["stock_class"] == "regular"


def test_without_script_on_a_phone_a_row_is_checked_and_saved(draft: PolicyVersion, walk: Callable[..., Walk]) -> None:
    window = walk("zh-hans", phone=True, scripts=False)
    window.sign_in("boss")
    window.go(TABLE)
    page = window.page
    page.locator("#row-G08 a").first.click()
    cell(window, "days_recv").fill(">4")
    page.locator("button[formaction$='/try/']").click()
    assert "空白" in page.locator("main").inner_text()
    page.go_back()
    cell(window, "days_recv").fill(">=4")
    page.locator("[data-row-form] button[type=submit]:not([formaction])").first.click()
    page.wait_for_url(lambda address: address.endswith("#row-G08"))
    assert stands("G08")["days_recv"] == ">=4"
    assert not queries.examine(PolicyVersion.objects.get()).faults


LOOKS = [("zh-hans", False, "light"), ("zh-hant", True, "dark")]
PAGES = (
    "edit/", "edit/return/ground/", "edit/return/ground/?row=G08", "edit/registers/parameters/?new=1",
    "edit/registers/ambiguities/", "clauses/2.A3/", "text/", "cases/?explain=quality-day-0&q=quality-day-0",
    "cases/add/", "workbook/",
)  # fmt: skip


@pytest.mark.parametrize(("language", "phone", "theme"), LOOKS)
def test_every_page_of_the_editor_is_sound_and_accessible(
    draft: PolicyVersion, walk: Callable[..., Walk], language: str, *, phone: bool, theme: str
) -> None:
    window = walk(language, phone=phone, theme=theme)
    window.sign_in("boss")
    troubles = {}
    for path in PAGES:
        window.go(f"/policies/returns/versions/1/{path}")
        window.page.wait_for_load_state("networkidle")
        found = serious_findings(window)
        width = window.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        if found or width > 0:
            troubles[path] = [*found, f"{width}px wider than the screen"]
    assert troubles == {}


def test_a_number_is_changed_in_a_file_seen_taken_over_and_the_cases_it_turns_red_accepted(
    draft: PolicyVersion, walk: Callable[..., Walk]
) -> None:
    window = walk("zh-hans", phone=True)
    window.sign_in("boss")
    window.go("/policies/returns/versions/1/workbook/")
    page = window.page
    text = draft.text.replace("| free_days | 3 |", "| free_days | 4 |")
    page.set_input_files(
        "input[type=file]", {"name": "制度.md", "mimeType": "text/markdown", "buffer": text.encode("gb18030")}
    )
    page.locator("form[action$='/compare/'] button[type=submit]").click()
    page.locator("text=free_days").first.wait_for()
    assert "10 个测试案例不符" in page.locator("main").inner_text()
    page.locator("form[action$='/take/'] button[type=submit]").click()
    page.wait_for_url("**/edit/")
    assert queries.policy_of(PolicyVersion.objects.get()).parameters["free_days"].value == 4
    window.go("/policies/returns/versions/1/cases/?red=on")
    page.locator("button[name=all]").click()
    page.locator("dialog[open] button[value=yes]").click()
    page.locator("text=182 个测试案例全部相符").first.wait_for()
    assert not queries.examine(PolicyVersion.objects.get()).red
