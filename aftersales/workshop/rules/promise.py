"""How the promised day looks at an instant."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from aftersales.core.text import Text, text as _
from aftersales.workshop.rules.order import PROMISE_RUNS, OrderState

PROMISE_LABELS: Mapping[str, Text] = {
    "danger": _("Promise missed"),
    "warning": _("Due soon"),
    "success": _("In time"),
    "neutral": _("Promise over"),
}


def promise_tone(state: OrderState, *, promised_at: datetime, warn_at: datetime, now: datetime) -> str:
    """`success` while there is time, `warning` from the warning on, `danger` once missed, `neutral` when nothing runs."""
    if state not in PROMISE_RUNS:
        return "neutral"
    if now > promised_at:
        return "danger"
    return "warning" if now >= warn_at else "success"
