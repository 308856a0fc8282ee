"""The daily reports of the last days, made at their hour and gone out to nobody: the addresses are examples."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.conf import settings

from aftersales.core import outbox
from aftersales.core.actor import Actor
from aftersales.reports import queries, services

REPORTED = timedelta(days=8)
OFFICE = "office@example.com"


def report_days(manager: Actor, report: Callable[[str], object], *, now: datetime) -> None:
    """Let the manager set the addresses some days ago, and every report since go out when it was due."""
    services.make_missing_plans(now=now - REPORTED)
    for plan in queries.list_plans(manager):
        names = ("version", "is_on", "send_at", "days", "covers", "language")
        addresses = [OFFICE, f"{plan.station.code.lower()}@example.com"]
        services.edit_plan(
            manager,
            station=plan.station.code,
            addresses=addresses,
            now=now - REPORTED,
            **{name: getattr(plan, name) for name in names},
        )
    made = 0
    with _letters_go_nowhere():
        while due := queries.list_due_plans(now):
            at = due[0].next_due_at
            made += services.make_due_reports(now=at)
            while outbox.deliver_due(at):
                pass
            services.settle_reports(now=at)
    report(f"  {made} daily reports")


@contextmanager
def _letters_go_nowhere() -> Iterator[None]:
    usual = settings.EMAIL_BACKEND
    settings.EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
    try:
        yield
    finally:
        settings.EMAIL_BACKEND = usual
