"""Quality checks: what was found, and whose work somebody would look at."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from aftersales.core import journal
from aftersales.core.actor import Actor
from aftersales.workshop.models import QualityCheck, RepairOrder
from aftersales.workshop.queries.house import house_rules
from aftersales.workshop.rules import checking
from aftersales.workshop.rules.order import OrderAction, OrderFacts, OrderState

WORK = (OrderAction.START, OrderAction.FINISH_LINE, OrderAction.COMPLETE)
"""The acts by which somebody works on a unit."""


def list_checks(order: RepairOrder) -> list[QualityCheck]:
    """The checks that were made, newest first."""
    return list(order.checks.select_related("technician").order_by("-checked_at", "-id"))


def facts_for(actor: Actor, order: RepairOrder, today: date) -> OrderFacts:
    """What the steps ask about this order when this actor would take them."""
    facts = order.facts(today)
    if order.state != OrderState.REPAIRED or house_rules(order.station_id).may_check_own_work:
        return facts
    return replace(facts, is_own_work=_is_own_work(actor, order))


def _is_own_work(actor: Actor, order: RepairOrder) -> bool:
    return checking.is_own_work(
        person_id=actor.person_id,
        technician_id=order.technician_id,
        has_worked=journal.has_acted(actor, kind="order", key=order.number, acts=[act.value for act in WORK]),
    )
