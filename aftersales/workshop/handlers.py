"""What the workshop does when something happens in a room below, or to one of its own orders."""

from __future__ import annotations

from aftersales.core.events import on
from aftersales.customers.events import CustomerErased, CustomersMerged, MergeUndone, UnitsMerged
from aftersales.deadlines import queries as deadlines
from aftersales.deadlines.events import DeadlineMoved
from aftersales.workshop import services
from aftersales.workshop.events import OrderMoved
from aftersales.workshop.rules.expert import EXPERT_ANSWER
from aftersales.workshop.rules.order import PROMISE, OrderState

ENDS = (OrderState.DECLINED, OrderState.CANCELLED, OrderState.HANDED_OVER)


@on(DeadlineMoved)
def move_promise(event: DeadlineMoved) -> None:
    """Keep the order's copy of its promise, and the question's of its own, equal to the clock."""
    if event.rule == PROMISE:
        promise = deadlines.get_clock(subject=event.subject, rule=event.rule)
        services.move_promise(number=event.subject, promised_at=promise.due_at, warn_at=promise.warn_at)
    elif event.rule == EXPERT_ANSWER:
        answer = deadlines.get_clock(subject=event.subject, rule=event.rule)
        services.move_question(number=event.subject, due_at=answer.due_at, warn_at=answer.warn_at)


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


@on(OrderMoved)
def withdraw_questions(event: OrderMoved) -> None:
    """Nobody need answer about a unit that is not repaired any more, or has left."""
    if event.after in ENDS:
        services.withdraw_questions_of_order(order=event.number, now=event.at)


@on(CustomerErased)
def erase_customer_in_orders(event: CustomerErased) -> None:
    """Take out of the orders what names him."""
    services.erase_customer_in_orders(
        customer_ids=event.customer_ids, unit_ids=event.unit_ids, traces=event.traces, now=event.at
    )
