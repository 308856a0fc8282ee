"""A worker killed while the daily reports go out: every report arrives, and a second copy is known by its Message-ID."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest

from aftersales.core import clock
from aftersales.core.actor import SYSTEM
from aftersales.core.models import OutboxMessage
from aftersales.reports import services
from aftersales.reports.models import DailyReport, ReportPlan
from tests.factories import mail
from tests.factories.workshop import make_house, receive
from tests.faults import databases

ROOT = Path(__file__).resolve().parents[2]
WITHIN = 60
ADDRESSES = [f"office{number}@example.cn" for number in range(4)]
LATER = "import django; django.setup(); from tests.faults.later import work_until_done; work_until_done({seconds})"


class Workers:
    """Workers in processes of their own, on one database and one mail server."""

    def __init__(self, folder: Path, url: str, port: int) -> None:
        self.log = folder / "worker.log"
        self.environment = {
            **os.environ,
            "AFTERSALES_DATA_DIR": str(folder),
            "AFTERSALES_EMAIL_URL": f"smtp://127.0.0.1:{port}",
            "AFTERSALES_LANGUAGE": "en",
            "DATABASE_URL": url,
            "DJANGO_SETTINGS_MODULE": "aftersales.config.settings",
            "PYTHONPATH": str(ROOT),
        }

    def start(self, *arguments: str) -> subprocess.Popen[bytes]:
        with self.log.open("ab") as log:
            return subprocess.Popen(
                [sys.executable, *arguments], cwd=ROOT, env=self.environment, stdout=log, stderr=log
            )


@pytest.fixture
def due(copy):
    """Three days' reports that are due, each to four addresses."""
    now = clock.now()
    with databases.in_use(copy):
        house = make_house(now=now - timedelta(days=4))
        receive(house, now=now - timedelta(days=3))
        services.make_missing_plans(now=now - timedelta(days=4))
        plan = ReportPlan.objects.get()
        names = ("version", "is_on", "send_at", "covers")
        facts = {name: getattr(plan, name) for name in names} | {"days": "every", "language": "en"}
        services.edit_plan(SYSTEM, station="NJ", addresses=ADDRESSES, now=now, **facts)
        ReportPlan.objects.update(
            next_on=(now - timedelta(days=3)).date(), next_due_at=now - timedelta(days=2, hours=20)
        )
    return copy


def test_a_worker_killed_while_reports_go_out_loses_none_and_a_second_copy_bears_the_same_id(due, tmp_path):
    server = mail.MailServer(mail.free_port())
    workers = Workers(tmp_path, due, server.port)
    with server.running():
        worker = workers.start("-m", "aftersales", "worker")
        # Killed at the worst moment: the server has taken the letter, the worker has not noted it.
        server.on_data = lambda: os.kill(worker.pid, signal.SIGKILL) if len(server.letters) == 2 else None
        worker.wait(WITHIN)
        assert len(server.letters) == 2, workers.log.read_text()[-3000:]
        server.on_data = lambda: None
        again = workers.start("-c", LATER.format(seconds=400))  # the dead one's claim has run out by then
        assert again.wait(WITHIN) == 0, workers.log.read_text()[-3000:]
    copies = Counter(letter["Message-ID"] for letter in server.letters)
    with databases.in_use(due):
        reports = DailyReport.objects.count()
        assert OutboxMessage.objects.exclude(state="sent").count() == 0
        assert DailyReport.objects.filter(settled_at=None).count() == 0
    assert reports >= 3
    assert len(copies) == reports * len(ADDRESSES)
    assert sorted(copies.values())[-2:] == [1, 2], "only the one on its way came twice, under the same Message-ID"
    assert Counter(server.receivers).keys() == set(ADDRESSES)


def test_a_worker_killed_while_it_makes_reports_makes_each_once(due, tmp_path):
    server = mail.MailServer(mail.free_port())
    workers = Workers(tmp_path, due, server.port)
    with server.running():
        for _kill in range(3):
            worker = workers.start("-m", "aftersales", "worker")
            time.sleep(2.5)
            worker.kill()
            worker.wait(WITHIN)
        again = workers.start("-c", LATER.format(seconds=1200))
        assert again.wait(WITHIN) == 0, workers.log.read_text()[-3000:]
    with databases.in_use(due):
        days = list(DailyReport.objects.order_by("day").values_list("day", flat=True))
        assert not OutboxMessage.objects.exclude(state="sent").exists()
    assert len(days) == len(set(days)) >= 3
    copies = Counter(letter["Message-ID"] for letter in server.letters)
    assert len(copies) == len(days) * len(ADDRESSES)
