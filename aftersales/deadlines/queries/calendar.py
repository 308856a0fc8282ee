"""Every read of calendars."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import F, QuerySet

from aftersales.core.actor import Actor
from aftersales.core.clock import local_date
from aftersales.core.errors import Missing
from aftersales.core.rows import only
from aftersales.core.text import Text, text as _
from aftersales.deadlines.models import Calendar, CalendarYear, SpecialDay
from aftersales.deadlines.permissions import Permission
from aftersales.deadlines.rules import calendars, explanations, hours, spans, years
from aftersales.deadlines.rules.explanations import Explanation
from aftersales.deadlines.rules.wording import (
    SHORT_WEEKDAYS,
    WEEKDAYS,
    as_typed,
    date_text,
    holiday_name,
    short_day_text,
)


@dataclass(frozen=True)
class CalendarView:
    """A calendar as pages and other rooms see it."""

    code: str
    name: str
    zone: str
    weekly: tuple[str, ...]
    """The working periods as typed, Monday first; a day without work is empty."""
    based_on: str
    has_public_holidays: bool
    version: int

    @property
    def label(self) -> Text:
        """The calendar's name; the shipped one is named in the reader's language until somebody renames it."""
        if self.name:
            return as_typed(self.name)
        return calendars.STANDARD_LABEL if self.code == calendars.STANDARD else as_typed(self.code)

    @property
    def days(self) -> list[tuple[Text, str]]:
        """Each weekday with its working periods."""
        return list(zip(WEEKDAYS, self.weekly, strict=True))

    @property
    def summary(self) -> list[Text]:
        """The week in few lines."""
        return hours.week_lines(self.weekly, SHORT_WEEKDAYS)

    @property
    def is_derived(self) -> bool:
        """Whether it takes its holidays from another calendar."""
        return bool(self.based_on)


@dataclass(frozen=True)
class SpecialDayView:
    """A special day in the list of a year."""

    on: date
    last: date
    """The same as `on` for a single day; the end of a run of days that are alike."""
    day: Text
    kind: str
    label: Text
    name: Text
    periods: str
    follows: int | None
    is_own: bool
    """False for a day that comes from the calendar this one is based on."""
    is_announced: bool

    @property
    def tone(self) -> str:
        """How its kind is shown."""
        return {"off": "danger", "workday": "warning"}.get(self.kind, "info")


@dataclass(frozen=True)
class YearView:
    """A calendar's year: twelve months, the special days, and what is known about its holidays."""

    year: int
    months: tuple[years.Month, ...]
    special_days: tuple[SpecialDayView, ...]
    """In order, days that follow one another and are alike as one line."""
    is_known: bool
    sources: tuple[str, ...]
    weekdays: tuple[Text, ...]
    doubts: tuple[Text, ...]

    @property
    def working_days(self) -> int:
        """How many days of the year are worked."""
        return sum(month.working_days for month in self.months)


def list_calendars(actor: Actor) -> list[CalendarView]:
    """Every calendar by its code; calendars are nobody's secret, so every signed-in person may choose among them."""
    del actor
    return [view_of(calendar) for calendar in Calendar.objects.select_related("based_on").order_by("code")]


def get_calendar(actor: Actor, *, code: str) -> CalendarView:
    """The calendar with this code."""
    actor.require(Permission.SEE)
    return view_of(row_of(code))


def get_year(actor: Actor, *, code: str, year: int) -> YearView:
    """One year of a calendar."""
    actor.require(Permission.SEE)
    years.check_year(year)
    calendar = row_of(code)
    schedule = schedule_of(calendar, since=date(year, 1, 1))
    rows = _special_rows(calendar, since=date(year, 1, 1)).filter(date__lte=date(year, 12, 31))
    found = {row.date: row for row in rows}  # the calendar's own days come last and hold
    return YearView(
        year=year,
        months=years.months_of(schedule, year),
        special_days=tuple(_runs(_special_view(found[on], calendar) for on in sorted(found))),
        is_known=schedule.known_years is None or year in schedule.known_years,
        sources=tuple(_sources(calendar, year)),
        weekdays=SHORT_WEEKDAYS,
        doubts=schedule.doubts(date(year, 1, 1), date(year, 12, 31)),
    )


def find_special_day(actor: Actor, *, code: str, on: date) -> SpecialDayView | None:
    """What makes this date special on the calendar, its own or its basis's; None when it follows its weekday."""
    actor.require(Permission.SEE)
    calendar = row_of(code)
    row = _special_rows(calendar, since=on).filter(date=on).last()
    return _special_view(row, calendar) if row else None


def list_announced_days(actor: Actor, *, code: str, year: int) -> str:
    """The days that the announcement for `year` put into this calendar, as they would be pasted in."""
    actor.require(Permission.SEE)
    years.check_year(year)
    rows = SpecialDay.objects.filter(calendar__code=code, announced_for=year).order_by("date")
    return years.plain_announcement(map(special_day_of, rows))


