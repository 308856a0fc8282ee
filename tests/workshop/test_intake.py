"""Taking a unit in."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from aftersales.core.errors import Invalid, NotPermitted, Refused
from aftersales.core.models import JournalEntry, NumberSeries
from aftersales.customers.models import Customer, Unit
from aftersales.workshop import queries, services
from aftersales.workshop.models import RepairOrder
from aftersales.workshop.rules.order import OrderState
from tests.factories.staff import NOW
from tests.factories.workshop import an_intake, imei, make_house, make_order, receive

pytestmark = pytest.mark.django_db


def test_an_intake_makes_customer_unit_number_promise_and_journal_in_one_act() -> None:
    house = make_house()
    order = receive(house)
    assert order.number == "RO-NJ-2026-000001"
    assert order.state == OrderState.RECEIVED
    assert order.customer.name == "陈静"
    assert order.advisor == house.advisor_person
    assert [entry.act for entry in queries.journal_of(order)] == ["receive"]


def test_the_promise_is_the_end_of_the_third_working_day_after_the_day_of_intake() -> None:
    order = receive(make_house())
    promised = order.promised_at.astimezone(ZoneInfo("Asia/Shanghai"))
    assert promised.date().isoformat() == "2026-11-26"  # taken in on Monday 23 November
    assert order.warn_at < order.promised_at


def test_numbers_go_up_without_gaps_even_when_an_intake_is_refused_in_between() -> None:
    house = make_house()
    first = receive(house)
    with pytest.raises(Invalid):
        receive(house, fault="   ")
    second = receive(house)
    assert [first.number[-1], second.number[-1]] == ["1", "2"]


def test_it_refuses_an_intake_without_a_fault_and_writes_nothing() -> None:
    house = make_house()
    before = JournalEntry.objects.count()
    with pytest.raises(Invalid) as refused:
        receive(house, fault="  ")
    assert refused.value.field == "fault"
    assert (RepairOrder.objects.count(), Customer.objects.count(), Unit.objects.count()) == (0, 0, 0)
    assert JournalEntry.objects.count() == before


def test_it_refuses_an_intake_by_somebody_whose_duties_do_not_include_it() -> None:
    house = make_house()
    with pytest.raises(NotPermitted):
        services.receive_order(house.technician, intake=an_intake(), now=NOW)
    assert not RepairOrder.objects.exists()


def test_a_known_telephone_and_serial_number_make_no_second_customer_or_unit() -> None:
    house = make_house()
    first = make_order(house, OrderState.HANDED_OVER, phone="13900001111", serial=imei(900001))
    again = receive(house, phone="139 0000 1111", serial=imei(900001), fault="充不进电", now=NOW + timedelta(days=9))
    assert (again.customer_id, again.unit_id) == (first.customer_id, first.unit_id)
    assert [visit.number for visit in queries.list_orders_of_unit(house.advisor, again.unit_id)] == [
        again.number,
        first.number,
    ]


def test_it_refuses_a_unit_that_is_already_here_and_says_under_which_number() -> None:
    house = make_house()
    here = receive(house, serial=imei(900002), phone="13900002222")
    with pytest.raises(Refused, match=here.number):
        receive(house, serial=imei(900002), phone="13900002222")
    assert RepairOrder.objects.count() == 1
    assert NumberSeries.objects.get(prefix="RO").last == 1


@pytest.mark.parametrize("state", [OrderState.DECLINED, OrderState.CANCELLED, OrderState.READY])
def test_a_unit_still_counts_as_here_until_it_is_handed_over(state: OrderState) -> None:
    house = make_house()
    make_order(house, state, serial=imei(900003), phone="13900003333")
    with pytest.raises(Refused):
        receive(house, serial=imei(900003), phone="13900003333", now=NOW + timedelta(hours=3))


def test_the_order_is_found_by_number_serial_and_the_initials_of_the_customer() -> None:
    house = make_house()
    order = receive(house, name="欧阳建国", serial=imei(900004))
    from aftersales.core import search

    for typed in (order.number, order.number[-6:], imei(900004)[-6:], "oyjg", "歐陽"):
        assert order.number in search.keys(house.advisor, "order", typed), typed


def test_another_station_neither_finds_nor_opens_the_order() -> None:
    from aftersales.core import search
    from aftersales.core.errors import Missing

    order = receive(make_house("NJ"))
    stranger = make_house("SZ").advisor
    assert search.keys(stranger, "order", order.number) == []
    with pytest.raises(Missing):
        queries.get_order(stranger, order.number)
    assert list(queries.list_orders(stranger, queries.OrderFilter(), now=NOW)) == []


def test_what_was_written_at_intake_can_be_corrected_and_the_journal_keeps_both() -> None:
    house = make_house()
    order = receive(house)
    services.edit_order(
        house.advisor,
        number=order.number,
        version=order.version,
        fault="屏幕不亮,有水渍",
        intake_note="",
        accessories=["charger"],
        condition={"locked": "by-owner"},
        now=NOW,
    )
    entry = queries.journal_of(order)[0]
    assert entry.before == {"fault": "屏幕不亮", "accessories": []}
    assert entry.after == {"fault": "屏幕不亮,有水渍", "accessories": ["charger"]}


def test_two_people_correcting_the_same_intake_are_told_of_each_other() -> None:
    from aftersales.core.errors import Conflict

    house = make_house()
    order = receive(house)
    same = {
        "intake_note": "",
        "accessories": [],
        "condition": {"locked": "by-owner"},
        "now": NOW,
        "number": order.number,
    }
    services.edit_order(house.advisor, version=1, fault="有水渍", **same)
    with pytest.raises(Conflict, match="王芳") as conflict:
        services.edit_order(house.supervisor, version=1, fault="摔过", **same)
    assert [(d.theirs, d.yours) for d in conflict.value.differences] == [("有水渍", "摔过")]
    assert RepairOrder.objects.get().fault == "有水渍"


def test_the_intake_can_no_longer_be_corrected_once_the_unit_has_left() -> None:
    house = make_house()
    order = make_order(house, OrderState.HANDED_OVER)
    with pytest.raises(Refused, match="handed over"):
        services.edit_order(
            house.advisor,
            number=order.number,
            version=order.version,
            fault="别的",
            intake_note="",
            accessories=[],
            condition={"locked": "by-owner"},
            now=NOW,
        )
    assert RepairOrder.objects.get().fault == "屏幕不亮"
