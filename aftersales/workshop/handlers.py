"""What the workshop does when something happens in a room below."""

from __future__ import annotations

from aftersales.core.events import on
from aftersales.customers.events import CustomersMerged, MergeUndone, UnitsMerged
from aftersales.deadlines import queries as deadlines
from aftersales.deadlines.events import DeadlineMoved
from aftersales.workshop import services
from aftersales.workshop.rules.order import PROMISE


@on(DeadlineMoved)
def move_promise(event: DeadlineMoved) -> None:
    """Keep the order's copy of its promise equal to the clock."""
    if event.rule == PROMISE:
        promise = deadlines.get_clock(subject=event.subject, rule=event.rule)
        services.move_promise(number=event.subject, promised_at=promise.due_at, warn_at=promise.warn_at)


@on(CustomersMerged)
def take_over_orders_of_customer(event: CustomersMerged) -> None:
    """Let the orders of the one that is gone follow him."""
    services.take_over_orders(merge_id=event.merge_id, kind="customer", kept_id=event.kept_id, gone_id=event.gone_id)


@on(UnitsMerged)
def take_over_orders_of_unit(event: UnitsMerged) -> None:
    """Let the orders of the one that is gone follow it."""
    services.take_over_orders(merge_id=event.merge_id, kind="unit", kept_id=event.kept_id, gone_id=event.gone_id)


@on(MergeUndone)
def give_back_orders(event: MergeUndone) -> None:
    """Let the orders that came with the merge go back."""
    services.give_back_orders(
        merge_id=event.merge_id, kind=event.kind, kept_id=event.kept_id, gone_id=event.gone_id, now=event.at
    )
