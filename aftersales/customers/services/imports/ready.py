"""New customers and their units, prepared down to the values of each column before the transaction, and written within it.

Only their ids and numbers are missing: those can be had only where nobody else draws any.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from operator import attrgetter
from typing import TYPE_CHECKING, Any, NamedTuple

from aftersales.catalog import queries as catalog
from aftersales.core import bulk, clock, journal, numbering, search
from aftersales.core.actor import Actor
from aftersales.customers.models import Address, Customer, CustomerStation, Phone, Unit, UnitOwnership
from aftersales.customers.rules import units as rules
from aftersales.customers.services.findable import customer_entry, unit_entry
from aftersales.customers.services.imports.people import ADDRESS_COLUMNS, PHONE_COLUMNS, STATION_COLUMNS, Person
from aftersales.customers.services.imports.units import OWNERSHIP_COLUMNS, Thing
from aftersales.customers.services.people import NUMBER_PREFIX

if TYPE_CHECKING:
    from django.db.models import Model

    from aftersales.staff.models import Station


def _columns(model: type[Model], *missing: str) -> list[str]:
    return [field.attname for field in model._meta.concrete_fields if field.attname not in missing]


CUSTOMER_COLUMNS = _columns(Customer, "id", "number")
UNIT_COLUMNS = _columns(Unit, "id", "owner_id", "serial_key")
_customer_values: Any = attrgetter(*CUSTOMER_COLUMNS)
_unit_values: Any = attrgetter(*UNIT_COLUMNS)


class _Told(NamedTuple):
    act: str
    after: str
    """The facts as JSON; of a registration without the number or the owner."""


class _Customer(NamedTuple):
    values: tuple[Any, ...]
    phones: Sequence[tuple[str, str, str, bool]]
    addresses: Sequence[str]
    told: Sequence[_Told]
    title: str
    detail: str
    """What stands behind the number."""
    words: str


class _Unit(NamedTuple):
    owner: int
    """His place among the customers."""
    values: tuple[Any, ...]
    serial: Mapping[str, str]
    told: _Told
    title: str
    detail: str
    words: str


@dataclass(frozen=True)
class Ready:
    """What is to be written of some rows of a batch."""

    places: frozenset[int]
    """The rows, by their place in the batch."""
    customers: Sequence[_Customer]
    units: Sequence[_Unit]


@dataclass(frozen=True)
class Written:
    """The ids of what was written: of customers, and unit → owner."""

    customers: Sequence[int]
    owners: Mapping[int, int]


def prepare(
    places: frozenset[int], people: Sequence[Person], things: Sequence[Thing], *, scope: str, spelled: Mapping[str, str]
) -> Ready:
    """These people and things, who are all new, ready to be written; served by the one station."""
    owners = {id(person): place for place, person in enumerate(people)}
    return Ready(
        places,
        [_ready_customer(person, scope, spelled) for person in people],
        [_ready_unit(thing, owners, scope, spelled) for thing in things],
    )


def _ready_customer(person: Person, scope: str, spelled: Mapping[str, str]) -> _Customer:
    told = [_Told(act.act, _without(act, "number")) for act in person.acts(welcomed_at=scope)]
    entry = search.know(customer_entry(person.record, list(person.new_phones), [], [scope]), spelled=spelled)
    values = _customer_values(person.record)
    return _Customer(
        values, person.added_phones(), person.new_addresses, told, entry.title, entry.detail, entry.known
    )  # fmt: skip


def _ready_unit(thing: Thing, owners: Mapping[int, int], scope: str, spelled: Mapping[str, str]) -> _Unit:
    unit, owner = thing.record, thing.owner
    assert owner is not None
    unit.owner = owner.record
    told = next(_Told(act.act, _without(act, "owner")) for act in thing.acts())
    entry = search.know(unit_entry(unit, [], [scope]), spelled=spelled)
    one_per = catalog.get_trade(unit.trade).serial_of(unit.category.code).one_per
    serial = {"one_per": one_per, "trade": unit.trade, "category": unit.category.code, "serial": unit.serial}
    return _Unit(
        owners[id(owner)], _unit_values(unit), serial, told, entry.title, entry.detail, entry.known
    )  # fmt: skip


def _without(act: journal.Act, name: str) -> str:
    """The act's facts in JSON but for this one, which is not known yet."""
    assert isinstance(act.after, dict)
    return str(journal.told({key: value for key, value in act.after.items() if key != name}))


def write(ready: Ready, actor: Actor, station: Station, *, now: datetime) -> Written:
    """The ids of what was prepared, now in the database, in the journal and in the search."""
    people, things = ready.customers, ready.units
    year = clock.local_date(now, station.time_zone).year
    numbers = numbering.next_numbers(NUMBER_PREFIX, scope=station.code, year=year, count=len(people))
    keys = bulk.take_ids(Customer, len(people))
    unit_keys, owners = bulk.take_ids(Unit, len(things)), [keys[each.owner] for each in things]
    bulk.insert(
        Customer,
        ["id", "number", *CUSTOMER_COLUMNS],
        ((key, number, *each.values) for key, number, each in zip(keys, numbers, people, strict=True)),
    )
    bulk.insert(CustomerStation, STATION_COLUMNS, ((key, station.pk, now) for key in keys))
    phones = ((key, *phone) for key, each in zip(keys, people, strict=True) for phone in each.phones)
    bulk.insert(Phone, PHONE_COLUMNS, phones)
    addresses = ((key, text, "") for key, each in zip(keys, people, strict=True) for text in each.addresses)
    bulk.insert(Address, ADDRESS_COLUMNS, addresses)
    bulk.insert(
        Unit,
        ["id", "owner_id", "serial_key", *UNIT_COLUMNS],
        (
            (key, owner, rules.serial_key(**each.serial, owner_id=owner), *each.values)
            for key, owner, each in zip(unit_keys, owners, things, strict=True)
        ),
    )
    written = Written(keys, dict(zip(unit_keys, owners, strict=True)))
    bulk.insert(UnitOwnership, OWNERSHIP_COLUMNS, ((key, owner, now, None) for key, owner in written.owners.items()))
    journal.record_many(actor, at=now, acts=_acts(ready, written, numbers, scope=station.code))
    search.add_many(_entries(ready, written, numbers, scope=station.code))
    return written


def _acts(ready: Ready, written: Written, numbers: Sequence[str], *, scope: str) -> Iterator[journal.Act]:
    for key, number, each in zip(written.customers, numbers, ready.customers, strict=True):
        for told in each.told:
            is_first = told.act == "register"
            after = journal.told_with("number", number, told.after) if is_first else bulk.JsonText(told.after)
            yield journal.Act(told.act, "customer", key, scope, after=after)
    for (key, owner), thing in zip(written.owners.items(), ready.units, strict=True):
        after = journal.told_with("owner", owner, thing.told.after)
        yield journal.Act(thing.told.act, "unit", key, scope, after=after)


def _entries(ready: Ready, written: Written, numbers: Sequence[str], *, scope: str) -> Iterator[search.Entry]:
    scopes = [scope]
    people = (
        search.Entry("customer", key, each.title, number + each.detail, codes=[number], scopes=scopes, known=each.words)
        for key, number, each in zip(written.customers, numbers, ready.customers, strict=True)
    )
    things = (
        search.Entry("unit", key, each.title, each.detail, scopes=scopes, known=each.words)
        for key, each in zip(written.owners, ready.units, strict=True)
    )
    return chain(people, things)
