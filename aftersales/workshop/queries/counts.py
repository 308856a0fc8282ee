"""Work as numbers: by state, promise, day and category."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Count, QuerySet, Sum
from django.db.models.functions import TruncDate

from aftersales.catalog import queries as catalog
from aftersales.core.actor import Actor
from aftersales.staff import queries as staff
from aftersales.workshop.models import IntakeCount, RepairOrder
from aftersales.workshop.permissions import Permission
from aftersales.workshop.queries.history import past_repairs_of
from aftersales.workshop.queries.orders import orders_of, promise_is, still_here
from aftersales.workshop.rules.order import PHASES, PROMISE_RUNS


def count_promises(actor: Actor, *, now: datetime) -> Mapping[str, int]:
    """How the promises of the orders in the house stand: kept so far, soon due, missed."""
    running = orders_of(actor).filter(state__in=[s.value for s in PROMISE_RUNS], handed_over_at=None)
    counted = running.aggregate(
        success=Count("id", filter=promise_is("success", now)),
        warning=Count("id", filter=promise_is("warning", now)),
        danger=Count("id", filter=promise_is("danger", now)),
    )
    return {name: counted[name] or 0 for name in ("success", "warning", "danger")}


def count_received_by_day(actor: Actor, *, zone: str, until: date, days: int) -> list[tuple[date, int, int]]:
    """For each of the last `days` days: the day, how many units came in and how many went out."""
    first = until - timedelta(days=days - 1)
    came = _taken_in_by_day(_intakes_of(actor).filter(day__gte=first, day__lte=until))
    start = datetime.combine(first, time(), ZoneInfo(zone))
    gone = orders_of(actor).filter(handed_over_at__gte=start)
    by_day = gone.annotate(day=TruncDate("handed_over_at", tzinfo=ZoneInfo(zone))).values_list("day")
    went = dict(by_day.annotate(n=Count("id")).order_by())
    return [(day, came.get(day, 0), went.get(day, 0)) for day in (first + timedelta(days=n) for n in range(days))]


@dataclass(frozen=True)
class CategoryCount:
    """How much work one category brought in a period: our own orders, and old repairs."""

    label: Any
    orders: int
    past: int

    @property
    def total(self) -> int:
        """Both together."""
        return self.orders + self.past


def count_by_category(actor: Actor, *, first: date, last: date) -> list[CategoryCount]:
    """The units taken in from `first` to `last` (both included), by category, most first."""
    counted = _intakes_of(actor).filter(day__gte=first, day__lte=last)
    ours = dict(counted.values_list("category_id").annotate(n=Sum("count")).order_by())
    labels = {category.pk: category.label for category in catalog.list_categories(only_active=False)}
    past = past_repairs_of(actor).filter(repaired_on__gte=first, repaired_on__lte=last)
    theirs = dict(past.values_list("category").annotate(n=Count("id")).order_by())
    counts = [CategoryCount(labels[pk], count, 0) for pk, count in ours.items()]
    counts += [CategoryCount(category, 0, count) for category, count in theirs.items()]
    return sorted(counts, key=lambda row: (-row.total, str(row.label)))


@dataclass(frozen=True)
class MonthCount:
    """The units taken in during one month, and where they stand today: in which phase, or gone."""

    month: date
    taken_in: int
    in_phase: Mapping[str, int]

    @property
    def gone(self) -> int:
        """How many were handed over since."""
        return self.taken_in - sum(self.in_phase.values())


def count_by_month(actor: Actor, *, first: date, last: date, trade: str = "", station: str = "") -> list[MonthCount]:
    """The months from `first` to `last`, the latest first, with the units taken in and the phases they stand in now.

    What came in was counted as it came; only what is still in the house is looked at, so the history costs nothing.
    """
    counted = _intakes_of(actor).filter(day__gte=first.replace(day=1), day__lt=_next_month(last))
    here = still_here(orders_of(actor))
    if trade:
        counted, here = counted.filter(category__trade=trade), here.filter(trade=trade)
    if station:
        row = staff.station_row(station)
        counted, here = counted.filter(station_id=row), here.filter(station_id=row)
    taken_in: Counter[date] = Counter()
    for day, count in _taken_in_by_day(counted).items():
        taken_in[day.replace(day=1)] += count
    standing = _by_month_and_phase(actor, here)
    return [
        MonthCount(month, taken_in[month], {phase: standing[month, phase] for phase in PHASES})
        for month in _months(first, last)
    ]


def first_intake_day(actor: Actor) -> date | None:
    """The day on which the actor's stations took in their first unit."""
    return _intakes_of(actor).order_by("day").values_list("day", flat=True).first()


def _intakes_of(actor: Actor) -> QuerySet[IntakeCount]:
    actor.require(Permission.SEE_COUNTS)
    return IntakeCount.objects.filter(**actor.scope_filter("station__code"))


def _taken_in_by_day(counted: QuerySet[IntakeCount]) -> dict[date, int]:
    return dict(counted.values_list("day").annotate(n=Sum("count")).order_by())


def _by_month_and_phase(actor: Actor, orders: QuerySet[RepairOrder]) -> Counter[tuple[date, str]]:
    phase_of = {state.value: phase for phase, states in PHASES.items() for state in states}
    found: Counter[tuple[date, str]] = Counter()
    # By the station's own clock, as the intakes were counted.
    for zone in {station.time_zone for station in staff.list_stations(actor)}:
        there = orders.filter(station__time_zone=zone).annotate(day=TruncDate("received_at", tzinfo=ZoneInfo(zone)))
        for day, state, count in there.values_list("day", "state").annotate(n=Count("id")).order_by():
            found[day.replace(day=1), phase_of[state]] += count
    return found


def _months(first: date, last: date) -> list[date]:
    numbers = range(last.year * 12 + last.month - 1, first.year * 12 + first.month - 2, -1)
    return [date(number // 12, number % 12 + 1, 1) for number in numbers]


def _next_month(day: date) -> date:
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1)
