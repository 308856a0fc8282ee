"""When a span of working days, natural days, working hours or hours ends. docs/deadlines.md says the same in prose.

There is one walk, day by day, from which both the due instant and its explanation are read; they cannot disagree.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from aftersales.core.errors import Invalid
from aftersales.core.text import Text, text as _, text_n
from aftersales.deadlines.rules.calendars import CalendarDay, Schedule

Stretch = tuple[datetime, datetime]

LONGEST = 4_000
"""No span may be longer, in its own unit."""
_LOOK_AHEAD_DAYS = 20 * 366
_ONE_DAY = timedelta(days=1)
_NOTHING = timedelta()


class Unit(StrEnum):
    """What is counted."""

    WORKING_DAYS = "working_days"
    NATURAL_DAYS = "natural_days"
    WORKING_HOURS = "working_hours"
    HOURS = "hours"
    RINGS = "rings"
    """Rings of a telephone are counted where it rings; no clock runs in them."""


TIMED_UNITS = (Unit.WORKING_DAYS, Unit.NATURAL_DAYS, Unit.WORKING_HOURS, Unit.HOURS)
DAY_UNITS = (Unit.WORKING_DAYS, Unit.NATURAL_DAYS)
UNIT_LABELS: Mapping[str, Text] = {
    Unit.WORKING_DAYS.value: _("working days"),
    Unit.NATURAL_DAYS.value: _("natural days"),
    Unit.WORKING_HOURS.value: _("working hours"),
    Unit.HOURS.value: _("hours"),
    Unit.RINGS.value: _("rings"),
}


@dataclass(frozen=True)
class Span:
    """So many of a unit, as in “three working days”."""

    amount: int
    unit: Unit

    @property
    def length(self) -> timedelta:
        """How much has to be counted; a day counts as one day, whatever its hours."""
        return timedelta(days=self.amount) if self.unit in DAY_UNITS else timedelta(hours=self.amount)

    @property
    def label(self) -> Text:
        """The span in words."""
        if self.unit is Unit.WORKING_DAYS:
            return text_n("{count} working day", "{count} working days", self.amount)
        if self.unit is Unit.NATURAL_DAYS:
            return text_n("{count} natural day", "{count} natural days", self.amount)
        if self.unit is Unit.WORKING_HOURS:
            return text_n("{count} working hour", "{count} working hours", self.amount)
        if self.unit is Unit.HOURS:
            return text_n("{count} hour", "{count} hours", self.amount)
        return text_n("{count} ring", "{count} rings", self.amount)


def parse_span(amount: int, unit: str) -> Span:
    """The span, if a clock can run in it."""
    if unit not in TIMED_UNITS:
        raise Invalid(
            _("“{unit}” cannot be worked out as a date. Choose working days, natural days or hours.", unit=unit),
            field="unit",
        )
    if not 1 <= amount <= LONGEST:
        raise Invalid(
            _("{amount} is out of range. Give a whole number from 1 to {longest}.", amount=amount, longest=LONGEST),
            field="amount",
        )
    return Span(amount, Unit(unit))


@dataclass(frozen=True)
class Walked:
    """One date of the walk: how much of it counted, how much counts so far, and the instant the span ended on it."""

    day: CalendarDay
    counted: timedelta
    total: timedelta
    is_first: bool
    is_cut_by_pause: bool
    """Something of this date would have counted, had the clock not been paused."""
    reached_at: datetime | None = None


def walk(schedule: Schedule, span: Span, started_at: datetime, pauses: Sequence[Stretch] = ()) -> Iterator[Walked]:
    """Every date from the start to the one on which the span ends, in order."""
    first = schedule.local_date(started_at)
    total = _NOTHING
    for offset in range(_LOOK_AHEAD_DAYS):
        on = first + offset * _ONE_DAY
        wanted = span.length - total
        counted, reached_at = _count(schedule, span.unit, on, started_at, pauses, wanted)
        unpaused = _count(schedule, span.unit, on, started_at, (), wanted)[0] if pauses else counted
        total += counted
        yield Walked(schedule.day(on), counted, total, on == first, counted < unpaused, reached_at)
        if reached_at is not None:
            return
    raise Invalid(_("This calendar has too few working days: the end lies more than twenty years ahead."))


def reach(schedule: Schedule, span: Span, started_at: datetime, pauses: Sequence[Stretch] = ()) -> datetime:
    """The instant at which the span, begun at `started_at`, has passed without the pauses."""
    reached_at = started_at
    for walked in walk(schedule, span, started_at, pauses):
        reached_at = walked.reached_at or reached_at
    return reached_at


@dataclass(frozen=True)
class Due:
    """When it is due, from when it is pressing, and what must be said beside it."""

    due_at: datetime
    warn_at: datetime
    doubts: tuple[Text, ...]


def work_out(
    schedule: Schedule, span: Span, warn_before: int, started_at: datetime, pauses: Sequence[Stretch] = ()
) -> Due:
    """The due instant, the warning `warn_before` units earlier (at the start, if there is no room), and the doubts."""
    due_at = reach(schedule, span, started_at, pauses)
    warn_at = started_at
    if span.amount > warn_before:
        warn_at = reach(schedule, Span(span.amount - warn_before, span.unit), started_at, pauses)
    return Due(due_at, warn_at, doubts(schedule, span, started_at, due_at))


def doubts(schedule: Schedule, span: Span, started_at: datetime, due_at: datetime) -> tuple[Text, ...]:
    """What must be said beside a span that ends at `due_at`; natural days and hours depend on no announcement."""
    if span.unit not in (Unit.WORKING_DAYS, Unit.WORKING_HOURS):
        return ()
    return schedule.doubts(schedule.local_date(started_at), schedule.local_date(due_at))


def _count(
    schedule: Schedule, unit: Unit, on: date, started_at: datetime, pauses: Sequence[Stretch], wanted: timedelta
) -> tuple[timedelta, datetime | None]:
    if unit in DAY_UNITS:
        return _count_day(schedule, unit, on, started_at, pauses, wanted)
    return _count_time(schedule, unit, on, started_at, pauses, wanted)


def _count_day(
    schedule: Schedule, unit: Unit, on: date, started_at: datetime, pauses: Sequence[Stretch], wanted: timedelta
) -> tuple[timedelta, datetime | None]:
    """A day counts when it closes: it is complete then, and a pause stops it only if it covers that instant."""
    end = schedule.closing(on) if unit is Unit.WORKING_DAYS else schedule.day_end(on)
    if end is None or on <= schedule.local_date(started_at) or any(start < end <= stop for start, stop in pauses):
        return _NOTHING, None
    return _ONE_DAY, end if wanted <= _ONE_DAY else None


def _count_time(
    schedule: Schedule, unit: Unit, on: date, started_at: datetime, pauses: Sequence[Stretch], wanted: timedelta
) -> tuple[timedelta, datetime | None]:
    stretches = schedule.opened(on) if unit is Unit.WORKING_HOURS else (schedule.whole_day(on),)
    counted = _NOTHING
    for start, stop in _running(stretches, started_at, pauses):
        if counted + (stop - start) >= wanted:
            return wanted, start + (wanted - counted)
        counted += stop - start
    return counted, None


def _running(stretches: Sequence[Stretch], started_at: datetime, pauses: Sequence[Stretch]) -> list[Stretch]:
    """What is left of the stretches after the start and outside the pauses."""
    left = [(max(start, started_at), stop) for start, stop in stretches]
    for pause_start, pause_stop in pauses:
        left = [
            piece
            for start, stop in left
            for piece in ((start, min(stop, pause_start)), (max(start, pause_stop), stop))
            if piece[0] < piece[1]
        ]
    return [(start, stop) for start, stop in left if start < stop]
