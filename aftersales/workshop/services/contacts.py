"""The record that a customer was told something: the proof of it."""

from __future__ import annotations

from datetime import datetime

from aftersales.core.actor import Actor
from aftersales.core.errors import Invalid
from aftersales.core.text import text as _
from aftersales.workshop.models import Contact, RepairOrder
from aftersales.workshop.rules.promise import ContactReason
from aftersales.workshop.rules.quotation import CONSENT_LABELS
from aftersales.workshop.services.steps import needed

LONGEST_NOTE = 500


def keep_contact(
    actor: Actor,
    order: RepairOrder,
    *,
    way: str,
    reached: str,
    reason: str,
    note: str,
    now: datetime,
    field: str = "note",
) -> Contact:
    """The contact as it is kept: how and whom we reached, why, what was said, and whether the promise still stood."""
    if way not in CONSENT_LABELS:
        raise Invalid(_("Choose how you reached the customer."), field="way")
    if reason not in set(ContactReason):
        raise Invalid(_("Choose why the customer was told."), field="reason")
    person = needed(reached, field="reached", otherwise=_("Write whom you reached."))
    words = note.strip()
    if len(words) > LONGEST_NOTE:
        raise Invalid(_("Write at most {most} characters.", most=LONGEST_NOTE), field=field)
    return Contact.objects.create(
        order=order,
        contacted_at=now,
        way=way,
        reached=person,
        reason=reason,
        note=words,
        promised_at=order.promised_at,
        was_in_time=now <= order.promised_at,
        recorded_by=actor.name,
    )
