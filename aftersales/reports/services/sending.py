"""Making each station's report when its hour has come, and sending it: once, however often it is tried and whoever is killed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

import structlog

from aftersales.core import clock, journal, outbox, transaction
from aftersales.core.actor import Actor
from aftersales.core.errors import Invalid, Missing, Refused
from aftersales.core.text import text as _
from aftersales.reports import queries
from aftersales.reports.models import DailyReport, Delivery, ReportPlan
from aftersales.reports.permissions import Permission
from aftersales.reports.rules import plain, schedule
from aftersales.reports.rules.daily import DayReport
from aftersales.reports.services import letter
from aftersales.reports.services.plans import make_missing_plans, next_due
from aftersales.staff import queries as staff

LONGEST_FAILURE = 1000

log = structlog.get_logger(__name__)


def make_due_reports(*, now: datetime) -> int:
    """Make and send every report that is due, the oldest first, and look after those on their way; how many were made.

    Each is one transaction: the report, its letters and the step to the next day. One station that cannot be reported does not
    hold up the others; it stays due.
    """
    make_missing_plans(now=now)
    made = 0
    for plan in queries.list_due_plans(now):
        try:
            made += _catch_up(plan, now)
        except Exception as error:
            log.exception("daily report not made", station=plan.station.code, day=str(plan.next_on))
            _note_failure(plan, error)
    settle_reports(now=now)
    return made


def _catch_up(plan: ReportPlan, now: datetime) -> int:
    made = 0
    while plan.next_due_at <= now:
        if plan.next_due_at < now - timedelta(days=schedule.CATCH_UP_DAYS):
            log.error("daily report given up", station=plan.station.code, day=str(plan.next_on))
            _advance(plan)
        else:
            report = queries.report_of(plan.station, plan.next_on, now=now)
            made += _make(plan, report, now)
    return made


@transaction.act
def _advance(plan: ReportPlan) -> bool:
    """Go on to the next day; False when another worker has."""
    following = next_due(plan, first=plan.next_on + timedelta(days=1))
    mine = ReportPlan.objects.filter(pk=plan.pk, next_on=plan.next_on)
    is_mine = bool(mine.update(next_on=following[0], next_due_at=following[1], failure=""))
    plan.next_on, plan.next_due_at = following
    return is_mine


@transaction.act
def _make(plan: ReportPlan, report: DayReport, now: datetime) -> bool:
    due = plan.next_due_at
    if not _advance(plan):
        return False
    snapshot = plain.freeze(report)
    row, is_new = DailyReport.objects.get_or_create(
        station=plan.station,
        day=report.day,
        defaults={
            "snapshot": snapshot,
            "sha256": plain.digest(snapshot),
            "made_at": now,
            "due_at": due,
            "is_late": schedule.is_late(due=due, made_at=now),
        },
    )
    if is_new:
        _send(plan, row, plan.addresses, now)
    return is_new


def _send(plan: ReportPlan, row: DailyReport, addresses: Iterable[str], now: datetime) -> None:
    """Put a letter for each address into the outbox."""
    wanted = list(addresses)
    if not wanted:
        return
    written = letter.write(letter.Letter.of(row), plan.language)
    for address in wanted:
        key = key_of(row, address)
        Delivery.objects.create(report=row, address=address, key=key, added_at=now)
        _post(written, key=key, address=address, scope=row.station.code, now=now)


def _post(written: letter.Written, *, key: str, address: str, scope: str, now: datetime) -> None:
    outbox.add_email(
        key=key,
        to=[address],
        subject=written.subject,
        text=written.text,
        html=written.html,
        attached=[written.workbook],
        scope=scope,
        now=now,
    )


def key_of(row: DailyReport, address: str, again: str = "") -> str:
    """The outbox key of a report's letter to an address; it always is the same one."""
    mark = hashlib.sha256(address.lower().encode()).hexdigest()[:16]
    return ":".join(filter(None, ("daily", row.station.code, row.day.isoformat(), mark, again)))


@transaction.act
def _note_failure(plan: ReportPlan, error: Exception) -> None:
    described = f"{type(error).__name__}: {error}"[:LONGEST_FAILURE].replace("\x00", "")
    ReportPlan.objects.filter(pk=plan.pk).update(failure=described)


