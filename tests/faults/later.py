"""A worker whose clock runs ahead: what waits for a time has its time come."""

from __future__ import annotations

from datetime import timedelta

from aftersales.core import clock, outbox, worker
from aftersales.reports import services


def work_until_done(seconds: int) -> None:
    """Make and send what is due so many seconds from now."""
    worker.autodiscover_modules("handlers", "jobs")
    now = clock.now() + timedelta(seconds=seconds)
    services.make_due_reports(now=now)
    while outbox.deliver_due(now):
        pass
    services.settle_reports(now=now)
