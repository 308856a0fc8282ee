"""Which customer a row means, what the row adds to him, and writing it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from aftersales.core import bulk, clock, events, journal, locks, numbering
from aftersales.core.actor import SYSTEM, Actor
from aftersales.core.text import text as _
from aftersales.customers import queries
from aftersales.customers.events import CustomerRegistered
from aftersales.customers.models import Address, Customer, CustomerStation, Phone
from aftersales.customers.rules import contacts
from aftersales.customers.services.imports.tally import Tally
from aftersales.customers.services.imports.words import CustomerRow
from aftersales.customers.services.people import NUMBER_PREFIX
from aftersales.exchange.queries import Effect, Problem
from aftersales.staff import queries as staff

if TYPE_CHECKING:
    from aftersales.staff.models import Station

NOUN = "customer"
PHONE_COLUMNS = ("customer_id", "number", "typed", "label", "is_main")
ADDRESS_COLUMNS = ("customer_id", "text", "label")
STATION_COLUMNS = ("customer_id", "station_id", "since_at")
FILLED = ("contact_name", "note")
"""The facts that can be missing; the others always say something."""


@dataclass
class Person:
    """A customer in hand: as he was, and what the rows of this batch add."""

    record: Customer
    key: int
    """His id; a negative number while he has none."""
    names: set[str]
    is_seen: bool = True
    """Whether the actor could open his page."""
    is_here: bool = True
    """Whether the station of the import serves him."""
    is_new: bool = False
    phones: set[str] = field(default_factory=set)
    addresses: set[str] = field(default_factory=set)
    before: dict[str, Any] = field(default_factory=dict)
    new_phones: dict[str, str] = field(default_factory=dict)
    new_addresses: list[str] = field(default_factory=list)
    is_welcomed: bool = False

    def added_phones(self, *, has_main: bool = False) -> list[tuple[str, str, str, bool]]:
        """The telephones he gets, as `PHONE_COLUMNS`; the first one becomes the main one where he has none."""
        return [
            (number, typed, "", place == 0 and not has_main)
            for place, (number, typed) in enumerate(self.new_phones.items())
        ]

    def acts(self, *, welcomed_at: str) -> Iterable[journal.Act]:
        """What the single services would have written down."""
        record, scope = self.record, self.record.home_station.code
        phones = list(self.new_phones)
        if self.is_new:
            after = {"number": record.number, **record.facts(), "phone": phones[0] if phones else ""}
            yield journal.Act("register", "customer", record.pk, scope, after=after)
            phones = phones[1:]
        elif record.facts() != self.before:
            yield journal.Act("edit", "customer", record.pk, scope, self.before, record.facts())
        if self.is_welcomed:
            yield journal.Act("welcome", "customer", record.pk, welcomed_at, after={"station": welcomed_at})
        for number in phones:
            yield journal.Act("add_phone", "customer", record.pk, scope, after={"phone": number, "label": ""})
        for text in self.new_addresses:
            yield journal.Act("add_address", "customer", record.pk, scope, after={"address": text, "label": ""})

    @property
    def is_changed(self) -> bool:
        """Whether anything is to be written about him."""
        more = self.new_phones or self.new_addresses or self.is_welcomed
        return bool(more) or (not self.is_new and self.record.facts() != self.before)


class People:
    """The customers that the rows mean, batch by batch."""

    def __init__(
        self, actor: Actor, station: Station, tally: Tally, *, replaces: bool, is_trial: bool, now: datetime
    ) -> None:
        self.actor, self.station, self.tally, self.now = actor, station, tally, now
        self.replaces, self.is_trial = replaces, is_trial
        self._by_phone: dict[str, list[Person]] = {}
        self._by_number: dict[str, Person] = {}
        self._earlier: dict[tuple[str, str], int] = {}
        """Telephone and name → the key of somebody new in an earlier batch, who on trial is not in the database."""
        self._in_hand: dict[int, Person] = {}
        self._last_key = 0
        self._stations: dict[int, Station] = {station.pk: station}

    def look_up(self, rows: Iterable[CustomerRow]) -> None:
        """Find everybody whom these rows could mean, at once."""
        rows = list(rows)
        numbers = {row.number for row in rows if row.number}
        phones = {phone for row in rows for phone in row.phones[:1]}
        by_number = dict(Customer.objects.filter(number__in=numbers).values_list("number", "pk"))
        holders = list(
            Phone.objects.filter(number__in=phones).order_by("customer_id").values_list("number", "customer_id")
        )
        living = self._living({*by_number.values(), *(key for _number, key in holders)})
        self._in_hand = self._load(set(living.values()))
        self._by_number = {
            number: self._in_hand[living[key]]
            for number, key in by_number.items()
            if self._in_hand[living[key]].is_seen
        }
        self._by_phone = {}
        for number, key in holders:
            people = self._by_phone.setdefault(number, [])
            if self._in_hand[living[key]] not in people:
                people.append(self._in_hand[living[key]])

    def find(self, row: CustomerRow, problems: list[Problem]) -> Person | None:
        """The customer whom the row means, with what it adds to him; None when there are problems."""
        if row.number:
            person = self._by_number.get(row.number)
            if person is None:
                problems.append(
                    Problem("number", _("No customer at your stations has this number. Correct it, or leave it empty."))
                )
        else:
            person = self._known(row) or self._somebody_new(row)
        if problems or person is None:
            return None
        self._add(person, row)
        effect = Effect.NEW if person.is_new else Effect.CHANGED if person.is_changed else Effect.UNCHANGED
        self.tally.note(NOUN, person.key, effect)
        return person

    def new(self) -> list[Person]:
        """Everybody of this batch who is new."""
        return [person for person in self._in_hand.values() if person.is_new]

    def write(self) -> list[Person]:
        """Everybody of this batch who is new or changed, now in the database and in the journal."""
        concerned = [person for person in self._in_hand.values() if person.is_new or person.is_changed]
        self._register(self.new())
        acts: list[journal.Act] = []
        for person in concerned:
            acts += person.acts(welcomed_at=self.station.code)
        self._write_reach(concerned)
        for person in concerned:
            if not person.is_new and person.record.facts() != person.before:
                person.record.version += 1
                person.record.save(update_fields=[*person.before, "version"])
        journal.record_many(self.actor, at=self.now, acts=acts)
        return concerned

    def publish(self, concerned: Sequence[Person]) -> None:
        """Let the rooms above know who is served here from now on."""
        for person in concerned:
            if person.is_new or person.is_welcomed:
                events.publish(CustomerRegistered(person.record.pk, self.station.code, self.now, is_new=person.is_new))

    # Looking up

    def _living(self, keys: set[int]) -> dict[int, int]:
        gone = Customer.objects.filter(pk__in=keys, merged_into__isnull=False).values_list("pk", flat=True)
        return {**{key: key for key in keys}, **{key: queries.survivor_id(Customer, key) for key in gone}}

    def _load(self, keys: set[int]) -> dict[int, Person]:
        rows = Customer.objects.filter(pk__in=keys).order_by("pk")
        seen = set(queries.visible_customers(self.actor).filter(pk__in=keys).values_list("pk", flat=True))
        found = {
            record.pk: Person(
                record, record.pk, {_folded(record.name)}, is_seen=record.pk in seen, before=record.facts()
            )
            for record in (rows if self.is_trial else locks.for_update(rows))
        }
        for person in found.values():
            person.record.home_station = self._station(person.record.home_station_id)
            person.is_here = False
        # plain values on purpose: objects for all of these would take most of the time
        for key, number in Phone.objects.filter(customer__in=keys).values_list("customer_id", "number"):
            found[key].phones.add(number)
        for key, text in Address.objects.filter(customer__in=keys).values_list("customer_id", "text"):
            found[key].addresses.add(text)
        served = CustomerStation.objects.filter(customer__in=keys, station=self.station)
        for key in served.values_list("customer_id", flat=True):
            found[key].is_here = True
        self._add_former_names(found)
        return found

    def _station(self, key: int) -> Station:
        if key not in self._stations:
            self._stations = {station.pk: station for station in staff.list_stations(SYSTEM)}
        return self._stations[key]

    @staticmethod
    def _add_former_names(found: Mapping[int, Person]) -> None:
        """By what merged records said, people are known too."""
        former = queries.predecessors(Customer, found)
        keys = [key for many in former.values() for key in many]
        names = dict(Customer.objects.filter(pk__in=keys).values_list("pk", "name")) if keys else {}
        for key, many in former.items():
            found[key].names |= {_folded(names[each]) for each in many}

    def _known(self, row: CustomerRow) -> Person | None:
        """By number and name together: one of them alone finds nobody whom only other stations know."""
        name = _folded(row.name)
        people = sorted(self._by_phone.get(row.phone, ()), key=lambda person: not person.is_seen)
        return next((person for person in people if name in person.names), None)

    def _somebody_new(self, row: CustomerRow) -> Person:
        name = _folded(row.name)
        key = self._earlier.get((row.phone, name))
        if key is None:
            self._last_key -= 1
            key = self._last_key
            if self.is_trial:  # in earnest, later batches find him in the database
                self._earlier[row.phone, name] = key
        record = Customer(home_station=self.station, name=row.name, created_at=self.now)
        person = Person(record, key, {name}, is_new=True)
        self._in_hand[key] = person
        self._by_phone.setdefault(row.phone, []).append(person)
        return person

    # Adding

    def _add(self, person: Person, row: CustomerRow) -> None:
        is_first = not self.tally.was_seen(NOUN, person.key)
        self._fill(person.record, row, takes_over=is_first and (person.is_new or self.replaces))
        for number in row.phones:
            if number not in person.phones:
                person.phones.add(number)
                person.new_phones[number] = row.typed[number]
        if row.address and row.address not in person.addresses:
            person.addresses.add(row.address)
            person.new_addresses.append(row.address)
        if not (person.is_new or person.is_here):
            person.is_here = person.is_welcomed = True

    def _fill(self, record: Customer, row: CustomerRow, *, takes_over: bool) -> None:
        for name, value in row.facts.items():
            if takes_over or (name in FILLED and not getattr(record, name)):
                setattr(record, name, value)
        if takes_over and row.number:  # found by his number, he may have another name by now
            record.name = row.name

    # Writing

    def _register(self, new: Sequence[Person]) -> None:
        year = clock.local_date(self.now, self.station.time_zone).year
        numbers = numbering.next_numbers(NUMBER_PREFIX, scope=self.station.code, year=year, count=len(new))
        for person, number in zip(new, numbers, strict=True):
            person.record.number = number
        for person, key in zip(new, bulk.take_ids(Customer, len(new)), strict=True):
            person.record.pk = key
        bulk.insert_objects(Customer, [person.record for person in new])
        renamed = {}
        for person in new:
            renamed[person.key] = person.key = person.record.pk
        self.tally.rename(NOUN, {old: key for old, key in renamed.items() if old != key})

    def _write_reach(self, concerned: Sequence[Person]) -> None:
        newly_served = [person for person in concerned if person.is_new or person.is_welcomed]
        bulk.insert(
            CustomerStation,
            STATION_COLUMNS,
            ((person.record.pk, self.station.pk, self.now) for person in newly_served),
        )
        known = [person.record.pk for person in concerned if person.new_phones and not person.is_new]
        with_main = set(
            Phone.objects.filter(customer__in=known, is_main=True).values_list("customer_id", flat=True)
            if known
            else ()
        )
        phones = (
            (person.record.pk, *phone)
            for person in concerned
            for phone in person.added_phones(has_main=person.record.pk in with_main)
        )
        bulk.insert(Phone, PHONE_COLUMNS, phones)
        addresses = [(person.record.pk, text, "") for person in concerned for text in person.new_addresses]
        bulk.insert(Address, ADDRESS_COLUMNS, addresses)


def _folded(name: str) -> str:
    """The name in the one form by which names are compared; one of signs only is compared as it is."""
    return contacts.folded_name(name) or name
