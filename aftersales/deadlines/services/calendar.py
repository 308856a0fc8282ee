"""Every write to calendars."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Q

from aftersales.core import journal, locks, transaction, versions
from aftersales.core.actor import Actor
from aftersales.core.errors import Invalid, Missing
from aftersales.core.text import Text, text as _
from aftersales.deadlines import queries
from aftersales.deadlines.models import Calendar, CalendarYear, SpecialDay
from aftersales.deadlines.permissions import Permission
from aftersales.deadlines.queries import CalendarView
from aftersales.deadlines.rules import calendars, hours, years
from aftersales.deadlines.rules.wording import short_day_text
from aftersales.deadlines.services.clock import recalculate
from aftersales.deadlines.services.shipped import shipped_years

_CODE = re.compile(r"^[A-Z0-9][A-Z0-9-]{0,15}$")
LABELS: Mapping[str, Text] = {
    "name": _("Calendar name"),
    "zone": _("Time zone"),
    "weekly": _("Working hours"),
    "based_on": _("Holidays taken from"),
    "has_public_holidays": _("Observes public holidays"),
    "day": _("Special day"),
}


@dataclass(frozen=True)
class Edited:
    """A calendar after an edit, and how many running deadlines it moved."""

    calendar: CalendarView
    moved: int


@transaction.act
def install_calendars(actor: Actor, *, now: datetime) -> int:
    """How many shipped years were loaded; years that are there, edited or not, are left as they are."""
    actor.require(Permission.EDIT)
    calendar = Calendar.objects.filter(code=calendars.STANDARD).first()
    if calendar is None:
        weekly = hours.plain_week(calendars.STANDARD_WEEK)
        calendar = Calendar.objects.create(code=calendars.STANDARD, zone=calendars.STANDARD_ZONE, weekly=weekly)
        journal.record(actor, at=now, act="create_calendar", kind="calendar", key=calendar.code, after=_facts(calendar))
    there = set(CalendarYear.objects.filter(calendar=calendar).values_list("year", flat=True))
    missing = [year for year in shipped_years() if year.year not in there]
    for year in missing:
        _put_year(actor, calendar, year.year, year.days, year.source, now)
    if missing:
        recalculate(actor, calendar, now=now)
    return len(missing)


@transaction.act
def create_calendar(
    actor: Actor,
    *,
    code: str,
    name: str,
    zone: str,
    weekly: Sequence[str],
    based_on: str = "",
    has_public_holidays: bool = True,
    now: datetime,
) -> CalendarView:
    """A new calendar, usually based on another whose holidays it shares."""
    actor.require(Permission.EDIT)
    code = code.strip().upper()
    if not _CODE.match(code):
        raise Invalid(_("Give a code of at most 16 letters, digits and hyphens, such as NJ."), field="code")
    if Calendar.objects.filter(code=code).exists():
        raise Invalid(_("There is a calendar “{code}” already. Choose another code.", code=code), field="code")
    calendar = Calendar(code=code)
    _fill(calendar, name, zone, weekly, based_on, has_public_holidays)
    calendar.save()
    journal.record(actor, at=now, act="create_calendar", kind="calendar", key=code, after=_facts(calendar))
    return queries.view_of(calendar)


@transaction.act
def edit_calendar(
    actor: Actor,
    *,
    code: str,
    version: int,
    name: str,
    zone: str,
    weekly: Sequence[str],
    based_on: str,
    has_public_holidays: bool,
    now: datetime,
) -> Edited:
    """The calendar with other hours, zone or basis; deadlines that run on it are worked out anew."""
    actor.require(Permission.EDIT)
    calendar = _locked(code)
    before = _facts(calendar)
    _fill(calendar, name, zone, weekly, based_on, has_public_holidays)
    after = _facts(calendar)
    _check_version(calendar, version, before, after)
    return _finish(actor, calendar, "edit_calendar", before, after, now)


@transaction.act
def set_special_day(
    actor: Actor,
    *,
    code: str,
    version: int,
    on: date,
    kind: str,
    name: str = "",
    periods: str = "",
    follows: int | None = None,
    now: datetime,
) -> Edited:
    """The calendar with this date off, worked, or open at hours of its own; what stood there is replaced."""
    actor.require(Permission.EDIT)
    wanted = _special(on, kind, name, periods, follows)
    calendar = _locked(code)
    standing = SpecialDay.objects.filter(calendar=calendar, date=on).first()
    before, after = {"day": _day_line(standing)}, {"day": _day_line(wanted)}
    _check_version(calendar, version, before, after)
    SpecialDay.objects.filter(calendar=calendar, date=on).delete()
    wanted.calendar = calendar
    wanted.save()
    return _finish(actor, calendar, "set_special_day", before, after, now)


@transaction.act
def remove_special_day(actor: Actor, *, code: str, version: int, on: date, now: datetime) -> Edited:
    """The calendar with this date following its weekday (or the basis) again."""
    actor.require(Permission.EDIT)
    calendar = _locked(code)
    standing = SpecialDay.objects.filter(calendar=calendar, date=on).first()
    if standing is None:
        raise Missing(
            _("{day} is no special day of this calendar. One of its basis is changed there.", day=short_day_text(on))
        )
    before, after = {"day": _day_line(standing)}, {"day": ""}
    _check_version(calendar, version, before, after)
    standing.delete()
    return _finish(actor, calendar, "remove_special_day", before, after, now)


@transaction.act
def import_year(
    actor: Actor, *, code: str, year: int, version: int, days: str, source: str = "", now: datetime
) -> Edited:
    """The calendar with the pasted announcement for `year` in place of the one before."""
    actor.require(Permission.EDIT)
    announced = years.parse_announcement(days, year)
    calendar = _locked(code)
    _check_version(calendar, version, {}, {})
    _put_year(actor, calendar, year, announced, source, now)
    return _finish(actor, calendar, "", None, None, now)


@transaction.act
def load_calendar_year(
    actor: Actor, *, code: str, year: int, days: Iterable[calendars.SpecialDay], source: str, now: datetime
) -> Edited:
    """The calendar with these days as the announcement for `year`; for programs, which hold no opened page."""
    actor.require(Permission.EDIT)
    calendar = _locked(code)
    _put_year(actor, calendar, year, tuple(days), source, now)
    return _finish(actor, calendar, "", None, None, now)


def _fill(
    calendar: Calendar,
    name: str,
    zone: str,
    weekly: Sequence[str],
    based_on: str,
    has_public_holidays: bool,  # noqa: FBT001
) -> None:
    calendar.name = name.strip()[:80]
    calendar.zone = calendars.check_zone(zone.strip(), field="zone")
    calendar.weekly = hours.plain_week(hours.parse_week(weekly, fields=[f"day_{number}" for number in range(7)]))
    calendar.based_on = _basis(calendar, based_on) if based_on else None
    calendar.has_public_holidays = has_public_holidays


def _basis(calendar: Calendar, code: str) -> Calendar:
    basis = queries.row_of(code)
    has_derived = Calendar.objects.filter(based_on__code=calendar.code).exists()
    if basis.based_on_id is not None or basis.pk == calendar.pk or has_derived:
        raise Invalid(
            _("“{code}” cannot be the basis here: a basis stands on its own and is not based on another.", code=code),
            field="based_on",
        )
    return basis


def _special(on: date, kind: str, name: str, periods: str, follows: int | None) -> SpecialDay:
    years.check_year(on.year, field="on")
    if follows is not None and not 0 <= follows <= 6:
        raise Invalid(_("A week has seven days. Choose the weekday whose hours hold."), field="follows")
    if kind not in list(calendars.SpecialKind):
        raise Invalid(_("A special day is off, a make-up workday, or open at its own hours."), field="kind")
    parsed = hours.parse_periods(periods, field="periods") if kind == calendars.SpecialKind.HOURS else ()
    if kind == calendars.SpecialKind.HOURS and not parsed:
        raise Invalid(_("Give the hours of that day, such as 09:00-12:00."), field="periods")
    return SpecialDay(
        date=on,
        kind=kind,
        name=name.strip()[: years.LONGEST_NAME],
        periods=hours.plain_periods(parsed),
        follows=follows if kind == calendars.SpecialKind.WORKDAY else None,
    )


def _put_year(
    actor: Actor,
    calendar: Calendar,
    year: int,
    days: Sequence[calendars.SpecialDay],
    source: str,
    now: datetime,
) -> None:
    """Replace what the last announcement for `year` said; of a day entered by hand the announcement takes the place."""
    years.check_year(year)
    standing = SpecialDay.objects.filter(calendar=calendar)
    before = {"days": standing.filter(announced_for=year).count()}
    standing.filter(Q(announced_for=year) | Q(date__in=[day.on for day in days])).delete()
    SpecialDay.objects.bulk_create(
        SpecialDay(calendar=calendar, date=day.on, kind=day.kind.value, name=day.name, announced_for=year)
        for day in days
    )
    CalendarYear.objects.update_or_create(
        calendar=calendar, year=year, defaults={"source": source.strip(), "loaded_at": now}
    )
    journal.record(
        actor,
        at=now,
        act="import_year",
        kind="calendar",
        key=calendar.code,
        before={"year": None, **before},
        after={"year": year, "days": len(days)},
        note=source,
    )


def _locked(code: str) -> Calendar:
    queries.row_of(code)
    calendar: Calendar = locks.for_update(Calendar.objects.select_related("based_on").filter(code=code)).get()
    return calendar


def _check_version(calendar: Calendar, opened: int, before: Mapping[str, Any], after: Mapping[str, Any]) -> None:
    versions.check(
        stands=calendar.version,
        opened=opened,
        kind="calendar",
        key=calendar.code,
        current=before,
        wanted=after,
        labels=LABELS,
    )


def _finish(
    actor: Actor,
    calendar: Calendar,
    act: str,
    before: Mapping[str, Any] | None,
    after: Mapping[str, Any] | None,
    now: datetime,
) -> Edited:
    calendar.version += 1
    calendar.save()
    if act:
        journal.record(actor, at=now, act=act, kind="calendar", key=calendar.code, before=before, after=after)
    return Edited(queries.view_of(calendar), recalculate(actor, calendar, now=now))


def _facts(calendar: Calendar) -> dict[str, Any]:
    return {
        "name": calendar.name,
        "zone": calendar.zone,
        "weekly": "; ".join(day or "—" for day in calendar.weekly),
        "based_on": calendar.based_on.code if calendar.based_on else "",
        "has_public_holidays": calendar.has_public_holidays,
    }


def _day_line(row: SpecialDay | None) -> str:
    return " ".join(part for part in (str(row.date), row.kind, row.periods, row.name) if part) if row else ""
