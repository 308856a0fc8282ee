"""Repairs that may have to be done again: what was done to the same unit before, and what came back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from aftersales.core import clock
from aftersales.core.actor import Actor
from aftersales.workshop.models import QualityCheck, RepairOrder
from aftersales.workshop.queries.house import house_rules
from aftersales.workshop.queries.orders import orders_of
from aftersales.workshop.rules import repeat
from aftersales.workshop.rules.repeat import Earlier, Fault, Suspect

MOST = 6


@dataclass(frozen=True)
class EarlierRepair:
    """An earlier repair as it is shown: the order, and why it is asked about."""

    order: Any
    suspect: Suspect

    @property
    def covered_through(self) -> date | None:
        """The last day on which the house answers for it."""
        until = self.suspect.earlier.covered_until
        return until - timedelta(days=1) if until else None


def list_suspects(
    actor: Actor, *, unit_id: int, station_id: int, fault: Fault, today: date, apart_from: int | None = None
) -> list[EarlierRepair]:
    """The repairs of a unit whose fault may have come back, those first that sound alike."""
    orders = {order.number: order for order in _finished(actor, unit_id, apart_from)}
    if not orders:
        return []
    found = repeat.suspects(
        fault,
        [_earlier(order) for order in orders.values()],
        today=today,
        repeat_days=house_rules(station_id).repeat_days,
    )
    return [EarlierRepair(orders[one.earlier.number], one) for one in found]


def list_suspects_of(actor: Actor, order: RepairOrder) -> list[EarlierRepair]:
    """The same for an order that was taken in, on the day it was."""
    today = clock.local_date(order.received_at, order.station.time_zone)
    return list_suspects(
        actor,
        unit_id=order.unit_id,
        station_id=order.station_id,
        fault=fault_of(order),
        today=today,
        apart_from=order.pk,
    )


def fault_of(order: RepairOrder) -> Fault:
    """What is wrong, as far as it was written down."""
    return Fault(f"{order.fault}\n{order.diagnosis}", tuple(order.symptoms))


def _finished(actor: Actor, unit_id: int, apart_from: int | None) -> QuerySet[RepairOrder]:
    """What we repaired, checked and gave back; what was declined or cancelled is nothing to answer for."""
    passed = QualityCheck.objects.filter(order=OuterRef("pk"), has_passed=True)
    done = orders_of(actor).filter(Exists(passed), unit_id=unit_id, handed_over_at__isnull=False)
    if apart_from is not None:
        done = done.exclude(pk=apart_from)
    return done.select_related("station", "technician").order_by("-handed_over_at")[:MOST]


def _earlier(order: Any) -> Earlier:
    return Earlier(
        number=order.number,
        fault=Fault(order.fault, tuple(order.symptoms)),
        told=f"{order.diagnosis}\n{order.work_done}",
        handed_over_on=clock.local_date(order.handed_over_at, order.station.time_zone),
        covered_until=order.covered_until,
    )
