"""What could not be sent or done: tried again or given up by a person, and in the journal."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from aftersales.core import jobs, journal, outbox, transaction
from aftersales.core.actor import Actor
from aftersales.core.errors import Missing, Refused
from aftersales.core.text import Text, text as _
from aftersales.reports import queries
from aftersales.reports.permissions import Permission

GONE: Text = _("It has gone out meanwhile, or is on its way at this moment.")


@transaction.act
def retry_message(actor: Actor, *, message_id: int, now: datetime) -> None:
    """Let a message be tried again at once."""
    message = queries.get_stuck_message(actor, message_id)
    if not outbox.resume(message.id, now=now):
        raise Refused(GONE)
    _journal_message(actor, message, "retry_message", now)


@transaction.act
def cancel_message(actor: Actor, *, message_id: int, now: datetime) -> None:
    """Give a message up."""
    message = queries.get_stuck_message(actor, message_id)
    if not outbox.cancel(message.id):
        raise Refused(GONE)
    _journal_message(actor, message, "cancel_message", now)


@transaction.act
def retry_job(actor: Actor, *, job_id: UUID, now: datetime) -> None:
    """Let a job that gave up be tried again from the beginning."""
    _may_have_jobs(actor)
    if not jobs.resume(job_id, now=now):
        raise Missing
    journal.record(actor, at=now, act="retry_job", kind="job", key=str(job_id))


@transaction.act
def cancel_job(actor: Actor, *, job_id: UUID, now: datetime) -> None:
    """Give a job up."""
    _may_have_jobs(actor)
    parked = next((job for job in queries.list_parked_jobs(actor) if job.job_id == job_id), None)
    if parked is None or not jobs.cancel(job_id):
        raise Missing
    journal.record(actor, at=now, act="cancel_job", kind="job", key=str(job_id), before={"name": parked.name})


def _may_have_jobs(actor: Actor) -> None:
    actor.require(Permission.MANAGE_OUTBOX)
    if actor.scopes is not None:
        raise Missing


def _journal_message(actor: Actor, message: outbox.OpenMessage, act: str, now: datetime) -> None:
    told = {"kind": message.kind, "to": message.receivers, "subject": message.subject, "error": message.error}
    journal.record(actor, at=now, act=act, kind="message", key=message.id, scope=message.scope, before=told)
