"""From the call that a unit is ready to its handover: told, explained, paid, signed, gone (reception duties, 6 to 9)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any

from aftersales.core import clock, events, strokes, transaction
from aftersales.core.actor import Actor
from aftersales.core.text import text as _
from aftersales.workshop import queries
from aftersales.workshop.events import OrderHandedOver
from aftersales.workshop.models import RepairOrder
from aftersales.workshop.rules import handover as rules
from aftersales.workshop.rules.house import covered_until
from aftersales.workshop.rules.order import OrderAction, OrderState
from aftersales.workshop.rules.promise import ContactReason
from aftersales.workshop.services.contacts import keep_contact
from aftersales.workshop.services.signing import how_signed
from aftersales.workshop.services.steps import end_promise, needed, open_step, take_step


@transaction.act
def announce_order(
    actor: Actor, *, number: str, reached: str, told: str, way: str = "telephone", now: datetime
) -> RepairOrder:
    """The order ready to be collected, with whom we told, how and what (rule 九: by telephone, saying what was done).

    The promise is kept, or missed, at this moment.
    """
    order, leads_to = open_step(actor, number, OrderAction.ANNOUNCE, now=now)
    words = needed(
        told, field="told", otherwise=_("Write what the customer was told: what was done, and what it costs.")
    )
    contact = keep_contact(
        actor, order, way=way, reached=reached, reason=ContactReason.READY.value, note=words, field="told", now=now
    )
    end_promise(actor, order.number, now)
    changes = {"ready_at": now, "contacted_at": now}
    about = {"reached": contact.reached, "way": contact.way}
    return take_step(actor, order, OrderAction.ANNOUNCE, leads_to, now=now, changes=changes, note=words, told=about)


@transaction.act
def explain_order(
    actor: Actor,
    *,
    number: str,
    work_told: str,
    old_parts: str,
    is_explained: bool,
    advice: str = "",
    next_visit_on: date | None = None,
    reminded_of: Collection[str] = (),
    now: datetime,
) -> RepairOrder:
    """The order whose customer was told item by item what was done and what it costs, and saw the old parts.

    `reminded_of` are the declined items he was reminded of for the next visit.
    """
    order, leads_to = open_step(actor, number, OrderAction.EXPLAIN, now=now)
    rules.check_explained(is_explained=is_explained)
    words = needed(work_told, field="work_told", otherwise=_("Write what was done, in words the customer understands."))
    changes: dict[str, Any] = {
        "work_told": words,
        "old_parts": rules.check_old_parts(old_parts),
        "is_explained": True,
        "advice": advice.strip(),
        "next_visit_on": rules.check_next_visit(next_visit_on, today=queries.today_at(order, now)),
    }
    told = {"reminded_of": ", ".join(reminded_of)} if reminded_of else None
    return take_step(actor, order, OrderAction.EXPLAIN, leads_to, now=now, changes=changes, told=told)


@transaction.act
def hand_over_order(
    actor: Actor,
    *,
    number: str,
    taken_by: str,
    authority: str = "",
    signature: Sequence[Any] = (),
    is_signed_on_paper: bool = False,
    now: datetime,
) -> RepairOrder:
    """The order with its unit back in the customer's hands, or in those of somebody he sent; from here on the house answers for its repair.

    What was signed on the screen stays with the order alone; the journal says that it was, there or on the printed sheet.
    """
    order, leads_to = open_step(actor, number, OrderAction.HAND_OVER, now=now)
    person = needed(taken_by, field="taken_by", otherwise=_("Write who takes the unit."))
    changes: dict[str, Any] = {
        "handed_over_at": now,
        "taken_by": person,
        "authority": rules.check_taker(
            taken_by=person,
            customer=order.customer.name,
            is_organisation=order.customer.kind == "organisation",
            authority=authority,
        ),
    }
    written = strokes.checked_strokes(signature)
    if order.state == OrderState.READY:  # declined and cancelled repairs are none to answer for
        changes["covered_until"] = _covered_until(order, now)
    if written:
        order.handover_signature = written
        order.save(update_fields=["handover_signature"])
    elif is_signed_on_paper:
        changes["is_handover_signed_on_paper"] = True
    signed = how_signed(written, is_on_paper=is_signed_on_paper)
    told = {"signed": signed} if signed else None
    take_step(actor, order, OrderAction.HAND_OVER, leads_to, now=now, changes=changes, told=told)
    events.publish(OrderHandedOver(order.number, order.station.code, now))
    return order


def _covered_until(order: RepairOrder, now: datetime) -> date:
    days = queries.house_rules(order.station_id).repair_warranty_days
    earlier = order.repeat_of
    first = None
    if earlier is not None:
        first = earlier.covered_until
        if first is None and earlier.handed_over_at is not None:
            on = clock.local_date(earlier.handed_over_at, order.station.time_zone)
            first = covered_until(handed_over_on=on, days=days)
    return covered_until(handed_over_on=queries.today_at(order, now), days=days, first_covered_until=first)


@transaction.act
def close_order(actor: Actor, *, number: str, now: datetime) -> RepairOrder:
    """The order closed: nothing more is expected to happen to it."""
    order, leads_to = open_step(actor, number, OrderAction.CLOSE, now=now)
    return take_step(actor, order, OrderAction.CLOSE, leads_to, now=now)
