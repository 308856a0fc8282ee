"""Days, instants and lengths of time as sentences that are right in each language."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from aftersales.core.text import Text, text as _

WEEKDAYS = (
    _("Monday"),
    _("Tuesday"),
    _("Wednesday"),
    _("Thursday"),
    _("Friday"),
    _("Saturday"),
    _("Sunday"),
)
SHORT_WEEKDAYS = (_("Mon"), _("Tue"), _("Wed"), _("Thu"), _("Fri"), _("Sat"), _("Sun"))
MONTHS = (
    _("January"),
    _("February"),
    _("March"),
    _("April"),
    _("May"),
    _("June"),
    _("July"),
    _("August"),
    _("September"),
    _("October"),
    _("November"),
    _("December"),
)
# Whole phrases instead of words put together: languages order the parts differently, and Django owns the bare words.
_DATES = (
    _("{day} Jan"),
    _("{day} Feb"),
    _("{day} Mar"),
    _("{day} Apr"),
    _("{day} May"),
    _("{day} Jun"),
    _("{day} Jul"),
    _("{day} Aug"),
    _("{day} Sep"),
    _("{day} Oct"),
    _("{day} Nov"),
    _("{day} Dec"),
)
_WEEKDAY_DATES = (
    _("Monday {date}"),
    _("Tuesday {date}"),
    _("Wednesday {date}"),
    _("Thursday {date}"),
    _("Friday {date}"),
    _("Saturday {date}"),
    _("Sunday {date}"),
)
_HOLIDAYS = {
    "元旦": _("New Year"),
    "春节": _("Spring Festival"),
    "清明节": _("Qingming Festival"),
    "劳动节": _("Labour Day"),
    "端午节": _("Dragon Boat Festival"),
    "中秋节": _("Mid-Autumn Festival"),
    "国庆节": _("National Day"),
    "国庆节、中秋节": _("National Day and Mid-Autumn Festival"),
    "抗战胜利纪念日": _("Victory Day"),
}


def holiday_name(name: str) -> Text:
    """The name of a special day in the reader's language; a name nobody translated is shown as it was typed."""
    return _HOLIDAYS.get(name) or as_typed(name)


def as_typed(words: str) -> Text:
    """Words of a person as a sentence: shown as they are, in every language."""
    return Text("{words}", {"words": words})


def day_text(on: date) -> Text:
    """The day with its weekday, as in “Thursday 26 Nov”."""
    return Text(_WEEKDAY_DATES[on.weekday()].source, {"date": date_text(on)})


def short_day_text(on: date) -> Text:
    """The day with its year and short weekday, as in “Thu 26 Nov 2026”."""
    return _("{weekday} {date} {year}", weekday=SHORT_WEEKDAYS[on.weekday()], date=date_text(on), year=on.year)


def date_text(on: date) -> Text:
    """The day within its year, as in “26 Nov”."""
    return Text(_DATES[on.month - 1].source, {"day": on.day})


def instant_text(instant: datetime, zone: str) -> Text:
    """The instant on the wall clock of `zone`, as in “Thu 26 Nov 2026, 18:00”."""
    local = instant.astimezone(ZoneInfo(zone))
    return _("{day}, {time}", day=short_day_text(local.date()), time=f"{local:%H:%M}")


def time_text(instant: datetime, zone: str) -> str:
    """The time of day on the wall clock of `zone`, as in “18:00”."""
    return f"{instant.astimezone(ZoneInfo(zone)):%H:%M}"


def length_text(length: timedelta) -> Text:
    """A length of time in hours and minutes, as in “3 h 30 min”; seconds are dropped."""
    hours, minutes = divmod(int(length.total_seconds()) // 60, 60)
    if not minutes:
        return _("{hours} h", hours=hours)
    if not hours:
        return _("{minutes} min", minutes=minutes)
    return _("{hours} h {minutes} min", hours=hours, minutes=minutes)
