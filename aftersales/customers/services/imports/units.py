"""Which unit a row means, what the row adds to it, and writing it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Q

from aftersales.catalog import queries as catalog
from aftersales.core import bulk, events, journal, locks
from aftersales.core.actor import Actor
from aftersales.core.errors import Refused
from aftersales.core.text import Text, text as _
from aftersales.customers import queries
from aftersales.customers.events import UnitRegistered
from aftersales.customers.models import Unit, UnitOwnership
from aftersales.customers.rules import contacts, units as rules
from aftersales.customers.services.imports.people import Person
from aftersales.customers.services.imports.tally import Tally
from aftersales.customers.services.imports.words import Reader, UnitRow
from aftersales.customers.services.units import TAKEN, UnitFacts, serial_key_of
from aftersales.exchange.queries import Effect, Problem

NOUN = "unit"
OWNERSHIP_COLUMNS = ("unit_id", "customer_id", "since_at", "until_at")
FILLED = ("serial", "plate", "pieces", "purchased_on", "shipped_on", "note")
_OWNED = _("This unit is on record under {owner}. If it changed hands, record its new owner on its page, then import.")
_TWICE = _("Row {row} of this table has the same number under another customer. Decide which one is right.")
_PLATE_TWICE = _("Row {row} of this table has the same plate on another unit. Decide which one is right.")
_PLATE_ELSEWHERE = _("This plate is on record for another unit. Correct it, or take it off there first, then import.")


@dataclass
class Thing:
    """A unit in hand: as it was, and what the rows of this batch add."""

    record: Unit
    key: int
    """Its id; a negative number while it has none."""
    owner_key: int
    number: int
    """The row that meant it first."""
    is_new: bool = False
    before: dict[str, Any] = field(default_factory=dict)
    meter_before: int | None = None
    owner: Person | None = None

    @property
    def is_changed(self) -> bool:
        """Whether anything is to be written about it."""
        return not self.is_new and (self.record.facts() != self.before or self.has_new_meter)

    @property
    def has_new_meter(self) -> bool:
        """Whether its meter was read."""
        return self.record.meter_reading != self.meter_before

    def acts(self) -> Iterable[journal.Act]:
        """What the single services would have written down."""
        unit = self.record
        scope = unit.owner.home_station.code
        if self.is_new:
            after = {**unit.facts(), "trade": unit.trade, "meter": unit.meter_reading, "owner": unit.owner_id}
            yield journal.Act("register", "unit", unit.pk, scope, after=after)
            return
        if unit.facts() != self.before:
            yield journal.Act("edit", "unit", unit.pk, scope, self.before, unit.facts())
        if self.has_new_meter:
            before, after = {"meter": self.meter_before}, {"meter": unit.meter_reading}
            yield journal.Act("record_meter", "unit", unit.pk, scope, before, after)


@dataclass(frozen=True)
class _Trace:
    """What is still known of a unit of an earlier batch: its key, whose it is, the row that meant it, its serial number."""

    key: int
    owner_key: int
    number: int
    serial: str


class Units:
    """The units that the rows mean, batch by batch."""

    def __init__(
        self, actor: Actor, reader: Reader, tally: Tally, *, replaces: bool, is_trial: bool, now: datetime
    ) -> None:
        self.actor, self.reader, self.tally, self.now = actor, reader, tally, now
        self.replaces, self.is_trial = replaces, is_trial
        self._categories = reader.rows
        self._categories_by_id = {row.pk: row for row in catalog.list_categories(only_active=False)}
        self._traces: dict[str, _Trace] = {}
        """What tells a unit from others → the unit of this file that has it, as far as it is new."""
        self._known: dict[str, Thing] = {}
        self._in_hand: dict[int, Thing] = {}
        self._seen: set[int] = set()
        self._last_key = 0

    def look_up(self, rows: Sequence[tuple[Person, UnitRow]]) -> None:
        """Find every unit that these rows could mean, at once."""
        owners = {person.record.pk for person, _row in rows if person.record.pk}
        wanted = [self._marks(person.record.pk or person.key, row.facts) for person, row in rows]
        plates = {row.facts.plate for _person, row in rows if row.facts.plate}
        serials = {row.facts.serial for _person, row in rows if row.facts.serial}
        keys = {mark.removeprefix("serial:") for marks in wanted for mark in marks if mark.startswith("serial:")}
        found = Unit.objects.filter(
            Q(serial_key__in=keys)
            | Q(plate__in=plates)
            | Q(owner__in=owners, serial__in=serials)
            | Q(owner__in=owners, serial="", plate="", merged_into__isnull=True)
        )
        hits = list(found.values_list("pk", "merged_into_id"))
        living = {key: queries.survivor_id(Unit, key) if into else key for key, into in hits}
        self._in_hand = self._load(set(living.values()))
        gone = Unit.objects.filter(pk__in=[key for key, into in hits if into])
        self._known = {}
        for thing in self._in_hand.values():
            self._remember(thing, self._marks_of(thing.record))
        for former in gone.select_related("category") if len(living) > len(self._in_hand) else ():
            self._remember(self._in_hand[living[former.pk]], self._marks_of(former))
        self._seen = set(queries.visible_units(self.actor).filter(pk__in=self._in_hand).values_list("pk", flat=True))

    def find(self, person: Person, row: UnitRow, number: int, problems: list[Problem]) -> Thing | None:
        """The unit that the row means, with what it adds to it; None when there are problems."""
        owner_key = person.record.pk or person.key
        marks = self._marks(owner_key, row.facts)
        thing = next((self._known[mark] for mark in marks if mark in self._known), None)
        trace = None if thing else next((self._traces[mark] for mark in marks if mark in self._traces), None)
        self._object(thing or trace, owner_key, row, number, problems)
        if problems:
            return None
        if thing is None and trace is not None:  # on trial, of an earlier batch: it is counted already
            return None
        if thing is None:
            thing = self._something_new(person, row, number)
        else:
            self._add(thing, row, problems)
        if problems:
            return None
        self._remember(thing, [*marks, *self._marks_of(thing.record, owner_key)])
        effect = Effect.NEW if thing.is_new else Effect.CHANGED if thing.is_changed else Effect.UNCHANGED
        self.tally.note(NOUN, thing.key, effect)
        return thing

    def new(self) -> list[Thing]:
        """Every unit of this batch that is new."""
        return [thing for thing in self._in_hand.values() if thing.is_new]

    def write(self) -> list[Thing]:
        """Every unit of this batch that is new or changed, now in the database and in the journal."""
        new = self.new()
        changed = [thing for thing in self._in_hand.values() if thing.is_changed]
        for thing, key in zip(new, bulk.take_ids(Unit, len(new)), strict=True):
            assert thing.owner is not None
            thing.record.pk, thing.record.owner = key, thing.owner.record
            thing.record.serial_key = serial_key_of(thing.record)
        bulk.insert_objects(Unit, [thing.record for thing in new])
        bulk.insert(
            UnitOwnership,
            OWNERSHIP_COLUMNS,
            ((thing.record.pk, thing.record.owner_id, self.now, None) for thing in new),
        )
        self.tally.rename(NOUN, {thing.key: thing.record.pk for thing in new})
        for thing in changed:
            thing.record.serial_key = serial_key_of(thing.record)
            thing.record.version += 1
            thing.record.save()
        journal.record_many(self.actor, at=self.now, acts=[act for thing in [*new, *changed] for act in thing.acts()])
        return [*new, *changed]

    def publish(self, concerned: Sequence[Thing]) -> None:
        """Let the rooms above know what is known from now on."""
        for thing in concerned:
            if thing.is_new:
                events.publish(UnitRegistered(thing.record.pk, thing.record.owner_id, self.now))

    # Looking up

    def _load(self, keys: set[int]) -> dict[int, Thing]:
        rows = Unit.objects.filter(pk__in=keys).order_by("pk")
        found = {}
        for unit in rows if self.is_trial else locks.for_update(rows):
            unit.category = self._categories_by_id[unit.category_id]
            found[unit.pk] = Thing(
                unit, unit.pk, unit.owner_id, 0, before=unit.facts(), meter_before=unit.meter_reading
            )
        return found

    def _remember(self, thing: Thing, marks: Iterable[str]) -> None:
        for mark in marks:
            self._known.setdefault(mark, thing)
            if self.is_trial and (thing.is_new or thing.is_changed):
                trace = _Trace(thing.key, thing.owner_key, thing.number, thing.record.serial)
                self._traces.setdefault(mark, trace)

    def _marks(self, owner_key: int, facts: UnitFacts) -> list[str]:
        """What tells this unit from others, the surest first."""
        one_per = catalog.get_trade(facts.trade).serial_of(facts.category).one_per
        key = rules.serial_key(
            one_per=one_per, trade=facts.trade, category=facts.category, serial=facts.serial, owner_id=owner_key
        )
        marks = [f"serial:{key}", f"own:{owner_key}/{facts.trade}/{facts.serial}"] if key else []
        if facts.plate:
            marks.append(f"plate:{facts.plate}")
        if not marks:  # a unit without any number is known by its owner and what it is
            marks.append(f"kind:{owner_key}/{facts.trade}/{facts.category}/{contacts.folded_name(facts.model_text)}")
        return marks

    def _marks_of(self, unit: Unit, owner_key: int | None = None) -> list[str]:
        facts = UnitFacts(
            unit.trade, unit.category.code, model_text=unit.model_text, serial=unit.serial,
            plate=unit.plate if unit.is_active else "",
        )  # fmt: skip
        return self._marks(unit.owner_id or owner_key or 0, facts)

    # Objecting

    def _object(
        self, found: Thing | _Trace | None, owner_key: int, row: UnitRow, number: int, problems: list[Problem]
    ) -> None:
        if found is not None and found.owner_key != owner_key:
            problems.append(Problem("serial" if row.facts.serial else "plate", self._not_his(found)))
            return
        by_plate = self._known.get(f"plate:{row.facts.plate}") or self._traces.get(f"plate:{row.facts.plate}")
        if (
            not row.facts.plate
            or by_plate is None
            or (found is not None and by_plate.key == found.key and self._fits(found, row))
        ):
            return
        sentence = _PLATE_ELSEWHERE if by_plate.number in {0, number} else _with_row(_PLATE_TWICE, by_plate.number)
        problems.append(Problem("plate", sentence))

    def _fits(self, found: Thing | _Trace, row: UnitRow) -> bool:
        """Whether a unit that was found by its plate can be the one with this serial number."""
        known = found.record.serial if isinstance(found, Thing) else found.serial
        return not (known and row.facts.serial and known != row.facts.serial)

    def _not_his(self, found: Thing | _Trace) -> Text:
        if found.number:
            return _with_row(_TWICE, found.number)
        if isinstance(found, Thing) and found.key in self._seen:
            return Text(_OWNED.source, {"owner": found.record.owner.name})
        return TAKEN

    # Adding

    def _something_new(self, person: Person, row: UnitRow, number: int) -> Thing:
        facts = row.facts
        self._last_key -= 1
        record = Unit(
            trade=facts.trade,
            category=self._categories[facts.trade, facts.category],
            model_id=facts.model_id,
            created_at=self.now,
            **{name: getattr(facts, name) for name in ("model_text", *FILLED)},
        )
        if row.meter is not None:
            record.meter_reading, record.meter_at = row.meter, self.now
        thing = Thing(record, self._last_key, person.record.pk or person.key, number, is_new=True, owner=person)
        self._in_hand[thing.key] = thing
        return thing

    def _add(self, thing: Thing, row: UnitRow, problems: list[Problem]) -> None:
        record, facts = thing.record, row.facts
        takes_over = self.replaces and not thing.is_new and not self.tally.was_seen(NOUN, thing.key)
        wanted: dict[str, Any] = {}
        for name in FILLED:
            value, known = getattr(facts, name), getattr(record, name)
            if value and value != known and (takes_over or not known):
                wanted[name] = value
        if facts.model_text and facts.model_text != record.model_text and (takes_over or not record.model_text):
            wanted |= {"model_text": facts.model_text, "model_id": facts.model_id}
        try:
            self._check(record, wanted)
        except Refused as refused:
            problems.append(Problem(refused.field, refused.sentence))
            return
        for name, value in wanted.items():
            setattr(record, name, value)
        last = record.meter_reading
        if row.meter is not None and (last is None or (takes_over and row.meter > last)):
            record.meter_reading, record.meter_at = row.meter, self.now

    def _check(self, record: Unit, wanted: dict[str, Any]) -> None:
        """Refuse what would not fit the unit as it stands."""
        trade, category = catalog.get_trade(record.trade), record.category.code
        rules.check_dates(
            purchased_on=wanted.get("purchased_on", record.purchased_on),
            shipped_on=wanted.get("shipped_on", record.shipped_on),
            today=self.reader.today,
        )
        if "serial" in wanted:
            trade.serial_of(category).read(wanted["serial"])
            if self._is_taken(record, wanted["serial"]):
                raise Refused(TAKEN, field="serial")
        plate = trade.plate_of(category)
        if "plate" in wanted and plate is not None:
            plate.read(wanted["plate"])

    def _is_taken(self, record: Unit, serial: str) -> bool:
        """Whether another unit already has the number that this one, found by its plate, would get."""
        before, record.serial = record.serial, serial
        key = serial_key_of(record)
        record.serial = before
        other = self._known.get(f"serial:{key}")
        return (other is not None and other.record is not record) or Unit.objects.filter(serial_key=key).exclude(
            pk=record.pk
        ).exists()


def _with_row(sentence: Text, row: int) -> Text:
    return Text(sentence.source, {"row": row})
