"""The acts that move a repair order, in the order in which they usually happen."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from aftersales.core import events, transaction
from aftersales.core.actor import Actor
from aftersales.core.errors import Invalid
from aftersales.core.text import text as _
from aftersales.staff import queries as staff
from aftersales.workshop.events import OrderHandedOver
from aftersales.workshop.models import QualityCheck, RepairOrder
from aftersales.workshop.permissions import Permission
from aftersales.workshop.rules.order import WAITING_LABELS, OrderAction, WaitingFor
from aftersales.workshop.services.steps import NO_LONGER_WAITING, end_promise, needed, open_step, take_step


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
def diagnose_order(actor: Actor, *, number: str, diagnosis: str, now: datetime) -> RepairOrder:
    """The order with what the technician found."""
    order, leads_to = open_step(actor, number, OrderAction.DIAGNOSE, now=now)
    found = needed(
        diagnosis, field="diagnosis", otherwise=_("Write what was found: the cause, and what will remedy it.")
    )
    return take_step(actor, order, OrderAction.DIAGNOSE, leads_to, now=now, changes={"diagnosis": found})


@transaction.act
def start_order(actor: Actor, *, number: str, now: datetime) -> RepairOrder:
    """The order under repair."""
    order, leads_to = open_step(actor, number, OrderAction.START, now=now)
    return take_step(actor, order, OrderAction.START, leads_to, now=now)


@transaction.act
def complete_order(actor: Actor, *, number: str, work_done: str, now: datetime) -> RepairOrder:
    """The order reported done by the technician; the same act is the state entry the office needs."""
    order, leads_to = open_step(actor, number, OrderAction.COMPLETE, now=now)
    done = needed(work_done, field="work_done", otherwise=_("Write what was done, in words the customer understands."))
    return take_step(actor, order, OrderAction.COMPLETE, leads_to, now=now, changes={"work_done": done})


@transaction.act
def pass_check(actor: Actor, *, number: str, points: Sequence[str] = (), note: str = "", now: datetime) -> RepairOrder:
    """The order with a passed quality check; `points` are the codes of the checklist that were looked at."""
    return _check(actor, number, OrderAction.PASS_CHECK, points=points, note=note, now=now)


@transaction.act
def fail_check(actor: Actor, *, number: str, note: str, points: Sequence[str] = (), now: datetime) -> RepairOrder:
    """The order sent back to repair, with what the check found."""
    reason = needed(note, field="note", otherwise=_("Write what was found, so that the technician knows what to do."))
    return _check(actor, number, OrderAction.FAIL_CHECK, points=points, note=reason, now=now)


def _check(
    actor: Actor, number: str, action: OrderAction, *, points: Sequence[str], note: str, now: datetime
) -> RepairOrder:
    order, leads_to = open_step(actor, number, action, now=now)
    QualityCheck.objects.create(
        order=order,
        has_passed=action is OrderAction.PASS_CHECK,
        points=list(points),
        note=note.strip(),
        checked_at=now,
        checked_by=actor.name,
    )
    return take_step(actor, order, action, leads_to, now=now, note=note.strip(), told={"points": list(points)})


@transaction.act
def announce_order(actor: Actor, *, number: str, told: str, now: datetime) -> RepairOrder:
    """The order ready to be collected, with whom we told and what (rule 九: by telephone, saying what was done); the promise is kept, or missed, at this moment."""
    order, leads_to = open_step(actor, number, OrderAction.ANNOUNCE, now=now)
    words = needed(
        told, field="told", otherwise=_("Write whom you reached and what you told, for example: Ms Li, by phone.")
    )
    end_promise(actor, order.number, now)
    return take_step(actor, order, OrderAction.ANNOUNCE, leads_to, now=now, note=words)


@transaction.act
def hand_over_order(actor: Actor, *, number: str, taken_by: str, now: datetime) -> RepairOrder:
    """The order with its unit back in the customer's hands."""
    order, leads_to = open_step(actor, number, OrderAction.HAND_OVER, now=now)
    person = needed(taken_by, field="taken_by", otherwise=_("Write who takes the unit."))
    changes = {"handed_over_at": now}
    take_step(actor, order, OrderAction.HAND_OVER, leads_to, now=now, changes=changes, told={"taken_by": person})
    events.publish(OrderHandedOver(order.number, order.station.code, now))
    return order


@transaction.act
def close_order(actor: Actor, *, number: str, now: datetime) -> RepairOrder:
    """The order closed: nothing more is expected to happen to it."""
    order, leads_to = open_step(actor, number, OrderAction.CLOSE, now=now)
    return take_step(actor, order, OrderAction.CLOSE, leads_to, now=now)


@transaction.act
def cancel_order(actor: Actor, *, number: str, reason: str, now: datetime) -> RepairOrder:
    """The order cancelled for a stated reason; the unit is still here until it is handed over, and nothing is due."""
    order, leads_to = open_step(actor, number, OrderAction.CANCEL, now=now)
    why = needed(reason, field="reason", otherwise=_("Write why the order is cancelled."))
    end_promise(actor, order.number, now)
    return take_step(
        actor, order, OrderAction.CANCEL, leads_to, now=now, changes={**NO_LONGER_WAITING, "due_fen": 0}, note=why
    )


@transaction.act
def wait_order(
    actor: Actor, *, number: str, waiting_for: str, waiting_on: str, note: str = "", now: datetime
) -> RepairOrder:
    """The order waiting for parts, customer, manufacturer or approval, with the person who keeps it moving.

    The promise to the customer goes on: the house rule gives three working days and names no exception.
    """
    order, leads_to = open_step(actor, number, OrderAction.WAIT, now=now)
    if waiting_for not in WAITING_LABELS:
        raise Invalid(_("Choose what the order waits for."), field="waiting_for")
    owner = needed(waiting_on, field="waiting_on", otherwise=_("Write who sees to it that it goes on."))
    changes = {"waiting_for": WaitingFor(waiting_for).value, "waiting_on": owner, "waiting_since": now}
    return take_step(actor, order, OrderAction.WAIT, leads_to, now=now, changes=changes, note=note.strip())


@transaction.act
def resume_order(actor: Actor, *, number: str, now: datetime) -> RepairOrder:
    """The order going on after a wait."""
    order, leads_to = open_step(actor, number, OrderAction.RESUME, now=now)
    return take_step(actor, order, OrderAction.RESUME, leads_to, now=now, changes=NO_LONGER_WAITING)


@transaction.act
def move_promise(*, number: str, promised_at: datetime, warn_at: datetime) -> None:
    """The order's copy of its promise, set to what the clock now says; the clock's own journal tells why."""
    RepairOrder.objects.filter(number=number).update(promised_at=promised_at, warn_at=warn_at)
