"""A worker in a process of its own, so that tests can kill it. Run by test_jobs.py; takes a verb and a folder for signs."""

from __future__ import annotations

import json
import sys
import time
from datetime import timedelta
from pathlib import Path

import django

django.setup()

from django_tasks_db.models import DBTaskResult  # noqa: E402

from aftersales.core import clock, jobs, numbering, transaction, worker  # noqa: E402
from aftersales.core.models import JobSchedule, NumberSeries, WorkerBeat  # noqa: E402

SIGNS = Path(sys.argv[2])
YEAR = 2026


def dawdle_the_first_time(name: str) -> None:
    sign = SIGNS / name
    if not sign.exists():
        sign.touch()
        time.sleep(60 if name != "short" else 1.5)


@jobs.job("test.whole")
def whole(_payload, _now):
    numbering.next_number("T", scope="whole", year=YEAR)
    dawdle_the_first_time("whole")


@jobs.job("test.parts", in_one_transaction=False)
def parts(_payload, _now):
    with transaction.atomic():
        numbering.next_number("T", scope="parts", year=YEAR)
    dawdle_the_first_time("parts")


@jobs.job("test.short")
def short(_payload, _now):
    dawdle_the_first_time("short")
    numbering.next_number("T", scope="short", year=YEAR)


@jobs.job("test.count")
def count(_payload, _now):
    numbering.next_number("T", scope="count", year=YEAR)


@jobs.job("test.hourly", every=timedelta(hours=1))
def hourly(_payload, _now):
    numbering.next_number("T", scope="hourly", year=YEAR)


def work() -> None:
    """As the real command does it."""
    worker.run_worker(interval=0.05)


def work_off() -> None:
    """Until nothing is left, while others do the same."""
    me = worker.Worker()
    worker.beat(me.worker_id, clock.now())
    while not (SIGNS / "go").exists():
        time.sleep(0.01)
    idle = 0
    while idle < 10:
        idle = 0 if me.take_turn(clock.now()) else idle + 1
        time.sleep(0.01)


def later() -> None:
    """One turn of another worker, a minute later."""
    worker.Worker().take_turn(clock.now() + timedelta(seconds=61))
    report()


def report() -> None:
    rows = DBTaskResult.objects.all()
    state = {
        "jobs": [[row.args_kwargs["kwargs"]["name"], row.status, len(row.worker_ids)] for row in rows],
        "numbers": dict(NumberSeries.objects.values_list("scope", "last")),
        "workers": WorkerBeat.objects.count(),
        "schedules": sorted(JobSchedule.objects.values_list("name", flat=True)),
    }
    print(json.dumps(state))


if __name__ == "__main__":
    {"work": work, "work_off": work_off, "later": later, "report": report}[sys.argv[1]]()
