"""Stores, items and people of the warehouse for tests, made by its own services."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from aftersales.core.actor import SYSTEM, Actor
from aftersales.core.money import Money
from aftersales.warehouse import services
from aftersales.warehouse.models import Item, Move, Store
from tests.factories.staff import NOW, actor_of, make_person, make_station


@dataclass
class Warehouse:
    """A station with a main store and a returns store, and those who work there."""

    keeper: Actor
    clerk: Actor
    finance: Actor
    main: Store
    returns: Store
    item: Item


def make_store(code: str, name: str, kind: str, station: str = "NJ", *, now: datetime = NOW) -> Store:
    """A store; without a station it is shared."""
    if station:
        make_station(station, now=now)
    return services.add_store(SYSTEM, code=code, name=name, kind=kind, station=station, now=now)


def make_item(code: str = "CUP-01", name: str = "骨瓷杯", **facts: Any) -> Item:
    """An item at 25 yuan."""
    wanted: dict[str, Any] = {"cost": Money(2500), "measure": "只", "now": NOW}
    return services.add_item(SYSTEM, code=code, name=name, **(wanted | facts))


def make_warehouse(station: str = "NJ", *, now: datetime = NOW) -> Warehouse:
    """The stores with their people, and one item of which nothing is there yet."""
    people = {
        duty: actor_of(make_person(duty, duty=duty, station=station, now=now), now=now)
        for duty in ("parts_keeper", "returns_clerk", "finance")
    }
    return Warehouse(
        keeper=people["parts_keeper"],
        clerk=people["returns_clerk"],
        finance=people["finance"],
        main=make_store("MAIN", "大仓", "main", station, now=now),
        returns=make_store("RET", "退货仓", "returns", station, now=now),
        item=make_item(now=now),
    )


def receive(house: Warehouse, quantity: int = 10, *, reference: str = "DN-1", **more: Any) -> list[Move]:
    """So much of the item comes into the main store."""
    wanted: dict[str, Any] = {
        "store": "MAIN",
        "source": "supplier",
        "reference": reference,
        "item": house.item.code,
        "stated": quantity,
        "counted": quantity,
        "now": NOW,
    }
    return services.receive_stock(house.keeper, **(wanted | more))


def transfer(house: Warehouse, quantity: int = 1, **more: Any) -> Move:
    """So much of the item goes from the main store to the returns store."""
    wanted: dict[str, Any] = {
        "from_store": "MAIN",
        "to_store": "RET",
        "item": house.item.code,
        "quantity": quantity,
        "now": NOW,
    }
    return services.transfer_stock(house.keeper, **(wanted | more))
