"""The acts that move a repair order, in the order in which they usually happen."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from aftersales.catalog import queries as catalog
from aftersales.core import transaction
from aftersales.core.actor import Actor
from aftersales.core.errors import Invalid, Missing, Refused
from aftersales.core.text import text as _
from aftersales.staff import queries as staff
from aftersales.workshop.models import RepairOrder
from aftersales.workshop.permissions import Permission
from aftersales.workshop.rules import diagnosis as diagnosing
from aftersales.workshop.rules.order import OrderAction
from aftersales.workshop.rules.quotation import Decision
from aftersales.workshop.services.finding import index_order
from aftersales.workshop.services.steps import end_promise, end_wait, needed, open_step, take_step


@transaction.act
def assign_order(actor: Actor, *, number: str, technician_id: int, now: datetime) -> RepairOrder:
    """The order in the hands of a technician of its station."""
    order, leads_to = open_step(actor, number, OrderAction.ASSIGN, now=now)
    able = staff.people_with(actor, permission=Permission.REPAIR, station=order.station.code)
    technician = next((person for person in able if person.pk == technician_id), None)
    if technician is None:
        raise Invalid(_("Choose a technician of this station."), field="technician_id")
    return take_step(
        actor,
        order,
        OrderAction.ASSIGN,
        leads_to,
        now=now,
        changes={"technician": technician},
    )


@transaction.act
def diagnose_order(
    actor: Actor,
    *,
    number: str,
    diagnosis: str = "",
    symptoms: Sequence[str] = (),
    cause: str = "",
    remedy: str = "",
    now: datetime,
) -> RepairOrder:
    """The order with what the technician found: picked from the trade's lists, in his own words, or both."""
    order, leads_to = open_step(actor, number, OrderAction.DIAGNOSE, now=now)
    trade = catalog.get_trade(order.trade)
    picks = diagnosing.read_picks(trade, symptoms=symptoms, cause=cause, remedy=remedy)
    found = needed(
        diagnosis.strip() or diagnosing.in_words(trade, picks),
        field="diagnosis",
        otherwise=_("Pick the cause, or write what was found: the cause, and what will remedy it."),
    )
    changes = {"diagnosis": found, "symptoms": list(picks.symptoms), "cause": picks.cause, "remedy": picks.remedy}
    take_step(actor, order, OrderAction.DIAGNOSE, leads_to, now=now, changes=changes)
    index_order(order)
    return order


@transaction.act
def start_order(actor: Actor, *, number: str, now: datetime) -> RepairOrder:
    """The order under repair."""
    order, leads_to = open_step(actor, number, OrderAction.START, now=now)
    return take_step(actor, order, OrderAction.START, leads_to, now=now)


@transaction.act
def finish_line(actor: Actor, *, number: str, position: int, now: datetime) -> RepairOrder:
    """The order with the work of one agreed line done; reporting the order done does the same for all that are left."""
    order, leads_to = open_step(actor, number, OrderAction.FINISH_LINE, now=now)
    line = order.lines.filter(position=position).first()
    if line is None:
        raise Missing(_("That line is no longer in the quotation. Reload the page."))
    if line.decision != Decision.AGREED:
        raise Refused(_("The customer has not agreed to this line. Work on it begins when he has."))
    if line.done_at is None:
        line.done_at, line.done_by = now, actor.name
        line.save(update_fields=["done_at", "done_by"])
    return take_step(actor, order, OrderAction.FINISH_LINE, leads_to, now=now, told={"line": line.description})


@transaction.act
def complete_order(
    actor: Actor, *, number: str, work_done: str, cause: str | None = None, remedy: str | None = None, now: datetime
) -> RepairOrder:
    """The order reported done by the technician; the same act is the state entry the office needs.

    `cause` and `remedy` set right what was picked at the diagnosis, now that it is known; None leaves them as they are.
    """
    order, leads_to = open_step(actor, number, OrderAction.COMPLETE, now=now)
    order.lines.filter(decision=Decision.AGREED.value, done_at=None).update(done_at=now, done_by=actor.name)
    done = needed(work_done, field="work_done", otherwise=_("Write what was done, in words the customer understands."))
    picks = diagnosing.read_picks(
        catalog.get_trade(order.trade),
        symptoms=order.symptoms,
        cause=order.cause if cause is None else cause,
        remedy=order.remedy if remedy is None else remedy,
    )
    changes = {"work_done": done, "cause": picks.cause, "remedy": picks.remedy}
    take_step(actor, order, OrderAction.COMPLETE, leads_to, now=now, changes=changes)
    index_order(order)
    return order


@transaction.act
def cancel_order(actor: Actor, *, number: str, reason: str, now: datetime) -> RepairOrder:
    """The order cancelled for a stated reason; the unit is still here until it is handed over, and nothing is due."""
    order, leads_to = open_step(actor, number, OrderAction.CANCEL, now=now)
    why = needed(reason, field="reason", otherwise=_("Write why the order is cancelled."))
    end_promise(actor, order.number, now)
    changes = {**end_wait(actor, order, now=now), "due_fen": 0, "ready_at": now}
    return take_step(actor, order, OrderAction.CANCEL, leads_to, now=now, changes=changes, note=why)
