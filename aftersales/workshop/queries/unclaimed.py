"""Units that could be fetched and were not: since when, and when their customers were last asked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from aftersales.core.actor import Actor
from aftersales.customers import queries as customers
from aftersales.workshop.models import Contact
from aftersales.workshop.queries.house import unclaimed_is
from aftersales.workshop.queries.orders import orders_of, still_here
from aftersales.workshop.rules.order import STATES, OrderState
from aftersales.workshop.rules.promise import ContactReason


@dataclass(frozen=True)
class Unclaimed:
    """A unit that was not fetched: how many days, whom to ring, and when somebody last did."""

    order: Any
    info: Any
    days: int
    phone: Any
    asked: Contact | None
    times: int


def count_unclaimed(actor: Actor, *, now: datetime) -> int:
    """How many units were not fetched in time."""
    return still_here(orders_of(actor)).filter(unclaimed_is(actor, now)).count()


def list_unclaimed(actor: Actor, *, now: datetime, limit: int = 200) -> list[Unclaimed]:
    """The units that were not fetched, those first that stand longest."""
    found = still_here(orders_of(actor)).filter(unclaimed_is(actor, now)).order_by("ready_at", "id")
    orders = list(found.select_related("station", "customer", "unit", "category")[:limit])
    phones = customers.main_phones(order.customer_id for order in orders)
    asked: dict[int, list[Contact]] = {}
    calls = Contact.objects.filter(order__in=[order.pk for order in orders], reason=ContactReason.PICK_UP.value)
    for call in calls.order_by("contacted_at", "id"):
        asked.setdefault(call.order_id, []).append(call)
    return [_unclaimed(order, phones.get(order.customer_id), asked.get(order.pk, []), now) for order in orders]


def _unclaimed(order: Any, phone: Any, calls: list[Contact], now: datetime) -> Unclaimed:
    zone = ZoneInfo(order.station.time_zone)
    days = (now.astimezone(zone).date() - order.ready_at.astimezone(zone).date()).days
    return Unclaimed(order, STATES[OrderState(order.state)], days, phone, calls[-1] if calls else None, len(calls))
