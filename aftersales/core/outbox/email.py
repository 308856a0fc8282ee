"""E-mail as a kind of message: what is written into the outbox, and how it is handed to the mail server."""

from __future__ import annotations

import hashlib
import smtplib
from collections.abc import Sequence
from datetime import datetime
from email.utils import parseaddr

from django.conf import settings
from django.core.mail import BadHeaderError, EmailMultiAlternatives

from aftersales.core.outbox.messages import Attached, Blocked, Message, Undeliverable, add, delivers

PERMANENT = range(500, 600)
TOO_LARGE = 552
NOTHING_AT_ALL = frozenset({421, 530})
"""Closing down, and “sign in first”: no word about the message."""


class NotTakenError(Exception):
    """The mail server did not take the message this time; it said that it may later."""


def add_email(
    *,
    key: str,
    to: Sequence[str],
    subject: str,
    text: str,
    html: str = "",
    attached: Sequence[Attached] = (),
    scope: str = "",
    now: datetime,
) -> None:
    """Have an e-mail sent; the same key twice is one e-mail.

    A server may take some of several addresses and refuse others: who must know which writes an e-mail to each.
    """
    payload = {"to": list(to), "subject": subject, "text": text, "html": html}
    add("email", key=key, payload=payload, scope=scope, attached=attached, now=now)


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
    for each in message.attached:
        mail.attach(each.name, each.content, each.content_type)
    try:
        mail.message()
    except (BadHeaderError, ValueError) as error:
        raise Undeliverable(str(error)) from error
    try:
        mail.send()
    except smtplib.SMTPException as error:
        raise meaning_of(error) from error


def meaning_of(error: smtplib.SMTPException) -> Exception:
    """What a mail server's answer means: this message never (5xx), this message later (4xx), or nothing at the moment."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        answers = [(code, _plain(said)) for code, said in error.recipients.values()]
    elif isinstance(error, smtplib.SMTPDataError) or getattr(error, "smtp_code", 0) == TOO_LARGE:
        answers = [(error.smtp_code, _plain(error.smtp_error))]  # type: ignore[attr-defined]
    else:  # about the connection, the entry or us as the sender
        return Blocked(_plain_answer(error))
    described = "; ".join(f"{code} {said}" for code, said in answers)
    if any(code in NOTHING_AT_ALL for code, _said in answers):
        return Blocked(described)
    is_for_good = all(code in PERMANENT for code, _said in answers)
    return Undeliverable(described) if is_for_good else NotTakenError(described)


def message_id(key: str) -> str:
    """The Message-ID that belongs to a key; it tells nothing about the key."""
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
    return f"<{hashlib.sha256(key.encode()).hexdigest()[:32]}@{domain}>"


def _plain_answer(error: smtplib.SMTPException) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        return f"{error.smtp_code} {_plain(error.smtp_error)}"
    return str(error) or type(error).__name__


def _plain(said: object) -> str:
    return said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)
