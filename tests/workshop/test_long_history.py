"""However long the history grows: what narrows a list, and what must hold for the indexes of the house."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from aftersales.workshop import queries
from aftersales.workshop.models import RepairOrder
from aftersales.workshop.rules.order import OrderState
from tests.factories.staff import NOW
from tests.factories.workshop import make_house, receive

pytestmark = pytest.mark.django_db


@pytest.fixture
def house():
    return make_house()


@pytest.mark.parametrize(
    ("state", "handed_over_at"),
    [(OrderState.RECEIVED, NOW), (OrderState.READY, NOW), (OrderState.HANDED_OVER, None), (OrderState.CLOSED, None)],
)
def test_an_order_is_in_the_house_exactly_until_it_was_handed_over(house, state, handed_over_at):
    order = receive(house)
    with pytest.raises(IntegrityError, match="order_gone_since_handover"), transaction.atomic():
        RepairOrder.objects.filter(pk=order.pk).update(state=state.value, handed_over_at=handed_over_at)


def test_orders_that_are_gone_are_not_in_the_house(house):
    gone, here = receive(house), receive(house)
    RepairOrder.objects.filter(pk=gone.pk).update(state="closed", handed_over_at=NOW + timedelta(days=2))
    assert list(queries.still_here(queries.orders_of(house.advisor))) == [here]
    for wanted, found in (
        ({"state": "closed"}, [gone]),
        ({"state": "received"}, [here]),
        ({"phase": "intake"}, [here]),
    ):
        assert list(queries.list_orders(house.advisor, queries.OrderFilter(**wanted), now=NOW)) == found


def test_a_station_that_is_none_narrows_to_nothing(house):
    receive(house)
    assert not queries.list_orders(house.advisor, queries.OrderFilter(station="??"), now=NOW).exists()
    assert queries.list_orders(house.advisor, queries.OrderFilter(station="NJ"), now=NOW).exists()


def test_what_a_row_shows_is_had_with_the_row(house, django_assert_num_queries):
    receive(house)
    with django_assert_num_queries(1):
        for order in queries.as_listed(queries.list_orders(house.advisor, queries.OrderFilter(), now=NOW)):
            row = queries.row(order, NOW)
            shown = (order.number, order.customer.name, order.unit.label, order.fault, row.promise, row.waiting)
            assert all(str(word) for word in shown)
            assert order.technician is None
