from __future__ import annotations

from datetime import date, datetime

import pytest

from aftersales.core.actor import SYSTEM
from aftersales.reports import queries, services
from aftersales.reports.models import ReportPlan
from tests.factories.staff import NOW
from tests.factories.workshop import make_house

MONDAY = date(2026, 11, 23)


@pytest.fixture
def house(db):
    """A station with its people."""
    return make_house()


@pytest.fixture
def report():
    """The report of a station's day, counted at an instant."""

    def count(day: date = MONDAY, *, station: str = "NJ", now: datetime) -> queries.DayReport:
        return queries.get_report(SYSTEM, station=station, day=day, now=now)

    return count


@pytest.fixture
def plan():
    """Sets a station's plan, whose worker has run once; what is not said stays as it is."""

    def edit(station: str = "NJ", *, now: datetime = NOW, **wanted) -> ReportPlan:
        services.make_missing_plans(now=now)
        known = ReportPlan.objects.get(station__code=station)
        names = ("version", "is_on", "send_at", "days", "covers", "addresses", "language")
        facts = {name: getattr(known, name) for name in names} | {"language": "en"} | wanted
        return services.edit_plan(SYSTEM, station=station, now=now, **facts)

    return edit
