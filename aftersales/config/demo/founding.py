"""The house of the demonstration: calendars, stations, people with their duties, and the catalog."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.contrib.auth.hashers import Argon2PasswordHasher, get_hasher

from aftersales.catalog import queries as catalog_now, services as catalog
from aftersales.config.demo.material import TRADES, house, letterhead, work_of
from aftersales.config.demo.photos import draw_logo
from aftersales.core.actor import SYSTEM, Actor
from aftersales.core.money import Money
from aftersales.deadlines import services as deadlines
from aftersales.staff import queries as staff_now, services as staff

PASSWORD = "quiet-lotus-pond"  # noqa: S105 - shown to everybody who starts the demonstration
MANAGING = "service_manager"


@dataclass
class House:
    """Who works here, by login, and the numbers of the models."""

    actors: dict[str, Actor] = field(default_factory=dict)
    models: dict[str, int] = field(default_factory=dict)

    def person_id(self, login: str) -> int:
        """The number of the person with this login."""
        number = self.actors[login].person_id
        if number is None:
            raise LookupError(login)
        return number


def found_house(report: Callable[[str], object], *, now: datetime) -> House:
    """The house with everybody in it, able to sign in."""
    deadlines.install_calendars(SYSTEM, now=now)
    catalog.install_profiles(SYSTEM, now=now)
    for row in house()["calendars"]:
        deadlines.create_calendar(SYSTEM, **row, zone="Asia/Shanghai", based_on="CN", now=now)
    built = House()
    manager = _open_headquarters(now)
    for row in house()["stations"]:
        if not row.get("is_headquarters"):
            staff.open_station(manager, **_station(row), now=now)
        staff.edit_letterhead(manager, code=row["code"], version=1, **letterhead(), logo=draw_logo(), now=now)
    rows = [(station, row) for station, people in house()["people"].items() for row in people]
    with _quick_hashing():
        for station, row in rows:
            built.actors[row["login"]] = _person(manager, station, row, now)
    report(
        f"  {len(house()['stations'])} stations and {len(rows)} people with {len({r['duty'] for _s, r in rows})} duties"
    )
    _fill_catalog(
        built, next(login for _station, row in rows if row["duty"] == "data_clerk" for login in [row["login"]]), now
    )
    report(f"  catalog: {len(built.models)} models with their work and parts")
    return built


@contextmanager
def _quick_hashing() -> Iterator[None]:
    """Everybody's password is shown at every start; to guard it as a secret forty times would take ten seconds.

    Whoever signs in gets a hash of the usual strength then, as after any change of the settings.
    """
    hasher = get_hasher("default")
    if not isinstance(hasher, Argon2PasswordHasher):
        yield
        return
    usual = hasher.time_cost, hasher.memory_cost, hasher.parallelism
    hasher.time_cost, hasher.memory_cost, hasher.parallelism = 1, 1024, 1
    try:
        yield
    finally:
        hasher.time_cost, hasher.memory_cost, hasher.parallelism = usual


def _station(row: dict[str, Any]) -> dict[str, Any]:
    return {"calendar_code" if name == "calendar" else name: value for name, value in row.items()}


def _open_headquarters(now: datetime) -> Actor:
    place = next(row for row in house()["stations"] if row.get("is_headquarters"))
    staff.open_station(SYSTEM, **_station(place), now=now)
    first = house()["people"][place["code"]][0]
    made = staff.create_first_manager(
        login=first["login"],
        name=first["name"],
        duty=MANAGING,
        station=place["code"],
        station_name=place["name"],
        now=now,
    )
    person = staff.accept_invitation(token=made.token, password=PASSWORD, now=now)
    return staff_now.actor_for(person, now=now)


def _person(manager: Actor, station: str, row: dict[str, Any], now: datetime) -> Actor:
    if manager.name == row["name"]:
        return manager
    made = staff.register_person(
        manager,
        login=row["login"],
        name=row["name"],
        station=station,
        duty=row["duty"],
        language=row.get("language", ""),
        now=now,
    )
    for duty in row.get("also", ()):
        staff.assign_duty(manager, person_id=made.person.pk, station=station, duty=duty, now=now)
    person = staff.accept_invitation(token=staff_now.token_of(made.invitation), password=PASSWORD, now=now)
    return staff_now.actor_for(person, now=now)


def _fill_catalog(built: House, clerk: str, now: datetime) -> None:
    actor = built.actors[clerk]
    for trade in TRADES:
        work = work_of(trade)
        categories = {category.code: category.pk for category in catalog_now.list_categories(trade)}
        makers = {
            row["name"]: catalog.add_manufacturer(
                actor, name=row["name"], other_names=row["other"], hotline=row["hotline"], now=now
            ).pk
            for row in work.makers
        }
        for model in work.models:
            built.models[model.code] = catalog.add_model(
                actor,
                manufacturer_id=makers[model.maker],
                category_id=categories[model.category],
                name=model.name,
                code=model.code,
                warranty_months=model.months,
                now=now,
            ).pk
        for row in work.operations:
            catalog.add_operation(
                actor,
                trade=trade,
                code=row["code"],
                name=row["name"],
                standard_minutes=row["minutes"],
                rate=work.rate,
                category_id=categories.get(row.get("category", "")),
                now=now,
            )
        for row in work.parts:
            catalog.add_part(
                actor,
                code=row["code"],
                name=row["name"],
                price=Money(row["price"] * 100),
                manufacturer_id=makers.get(row.get("maker", "")),
                measure=row["measure"],
                now=now,
            )
