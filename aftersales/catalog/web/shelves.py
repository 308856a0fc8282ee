"""The kinds of items the catalog holds, as data: how each is listed, shown, added and changed. The views are made from it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from aftersales.catalog import queries, services
from aftersales.catalog.web import forms
from aftersales.core.actor import Actor
from aftersales.core.text import Text, text as _
from aftersales.ui.lists import Column


@dataclass(frozen=True)
class Cell:
    """One value of a row, ready to be drawn."""

    label: Text
    value: object
    is_number: bool = False


@dataclass(frozen=True)
class Shelf:
    """One kind of item."""

    noun: str
    plural: str
    title: Text
    add_title: Text
    empty: Text
    columns: tuple[Column, ...]
    default_sort: str
    filters: tuple[str, ...]
    rows: Callable[..., QuerySet[Any]]
    get: Callable[[Actor, int], Any]
    cells: Callable[[Any], tuple[object, ...]]
    form: type[forms.ItemForm]
    initial: Callable[[Any], Mapping[str, Any]]
    add: Callable[..., Any]
    edit: Callable[..., Any]

    def drawn(self, row: Any) -> list[Cell]:
        """The row's values under the headings of the list."""
        pairs = zip(self.columns, self.cells(row), strict=True)
        return [Cell(column.label, value, column.is_number) for column, value in pairs]  # type: ignore[arg-type]

    def change(self, actor: Actor, row: Any, typed: dict[str, Any], now: datetime) -> Any:
        """The item as changed."""
        return self.edit(actor, **{f"{self.noun}_id": row.pk}, **typed, now=now)


MODELS = Shelf(
    noun="model",
    plural="models",
    title=_("Models"),
    add_title=_("Add a model"),
    empty=_("Add the models you repair; intake then offers them while typing."),
    columns=(
        Column("name", _("Model"), ("manufacturer__name", "name")),
        Column("code", _("Model code"), ("code",)),
        Column("category", _("Category"), ("category__trade", "category__position", "name")),
        Column("warranty", _("Warranty (months)"), ("warranty_months", "name"), is_number=True),
    ),
    default_sort="name",
    filters=("q", "trade", "category", "manufacturer"),
    rows=queries.list_models,
    get=queries.get_model,
    cells=lambda row: (str(row), row.code, row.category.label, row.warranty_months),
    form=forms.ModelForm,
    initial=lambda row: {
        "manufacturer": str(row.manufacturer_id),
        "category": str(row.category_id),
        **{name: getattr(row, name) for name in ("name", "code", "warranty_months")},
    },
    add=services.add_model,
    edit=services.edit_model,
)
OPERATIONS = Shelf(
    noun="operation",
    plural="operations",
    title=_("Labour operations"),
    add_title=_("Add a labour operation"),
    empty=_("Add what your people do, with its standard time and rate; quotations then take the price from here."),
    columns=(
        Column("name", _("Operation"), ("name", "pk")),
        Column("code", _("Code"), ("trade", "code")),
        Column("trade", _("Trade"), ("trade", "code")),
        Column("hours", _("Standard hours"), ("standard_minutes", "pk"), is_number=True),
        Column("rate", _("Rate per hour"), ("rate_fen", "pk"), is_number=True),
        Column("price", _("Price"), is_number=True),
    ),
    default_sort="code",
    filters=("q", "trade"),
    rows=queries.list_operations,
    get=queries.get_operation,
    cells=lambda row: (row.name, row.code, queries.get_trade(row.trade).label, row.hours, row.rate, row.price),
    form=forms.OperationForm,
    initial=lambda row: {
        "code": row.code, "name": row.name, "category": str(row.category_id or ""), "hours": row.hours, "rate": row.rate.plain,
    },
    add=services.add_operation,
    edit=services.edit_operation,
)  # fmt: skip
PARTS = Shelf(
    noun="part",
    plural="parts",
    title=_("Parts"),
    add_title=_("Add a part"),
    empty=_("Add the parts you fit, with their prices; quotations then take the price from here."),
    columns=(
        Column("name", _("Part"), ("name", "pk")),
        Column("code", _("Part code"), ("code",)),
        Column("manufacturer", _("Manufacturer"), ("manufacturer__name", "code")),
        Column("measure", _("Counted in")),
        Column("price", _("Price"), ("price_fen", "pk"), is_number=True),
    ),
    default_sort="code",
    filters=("q", "manufacturer"),
    rows=queries.list_parts,
    get=queries.get_part,
    cells=lambda row: (row.name, row.code, row.manufacturer.name if row.manufacturer else "", row.measure, row.price),
    form=forms.PartForm,
    initial=lambda row: {
        "code": row.code, "name": row.name, "manufacturer": str(row.manufacturer_id or ""), "measure": row.measure,
        "price": row.price.plain,
    },
    add=services.add_part,
    edit=services.edit_part,
)  # fmt: skip
MANUFACTURERS = Shelf(
    noun="manufacturer",
    plural="manufacturers",
    title=_("Manufacturers"),
    add_title=_("Add a manufacturer"),
    empty=_("Add whose units and parts you deal with; models and parts then belong to them."),
    columns=(
        Column("name", _("Manufacturer"), ("name",)),
        Column("other_names", _("Other names")),
        Column("hotline", _("Hotline")),
    ),
    default_sort="name",
    filters=("q",),
    rows=queries.list_manufacturers,
    get=queries.get_manufacturer,
    cells=lambda row: (row.name, row.other_names, row.hotline),
    form=forms.ManufacturerForm,
    initial=lambda row: {name: getattr(row, name) for name in ("name", "other_names", "hotline", "note")},
    add=services.add_manufacturer,
    edit=services.edit_manufacturer,
)
SHELVES = (MODELS, OPERATIONS, PARTS, MANUFACTURERS)
