"""The sheet that is signed when the unit goes home: what was done, what it cost, and what was paid."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine

from aftersales.workshop import services
from aftersales.workshop.rules.order import OrderState as S
from tests.factories.staff import NOW
from tests.factories.workshop import make_house, make_order
from tests.workshop.papers import done_order, minutes, words

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def two_hours_later():
    with time_machine.travel(NOW + timedelta(hours=2)):
        yield


@pytest.fixture
def house():
    return make_house()


@pytest.fixture
def browser(house, client_as):
    return client_as(house.advisor_person)


def test_the_settlement_adds_up(house, browser):
    order = done_order(house)
    said = words(browser.get(f"/orders/{order.number}/settlement.pdf?language=zh-hans"))
    for wanted in (
        "换了屏幕总成",
        "优惠-¥20.00",
        "合计¥1,448.00",
        "-¥1,448.00",
        "待收¥0.00",
        "陈小静",
        "微信支付",
    ):
        assert wanted in said
    declined = said[said.index("本次未做的项目") :]
    assert "后盖¥180.00" in declined
    assert "清洁保养¥30.00" in declined


@pytest.mark.parametrize(("state", "why"), [(S.DECLINED, "客户不同意维修"), (S.CANCELLED, "客户不修了")])
def test_a_unit_that_goes_home_unrepaired_has_its_sheet_with_the_reason(house, browser, state, why):
    said = words(browser.get(f"/orders/{make_order(house, state).number}/settlement.pdf?language=zh-hans"))
    assert why in said
    assert "不收费" in said


def test_a_declined_unit_that_was_fetched_still_says_so_and_asks_nothing_about_work_that_was_not_done(house, browser):
    order = make_order(house, S.DECLINED)
    services.hand_over_order(house.advisor, number=order.number, taken_by="陈静", authority="owner", now=minutes(15))
    said = words(browser.get(f"/orders/{order.number}/settlement.pdf?language=zh-hans"))
    assert "客户不同意维修" in said
    assert "随机附件已按接收时清单交还" in said
    assert "旧件已出示" not in said
    assert "维修内容已当面说明" not in said
    answer = words(browser.get(f"/orders/{order.number}/quotation.pdf?language=zh-hans"))
    assert "金额¥" not in answer[answer.index("客户答复") :]


def test_the_sheet_says_what_became_of_the_old_parts_and_names_them(house, browser):
    said = words(browser.get(f"/orders/{done_order(house).number}/settlement.pdf?language=zh-hans"))
    assert "旧件：" in said


def test_what_is_put_on_account_is_not_called_paid(house, browser):
    order = done_order(house, way="account")
    said = words(browser.get(f"/orders/{order.number}/settlement.pdf?language=zh-hans"))
    sums = said[said.index("合计¥") : said.index("待收")]
    assert "挂账（" in sums
    assert "已付" not in sums
