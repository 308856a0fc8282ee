"""Keeps the search index in step with customers and units."""

from __future__ import annotations

from collections.abc import Sequence

from aftersales.core import search
from aftersales.customers import queries
from aftersales.customers.models import Customer, Phone, Unit
from aftersales.customers.rules import contacts


def index_customer(customer: Customer) -> None:
    """Make the customer and his units findable by those who see one of his stations, also by what merged records said."""
    scopes = queries.stations_of([customer.pk]).get(customer.pk, [])
    phones = list(Phone.objects.filter(customer=customer).order_by("-is_main", "pk"))
    gone = list(Customer.objects.filter(pk__in=queries.predecessors(Customer, [customer.pk])[customer.pk]))
    search.index(
        "customer",
        customer.pk,
        title=customer.name,
        detail=" · ".join([customer.number, *(phone.masked for phone in phones[:1])]),
        names=[name for one in (customer, *gone) for name in (one.name, one.contact_name) if name],
        codes=[
            *(one.number for one in (customer, *gone)),
            *(code for phone in phones for code in contacts.search_codes(phone.number)),
        ],
        scopes=scopes,
    )
    units = Unit.objects.filter(owner=customer, merged_into__isnull=True)
    _index_units(list(units.select_related("category", "owner")), scopes)


def index_unit(unit: Unit) -> None:
    """Make the unit findable by those who see one of its owner's stations."""
    _index_units([unit], queries.stations_of([unit.owner_id]).get(unit.owner_id, []))


def _index_units(units: Sequence[Unit], scopes: list[str]) -> None:
    gone = queries.predecessors(Unit, [unit.pk for unit in units])
    former = Unit.objects.in_bulk([key for keys in gone.values() for key in keys])
    search.index_many(
        search.Entry(
            "unit",
            unit.pk,
            title=unit.label,
            detail=" · ".join(part for part in (unit.serial, unit.owner.name) if part),
            names=[name for name in (unit.model_text, unit.owner.name) if name],
            codes=[
                code
                for one in (unit, *(former[key] for key in gone[unit.pk]))
                for code in (one.serial, one.plate)
                if code
            ],
            texts=unit.category.label.in_all_languages(),
            scopes=scopes,
        )
        for unit in units
    )
