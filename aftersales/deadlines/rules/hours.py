"""Working hours: the periods of a day and of a week, as people type them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from aftersales.core.errors import Invalid
from aftersales.core.text import Text, text as _

DAY_MINUTES = 24 * 60
_PERIOD = re.compile(r"^(\d{1,2}):(\d{2})\s*[-–—−~～至到]\s*(\d{1,2}):(\d{2})$")
_SEPARATOR = re.compile(r"[,，、;；\n]+")
_HALF_WIDTH = {ord(full): half for full, half in zip("０１２３４５６７８９：－", "0123456789:-", strict=True)}


@dataclass(frozen=True, order=True)
class Period:
    """A stretch of working time within one day, in minutes after midnight; 24:00 is the end of the day."""

    opens: int
    closes: int

    def __str__(self) -> str:
        return f"{_clock(self.opens)}–{_clock(self.closes)}"


Periods = tuple[Period, ...]
Week = tuple[Periods, ...]
"""The periods of seven weekdays, Monday first."""


def parse_periods(typed: str, *, field: str = "") -> Periods:
    """The periods a person typed, such as `08:30-12:00, 13:30-18:00`; nothing typed is a day without work."""
    parts = [part.strip() for part in _SEPARATOR.split(typed.translate(_HALF_WIDTH))]
    periods = tuple(_parse_period(part, field) for part in parts if part)
    for earlier, later in pairwise(periods):
        if later.opens < earlier.closes:
            raise Invalid(
                _(
                    "{later} begins before {earlier} has ended. Write the periods in order, without overlap.",
                    earlier=str(earlier),
                    later=str(later),
                ),
                field=field,
            )
    return periods


def plain_periods(periods: Periods) -> str:
    """The periods as typed into a form and kept in the database: `08:30-12:00, 13:30-18:00`."""
    return ", ".join(f"{_clock(period.opens)}-{_clock(period.closes)}" for period in periods)


def parse_week(typed: Sequence[str], *, fields: Sequence[str] = ("",) * 7) -> Week:
    """The periods of seven days, Monday first; refuses a week in which nobody ever works."""
    if len(typed) != 7:
        raise Invalid(_("A week has seven days, from Monday to Sunday; {count} were given.", count=len(typed)))
    week = tuple(parse_periods(day, field=field) for day, field in zip(typed, fields, strict=True))
    if not any(week):
        raise Invalid(
            _("No day of the week has working hours. Give at least one, or no deadline could ever be reached."),
            field=fields[0],
        )
    return week


def plain_week(week: Week) -> list[str]:
    """The week as kept in the database, Monday first."""
    return [plain_periods(day) for day in week]


def _parse_period(part: str, field: str) -> Period:
    found = _PERIOD.match(part)
    if found:
        opens_hour, opens_minute, closes_hour, closes_minute = map(int, found.groups())
        period = Period(opens_hour * 60 + opens_minute, closes_hour * 60 + closes_minute)
        if opens_minute < 60 and closes_minute < 60 and period.opens < period.closes <= DAY_MINUTES:
            return period
    raise Invalid(
        _(
            "“{typed}” is not a period of a day. Write from–to on a 24-hour clock, such as 08:30-12:00; "
            "work past midnight is two periods, until 24:00 and from 00:00 of the next day.",
            typed=part,
        ),
        field=field,
    )


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def week_lines(week: Sequence[str], weekdays: Sequence[Text]) -> list[Text]:
    """The week in few lines: neighbouring days with the same hours together, free days left out."""
    lines: list[Text] = []
    first = 0
    for number in range(1, len(week) + 1):
        if number < len(week) and week[number] == week[first]:
            continue
        if week[first]:
            lines.append(_week_line(weekdays[first], weekdays[number - 1], week[first]))
        first = number
    return lines


def _week_line(first: Text, last: Text, hours: str) -> Text:
    if first == last:
        return _("{day} {hours}", day=first, hours=hours)
    return _("{first} to {last} {hours}", first=first, last=last, hours=hours)
