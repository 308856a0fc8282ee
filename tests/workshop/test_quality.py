"""The quality of repairs: whose work passed, what the check sent back, which faults came back, and who may see it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.urls import reverse
from hypothesis import given, strategies as st

from aftersales.core.errors import NotPermitted
from aftersales.workshop import queries, services
from aftersales.workshop.models import RepairOrder
from aftersales.workshop.queries import QualityAsked
from aftersales.workshop.rules.order import OrderState as S
from aftersales.workshop.rules.quality import ENOUGH, LONGEST, Figure, Tally, in_order, span
from tests.factories.staff import NOW, actor_of, make_person
from tests.factories.workshop import House, all_passed, make_house, make_order, receive

TODAY = date(2026, 11, 23)
LATER = NOW + timedelta(hours=5)
NOVEMBER = QualityAsked(date(2026, 11, 1), date(2026, 11, 30), "Asia/Shanghai")
days = st.none() | st.dates(date(2020, 1, 1), date(2030, 1, 1))


@pytest.fixture
def house(db: None) -> House:
    return make_house()


def sent_back(house: House) -> RepairOrder:
    """An order that failed its check once and then passed."""
    order = make_order(house, S.REPAIRED)
    services.fail_check(house.supervisor, number=order.number, note="亮点", now=LATER)
    services.complete_order(house.technician, number=order.number, work_done="重做", now=LATER)
    passed = all_passed("electronics")
    services.pass_check(house.supervisor, number=order.number, answers=passed, now=LATER + timedelta(minutes=1))
    return order


@given(days, days)
def test_a_span_is_this_month_unless_named_and_never_too_long(first: date | None, last: date | None) -> None:
    begin, end = span(first, last, today=TODAY)
    assert begin <= end < begin + LONGEST
    if first is None and last is None:
        assert (begin, end) == (TODAY.replace(day=1), TODAY)


@given(st.lists(st.integers(0, 2 * ENOUGH), max_size=8), st.sampled_from(["passed", "-passed", "-technician"]))
def test_whoever_has_only_a_handful_is_ranked_with_nobody(counts: list[int], field: str) -> None:
    rows = in_order([Tally(n, f"{n:03}", "NJ", "", passed=count) for n, count in enumerate(counts)], field)
    few = [row for row in rows if row.passed < ENOUGH]
    assert rows[len(rows) - len(few) :] == few == sorted(few, key=lambda row: row.technician)
    assert all(row.share is None for row in few)


def test_a_repair_sent_back_is_finished_but_not_at_the_first_check(house: House) -> None:
    make_order(house, S.CHECKED)
    sent_back(house)
    (row,) = queries.count_quality(house.supervisor, NOVEMBER)
    assert (row.technician, row.station, row.passed, row.first_time, row.failed) == ("张伟", "NJ", 2, 1, 1)
    for figure, count in {Figure.PASSED: 2, Figure.FIRST_TIME: 1, Figure.FAILED: 1, Figure.CAME_BACK: 0}.items():
        assert queries.list_quality_orders(house.supervisor, NOVEMBER, figure).count() == count, figure


def test_a_fault_that_came_back_counts_against_its_repair_and_not_against_who_mends_it(house: House) -> None:
    first = make_order(house, S.CLOSED)
    again = receive(house, now=LATER)
    other = make_person("李强", duty="technician", station="NJ")
    RepairOrder.objects.filter(pk=again.pk).update(repeat_of=first, technician=other)
    (row,) = queries.count_quality(house.supervisor, NOVEMBER)
    assert (row.technician, row.came_back) == ("张伟", 1)
    assert queries.list_quality_orders(house.supervisor, NOVEMBER, Figure.CAME_BACK).get() == again


def test_other_days_and_other_stations_are_not_counted(house: House) -> None:
    make_order(house, S.CHECKED)
    december = QualityAsked(date(2026, 12, 1), date(2026, 12, 31), "Asia/Shanghai")
    assert queries.count_quality(house.supervisor, december) == []
    assert queries.count_quality(make_house("SZ").supervisor, NOVEMBER) == []


def test_a_technician_sees_his_own_figures_and_a_clerk_none(house: House) -> None:
    make_order(house, S.CHECKED)
    other = actor_of(make_person("李强", duty="technician", station="NJ"))
    assert [row.technician for row in queries.count_quality(house.technician, NOVEMBER)] == ["张伟"]
    assert queries.count_quality(other, NOVEMBER) == []
    assert not queries.list_quality_orders(other, NOVEMBER, Figure.PASSED).exists()
    with pytest.raises(NotPermitted):
        queries.count_quality(house.advisor, NOVEMBER)


def test_the_page_shows_n_of_m_and_leads_to_the_orders(house: House, client_as: Callable[..., Any]) -> None:
    order = sent_back(house)
    asked = {"first": "2026-11-01", "last": "2026-11-30"}
    browser = client_as(house.supervisor_person)
    page = browser.get(reverse("workshop:quality"), asked)
    assert "0 of 1" in page.content.decode()
    assert page.context["chart"] is None
    (_row, links) = page.context["rows"][0]
    assert order.number in browser.get(f"{reverse('workshop:quality_orders')}?{links['failed']}").content.decode()
    odd = browser.get(reverse("workshop:quality"), {"first": "x", "last": "9999-99-99", "station": "?", "sort": "-?"})
    assert odd.status_code == 200
    assert client_as(house.advisor_person).get(reverse("workshop:quality")).status_code == 403
