"""A customer's or unit's visits, here and for the pages of the `customers` room."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from aftersales.core.actor import Actor
from aftersales.core.rows import only
from aftersales.core.text import text as _
from aftersales.customers.queries import Panel, TimelineItem
from aftersales.workshop.models import RepairOrder
from aftersales.workshop.permissions import Permission
from aftersales.workshop.queries.covers import covers_in
from aftersales.workshop.queries.orders import SHOWN_WITH, orders_of, still_here
from aftersales.workshop.rules.order import STATES, OrderState


def list_orders_of_unit(actor: Actor, unit_id: int) -> list[RepairOrder]:
    """The unit's visits to the actor's stations, newest first."""
    return list(orders_of(actor).filter(unit_id=unit_id).select_related(*SHOWN_WITH).order_by("-id")[:50])


def list_orders_of_customer(actor: Actor, customer_id: int) -> list[RepairOrder]:
    """The customer's visits to the actor's stations, newest first."""
    return list(orders_of(actor).filter(customer_id=customer_id).select_related(*SHOWN_WITH).order_by("-id")[:50])


def find_order_in_house(actor: Actor, unit_id: int) -> RepairOrder | None:
    """The open order of a unit that already stands at one of the actor's stations."""
    here = still_here(orders_of(actor)).filter(unit_id=unit_id).select_related("station")
    return only(here)


def timeline_of(actor: Actor, customer_id: int | None, unit_id: int | None) -> list[TimelineItem]:
    """The visits as moments of a customer's or unit's timeline; nothing for actors who may not see orders."""
    return [
        TimelineItem(
            at=order.received_at,
            title=_("Repair order {number}", number=order.number),
            detail=order.fault,
            url=reverse("workshop:order", args=[order.number]),
            tone=STATES[OrderState(order.state)].tone,
        )
        for order in _visits(actor, customer_id, unit_id)
    ]


def panels_of(actor: Actor, customer_id: int | None, unit_id: int | None) -> list[Panel]:
    """Repair warranties that run, and the visits as a table, on a customer's or unit's page."""
    orders = _visits(actor, customer_id, unit_id)
    covers = covers_in(orders) if unit_id is not None else []
    panels = [Panel(_("Repair warranty"), "workshop/covers.html", {"covers": covers})] if covers else []
    if orders:
        visits = [(order, STATES[OrderState(order.state)]) for order in orders]
        panels.append(Panel(_("Service history"), "workshop/visits.html", {"visits": visits}))
    return panels


def customers_with_open_orders(actor: Actor) -> QuerySet[Any, Any]:
    """The ids of customers whose unit stands at one of the actor's stations."""
    if not actor.may(Permission.SEE):
        return RepairOrder.objects.none().values("customer_id")
    return still_here(orders_of(actor)).values("customer_id")


def _visits(actor: Actor, customer_id: int | None, unit_id: int | None) -> list[RepairOrder]:
    if not actor.may(Permission.SEE):
        return []
    if unit_id is not None:
        return list_orders_of_unit(actor, unit_id)
    return list_orders_of_customer(actor, customer_id) if customer_id is not None else []
