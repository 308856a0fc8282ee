"""The messages that wait: putting them in, handing them to their deliverers, parking, resuming and cancelling."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog
from django.db.models import F, Min, Q, QuerySet

from aftersales.core import transaction
from aftersales.core.actor import Actor
from aftersales.core.erasing import Traces
from aftersales.core.models import OutboxAttachment, OutboxMessage

State = OutboxMessage.State
CLAIM = timedelta(minutes=5)
FIRST_PAUSE = timedelta(seconds=30)
LONGEST_PAUSE = timedelta(hours=6)
BLOCKED_PAUSE = timedelta(minutes=2)
"""How long a kind whose way out is blocked waits before it is tried again, as often as it takes."""
MOST_ATTEMPTS = 10
LONGEST_ERROR = 2000
MOST_ATTACHED = 10 * 1024 * 1024
"""Bytes that may be attached to one message: what most mail servers take, less the growth by encoding."""

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Attached:
    """A file that goes along with a message."""

    name: str
    content_type: str
    content: bytes


@dataclass(frozen=True)
class Message:
    """What a deliverer gets: `key` is the same each time, so the receiver can drop a second copy."""

    kind: str
    key: str
    payload: dict[str, Any]
    attempt: int
    attached: tuple[Attached, ...] = ()


@dataclass(frozen=True)
class OpenMessage:
    """A message that has not gone out: it waits for its next attempt, or, parked, for a person. Its contents are nobody's business."""

    id: int
    kind: str
    key: str
    scope: str
    subject: str
    receivers: str
    is_parked: bool
    attempts: int
    created_at: datetime
    next_attempt_at: datetime
    error: str


@dataclass(frozen=True)
class Health:
    """How the outbox stands: `oldest_wait` is how long the message that is due longest has waited."""

    waiting: int
    parked: int
    oldest_wait: timedelta


class Undeliverable(Exception):
    """Raised by a deliverer when trying again cannot help, such as for an address that cannot exist."""


class Blocked(Exception):
    """Raised by a deliverer when the way out is blocked, whatever the message: no network, no server, no entry.

    No attempt is lost by it, and the other messages of the kind wait too, so that they go out in their order.
    """


Deliverer = Callable[[Message], None]
_deliverers: dict[str, Deliverer] = {}


def add(
    kind: str,
    *,
    key: str,
    payload: dict[str, Any],
    now: datetime,
    scope: str = "",
    attached: Sequence[Attached] = (),
) -> None:
    """Have a message delivered once the caller's transaction is committed; the same key twice is one message.

    `scope` is the place it belongs to: who looks after that place may see that it waits.
    """
    if not 0 < len(key) <= 120:
        raise ValueError("The key of a message has 1 to 120 characters.")
    if sum(len(each.content) for each in attached) > MOST_ATTACHED:
        raise ValueError(f"More than {MOST_ATTACHED} bytes are attached.")
    facts = {"kind": kind, "payload": payload, "scope": scope, "created_at": now, "next_attempt_at": now}
    if not attached:
        OutboxMessage.objects.bulk_create([OutboxMessage(key=key, **facts)], ignore_conflicts=True)
        return
    with transaction.atomic():
        row, is_new = OutboxMessage.objects.get_or_create(key=key, defaults=facts)
        if is_new:
            OutboxAttachment.objects.bulk_create(
                OutboxAttachment(message=row, name=each.name, content_type=each.content_type, content=each.content)
                for each in attached
            )


def delivers(kind: str) -> Callable[[Deliverer], Deliverer]:
    """Register the decorated function as the one that delivers messages of `kind`; it raises when it could not."""

    def register(deliver: Deliverer) -> Deliverer:
        _deliverers[kind] = deliver
        return deliver

    return register


def deliver_due(now: datetime, *, limit: int = 20) -> int:
    """Deliver the messages that are due, oldest first; how many were tried.

    When a kind's way out is blocked (no network, no mail server), all its messages wait without losing an attempt.
    """
    due = _waiting().filter(next_attempt_at__lte=now).order_by("next_attempt_at", "id")
    blocked: set[str] = set()
    tried = 0
    for row in due[:limit]:
        if row.kind not in blocked and _claim(row, now):
            tried += 1
            error = _try(row)
            if isinstance(error, (Blocked, OSError)):
                blocked.add(row.kind)
                _hold_back(row, error, now)
            else:
                _settle(row, error, now)
    return tried


def pause_after(attempts: int) -> timedelta:
    """How long to wait after so many failed attempts: 30 s, 2 min, 8 min … at most 6 hours."""
    longer: int = 4 ** min(attempts - 1, 10)
    return min(FIRST_PAUSE * longer, LONGEST_PAUSE)


def list_open(actor: Actor, *, limit: int = 100) -> list[OpenMessage]:
    """The messages of the actor's places that have not gone out, the parked ones first; those of no place for who sees all."""
    rows = OutboxMessage.objects.exclude(state=State.SENT).filter(**actor.scope_filter("scope"))
    return [_open_message(row) for row in rows.order_by("state", "-id")[:limit]]


def find_open(actor: Actor, message_id: int) -> OpenMessage | None:
    """The message with this number, if it has not gone out and belongs to the actor's places."""
    rows = OutboxMessage.objects.exclude(state=State.SENT).filter(pk=message_id, **actor.scope_filter("scope"))
    return next((_open_message(row) for row in rows), None)


def list_parked(*, limit: int = 100) -> list[OpenMessage]:
    """The messages that could not be delivered, latest first."""
    rows = OutboxMessage.objects.filter(state=State.PARKED).order_by("-id")[:limit]
    return [_open_message(row) for row in rows]


