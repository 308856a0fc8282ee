"""When and to whom the stations report."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any

from django.conf import settings

from aftersales.core import clock, journal, locks, transaction, versions
from aftersales.core.actor import Actor
from aftersales.core.errors import Invalid, Missing
from aftersales.core.text import Text, text as _
from aftersales.reports import queries
from aftersales.reports.models import ReportPlan
from aftersales.reports.permissions import Permission
from aftersales.reports.rules import schedule
from aftersales.reports.rules.schedule import Covers, Days
from aftersales.staff import queries as staff

LANGUAGES: tuple[str, ...] = tuple(code for code, _name in settings.LANGUAGES)
LABELS: dict[str, Text] = {
    "is_on": _("Send the daily report"),
    "send_at": _("Hour"),
    "days": _("On which days"),
    "covers": _("Covers"),
    "addresses": _("Receivers"),
    "language": _("Language"),
}


@transaction.act
def make_missing_plans(*, now: datetime) -> int:
    """Give every open station without one a plan with the usual hour and nobody to send to; the number of them."""
    stations = queries.list_stations_without_plan()
    for station in stations:
        plan = ReportPlan(station=station, send_at=schedule.DEFAULT_HOUR, language=settings.LANGUAGE_CODE)
        today = clock.local_date(now, station.time_zone)
        first_due = next_due(plan, first=today, after=now)
        plan.next_on, plan.next_due_at = first_due
        plan.save(force_insert=True)
    return len(stations)


@transaction.act
def edit_plan(
    actor: Actor,
    *,
    station: str,
    version: int,
    is_on: bool,
    send_at: time,
    days: str,
    covers: str,
    addresses: str | Iterable[str],
    language: str,
    now: datetime,
) -> ReportPlan:
    """The plan as it stands after the edit. A report that is due already by it goes out at once."""
    actor.require(Permission.EDIT_PLAN)
    place = staff.get_station(actor, station)
    plan: ReportPlan | None = locks.for_update(ReportPlan.objects.filter(station=place)).first()
    if plan is None:
        raise Missing
    wanted = _checked(is_on=is_on, send_at=send_at, days=days, covers=covers, addresses=addresses, language=language)
    before = facts_of(plan)
    versions.check(
        stands=plan.version,
        opened=version,
        kind="report_plan",
        key=place.code,
        current=before,
        wanted=wanted,
        labels=LABELS,
    )
    was_on, was_due_at = plan.is_on, plan.next_due_at
    for name, value in wanted.items():
        setattr(plan, name, value)
    plan.station = place
    plan.next_on, plan.next_due_at = _due_after_edit(plan, was_on=was_on, was_due_at=was_due_at, now=now)
    plan.failure = ""
    plan.version += 1
    plan.save()
    journal.record(
        actor,
        at=now,
        act="edit_report_plan",
        kind="report_plan",
        key=place.code,
        scope=place.code,
        before=before,
        after=facts_of(plan),
    )
    return plan


def facts_of(plan: ReportPlan) -> dict[str, Any]:
    """What the journal and the comparison of two edits show."""
    return {name: getattr(plan, name) for name in LABELS} | {"send_at": f"{plan.send_at:%H:%M}"}


def next_due(plan: ReportPlan, *, first: date, after: datetime | None = None) -> tuple[date, datetime]:
    """The first day from `first` on of which the station reports, and when that is due; if asked, one due after that instant."""
    for day in queries.reported_days(plan.station, plan.days, first=first):
        due = schedule.due_at(day, send_at=plan.send_at, covers=plan.covers, zone=plan.station.time_zone)
        if after is None or due > after:
            return day, due
    raise AssertionError("some day within weeks is reported")


def _due_after_edit(plan: ReportPlan, *, was_on: bool, was_due_at: datetime, now: datetime) -> tuple[date, datetime]:
    if not was_on:  # what fell due while nobody wanted it is not made up for
        yesterday = clock.local_date(now, plan.station.time_zone) - timedelta(days=1)
        return next_due(plan, first=max(plan.next_on, yesterday), after=now)
    day, due = next_due(plan, first=plan.next_on)
    return day, due if was_due_at <= now else max(due, now)


def _checked(
    *, is_on: bool, send_at: time, days: str, covers: str, addresses: str | Iterable[str], language: str
) -> dict[str, Any]:
    if days not in set(Days):
        raise Invalid(_("Choose on which days the report goes out."), field="days")
    if covers not in set(Covers):
        raise Invalid(_("Choose which day the report is about."), field="covers")
    if language not in LANGUAGES:
        raise Invalid(_("Choose the language of the report."), field="language")
    return {
        "is_on": is_on,
        "send_at": send_at.replace(second=0, microsecond=0),
        "days": days,
        "covers": covers,
        "addresses": schedule.read_addresses(addresses),
        "language": language,
    }
