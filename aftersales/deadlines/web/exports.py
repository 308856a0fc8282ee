"""What the lists of calendars and of a year's special days export."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from aftersales.core import clock
from aftersales.core.text import text as _
from aftersales.deadlines import queries
from aftersales.deadlines.permissions import Permission
from aftersales.deadlines.rules import years
from aftersales.exchange.queries import Asked, Field, ListExport, register_list

CALENDARS = register_list(
    ListExport(
        code="deadlines:calendars",
        title=_("Calendars"),
        needs=Permission.SEE,
        rows=lambda asked: queries.list_calendars(asked.actor),
        fields=(
            Field(_("Calendar"), lambda one: one.label),
            Field(_("Code"), lambda one: one.code),
            Field(_("Working hours"), lambda one: "\n".join(str(line) for line in one.summary)),
            Field(
                _("Holidays taken from"),
                lambda one: (one.based_on or one.code) if one.has_public_holidays else _("none, open all year"),
            ),
            Field(_("Time zone"), lambda one: one.zone),
        ),
    )
)


def asked_year(typed: str, otherwise: int) -> int:
    """The year that the address asks for, or another when it is none."""
    is_year = typed.isascii() and typed.isdigit() and years.FIRST_YEAR <= int(typed) <= years.LAST_YEAR
    return int(typed) if is_year else otherwise


def _special_days(asked: Asked) -> Sequence[Any]:
    shown = queries.get_calendar(asked.actor, code=asked.GET.get("calendar", ""))
    year = asked_year(asked.GET.get("year", ""), clock.local_date(asked.now, shown.zone).year)
    return queries.get_year(asked.actor, code=shown.code, year=year).special_days


SPECIAL_DAYS = register_list(
    ListExport(
        code="deadlines:special_days",
        title=_("Special days"),
        needs=Permission.SEE,
        rows=_special_days,
        fields=(
            Field(_("From"), lambda one: one.on),
            Field(_("Until"), lambda one: one.last),
            Field(_("What it is"), lambda one: one.label),
            Field(_("Working hours"), lambda one: one.periods),
            Field(_("Occasion"), lambda one: one.name),
        ),
    )
)
