"""Every write to clocks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import IntegrityError, connection
from django.db.models import Q

from aftersales.core import events, journal, locks, transaction
from aftersales.core.actor import Actor
from aftersales.core.clock import local_date
from aftersales.core.erasing import Traces
from aftersales.core.errors import Invalid, Missing, Refused
from aftersales.core.rows import only
from aftersales.core.text import Text, text as _
from aftersales.deadlines import queries
from aftersales.deadlines.events import ClockPaused, ClockResumed, ClockStarted, ClockStopped, DeadlineMoved
from aftersales.deadlines.models import Calendar, Clock, Pause
from aftersales.deadlines.rules import calendars, clocks, spans
from aftersales.deadlines.rules.clocks import ClockView


@transaction.act
def start_clock(
    actor: Actor,
    *,
    rule: str,
    subject: str,
    calendar: str = calendars.STANDARD,
    started_at: datetime,
    unit: str = "",
    amount: int | None = None,
    warn_before: int | None = None,
    scope: str = "",
    now: datetime,
) -> ClockView:
    """A clock that runs for `subject`; what is not given (unit, amount, warning) is taken from the rule."""
    span, warning = _promised(rule, unit, amount, warn_before)
    row = queries.row_of(calendar)
    _hold(row)
    schedule = queries.schedule_of(row, since=local_date(started_at, row.zone))
    due = spans.work_out(schedule, span, warning, started_at)
    clock = Clock(
        subject=subject,
        rule=rule,
        scope=scope,
        calendar=row,
        unit=span.unit.value,
        amount=span.amount,
        warn_before=warning,
        started_at=started_at,
    )
    _apply(clock, due)
    _create_once(clock)
    journal.record(actor, at=now, act="start_clock", kind="clock", key=subject, scope=scope, after=_clock_facts(clock))
    events.publish(ClockStarted(clock.pk, subject, rule, scope, clock.due_at))
    return queries.clock_view(clock)


@transaction.act
def pause_clock(actor: Actor, *, clock_id: int, reason: str, owner: str, note: str = "", now: datetime) -> ClockView:
    """The clock standing still until `owner` has acted. Until it goes on, nobody can say when it will be due."""
    code = clocks.check_reason(reason)
    if not owner.strip():
        raise Invalid(_("Say who has to act before the clock goes on."), field="owner")
    clock = _locked_clock(clock_id)
    pauses = list(clock.pauses.order_by("started_at", "id"))
    if any(pause.ended_at is None for pause in pauses):
        raise Refused(_("This clock is paused already. Resume it before you pause it for another reason."))
    earliest = max([clock.started_at, *(pause.ended_at for pause in pauses if pause.ended_at)])
    Pause.objects.create(
        clock=clock, reason=code.value, note=note[:200], owner=owner.strip()[:80], started_at=max(now, earliest)
    )
    _record(actor, clock, "pause_clock", now, after={"reason": code.value, "owner": owner, "note": note})
    events.publish(ClockPaused(clock.pk, clock.subject, clock.rule, clock.scope, code.value, owner.strip()))
    return queries.clock_view_by_id(clock.pk)


@transaction.act
def resume_clock(actor: Actor, *, clock_id: int, now: datetime) -> ClockView:
    """The clock running again, due later by what it stood still."""
    clock = _locked_clock(clock_id)
    pause = _end_pause(clock, now)
    if pause is None:
        raise Refused(_("This clock is not paused. Reload the page to see how it stands."))
    before = _promise_facts(clock)
    _work_out_again(clock)
    _record(actor, clock, "resume_clock", now, before=before, after=_promise_facts(clock))
    events.publish(ClockResumed(clock.pk, clock.subject, clock.rule, clock.scope, clock.due_at))
    _publish_moved(clock, before, clocks.PAUSE_REASONS[pause.reason])
    return queries.clock_view_by_id(clock.pk)


@transaction.act
def stop_clock(actor: Actor, *, clock_id: int, now: datetime) -> ClockView:
    """The clock stopped for good, because what was promised is done or no longer wanted."""
    clock = _locked_clock(clock_id)
    if _end_pause(clock, now):
        _work_out_again(clock)
    clock.stopped_at = max(now, clock.started_at)
    clock.save(update_fields=["stopped_at"])
    was_kept = clock.stopped_at <= clock.due_at
    _record(actor, clock, "stop_clock", now, after={"stopped_at": clock.stopped_at, "was_kept": was_kept})
    events.publish(ClockStopped(clock.pk, clock.subject, clock.rule, clock.scope, clock.stopped_at, was_kept))
    return queries.clock_view(clock)


def recalculate(actor: Actor, calendar: Calendar, *, now: datetime) -> int:
    """Work out anew every running clock of this calendar and of those based on it; how many moved."""
    running = Clock.objects.filter(Q(calendar=calendar) | Q(calendar__based_on=calendar), stopped_at=None)
    rows = list(locks.for_update(running.select_related("calendar__based_on").order_by("id")))
    if not rows:
        return 0
    since = min(row.started_at for row in rows).astimezone(UTC).date() - timedelta(days=1)
    pauses: dict[int, list[Pause]] = {}
    for pause in Pause.objects.filter(clock__in=running).order_by("started_at", "id"):
        pauses.setdefault(pause.clock_id, []).append(pause)
    schedules = {row.calendar_id: row.calendar for row in rows}
    known = {pk: queries.schedule_of(one, since=since) for pk, one in schedules.items()}
    moved = 0
    for row in rows:
        before = _promise_facts(row)
        if not _apply(row, _due(row, known[row.calendar_id], pauses.get(row.pk, ()))):
            continue
        row.save(update_fields=["due_at", "warn_at", "warnings"])
        if _promise_facts(row) != before:
            moved += 1
            _tell_moved(actor, row, before, now)
    return moved


def _tell_moved(actor: Actor, clock: Clock, before: Mapping[str, datetime], now: datetime) -> None:
    because = _("The calendar {code} was changed.", code=clock.calendar.code)
    _record(actor, clock, "move_deadline", now, before=before, after={**_promise_facts(clock), "because": because})
    _publish_moved(clock, before, because)


def _publish_moved(clock: Clock, before: Mapping[str, datetime], because: Text) -> None:
    if _promise_facts(clock) != before:
        events.publish(
            DeadlineMoved(clock.pk, clock.subject, clock.rule, clock.scope, before["due_at"], clock.due_at, because)
        )


def _promise_facts(clock: Clock) -> dict[str, datetime]:
    return {"due_at": clock.due_at, "warn_at": clock.warn_at}


def _promised(rule: str, unit: str, amount: int | None, warn_before: int | None) -> tuple[spans.Span, int]:
    known = clocks.RULES.get(rule)
    if known is None and (not unit or amount is None):
        raise Invalid(_("There is no rule “{rule}”: give a unit and an amount.", rule=rule), field="rule")
    given_unit = unit or (known.span.unit.value if known else "")
    given_amount = amount if amount is not None else (known.span.amount if known else 0)
    warning = warn_before if warn_before is not None else (known.warn_before if known else 0)
    return spans.parse_span(given_amount, given_unit), max(0, warning)


def _create_once(clock: Clock) -> None:
    try:
        with transaction.atomic():
            clock.save(force_insert=True)
    except IntegrityError as error:
        if "clock_one_running_per_rule" in str(error) or "deadlines_clock.subject" in str(error):
            raise Refused(
                _(
                    "A clock “{rule}” runs for {subject} already.",
                    rule=clocks.rule_label(clock.rule),
                    subject=clock.subject,
                )
            ) from error
        raise


def _hold(calendar: Calendar) -> None:
    """Keep the calendar from being edited until this act ends, while other clocks may still be started on it.

    Otherwise a clock worked out on the old calendar could be saved just after an edit looked for clocks to work out anew.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            ids = sorted({calendar.pk, calendar.based_on_id or calendar.pk})
            cursor.execute("SELECT id FROM deadlines_calendar WHERE id = ANY(%s) ORDER BY id FOR SHARE", [ids])


