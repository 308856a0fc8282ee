"""Whose turn it is: the short lists of the home pages, each the most urgent first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, Q, QuerySet

from aftersales.core.actor import Actor
from aftersales.workshop.models import RepairOrder
from aftersales.workshop.queries.orders import SHOWN_WITH, as_listed, orders_of, still_here
from aftersales.workshop.rules.order import PROMISE_RUNS, OrderState


def list_my_orders(actor: Actor, *, role: str, states: Iterable[OrderState], limit: int = 12) -> list[RepairOrder]:
    """The actor's own orders as `advisor` or `technician` in these states, the most urgent first."""
    mine = still_here(orders_of(actor)).filter(**{f"{role}_id": actor.person_id}, state__in=[s.value for s in states])
    return _first(mine, limit)


def list_orders_in(actor: Actor, *, states: Iterable[OrderState], limit: int = 12) -> list[RepairOrder]:
    """The stations' orders in these states, the most urgent first."""
    found = still_here(orders_of(actor)).filter(state__in=[s.value for s in states])
    return _first(found, limit)


@dataclass(frozen=True)
class MyWork:
    """A technician's day: what is under repair, what can be begun, what stands still, and what was reported done."""

    under_repair: list[RepairOrder]
    to_begin: list[RepairOrder]
    standing: list[RepairOrder]
    reported: list[RepairOrder]


_TO_BEGIN = (OrderState.RECEIVED, OrderState.DIAGNOSED, OrderState.APPROVED)


def my_work(actor: Actor, *, limit: int = 60) -> MyWork:
    """The orders in the actor's own hands, the most urgent first."""
    states = [state.value for state in (*_TO_BEGIN, OrderState.QUOTED, OrderState.REPAIRING, OrderState.REPAIRED)]
    mine = still_here(orders_of(actor)).filter(technician_id=actor.person_id, state__in=states)
    found = list(mine.select_related(*SHOWN_WITH).order_by("promised_at")[:limit])
    going = [order for order in found if not order.waiting_for]
    return MyWork(
        under_repair=[order for order in going if order.state == OrderState.REPAIRING],
        to_begin=[order for order in going if order.state in {state.value for state in _TO_BEGIN}],
        standing=[order for order in found if order.waiting_for or order.state == OrderState.QUOTED],
        reported=[order for order in going if order.state == OrderState.REPAIRED],
    )


def list_unassigned(actor: Actor, *, limit: int = 12) -> list[RepairOrder]:
    """Orders on which work should go on but that no technician has, the most urgent first."""
    states = [OrderState.RECEIVED, OrderState.DIAGNOSED, OrderState.APPROVED]
    found = still_here(orders_of(actor)).filter(technician=None, state__in=[s.value for s in states])
    return _first(found, limit)


def list_contact_due(actor: Actor, *, now: datetime, limit: int = 12) -> list[RepairOrder]:
    """Orders whose promise is missed or about to be and whose customer was not told since it became pressing, the worst first."""
    pressing = still_here(orders_of(actor)).filter(state__in=[s.value for s in PROMISE_RUNS], warn_at__lte=now)
    return _first(pressing.filter(Q(contacted_at=None) | Q(contacted_at__lt=F("warn_at"))), limit)


def list_waiting(actor: Actor, *, limit: int = 12) -> list[RepairOrder]:
    """Orders that stand still, the longest wait first."""
    found = still_here(orders_of(actor)).exclude(waiting_for="")
    return list(as_listed(found).order_by("waiting_since")[:limit])


def _first(orders: QuerySet[RepairOrder], limit: int) -> list[RepairOrder]:
    return list(as_listed(orders).order_by("promised_at")[:limit])
