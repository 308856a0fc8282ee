"""How the promised day looks at an instant."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum

from aftersales.core.errors import Invalid
from aftersales.core.text import Text, text as _
from aftersales.workshop.rules.order import PROMISE_RUNS, OrderState

LONGEST_PROMISE = timedelta(days=180)


class ContactReason(StrEnum):
    """Why the customer was told how it stands."""

    PARTS = "parts"
    CUSTOMER = "customer"
    MANUFACTURER = "manufacturer"
    APPROVAL = "approval"
    WORK = "work"
    CAPACITY = "capacity"
    PROGRESS = "progress"
    PICK_UP = "pick_up"
    READY = "ready"


CONTACT_REASONS: Mapping[ContactReason, Text] = {
    ContactReason.PARTS: _("Parts are late"),
    ContactReason.CUSTOMER: _("We need the customer's answer"),
    ContactReason.MANUFACTURER: _("The manufacturer has not answered"),
    ContactReason.APPROVAL: _("Approval in the house is outstanding"),
    ContactReason.WORK: _("The repair takes longer, or a check failed"),
    ContactReason.CAPACITY: _("Too many units at once"),
    ContactReason.PROGRESS: _("Told how it stands"),
    ContactReason.PICK_UP: _("Asked to fetch the unit"),
    ContactReason.READY: _("Told that it is ready, and what was done"),
}
DELAYS: frozenset[ContactReason] = frozenset(ContactReason) - {
    ContactReason.PROGRESS,
    ContactReason.PICK_UP,
    ContactReason.READY,
}
"""The reasons for which a promise may be given anew."""

PROMISE_LABELS: Mapping[str, Text] = {
    "danger": _("Promise missed"),
    "warning": _("Due soon"),
    "success": _("In time"),
    "neutral": _("Promise over"),
}


def promise_tone(state: OrderState, *, promised_at: datetime, warn_at: datetime, now: datetime) -> str:
    """`success` while there is time, `warning` from the warning on, `danger` once missed, `neutral` when nothing runs."""
    if state not in PROMISE_RUNS:
        return "neutral"
    if now > promised_at:
        return "danger"
    return "warning" if now >= warn_at else "success"


def new_promise(
    *, promised_at: datetime | None, current: datetime, reason: ContactReason, now: datetime, is_running: bool
) -> datetime | None:
    """The new promised instant, or None when none was agreed; refuses one in the past, an earlier one, and one without cause."""
    if promised_at is None:
        return None
    if not is_running:
        raise Invalid(_("Nothing is promised any more for this order."), field="promised_at")
    if reason not in DELAYS:
        raise Invalid(_("A new promise needs a reason why the old one cannot be kept."), field="reason")
    if promised_at <= max(now, current):
        raise Invalid(_("The new promise must lie in the future and after the old one."), field="promised_at")
    if promised_at > now + LONGEST_PROMISE:
        raise Invalid(_("A promise of more than {days} days is none.", days=LONGEST_PROMISE.days), field="promised_at")
    return promised_at


def warning_before(*, promised_at: datetime, warn_at: datetime, again_at: datetime, now: datetime) -> datetime:
    """When a new promise becomes pressing: as long before it as the first one was, but not in the past."""
    return max(now, again_at - (promised_at - warn_at))
