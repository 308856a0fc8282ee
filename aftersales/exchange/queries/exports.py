"""The exports of one person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from aftersales.core import jobs
from aftersales.core.actor import Actor
from aftersales.core.errors import Missing
from aftersales.core.rows import only
from aftersales.exchange.models import Export
from aftersales.exchange.permissions import Permission
from aftersales.exchange.rules.exports import ExportState


@dataclass(frozen=True)
class Progress:
    """How far a job has come, for the page that watches it."""

    done: int
    total: int | None
    is_waiting: bool
    is_parked: bool
    is_stopping: bool

    @property
    def percent(self) -> int | None:
        """Hundredths done, as far as the whole is known."""
        return min(100, self.done * 100 // self.total) if self.total else None


def list_exports(actor: Actor, *, now: datetime) -> QuerySet[Export]:
    """The actor's own exports that are still kept, newest first."""
    actor.require(Permission.EXPORT)
    return Export.objects.filter(owner=actor.id, expires_at__gt=now).order_by("-id")


def get_export(actor: Actor, token: str, *, now: datetime) -> Export:
    """The actor's own export; other people's are missing, and so is what is no longer kept."""
    found = only(list_exports(actor, now=now).filter(token=token))
    if found is None:
        raise Missing
    return found


def count_in_making(actor: Actor, *, now: datetime) -> int:
    """How many exports of the actor the worker still has before it."""
    return list_exports(actor, now=now).filter(state=ExportState.MAKING.value).count()


def progress_of(job_id: UUID | None) -> Progress:
    """How far the job has come."""
    state = jobs.get_state(job_id) if job_id else None
    if state is None:
        return Progress(0, None, is_waiting=True, is_parked=False, is_stopping=False)
    return Progress(
        state.done, state.total, is_waiting=state.state == "READY", is_parked=state.state == "FAILED",
        is_stopping=state.is_stop_requested,
    )  # fmt: skip
