"""The catalog for tests, made by its own services."""

from __future__ import annotations

from typing import Any

from aftersales.catalog import services
from aftersales.catalog.models import Category, Manufacturer, Operation, Part, UnitModel
from aftersales.core.actor import SYSTEM
from aftersales.core.money import Money
from tests.factories.staff import NOW


def make_categories() -> None:
    """The categories of all profiles."""
    services.install_profiles(SYSTEM, now=NOW)


def make_category(trade: str = "electronics", code: str = "phone") -> Category:
    """A category of a profile."""
    make_categories()
    return Category.objects.get(trade=trade, code=code)


def make_manufacturer(name: str = "华为", **facts: Any) -> Manufacturer:
    """The manufacturer of this name."""
    found = Manufacturer.objects.filter(name=name).first()
    return found or services.add_manufacturer(SYSTEM, name=name, now=NOW, **facts)


def make_model(
    name: str = "Mate 60",
    *,
    manufacturer: str = "华为",
    trade: str = "electronics",
    category: str = "phone",
    **facts: Any,
) -> UnitModel:
    """A model of a manufacturer."""
    return services.add_model(
        SYSTEM,
        manufacturer_id=make_manufacturer(manufacturer).pk,
        category_id=make_category(trade, category).pk,
        name=name,
        now=NOW,
        **facts,
    )


def make_operation(
    code: str = "SCR-01", name: str = "更换屏幕", *, trade: str = "electronics", **facts: Any
) -> Operation:
    """A labour operation of half an hour at 120 yuan an hour."""
    wanted: dict[str, Any] = {"standard_minutes": 30, "rate": Money(12000)}
    return services.add_operation(SYSTEM, trade=trade, code=code, name=name, now=NOW, **(wanted | facts))


def make_part(code: str = "LCD-M60", name: str = "屏幕总成", *, price: Money | None = None, **facts: Any) -> Part:
    """A part."""
    return services.add_part(SYSTEM, code=code, name=name, price=price or Money(68000), now=NOW, **facts)
