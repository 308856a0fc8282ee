"""Waiting with an owner, telling the customer in time, and promising anew."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from aftersales.core.errors import Invalid, NotPermitted
from aftersales.deadlines import queries as deadlines
from aftersales.workshop import queries, services
from aftersales.workshop.models import Contact, Promise, RepairOrder, StationRules, Wait
from aftersales.workshop.rules.order import OrderState as S
from tests.factories.staff import NOW
from tests.factories.workshop import make_house, make_order

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=5)
TOLD = {"way": "telephone", "reached": "陈静", "reason": "parts"}


def fresh(order: RepairOrder) -> RepairOrder:
    return RepairOrder.objects.get(pk=order.pk)


def test_every_wait_is_kept_with_who_saw_to_it_and_how_long() -> None:
    house = make_house()
    order = make_order(house, S.REPAIRING)
    services.wait_order(
        house.technician, number=order.number, waiting_for="parts", owner_id=house.supervisor_person.pk,
        expected_on=date(2026, 12, 30), note="中心库调货", now=LATER,
    )  # fmt: skip
    wait = queries.find_open_wait(fresh(order))
    assert wait is not None
    assert (wait.owner, wait.owner_person, wait.note) == ("刘敏", house.supervisor_person, "中心库调货")
    after = LATER + timedelta(days=1)
    services.resume_order(house.technician, number=order.number, now=after)
    services.wait_order(house.technician, number=order.number, waiting_for="manufacturer", waiting_on="厂家", now=after)
    assert [(each.waiting_for, each.ended_at) for each in queries.list_waits(order)] == [
        ("manufacturer", None),
        ("parts", after),
    ]


def test_a_day_in_the_past_is_not_expected_and_a_stranger_does_not_see_to_it() -> None:
    house, other = make_house("NJ"), make_house("SZ")
    order = make_order(house, S.REPAIRING)
    wait = {"number": order.number, "waiting_for": "parts", "now": LATER}
    with pytest.raises(Invalid) as past:
        services.wait_order(house.technician, waiting_on="库管", expected_on=date(2020, 1, 1), **wait)
    with pytest.raises(Invalid) as stranger:
        services.wait_order(house.technician, owner_id=other.advisor_person.pk, **wait)
    assert (past.value.field, stranger.value.field) == ("expected_on", "owner_id")
    assert (fresh(order).waiting_for, Wait.objects.count()) == ("", 0)


def test_the_database_keeps_one_open_wait_per_order() -> None:
    house = make_house()
    order = make_order(house, S.REPAIRING)
    services.wait_order(house.technician, number=order.number, waiting_for="parts", waiting_on="库管", now=LATER)
    with pytest.raises(IntegrityError), transaction.atomic():
        Wait.objects.create(order=order, waiting_for="parts", owner="别人", started_at=LATER)


def test_the_promise_stands_still_only_where_the_stations_rules_say_so() -> None:
    house = make_house()
    order = make_order(house, S.REPAIRING)
    StationRules.objects.create(station=order.station, pauses_for=["customer"])
    for reason, is_paused in (("parts", False), ("customer", True)):
        services.wait_order(house.advisor, number=order.number, waiting_for=reason, waiting_on="王芳", now=LATER)
        clock = deadlines.get_clock(subject=order.number, rule="repair")
        assert (clock.open_pause is not None) is is_paused
        services.resume_order(house.advisor, number=order.number, now=LATER + timedelta(days=2))
        assert (fresh(order).promised_at > order.promised_at) is is_paused
    assert fresh(order).promised_at == deadlines.get_clock(subject=order.number, rule="repair").due_at


def test_a_customer_told_before_the_promise_is_missed_was_told_in_time() -> None:
    house = make_house()
    order = make_order(house, S.REPAIRING)
    again = order.promised_at + timedelta(days=2)
    services.contact_customer(
        house.advisor, number=order.number, note="屏幕后天到", promised_at=again, now=LATER, **TOLD
    )
    found = fresh(order)
    assert (found.promised_at, found.house_promised_at, found.contacted_at) == (again, order.promised_at, LATER)
    assert [each.promised_at for each in queries.list_promises(order)] == [order.promised_at, again]
    services.contact_customer(house.advisor, number=order.number, now=again + timedelta(hours=1), **TOLD)
    assert [each.was_in_time for each in queries.list_contacts(order)] == [False, True]


def test_a_promise_agreed_with_the_customer_is_not_moved_by_the_calendar() -> None:
    house = make_house()
    order = make_order(house, S.REPAIRING)
    again = order.promised_at + timedelta(days=2)
    services.contact_customer(house.advisor, number=order.number, promised_at=again, now=LATER, **TOLD)
    moved = order.promised_at + timedelta(days=1)
    services.move_promise(number=order.number, promised_at=moved, warn_at=moved)
    assert (fresh(order).promised_at, fresh(order).house_promised_at) == (again, moved)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [({"way": "pigeon"}, "way"), ({"reached": " "}, "reached"), ({"reason": "mood"}, "reason")],
)
def test_a_contact_says_how_whom_and_why(wrong: dict[str, str], field: str) -> None:
    house = make_house()
    order = make_order(house, S.REPAIRING)
    with pytest.raises(Invalid) as refused:
        services.contact_customer(house.advisor, number=order.number, now=LATER, **(TOLD | wrong))
    assert refused.value.field == field
    assert (Contact.objects.count(), fresh(order).contacted_at) == (0, None)


def test_an_earlier_promise_is_none_and_nothing_is_written() -> None:
    house = make_house()
    order = make_order(house, S.REPAIRING)
    with pytest.raises(Invalid):
        services.contact_customer(
            house.advisor, number=order.number, promised_at=order.promised_at - timedelta(hours=1), now=LATER, **TOLD
        )
    assert (Contact.objects.count(), Promise.objects.count()) == (0, 1)


def test_a_technician_does_not_promise() -> None:
    house = make_house()
    order = make_order(house, S.REPAIRING)
    with pytest.raises(NotPermitted):
        services.contact_customer(house.technician, number=order.number, now=LATER, **TOLD)
    assert Contact.objects.count() == 0


def test_contact_is_due_from_the_warning_on_until_the_customer_was_told() -> None:
    house = make_house()
    order = make_order(house, S.REPAIRING)
    pressing = order.warn_at + timedelta(hours=1)
    assert queries.list_contact_due(house.advisor, now=order.warn_at - timedelta(hours=1)) == []
    assert [each.number for each in queries.list_contact_due(house.advisor, now=pressing)] == [order.number]
    services.contact_customer(house.advisor, number=order.number, now=pressing, **TOLD)
    assert queries.list_contact_due(house.advisor, now=pressing) == []
    again = order.promised_at + timedelta(days=2)
    services.contact_customer(house.advisor, number=order.number, promised_at=again, now=pressing, **TOLD)
    assert [each.number for each in queries.list_contact_due(house.advisor, now=again)] == [order.number]
