"""A day's report: as it stands now, counted afresh, and as it was sent."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Count
from django.db.models.functions import TruncDate

from aftersales.core import clock
from aftersales.core.actor import SYSTEM, Actor
from aftersales.core.errors import Invalid, Missing
from aftersales.core.text import text as _
from aftersales.reports.models import DailyReport
from aftersales.reports.permissions import Permission
from aftersales.reports.queries import facts
from aftersales.reports.rules import daily, plain, promises, schedule
from aftersales.reports.rules.daily import DayReport, Figure
from aftersales.reports.rules.promises import Outcome
from aftersales.staff import queries as staff
from aftersales.workshop import queries as workshop
from aftersales.workshop.models import RepairOrder

SERIES_DAYS = 14
EARLIEST = date(2000, 1, 1)


@dataclass(frozen=True)
class Sent:
    """A report as it was sent, with the record of its sending."""

    row: Any
    report: DayReport
    is_untouched: bool
    """Whether what is kept still has the fingerprint it was kept with."""


@dataclass(frozen=True)
class DayLine:
    """One day of the chart: units in and out, promises kept and broken."""

    day: date
    taken_in: int
    handed_over: int
    kept: int
    broken: int


def get_report(actor: Actor, *, station: str, day: date, now: datetime) -> DayReport:
    """The report of a station's day as it stands now; headquarters' is the sum of all stations."""
    place = station_for(actor, station)
    today = clock.local_date(now, place.time_zone)
    if not EARLIEST <= day <= today:
        raise Invalid(_("Choose a day up to today."), field="day")
    return report_of(place, day, now=now)


def find_sent(actor: Actor, *, station: str, day: date) -> Sent | None:
    """The report of that day as it was sent, if one was."""
    place = station_for(actor, station)
    row = DailyReport.objects.filter(station=place, day=day).prefetch_related("deliveries").first()
    if row is None:
        return None
    return Sent(row, plain.thaw(DayReport, row.snapshot), plain.digest(row.snapshot) == row.sha256)


def station_for(actor: Actor, code: str) -> Any:
    """The station whose reports the actor wants and may see; without a code, his own."""
    actor.require(Permission.SEE_DAILY)
    if code:
        return staff.get_station(actor, code)
    if actor.home_scope:
        return staff.station_of(actor)
    place = staff.list_stations(actor, only_open=True).first()
    if place is None:
        raise Missing
    return place


def report_of(place: Any, day: date, *, now: datetime) -> DayReport:
    """The report of the day, counted now."""
    if not place.is_headquarters:
        return _count(place, day, now)
    everywhere = staff.list_stations(SYSTEM, only_open=True)
    return daily.combine([_count(each, day, now) for each in everywhere], station=place.code, name=place.name)


def _count(place: Any, day: date, now: datetime) -> DayReport:
    until = schedule.reaches_until(day, zone=place.time_zone, now=now)
    start = schedule.start_of(day, place.time_zone)
    return daily.count_day(facts.gather(place, day, until=max(start, until), since=_ended_before(place, day)))


def _ended_before(place: Any, day: date) -> datetime | None:
    """How far the last report before this day reached."""
    rows = DailyReport.objects.filter(station=place, day__lt=day).order_by("-day")
    found = rows.values_list("snapshot__until", flat=True).first()
    return datetime.fromisoformat(found) if found else None


def list_days(actor: Actor, *, station: str, last: date, now: datetime, days: int = SERIES_DAYS) -> list[DayLine]:
    """For each of the days up to `last`: how many units came and went, how many promises were kept and broken."""
    place = station_for(actor, station)
    places = list(staff.list_stations(actor, only_open=True)) if place.is_headquarters else [place]
    first = last - timedelta(days=days - 1)
    zone = place.time_zone
    start, end = schedule.start_of(first, zone), schedule.end_of(last, zone)
    came = _per_day("received_at", places, start, end, zone)
    went = _per_day("handed_over_at", places, start, end, zone)
    kept, broken = _promises_per_day(places, start, min(now, end), zone)
    return [
        DayLine(day, came[day], went[day], kept.count(day), broken.count(day))
        for day in (first + timedelta(days=n) for n in range(days))
    ]


def _per_day(name: str, places: Iterable[Any], start: datetime, end: datetime, zone: str) -> Counter[date]:
    """Found by the time first, and only then by station: so the index of days is used."""
    here = {place.pk for place in places}
    within = RepairOrder.objects.filter(**{f"{name}__gte": start, f"{name}__lt": end})
    by_day = within.annotate(day=TruncDate(name, tzinfo=ZoneInfo(zone))).values_list("station_id", "day")
    counts: Counter[date] = Counter()
    for station, day, count in by_day.annotate(n=Count("id")).order_by():
        if station in here:
            counts[day] += count
    return counts


def _promises_per_day(
    places: Iterable[Any], start: datetime, until: datetime, zone: str
) -> tuple[list[date], list[date]]:
    orders = facts.orders_promised(places, start, until)
    ids = [pk for pk, _ready_at in orders.values()]
    ready_at = {number: ready for number, (_pk, ready) in orders.items()}
    judged = promises.judge(facts.promises_of(ids), facts.told_about(ids), ready_at, start=start, until=until)
    days = [(clock.local_date(each.promised_at, zone), each.outcome is Outcome.KEPT) for each in judged]
    return [day for day, is_kept in days if is_kept], [day for day, is_kept in days if not is_kept]


def list_orders_of(actor: Actor, report: DayReport, figure: str) -> list[tuple[str, Any]]:
    """The order numbers behind a figure or a phase of the report, each with the order as it is today."""
    numbers = numbers_behind(report, figure)
    rows = workshop.orders_of(actor).filter(number__in=numbers).select_related("station", "technician", "advisor")
    today = {row.number: row for row in rows.select_related("unit__category")}
    return [(number, today.get(number)) for number in numbers]


def numbers_behind(report: DayReport, figure: str) -> Sequence[str]:
    """The order numbers behind a figure, or behind `phase:…`; Missing when there is no such figure."""
    if figure in set(Figure):
        return report.figures.get(figure, ())
    phase = next((each for each in report.phases if f"phase:{each.code}" == figure), None)
    if phase is None:
        raise Missing
    return phase.numbers
