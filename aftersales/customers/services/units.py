"""Registering and changing units, reading their meters, and passing them on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError

from aftersales.catalog import queries as catalog
from aftersales.core import clock, events, journal, locks, transaction, versions
from aftersales.core.actor import Actor
from aftersales.core.errors import Invalid, Missing
from aftersales.core.rows import only
from aftersales.core.text import text as _
from aftersales.customers import queries
from aftersales.customers.events import UnitRegistered, UnitTransferred
from aftersales.customers.models import Customer, Unit, UnitOwnership
from aftersales.customers.permissions import Permission
from aftersales.customers.rules import history, units as rules
from aftersales.customers.services.findable import index_unit
from aftersales.customers.services.people import locked_customer

TAKEN = _(
    "This number is already on another unit. Search for it; if the unit changed hands, record its new owner there."
)
PLATE_TAKEN = _("This plate is already on another unit in use. Take it off there first, or compare it once more.")


@dataclass(frozen=True)
class UnitFacts:
    """What is written down about a unit. Trade and category are codes; a model's name becomes the catalog's model."""

    trade: str
    category: str
    model_id: int | None = None
    model_text: str = ""
    serial: str = ""
    plate: str = ""
    pieces: int | None = None
    purchased_on: date | None = None
    shipped_on: date | None = None
    note: str = ""
    is_active: bool = True

    def checked(self, *, today: date, find_model: catalog.FindModel = catalog.find_model_named) -> UnitFacts:
        """The same with every number in its one spelling; refuses what cannot be. `find_model` finds a model by its name."""
        trade = catalog.get_trade(self.trade)
        model = catalog.find_model(self.model_id) or find_model(self.model_text, trade.code)
        if model is not None and model.category.trade != trade.code:
            raise Invalid(_("This model belongs to another trade. Choose one from the list."), field="model")
        rules.check_dates(purchased_on=self.purchased_on, shipped_on=self.shipped_on, today=today)
        plate = trade.plate_of(self.category)
        if self.plate.strip() and plate is None:
            raise Invalid(_("Units of this category carry no plate. Leave it empty."), field="plate")
        return replace(
            self,
            serial=trade.serial_of(self.category).read(self.serial).value,
            plate=plate.read(self.plate) if plate else "",
            model_id=model.pk if model else None,
            model_text=str(model) if model else " ".join(self.model_text.split())[:120],
            note=self.note.strip(),
        )


@transaction.act
def register_unit(actor: Actor, *, customer_id: int, facts: UnitFacts, meter: int | None = None, now: datetime) -> Unit:
    """The new unit of a customer."""
    actor.require(Permission.EDIT_UNITS)
    owner = locked_customer(actor, customer_id)
    unit = Unit(owner=owner, created_at=now)
    _fill(unit, facts, now=now)
    if meter is not None:
        _read_meter(unit, meter, reason="", now=now)
    _write(unit)
    UnitOwnership.objects.create(unit=unit, customer=owner, since_at=now)
    journal.record(
        actor, at=now, act="register", kind="unit", key=unit.pk, scope=owner.home_station.code,
        after={**unit.facts(), "trade": unit.trade, "meter": unit.meter_reading, "owner": owner.pk},
    )  # fmt: skip
    index_unit(unit)
    events.publish(UnitRegistered(unit.pk, owner.pk, now))
    return unit


@transaction.act
def edit_unit(actor: Actor, *, unit_id: int, version: int, facts: UnitFacts, now: datetime) -> Unit:
    """The unit as changed; refuses when somebody else changed it meanwhile."""
    actor.require(Permission.EDIT_UNITS)
    unit = locked_unit(actor, unit_id)
    before, stands = unit.facts(), unit.version
    _fill(unit, facts, now=now)
    versions.check(
        stands=stands,
        opened=version,
        kind="unit",
        key=unit_id,
        current=before,
        wanted=unit.facts(),
        labels=history.LABELS,
    )
    _write(unit)
    _changed(actor, unit, act="edit", before=before, after=unit.facts(), now=now)
    return unit


@transaction.act
def transfer_unit(actor: Actor, *, unit_id: int, to_customer_id: int, note: str = "", now: datetime) -> Unit:
    """The unit with its new owner; who had it before stays on record."""
    actor.require(Permission.EDIT_UNITS)
    heir = locked_customer(actor, to_customer_id)
    return hand_on(actor, locked_unit(actor, unit_id), heir, note=note, now=now)


def hand_on(actor: Actor, unit: Unit, heir: Customer, *, note: str = "", now: datetime) -> Unit:
    """The locked unit with its new owner."""
    giver_id = unit.owner_id
    if giver_id == heir.pk:
        raise Invalid(_("This customer already owns the unit."), field="customer")
    UnitOwnership.objects.filter(unit=unit, until_at__isnull=True).update(until_at=now)
    UnitOwnership.objects.create(unit=unit, customer=heir, since_at=now)
    unit.owner = heir
    unit.serial_key = serial_key_of(unit)
    _write(unit)
    _changed(
        actor, unit, act="transfer", before={"owner": giver_id}, after={"owner": heir.pk}, note=note.strip(), now=now
    )
    events.publish(UnitTransferred(unit.pk, giver_id, heir.pk, now))
    return unit


def complete_unit(actor: Actor, unit: Unit, *, before: dict[str, Any], now: datetime) -> Unit:
    """The locked unit with the facts that were filled in at the counter written and journaled."""
    unit.serial_key = serial_key_of(unit)
    _write(unit)
    _changed(actor, unit, act="edit", before=before, after=unit.facts(), now=now)
    return unit


@transaction.act
def record_meter(actor: Actor, *, unit_id: int, reading: int, reason: str = "", now: datetime) -> Unit:
    """The unit with its new meter reading; a lower one than before needs a reason."""
    actor.require(Permission.EDIT_UNITS)
    unit = locked_unit(actor, unit_id)
    before = {"meter": unit.meter_reading}
    _read_meter(unit, reading, reason=reason, now=now)
    _write(unit)
    _changed(actor, unit, act="record_meter", before=before, after={"meter": reading}, note=reason.strip(), now=now)
    return unit


def locked_unit(actor: Actor, unit_id: int) -> Unit:
    """The unit (or the one it was merged into), if the actor sees it, locked until the act ends."""
    rows = locks.for_update(queries.visible_units(actor)).select_related("owner", "owner__home_station", "category")
    unit: Unit | None = only(rows.filter(pk=unit_id))
    if unit is None:  # asked only now: somebody may have merged it while we waited
        unit = only(rows.filter(pk=queries.survivor_id(Unit, unit_id)))
    if unit is None:
        raise Missing
    return unit


def _fill(unit: Unit, facts: UnitFacts, *, now: datetime) -> None:
    zone = unit.owner.home_station.time_zone
    checked = facts.checked(today=clock.local_date(now, zone))
    unit.trade = checked.trade
    unit.category = catalog.get_category(checked.trade, checked.category)
    unit.model = catalog.find_model(checked.model_id)
    for name in ("model_text", "serial", "plate", "pieces", "purchased_on", "shipped_on", "note", "is_active"):
        setattr(unit, name, getattr(checked, name))
    unit.serial_key = serial_key_of(unit)


def serial_key_of(unit: Unit) -> str | None:
    """What must be unique for this unit as it stands; None without a serial number."""
    one_per = catalog.get_trade(unit.trade).serial_of(unit.category.code).one_per
    return rules.serial_key(
        one_per=one_per, trade=unit.trade, category=unit.category.code, serial=unit.serial, owner_id=unit.owner_id
    )


def _read_meter(unit: Unit, reading: int, *, reason: str, now: datetime) -> None:
    meter = catalog.get_trade(unit.trade).meter_of(unit.category.code)
    if meter is None:
        raise Invalid(_("Units of this category have no meter. Leave it empty."), field="meter")
    meter.read(str(reading))
    rules.check_meter(last=unit.meter_reading, reading=reading, reason=reason, unit=meter.unit)
    unit.meter_reading, unit.meter_at = reading, now


def _write(unit: Unit) -> None:
    refuse_taken(unit)
    unit.version += 1 if unit.pk else 0
    try:
        with transaction.atomic():
            unit.save()
    except IntegrityError as error:  # somebody else wrote it between our look and our writing
        raise Invalid(TAKEN, field="serial") from error


def refuse_taken(unit: Unit, *, besides: Iterable[int] = ()) -> None:
    """Refuse when another unit (but for those `besides`) has this serial number, or in use this plate."""
    others = Unit.objects.exclude(pk__in=[unit.pk, *besides])
    if unit.serial_key and others.filter(serial_key=unit.serial_key).exists():
        raise Invalid(TAKEN, field="serial")
    if unit.plate and unit.is_active and others.filter(plate=unit.plate, is_active=True).exists():
        raise Invalid(PLATE_TAKEN, field="plate")


def _changed(
    actor: Actor, unit: Unit, *, act: str, before: dict[str, Any], after: dict[str, Any], note: str = "", now: datetime
) -> None:
    scope = unit.owner.home_station.code
    journal.record(actor, at=now, act=act, kind="unit", key=unit.pk, scope=scope, before=before, after=after, note=note)
    index_unit(unit)
