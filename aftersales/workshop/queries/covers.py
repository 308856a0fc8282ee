"""Repair warranties that run: until when the house answers for what it did to a unit."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from aftersales.core import clock
from aftersales.workshop.models import QuotationLine, RepairOrder
from aftersales.workshop.rules.quotation import Decision


@dataclass(frozen=True)
class Cover:
    """One repair the house still answers for."""

    order: RepairOrder
    through: date
    """The last day on which it does."""
    work: str
    items: tuple[str, ...]
    """The agreed lines of its quotation: parts, labour, fees."""


def covers_in(visits: Iterable[RepairOrder]) -> list[Cover]:
    """The repair warranties that run today among these visits, the one that runs longest first."""
    running = [(order, order.covered_until) for order in visits if _runs(order)]
    items = _items([order.pk for order, _until in running]) if running else {}
    covers = [
        Cover(order, until - timedelta(days=1), order.work_told or order.work_done, tuple(items.get(order.pk, ())))
        for order, until in running
        if until is not None
    ]
    return sorted(covers, key=lambda cover: cover.through, reverse=True)


def _runs(order: RepairOrder) -> bool:
    if order.covered_until is None or order.handed_over_at is None:
        return False
    return clock.local_date(clock.now(), order.station.time_zone) < order.covered_until


def _items(orders: list[int]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    agreed = QuotationLine.objects.filter(order__in=orders, decision=Decision.AGREED.value).order_by(
        "order", "position"
    )
    for order, description in agreed.values_list("order_id", "description"):
        found[order].append(description)
    return found
