"""A calendar: which days are worked, at which hours, in which time zone, and which years it really knows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo, available_timezones

from aftersales.core.errors import Invalid
from aftersales.core.text import Text, text as _
from aftersales.deadlines.rules.hours import Periods, Week, parse_week

STANDARD = "CN"
"""The calendar shipped with the product, and the one that holds where none is named."""
STANDARD_ZONE = "Asia/Shanghai"
STANDARD_WEEK = parse_week(["08:30-12:00, 13:30-18:00"] * 5 + [""] * 2)
STANDARD_LABEL = _("Mainland China, Monday to Friday")

_ONE_DAY = timedelta(days=1)
_LAST_DAYS_FROM = 29
"""The notice for a year has at times changed the last days of the December before: in 2007, 2011, 2018 and 2022."""


class SpecialKind(StrEnum):
    """What makes a date different from its weekday."""

    OFF = "off"
    WORKDAY = "workday"
    HOURS = "hours"


SPECIAL_LABELS: Mapping[str, Text] = {
    SpecialKind.OFF.value: _("day off"),
    SpecialKind.WORKDAY.value: _("make-up workday"),
    SpecialKind.HOURS.value: _("own hours"),
}


class DayKind(StrEnum):
    """What a date turns out to be."""

    WORKING = "working"
    REST = "rest"
    OFF = "off"
    MAKE_UP = "make_up"
    OWN_HOURS = "own_hours"


DAY_LABELS: Mapping[str, Text] = {
    DayKind.WORKING.value: _("working day"),
    DayKind.REST.value: _("weekly day off"),
    DayKind.OFF.value: _("day off"),
    DayKind.MAKE_UP.value: _("make-up workday"),
    DayKind.OWN_HOURS.value: _("own hours"),
}
_KIND_OF_SPECIAL = {
    SpecialKind.OFF: DayKind.OFF,
    SpecialKind.WORKDAY: DayKind.MAKE_UP,
    SpecialKind.HOURS: DayKind.OWN_HOURS,
}


@dataclass(frozen=True)
class SpecialDay:
    """A date that does not follow its weekday: off, worked like another weekday, or open at hours of its own."""

    on: date
    kind: SpecialKind
    name: str = ""
    periods: Periods = ()
    follows: int | None = None
    """For a make-up workday: the weekday whose hours hold, Monday is 0; None means the week's first working day."""


@dataclass(frozen=True)
class CalendarDay:
    """What one date is, with its working periods."""

    on: date
    kind: DayKind
    name: str
    periods: Periods

    @property
    def is_worked(self) -> bool:
        """Whether anybody works that day."""
        return bool(self.periods)


@dataclass(frozen=True)
class Schedule:
    """Everything that arithmetic needs to know of a calendar."""

    zone: str
    week: Week
    special: Mapping[date, SpecialDay] = field(default_factory=dict)
    known_years: frozenset[int] | None = frozenset()
    """Years whose holidays are loaded; None for a calendar without public holidays, which lacks none."""

    def day(self, on: date) -> CalendarDay:
        """What `on` is, and when it is worked."""
        special, ordinary = self.special.get(on), self.week[on.weekday()]
        if special is None:
            return CalendarDay(on, DayKind.WORKING if ordinary else DayKind.REST, "", ordinary)
        periods = self._special_periods(special)
        if special.kind is SpecialKind.WORKDAY and periods == ordinary:
            # Nothing is made up: an announcement at times says that work begins again, or the shop opens that weekday anyway.
            return CalendarDay(on, DayKind.WORKING, "", ordinary)
        return CalendarDay(on, _KIND_OF_SPECIAL[special.kind], special.name, periods)

    def _special_periods(self, special: SpecialDay) -> Periods:
        if special.kind is SpecialKind.OFF:
            return ()
        if special.kind is SpecialKind.HOURS:
            return special.periods
        if special.follows is not None and self.week[special.follows]:
            return self.week[special.follows]
        return next(periods for periods in self.week if periods)

    def local_date(self, instant: datetime) -> date:
        """The date on this calendar's wall."""
        return instant.astimezone(ZoneInfo(self.zone)).date()

    def instant(self, on: date, minutes: int) -> datetime:
        """The instant at which the wall clock has run `minutes` from midnight of `on`.

        An hour that the clocks leave out is where they jump; of an hour that comes twice it is the first.
        """
        days, rest = divmod(minutes, 24 * 60)
        wall = datetime.combine(on + timedelta(days=days), time(rest // 60, rest % 60))
        return _instant(wall, ZoneInfo(self.zone))

    def opened(self, on: date) -> tuple[tuple[datetime, datetime], ...]:
        """The working stretches of a date, as instants."""
        stretches = ((self.instant(on, p.opens), self.instant(on, p.closes)) for p in self.day(on).periods)
        return tuple((opens, closes) for opens, closes in stretches if opens < closes)

    def whole_day(self, on: date) -> tuple[datetime, datetime]:
        """Midnight to midnight, as instants; 23 or 25 hours where the clocks are changed."""
        return self.instant(on, 0), self.instant(on + _ONE_DAY, 0)

    def day_end(self, on: date) -> datetime:
        """The last second of the date."""
        return self.instant(on + _ONE_DAY, 0) - timedelta(seconds=1)

    def closing(self, on: date) -> datetime | None:
        """The end of the last working period of the date; None when it is not worked."""
        periods = self.day(on).periods
        return min(self.instant(on, periods[-1].closes), self.day_end(on)) if periods else None

    def doubts(self, first: date, last: date) -> tuple[Text, ...]:
        """What must be said beside a result that rests on the days from `first` to `last`."""
        if self.known_years is None:
            return ()
        years = range(first.year, last.year + 1)
        said = [_unannounced(year) for year in years if year not in self.known_years]
        may_change = last >= date(last.year, 12, _LAST_DAYS_FROM) and last.year in self.known_years
        if may_change and last.year + 1 not in self.known_years:
            said.append(_last_days(last.year))
        return tuple(said)


def check_zone(zone: str, *, field: str = "") -> str:
    """The name of the time zone, if there is such a zone."""
    if zone not in available_timezones():
        raise Invalid(
            _("There is no time zone “{zone}”. Write its IANA name, such as Asia/Shanghai.", zone=zone), field=field
        )
    return zone


def by_date(days: Iterable[SpecialDay]) -> dict[date, SpecialDay]:
    """Special days by their date; of two for one date the later in the row holds."""
    return {day.on: day for day in days}


def _unannounced(year: int) -> Text:
    return _(
        "The holidays of {year} are not announced yet or not entered: "
        "weekends are assumed free and no public holiday is counted.",
        year=year,
    )


def _last_days(year: int) -> Text:
    return _(
        "The holidays of {next_year} are not announced yet; the announcement may still change the last days of {year}.",
        next_year=year + 1,
        year=year,
    )


def _instant(wall: datetime, zone: ZoneInfo) -> datetime:
    before = wall.replace(tzinfo=zone, fold=0)
    after = wall.replace(tzinfo=zone, fold=1)
    first = before.astimezone(UTC)
    if first.astimezone(zone).replace(tzinfo=None) == wall:
        return first
    # The clocks skip this time. Find the second at which they jump; it lies between the two readings.
    early, late = after.astimezone(UTC), first
    while late - early > timedelta(seconds=1):
        middle = early + timedelta(seconds=(late - early) // timedelta(seconds=2))
        if middle.astimezone(zone).utcoffset() == after.utcoffset():
            late = middle
        else:
            early = middle
    return late
