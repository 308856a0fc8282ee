"""How what happened to customers and units is told: one timeline, in words, with the numbers masked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from aftersales.core.text import Text, text as _
from aftersales.customers.rules import contacts, kinds


@dataclass(frozen=True)
class Change:
    """One field that an act changed, with both values in words."""

    label: Text
    before: object
    after: object
    is_new: bool = False
    """Nothing stood there before, so there is nothing to strike out."""


@dataclass(frozen=True)
class TimelineItem:
    """One thing that happened, whichever room knows of it."""

    at: datetime
    title: Text
    detail: object = ""
    url: str = ""
    tone: str = "neutral"
    who: str = ""
    icon: str = ""
    changes: tuple[Change, ...] = ()


ACTS: Mapping[tuple[str, str], tuple[Text, str, str]] = {
    ("customer", "register"): (_("Customer registered"), "success", "user-plus"),
    ("customer", "edit"): (_("Customer changed"), "neutral", "edit"),
    ("customer", "welcome"): (_("Customer welcomed at another station"), "info", "building-store"),
    ("customer", "add_phone"): (_("Telephone number added"), "neutral", "phone"),
    ("customer", "remove_phone"): (_("Telephone number removed"), "neutral", "phone"),
    ("customer", "choose_main_phone"): (_("Main telephone number chosen"), "neutral", "phone"),
    ("customer", "add_address"): (_("Address added"), "neutral", "map-pin"),
    ("customer", "remove_address"): (_("Address removed"), "neutral", "map-pin"),
    ("customer", "merge"): (_("Merged with another record"), "warning", "link"),
    ("customer", "copy_out"): (_("Copy of all data made for the customer"), "info", "download"),
    ("customer", "erase"): (_("Personal data erased on request"), "danger", "user-off"),
    ("customer", "undo_merge"): (_("Merge undone"), "warning", "unlink"),
    ("unit", "merge"): (_("Merged with another record"), "warning", "link"),
    ("unit", "undo_merge"): (_("Merge undone"), "warning", "unlink"),
    ("unit", "register"): (_("Unit registered"), "success", "plus"),
    ("unit", "edit"): (_("Unit changed"), "neutral", "edit"),
    ("unit", "transfer"): (_("Unit changed hands"), "warning", "exchange"),
    ("unit", "record_meter"): (_("Meter read"), "neutral", "gauge"),
    ("unit", "give_up_plate"): (_("Plate moved to another unit"), "warning", "id"),
}
"""Act of the journal → how the timeline tells it: words, tone, icon. What is not here is not told."""

LABELS: Mapping[str, Text] = {
    "kind": _("Person or organisation"),
    "segment": _("Buys as"),
    "grade": _("Grade"),
    "name": _("Name"),
    "contact_name": _("Contact person"),
    "language": _("Language"),
    "may_be_messaged": _("Agrees to messages about the service"),
    "may_be_advertised_to": _("Agrees to advertising"),
    "note": _("Note"),
    "phone": _("Telephone"),
    "category": _("Category"),
    "model": _("Model"),
    "serial": _("Serial number"),
    "plate": _("Plate"),
    "pieces": _("Pieces"),
    "purchased_on": _("Bought on"),
    "shipped_on": _("Shipped on"),
    "is_active": _("In use"),
    "meter": _("Meter"),
}
"""The fields that are told. Owners are not among them: their history is a list of its own, scoped by who may see whom."""

_WORDS: Mapping[str, Mapping[str, Text]] = {
    "kind": kinds.KIND_LABELS,
    "segment": kinds.SEGMENT_LABELS,
    "grade": kinds.GRADE_LABELS,
    "language": kinds.LANGUAGES,
}
Words = Mapping[str, Mapping[str, Text]]
NO_WORDS: Words = {}
ERASED = "[erased]"
"""How the journal keeps a value that named a person who was erased."""
_YES, _NO = _("Yes"), _("No")
_UNTOLD = frozenset({"kind", "segment", "grade", "language", "may_be_messaged", "may_be_advertised_to", "is_active"})
"""Not worth telling when something is registered; told when they change."""


def changes(
    before: Mapping[str, Any] | None, after: Mapping[str, Any] | None, *, words: Words = NO_WORDS
) -> tuple[Change, ...]:
    """What an act changed, in words; unknown fields are left out, numbers are masked. `words` adds field → code → word."""
    old, new = before or {}, after or {}
    told = LABELS if before is not None else {name: label for name, label in LABELS.items() if name not in _UNTOLD}
    return tuple(
        Change(label, worded(name, old.get(name), words), worded(name, new.get(name), words), is_new=before is None)
        for name, label in told.items()
        if (name in old or name in new) and (old.get(name) or new.get(name) or before is not None)
    )


def worded(name: str, value: Any, words: Words = NO_WORDS) -> object:
    """A recorded value as people read it."""
    if value is None or value == "":
        return "—"
    if value == ERASED:
        return _("erased on request")
    if isinstance(value, bool):
        return _YES if value else _NO
    if name == "phone":
        return contacts.masked(value)
    known = words.get(name) or _WORDS.get(name, {})
    return known.get(value, value)


def in_order(items: Iterable[TimelineItem], *, limit: int) -> list[TimelineItem]:
    """The latest things first."""
    return sorted(items, key=lambda item: item.at, reverse=True)[:limit]
