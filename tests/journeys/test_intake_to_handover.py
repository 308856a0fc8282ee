"""From the customer's first word to the handed-back unit."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from aftersales.workshop.models import RepairOrder
from aftersales.workshop.rules.order import OrderState
from tests.factories.workshop import House, imei
from tests.journeys.conftest import Walk

pytestmark = pytest.mark.journey


@pytest.mark.parametrize(("language", "received"), [("zh-hans", "已接修"), ("zh-hant", "已接修"), ("en", "Received")])
def test_a_unit_is_taken_in_repaired_checked_and_handed_over(
    house: House, walk: Callable[..., Walk], language: str, received: str
) -> None:
    advisor, technician, supervisor = walk(language), walk(language, phone=True), walk(language)
    advisor.sign_in("wangfang")
    technician.sign_in("zhangwei")
    supervisor.sign_in("liumin")

    advisor.go("/orders/receive/")
    page = advisor.page
    page.fill("#id_phone", "13812345678")
    page.fill("#id_name", "陈静")
    page.focus("#id_serial")
    page.keyboard.type(imei(42))
    page.keyboard.press("Enter")  # a scanner's Enter
    assert "/orders/receive/" in page.url
    page.fill("#id_fault", "屏幕不亮,摔过")
    advisor.answer_what_is_asked()
    page.locator("form[action$='/orders/receive/'] button[type=submit]").last.click()
    page.wait_for_url("**/orders/RO-**")
    order = RepairOrder.objects.get()
    assert advisor.says(order.number)
    assert advisor.says(received)

    path = f"/orders/{order.number}/"
    technician.go(path)
    technician.act("diagnose", diagnosis="屏幕排线断裂,需更换总成")
    advisor.go(path)
    advisor.act("add_line", kind="part", description="屏幕总成", unit_price="280", basis="价目表")
    advisor.act("quote")
    advisor.act("approve", way="telephone", given_by="陈静")
    supervisor.go(path)
    supervisor.act("assign", technician_id=str(house.technician_person.pk))
    technician.go(path)
    technician.act("start")
    technician.act("complete", work_done="更换屏幕总成,测试正常")
    supervisor.go(path)
    supervisor.check_all()
    advisor.go(path)
    advisor.act("announce", reached="陈静", told="换了屏幕总成，280 元")
    advisor.act("explain", work_told="换了屏幕总成", old_parts="taken", is_explained="on")
    advisor.act("record_payment", amount="280", way="wechat")
    advisor.act("hand_over", taken_by="陈静")
    supervisor.go(path)
    supervisor.act("close")
    assert RepairOrder.objects.get().state == OrderState.CLOSED


def test_the_whole_way_works_without_scripts(house: House, walk: Callable[..., Walk]) -> None:
    window = walk("en", scripts=False)
    window.sign_in("wangfang")
    window.go("/orders/receive/")
    page = window.page
    for name, typed in {"phone": "13812345679", "name": "李雷", "serial": imei(43), "fault": "开不了机"}.items():
        page.fill(f"#id_{name}", typed)
    window.answer_what_is_asked()
    page.locator("form[action$='/orders/receive/'] button[type=submit]").last.click()
    page.wait_for_url("**/orders/RO-**")
    window.act("cancel", reason="客户不修了")
    window.act("hand_over", taken_by="李雷")
    assert RepairOrder.objects.get().state == OrderState.HANDED_OVER


def test_pressing_send_twice_in_a_hurry_opens_one_order(house: House, walk: Callable[..., Walk]) -> None:
    window = walk("zh-hans", phone=True)
    window.sign_in("wangfang")
    window.go("/orders/receive/")
    page = window.page
    for name, typed in {"phone": "13812345680", "name": "韩梅", "serial": imei(44), "fault": "无声音"}.items():
        page.fill(f"#id_{name}", typed)
    window.answer_what_is_asked()
    page.locator("form[action$='/orders/receive/'] button[type=submit]").last.dblclick()
    page.wait_for_url("**/orders/RO-**")
    assert RepairOrder.objects.count() == 1


def test_a_known_customer_is_chosen_while_typing_and_nothing_is_typed_twice(
    house: House, walk: Callable[..., Walk]
) -> None:
    from aftersales.core import clock
    from tests.factories.workshop import make_order

    known = make_order(house, OrderState.CLOSED, phone="13977778888", name="诸葛明", serial=imei(77), now=clock.now())
    window = walk("zh-hans")
    window.sign_in("wangfang")
    window.go("/orders/receive/")
    page = window.page
    page.locator("#id_name").press_sequentially("zgm")  # the initials of his name
    page.locator("[data-pick]", has_text="诸葛明").first.click()
    assert page.input_value("#id_name") == "诸葛明"
    page.locator("#id_serial").press_sequentially(imei(77)[-6:])
    page.locator("[data-pick]", has_text=imei(77)).first.click()
    assert page.input_value("#id_serial") == imei(77)
    page.fill("#id_fault", "电池鼓包")
    window.answer_what_is_asked()
    page.locator("form[action$='/orders/receive/'] button[type=submit]").last.click()
    page.wait_for_url("**/orders/RO-**")
    again = RepairOrder.objects.latest("pk")
    assert (again.customer_id, again.unit_id) == (known.customer_id, known.unit_id)
    assert window.says(known.number)  # the earlier visit stands on the page
