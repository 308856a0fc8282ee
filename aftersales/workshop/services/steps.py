"""The one way in which an order moves: look it up, ask the table, write, journal, publish."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from aftersales.core import events, journal
from aftersales.core.actor import Actor
from aftersales.core.errors import Invalid
from aftersales.core.text import Text
from aftersales.deadlines import queries as clocks, services as deadlines
from aftersales.workshop import queries
from aftersales.workshop.events import OrderMoved
from aftersales.workshop.models import Promise, RepairOrder
from aftersales.workshop.rules.order import ORDER, PROMISE, OrderAction, OrderState

if TYPE_CHECKING:
    from aftersales.deadlines.queries import ClockView

NO_LONGER_WAITING: Mapping[str, Any] = {"waiting_for": "", "waiting_on": "", "waiting_since": None}


def open_step(actor: Actor, number: str, action: OrderAction, *, now: datetime) -> tuple[RepairOrder, OrderState]:
    """The locked order and the state the step leads to; refuses when the table does."""
    order = queries.get_order(actor, number, for_update=True)
    facts = queries.facts_for(actor, order, queries.today_at(order, now))
    return order, ORDER.take(OrderState(order.state), action, facts, actor.may)


def take_step(
    actor: Actor,
    order: RepairOrder,
    action: OrderAction,
    leads_to: OrderState,
    *,
    now: datetime,
    changes: Mapping[str, Any] | None = None,
    note: str = "",
    told: Mapping[str, Any] | None = None,
) -> RepairOrder:
    """The order moved to `leads_to` with `changes` applied; `told` adds facts to the journal entry that are no fields."""
    changes = dict(changes or {})
    before = {"state": order.state} | {name: getattr(order, name) for name in changes}
    is_moved = leads_to.value != order.state
    if is_moved:
        changes |= {"state": leads_to.value, "moved_at": now}
    for name, value in changes.items():
        setattr(order, name, value)
    order.version += 1
    order.save(update_fields=[*changes, "version"])
    after = {"state": order.state} | {n: v for n, v in changes.items() if n != "moved_at"} | dict(told or {})
    journal.record(
        actor,
        at=now,
        act=action.value,
        kind="order",
        key=order.number,
        scope=order.station.code,
        before=before,
        after=after,
        note=note,
    )
    if is_moved:
        moved = OrderMoved(order.number, order.station.code, action.value, before["state"], order.state, now)
        events.publish(moved)
    return order


def start_promise(actor: Actor, order: RepairOrder, now: datetime) -> ClockView:
    """The clock of the three working days, started; the order keeps each promise that was ever made."""
    clock = start_promise_clock(actor, order.number, order.station, now)
    Promise.objects.create(order=order, promised_at=clock.due_at, made_at=now, made_by=actor.name)
    return clock


def start_promise_clock(actor: Actor, number: str, station: Any, now: datetime) -> ClockView:
    """The running clock of a promise."""
    return deadlines.start_clock(
        actor,
        rule=PROMISE,
        subject=number,
        calendar=station.calendar_code,
        started_at=now,
        scope=station.code,
        now=now,
    )


def end_wait(actor: Actor, order: RepairOrder, *, now: datetime) -> dict[str, Any]:
    """End the wait that is open, if there is one, and let the promise go on where it stood still; the changes to the order."""
    wait = order.waits.filter(ended_at=None).first()
    if wait is not None:
        wait.ended_at = max(now, wait.started_at)
        wait.save(update_fields=["ended_at"])
        if wait.is_pausing:
            promise = clocks.find_clock(subject=order.number, rule=PROMISE)
            if promise is not None and promise.open_pause is not None and promise.stopped_at is None:
                deadlines.resume_clock(actor, clock_id=promise.id, now=now)
                order.refresh_from_db(fields=["promised_at", "warn_at"])  # the handler of the move has written them
    return dict(NO_LONGER_WAITING)


def end_promise(actor: Actor, number: str, now: datetime) -> None:
    """Stop the clock of the promise, if it still runs."""
    promise = clocks.find_clock(subject=number, rule=PROMISE)
    if promise is not None and promise.stopped_at is None:
        deadlines.stop_clock(actor, clock_id=promise.id, now=now)


def needed(typed: str, *, field: str, otherwise: Text) -> str:
    """What was typed, without surrounding space; refuses when nothing was."""
    cleaned = typed.strip()
    if not cleaned:
        raise Invalid(otherwise, field=field)
    return cleaned
