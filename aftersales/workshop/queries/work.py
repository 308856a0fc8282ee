"""Whose turn it is: the short lists of the home pages, each the most urgent first."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from aftersales.core.actor import Actor
from aftersales.workshop.models import RepairOrder
from aftersales.workshop.queries.orders import SHOWN_WITH, orders_of
from aftersales.workshop.rules.order import IN_HOUSE, PROMISE_RUNS, OrderState


def list_my_orders(actor: Actor, *, role: str, states: Iterable[OrderState], limit: int = 12) -> list[RepairOrder]:
    """The actor's own orders as `advisor` or `technician` in these states, the most urgent first."""
    mine = orders_of(actor).filter(**{f"{role}_id": actor.person_id}, state__in=[s.value for s in states])
    return list(mine.select_related(*SHOWN_WITH).order_by("promised_at")[:limit])


def list_orders_in(actor: Actor, *, states: Iterable[OrderState], limit: int = 12) -> list[RepairOrder]:
    """The stations' orders in these states, the most urgent first."""
    found = orders_of(actor).filter(state__in=[s.value for s in states])
    return list(found.select_related(*SHOWN_WITH).order_by("promised_at")[:limit])


def list_unassigned(actor: Actor, *, limit: int = 12) -> list[RepairOrder]:
    """Orders on which work should go on but that no technician has, the most urgent first."""
    states = [OrderState.RECEIVED, OrderState.DIAGNOSED, OrderState.APPROVED]
    found = orders_of(actor).filter(technician=None, state__in=[s.value for s in states])
    return list(found.select_related(*SHOWN_WITH).order_by("promised_at")[:limit])


def list_promises_at_risk(actor: Actor, *, now: datetime, limit: int = 12) -> list[RepairOrder]:
    """Orders whose promise is missed or about to be, the worst first."""
    found = orders_of(actor).filter(state__in=[s.value for s in PROMISE_RUNS], warn_at__lte=now)
    return list(found.select_related(*SHOWN_WITH).order_by("promised_at")[:limit])


def list_waiting(actor: Actor, *, limit: int = 12) -> list[RepairOrder]:
    """Orders that stand still, the longest wait first."""
    found = orders_of(actor).exclude(waiting_for="").filter(state__in=[s.value for s in IN_HOUSE])
    return list(found.select_related(*SHOWN_WITH).order_by("waiting_since")[:limit])
