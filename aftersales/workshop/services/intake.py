"""Taking a unit in: one act from the customer's name to the numbered slip (electronics repair department, rule 八)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError

from aftersales.core import clock, events, files, journal, numbering, search, transaction, versions
from aftersales.core.actor import Actor
from aftersales.core.errors import Invalid, Refused
from aftersales.core.text import Text, text as _
from aftersales.customers import services as customers
from aftersales.staff import queries as staff
from aftersales.workshop import queries
from aftersales.workshop.events import OrderReceived
from aftersales.workshop.models import Promise, RepairOrder
from aftersales.workshop.permissions import Permission
from aftersales.workshop.rules import intake as rules
from aftersales.workshop.services.steps import needed, start_promise_clock

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

NUMBER_PREFIX = "RO"
EDITABLE: dict[str, Text] = {
    "fault": _("Fault"),
    "intake_note": _("Note"),
    "accessories": _("Accessories"),
    "condition": _("Condition"),
}


@dataclass(frozen=True)
class Intake:
    """What the receptionist writes down; a known customer or unit comes with its id, a new one with its facts."""

    phone: str
    name: str
    trade: str
    category: str
    fault: str
    serial: str = ""
    plate: str = ""
    model_text: str = ""
    meter: int | None = None
    accessories: Sequence[str] = field(default_factory=tuple)
    condition: Sequence[str] = field(default_factory=tuple)
    note: str = ""
    customer_id: int | None = None
    unit_id: int | None = None
    takes_over: bool = False
    station: str = ""


@transaction.act
def receive_order(
    actor: Actor, *, intake: Intake, photos: Sequence[UploadedFile[Any]] = (), now: datetime
) -> RepairOrder:
    """The new repair order: customer and unit found or made, number given, promise made, photos kept."""
    actor.require(Permission.RECEIVE)
    fault = needed(intake.fault, field="fault", otherwise=_("Write what is wrong, in the customer's words."))
    rules.check_photo_count(len(photos))
    station = staff.get_station(actor, intake.station or actor.home_scope)
    customer, unit = _customer_and_unit(actor, intake, station.code, now)
    _refuse_unit_in_house(actor, unit.pk)
    year = clock.local_date(now, station.time_zone).year
    number = numbering.next_number(NUMBER_PREFIX, scope=station.code, year=year)
    promise = start_promise_clock(actor, number, station, now)
    order = RepairOrder(
        number=number,
        station=station,
        customer=customer,
        unit=unit,
        trade=unit.trade,
        category=unit.category,
        fault=fault,
        accessories=list(intake.accessories),
        condition=list(intake.condition),
        intake_note=intake.note.strip(),
        meter_reading=intake.meter,
        advisor_id=_advisor_id(actor),
        received_at=now,
        moved_at=now,
        house_promised_at=promise.due_at,
        promised_at=promise.due_at,
        warn_at=promise.warn_at,
    )
    try:
        order.save(force_insert=True)
    except IntegrityError as error:  # two counters took the same unit in at the same moment
        raise Refused(_IN_HOUSE) from error
    Promise.objects.create(order=order, promised_at=promise.due_at, made_at=now, made_by=actor.name)
    _keep_photos(actor, order, photos, now=now)
    told = _as_facts(order, customer.name)
    journal.record(actor, at=now, act="receive", kind="order", key=number, scope=station.code, after=told)
    index_order(order)
    events.publish(OrderReceived(number, station.code, now))
    return order


def _customer_and_unit(actor: Actor, intake: Intake, station: str, now: datetime) -> tuple[Any, Any]:
    return customers.find_or_register(
        actor,
        phone=intake.phone,
        name=intake.name,
        customer_id=intake.customer_id,
        unit_id=intake.unit_id,
        serial=intake.serial,
        plate=intake.plate,
        model_text=intake.model_text,
        category=intake.category,
        trade=intake.trade,
        meter=intake.meter,
        takes_over=intake.takes_over,
        station=station,
        now=now,
    )


def _advisor_id(actor: Actor) -> int:
    if actor.person_id is None:
        raise Refused(_("A unit is taken in by a person, who then answers for it."))
    return actor.person_id


_IN_HOUSE = _(
    "This unit is already here under another repair order. Search for its serial number and go on with that order."
)


def _refuse_unit_in_house(actor: Actor, unit_id: int) -> None:
    here = queries.find_order_in_house(actor, unit_id)
    if here is not None:
        raise Refused(
            _(
                "This unit is already here under {number}. Go on with that order, or hand it over first.",
                number=here.number,
            ),
            field="serial",
        )


@transaction.act
def add_photos(actor: Actor, *, number: str, photos: Sequence[UploadedFile[Any]], now: datetime) -> RepairOrder:
    """The order with more photos of the unit."""
    actor.require(Permission.ADD_PHOTOS)
    order = queries.get_order(actor, number)
    if not photos:
        raise Invalid(_("Choose at least one photo."), field="photos")
    rules.check_photo_count(len(photos))
    _keep_photos(actor, order, photos, now=now)
    journal.record(
        actor,
        at=now,
        act="add_photos",
        kind="order",
        key=number,
        scope=order.station.code,
        after={"photos": len(photos)},
    )
    return order


@transaction.act
def edit_order(
    actor: Actor,
    *,
    number: str,
    version: int,
    fault: str,
    intake_note: str,
    accessories: Sequence[str],
    condition: Sequence[str],
    now: datetime,
) -> RepairOrder:
    """The order with what was written at intake corrected; refuses when somebody else changed it meanwhile."""
    actor.require(Permission.EDIT)
    order = queries.get_order(actor, number, for_update=True)
    rules.check_still_editable(order.state)
    wanted = {
        "fault": needed(fault, field="fault", otherwise=_("Write what is wrong, in the customer's words.")),
        "intake_note": intake_note.strip(),
        "accessories": list(accessories),
        "condition": list(condition),
    }
    current = {name: getattr(order, name) for name in wanted}
    versions.check(
        stands=order.version,
        opened=version,
        kind="order",
        key=number,
        current=current,
        wanted=wanted,
        labels=EDITABLE,
    )
    for name, value in wanted.items():
        setattr(order, name, value)
    order.version += 1
    order.save(update_fields=[*wanted, "version"])
    journal.record(
        actor,
        at=now,
        act="edit",
        kind="order",
        key=number,
        scope=order.station.code,
        before=current,
        after=wanted,
    )
    index_order(order)
    return order


def index_order(order: RepairOrder) -> None:
    """Make the order findable by its number, its unit and its customer's name."""
    unit, customer = order.unit, order.customer
    search.index(
        "order",
        order.number,
        title=f"{order.number} · {customer.name}",
        detail=" · ".join(part for part in (unit.label, order.fault[:120]) if part),
        names=(customer.name,),
        codes=tuple(code for code in (order.number, unit.serial, unit.plate) if code),
        texts=(order.fault, unit.label),
        scopes=(order.station.code,),
    )


def _keep_photos(actor: Actor, order: RepairOrder, photos: Sequence[UploadedFile[Any]], *, now: datetime) -> None:
    for photo in photos:
        files.attach_photo(actor, kind="order", key=order.number, scope=order.station.code, upload=photo, now=now)


def _as_facts(order: RepairOrder, customer: str) -> dict[str, object]:
    return {
        "state": order.state,
        "customer": customer,
        "unit": order.unit.label,
        "fault": order.fault,
        "promised_at": order.promised_at,
    }
