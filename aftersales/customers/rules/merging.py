"""Two records that are one: which value is kept where they differ, and whether a merge can still be undone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from aftersales.core.errors import Invalid
from aftersales.core.text import Text, text as _
from aftersales.customers.rules import kinds
from aftersales.customers.rules.contacts import folded_name
from aftersales.customers.rules.history import LABELS

UNDO_DAYS = 30
TAKEN = _("Its serial number or plate has been given to another unit since. Take it off there first.")
LONGEST_NOTE = 2000


class Side(StrEnum):
    """Whose value is kept."""

    KEPT = "kept"
    GONE = "gone"
    BOTH = "both"


CUSTOMER_FIELDS: Mapping[str, tuple[str, ...]] = {
    "name": ("name",),
    "kind": ("kind",),
    "contact_name": ("contact_name",),
    "segment": ("segment",),
    "grade": ("grade",),
    "home_station": ("home_station_id",),
    "language": ("language",),
    "may_be_messaged": ("may_be_messaged",),
    "may_be_advertised_to": ("may_be_advertised_to",),
    "note": ("note",),
}
"""What can be chosen, field by field, and the columns that go together."""
UNIT_FIELDS: Mapping[str, tuple[str, ...]] = {
    "category": ("category_id",),
    "model": ("model_id", "model_text"),
    "serial": ("serial",),
    "plate": ("plate",),
    "owner": ("owner_id",),
    "pieces": ("pieces",),
    "purchased_on": ("purchased_on",),
    "shipped_on": ("shipped_on",),
    "meter": ("meter_reading", "meter_at"),
    "is_active": ("is_active",),
    "note": ("note",),
}
FIELD_LABELS: Mapping[str, Text] = {**LABELS, "home_station": _("Home station"), "owner": _("Owner")}

_MORE_RESTRICTIVE = frozenset({"may_be_messaged", "may_be_advertised_to"})
_GRADES = tuple(kinds.Grade)


def default_side(name: str, kept: Any, gone: Any, *, gone_is_newer: bool) -> Side:
    """Whose value is kept unless somebody chooses: the fuller one, or else the newer; of two consents the stricter."""
    if _is_empty(gone) or kept == gone:
        return Side.KEPT
    if _is_empty(kept):
        return Side.GONE
    special = _special_side(name, kept, gone)
    if special is not None:
        return special
    if _contains(kept, gone) or _contains(gone, kept):
        return Side.GONE if len(str(gone)) > len(str(kept)) else Side.KEPT
    return Side.GONE if gone_is_newer else Side.KEPT


def _special_side(name: str, kept: Any, gone: Any) -> Side | None:
    if name == "note":
        return Side.BOTH
    if name in _MORE_RESTRICTIVE:
        return Side.KEPT if kept is False else Side.GONE
    if name == "is_active":
        return Side.KEPT if kept else Side.GONE
    if name == "grade":
        return Side.KEPT if _GRADES.index(kept) > _GRADES.index(gone) else Side.GONE
    return None


def _is_empty(value: Any) -> bool:
    return value is None or value == "" or (isinstance(value, tuple) and all(_is_empty(each) for each in value))


def _contains(one: Any, other: Any) -> bool:
    return isinstance(one, str) and isinstance(other, str) and folded_name(other) in folded_name(one)


def check_choice(name: str, side: str) -> Side:
    """The side that was chosen; refuses what cannot be chosen for this field."""
    if side not in set(Side) or (side == Side.BOTH and name != "note"):
        raise Invalid(_("Choose which of the two values is kept."), field=name)
    return Side(side)


def joined_notes(kept: str, gone: str) -> str:
    """Both notes, one below the other; refuses when they are too long together."""
    note = "\n".join(part for part in (kept, gone) if part)
    if len(note) > LONGEST_NOTE:
        raise Invalid(
            _("The two notes have more than {count} characters together. Choose one of them.", count=LONGEST_NOTE),
            field="note",
        )
    return note


# Undoing


@dataclass(frozen=True)
class UndoFacts:
    """What the decision whether a merge can be undone looks at."""

    merged_at: datetime
    is_undone: bool = False
    kept_was_merged: bool = False
    has_later_merge: bool = False
    is_erased: bool = False
    has_changed_hands: bool = False
    number_is_taken: bool = False


def undo_until(merged_at: datetime) -> datetime:
    """The instant after which a merge stands."""
    return merged_at + timedelta(days=UNDO_DAYS)


def why_not_undone(facts: UndoFacts, now: datetime) -> Text | None:
    """Why the merge cannot be undone, in a sentence; None when it can."""
    reasons = (
        (facts.is_undone, _("This merge has been undone already.")),
        (facts.is_erased, _("One of the two was erased on request. What was erased cannot come back.")),
        (
            now > undo_until(facts.merged_at),
            _("A merge can be undone for {count} days. This one stands.", count=UNDO_DAYS),
        ),
        (facts.kept_was_merged, _("The kept record was merged further. Undo that merge first.")),
        (
            facts.has_later_merge,
            _("Another record was merged into this one later. Undo the later merge first."),
        ),
        (facts.has_changed_hands, _("The unit has changed hands since. Correct its owner instead.")),
        (facts.number_is_taken, TAKEN),
    )
    return next((sentence for holds, sentence in reasons if holds), None)
