"""Decisions about units: when two are one, what a meter may say, how a unit is called."""

from __future__ import annotations

from datetime import date

from aftersales.core.errors import Invalid
from aftersales.core.text import text as _


def serial_key(*, one_per: str, trade: str, category: str, serial: str, owner_id: int) -> str | None:
    """What must be unique for this unit; None without a serial number.

    A VIN or an IMEI is one in its trade; makers of machines number each kind on their own; a lot number of wholesale goods is
    shared by many products and tells them apart only within one owner's.
    """
    if not serial:
        return None
    within = {"trade": "", "category": category, "owner": f"{category}/{owner_id}"}[one_per]
    return "/".join(part for part in (trade, within, serial) if part)


def check_meter(*, last: int | None, reading: int, reason: str, unit: object) -> None:
    """Refuse a reading below the last one, unless a reason says why (a new meter, a misreading)."""
    if reading < 0:
        raise Invalid(_("A meter never shows less than 0."), field="meter")
    if last is not None and reading < last and not reason.strip():
        raise Invalid(
            _(
                "The meter showed {last} {unit} before. Correct the reading, or write why it shows less now.",
                last=last,
                unit=unit,
            ),
            field="meter",
        )


def check_dates(*, purchased_on: date | None, shipped_on: date | None, today: date) -> None:
    """Refuse days to come, and a purchase before the maker shipped the unit."""
    for day, field in ((purchased_on, "purchased_on"), (shipped_on, "shipped_on")):
        if day is not None and day > today:
            raise Invalid(_("This day is yet to come. Write the day it happened."), field=field)
    if purchased_on and shipped_on and purchased_on < shipped_on:
        raise Invalid(
            _("It cannot have been bought before it left the maker. Compare the two days."), field="purchased_on"
        )


def unit_label(*, model: str, plate: str, serial: str) -> str:
    """What a unit is called in lists: its model, and the number people know it by."""
    known_by = plate or (f"…{serial[-6:]}" if len(serial) > _SHORT_SERIAL else serial)
    return " · ".join(part for part in (model, known_by) if part)


_SHORT_SERIAL = 10
