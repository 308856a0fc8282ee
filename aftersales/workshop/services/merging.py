"""Orders follow their customer and their unit when two records become one, and go back when that is undone."""

from __future__ import annotations

from datetime import datetime

from aftersales.core import transaction
from aftersales.core.errors import Refused
from aftersales.customers import services as customers
from aftersales.workshop import queries
from aftersales.workshop.models import RepairOrder
from aftersales.workshop.services.finding import index_order

MOVED = {"customer": "order_of_customer", "unit": "order_of_unit"}
"""Kind of record → the word under which its orders are remembered."""


@transaction.act
def take_over_orders(*, merge_id: int, kind: str, kept_id: int, gone_id: int) -> int:
    """The number of orders that belong to the kept record from now on; refuses when the unit would be here twice."""
    why_not = queries.bearing_of(kind, kept_id, gone_id).objections
    if why_not:
        raise Refused(why_not[0])
    count = customers.hand_over(
        merge_id, kind=MOVED[kind], rows=RepairOrder.objects.all(), field=f"{kind}_id", from_key=gone_id, to_key=kept_id
    )
    _index(kind, kept_id)
    return count


@transaction.act
def give_back_orders(*, merge_id: int, kind: str, kept_id: int, gone_id: int, now: datetime) -> None:
    """Nothing; the orders that came with the merge go back, later ones stay and their stations keep the customer."""
    customers.take_back(merge_id, kind=MOVED[kind], rows=RepairOrder.objects.all())
    for key in (kept_id, gone_id):
        _index(kind, key)
    if kind == "customer":
        stations = RepairOrder.objects.filter(customer_id=kept_id).values_list("station__code", flat=True)
        customers.keep_served(kept_id, stations=sorted(set(stations)), now=now)


def _index(kind: str, key: int) -> None:
    orders = RepairOrder.objects.filter(**{f"{kind}_id": key}).select_related("customer", "unit__category", "station")
    for order in orders.iterator(chunk_size=500):
        index_order(order)
