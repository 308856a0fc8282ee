"""A service manager rules on "day four", sees what that would have changed, a second person approves, and the next case, tried by a
salesperson on a phone, is decided by the new version. In Chinese, by the pages alone.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.utils import timezone

from aftersales.core import clock
from aftersales.policies import services
from aftersales.policies.models import Decision, PolicyVersion
from aftersales.policies.services import Case
from tests.factories.policies import facts, make_policy
from tests.factories.staff import PASSWORD, actor_of, make_person
from tests.factories.workshop import House
from tests.journeys.conftest import Walk
from tests.journeys.test_every_page import serious_findings

pytestmark = pytest.mark.journey
PEOPLE = (
    ("shen", "沈国平", "service_manager"),
    ("sun", "孙海燕", "sales_manager"),
    ("kang", "康静", "salesperson"),
)


@pytest.fixture
def policy(house: House) -> PolicyVersion:
    """The returns policy in force, with three past cases, two of them of the fourth day."""
    now = clock.now()
    shen, sun, _kang = (
        actor_of(make_person(name, login=login, duty=duty, station="NJ", password=PASSWORD, now=now), now=now)
        for login, name, duty in PEOPLE
    )
    version = make_policy(shen, sun, now=now)
    cases = [Case(facts(days_recv=day), timezone.localdate(now), f"茶具第 {day} 天", 38_800) for day in (2, 4, 4)]
    services.decide_many(shen, policy="returns", decision="return", cases=cases, now=now)
    return version


def press(window: Walk, button: str) -> None:
    with window.page.expect_navigation():
        window.page.get_by_role("button", name=button).first.click()


def follow(window: Walk, link: str) -> None:
    with window.page.expect_navigation():
        window.page.get_by_role("link", name=link, exact=True).first.click()


def test_a_ruling_becomes_a_version_by_two_people_and_decides_the_next_case(
    policy: PolicyVersion, walk: Callable[..., Walk]
) -> None:
    manager = walk("zh-hans")
    manager.sign_in("shen")
    rule_on_day_four(manager)
    hand_in(manager)
    approve(walk("zh-hans"))
    salesperson = walk("zh-hans", phone=True)
    salesperson.sign_in("kang")
    try_a_case(salesperson)
    kept = Decision.objects.get(subject="茶具 8 件套")
    assert (kept.main, kept.version.number, kept.amount) == ("accept", 2, 38_800)
    assert {each.main for each in Decision.objects.filter(version=policy, subject="茶具第 4 天")} == {
        "salesperson_resolves"
    }


def rule_on_day_four(window: Walk) -> None:
    """From the queue to the matrix of what it would have changed."""
    window.go("/policies/returns/questions/")
    assert window.says("满三天到四天之间没有条文") or window.says("AMB-01")
    follow(window, "AMB-01")
    page = window.page
    page.fill("[name=reading]", "第四天仍归公司，第五天起归销售")
    page.fill("[name='parameter-free_days']", "4")
    page.fill("[name=reason]", "客户第四天才来得及看货")
    assert serious_findings(window) == []
    press(window, "裁定，并看会改变什么")
    assert window.says("已裁定")
    assert serious_findings(window) == []
    row = page.locator("tr.is-moved").first
    assert "由销售自行解决" in row.inner_text()
    assert "予以退货" in row.inner_text()
    with page.expect_navigation():
        row.locator("a").first.click()
    assert page.locator("body").inner_text().count("茶具第 4 天") == 2


def hand_in(window: Walk) -> None:
    """The test cases of day four are red now; their new outcome is accepted, then the draft goes to approval."""
    window.go("/policies/returns/versions/2/")
    assert window.page.locator("button[aria-disabled=true]").first.inner_text().strip() == "送审"
    assert serious_findings(window) == []
    follow(window, "查看并接受新结果")
    assert serious_findings(window) == []
    while window.page.locator("button[name=all]").count():
        window.page.locator("button[name=all]").click()
        with window.page.expect_navigation():
            window.page.locator("dialog.dialog-confirm button[value=yes]").click()
    window.go("/policies/returns/versions/2/")
    window.page.fill("[name='hand_in-note']", "AMB-01 已裁定：第四天归公司")
    press(window, "送审")
    assert window.says("待批准")
    assert window.says("您起草，须由他人批准") or window.says("须由他人批准")


def approve(window: Walk) -> None:
    """The sales manager is told of it on her home page, reads what is different, and approves."""
    window.sign_in("sun")
    assert window.says("有制度等您批准")
    follow(window, "查看")
    assert window.says("AMB-01 已裁定：第四天归公司")
    follow(window, "有何不同")
    assert window.says("由销售自行解决")
    assert serious_findings(window) == []
    window.go("/policies/returns/versions/2/")
    press(window, "批准")
    assert window.says("生效中")


def try_a_case(window: Walk) -> None:
    """One question after the other, with a thumb."""
    follow(window, "试判案例")
    page = window.page
    for answer in ("常规", "质量问题"):
        follow(window, answer)
    page.fill("#try-value", "4")
    assert serious_findings(window) == []
    press(window, "下一步")
    for answer in ("是", "否", "指定物流"):
        follow(window, answer)
    assert page.locator(".try-main").inner_text() == "予以退货"
    assert window.says("2.A2")
    assert serious_findings(window) == []
    page.fill("[name=subject]", "茶具 8 件套")
    page.fill("[name=amount]", "388")
    press(window, "保存")
    assert window.says("已保存为")
