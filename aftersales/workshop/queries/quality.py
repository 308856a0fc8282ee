"""The quality of repairs: what was checked and what came back in a span of days, found by the index on the day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from aftersales.core.actor import Actor
from aftersales.workshop.models import QualityCheck, RepairOrder
from aftersales.workshop.permissions import Permission
from aftersales.workshop.rules.quality import Figure, Tally

WHO = ("technician_id", "technician__name", "order__station__code", "order__station__name")
WHOSE = (
    "repeat_of__technician_id", "repeat_of__technician__name", "repeat_of__station__code", "repeat_of__station__name",
)  # fmt: skip


@dataclass(frozen=True)
class Asked:
    """Which days, by whose clock, of which station and which technician."""

    first: date
    last: date
    zone: str
    station: str = ""
    technician: int | None = None

    @property
    def instants(self) -> tuple[datetime, datetime]:
        """From when until before when."""
        zone = ZoneInfo(self.zone)
        return (
            datetime.combine(self.first, time(), zone),
            datetime.combine(self.last + timedelta(days=1), time(), zone),
        )


def count_quality(actor: Actor, asked: Asked) -> list[Tally]:
    """One row for each technician and station; only one's own without the permission to see all."""
    counted: dict[tuple[Any, ...], dict[str, Any]] = {}
    checks = _checks(actor, asked).values_list(*WHO).order_by()
    first_time = Count("id", filter=Q(~_sent_back(), has_passed=True))
    sums = checks.annotate(
        passed=Count("id", filter=Q(has_passed=True)), failed=Count("id", filter=Q(has_passed=False)), first=first_time
    )
    for *who, passed, failed, first in sums:
        counted[tuple(who)] = {"passed": passed, "failed": failed, "first_time": first}
    for *who, count in _came_back(actor, asked).values_list(*WHOSE).annotate(n=Count("id")).order_by():
        counted.setdefault(tuple(who), {})["came_back"] = count
    return [Tally(*who, **counts) for who, counts in counted.items()]


def list_quality_orders(actor: Actor, asked: Asked, figure: Figure) -> QuerySet[Any]:
    """The checks behind one number, or for faults that came back the new orders; the latest first."""
    if figure is Figure.CAME_BACK:
        return _came_back(actor, asked).select_related("repeat_of__technician").order_by("-received_at", "-id")
    checks = _checks(actor, asked).filter(has_passed=figure is not Figure.FAILED)
    if figure is Figure.FIRST_TIME:
        checks = checks.filter(~_sent_back())
    return checks.select_related("order", "technician").order_by("-checked_at", "-id")


def _sent_back() -> Exists:
    """Whether the same person's work on the same order failed a check."""
    return Exists(
        QualityCheck.objects.filter(order=OuterRef("order"), technician=OuterRef("technician"), has_passed=False)
    )


def _checks(actor: Actor, asked: Asked) -> QuerySet[QualityCheck]:
    begin, end = asked.instants
    checks = QualityCheck.objects.filter(checked_at__gte=begin, checked_at__lt=end, technician__isnull=False)
    checks = checks.filter(**actor.scope_filter("order__station__code"), **_whose(actor, "technician_id"))
    return checks.filter(**_narrowed(asked, "order__station__code", "technician_id"))


def _came_back(actor: Actor, asked: Asked) -> QuerySet[RepairOrder]:
    """Orders taken in for a fault that was repaired before: they count against that repair, whoever mends it now."""
    begin, end = asked.instants
    orders = RepairOrder.objects.filter(
        received_at__gte=begin, received_at__lt=end, repeat_of__technician__isnull=False
    )
    orders = orders.filter(**actor.scope_filter("repeat_of__station__code"), **actor.scope_filter("station__code"))
    orders = orders.filter(**_whose(actor, "repeat_of__technician_id"))
    return orders.filter(**_narrowed(asked, "repeat_of__station__code", "repeat_of__technician_id"))


def _whose(actor: Actor, path: str) -> dict[str, Any]:
    actor.require(Permission.SEE_OWN_QUALITY)
    return {} if actor.may(Permission.SEE_QUALITY) else {path: actor.person_id}


def _narrowed(asked: Asked, station: str, technician: str) -> dict[str, Any]:
    wanted = {station: asked.station or None, technician: asked.technician}
    return {path: value for path, value in wanted.items() if value is not None}
