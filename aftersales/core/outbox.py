"""Effects that leave the house: written with the act that wants them, delivered afterwards, at least once.

A message is claimed for a while before it is handed to its deliverer, so two workers never send it at the same time. A worker that
is killed in between leaves the claim to run out; the receiver then knows a second copy by the key.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parseaddr
from typing import Any

import structlog
from django.conf import settings
from django.core.mail import BadHeaderError, EmailMultiAlternatives
from django.db.models import F, Min, Q

from aftersales.core import transaction
from aftersales.core.models import OutboxMessage

State = OutboxMessage.State
CLAIM = timedelta(minutes=5)
FIRST_PAUSE = timedelta(seconds=30)
LONGEST_PAUSE = timedelta(hours=6)
MOST_ATTEMPTS = 10
LONGEST_ERROR = 2000

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Message:
    """What a deliverer gets: `key` is the same each time, so the receiver can drop a second copy."""

    kind: str
    key: str
    payload: dict[str, Any]
    attempt: int


@dataclass(frozen=True)
class ParkedMessage:
    """A message that could not be delivered; it waits for a person."""

    id: int
    kind: str
    key: str
    attempts: int
    error: str


@dataclass(frozen=True)
class Health:
    """How the outbox stands: `oldest_wait` is how long the message that is due longest has waited."""

    waiting: int
    parked: int
    oldest_wait: timedelta


class Undeliverable(Exception):
    """Raised by a deliverer when trying again cannot help, such as for an address that cannot exist."""


Deliverer = Callable[[Message], None]
_deliverers: dict[str, Deliverer] = {}


def add(kind: str, *, key: str, payload: dict[str, Any], now: datetime) -> None:
    """Have a message delivered once the caller's transaction is committed; the same key twice is one message."""
    if not 0 < len(key) <= 120:
        raise ValueError("The key of a message has 1 to 120 characters.")
    message = OutboxMessage(kind=kind, key=key, payload=payload, created_at=now, next_attempt_at=now)
    OutboxMessage.objects.bulk_create([message], ignore_conflicts=True)


def add_email(*, key: str, to: Sequence[str], subject: str, text: str, html: str = "", now: datetime) -> None:
    """Have an e-mail sent; the same key twice is one e-mail."""
    add("email", key=key, payload={"to": list(to), "subject": subject, "text": text, "html": html}, now=now)


def delivers(kind: str) -> Callable[[Deliverer], Deliverer]:
    """Register the decorated function as the one that delivers messages of `kind`; it raises when it could not."""

    def register(deliver: Deliverer) -> Deliverer:
        _deliverers[kind] = deliver
        return deliver

    return register


def deliver_due(now: datetime, *, limit: int = 20) -> int:
    """Deliver the messages that are due, oldest first; how many were tried.

    When a kind's way out is blocked (no network, no mail server), its other messages wait without losing an attempt.
    """
    due = OutboxMessage.objects.filter(state=State.WAITING, next_attempt_at__lte=now).order_by("next_attempt_at", "id")
    blocked: set[str] = set()
    tried = 0
    for row in due[:limit]:
        if row.kind not in blocked and _claim(row, now):
            tried += 1
            error = _try(Message(row.kind, row.key, row.payload, row.attempts + 1))
            _settle(row, error, now)
            if isinstance(error, OSError):
                blocked.add(row.kind)
    return tried


def pause_after(attempts: int) -> timedelta:
    """How long to wait after so many failed attempts: 30 s, 2 min, 8 min … at most 6 hours."""
    longer: int = 4 ** min(attempts - 1, 10)
    return min(FIRST_PAUSE * longer, LONGEST_PAUSE)


def list_parked(*, limit: int = 100) -> list[ParkedMessage]:
    """The messages that could not be delivered, latest first."""
    rows = OutboxMessage.objects.filter(state=State.PARKED).order_by("-id")[:limit]
    return [ParkedMessage(row.pk, row.kind, row.key, row.attempts, row.last_error) for row in rows]


@transaction.act
def resume(message_id: int, *, now: datetime) -> bool:
    """Let a parked message be tried again; False when it is not parked."""
    parked = OutboxMessage.objects.filter(pk=message_id, state=State.PARKED)
    return bool(parked.update(state=State.WAITING, attempts=0, next_attempt_at=now))


def count_messages(now: datetime) -> Health:
    """How the outbox stands, for the health page."""
    waiting = OutboxMessage.objects.filter(state=State.WAITING)
    oldest = waiting.filter(next_attempt_at__lte=now).aggregate(oldest=Min("next_attempt_at"))["oldest"]
    parked = OutboxMessage.objects.filter(state=State.PARKED).count()
    return Health(waiting.count(), parked, now - oldest if oldest else timedelta(0))


@transaction.act
def purge(*, before: datetime) -> int:
    """Forget the messages that were sent before that instant, and with them that their keys were used."""
    return OutboxMessage.objects.filter(state=State.SENT, sent_at__lt=before).delete()[0]


@transaction.act
def _claim(row: OutboxMessage, now: datetime) -> bool:
    unclaimed = Q(pk=row.pk, state=State.WAITING, next_attempt_at=row.next_attempt_at, attempts=row.attempts)
    claimed = OutboxMessage.objects.filter(unclaimed).update(next_attempt_at=now + CLAIM, attempts=F("attempts") + 1)
    return bool(claimed)


def _try(message: Message) -> Exception | None:
    try:
        deliver = _deliverers.get(message.kind)
        if deliver is None:
            raise LookupError(f"Nothing here delivers messages of the kind {message.kind}.")  # noqa: TRY301
        deliver(message)
    except Exception as error:
        log.warning("message not delivered", kind=message.kind, attempt=message.attempt, exc_info=True)
        return error
    return None


@transaction.act
def _settle(row: OutboxMessage, error: Exception | None, now: datetime) -> None:
    attempts = row.attempts + 1
    mine = OutboxMessage.objects.filter(pk=row.pk, state=State.WAITING, attempts=attempts)
    if error is None:
        # What was sent is known by its key; links and addresses in it need not lie here.
        mine.update(state=State.SENT, sent_at=now, payload={}, last_error="")
        return
    described = f"{type(error).__name__}: {error}"[:LONGEST_ERROR].replace("\x00", "")
    if isinstance(error, Undeliverable) or attempts >= MOST_ATTEMPTS:
        log.error("message parked", kind=row.kind, attempt=attempts)
        mine.update(state=State.PARKED, last_error=described)
    else:
        mine.update(next_attempt_at=now + pause_after(attempts), last_error=described)


@delivers("email")
def deliver_email(message: Message) -> None:
    """Send an e-mail whose Message-ID follows from the key, so that a second copy is recognised as one."""
    mail = EmailMultiAlternatives(
        subject=message.payload["subject"],
        body=message.payload["text"],
        to=message.payload["to"],
        headers={"Message-ID": message_id(message.key), "Auto-Submitted": "auto-generated"},
    )
    if message.payload.get("html"):
        mail.attach_alternative(message.payload["html"], "text/html")
    try:
        mail.message()
    except (BadHeaderError, ValueError) as error:
        raise Undeliverable(str(error)) from error
    mail.send()


def message_id(key: str) -> str:
    """The Message-ID that belongs to a key; it tells nothing about the key."""
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
    return f"<{hashlib.sha256(key.encode()).hexdigest()[:32]}@{domain}>"
