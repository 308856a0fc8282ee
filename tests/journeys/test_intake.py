"""The counter: tapping on the drawing, signing with a finger, a known customer in under a minute."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from time import perf_counter

import pytest
from playwright.sync_api import Page

from aftersales.core import clock
from aftersales.workshop.models import RepairOrder
from aftersales.workshop.rules.order import OrderState
from tests.factories.workshop import House, imei, make_order
from tests.journeys.conftest import Walk

pytestmark = pytest.mark.journey
KEY, POINT, THINK = 0.2, 1.1, 1.35
"""Seconds of an average hand: a key, a tap or click, a thought before an act (keystroke-level model)."""


def send(page: Page) -> None:
    page.locator("#intake > .form-foot button[type=submit], #intake .form-foot button[type=submit]").last.click()


def sign(page: Page) -> None:
    """Write a zigzag on the sheet with the pointer."""
    sheet = page.locator("#intake .signature-sheet")
    sheet.scroll_into_view_if_needed()
    box = sheet.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 30, box["y"] + 60)
    page.mouse.down()
    for step in range(1, 13):
        page.mouse.move(box["x"] + 30 + step * 14, box["y"] + (30 if step % 2 else 80))
    page.mouse.up()


def tap_area(page: Page, area: str) -> None:
    """Tap into the middle of a named area of the drawing."""
    shape = page.locator(f"#intake [data-area='{area}']")
    shape.scroll_into_view_if_needed()
    box = shape.bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)


@pytest.mark.parametrize("phone", [False, True])
def test_damage_is_tapped_on_the_drawing_and_the_customer_signs(
    house: House, walk: Callable[..., Walk], *, phone: bool
) -> None:
    window = walk("zh-hans", phone=phone)
    window.sign_in("wangfang")
    window.go("/orders/receive/")
    page = window.page
    for name, typed in {"phone": "13812345678", "name": "陈静", "serial": imei(42), "fault": "碎屏"}.items():
        page.fill(f"#id_{name}", typed)
    window.answer_what_is_asked("on-paper")
    assert page.locator("#intake [data-sheet]").is_visible() is not phone  # folded away on a small screen
    if phone:
        page.locator("#intake [data-fold-narrow] > summary").click()
    tap_area(page, "screen")
    page.fill("#intake [data-note]", "左上角")
    page.locator("#intake [data-kind][value=crack]").click()
    page.locator("#intake [data-place]").select_option("back-cover")  # by keyboard alone
    page.locator("#intake [data-kind][value=scratch]").press("Enter")
    tap_area(page, "left-edge")
    page.locator("#intake [data-kind][value=dent]").click()
    page.locator("#intake .drawing-list li button").nth(1).click()
    assert page.locator("#intake .drawing-list li").count() == 2
    sign(page)
    send(page)
    page.wait_for_url("**/orders/RO-**")
    order = RepairOrder.objects.get()
    assert [(mark["area"], mark["kind"], mark["note"]) for mark in order.marks] == [
        ("screen", "crack", "左上角"),
        ("left-edge", "dent", ""),
    ]
    assert order.condition == {"locked": "on-paper"}
    assert len(order.signature[0]) > 5
    assert window.says("裂纹")
    assert page.locator(".signed-sheet path").count() == 1


def test_a_refused_form_keeps_marks_answers_signature_and_the_chosen_photo(
    house: House, walk: Callable[..., Walk]
) -> None:
    window = walk("en")
    window.sign_in("wangfang")
    window.go("/orders/receive/")
    page = window.page
    for name, typed in {"phone": "13812345678", "name": "陈静", "serial": imei(42), "fault": "碎屏"}.items():
        page.fill(f"#id_{name}", typed)
    page.set_input_files("#id_photos", "docs/screenshots/home-zh-desktop-light.png")
    tap_area(page, "screen")
    page.locator("#intake [data-kind][value=crack]").click()
    page.locator("[name='condition.screen'][value=damaged]").check()
    sign(page)
    send(page)
    page.wait_for_selector("#intake [role=alert]")
    assert window.says("Still missing before the unit can be taken in: Screen lock, the reminder of valuables.")
    assert page.locator("#intake .signature-ink path").count() == 1
    assert page.locator("#intake .drawing-list li").count() == 1
    assert page.locator("[name='condition.screen'][value=damaged]").is_checked()
    assert page.evaluate("document.getElementById('id_photos').files.length") == 1
    assert page.locator("#intake [data-previews] figure").count() == 1
    window.complaints.clear()  # the browser notes the refusal itself, status 422
    window.answer_what_is_asked()
    send(page)
    page.wait_for_url("**/orders/RO-**")
    assert window.page.locator(".photos li").count() == 1
    assert len(RepairOrder.objects.get().marks) == 1


def test_the_checklist_and_the_drawing_follow_the_kind_of_unit(house: House, walk: Callable[..., Walk]) -> None:
    window = walk("zh-hant")
    window.sign_in("wangfang")
    window.go("/orders/receive/")
    page = window.page
    assert page.locator("[name='condition.locked']").count() > 0
    page.fill("#id_serial", "SH-2231")
    page.select_option("#id_category", "kettle")
    page.wait_for_selector("[name='condition.locked']", state="detached")
    assert page.input_value("#id_serial") == "SH-2231"
    assert page.locator("#intake [data-area=cord]").count() == 1
    assert page.locator("#id_is_reminded_of_valuables").count() == 1


def test_marks_and_answers_work_without_scripts(house: House, walk: Callable[..., Walk]) -> None:
    window = walk("en", scripts=False)
    window.sign_in("wangfang")
    window.go("/orders/receive/")
    page = window.page
    for name, typed in {"phone": "13812345679", "name": "李雷", "serial": imei(43), "fault": "开不了机"}.items():
        page.fill(f"#id_{name}", typed)
    page.locator("[name='marks.area']").nth(0).select_option("screen")
    page.locator("[name='marks.kind']").nth(0).select_option("crack")
    page.locator("[name='marks.area']").nth(1).select_option("back-cover")
    page.locator("[name='marks.kind']").nth(1).select_option("dent")
    send(page)
    assert window.says("Still missing")
    window.complaints.clear()  # status 422
    page.locator("[name='marks.drop']").nth(1).check()
    window.answer_what_is_asked()
    page.locator("#id_is_signed_on_paper").check()
    send(page)
    page.wait_for_url("**/orders/RO-**")
    order = RepairOrder.objects.get()
    assert [mark["area"] for mark in order.marks] == ["screen"]
    assert order.is_signed_on_paper


def test_a_known_customer_is_taken_in_within_a_minute(house: House, walk: Callable[..., Walk]) -> None:
    """A scan, the fault in a few words, two answers, two marks' taps, a signature: counted as an average hand would need."""
    before = clock.now() - timedelta(days=20)
    known = make_order(house, OrderState.CLOSED, serial=imei(77), phone="13977778888", name="诸葛明", now=before)
    window = walk("zh-hans")
    window.sign_in("wangfang")
    window.go("/orders/receive/")
    page, seconds, keys, taps = window.page, 0.0, 0, 0
    began = perf_counter()
    page.keyboard.type(imei(77))  # the scanner writes into the first box, which has the focus
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/receive/?unit={known.unit_id}")
    seconds += POINT + THINK  # taking the scanner and aiming
    assert page.input_value("#id_name") == "诸葛明"
    assert window.says(known.number)
    fault = "电池鼓包"
    page.keyboard.type(fault)  # the focus is in the box for the fault
    keys += 3 * len(fault)  # as pinyin
    page.locator("[data-rest]").click()
    window.answer_what_is_asked()
    tap_area(page, "back-cover")
    page.locator("#intake [data-kind][value=dent]").click()
    taps += 5
    sign(page)
    seconds += 5  # the customer writes his name
    send(page)
    taps += 1
    page.wait_for_url("**/orders/RO-**")
    machine = perf_counter() - began
    seconds += keys * KEY + taps * POINT + 6 * THINK
    order = RepairOrder.objects.latest("pk")
    assert (order.customer_id, order.unit_id) == (known.customer_id, known.unit_id)
    assert (order.fault, len(order.marks), bool(order.signature)) == (fault, 1, True)
    print(f"{keys} keys, {taps} taps, {seconds:.0f} s of a person, {machine:.1f} s of the machine")
    assert seconds < 60
