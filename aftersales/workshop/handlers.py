"""What the workshop does when something happens in a room below."""

from __future__ import annotations

from aftersales.core.events import on
from aftersales.deadlines import queries as deadlines
from aftersales.deadlines.events import DeadlineMoved
from aftersales.workshop import services
from aftersales.workshop.rules.order import PROMISE


@on(DeadlineMoved)
def move_promise(event: DeadlineMoved) -> None:
    """Keep the order's copy of its promise equal to the clock."""
    if event.rule == PROMISE:
        promise = deadlines.get_clock(subject=event.subject, rule=event.rule)
        services.move_promise(number=event.subject, promised_at=promise.due_at, warn_at=promise.warn_at)
