"""The queue: putting jobs in, running them one by one, trying again, parking, and taking up what a killed worker left."""

from __future__ import annotations

import time
import traceback
import uuid
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog
from django.db.models import Min, QuerySet
from django_tasks import TaskResultStatus as Status, task
from django_tasks_db.models import DBTaskResult

from aftersales.core import clock, transaction
from aftersales.core.jobs.registry import Job, Payload, find_job
from aftersales.core.models import WorkerBeat

KEYS = uuid.UUID("6f0c3a52-6b0b-4b57-9b8f-6d6f0f3c8a11")
FIRST_PAUSE = timedelta(seconds=10)
LONGEST_PAUSE = timedelta(hours=6)
SILENT_AFTER = timedelta(seconds=60)
LONGEST_ERROR = 8000

Row = DBTaskResult[Any, Any]

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Running:
    """The job that this thread runs at the moment."""

    job_id: uuid.UUID


running: ContextVar[Running | None] = ContextVar("running_job", default=None)


@dataclass(frozen=True)
class ParkedJob:
    """A job that failed as often as it may; it waits for a person."""

    job_id: uuid.UUID
    name: str
    payload: Payload
    attempts: int
    failed_at: datetime | None
    error: str

    @property
    def reason(self) -> str:
        """What it stumbled over: the last line of the error."""
        return next((line.strip() for line in reversed(self.error.splitlines()) if line.strip()), "")


@dataclass(frozen=True)
class Health:
    """How the queue stands: `oldest_wait` is how long the job that is due longest has waited."""

    waiting: int
    running: int
    parked: int
    oldest_wait: timedelta
    workers: int


class LostError(Exception):
    """Another worker has taken this job over, so what was done here must not count."""


@task()  # type: ignore[misc,unused-ignore]
def run_job(name: str, payload: Payload) -> None:
    """Do the job `name`; the path of this function stands in the rows."""
    find_job(name).function(payload, clock.now())


def enqueue(
    name: str, *, payload: Payload | None = None, now: datetime, run_at: datetime | None = None, key: str | None = None
) -> uuid.UUID:
    """The id of a job that will run once the caller's transaction is committed, at `run_at` or as soon as possible.

    With a `key`, a job of the same name and key that is still remembered (open, parked, or done in the last 30 days) stands for it.
    """
    find_job(name)
    job_id = uuid.uuid4() if key is None else uuid.uuid5(KEYS, f"{name}\n{key}")
    row: Row = DBTaskResult(
        id=job_id,
        args_kwargs={"args": [], "kwargs": {"name": name, "payload": payload or {}}},
        task_path=run_job.module_path,
        backend_name=run_job.backend,
        run_after=run_at or now,
        exception_class_path="",
        traceback="",
    )
    DBTaskResult.objects.bulk_create([row], ignore_conflicts=True)
    return job_id


def run_next(now: datetime, *, worker_id: str) -> bool:
    """Run the job that is due longest; False when none is due."""
    row = _claim(now, worker_id)
    if row is None:
        return False
    started = time.monotonic()
    try:
        _perform(row, now)
    except LostError:
        log.warning("job lost to another worker", job=_name(row), job_id=str(row.id))
    except Exception as error:
        log.exception("job failed", job=_name(row), job_id=str(row.id), attempt=len(row.worker_ids))
        ended = now + timedelta(seconds=time.monotonic() - started)
        _give_back(row, error=error, now=ended, pause=pause_after(len(row.worker_ids)))
    return True


def pause_after(attempts: int) -> timedelta:
    """How long to wait after so many failed attempts: 10 s, 40 s, 160 s … at most 6 hours."""
    longer: int = 4 ** min(attempts - 1, 10)
    return min(FIRST_PAUSE * longer, LONGEST_PAUSE)


def reap(now: datetime, *, worker_id: str = "") -> int:
    """Take up again the jobs of workers that fell silent; the number of them.

    An idle worker passes its own id: what stands there as run by it was left behind when it could not reach the database.
    """
    beating = WorkerBeat.objects.filter(beat_at__gt=now - SILENT_AFTER).exclude(worker_id=worker_id)
    alive = set(beating.values_list("worker_id", flat=True))
    lost = [row for row in _ours().filter(status=Status.RUNNING) if not alive.intersection(row.worker_ids[-1:])]
    for row in lost:
        log.warning("job taken up again", job=_name(row), job_id=str(row.id), attempt=len(row.worker_ids))
        silence = TimeoutError(f"The worker {row.worker_ids[-1:]} fell silent while it ran this job.")
        _give_back(row, error=silence, now=now, pause=timedelta(0))
    return len(lost)