def _locked_clock(clock_id: int) -> Clock:
    rows = Clock.objects.select_related("calendar__based_on").filter(pk=clock_id)
    if connection.vendor == "postgresql":  # the calendar's row is locked before the clock's
        for row in rows:
            _hold(row.calendar)
    clock: Clock | None = only(locks.for_update(rows))
    if clock is None:
        raise Missing
    if clock.stopped_at is not None:
        raise Refused(_("This clock has been stopped. Reload the page to see how it stands."))
    return clock


def _end_pause(clock: Clock, now: datetime) -> Pause | None:
    pause = clock.pauses.filter(ended_at=None).first()
    if pause is not None:
        pause.ended_at = max(now, pause.started_at)
        pause.save(update_fields=["ended_at"])
    return pause


def _work_out_again(clock: Clock) -> None:
    since = local_date(clock.started_at, clock.calendar.zone)
    schedule = queries.schedule_of(clock.calendar, since=since)
    if _apply(clock, _due(clock, schedule, clock.pauses.order_by("started_at", "id"))):
        clock.save(update_fields=["due_at", "warn_at", "warnings"])


def _due(clock: Clock, schedule: calendars.Schedule, pauses: Iterable[Pause]) -> spans.Due:
    stretches = [queries.pause_view(pause).stretch(None) for pause in pauses]
    span = spans.Span(clock.amount, spans.Unit(clock.unit))
    return spans.work_out(schedule, span, clock.warn_before, clock.started_at, stretches)


def _apply(clock: Clock, due: spans.Due) -> bool:
    """Whether this changed the clock."""
    said = [doubt.as_data() for doubt in due.doubts]
    is_changed = (clock.due_at, clock.warn_at, clock.warnings) != (due.due_at, due.warn_at, said)
    clock.due_at, clock.warn_at, clock.warnings = due.due_at, due.warn_at, said
    return is_changed


def _clock_facts(clock: Clock) -> dict[str, Any]:
    return {
        "rule": clock.rule,
        "amount": clock.amount,
        "unit": clock.unit,
        "started_at": clock.started_at,
        "due_at": clock.due_at,
    }


def _record(
    actor: Actor,
    clock: Clock,
    act: str,
    now: datetime,
    *,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> None:
    facts = {"rule": clock.rule} | dict(after or {})
    journal.record(
        actor, at=now, act=act, kind="clock", key=clock.subject, scope=clock.scope, before=before, after=facts
    )


@transaction.act
def erase_notes(subjects: Sequence[str], *, traces: Traces) -> None:
    """Nothing; what was noted at the pauses of these clocks names the person no more."""
    for pause in Pause.objects.filter(clock__subject__in=subjects):
        pause.note, pause.owner = traces.taken_out(pause.note)[:200], traces.taken_out(pause.owner)[:80]
        pause.save(update_fields=["note", "owner"])
