"""“Why Thursday?” — a deadline told day by day."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from aftersales.core.text import Text, text as _
from aftersales.deadlines.rules.calendars import CalendarDay, DayKind, Schedule
from aftersales.deadlines.rules.clocks import PauseView
from aftersales.deadlines.rules.spans import DAY_UNITS, Span, Unit, Walked, doubts, walk
from aftersales.deadlines.rules.wording import day_text, holiday_name, instant_text, length_text, time_text

_ONE_DAY = timedelta(days=1)
_UNITS_THAT_ASK = (Unit.WORKING_DAYS, Unit.WORKING_HOURS)
"""Natural days and hours do not ask what kind of day it is."""
BASES: Mapping[Unit, Text] = {
    Unit.WORKING_DAYS: _(
        "The day of receipt does not count, at whatever hour it came. Each later working day counts when it closes, "
        "and the last one ends with its last working period."
    ),
    Unit.NATURAL_DAYS: _(
        "The day of receipt does not count. Each later day counts, days off too, and the last one ends at midnight."
    ),
    Unit.WORKING_HOURS: _("Only time within the working periods counts, to the minute."),
    Unit.HOURS: _("Every hour counts, by day and by night."),
}
"""How each unit is counted, in one sentence."""


@dataclass(frozen=True)
class Day:
    """One line of the explanation."""

    date: date
    kind: str
    """One of `DayKind`: working, rest, off, make_up, own_hours."""
    counted: bool
    number: int | None
    """Which day of the span it is, when days are counted."""
    is_due: bool
    is_paused: bool
    """A pause took something of this day away."""
    what: Text
    """What became of the day, without naming it: “make-up workday, counted, day 2 of 3”."""
    text: Text
    """The whole line: “Saturday 10 Oct: make-up workday, counted, day 2 of 3”."""
    notes: tuple[Text, ...] = ()
    """The pauses that began on this day."""

    @property
    def tone(self) -> str:
        """How the line is shown."""
        if self.is_due:
            return "info"
        if self.counted:
            return "success"
        return "warning" if self.is_paused else "neutral"

    @property
    def icon(self) -> str:
        """The sign that says the same as the tone."""
        return {"info": "flag", "success": "check", "warning": "player-pause"}.get(self.tone, "point")


@dataclass(frozen=True)
class Explanation:
    """The whole reason for a due instant."""

    span: Span
    zone: str
    started_at: datetime
    due_at: datetime
    summary: Text
    basis: Text
    days: tuple[Day, ...]
    pauses: tuple[Text, ...]
    warnings: tuple[Text, ...]

    def __iter__(self) -> Iterator[Day]:
        return iter(self.days)


def explain(
    schedule: Schedule,
    span: Span,
    started_at: datetime,
    pauses: Sequence[PauseView] = (),
    *,
    now: datetime | None = None,
) -> Explanation:
    """The due instant with every day that led to it. An open pause counts as lasting until `now`."""
    walked = list(walk(schedule, span, started_at, [pause.stretch(now) for pause in pauses]))
    due_at = walked[-1].reached_at
    assert due_at is not None  # the walk ends where the span does
    starts: dict[date, list[Text]] = {}
    for pause in pauses:
        starts.setdefault(schedule.local_date(pause.started_at), []).append(pause_text(pause, schedule.zone))
    return Explanation(
        span=span,
        zone=schedule.zone,
        started_at=started_at,
        due_at=due_at,
        summary=_(
            "{span} from {start}: due {due}.",
            span=span.label,
            start=instant_text(started_at, schedule.zone),
            due=instant_text(due_at, schedule.zone),
        ),
        basis=BASES[span.unit],
        days=tuple(_day(step, span, schedule.zone, tuple(starts.get(step.day.on, ()))) for step in walked),
        pauses=tuple(pause_text(pause, schedule.zone) for pause in pauses),
        warnings=doubts(schedule, span, started_at, due_at),
    )


def pause_text(pause: PauseView, zone: str) -> Text:
    """The pause in one sentence: from when to when, who, and why."""
    start = instant_text(pause.started_at, zone)
    if pause.ended_at is None:
        return _(
            "paused since {start}: {reason}; {owner} has to act",
            start=start,
            reason=pause.reason_label,
            owner=pause.owner,
        )
    return _(
        "paused from {start} to {end}: {reason}; {owner} had to act",
        start=start,
        end=instant_text(pause.ended_at, zone),
        reason=pause.reason_label,
        owner=pause.owner,
    )


def kind_text(day: CalendarDay) -> Text | None:
    """What is special about the day, in words; None for an ordinary working day."""
    if day.kind is DayKind.WORKING:
        return None
    if day.kind is DayKind.REST:
        return _("weekly day off")
    if day.kind is DayKind.OFF:
        return _("day off ({name})", name=holiday_name(day.name)) if day.name else _("day off")
    if day.kind is DayKind.MAKE_UP:
        return _("make-up workday ({name})", name=holiday_name(day.name)) if day.name else _("make-up workday")
    hours = ", ".join(map(str, day.periods))
    if day.name:
        return _("open {hours} ({name})", hours=hours, name=holiday_name(day.name))
    return _("open {hours}", hours=hours)


def _day(step: Walked, span: Span, zone: str, notes: tuple[Text, ...]) -> Day:
    counts_days = span.unit in DAY_UNITS
    count = _day_count(step, span, zone) if counts_days else _time_count(step, span, zone)
    kind = kind_text(step.day) if span.unit in _UNITS_THAT_ASK else None
    what = _("{kind}, {count}", kind=kind, count=count) if kind else count
    return Day(
        date=step.day.on,
        kind=step.day.kind.value,
        counted=bool(step.counted),
        number=step.total // _ONE_DAY if counts_days and step.counted else None,
        is_due=step.reached_at is not None,
        is_paused=step.is_cut_by_pause,
        what=what,
        text=_("{day}: {what}", day=day_text(step.day.on), what=what),
        notes=notes,
    )


def _day_count(step: Walked, span: Span, zone: str) -> Text:
    if step.is_first:
        return _("day of receipt, not counted")
    if step.is_cut_by_pause:
        return _("paused when the day closed, not counted")
    if not step.counted:
        return _("not counted")
    number = step.total // _ONE_DAY
    if step.reached_at is None:
        return _("counted, day {number} of {amount}", number=number, amount=span.amount)
    return _(
        "counted, day {number} of {amount}, due at {time}",
        number=number,
        amount=span.amount,
        time=time_text(step.reached_at, zone),
    )


def _time_count(step: Walked, span: Span, zone: str) -> Text:
    if not step.counted:
        return _("paused, not counted") if step.is_cut_by_pause else _("not counted")
    if step.reached_at is not None:
        return _(
            "{counted} counted, {total} in all, due at {time}",
            counted=length_text(step.counted),
            total=length_text(step.total),
            time=time_text(step.reached_at, zone),
        )
    return _(
        "{counted} counted, {total} of {amount} so far",
        counted=length_text(step.counted),
        total=length_text(step.total),
        amount=length_text(span.length),
    )
