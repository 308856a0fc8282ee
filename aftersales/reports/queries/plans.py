"""When and to whom the stations report, and which days have been missed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from aftersales.core import outbox
from aftersales.core.actor import SYSTEM, Actor
from aftersales.core.errors import Missing
from aftersales.core.text import text as _
from aftersales.reports.models import DailyReport, ReportPlan
from aftersales.reports.permissions import Permission
from aftersales.reports.queries import facts
from aftersales.reports.rules import schedule
from aftersales.reports.rules.schedule import Days, Trouble
from aftersales.staff import queries as staff

LOOK_AHEAD = 40
MOST_ALARMS = 50


@dataclass(frozen=True)
class Alarm:
    """A report that should have gone out more than an hour ago: whose, of which day, and what is in the way."""

    station: Any
    day: date
    due_at: datetime
    trouble: Trouble
    detail: str = ""
    is_made: bool = True


def list_plans(actor: Actor) -> list[ReportPlan]:
    """The plans of the stations the actor sees."""
    actor.require(Permission.EDIT_PLAN)
    plans = ReportPlan.objects.filter(station__is_open=True, **actor.scope_filter("station__code"))
    return list(plans.select_related("station").order_by("station__code"))


def find_plan(station: Any) -> ReportPlan | None:
    """The plan of a station, if it has one already."""
    return ReportPlan.objects.filter(station=station).select_related("station").first()


def get_plan(actor: Actor, station: str) -> ReportPlan:
    """The plan of a station the actor sees."""
    actor.require(Permission.EDIT_PLAN)
    plan = find_plan(staff.get_station(actor, station))
    if plan is None:
        raise Missing(_("The station has no plan yet. It gets one within minutes, once the worker runs."))
    return plan


def list_due_plans(now: datetime) -> list[ReportPlan]:
    """The plans of which a report is due, the one that waits longest first."""
    due = _in_force().filter(next_due_at__lte=now)
    return list(due.select_related("station").order_by("next_due_at", "station__code"))


def list_stations_without_plan() -> list[Any]:
    """The open stations that have no plan yet."""
    planned = ReportPlan.objects.filter(station=OuterRef("pk"))
    return list(staff.list_stations(SYSTEM, only_open=True).exclude(Exists(planned)))


def list_unsettled() -> list[DailyReport]:
    """The reports that have not gone out to everybody, the oldest first."""
    return list(
        DailyReport.objects.filter(settled_at=None)
        .select_related("station")
        .prefetch_related("deliveries")
        .order_by("due_at", "station__code")
    )


def reported_days(station: Any, days: str, *, first: date) -> list[date]:
    """The days from `first` on of which the station reports, for some weeks ahead; never none."""
    last = first + timedelta(days=LOOK_AHEAD)
    if days == Days.EVERY:
        return [first + timedelta(days=n) for n in range(LOOK_AHEAD)]
    return facts.worked_days(station, first, last)


def has_alarms(actor: Actor, now: datetime) -> bool:
    """Whether any report of the actor's stations is missed, as far as one query can tell."""
    before = schedule.missed_before(now)
    unsent = DailyReport.objects.filter(station=OuterRef("station"), settled_at=None, due_at__lt=before)
    return (
        _in_force().filter(Q(next_due_at__lt=before) | Exists(unsent), **actor.scope_filter("station__code")).exists()
    )


def list_alarms(actor: Actor, now: datetime) -> list[Alarm]:
    """The reports of the actor's stations that are missed, the latest first."""
    before = schedule.missed_before(now)
    mine = actor.scope_filter("station__code")
    not_made = _in_force().filter(next_due_at__lt=before, **mine).select_related("station")
    found = [
        Alarm(plan.station, plan.next_on, plan.next_due_at, Trouble.NOT_MADE, plan.failure, is_made=False)
        for plan in not_made
    ]
    unsent = DailyReport.objects.filter(
        settled_at=None, due_at__lt=before, station__in=_in_force().values("station"), **mine
    )
    rows = list(unsent.select_related("station").prefetch_related("deliveries").order_by("-due_at")[:MOST_ALARMS])
    stands = outbox.states_of(delivery.key for row in rows for delivery in row.deliveries.all())
    for row in rows:
        trouble = trouble_of(row, stands)
        if trouble is not None:
            found.append(Alarm(row.station, row.day, row.due_at, *trouble))
    return sorted(found, key=lambda alarm: (alarm.due_at, alarm.station.code), reverse=True)


def trouble_of(row: DailyReport, stands: Any) -> tuple[Trouble, str] | None:
    """What is in the way of a report that was made, in words of the mail server; None when it has gone out to everybody."""
    deliveries = list(row.deliveries.all())
    if not deliveries:
        return Trouble.NO_ADDRESS, ""
    open_messages = [message for each in deliveries if (message := stands.get(each.key)) is not None]
    parked = [message for message in open_messages if message.is_parked]
    if parked:
        return Trouble.PARKED, "; ".join(f"{message.receivers}: {message.error}" for message in parked)
    if open_messages:
        return Trouble.WAITING, next((message.error for message in open_messages if message.error), "")
    return None


def count_alarms(actor: Actor, now: datetime) -> int:
    """How many reports of the actor's stations are missed; one query as long as there are none."""
    return len(list_alarms(actor, now)) if has_alarms(actor, now) else 0


def _in_force() -> QuerySet[ReportPlan]:
    return ReportPlan.objects.filter(is_on=True, station__is_open=True)
