"""Finding or making the customer and his unit in one act, while he stands at the counter."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime

from django.db.models import QuerySet

from aftersales.catalog import queries as catalog
from aftersales.core import clock, journal, transaction
from aftersales.core.actor import SYSTEM, Actor
from aftersales.core.errors import Invalid, Refused
from aftersales.core.text import text as _
from aftersales.customers import queries
from aftersales.customers.models import Customer, Unit
from aftersales.customers.rules import contacts, units as rules
from aftersales.customers.services.findable import index_unit
from aftersales.customers.services.people import locked_customer, serve_here, welcome_customer
from aftersales.customers.services.reach import add_phone
from aftersales.customers.services.turns import wait_for_turn
from aftersales.customers.services.units import (
    UnitFacts,
    complete_unit,
    hand_on,
    locked_unit,
    record_meter,
    register_unit,
)
from aftersales.staff import queries as staff


@transaction.act
def find_or_register(
    actor: Actor,
    *,
    phone: str,
    name: str,
    trade: str,
    category: str,
    now: datetime,
    customer_id: int | None = None,
    unit_id: int | None = None,
    serial: str = "",
    plate: str = "",
    model_id: int | None = None,
    model_text: str = "",
    meter: int | None = None,
    meter_reason: str = "",
    purchased_on: date | None = None,
    station: str = "",
    takes_over: bool = False,
) -> tuple[Customer, Unit]:
    """The customer and the unit he brings, each found or made; two counters at once make one of each.

    Who brings a unit need not own it: its owner stays. `takes_over` says that the unit, or its plate, is his from now on.
    """
    customer = _customer(actor, phone=phone, name=name, customer_id=customer_id, station=station, now=now)
    facts = UnitFacts(
        trade=trade,
        category=category,
        model_id=model_id,
        model_text=model_text,
        serial=serial,
        plate=plate,
        purchased_on=purchased_on,
    )
    if unit_id is None:
        unit = _unit(actor, customer, facts, takes_over=takes_over, now=now)
    else:
        unit = _chosen(actor, unit_id, facts, now=now)
    if meter is not None and meter != unit.meter_reading:
        unit = record_meter(actor, unit_id=unit.pk, reading=meter, reason=meter_reason, now=now)
    return customer, unit


def _customer(actor: Actor, *, phone: str, name: str, customer_id: int | None, station: str, now: datetime) -> Customer:
    here = staff.get_station(actor, station) if station else staff.station_of(actor)
    if customer_id is not None:
        customer = locked_customer(actor, customer_id)
        if phone.strip() and not any(contacts.is_shown_as(phone, known.number) for known in customer.phones.all()):
            add_phone(actor, customer_id=customer.pk, phone=phone, now=now)
    else:
        wait_for_turn(f"phone:{contacts.read_phone(phone)}")
        customer = _known(actor, phone=phone, name=name) or welcome_customer(
            actor, phone=phone, name=name, station=here.code, now=now
        )
    serve_here(actor, customer, here, now=now)
    return customer


def _known(actor: Actor, *, phone: str, name: str) -> Customer | None:
    found = queries.find_customers_by_phone(actor, phone)
    if name.strip():
        found = [customer for customer in found if contacts.is_same_name(customer.name, name)][:1]
    if len(found) > 1:
        raise Invalid(_("Several customers share this number. Choose one of them, or write the name."), field="name")
    return locked_customer(actor, found[0].pk) if found else None


# The unit


@dataclass(frozen=True)
class _Matches:
    """What the typed numbers point at, wherever it is known."""

    by_serial: Unit | None
    by_plate: Unit | None

    def plate_is_elsewhere(self, serial: str) -> bool:
        """Whether the plate is on record for another unit than the one the serial number means."""
        if self.by_plate is None:
            return False
        if self.by_serial is not None:
            return self.by_serial.pk != self.by_plate.pk
        return bool(serial and self.by_plate.serial and self.by_plate.serial != serial)


def _chosen(actor: Actor, unit_id: int, facts: UnitFacts, *, now: datetime) -> Unit:
    unit = locked_unit(actor, unit_id)
    typed = replace(facts, trade=unit.trade, category=unit.category.code).checked(today=_today(unit.owner, now))
    if typed.serial and unit.serial and typed.serial != unit.serial:
        raise Refused(
            _(
                "The chosen unit has the number {known}, not {typed}. Choose again, or correct the number.",
                known=unit.serial,
                typed=typed.serial,
            ),
            field="serial",
        )
    return _completed(actor, unit, typed, now=now)


def _unit(actor: Actor, customer: Customer, facts: UnitFacts, *, takes_over: bool, now: datetime) -> Unit:
    checked = facts.checked(today=_today(customer, now))
    wait_for_turn(*_turns(checked))
    found = _matches(customer, checked)
    if found.plate_is_elsewhere(checked.serial):
        if not takes_over:
            raise Refused(_PLATE_ELSEWHERE, field="plate")
        _give_up_plate(actor, found.by_plate, now=now)
        found = replace(found, by_plate=None)
    known = found.by_serial or found.by_plate
    if known is None:
        return register_unit(actor, customer_id=customer.pk, facts=facts, now=now)
    unit = locked_unit(SYSTEM, known.pk)  # whose it is, and whether that may be said here, is asked next
    return _completed(actor, _owned(actor, unit, customer, takes_over=takes_over, now=now), checked, now=now)


_PLATE_ELSEWHERE = _(
    "This plate is on record for another unit. Compare it once more; if the plate has moved, tick that the numbers are this customer's now."
)
_OWNED_ELSEWHERE = _(
    "This number is on record under another owner. Compare it once more; if the unit changed hands, tick that it is this customer's now."
)


def _turns(facts: UnitFacts) -> list[str]:
    turns = [f"serial:{facts.trade}/{facts.serial}"] if facts.serial else []
    return turns + ([f"plate:{facts.plate}"] if facts.plate else [])


def _matches(customer: Customer, facts: UnitFacts) -> _Matches:
    having = Unit.objects.filter(plate=facts.plate) if facts.plate else Unit.objects.none()
    if not facts.serial:
        return _Matches(None, _living(having, is_active=True))
    by_plate = having.filter(is_active=True).first()
    one_per = catalog.get_trade(facts.trade).serial_of(facts.category).one_per
    key = rules.serial_key(
        one_per=one_per, trade=facts.trade, category=facts.category, serial=facts.serial, owner_id=customer.pk
    )
    own = Unit.objects.filter(owner=customer, trade=facts.trade, serial=facts.serial)
    by_key = _living(Unit.objects.filter(serial_key=key))
    return _Matches(by_key or _living(own.order_by("-is_active", "pk")), by_plate)


def _living(units: QuerySet[Unit], **narrow: bool) -> Unit | None:
    """The first of these units; when all of them were merged, the one under which the first goes on."""
    found = units.filter(merged_into__isnull=True, **narrow).first()
    if found is not None:
        return found
    gone = units.filter(merged_into__isnull=False).first()
    if gone is None:
        return None
    return Unit.objects.filter(pk=queries.survivor_id(Unit, gone.pk), **narrow).first()


def _owned(actor: Actor, unit: Unit, customer: Customer, *, takes_over: bool, now: datetime) -> Unit:
    """The unit under its owner; the customer's when it changed hands."""
    if unit.owner_id == customer.pk:
        return unit
    is_seen = queries.visible_units(actor).filter(pk=unit.pk).exists()
    if takes_over:
        if not is_seen:
            unit.note = ""  # what another station noted about its customer's unit stays in its journal
        return hand_on(actor, unit, customer, now=now)
    if not is_seen:
        raise Refused(_OWNED_ELSEWHERE, field="serial" if unit.serial else "plate")
    return unit


