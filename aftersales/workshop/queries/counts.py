"""Work as numbers: by state, promise, day and category."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Count, QuerySet
from django.db.models.functions import TruncDate

from aftersales.catalog import queries as catalog
from aftersales.core.actor import Actor
from aftersales.workshop.models import RepairOrder
from aftersales.workshop.permissions import Permission
from aftersales.workshop.queries.history import past_repairs_of
from aftersales.workshop.queries.orders import orders_of, promise_is
from aftersales.workshop.rules.order import PROMISE_RUNS


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
    start = datetime(first.year, first.month, first.day, tzinfo=ZoneInfo(zone))
    came = _per_day(orders_of(actor), "received_at", start, zone)
    went = _per_day(orders_of(actor), "handed_over_at", start, zone)
    return [(day, came.get(day, 0), went.get(day, 0)) for day in (first + timedelta(days=n) for n in range(days))]


def _per_day(orders: QuerySet[RepairOrder], field_name: str, start: datetime, zone: str) -> dict[date, int]:
    since = orders.filter(**{f"{field_name}__gte": start})
    by_day = since.annotate(day=TruncDate(field_name, tzinfo=ZoneInfo(zone))).values_list("day")
    return dict(by_day.annotate(n=Count("id")).order_by())


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


def count_by_category(actor: Actor, *, first: date, last: date, zone: str) -> list[CategoryCount]:
    """The units taken in from `first` to `last` (both included, days in `zone`), by category, most first."""
    actor.require(Permission.SEE_COUNTS)
    start = datetime(first.year, first.month, first.day, tzinfo=ZoneInfo(zone))
    after = last + timedelta(days=1)
    end = datetime(after.year, after.month, after.day, tzinfo=ZoneInfo(zone))
    received = orders_of(actor).filter(received_at__gte=start, received_at__lt=end)
    ours = dict(received.values_list("category_id").annotate(n=Count("id")).order_by())
    labels = {category.pk: category.label for category in catalog.list_categories(only_active=False)}
    past = past_repairs_of(actor).filter(repaired_on__gte=first, repaired_on__lte=last)
    theirs = dict(past.values_list("category").annotate(n=Count("id")).order_by())
    counts = [CategoryCount(labels[pk], count, 0) for pk, count in ours.items()]
    counts += [CategoryCount(category, 0, count) for category, count in theirs.items()]
    return sorted(counts, key=lambda row: (-row.total, str(row.label)))
