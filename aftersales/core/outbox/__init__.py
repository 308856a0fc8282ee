"""Effects that leave the house: written with the act that wants them, delivered afterwards, at least once.

    outbox.add_email(key="ready:RO-1", to=["a@example.cn"], subject=…, text=…, now=now)

    @outbox.delivers("sms")
    def send(message): ...

A message is claimed for a while before it is handed to its deliverer, so two workers never send it at the same time. A worker that
is killed in between leaves the claim to run out; the receiver then knows a second copy by the key.
"""

from __future__ import annotations

from aftersales.core.outbox.messages import (
    Attached,
    Blocked,
    Health,
    Message,
    OpenMessage,
    Undeliverable,
    add,
    cancel,
    count_messages,
    deliver_due,
    delivers,
    erase,
    find_open,
    list_open,
    list_parked,
    purge,
    resume,
    states_of,
)

from aftersales.core.outbox.email import add_email, message_id  # isort: skip - e-mail is a kind of message

__all__ = [
    "Attached",
    "Blocked",
    "Health",
    "Message",
    "OpenMessage",
    "Undeliverable",
    "add",
    "add_email",
    "cancel",
    "count_messages",
    "deliver_due",
    "delivers",
    "erase",
    "find_open",
    "list_open",
    "list_parked",
    "message_id",
    "purge",
    "resume",
    "states_of",
]
