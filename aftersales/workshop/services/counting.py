"""Counts that are kept: raised in the act that they count, late, so that the row is held for an instant only."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from django.db.models import Count, F
from django.db.models.functions import TruncDate

from aftersales.core import clock, transaction
from aftersales.core.actor import SYSTEM
from aftersales.staff import queries as staff
from aftersales.workshop.models import IntakeCount, RepairOrder


def count_intake(order: RepairOrder) -> None:
    """One more unit of its category taken in on that day at its station."""
    day = clock.local_date(order.received_at, order.station.time_zone)
    counted = IntakeCount.objects.filter(day=day, station=order.station_id, category=order.category_id)
    if not counted.update(count=F("count") + 1):
        first = IntakeCount(day=day, station_id=order.station_id, category_id=order.category_id)
        IntakeCount.objects.bulk_create([first], ignore_conflicts=True)
        counted.update(count=F("count") + 1)


@transaction.act
def recount_intakes() -> int:
    """Count all orders anew; how many there are. For orders that came by another way than through the counter."""
    IntakeCount.objects.all().delete()
    rows = []
    for station in staff.list_stations(SYSTEM):
        day = TruncDate("received_at", tzinfo=ZoneInfo(station.time_zone))
        here = RepairOrder.objects.filter(station=station).annotate(day=day).values_list("day", "category_id")
        rows += [
            IntakeCount(day=day, station=station, category_id=category, count=count)
            for day, category, count in here.annotate(count=Count("pk")).order_by("day", "category_id")
        ]
    IntakeCount.objects.bulk_create(rows, batch_size=1000)
    return sum(row.count for row in rows)
