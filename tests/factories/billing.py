"""Accounts and freight for tests, made by the services of the house."""

from __future__ import annotations

from datetime import date
from itertools import count
from typing import Any

from aftersales.billing import services
from aftersales.billing.models import Entry, FreightDocument
from aftersales.billing.services import EntryKind, Freight, Posting
from aftersales.core.actor import Actor
from aftersales.core.money import Money
from aftersales.customers.models import Customer
from tests.factories.staff import NOW, actor_of, make_person

_numbers = count(1)


def make_actor(duty: str, *, station: str = "NJ", name: str = "") -> Actor:
    """Somebody with this duty."""
    return actor_of(make_person(name or duty, duty=duty, station=station))


def post(finance: Actor, customer: Customer, fen: int, *, kind: str = "charge", source: str = "", **more: Any) -> Entry:
    """An entry of so many fen."""
    posting = Posting(EntryKind(kind), Money(fen), source or f"P-{next(_numbers)}", **more)
    return services.post_entry(finance, customer_id=customer.pk, posting=posting, now=NOW)


def make_freight(clerk: Actor, customer: Customer, **told: Any) -> FreightDocument:
    """A freight document as receiving records it."""
    wanted: dict[str, Any] = {
        "carrier": "德邦物流",
        "carrier_kind": "designated",
        "waybill": f"DB{next(_numbers):06d}",
        "amount": Money(4500),
        "cause": "other_cause",
        "received_on": date(2026, 11, 20),
    }
    return services.record_freight(clerk, customer_id=customer.pk, freight=Freight(**(wanted | told)), now=NOW)
