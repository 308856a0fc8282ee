"""Who waits for whom, what the customer was told, and what was promised when."""

from __future__ import annotations

from aftersales.workshop.models import Contact, Promise, RepairOrder, Wait


def find_open_wait(order: RepairOrder) -> Wait | None:
    """The wait that is not over, if the order stands still."""
    return order.waits.filter(ended_at=None).first() if order.waiting_for else None


def list_waits(order: RepairOrder) -> list[Wait]:
    """Every stretch the order stood still, newest first."""
    return list(order.waits.order_by("-started_at", "-id"))


def list_contacts(order: RepairOrder) -> list[Contact]:
    """Every time the customer was told how it stands, newest first."""
    return list(order.contacts.order_by("-contacted_at", "-id"))


def list_promises(order: RepairOrder) -> list[Promise]:
    """Every promise made, the first one first; the last one holds."""
    return list(order.promises.select_related("contact").order_by("made_at", "id"))