@transaction.act
def resume(job_id: uuid.UUID, *, now: datetime) -> bool:
    """Let a parked job be tried again from the beginning; False when it is not parked."""
    parked = _ours().filter(id=job_id, status=Status.FAILED)
    return bool(parked.update(status=Status.READY, run_after=now, worker_ids=[], finished_at=None))


@transaction.act
def cancel(job_id: uuid.UUID) -> bool:
    """Forget a parked job; False when it is not parked."""
    return bool(_ours().filter(id=job_id, status=Status.FAILED).delete()[0])


def list_parked(*, limit: int = 100) -> list[ParkedJob]:
    """The jobs that gave up, latest first, each with its last error."""
    rows = _ours().filter(status=Status.FAILED).order_by("-finished_at")[:limit]
    return [
        ParkedJob(row.id, _name(row), _payload(row), len(row.worker_ids), row.finished_at, row.traceback)
        for row in rows
    ]


def count_jobs(now: datetime) -> Health:
    """How the queue stands, for the health page."""
    due = _ours().filter(status=Status.READY, run_after__lte=now)
    oldest = due.aggregate(oldest=Min("run_after"))["oldest"]
    return Health(
        waiting=_ours().filter(status=Status.READY).count(),
        running=_ours().filter(status=Status.RUNNING).count(),
        parked=_ours().filter(status=Status.FAILED).count(),
        oldest_wait=now - oldest if oldest else timedelta(0),
        workers=WorkerBeat.objects.filter(beat_at__gt=now - SILENT_AFTER).count(),
    )


@transaction.act
def purge(*, before: datetime) -> int:
    """Forget what was done before that instant; parked jobs are kept."""
    return _ours().filter(status=Status.SUCCESSFUL, finished_at__lt=before).delete()[0]


def _ours() -> QuerySet[Row, Any]:
    return DBTaskResult.objects.filter(task_path=run_job.module_path)


def _claim(now: datetime, worker_id: str) -> Row | None:
    due = _ours().filter(status=Status.READY, run_after__lte=now)
    if not due.exists():  # looking costs no writer's turn
        return None
    with transaction.atomic():
        row = due.select_for_update(skip_locked=True).first()
        if row is not None:
            row.claim(worker_id)
    return row


def _perform(row: Row, now: datetime) -> None:
    job: Job = find_job(_name(row))
    token = running.set(Running(row.id))
    try:
        if job.in_one_transaction:
            with transaction.atomic():
                job.function(_payload(row), now)
                _finish(row)
        else:
            job.function(_payload(row), now)
            _finish(row)
    finally:
        running.reset(token)


def _mine(row: Row) -> QuerySet[Row, Any]:
    """The row, as long as nobody else has taken it up: every claim has its own instant."""
    return _ours().filter(id=row.id, status=Status.RUNNING, started_at=row.started_at)


def _finish(row: Row) -> None:
    with transaction.atomic():
        if not _mine(row).update(
            status=Status.SUCCESSFUL, finished_at=clock.now(), exception_class_path="", traceback=""
        ):
            raise LostError


def _give_back(row: Row, *, error: Exception, now: datetime, pause: timedelta) -> None:
    trace = "".join(traceback.format_exception(error))[-LONGEST_ERROR:]
    described = {"exception_class_path": f"{type(error).__module__}.{type(error).__qualname__}", "traceback": trace}
    with transaction.atomic():
        if len(row.worker_ids) < _attempts(row):
            _mine(row).update(status=Status.READY, run_after=now + pause, **described)
        else:
            log.error("job parked", job=_name(row), job_id=str(row.id))
            _mine(row).update(status=Status.FAILED, finished_at=now, **described)


def _attempts(row: Row) -> int:
    try:
        return find_job(_name(row)).attempts
    except LookupError:  # from a newer or older version of the program; give the right one some time to come back
        return 5


def _name(row: Row) -> str:
    return str(row.args_kwargs["kwargs"]["name"])


def _payload(row: Row) -> Payload:
    payload: Payload = row.args_kwargs["kwargs"]["payload"]
    return payload