def preview_year(actor: Actor, *, code: str, year: int, days: str) -> years.Preview:
    """What the pasted announcement would change; refuses lines that cannot be read."""
    actor.require(Permission.EDIT)
    calendar = row_of(code)
    announced = years.parse_announcement(days, year)
    rows = list(SpecialDay.objects.filter(calendar=calendar))
    return years.preview(
        standing={row.date: special_day_of(row) for row in rows},
        replaced=[row.date for row in rows if row.announced_for == year],
        announced=announced,
        schedule=schedule_of(calendar, since=date(year, 1, 1)),
    )


def work_out_date(actor: Actor, *, code: str, started_at: datetime, amount: int, unit: str) -> Explanation:
    """When a span from `started_at` ends on this calendar, day by day."""
    actor.require(Permission.SEE)
    years.check_year(started_at.year, field="started_at")
    calendar = row_of(code)
    schedule = schedule_of(calendar, since=local_date(started_at, calendar.zone))
    return explanations.explain(schedule, spans.parse_span(amount, unit), started_at)


def list_worked_days(actor: Actor, *, code: str, first: date, last: date) -> list[date]:
    """The days from `first` to `last` (both included) on which work is done by this calendar."""
    actor.require(Permission.SEE)
    schedule = schedule_of(row_of(code), since=first)
    days = (first + timedelta(days=n) for n in range((last - first).days + 1))
    return [day for day in days if schedule.day(day).is_worked]


def row_of(code: str) -> Calendar:
    """The calendar's row; for this room only."""
    row = only(Calendar.objects.select_related("based_on").filter(code=code))
    if row is None:
        raise Missing(_("There is no calendar “{code}”. Choose one from the list of calendars.", code=code))
    return row


def schedule_of(calendar: Calendar, *, since: date) -> calendars.Schedule:
    """What arithmetic needs to know of the calendar from the day `since` on; for this room only."""
    known = CalendarYear.objects.filter(calendar_id__in=_sources_of(calendar)).values_list("year", flat=True)
    return calendars.Schedule(
        zone=calendar.zone,
        week=hours.parse_week(calendar.weekly),
        special=calendars.by_date(map(special_day_of, _special_rows(calendar, since=since))),
        known_years=frozenset(known) if calendar.has_public_holidays else None,
    )


def special_day_of(row: SpecialDay) -> calendars.SpecialDay:
    """The row as rules see it."""
    return calendars.SpecialDay(
        row.date, calendars.SpecialKind(row.kind), row.name, hours.parse_periods(row.periods), row.follows
    )


def view_of(calendar: Calendar) -> CalendarView:
    """The row as others see it."""
    return CalendarView(
        code=calendar.code,
        name=calendar.name,
        zone=calendar.zone,
        weekly=tuple(calendar.weekly),
        based_on=calendar.based_on.code if calendar.based_on else "",
        has_public_holidays=calendar.has_public_holidays,
        version=calendar.version,
    )


def _sources_of(calendar: Calendar) -> list[int]:
    return [calendar.pk] if calendar.based_on_id is None else [calendar.based_on_id, calendar.pk]


def _special_rows(calendar: Calendar, *, since: date) -> QuerySet[SpecialDay, Any]:
    """The special days that hold; of two for one date the calendar's own comes last."""
    rows = SpecialDay.objects.filter(calendar_id__in=_sources_of(calendar), date__gte=since)
    return rows.order_by(F("calendar__based_on").asc(nulls_first=True), "date")


def _special_view(row: SpecialDay, calendar: Calendar) -> SpecialDayView:
    return SpecialDayView(
        on=row.date,
        last=row.date,
        day=short_day_text(row.date),
        kind=row.kind,
        label=years.special_label(row.kind),
        name=holiday_name(row.name),
        periods=row.periods,
        follows=row.follows,
        is_own=row.calendar_id == calendar.pk,
        is_announced=row.announced_for is not None,
    )


def _runs(days: Iterable[SpecialDayView]) -> list[SpecialDayView]:
    runs: list[SpecialDayView] = []
    for day in days:
        before = runs[-1] if runs else None
        if before and before.last + timedelta(days=1) == day.on and _is_alike(before, day):
            text = _("{first} – {last}", first=date_text(before.on), last=date_text(day.on))
            runs[-1] = replace(before, last=day.on, day=text)
        else:
            runs.append(day)
    return runs


def _is_alike(one: SpecialDayView, other: SpecialDayView) -> bool:
    names = ("kind", "name", "periods", "follows", "is_own", "is_announced")
    return all(getattr(one, name) == getattr(other, name) for name in names)


def _sources(calendar: Calendar, year: int) -> list[str]:
    rows = CalendarYear.objects.filter(calendar_id__in=_sources_of(calendar), year=year).order_by("id")
    return [line for row in rows for line in row.source.splitlines() if line]
