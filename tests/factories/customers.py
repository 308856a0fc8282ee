"""Customers and units for tests, made by the services of the house."""

from __future__ import annotations

from itertools import count
from typing import Any

from aftersales.core.actor import SYSTEM, Actor
from aftersales.customers import services
from aftersales.customers.models import Customer, Unit
from aftersales.customers.permissions import Permission
from tests.factories.catalog import make_categories
from tests.factories.staff import NOW, make_station

_numbers = count(1)


def make_actor(station: str = "NJ", *permissions: str, name: str = "前台小王", everywhere: bool = False) -> Actor:
    """Somebody at a station with these permissions (all of this room when none are named)."""
    make_station(station)
    return Actor(
        id=f"person:{station}",
        name=name,
        permissions=frozenset(permissions or [*map(str, Permission)]),
        scopes=None if everywhere else frozenset({station}),
        home_scope=station,
    )


def make_phone() -> str:
    """A mobile number that nobody has yet."""
    return f"138{next(_numbers):08d}"


def make_customer(name: str = "张三", *, phone: str | None = None, station: str = "NJ", **facts: Any) -> Customer:
    """A customer of a station."""
    make_station(station)
    return services.register_customer(
        SYSTEM,
        name=name,
        phone=make_phone() if phone is None else phone,
        station=station,
        facts=services.CustomerFacts(**facts),
        now=NOW,
    )


def make_unit(
    owner: Customer | None = None,
    *,
    trade: str = "electronics",
    category: str = "laptop",
    meter: int | None = None,
    **facts: Any,
) -> Unit:
    """A unit of a customer."""
    make_categories()
    owner = owner or make_customer()
    wanted: dict[str, Any] = {"model_text": "联想 小新 14"}
    return services.register_unit(
        SYSTEM,
        customer_id=owner.pk,
        facts=services.UnitFacts(trade=trade, category=category, **(wanted | facts)),
        meter=meter,
        now=NOW,
    )
