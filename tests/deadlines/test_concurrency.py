from __future__ import annotations

import threading
from datetime import date

import pytest
from django.db import connection, transaction

from aftersales.core.actor import SYSTEM
from aftersales.deadlines import queries, services


@pytest.mark.django_db(transaction=True)
def test_an_edit_waits_for_clocks_just_being_started_and_moves_them_too(now, shanghai):
    """On PostgreSQL two transactions side by side; on SQLite acts take turns, so one after the other is all there is."""
    is_postgresql = connection.vendor == "postgresql"
    services.install_calendars(SYSTEM, now=now)
    start = shanghai(2026, 11, 23, 10, 0)
    started, may_commit = threading.Event(), threading.Event()

    def take_in():
        with transaction.atomic():
            services.start_clock(SYSTEM, rule="repair", subject="RO-1", started_at=start, now=start)
            started.set()
            may_commit.wait(5)

    def take_in_beside():
        try:
            take_in()
        finally:
            connection.close()

    beside = threading.Thread(target=take_in_beside)
    if is_postgresql:
        beside.start()
        assert started.wait(10)
        threading.Timer(0.5, may_commit.set).start()
    else:
        may_commit.set()
        take_in()
    edited = services.set_special_day(SYSTEM, code="CN", version=1, on=date(2026, 11, 25), kind="off", now=now)
    if is_postgresql:
        beside.join(10)
    assert edited.moved == 1
    assert queries.get_clock(subject="RO-1", rule="repair").due_at == shanghai(2026, 11, 27, 18, 0)
