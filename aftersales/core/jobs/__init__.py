"""Work done later by the worker: enqueued in the act's own transaction, tried again when it fails, parked in sight when it stays so.

    @jobs.job("care.remind", at=time(8, 30))
    def remind(payload, now): ...

    jobs.enqueue("care.remind", payload={"order": number}, now=now, key=number)

The rows are those of django-tasks; schedule, retry and the taking-up of a killed worker's jobs are ours.
"""

from __future__ import annotations

from aftersales.core.jobs.long_jobs import JobState, forget_progress, get_state, progress, request_stop
from aftersales.core.jobs.queue import (
    Health,
    ParkedJob,
    cancel,
    count_jobs,
    enqueue,
    list_parked,
    purge,
    reap,
    resume,
    run_next,
)
from aftersales.core.jobs.registry import Job, all_jobs, find_job, job
from aftersales.core.jobs.schedules import run_schedules

__all__ = [
    "Health",
    "Job",
    "JobState",
    "ParkedJob",
    "all_jobs",
    "cancel",
    "count_jobs",
    "enqueue",
    "find_job",
    "forget_progress",
    "get_state",
    "job",
    "list_parked",
    "progress",
    "purge",
    "reap",
    "request_stop",
    "resume",
    "run_next",
    "run_schedules",
]
