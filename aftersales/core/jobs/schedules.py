"""Recurring jobs: each due time is enqueued once, however many workers look at the clock."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django_tasks import TaskResultStatus as Status
from django_tasks_db.models import DBTaskResult

from aftersales.core import transaction
from aftersales.core.jobs.queue import enqueue
from aftersales.core.jobs.registry import Job, all_jobs
from aftersales.core.models import JobSchedule


def run_schedules(now: datetime) -> int:
    """Enqueue every recurring job that is due; the number of them.

    Times missed while no worker ran count as one, and a time that comes while the last one's job is still open is passed over.
    """
    rows = {row.name: row for row in JobSchedule.objects.all()}
    return sum(_run_if_due(job, rows.get(job.name), now) for job in all_jobs() if job.is_recurring)


def next_run(job: Job, *, after: datetime, due: datetime | None = None) -> datetime:
    """The first time after that instant; an interval counts from the time that was `due`, so it does not drift."""
    if job.every is not None:
        start = after if due is None else due
        return start + job.every * ((after - start) // job.every + 1)
    zone = ZoneInfo(settings.TIME_ZONE)
    assert job.at is not None
    today = datetime.combine(after.astimezone(zone).date(), job.at, zone)
    following = today if today > after else datetime.combine(today.date() + timedelta(days=1), job.at, zone)
    return following.astimezone(after.tzinfo)


def _run_if_due(job: Job, row: JobSchedule | None, now: datetime) -> bool:
    if row is None:
        first = now if job.every is not None else next_run(job, after=now)
        JobSchedule.objects.bulk_create([JobSchedule(name=job.name, next_run_at=first)], ignore_conflicts=True)
        return False
    if row.next_run_at > now:
        _bring_forward(job, row, now)
        return False
    return _enqueue_due(job, row, now)


def _bring_forward(job: Job, row: JobSchedule, now: datetime) -> None:
    """A shorter interval or an earlier time, newly written in the code, holds at once."""
    expected = next_run(job, after=now)
    if row.next_run_at > expected:
        JobSchedule.objects.filter(pk=row.pk, next_run_at=row.next_run_at).update(next_run_at=expected)


@transaction.act
def _enqueue_due(job: Job, row: JobSchedule, now: datetime) -> bool:
    following = next_run(job, after=now, due=row.next_run_at)
    if not JobSchedule.objects.filter(pk=row.pk, next_run_at=row.next_run_at).update(next_run_at=following):
        return False  # another worker was quicker
    if row.last_job_id is not None and _is_open(row.last_job_id):
        return False
    job_id = enqueue(job.name, now=now, key=row.next_run_at.isoformat())
    JobSchedule.objects.filter(pk=row.pk).update(last_job_id=job_id, last_enqueued_at=now)
    return True


def _is_open(job_id: UUID) -> bool:
    return DBTaskResult.objects.filter(id=job_id, status__in=[Status.READY, Status.RUNNING]).exists()
