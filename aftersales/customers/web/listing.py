"""Which customers and units a list shows: the columns one may sort by, and the rows asked for."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from aftersales.core.actor import Actor
from aftersales.core.text import text as _
from aftersales.core.web.access import ActorRequest
from aftersales.customers import queries
from aftersales.customers.web import forms
from aftersales.exchange.queries import Asked
from aftersales.staff import queries as staff
from aftersales.ui.lists import Column, Listed, sorting

CUSTOMER_COLUMNS = (
    Column("name", _("Customer"), ("name", "pk")),
    Column("phone", _("Telephone")),
    Column("segment", _("Buys as")),
    Column("grade", _("Grade")),
    Column("units", _("Units"), is_number=True),
    Column("since", _("Since"), ("created_at", "pk")),
)
UNIT_COLUMNS = (
    Column("model", _("Unit"), ("model_text", "pk")),
    Column("serial", _("Serial number"), ("serial", "pk")),
    Column("plate", _("Plate"), ("plate", "pk")),
    Column("category", _("Category")),
    Column("owner", _("Owner")),
    Column("since", _("Since"), ("created_at", "pk")),
)


def stations_of(actor: Actor) -> list[tuple[str, str]]:
    """The stations the actor sees, as choices for a filter."""
    return [(station.code, station.name) for station in staff.list_stations(actor)]


def listed_customers(asked: ActorRequest | Asked) -> Listed[Any]:
    """The customers asked for, for the page and for its export."""
    form = forms.FilterForm(asked.GET, stations=stations_of(asked.actor))
    sort = sorting(asked, CUSTOMER_COLUMNS, default="-since")
    return Listed(queries.list_customers(asked.actor, **form.wanted()).order_by(*sort.order_by), form, sort)


def listed_units(asked: ActorRequest | Asked) -> Listed[Any]:
    """The units asked for, for the page and for its export."""
    form = forms.UnitFilterForm(asked.GET, stations=stations_of(asked.actor))
    sort = sorting(asked, UNIT_COLUMNS, default="-since")
    return Listed(queries.list_units(asked.actor, **form.wanted()).order_by(*sort.order_by), form, sort)


def listed_pairs(asked: ActorRequest | Asked, kind: str) -> QuerySet[Any]:
    """The pairs that may be one, or those found different; for the page and for its export."""
    return queries.list_pairs(asked.actor, kind, dismissed=asked.GET.get("show", "") == "different")
