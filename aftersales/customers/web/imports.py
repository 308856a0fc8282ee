"""The tables of customers and of units: what their pages say and ask, and the service that takes them in."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy

from aftersales.catalog import queries as catalog
from aftersales.core.actor import Actor
from aftersales.core.text import text as _
from aftersales.customers import services
from aftersales.customers.permissions import Permission
from aftersales.customers.rules import tables
from aftersales.exchange.queries import Importer, Table, TableField, register_table
from aftersales.staff import queries as staff

_RULES = (
    _("A customer is known again by telephone number and name together, or by the customer number of an export."),
    _("Empty cells never erase anything. Telephone numbers and addresses are added, never taken away."),
    _("By default only gaps are filled. If the table is to be right, choose below that its values are taken over."),
    _("Later rows of the same customer or unit only fill gaps."),
    _("The same table sent again changes nothing."),
    _("If one row has a problem, nothing is imported; you get these rows as a file with what to do."),
)
_UNIT_RULES = (
    _("A unit is known again by its serial number, else by its plate, else by owner, category and model."),
    _("A unit that is on record under another owner is not moved: record the new owner on its page."),
    _("A meter reading is taken over only where there is none, or the new one is higher."),
)


class OptionsForm(forms.Form):
    """What holds for the whole table."""

    mode = forms.ChoiceField(
        label=gettext_lazy("When the record is already here"),
        choices=list(tables.MODES.items()),
        initial=tables.KEEP,
        widget=forms.RadioSelect,
    )
    station = forms.ChoiceField(label=gettext_lazy("Station that serves new customers"))

    def __init__(self, data: Any, actor: Actor) -> None:
        super().__init__(data, initial={"station": actor.home_scope})
        stations = [(each.code, each.name) for each in staff.list_stations(actor, only_open=True)]
        cast("forms.ChoiceField", self.fields["station"]).choices = stations
        if len(stations) < 2:
            del self.fields["station"]


class UnitOptionsForm(OptionsForm):
    """The same with the category of rows that name none."""

    category = forms.ChoiceField(label=gettext_lazy("Category of rows that name none"), required=False)

    def __init__(self, data: Any, actor: Actor) -> None:
        super().__init__(data, actor)
        field = cast("forms.ChoiceField", self.fields["category"])
        field.choices = [("", gettext_lazy("Every row names its own")), *_categories(actor)]


def _categories(actor: Actor) -> list[tuple[str, str]]:
    """The categories, those of the actor's own trades first."""
    home = staff.station_of(actor).trades if actor.home_scope else []
    rows = sorted(catalog.list_categories(), key=lambda row: row.trade not in home)
    return [(f"{row.trade}/{row.code}", f"{catalog.get_trade(row.trade).label} · {row.label}") for row in rows]


def _unit_fields() -> tuple[TableField, ...]:
    words = tuple(row.label for row in catalog.list_categories())
    trades = tuple(trade.label for trade in catalog.list_trades())
    more = {"category": words, "trade": trades}
    return tuple(
        TableField(field.key, field.label, field.hint, field.example, field.aliases, field.is_required, more[field.key])
        if field.key in more
        else field
        for field in tables.UNIT_FIELDS
    )


def _begin_customers(actor: Actor, options: Mapping[str, Any], is_trial: bool, now: datetime) -> Importer:  # noqa: FBT001 - as declared
    return services.CustomerImporter(actor, options, is_trial=is_trial, now=now)


def _begin_units(actor: Actor, options: Mapping[str, Any], is_trial: bool, now: datetime) -> Importer:  # noqa: FBT001 - as declared
    return services.CustomerImporter(actor, options, is_trial=is_trial, now=now, with_units=True)


CUSTOMERS = register_table(
    Table(
        code="customers",
        title=_("Customers"),
        lead=_("Customers with their telephone numbers and address, one row each."),
        rules=_RULES,
        needs=(Permission.EDIT_CUSTOMERS,),
        icon="users",
        nouns={"customer": _("Customers")},
        fields=lambda: tables.CUSTOMER_FIELDS,
        options=OptionsForm,
        begin=_begin_customers,
        done_url="customers:customers",
    )
)
UNITS = register_table(
    Table(
        code="units",
        title=_("Units with their customers"),
        lead=_("Units, one row each, with the customer who owns them; a customer with several units has several rows."),
        rules=(*_UNIT_RULES, *_RULES),
        needs=(Permission.EDIT_CUSTOMERS, Permission.EDIT_UNITS),
        icon="devices",
        nouns={"customer": _("Customers"), "unit": _("Units")},
        fields=_unit_fields,
        options=UnitOptionsForm,
        begin=_begin_units,
        done_url="customers:units",
    )
)
