"""A calendar's year: as an announcement that is pasted in, as differences to what stands, and as twelve months to look at."""

from __future__ import annotations

import re
from calendar import Calendar as Months
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from aftersales.core.errors import Invalid
from aftersales.core.text import Text, text as _
from aftersales.deadlines.rules.calendars import SPECIAL_LABELS, CalendarDay, DayKind, Schedule, SpecialDay, SpecialKind
from aftersales.deadlines.rules.explanations import kind_text
from aftersales.deadlines.rules.wording import MONTHS, day_text, holiday_name, short_day_text

FIRST_YEAR, LAST_YEAR = 1990, 2100
LONGEST_NAME = 40
_SEPARATOR = re.compile(r"[,，\t;；]")
_DATE = re.compile(r"^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?$")
_KINDS = {
    "off": SpecialKind.OFF,
    "休": SpecialKind.OFF,
    "休息": SpecialKind.OFF,
    "放假": SpecialKind.OFF,
    "workday": SpecialKind.WORKDAY,
    "work": SpecialKind.WORKDAY,
    "班": SpecialKind.WORKDAY,
    "上班": SpecialKind.WORKDAY,
    "补班": SpecialKind.WORKDAY,
    "補班": SpecialKind.WORKDAY,
}


def check_year(year: int, *, field: str = "year") -> int:
    """The year, if a calendar can hold it."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise Invalid(
            _(
                "{year} is not a year a calendar can hold. Give one from {first} to {last}.",
                year=year,
                first=FIRST_YEAR,
                last=LAST_YEAR,
            ),
            field=field,
        )
    return year


def parse_announcement(typed: str, year: int, *, field: str = "days") -> tuple[SpecialDay, ...]:
    """The days of a year's announcement, one per line as `date, off or workday, name`; # begins a remark."""
    check_year(year)
    days: dict[date, SpecialDay] = {}
    for number, line in enumerate(typed.splitlines(), start=1):
        if not line.strip() or line.lstrip().startswith("#") or line.lower().lstrip("\ufeff").startswith("date"):
            continue
        day = _parse_line(line, number, year, field)
        if day.on in days:
            raise Invalid(
                _("Line {number}: {day} stands here twice.", number=number, day=short_day_text(day.on)), field=field
            )
        days[day.on] = day
    if not days:
        raise Invalid(
            _("No day was given. Paste one day per line, such as: {example}", example="2027-01-01, off, 元旦"),
            field=field,
        )
    return tuple(days[on] for on in sorted(days))


def _parse_line(line: str, number: int, year: int, field: str) -> SpecialDay:
    parts = [part.strip() for part in _SEPARATOR.split(line.lstrip("\ufeff"), maxsplit=2)]
    on = _parse_date(parts[0])
    kind = _KINDS.get(parts[1].lower()) if len(parts) > 1 else None
    if on is None or kind is None:
        raise Invalid(
            _(
                "Line {number}: “{line}” cannot be read. Write date, off or workday, and name, such as: {example}",
                number=number,
                line=line.strip(),
                example="2027-01-01, off, 元旦",
            ),
            field=field,
        )
    if not date(year - 1, 12, 20) <= on <= date(year, 12, 31):
        raise Invalid(
            _(
                "Line {number}: {day} does not belong to the announcement for {year}.",
                number=number,
                day=short_day_text(on),
                year=year,
            ),
            field=field,
        )
    return SpecialDay(on, kind, (parts[2] if len(parts) > 2 else "")[:LONGEST_NAME])


def _parse_date(typed: str) -> date | None:
    found = _DATE.match(typed)
    try:
        return date(*map(int, found.groups())) if found else None
    except ValueError:
        return None


def plain_announcement(days: Iterable[SpecialDay]) -> str:
    """The days as they would be pasted in."""
    return "\n".join(f"{day.on.isoformat()}, {day.kind.value}, {day.name}" for day in days)


_CHANGES = {"added": _("added"), "changed": _("altered"), "removed": _("dropped")}


