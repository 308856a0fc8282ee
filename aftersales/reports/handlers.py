"""What recurs by itself: every few minutes the reports whose hour has come are made and sent."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from aftersales.core import jobs
from aftersales.core.events import on
from aftersales.reports import services
from aftersales.workshop.events import OrdersErased


@jobs.job("reports.daily", every=timedelta(minutes=5), attempts=2, in_one_transaction=False)
def send_daily_reports(_payload: dict[str, Any], now: datetime) -> None:
    """Make and send the daily reports that are due; each is a transaction of its own, so it may be run again after a part."""
    services.make_due_reports(now=now)


@on(OrdersErased)
def erase_customer_in_reports(event: OrdersErased) -> None:
    """Let the kept reports name him no more."""
    services.erase_customer_in_reports(numbers=event.numbers, others=event.others, traces=event.traces)
