"""What could not be sent or done, for those who look after it."""

from __future__ import annotations

from datetime import datetime

from aftersales.core import jobs, outbox
from aftersales.core.actor import Actor
from aftersales.core.errors import Missing
from aftersales.reports.permissions import Permission


def list_stuck_messages(actor: Actor) -> list[outbox.OpenMessage]:
    """The messages of the actor's stations that have not gone out; those of no station only for who sees all stations."""
    actor.require(Permission.MANAGE_OUTBOX)
    return outbox.list_open(actor)


def get_stuck_message(actor: Actor, message_id: int) -> outbox.OpenMessage:
    """One message that has not gone out, if the actor looks after it."""
    actor.require(Permission.MANAGE_OUTBOX)
    found = outbox.find_open(actor, message_id)
    if found is None:
        raise Missing
    return found


def list_parked_jobs(actor: Actor) -> list[jobs.ParkedJob]:
    """The jobs that gave up; they belong to no station, so only who sees all stations is shown them."""
    actor.require(Permission.MANAGE_OUTBOX)
    return jobs.list_parked() if actor.scopes is None else []


def count_workers(now: datetime) -> int:
    """How many workers live at the moment; without one nothing goes out."""
    return jobs.count_jobs(now).workers
