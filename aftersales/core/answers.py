"""Answers kept for forms that are sent twice (see `core.web.idempotency`): what they said is forgotten when it must be."""

from __future__ import annotations

from aftersales.core import transaction
from aftersales.core.erasing import Traces
from aftersales.core.models import IdempotencyKey


@transaction.act
def forget_answers(traces: Traces) -> int:
    """The number of kept answers that named this person; sent again, their forms get an empty answer."""
    kept = IdempotencyKey.objects.exclude(body=b"").only("pk", "body")
    named = [
        row.pk for row in kept.iterator(chunk_size=200) if traces.mentioned_in(bytes(row.body).decode(errors="replace"))
    ]
    return IdempotencyKey.objects.filter(pk__in=named).update(body=b"")
