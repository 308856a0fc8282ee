"""A technician in the cellar: what he sends without a connection is kept, and arrives once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest

from aftersales.core import clock
from aftersales.staff.models import Person
from aftersales.workshop import services
from aftersales.workshop.models import RepairOrder, Wait
from aftersales.workshop.rules.order import OrderState as S
from tests.factories.workshop import House, make_order
from tests.journeys.conftest import Walk
from tests.journeys.lines import Line

pytestmark = pytest.mark.journey


@pytest.fixture
def line(live_server: Any) -> Iterator[Line]:
    """The connection of the telephone."""
    port = urlsplit(live_server.url).port
    assert port
    made = Line(port)
    yield made
    made.close()


@pytest.fixture
def order(house: House) -> RepairOrder:
    """A repair in Zhang Wei's hands."""
    made = make_order(house, S.APPROVED, now=clock.now() - timedelta(hours=4))
    zhang = Person.objects.get(login="zhangwei")
    services.assign_order(house.supervisor, number=made.number, technician_id=zhang.pk, now=clock.now())
    services.start_order(house.technician, number=made.number, now=clock.now())
    return RepairOrder.objects.get(pk=made.pk)


IN_CHARGE = """async () => {
  await navigator.serviceWorker.ready;
  if (!navigator.serviceWorker.controller) {
    await new Promise(done => navigator.serviceWorker.addEventListener("controllerchange", done, {once: true}));
  }
}"""
"""Ends when the service worker is in charge of the page; the pages' policy forbids to evaluate a text again and again."""


def _sign_in(window: Walk, line: Line) -> None:
    window.url = line.url
    window.sign_in("zhangwei")
    window.go("/orders/mine/")
    window.page.evaluate(IN_CHARGE)


def forget_the_cut(window: Walk) -> None:
    """What the browser and htmx say of a connection that we cut ourselves, and of the refusal that follows, is no fault."""
    ours = ("ERR_", "htmx:", "409")
    window.complaints[:] = [said for said in window.complaints if not any(mark in said for mark in ours)]


def _wait_for_parts(window: Walk) -> None:
    window.page.locator("details:has(form[action$='/wait/']) > summary").click()
    form = window.page.locator("form[action$='/wait/']")
    form.locator("[name=waiting_on]").fill("库管 老周")
    form.locator("[name=note]").fill("等主板到货")
    form.locator("button[type=submit]").click()


def test_what_is_sent_without_a_connection_is_kept_and_arrives_once(
    walk: Callable[..., Walk], line: Line, order: RepairOrder
) -> None:
    window = walk("zh-hans", phone=True)
    _sign_in(window, line)
    window.go(f"/orders/{order.number}/bench/")
    line.cut()
    _wait_for_parts(window)
    window.page.wait_for_url("**/offline/")
    assert window.says("没有网络")
    window.page.locator("[data-kept-list] li").wait_for()
    assert order.number in window.page.locator("[data-kept-list]").inner_text()
    assert Wait.objects.count() == 0
    line.mend()
    window.go("/orders/mine/")
    window.page.get_by_text("网络恢复后已发送").wait_for()
    assert Wait.objects.get().note == "等主板到货"
    window.go("/orders/mine/")
    window.page.wait_for_timeout(500)
    assert Wait.objects.count() == 1
    forget_the_cut(window)


def test_what_is_refused_when_it_arrives_says_why_and_is_not_lost(
    walk: Callable[..., Walk], line: Line, order: RepairOrder, house: House
) -> None:
    window = walk("zh-hans", phone=True)
    _sign_in(window, line)
    window.go(f"/orders/{order.number}/bench/")
    line.cut()
    _wait_for_parts(window)
    window.page.wait_for_url("**/offline/")
    services.cancel_order(house.advisor, number=order.number, reason="客户不修了", now=clock.now())
    line.mend()
    window.go("/orders/mine/")
    discard = window.page.get_by_role("button", name="放弃")
    discard.wait_for()
    assert "已取消" in window.page.locator("[data-kept-list]").inner_text()
    assert "等主板到货" in window.page.locator("[data-kept-list]").inner_text()
    assert Wait.objects.count() == 0
    discard.click()
    window.page.locator("[data-kept]").wait_for(state="hidden")
    forget_the_cut(window)
