"""How far a long job has come, seen from outside while it runs, and the wish that it stop."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection
from django_tasks_db.models import DBTaskResult

from aftersales.core import transaction
from aftersales.core.jobs import notes
from aftersales.core.jobs.queue import running
from aftersales.core.models import JobProgress

SECONDS_BETWEEN = 1.0


@dataclass(frozen=True)
class JobState:
    """A job as its page shows it: `state` is READY, RUNNING, SUCCESSFUL or FAILED; `total` None means unknown."""

    job_id: UUID
    state: str
    done: int
    total: int | None
    is_stop_requested: bool


_last_told: dict[UUID, float] = {}


def progress(done: int, total: int | None = None, *, now: datetime) -> bool:
    """Tell how far the running job has come; False when it should stop. Outside a job nothing is told and nothing stops.

    May be called as often as one likes: it writes at most once a second. In the middle of a transaction it is told beside the database.
    """
    current = running.get()
    if current is None:
        return True
    if done != total and time.monotonic() - _last_told.get(current.job_id, -SECONDS_BETWEEN) < SECONDS_BETWEEN:
        return True
    _last_told.clear()
    _last_told[current.job_id] = time.monotonic()
    if connection.in_atomic_block:
        notes.tell(current.job_id, done, total)
        return not notes.is_stop_wished(current.job_id)
    with transaction.atomic():
        row, _is_new = JobProgress.objects.update_or_create(
            job_id=current.job_id, defaults={"done": done, "total": total, "updated_at": now}
        )
    return not (row.is_stop_requested or notes.is_stop_wished(current.job_id))


def request_stop(job_id: UUID, *, now: datetime) -> None:
    """Ask a long job to stop at its next opportunity; asked at once, even while the job itself holds the writer's turn."""
    notes.wish_stop(job_id)
    if connection.vendor != "sqlite":  # there the worker may run on another machine
        with transaction.atomic():
            JobProgress.objects.update_or_create(job_id=job_id, defaults={"is_stop_requested": True, "updated_at": now})


def get_state(job_id: UUID) -> JobState | None:
    """How far a job has come; None when it is not remembered."""
    task = DBTaskResult.objects.filter(id=job_id).only("status").first()
    if task is None:
        return None
    row = JobProgress.objects.filter(job_id=job_id).first() or JobProgress(job_id=job_id)
    done, total = max((row.done, row.total), notes.told(job_id) or (0, None), key=lambda told: told[0])
    return JobState(job_id, task.status, done, total, row.is_stop_requested or notes.is_stop_wished(job_id))


@transaction.act
def forget_progress(*, before: datetime) -> int:
    """Forget the progress of jobs that have not moved since that instant."""
    notes.forget(before=before)
    return JobProgress.objects.filter(updated_at__lt=before).delete()[0]
