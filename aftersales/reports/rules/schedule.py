"""When a day's report is due, and when it is late or missed."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from aftersales.core.errors import Invalid
from aftersales.core.text import Text, text as _

DEFAULT_HOUR = time(18, 0)
LATE_AFTER = timedelta(minutes=15)
MISSED_AFTER = timedelta(hours=1)
CATCH_UP_DAYS = 31
"""Reports that fell due longer ago are not sent any more; the page still shows those days."""
MOST_ADDRESSES = 20
_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?\.)+[A-Za-z]{2,}")
LONGEST_ADDRESS = 254


class Days(StrEnum):
    """On which days a station reports."""

    WORKING = "working"
    EVERY = "every"


class Covers(StrEnum):
    """Which day the report that goes out at the set hour is about."""

    SAME_DAY = "same_day"
    DAY_BEFORE = "day_before"


DAYS_LABELS = {Days.WORKING: _("On working days"), Days.EVERY: _("Every day")}
COVERS_LABELS = {
    Covers.SAME_DAY: _("The same day, up to that hour"),
    Covers.DAY_BEFORE: _("The day before, complete"),
}


def start_of(day: date, zone: str) -> datetime:
    """The instant at which the day begins on the station's wall."""
    return datetime.combine(day, time(), ZoneInfo(zone)).astimezone(UTC)


def end_of(day: date, zone: str) -> datetime:
    """The instant at which the next day begins there."""
    return start_of(day + timedelta(days=1), zone)


def due_at(day: date, *, send_at: time, covers: str, zone: str) -> datetime:
    """The instant at which the report about `day` is due."""
    sent_on = day + timedelta(days=1) if covers == Covers.DAY_BEFORE else day
    return datetime.combine(sent_on, send_at, ZoneInfo(zone)).astimezone(UTC)


def reaches_until(day: date, *, zone: str, now: datetime) -> datetime:
    """How far a report about `day` that is made now can reach: to the end of the day, or to this moment."""
    return min(now, end_of(day, zone))


def is_late(*, due: datetime, made_at: datetime) -> bool:
    """Whether a report was made later than anybody would call on time."""
    return made_at > due + LATE_AFTER


def missed_before(now: datetime) -> datetime:
    """What was due before this instant and has not gone out is missed."""
    return now - MISSED_AFTER


def read_addresses(typed: str | Iterable[str], *, field: str = "addresses") -> list[str]:
    """The addresses that were typed, one a line or parted by commas; refuses what no mail server would take."""
    words = re.split(r"[\s,;，；、]+", typed) if isinstance(typed, str) else list(typed)
    found: dict[str, str] = {}
    for word in (word.strip() for word in words):
        if not word:
            continue
        if len(word) > LONGEST_ADDRESS or not _is_address(word):
            raise Invalid(_("“{typed}” is not an e-mail address. Correct it or take it out.", typed=word), field=field)
        found.setdefault(word.lower(), word)
    if len(found) > MOST_ADDRESSES:
        raise Invalid(_("At most {most} addresses. Use a mailing list for more.", most=MOST_ADDRESSES), field=field)
    return list(found.values())


def _is_address(word: str) -> bool:
    local = word.rpartition("@")[0]
    is_dotted_right = not (local.startswith(".") or local.endswith(".") or ".." in local)
    return bool(_ADDRESS.fullmatch(word)) and is_dotted_right and len(local) <= 64


class Trouble(StrEnum):
    """Why a report has not gone out."""

    NOT_MADE = "not_made"
    NO_ADDRESS = "no_address"
    PARKED = "parked"
    WAITING = "waiting"


TROUBLES: dict[Trouble, Text] = {
    Trouble.NOT_MADE: _("It was not made: the worker does not run, or it failed."),
    Trouble.NO_ADDRESS: _("No address is set to which it could go."),
    Trouble.PARKED: _("An address was refused by the mail server."),
    Trouble.WAITING: _("The mail server could not be reached."),
}
