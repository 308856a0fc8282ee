"""Which rows of a batch are surely of somebody new: they are decided and prepared before anything is locked.

A row is, when nobody here has its telephone, serial number or plate, and no other row has them that is not such a row itself.
Within the transaction only that is asked once more; every other row is compared there with what is on record.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from aftersales.core.actor import Actor
from aftersales.customers.models import Phone, Unit
from aftersales.customers.services.imports import ready
from aftersales.customers.services.imports.people import People
from aftersales.customers.services.imports.ready import Ready
from aftersales.customers.services.imports.tally import Tally
from aftersales.customers.services.imports.units import Units
from aftersales.customers.services.imports.words import CustomerRow, Reader, UnitRow
from aftersales.exchange.queries import Problem

if TYPE_CHECKING:
    from aftersales.staff.models import Station

Row = tuple[CustomerRow, UnitRow | None]


class Ahead:
    """Prepares batch after batch, and remembers by hashes what the earlier ones named."""

    def __init__(self, actor: Actor, station: Station, reader: Reader, *, now: datetime) -> None:
        self.actor, self.station, self.reader, self.now = actor, station, reader, now
        self._earlier: set[int] = set()

    def prepare(self, rows: Sequence[Row], spelled: Mapping[str, str]) -> Ready | None:
        """What can be written as it is, if those rows are still of somebody new then; None where there are none."""
        marks = [_marks(row, unit) for row, unit in rows]
        places = self._fresh(rows, marks)
        self._earlier.update(hash(mark) for some in marks for mark in some)
        return self._decided([(place, *rows[place]) for place in places], spelled) if places else None

    def _decided(
        self, rows: Sequence[tuple[int, CustomerRow, UnitRow | None]], spelled: Mapping[str, str]
    ) -> Ready | None:
        """What comes of these rows by the decisions that hold for every row; None where a row has a problem."""
        tally, problems = Tally(("customer", "unit")), list[Problem]()
        people = People(self.actor, self.station, tally, replaces=False, is_trial=False, now=self.now)
        units = Units(self.actor, self.reader, tally, replaces=False, is_trial=False, now=self.now)
        for place, row, unit in rows:
            person = people.find(row, problems)
            if person is not None and unit is not None:
                units.find(person, unit, place + 1, problems)
        if problems:
            return None
        places = frozenset(place for place, _row, _unit in rows)
        return ready.prepare(places, people.new(), units.new(), scope=self.station.code, spelled=spelled)

    def _fresh(self, rows: Sequence[Row], marks: Sequence[frozenset[str]]) -> list[int]:
        known = on_record(rows)
        slow = {
            place
            for place, (row, _unit) in enumerate(rows)
            if row.number
            or not marks[place].isdisjoint(known)
            or any(hash(mark) in self._earlier for mark in marks[place])
        }
        more = slow
        while more:  # whoever shares something with a row that must wait, waits with it
            shared = frozenset[str]().union(*(marks[place] for place in more))
            more = {place for place in range(len(rows)) if place not in slow and not marks[place].isdisjoint(shared)}
            slow = slow | more
        return [place for place in range(len(rows)) if place not in slow]


def on_record(rows: Sequence[Row]) -> set[str]:
    """What these rows name that somebody here has already: telephones, serial numbers, plates."""
    phones = [row.phone for row, _unit in rows if row.phone]
    serials = [unit.facts.serial for _row, unit in rows if unit is not None and unit.facts.serial]
    plates = [unit.facts.plate for _row, unit in rows if unit is not None and unit.facts.plate]
    return {
        *(f"phone:{each}" for each in Phone.objects.filter(number__in=phones).values_list("number", flat=True)),
        *(f"serial:{each}" for each in Unit.objects.filter(serial__in=serials).values_list("serial", flat=True)),
        *(f"plate:{each}" for each in Unit.objects.filter(plate__in=plates).values_list("plate", flat=True)),
    }


def _marks(row: CustomerRow, unit: UnitRow | None) -> frozenset[str]:
    marks = [f"phone:{number}" for number in row.phones]
    if unit is not None:
        marks += [f"serial:{unit.facts.serial}"] if unit.facts.serial else []
        marks += [f"plate:{unit.facts.plate}"] if unit.facts.plate else []
    return frozenset(marks)
