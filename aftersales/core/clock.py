"""The one place where the present is asked for. Below the views, time is an argument."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo


def now() -> datetime:
    """The present instant in UTC."""
    return datetime.now(UTC)


def local_date(instant: datetime, zone: str) -> date:
    """The calendar day on which `instant` falls in the time zone named `zone`."""
    return instant.astimezone(ZoneInfo(zone)).date()
