"""Keeps the search index in step with customers and units."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import chain

from aftersales.core import search
from aftersales.customers import queries
from aftersales.customers.models import Customer, Phone, Unit
from aftersales.customers.rules import contacts


def index_customer(customer: Customer) -> None:
    """Make the customer and his units findable by those who see one of his stations, also by what merged records said."""
    index_customers([customer])


def index_customers(customers: Sequence[Customer]) -> None:
    """The same for many customers."""
    keys = [customer.pk for customer in customers]
    scopes = queries.stations_of(keys)
    phones: dict[int, list[str]] = {}
    having = Phone.objects.filter(customer__in=keys).order_by("-is_main", "pk")
    for key, number in having.values_list("customer_id", "number"):
        phones.setdefault(key, []).append(number)
    former = queries.predecessors(Customer, keys)
    gone = Customer.objects.in_bulk([key for many in former.values() for key in many])
    search.index_many(
        customer_entry(
            customer,
            phones.get(customer.pk, []),
            [gone[key] for key in former[customer.pk] if key in gone],
            scopes.get(customer.pk, []),
        )
        for customer in customers
    )
    units = Unit.objects.filter(owner__in=keys, merged_into__isnull=True)
    _index_units(list(units.select_related("category", "owner")), scopes)


def customer_entry(
    customer: Customer, phones: Sequence[str], gone: Sequence[Customer], scopes: Sequence[str]
) -> search.Entry:
    """What the index knows of a customer with these telephone numbers and with what was merged into him."""
    return search.Entry(
        "customer",
        customer.pk,
        title=customer.name,
        detail=" · ".join([customer.number, *(contacts.masked(number) for number in phones[:1])]),
        names=[name for one in (customer, *gone) for name in (one.name, one.contact_name) if name],
        codes=[
            *(one.number for one in (customer, *gone)),
            *(code for number in phones for code in contacts.search_codes(number)),
        ],
        scopes=scopes,
    )


def index_new(
    customers: Iterable[tuple[Customer, Sequence[str]]],
    units: Iterable[Unit],
    *,
    scope: str,
    spelled: Mapping[str, str],
) -> None:
    """Make customers and their units findable that are all new: served by one station, and nothing was merged into them.

    `spelled` are those of their names that `search.spell` has spelled already.
    """
    people = (customer_entry(customer, phones, [], [scope]) for customer, phones in customers)
    things = (unit_entry(unit, [], [scope]) for unit in units)
    search.add_many(chain(people, things), spelled=spelled)


def index_unit(unit: Unit) -> None:
    """Make the unit findable by those who see one of its owner's stations."""
    index_units([unit])


def index_units(units: Sequence[Unit]) -> None:
    """The same for many units."""
    _index_units(units, queries.stations_of({unit.owner_id for unit in units}))


def _index_units(units: Sequence[Unit], scopes: Mapping[int, Sequence[str]]) -> None:
    gone = queries.predecessors(Unit, [unit.pk for unit in units])
    former = Unit.objects.in_bulk([key for keys in gone.values() for key in keys])
    search.index_many(
        unit_entry(unit, [former[key] for key in gone[unit.pk]], scopes.get(unit.owner_id, [])) for unit in units
    )


def unit_entry(unit: Unit, gone: Sequence[Unit], scopes: Sequence[str]) -> search.Entry:
    """What the index knows of a unit with what was merged into it."""
    return search.Entry(
        "unit",
        unit.pk,
        title=unit.label,
        detail=" · ".join(part for part in (unit.serial, unit.owner.name) if part),
        names=[name for name in (unit.model_text, unit.owner.name) if name],
        codes=[code for one in (unit, *gone) for code in (one.serial, one.plate) if code],
        texts=unit.category.label.in_all_languages(),
        scopes=scopes,
    )
