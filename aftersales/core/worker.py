"""The worker: one loop that enqueues what recurs, delivers the outbox, runs jobs, and takes up what others left behind."""

from __future__ import annotations

import os
import secrets
import signal
import socket
import threading
from collections.abc import Callable
from datetime import datetime, time, timedelta
from types import FrameType
from typing import Any

import structlog
from django.db import close_old_connections, connection
from django.utils.module_loading import autodiscover_modules

from aftersales.core import clock, files, jobs, outbox, transaction
from aftersales.core.models import IdempotencyKey, WorkerBeat

BEAT_SECONDS = 10.0
REAP_EVERY = timedelta(seconds=15)
MESSAGES_AT_ONCE = 5
REMEMBER_JOBS = timedelta(days=30)
REMEMBER_MESSAGES = timedelta(days=90)
REMEMBER_KEYS = timedelta(days=7)

log = structlog.get_logger(__name__)


def run_worker(stop: threading.Event | None = None, *, interval: float = 1.0) -> None:
    """Work until `stop` is set, or without one until told by a signal; the job at hand is finished first.

    A database that is away is waited for.
    """
    if stop is None:
        stop = threading.Event()
        stop_on_signals(stop)
    autodiscover_modules("handlers", "jobs", "web.exports", "web.imports")
    worker = Worker()
    ended = threading.Event()  # not `stop`: while the last job is being finished the heart must beat on
    heart = threading.Thread(target=_keep_beating, args=(worker.worker_id, ended), name="heartbeat", daemon=True)
    worker.patiently(lambda _now: beat(worker.worker_id, clock.now()))
    heart.start()
    log.info("worker started", worker=worker.worker_id)
    while not stop.is_set():
        close_old_connections()
        if not worker.take_turn(clock.now()):
            stop.wait(interval)
    ended.set()
    heart.join()
    worker.patiently(lambda _now: depart(worker.worker_id))
    connection.close()
    log.info("worker ended", worker=worker.worker_id)


def stop_on_signals(stop: threading.Event) -> None:
    """Let SIGTERM and SIGINT set `stop`; the second one ends the process at once."""

    def end(number: int, _frame: FrameType | None) -> None:
        stop.set()
        signal.signal(number, signal.SIG_DFL)

    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGINT, end)


class Worker:
    """One worker of possibly several, known by its id."""

    def __init__(self) -> None:
        self.worker_id = f"{socket.gethostname()[:30]}-{os.getpid()}-{secrets.token_hex(4)}"
        self.next_reap_at: datetime | None = None

    def take_turn(self, now: datetime) -> bool:
        """Do what is due now, at most one job; whether there was anything."""
        if self.next_reap_at is None or now >= self.next_reap_at:
            self.next_reap_at = now + REAP_EVERY
            self.patiently(lambda at: jobs.reap(at, worker_id=self.worker_id), now)
        self.patiently(jobs.run_schedules, now)
        sent = self.patiently(lambda at: outbox.deliver_due(at, limit=MESSAGES_AT_ONCE), now)
        ran = self.patiently(lambda at: jobs.run_next(at, worker_id=self.worker_id), now)
        return bool(sent or ran)

    def patiently(self, do: Callable[[datetime], Any], now: datetime | None = None) -> Any:
        """The result of one piece of work; when it breaks, None, and a line in the log: one broken thing must not stop the others."""
        try:
            return do(now or clock.now())
        except Exception as error:
            log.exception("worker hindered", worker=self.worker_id, cause=str(error))
            if not connection.in_atomic_block:
                connection.close()  # it may be the connection; the next turn opens a new one
            return None


def beat(worker_id: str, now: datetime) -> None:
    """Say that this worker lives."""
    with transaction.atomic():
        WorkerBeat.objects.update_or_create(
            worker_id=worker_id, defaults={"beat_at": now}, create_defaults={"beat_at": now, "started_at": now}
        )


def depart(worker_id: str) -> None:
    """Say that this worker has ended in good order."""
    with transaction.atomic():
        WorkerBeat.objects.filter(worker_id=worker_id).delete()


def _keep_beating(worker_id: str, ended: threading.Event) -> None:
    while not ended.wait(BEAT_SECONDS):
        try:
            close_old_connections()
            beat(worker_id, clock.now())
        except Exception:
            log.exception("heartbeat missed", worker=worker_id)
            connection.close()
    connection.close()


@jobs.job("core.forget", at=time(3, 30))
def forget(_payload: dict[str, Any], now: datetime) -> None:
    """Each night: done jobs, sent messages, used one-time keys and silent workers are forgotten once nobody needs them."""
    jobs.purge(before=now - REMEMBER_JOBS)
    jobs.forget_progress(before=now - REMEMBER_JOBS)
    outbox.purge(before=now - REMEMBER_MESSAGES)
    IdempotencyKey.objects.filter(created_at__lt=now - REMEMBER_KEYS).delete()
    WorkerBeat.objects.filter(beat_at__lt=now - timedelta(days=1)).delete()


@jobs.job("core.weigh", at=time(4, 0))
def weigh(_payload: dict[str, Any], now: datetime) -> None:  # noqa: ARG001 - every job is told the time
    """Each night: the database learns anew how its rows are spread, by which it chooses the way to them."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":  # PostgreSQL learns by itself, all day
            cursor.execute("PRAGMA analysis_limit = 1000")
            cursor.execute("ANALYZE")


@jobs.job("core.clear-photos", at=time(3, 45), in_one_transaction=False)
def clear_photos(_payload: dict[str, Any], now: datetime) -> None:
    """Each night: photo files to which no row belongs are removed."""
    files.clear_orphans(now=now)
