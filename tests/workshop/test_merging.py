"""Orders follow their customer and unit when two records become one."""

from __future__ import annotations

from datetime import timedelta

import pytest

from aftersales.core import search
from aftersales.core.actor import SYSTEM
from aftersales.core.errors import Refused
from aftersales.customers import queries as customers, services as merging
from aftersales.workshop import queries, services
from aftersales.workshop.models import RepairOrder
from aftersales.workshop.rules.order import OrderState
from tests.factories.staff import NOW
from tests.factories.workshop import House, an_intake, make_house, make_order, receive
from tests.faults.databases import at_once

LATER = NOW + timedelta(days=2)


@pytest.fixture
def house(db: None) -> House:
    return make_house()


def merge_customers(house: House, kept: RepairOrder, gone: RepairOrder):
    return merging.merge_customers(
        house.supervisor, kept_id=kept.customer_id, gone_id=gone.customer_id, choices={"name": "kept"}, now=LATER
    )


def test_the_orders_of_both_stand_under_the_kept_customer_and_go_back(house: House) -> None:
    ours, theirs = make_order(house, OrderState.CLOSED), receive(house, name="陈静怡")
    merge = merge_customers(house, ours, theirs)
    assert queries.list_orders_of_customer(house.advisor, ours.customer_id) == [theirs, ours]
    assert search.keys(house.advisor, "order", "陈静") == [theirs.number, ours.number]
    page = customers.timeline(house.advisor, customer_id=ours.customer_id)
    assert {f"Repair order {order.number}" for order in (ours, theirs)} <= {str(item.title) for item in page}
    later = receive(house, customer_id=theirs.customer_id, now=LATER + timedelta(hours=1))
    assert later.customer_id == ours.customer_id
    merging.undo_merge(house.supervisor, merge_id=merge.pk, now=LATER + timedelta(days=1))
    assert queries.list_orders_of_customer(house.advisor, theirs.customer_id) == [theirs]
    assert queries.list_orders_of_customer(house.advisor, ours.customer_id) == [later, ours]
    assert "陈静怡" in search.find(house.advisor, theirs.number, kinds=["order"])[0].title


def test_the_visits_of_both_units_are_one_history(house: House) -> None:
    ours, theirs = make_order(house, OrderState.CLOSED), receive(house)
    merge = merging.merge_units(
        house.supervisor, kept_id=ours.unit_id, gone_id=theirs.unit_id, choices={"owner": "gone"}, now=LATER
    )
    assert queries.list_orders_of_unit(house.advisor, ours.unit_id) == [theirs, ours]
    assert queries.find_order_in_house(house.advisor, ours.unit_id) == theirs
    merging.undo_merge(house.supervisor, merge_id=merge.pk, now=LATER)
    assert queries.list_orders_of_unit(house.advisor, theirs.unit_id) == [theirs]


def test_two_units_that_are_both_in_the_house_are_not_merged(house: House) -> None:
    ours, theirs = receive(house), receive(house)
    with pytest.raises(Refused, match=theirs.number):
        merging.merge_units(house.supervisor, kept_id=ours.unit_id, gone_id=theirs.unit_id, now=LATER)
    ours.refresh_from_db()
    theirs.refresh_from_db()
    assert ours.unit_id != theirs.unit_id
    assert customers.get_unit(SYSTEM, theirs.unit_id).pk == theirs.unit_id


def test_a_unit_with_a_visit_at_a_hidden_station_is_merged_by_headquarters(house: House) -> None:
    far = make_house("SZ")
    old = make_order(far, OrderState.CLOSED)
    here = receive(house, serial=old.unit.serial, takes_over=True)
    assert here.unit_id == old.unit_id
    other = make_order(house, OrderState.CLOSED)
    with pytest.raises(Refused, match="headquarters"):
        merging.merge_units(house.supervisor, kept_id=here.unit_id, gone_id=other.unit_id, now=LATER)


def test_the_station_of_an_order_that_stays_keeps_seeing_the_customer(house: House) -> None:
    far = make_house("SZ")
    ours, theirs = receive(house), receive(far)
    merge = merging.merge_customers(SYSTEM, kept_id=ours.customer_id, gone_id=theirs.customer_id, now=LATER)
    services.receive_order(far.advisor, intake=an_intake(customer_id=ours.customer_id), now=LATER)
    merging.undo_merge(SYSTEM, merge_id=merge.pk, now=LATER)
    assert customers.get_customer(far.advisor, ours.customer_id).pk == ours.customer_id
    assert customers.get_customer(far.advisor, theirs.customer_id).pk == theirs.customer_id


def test_an_order_taken_in_while_two_are_merged_hangs_on_the_kept_customer(shared_database: str) -> None:
    house = make_house()
    ours, theirs = make_order(house, OrderState.CLOSED), make_order(house, OrderState.CLOSED)

    def take_in() -> RepairOrder:
        return receive(house, customer_id=theirs.customer_id, phone="", name="")

    results = at_once(*[take_in] * 4, lambda: merge_customers(house, ours, theirs))
    assert not [result for result in results if isinstance(result, Exception)]
    assert set(RepairOrder.objects.values_list("customer_id", flat=True)) == {ours.customer_id}
