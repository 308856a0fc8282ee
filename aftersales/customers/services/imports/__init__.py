"""Taking tables of customers and units in: thousands of rows by the rules of the single acts, with the same journal and the same search.

The rows are read before anything is locked, and what is surely new is prepared then (`ahead`, `ready`). In the transaction each batch
is looked up at once, decided row by row, and written at once. On trial nothing is written, and the decisions are the same. The caller's
transaction makes the whole import one act.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from aftersales.core import clock, events, search
from aftersales.core.actor import Actor
from aftersales.customers.events import CustomerRegistered, UnitRegistered
from aftersales.customers.permissions import Permission
from aftersales.customers.rules import contacts
from aftersales.customers.rules.tables import REPLACE
from aftersales.customers.services.findable import index_customers, index_new, index_units
from aftersales.customers.services.imports import ready
from aftersales.customers.services.imports.ahead import Ahead, Row, on_record
from aftersales.customers.services.imports.people import NOUN as CUSTOMER, People, Person
from aftersales.customers.services.imports.tally import Tally
from aftersales.customers.services.imports.units import NOUN as UNIT, Units
from aftersales.customers.services.imports.words import CustomerRow, Reader, UnitRow
from aftersales.customers.services.turns import wait_for_all_turns
from aftersales.exchange.queries import Batch, Line, Outcome
from aftersales.staff import queries as staff


class CustomerImporter:
    """Takes rows of customers in, and with `with_units` the unit that each row names."""

    def __init__(
        self, actor: Actor, options: Mapping[str, Any], *, is_trial: bool, now: datetime, with_units: bool = False
    ) -> None:
        actor.require(Permission.EDIT_CUSTOMERS)
        if with_units:
            actor.require(Permission.EDIT_UNITS)
        code = options.get("station", "")
        station = staff.get_station(actor, code) if code else staff.station_of(actor)
        today = clock.local_date(now, station.time_zone)
        trade, _slash, category = str(options.get("category", "")).partition("/")
        replaces = options.get("mode") == REPLACE
        self.is_trial, self.with_units = is_trial, with_units
        self.tally = Tally((CUSTOMER, UNIT) if with_units else (CUSTOMER,))
        self.reader = Reader(today=today, category=(trade, category) if category else None)
        self.people = People(actor, station, self.tally, replaces=replaces, is_trial=is_trial, now=now)
        self.ahead = Ahead(actor, station, self.reader, now=now)
        self.units = Units(actor, self.reader, self.tally, replaces=replaces, is_trial=is_trial, now=now)

    @property
    def counts(self) -> dict[str, dict[str, int]]:
        """Noun → effect → how many records, each counted once."""
        return self.tally.counts

    def read(self, lines: Sequence[Line]) -> Batch:
        """What these rows say of their customers and units; in earnest with the words by which their names are found."""
        outcomes = [Outcome(line.number) for line in lines]
        rows = [
            (self.reader.customer(line, outcome.problems), self._unit(line, outcome))
            for line, outcome in zip(lines, outcomes, strict=True)
        ]
        if self.is_trial or any(outcome.problems for outcome in outcomes):
            return Batch(outcomes, rows)
        spelled = search.spell(_names(rows))
        prepared = self.ahead.prepare(rows, spelled)
        if prepared is not None:
            spelled = search.spell(_names([row for place, row in enumerate(rows) if place not in prepared.places]))
        return Batch(outcomes, rows, spelled, prepared)

    def begin_writing(self) -> None:
        """Nothing; whoever would write a telephone, serial number or plate waits until the transaction ends."""
        wait_for_all_turns()

    def take(self, batch: Batch) -> Sequence[Outcome]:
        """What becomes of these rows; in earnest they are written, unless one of them has problems."""
        done = self._write_prepared(batch)
        outcomes, rows = (
            [each for place, each in enumerate(all_of_them) if place not in done]
            for all_of_them in (batch.outcomes, batch.rows)
        )
        if rows:
            self._decide(outcomes, rows)
            if not self.is_trial and not batch.has_problems:
                self._write(batch.spelled)
        return batch.outcomes

    def _decide(self, outcomes: Sequence[Outcome], rows: Sequence[Row]) -> None:
        self.people.look_up(row for row, _unit in rows)
        people = [self.people.find(row, out.problems) for (row, _unit), out in zip(rows, outcomes, strict=True)]
        if self.with_units:
            self._find_units(rows, people, outcomes)
        for (row, unit), person, outcome in zip(rows, people, outcomes, strict=True):
            if not outcome.problems and person is not None:
                outcome.effects = {CUSTOMER: self.tally.seen[CUSTOMER, person.key].value, **outcome.effects}
                if self.is_trial:  # only the check shows what will be stored
                    outcome.stored = self._stored(row, unit, person)

    def _write_prepared(self, batch: Batch) -> frozenset[int]:
        """The places of the rows that were prepared and are written now; none where one of them is on record by now."""
        if batch.ready is None or on_record([batch.rows[place] for place in batch.ready.places]):
            return frozenset()
        station, now = self.people.station, self.people.now
        written = ready.write(batch.ready, self.people.actor, station, now=now)
        self.tally.note_new(CUSTOMER, written.customers)
        if self.with_units:
            self.tally.note_new(UNIT, list(written.owners))
        for key in written.customers:
            events.publish(CustomerRegistered(key, station.code, now))
        for key, owner in written.owners.items():
            events.publish(UnitRegistered(key, owner, now))
        places: frozenset[int] = batch.ready.places
        return places

    def _unit(self, line: Line, outcome: Outcome) -> UnitRow | None:
        return self.reader.unit(line, outcome.problems) if self.with_units else None

    def _find_units(
        self,
        rows: Sequence[Row],
        people: Sequence[Person | None],
        outcomes: Sequence[Outcome],
    ) -> None:
        pairs = [
            (person, unit, outcome)
            for (_row, unit), person, outcome in zip(rows, people, outcomes, strict=True)
            if unit is not None and person is not None
        ]
        self.units.look_up([(person, unit) for person, unit, _outcome in pairs])
        for person, unit, outcome in pairs:
            thing = self.units.find(person, unit, outcome.number, outcome.problems)
            if thing is not None:
                outcome.effects[UNIT] = self.tally.seen[UNIT, thing.key].value

    def _write(self, spelled: Mapping[str, str]) -> None:
        people = self.people.write()
        things = self.units.write() if self.with_units else []
        new = {person.record.pk: person for person in people if person.is_new}
        changed = {person.record.pk: person.record for person in people if not person.is_new}
        index_new(
            ((person.record, list(person.new_phones)) for person in new.values()),
            (thing.record for thing in things if thing.record.owner_id in new),
            scope=self.people.station.code,
            spelled=spelled,
        )
        index_customers(list(changed.values()))
        more = [thing.record for thing in things if thing.record.owner_id not in {*new, *changed}]
        index_units(more)
        self.people.publish(people)
        self.units.publish(things)

    def _stored(self, row: CustomerRow, unit: UnitRow | None, person: Person) -> dict[str, object]:
        record = person.record
        stored: dict[str, object] = {
            "number": row.number,
            "name": row.name,
            "phone": contacts.national(row.phones[0]) if row.phones else "",
            "phone_2": contacts.national(row.phones[1]) if row.phones[1:] else "",
            "address": row.address,
            "kind": record.kind_label,
            "segment": record.segment_label,
            "grade": record.grade_label,
            "contact_name": record.contact_name,
            "note": row.facts.get("note", ""),
        }
        if unit is None:
            return stored
        facts = unit.facts
        names = ("serial", "plate", "pieces", "purchased_on", "shipped_on")
        category = self.reader.rows[facts.trade, facts.category]
        return stored | {
            **{name: getattr(facts, name) for name in names},
            "trade": self.reader.trade_labels[facts.trade],
            "category": category.label,
            "model": facts.model_text,
            "meter": unit.meter,
            "unit_note": facts.note,
        }


def _names(rows: Sequence[Row]) -> Iterator[str]:
    for row, unit in rows:
        yield row.name
        yield row.facts.get("contact_name", "")
        if unit is not None:
            yield unit.facts.model_text
