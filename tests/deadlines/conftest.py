"""The shipped Chinese calendar as plain rules, read straight from the file."""

from __future__ import annotations

import csv
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

import aftersales.deadlines
from aftersales.deadlines.rules import calendars

DAYS = Path(aftersales.deadlines.__file__).parent / "days" / "CN.csv"


def shipped_days():
    lines = [line for line in DAYS.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    return [
        calendars.SpecialDay(date.fromisoformat(row["date"]), calendars.SpecialKind(row["kind"]), row["name"])
        for row in csv.DictReader(lines)
    ]


@pytest.fixture(scope="session")
def china():
    return calendars.Schedule(
        zone="Asia/Shanghai",
        week=calendars.STANDARD_WEEK,
        special=calendars.by_date(shipped_days()),
        known_years=frozenset(range(2007, 2027)),
    )


@pytest.fixture(scope="session")
def shanghai():
    def instant(*parts):
        return datetime(*parts, tzinfo=ZoneInfo("Asia/Shanghai"))

    return instant


@pytest.fixture
def calendars_installed(db, now):
    from aftersales.core.actor import SYSTEM
    from aftersales.deadlines import services

    services.install_calendars(SYSTEM, now=now)


@pytest.fixture
def heard():
    """Every event of clocks published during the test, in order."""
    from aftersales.core import events
    from aftersales.deadlines import events as ours

    types = (ours.ClockStarted, ours.ClockPaused, ours.ClockResumed, ours.ClockStopped, ours.DeadlineMoved)
    before = {kind: list(events._handlers.get(kind, ())) for kind in types}
    list_of_events = []
    for kind in types:
        events._handlers[kind] = [list_of_events.append]
    yield list_of_events
    events._handlers.update(before)


@pytest.fixture
def keeper():
    """Somebody who may change calendars."""
    from aftersales.core.actor import Actor
    from aftersales.deadlines.permissions import Permission

    return Actor(id="person:1", name="李强", permissions=frozenset(map(str, Permission)), scopes=frozenset({"NJ"}))


@pytest.fixture
def stranger():
    """Somebody who may nothing."""
    from aftersales.core.actor import Actor

    return Actor(id="person:2", name="陈晨")