def states_of(keys: Iterable[str]) -> Mapping[str, OpenMessage | None]:
    """For each of these keys that is still remembered, the message that has not gone out, or None for one that has."""
    rows = OutboxMessage.objects.filter(key__in=list(keys))
    return {row.key: None if row.state == State.SENT else _open_message(row) for row in rows}


@transaction.act
def resume(message_id: int, *, now: datetime) -> bool:
    """Let a message be tried again now, a parked one from the beginning; False when it has gone out."""
    rows = OutboxMessage.objects.filter(pk=message_id)
    parked = rows.filter(state=State.PARKED).update(state=State.WAITING, attempts=0, next_attempt_at=now)
    # One that is on its way at this moment has no error: claiming it took that away.
    return bool(parked or rows.filter(state=State.WAITING).exclude(last_error="").update(next_attempt_at=now))


@transaction.act
def cancel(message_id: int) -> bool:
    """Give a message up: it is forgotten with all that it carried; False when it has gone out."""
    return bool(OutboxMessage.objects.filter(pk=message_id).exclude(state=State.SENT).delete()[0])


def count_messages(now: datetime) -> Health:
    """How the outbox stands, for the health page."""
    waiting = _waiting()
    oldest = waiting.filter(next_attempt_at__lte=now).aggregate(oldest=Min("next_attempt_at"))["oldest"]
    parked = OutboxMessage.objects.filter(state=State.PARKED).count()
    return Health(waiting.count(), parked, now - oldest if oldest else timedelta(0))


@transaction.act
def purge(*, before: datetime) -> int:
    """Forget the messages that were sent before that instant, and with them that their keys were used."""
    return OutboxMessage.objects.filter(state=State.SENT, sent_at__lt=before).delete()[0]


@transaction.act
def erase(traces: Traces) -> int:
    """The number of messages that have not gone out and named this person; they name him no more, and carry no files.

    What has gone out is known by its key only.
    """
    count = 0
    for row in OutboxMessage.objects.exclude(state=State.SENT).select_for_update().order_by("pk"):
        if traces.mentioned_in(row.payload) or traces.mentioned_in(row.last_error):
            row.payload, row.last_error = traces.taken_out(row.payload), traces.taken_out(row.last_error)
            row.save(update_fields=["payload", "last_error"])
            row.attachments.all().delete()
            count += 1
    return count


def _waiting() -> QuerySet[OutboxMessage]:
    return OutboxMessage.objects.filter(state=State.WAITING)


def _open_message(row: OutboxMessage) -> OpenMessage:
    to = row.payload.get("to", ())
    return OpenMessage(
        id=row.pk,
        kind=row.kind,
        key=row.key,
        scope=row.scope,
        subject=str(row.payload.get("subject", "")),
        receivers=", ".join(map(str, to)) if isinstance(to, list) else "",
        is_parked=row.state == State.PARKED,
        attempts=row.attempts,
        created_at=row.created_at,
        next_attempt_at=row.next_attempt_at,
        error=row.last_error,
    )


@transaction.act
def _claim(row: OutboxMessage, now: datetime) -> bool:
    unclaimed = Q(pk=row.pk, state=State.WAITING, next_attempt_at=row.next_attempt_at, attempts=row.attempts)
    claim = {"next_attempt_at": now + CLAIM, "attempts": F("attempts") + 1, "last_error": ""}
    return bool(OutboxMessage.objects.filter(unclaimed).update(**claim))


def _try(row: OutboxMessage) -> Exception | None:
    try:
        deliver = _deliverers.get(row.kind)
        if deliver is None:
            raise LookupError(f"Nothing here delivers messages of the kind {row.kind}.")  # noqa: TRY301
        attached = tuple(
            Attached(each.name, each.content_type, bytes(each.content)) for each in row.attachments.order_by("id")
        )
        deliver(Message(row.kind, row.key, row.payload, row.attempts + 1, attached))
    except (Blocked, OSError) as error:
        log.warning("way out blocked", kind=row.kind, cause=str(error))
        return error
    except Exception as error:
        log.warning("message not delivered", kind=row.kind, attempt=row.attempts + 1, exc_info=True)
        return error
    return None


def _claimed(row: OutboxMessage) -> QuerySet[OutboxMessage]:
    """The row, as long as nobody else has claimed it since."""
    return OutboxMessage.objects.filter(pk=row.pk, state=State.WAITING, attempts=row.attempts + 1)


def _described(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:LONGEST_ERROR].replace("\x00", "")


@transaction.act
def _settle(row: OutboxMessage, error: Exception | None, now: datetime) -> None:
    attempts = row.attempts + 1
    mine = _claimed(row)
    if error is None:
        # What was sent is known by its key; links, addresses and files need not lie here.
        if mine.update(state=State.SENT, sent_at=now, payload={}, last_error=""):
            OutboxAttachment.objects.filter(message_id=row.pk).delete()
        return
    if isinstance(error, Undeliverable) or attempts >= MOST_ATTEMPTS:
        log.error("message parked", kind=row.kind, attempt=attempts)
        mine.update(state=State.PARKED, last_error=_described(error))
    else:
        mine.update(next_attempt_at=now + pause_after(attempts), last_error=_described(error))


@transaction.act
def _hold_back(row: OutboxMessage, error: Exception, now: datetime) -> None:
    """Let all due messages of the kind wait together, so that the oldest is again the first to go."""
    again_at = now + BLOCKED_PAUSE
    described = _described(error)
    _claimed(row).update(attempts=row.attempts, next_attempt_at=again_at, last_error=described)
    _waiting().filter(kind=row.kind, next_attempt_at__lte=now).update(next_attempt_at=again_at, last_error=described)
