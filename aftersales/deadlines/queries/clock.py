"""Every read of clocks. Who may see a clock's subject is asked by the room that owns the subject."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db.models import F, FilteredRelation, Q, QuerySet

from aftersales.core import text as texts
from aftersales.core.actor import Actor
from aftersales.core.clock import local_date
from aftersales.core.errors import Missing
from aftersales.core.rows import only
from aftersales.core.text import Text, text as _
from aftersales.deadlines.models import Clock, Pause
from aftersales.deadlines.queries.calendar import row_of, schedule_of
from aftersales.deadlines.rules import clocks, explanations, spans
from aftersales.deadlines.rules.clocks import ClockView, PauseView
from aftersales.deadlines.rules.explanations import Explanation


def get_clock(*, subject: str, rule: str) -> ClockView:
    """The clock of this subject and rule: the running one, else the one that was stopped last."""
    clock = find_clock(subject=subject, rule=rule)
    if clock is None:
        raise Missing(_("No clock runs for {subject}.", subject=subject))
    return clock


def find_clock(*, subject: str, rule: str) -> ClockView | None:
    """As `get_clock`, but None when there never was one."""
    rows = _clocks().filter(subject=subject, rule=rule).order_by(F("stopped_at").desc(nulls_first=True), "-id")
    row = rows.first()
    return clock_view(row) if row else None


def list_clocks(subjects: Iterable[str], *, rule: str = "") -> dict[str, ClockView]:
    """For each subject the clock to show, in one query: the running one due first, else the one stopped last."""
    wanted = {"subject__in": list(subjects)} | ({"rule": rule} if rule else {})
    found: dict[str, ClockView] = {}
    for row in _clocks().filter(**wanted).order_by(F("stopped_at").desc(nulls_first=True), "due_at", "id"):
        found.setdefault(row.subject, clock_view(row))
    return found


def list_pressing_clocks(actor: Actor, *, now: datetime, rule: str = "", limit: int = 50) -> list[ClockView]:
    """Running clocks of the actor's places whose warning instant has come and that do not stand still, due first."""
    rows = _clocks().filter(Q(open_id=None), stopped_at=None, warn_at__lte=now, **actor.scope_filter("scope"))
    if rule:
        rows = rows.filter(rule=rule)
    return [clock_view(row) for row in rows.order_by("due_at", "id")[:limit]]


def list_pauses(clock: ClockView) -> list[PauseView]:
    """Every stretch for which the clock stood still, in order."""
    return [pause_view(row) for row in Pause.objects.filter(clock_id=clock.id).order_by("started_at", "id")]


def explain_clock(clock: ClockView, *, now: datetime | None = None) -> Explanation:
    """Why the clock is due when it is, day by day; with `now`, an open pause is taken to last until then."""
    calendar = row_of(clock.calendar)
    schedule = schedule_of(calendar, since=local_date(clock.started_at, calendar.zone))
    return explanations.explain(schedule, clock.span, clock.started_at, list_pauses(clock), now=now)


def list_rules() -> Mapping[str, clocks.Rule]:
    """Every rule that is counted, by its code: label, span, warning and clause."""
    return clocks.RULES


def list_pause_reasons() -> Mapping[str, Text]:
    """The reasons for which a clock may stand still, by their code."""
    return clocks.PAUSE_REASONS


def clock_view_by_id(clock_id: int) -> ClockView:
    """The clock with this number; for this room only."""
    row = only(_clocks().filter(pk=clock_id))
    if row is None:
        raise Missing
    return clock_view(row)


def clock_view(row: Clock) -> ClockView:
    """The row as others see it; only one from `_clocks` brings its open pause along, one without it is known to have none."""
    open_pause = None
    if getattr(row, "open_id", None) is not None:
        open_pause = PauseView(row.open_reason, row.open_note, row.open_owner, row.open_started_at)  # type: ignore[attr-defined]
    return ClockView(
        id=row.pk,
        subject=row.subject,
        rule=row.rule,
        scope=row.scope,
        calendar=row.calendar.code,
        zone=row.calendar.zone,
        span=spans.Span(row.amount, spans.Unit(row.unit)),
        warn_before=row.warn_before,
        started_at=row.started_at,
        due_at=row.due_at,
        warn_at=row.warn_at,
        stopped_at=row.stopped_at,
        open_pause=open_pause,
        warnings=tuple(texts.from_data(said) for said in row.warnings),
    )


def pause_view(row: Pause) -> PauseView:
    """The row as others see it."""
    return PauseView(row.reason, row.note, row.owner, row.started_at, row.ended_at)


def _clocks() -> QuerySet[Clock, Any]:
    """Clocks with their calendar and their one open pause, in one query."""
    return (
        Clock.objects.select_related("calendar")
        .annotate(open_pauses=FilteredRelation("pauses", condition=Q(pauses__ended_at=None)))
        .annotate(
            open_id=F("open_pauses__id"),
            open_reason=F("open_pauses__reason"),
            open_note=F("open_pauses__note"),
            open_owner=F("open_pauses__owner"),
            open_started_at=F("open_pauses__started_at"),
        )
    )