@dataclass(frozen=True)
class Change:
    """One difference between an announcement and what stands: added, changed or removed."""

    kind: str
    text: Text

    @property
    def label(self) -> Text:
        """The kind of change in a word."""
        return _CHANGES[self.kind]

    @property
    def tone(self) -> str:
        """How the line is shown."""
        return {"added": "success", "changed": "warning"}.get(self.kind, "danger")


@dataclass(frozen=True)
class Preview:
    """What an announcement would change, and what looks strange about it."""

    changes: tuple[Change, ...]
    remarks: tuple[Text, ...]
    days_off: int
    workdays: int


def preview(
    standing: Mapping[date, SpecialDay], replaced: Iterable[date], announced: Iterable[SpecialDay], schedule: Schedule
) -> Preview:
    """The differences if `announced` took the place of the dates in `replaced`; `standing` is everything there is."""
    days = tuple(announced)
    new_dates = {day.on for day in days}
    changes = [(day.on, change) for day in days if (change := _change(standing.get(day.on), day))]
    gone = [standing[on] for on in replaced if on not in new_dates]
    changes += [(day.on, Change("removed", _line(day))) for day in gone]
    return Preview(
        changes=tuple(change for _on, change in sorted(changes, key=lambda pair: pair[0])),
        remarks=_remarks(days, schedule),
        days_off=sum(day.kind is SpecialKind.OFF for day in days),
        workdays=sum(day.kind is SpecialKind.WORKDAY for day in days),
    )


def _change(before: SpecialDay | None, after: SpecialDay) -> Change | None:
    if before is None:
        return Change("added", _line(after))
    if (before.kind, before.name) == (after.kind, after.name):
        return None
    return Change("changed", _("{after} (so far: {before})", after=_line(after), before=_line(before)))


def _line(day: SpecialDay) -> Text:
    kind = special_label(day.kind)
    if not day.name:
        return _("{day}: {what}", day=day_text(day.on), what=kind)
    return _("{day}: {kind} ({name})", day=day_text(day.on), kind=kind, name=holiday_name(day.name))


def special_label(kind: str) -> Text:
    """The kind of a special day in words."""
    return SPECIAL_LABELS[kind]


def _remarks(days: tuple[SpecialDay, ...], schedule: Schedule) -> tuple[Text, ...]:
    """A list of observances is not a list of days off: say what an announcement would hardly contain."""
    said = [
        _("{day} is worked anyway; it is listed as a make-up workday.", day=short_day_text(day.on))
        for day in days
        if day.kind is SpecialKind.WORKDAY and schedule.week[day.on.weekday()]
    ]
    if not any(day.kind is SpecialKind.OFF for day in days):
        said.append(_("There is no day off in this list."))
    return tuple(said)


@dataclass(frozen=True)
class Cell:
    """One date in the view of a year."""

    on: date
    kind: str
    mark: Text | None
    """A word that says without colour what is special: off or work."""
    title: Text


@dataclass(frozen=True)
class Month:
    """A month as weeks of seven cells, Monday first; None pads the first and the last week."""

    label: Text
    weeks: tuple[tuple[Cell | None, ...], ...]
    working_days: int


def months_of(schedule: Schedule, year: int) -> tuple[Month, ...]:
    """The twelve months of a year."""
    return tuple(_month(schedule, year, month) for month in range(1, 13))


def _month(schedule: Schedule, year: int, month: int) -> Month:
    dates = Months().monthdatescalendar(year, month)
    weeks = tuple(tuple(_cell(schedule.day(on)) if on.month == month else None for on in week) for week in dates)
    worked = sum(schedule.day(on).is_worked for week in dates for on in week if on.month == month)
    return Month(MONTHS[month - 1], weeks, worked)


_MARKS = {DayKind.OFF: _("off"), DayKind.MAKE_UP: _("work"), DayKind.OWN_HOURS: _("hrs")}


def _cell(day: CalendarDay) -> Cell:
    title = _("{day}: {kind}", day=day_text(day.on), kind=kind_text(day) or _("working day"))
    return Cell(day.on, day.kind.value, _MARKS.get(day.kind), title)
