"""Stations and people for tests, made the way the house makes them: by its services."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import count
from typing import Any

from aftersales.core.actor import SYSTEM, Actor
from aftersales.staff import queries, services
from aftersales.staff.models import Person, Station

NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
"""A Monday, nine in the morning in China."""
PASSWORD = "eleven quiet cranes over the lake"
_numbers = count(1)


def make_station(code: str = "NJ", *, headquarters: bool = False, now: datetime = NOW, **facts: Any) -> Station:
    """The station with this code; opened if there is none yet."""
    found = Station.objects.filter(code=code).first()
    if found is not None:
        return found
    wanted: dict[str, Any] = {"name": f"Station {code}", "trades": ["electronics"], "is_headquarters": headquarters}
    return services.open_station(SYSTEM, code=code, now=now, **(wanted | facts))


def make_person(
    name: str = "张伟",
    *,
    duty: str = "technician",
    station: str = "NJ",
    login: str = "",
    password: str = "",
    now: datetime = NOW,
    **facts: Any,
) -> Person:
    """A person with one duty; with a `password` he has accepted his invitation and can sign in."""
    make_station(station, now=now)
    login = login or f"person{next(_numbers)}"
    made = services.register_person(SYSTEM, login=login, name=name, station=station, duty=duty, now=now, **facts)
    if password:
        services.accept_invitation(token=queries.token_of(made.invitation), password=password, now=now)
    return Person.objects.get(pk=made.person.pk)


def make_manager(name: str = "李强", *, password: str = PASSWORD, now: datetime = NOW, **facts: Any) -> Person:
    """A manager at headquarters who can sign in and sees every station."""
    make_station("HQ", headquarters=True, now=now)
    return make_person(name, duty="service_manager", station="HQ", password=password, now=now, **facts)


def actor_of(person: Person, *, now: datetime = NOW) -> Actor:
    """The actor that the person's duties make."""
    return queries.actor_for(person, now=now)
