"""What was seen, marked and signed at intake, as the pages show it."""

from __future__ import annotations

from typing import Any

from aftersales.catalog import queries as catalog
from aftersales.workshop import queries


def sight_of(order: Any) -> dict[str, Any]:
    """The checklist, the drawing with its marks, and the accessories in words."""
    return {
        "seen": queries.worded_condition(order),
        "marks": queries.worded_marks(order),
        "drawing": catalog.drawing_of(order.trade, order.category.code) if order.marks else None,
        "accessories": queries.worded_accessories(order),
    }