def _completed(actor: Actor, unit: Unit, typed: UnitFacts, *, now: datetime) -> Unit:
    """The unit with what was missing filled in; what was known stays as it was."""
    before = unit.facts()
    if not unit.model_text:
        unit.model_id, unit.model_text = typed.model_id, typed.model_text
    unit.serial, unit.plate = unit.serial or typed.serial, unit.plate or typed.plate
    unit.purchased_on = unit.purchased_on or _believed(typed.purchased_on, unit)
    unit.is_active = True
    if unit.facts() == before:
        return unit
    return complete_unit(actor, unit, before=before, now=now)


def _believed(purchased_on: date | None, unit: Unit) -> date | None:
    """The day of purchase, checked against the day of shipment that is on record."""
    rules.check_dates(purchased_on=purchased_on, shipped_on=unit.shipped_on, today=purchased_on or date.max)
    return purchased_on


def _give_up_plate(actor: Actor, unit: Unit | None, *, now: datetime) -> None:
    if unit is None:
        return
    before = {"plate": unit.plate}
    unit.plate = ""
    unit.version += 1
    unit.save(update_fields=["plate", "version"])
    journal.record(
        actor, at=now, act="give_up_plate", kind="unit", key=unit.pk, scope=unit.owner.home_station.code, before=before,
        after={"plate": ""},
    )  # fmt: skip
    index_unit(unit)


def _today(customer: Customer, now: datetime) -> date:
    return clock.local_date(now, customer.home_station.time_zone)
