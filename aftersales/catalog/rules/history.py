"""How the journal of the catalog is told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from aftersales.core.text import Text, text as _

LABELS: Mapping[str, Text] = {
    "name": _("Name"),
    "other_names": _("Other names"),
    "hotline": _("Hotline"),
    "note": _("Note"),
    "is_active": _("In use"),
    "manufacturer": _("Manufacturer"),
    "category": _("Category"),
    "code": _("Code"),
    "warranty_months": _("Warranty (months)"),
    "hours": _("Standard hours"),
    "rate": _("Rate per hour"),
    "measure": _("Counted in"),
    "price": _("Price"),
}
_ACTS: Mapping[str, Text] = {"add": _("Item added"), "edit": _("Item changed")}
_YES, _NO = _("Yes"), _("No")


@dataclass(frozen=True)
class Change:
    """One field that was changed, with both values in words."""

    label: Text
    before: object
    after: object


@dataclass(frozen=True)
class Moment:
    """One act on an item."""

    at: datetime
    who: str
    title: Text
    changes: tuple[Change, ...]


def told(
    *, at: datetime, who: str, act: str, before: Mapping[str, Any] | None, after: Mapping[str, Any] | None
) -> Moment:
    """One journal entry in words; what an item was added with stands on its page already."""
    old, new = (before, after or {}) if before else ({}, {})
    changes = tuple(
        Change(label, _shown(old.get(name)), _shown(new.get(name))) for name, label in LABELS.items() if name in new
    )
    return Moment(at, who, _ACTS.get(act, _("Item changed")), changes)


def _shown(value: Any) -> object:
    if isinstance(value, bool):
        return _YES if value else _NO
    return "—" if value in (None, "") else value
