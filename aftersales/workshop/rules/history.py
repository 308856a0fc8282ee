"""What a record of an old repair must hold to be brought in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from aftersales.core.text import Text, text as _

EARLIEST = date(1990, 1, 1)
WIDTHS: Mapping[str, int] = {
    "id": 64,
    "product_category": 80,
    "brand": 120,
    "partner_product_category": 300,
    "problem": 20_000,
    "repair_status": 40,
    "country": 40,
    "group_identifier": 70,
    "event_date": 10,
}
"""The columns that are read, and the most characters each may hold."""


@dataclass(frozen=True)
class OldRepair:
    """One repair done before this system, as it is kept."""

    source_id: str
    category: str
    brand: str
    model: str
    problem: str
    outcome: str
    place: str
    repaired_on: date | None


@dataclass(frozen=True)
class Misfit:
    """A row that was not brought in: its line in the file, its id, and why."""

    line: int
    source_id: str
    reason: Text


def read_row(row: Mapping[str, str | None], today: date) -> OldRepair | Text:
    """The repair that a row of the Open Repair Data Standard describes, or why it does not fit.

    Follows the standard's columns (id, product_category, brand, partner_product_category, problem, repair_status,
    country, group_identifier, event_date); an empty date is unknown, not an error. Nothing is cut off silently.
    """
    cells = {name: (row.get(name) or "").replace("\x00", "").strip() for name in WIDTHS}
    missing = next((name for name in ("id", "product_category") if not cells[name]), None)
    if missing:
        return _("has no {column}", column=missing)
    too_long = next((name for name, width in WIDTHS.items() if len(cells[name]) > width), None)
    if too_long:
        return _("has more than {width} characters in {column}", width=WIDTHS[too_long], column=too_long)
    repaired_on = _day(cells["event_date"], today)
    if isinstance(repaired_on, Text):
        return repaired_on
    return OldRepair(
        source_id=cells["id"],
        category=cells["product_category"],
        brand=cells["brand"],
        model=cells["partner_product_category"],
        problem=cells["problem"],
        outcome=cells["repair_status"],
        place=" · ".join(place for place in (cells["country"], cells["group_identifier"]) if place),
        repaired_on=repaired_on,
    )


def _day(typed: str, today: date) -> date | Text | None:
    if not typed:
        return None
    try:
        day = date.fromisoformat(typed)
    except ValueError:
        return _("has the date “{typed}”, which is not a day written as 2024-05-31", typed=typed[:40])
    if not EARLIEST <= day <= today:
        return _("has the date {day}, which cannot be right", day=day)
    return day
