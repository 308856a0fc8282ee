"""The moving clock: when people are at work, and what the time is after so many seconds of work."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import accumulate
from zoneinfo import ZoneInfo

from aftersales.core.actor import SYSTEM
from aftersales.deadlines import queries as deadlines

WORKED = ("working", "make_up")
Stretch = tuple[datetime, datetime]


class Hours:
    """The opening hours of one station as one long stretch of seconds, without nights, weekends and holidays."""

    def __init__(self, stretches: Sequence[Stretch]) -> None:
        self.opens = [opens for opens, _closes in stretches]
        self.lengths = [int((closes - opens).total_seconds()) for opens, closes in stretches]
        self.ends = list(accumulate(self.lengths))

    def before(self, instant: datetime) -> int:
        """How many seconds were worked before this instant."""
        place = bisect_right(self.opens, instant) - 1
        if place < 0:
            return 0
        since = int((instant - self.opens[place]).total_seconds())
        return self.ends[place] - self.lengths[place] + min(since, self.lengths[place])

    def at(self, seconds: int) -> datetime:
        """The instant at which so many seconds have been worked; the last one known where there are not that many."""
        wanted = min(max(seconds, 0), self.ends[-1])
        place = bisect_left(self.ends, max(wanted, 1))
        return self.opens[place] + timedelta(seconds=wanted - self.ends[place] + self.lengths[place])

    def after(self, instant: datetime, seconds: int) -> datetime:
        """The instant so many seconds of work later."""
        return self.at(self.before(instant) + seconds)


def hours_of(calendar: str, *, first: date, last: date) -> Hours:
    """The opening hours of a calendar from `first` to `last`, holidays and make-up workdays as it knows them."""
    found = next(each for each in deadlines.list_calendars(SYSTEM) if each.code == calendar)
    zone = ZoneInfo(found.zone)
    stretches = [
        stretch
        for on, kind in sorted(_kinds(calendar, first.year, last.year).items())
        if first <= on <= last and kind in WORKED
        for stretch in _stretches(on, _periods(found.weekly, on), zone)
    ]
    return Hours(stretches)


def _kinds(calendar: str, first_year: int, last_year: int) -> Mapping[date, str]:
    years = [deadlines.get_year(SYSTEM, code=calendar, year=year) for year in range(first_year, last_year + 1)]
    cells = [cell for year in years for month in year.months for week in month.weeks for cell in week if cell]
    return {cell.on: str(cell.kind) for cell in cells}


def _periods(weekly: Sequence[str], on: date) -> str:
    return weekly[on.weekday()] or next(day for day in weekly if day)


def _stretches(on: date, periods: str, zone: ZoneInfo) -> list[Stretch]:
    return [
        (_instant(on, a, zone), _instant(on, b, zone)) for a, b in (p.strip().split("-") for p in periods.split(","))
    ]


def _instant(on: date, clock: str, zone: ZoneInfo) -> datetime:
    hour, minute = map(int, clock.split(":"))
    return datetime(on.year, on.month, on.day, hour, minute, tzinfo=zone).astimezone(UTC)
