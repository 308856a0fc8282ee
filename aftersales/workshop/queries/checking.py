"""What the checks found."""

from __future__ import annotations

from aftersales.workshop.models import QualityCheck, RepairOrder
from aftersales.workshop.rules.order import OrderState


def find_failed_check(order: RepairOrder) -> QualityCheck | None:
    """The check that sent the order back, while it is under repair again."""
    if order.state != OrderState.REPAIRING:
        return None
    last = order.checks.order_by("-id").first()
    return last if last is not None and not last.has_passed else None
