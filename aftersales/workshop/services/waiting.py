"""Standing still, telling the customer before a promise is missed, and promising anew."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from aftersales.core import transaction
from aftersales.core.actor import Actor
from aftersales.core.errors import Invalid
from aftersales.core.text import text as _
from aftersales.deadlines import queries as clocks, services as deadlines
from aftersales.staff import queries as staff
from aftersales.workshop import queries
from aftersales.workshop.models import Promise, RepairOrder, Wait
from aftersales.workshop.permissions import Permission
from aftersales.workshop.rules import house, promise as rules
from aftersales.workshop.rules.order import PROMISE, PROMISE_RUNS, WAITING_LABELS, OrderAction, OrderState, WaitingFor
from aftersales.workshop.rules.promise import ContactReason
from aftersales.workshop.services.contacts import keep_contact
from aftersales.workshop.services.steps import end_wait, needed, open_step, take_step


@transaction.act
def wait_order(
    actor: Actor,
    *,
    number: str,
    waiting_for: str,
    waiting_on: str = "",
    owner_id: int | None = None,
    expected_on: date | None = None,
    note: str = "",
    now: datetime,
) -> RepairOrder:
    """The order waiting for parts, customer, manufacturer or approval, with the person who keeps it moving (`owner_id`, or a name).

    The promise to the customer goes on, unless the station's own rules let it stand still for this reason.
    """
    order, leads_to = open_step(actor, number, OrderAction.WAIT, now=now)
    if waiting_for not in WAITING_LABELS:
        raise Invalid(_("Choose what the order waits for."), field="waiting_for")
    person, owner = _owner(actor, order, owner_id, waiting_on)
    if expected_on is not None and expected_on < queries.today_at(order, now):
        raise Invalid(_("The expected day lies in the past."), field="expected_on")
    is_pausing = house.pauses_promise(queries.house_rules(order.station_id), waiting_for)
    if is_pausing:
        _pause_promise(actor, order, waiting_for, owner, note, now)
    Wait.objects.create(
        order=order,
        waiting_for=WaitingFor(waiting_for).value,
        owner=owner,
        owner_person=person,
        note=note.strip(),
        expected_on=expected_on,
        is_pausing=is_pausing,
        started_at=now,
        started_by=actor.name,
    )
    changes = {"waiting_for": WaitingFor(waiting_for).value, "waiting_on": owner, "waiting_since": now}
    return take_step(
        actor,
        order,
        OrderAction.WAIT,
        leads_to,
        now=now,
        changes=changes,
        note=note.strip(),
        told={"expected_on": expected_on} if expected_on else None,
    )


def _owner(actor: Actor, order: RepairOrder, owner_id: int | None, typed: str) -> tuple[Any, str]:
    if owner_id is None:
        otherwise = _("Choose or write who sees to it that it goes on.")
        return None, needed(typed, field="waiting_on", otherwise=otherwise)
    here = staff.people_with(actor, permission=Permission.SEE, station=order.station.code)
    person = next((each for each in here if each.pk == owner_id), None)
    if person is None:
        raise Invalid(_("Choose somebody of this station."), field="owner_id")
    return person, person.name


def _pause_promise(actor: Actor, order: RepairOrder, reason: str, owner: str, note: str, now: datetime) -> None:
    promise = clocks.find_clock(subject=order.number, rule=PROMISE)
    if promise is not None and promise.stopped_at is None:
        deadlines.pause_clock(actor, clock_id=promise.id, reason=reason, owner=owner, note=note.strip(), now=now)


@transaction.act
def resume_order(actor: Actor, *, number: str, now: datetime) -> RepairOrder:
    """The order going on after a wait."""
    order, leads_to = open_step(actor, number, OrderAction.RESUME, now=now)
    changes = end_wait(actor, order, now=now)
    return take_step(actor, order, OrderAction.RESUME, leads_to, now=now, changes=changes)


@transaction.act
def contact_customer(
    actor: Actor,
    *,
    number: str,
    way: str,
    reached: str,
    reason: str,
    note: str = "",
    promised_at: datetime | None = None,
    now: datetime,
) -> RepairOrder:
    """The order whose customer was told how it stands, and why; with `promised_at` a new promise stands, and the old one beside it.

    The record of the contact is the proof that he heard it before the promise was missed (reception duties, 6).
    """
    order, leads_to = open_step(actor, number, OrderAction.CONTACT, now=now)
    if reason == ContactReason.READY:
        raise Invalid(_("That it is ready is told by its own step, once the check is passed."), field="reason")
    is_running = OrderState(order.state) in PROMISE_RUNS
    contact = keep_contact(actor, order, way=way, reached=reached, reason=reason, note=note, now=now)
    again = rules.new_promise(
        promised_at=promised_at, current=order.promised_at, reason=ContactReason(reason), now=now, is_running=is_running
    )
    changes: dict[str, Any] = {"contacted_at": now}
    if again is not None:
        Promise.objects.create(order=order, promised_at=again, made_at=now, made_by=actor.name, contact=contact)
        warn_at = rules.warning_before(promised_at=order.promised_at, warn_at=order.warn_at, again_at=again, now=now)
        changes |= {"promised_at": again, "warn_at": warn_at}
    told = {"reached": contact.reached, "way": way, "reason": reason}
    return take_step(
        actor, order, OrderAction.CONTACT, leads_to, now=now, changes=changes, note=contact.note, told=told
    )


@transaction.act
def move_promise(*, number: str, promised_at: datetime, warn_at: datetime) -> None:
    """The order's copy of its promise, set to what the clock now says; the clock's own journal tells why.

    What the house rule promised moves with the clock; a promise that was agreed with the customer since is kept: only he can
    move it.
    """
    order = RepairOrder.objects.filter(number=number).first()
    if order is None:
        return
    order.house_promised_at = promised_at
    by_rule = order.promises.filter(contact=None).order_by("made_at", "id").last()
    if by_rule is not None:
        by_rule.promised_at = promised_at
        by_rule.save(update_fields=["promised_at"])
    if not order.promises.filter(contact__isnull=False).exists():
        order.promised_at, order.warn_at = promised_at, warn_at
    order.save(update_fields=["house_promised_at", "promised_at", "warn_at"])