def settle_reports(*, now: datetime) -> None:
    """Note which reports have gone out to everybody, send those that waited for an address, and raise the alarm about the rest."""
    rows = queries.list_unsettled()
    stands = outbox.states_of(delivery.key for row in rows for delivery in row.deliveries.all())
    for row in rows:
        trouble = queries.trouble_of(row, stands)
        if trouble is None:
            _settle(row, now)
        elif not (trouble[0] is schedule.Trouble.NO_ADDRESS and _send_waiting(row, now)):
            _raise_alarm(row, *trouble, now)


@transaction.act
def _settle(row: DailyReport, now: datetime) -> None:
    DailyReport.objects.filter(pk=row.pk, settled_at=None).update(settled_at=now)


@transaction.act
def _send_waiting(row: DailyReport, now: datetime) -> bool:
    """Send a report that was made while no address was set, if there is one now; it is late then."""
    plan = queries.find_plan(row.station)
    is_too_old = row.due_at < now - timedelta(days=schedule.CATCH_UP_DAYS)
    if plan is None or not plan.is_on or not plan.addresses or is_too_old:
        return False
    row.is_late = schedule.is_late(due=row.due_at, made_at=now)
    row.save(update_fields=["is_late"])
    _send(plan, row, plan.addresses, now)
    return True


@transaction.act
def _raise_alarm(row: DailyReport, trouble: schedule.Trouble, detail: str, now: datetime) -> None:
    is_missed = row.due_at < schedule.missed_before(now)
    if is_missed and DailyReport.objects.filter(pk=row.pk, alarmed_at=None).update(alarmed_at=now):
        log.error(
            "daily report missed", station=row.station.code, day=str(row.day), trouble=trouble.value, detail=detail
        )


@transaction.act
def give_up_report(actor: Actor, *, station: str, day: date, now: datetime) -> DailyReport:
    """The report that need not go out any more; its letters that wait are given up too, and the page keeps it."""
    actor.require(Permission.MANAGE_OUTBOX)
    row = _sent_row(actor, station, day)
    if row.settled_at is not None:
        raise Refused(_("This report has gone out, or was given up already."))
    given_up = [message for message in outbox.states_of(each.key for each in row.deliveries.all()).values() if message]
    for message in given_up:
        outbox.cancel(message.id)
    row.settled_at = now
    row.save(update_fields=["settled_at"])
    told = {"day": row.day, "given_up": [message.receivers for message in given_up]}
    _journal(actor, row.station, "give_up_report", told, now)
    return row


@transaction.act
def send_report_again(actor: Actor, *, station: str, day: date, now: datetime) -> DailyReport:
    """The report of that day, sent once more to all set addresses as it was sent the first time."""
    actor.require(Permission.EDIT_PLAN)
    row = _sent_row(actor, station, day)
    plan = queries.find_plan(row.station)
    if plan is None or not plan.addresses:
        raise Refused(_("No address is set to which it could go. Set one first."))
    written = letter.write(letter.Letter.of(row), plan.language)
    for address in plan.addresses:
        _post(
            written, key=key_of(row, address, f"{now:%y%m%d%H%M%S}"), address=address, scope=row.station.code, now=now
        )
    _journal(actor, row.station, "send_report_again", {"day": row.day, "addresses": plan.addresses}, now)
    return row


@transaction.act
def send_test_report(actor: Actor, *, station: str, address: str, now: datetime) -> str:
    """The address to which today's report, as far as the day has come, is on its way as a test; nothing of it is kept."""
    actor.require(Permission.EDIT_PLAN)
    place = staff.get_station(actor, station)
    plan = queries.find_plan(place)
    if plan is None:
        raise Missing
    found = schedule.read_addresses(address, field="address")
    if len(found) != 1:
        raise Invalid(_("Write the one address to which the test goes."), field="address")
    report = queries.report_of(place, clock.local_date(now, place.time_zone), now=now)
    written = letter.write(letter.Letter.test(report, now), plan.language)
    mark = hashlib.sha256(f"{found[0]}{now.isoformat()}".encode()).hexdigest()[:16]
    _post(written, key=f"daily-test:{place.code}:{mark}", address=found[0], scope=place.code, now=now)
    _journal(actor, place, "send_test_report", {"address": found[0]}, now)
    return found[0]


def _sent_row(actor: Actor, station: str, day: date) -> DailyReport:
    place = staff.get_station(actor, station)
    row = DailyReport.objects.filter(station=place, day=day).select_related("station").first()
    if row is None:
        raise Missing(_("No report of that day was sent."))
    return row


def _journal(actor: Actor, station: Any, act: str, told: dict[str, Any], now: datetime) -> None:
    journal.record(actor, at=now, act=act, kind="report_plan", key=station.code, scope=station.code, after=told)
