"""Taking a unit in: one act from the customer's name to the numbered slip (electronics repair department, rule 八)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError

from aftersales.catalog import queries as catalog
from aftersales.core import clock, events, files, journal, numbering, strokes, transaction
from aftersales.core.actor import Actor
from aftersales.core.errors import Invalid, Refused
from aftersales.core.text import text as _
from aftersales.customers import services as customers
from aftersales.staff import queries as staff
from aftersales.workshop import queries
from aftersales.workshop.events import OrderReceived
from aftersales.workshop.models import Promise, RepairOrder, SignedTerms
from aftersales.workshop.permissions import Permission
from aftersales.workshop.rules import intake as rules
from aftersales.workshop.rules.repeat import Fault
from aftersales.workshop.services.counting import count_intake
from aftersales.workshop.services.finding import index_order
from aftersales.workshop.services.repeats import chosen
from aftersales.workshop.services.signing import how_signed
from aftersales.workshop.services.steps import needed, start_promise_clock

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

NUMBER_PREFIX = "RO"


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
    meter_reason: str = ""
    """Why the reading is lower than the last one, where it is."""
    is_meter_unreadable: bool = False
    purchased_on: date | None = None
    pieces: int | None = None
    accessories: Sequence[str] = field(default_factory=tuple)
    condition: Mapping[str, str] = field(default_factory=dict)
    """Code of each line of the checklist → code of its answer."""
    marks: Sequence[Mapping[str, Any]] = field(default_factory=tuple)
    """Damage marked on the drawing, see `rules.intake`."""
    is_reminded_of_valuables: bool = False
    note: str = ""
    signature: Sequence[Any] = field(default_factory=tuple)
    """Strokes, see `core.strokes`."""
    is_signed_on_paper: bool = False
    signed_by: str = ""
    """Who signed; the customer unless named."""
    terms_shown: str = ""
    """The mark of the terms that the customer could read; empty where none were shown."""
    customer_id: int | None = None
    unit_id: int | None = None
    takes_over: bool = False
    station: str = ""
    repeat_of: str = ""
    """The number of the earlier order whose fault came back, or “other”."""
    repeat_note: str = ""


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
    seen = _what_was_seen(intake, unit)
    earlier = _came_back(actor, intake, station, unit.pk, now)
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
        **seen,
        **_signed(station, _Signing.of(intake, customer.name), now=now),
        is_reminded_of_valuables=intake.is_reminded_of_valuables,
        intake_note=intake.note.strip(),
        meter_reading=intake.meter,
        is_meter_unreadable=intake.is_meter_unreadable and intake.meter is None,
        pieces=rules.check_pieces(intake.pieces),
        repeat_of=earlier,
        repeat_note=intake.repeat_note.strip(),
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
    count_intake(order)
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
        meter_reason=intake.meter_reason,
        purchased_on=intake.purchased_on,
        takes_over=intake.takes_over,
        station=station,
        now=now,
    )


def _what_was_seen(intake: Intake, unit: Any) -> dict[str, Any]:
    """Checklist, marks and accessories as they are kept; refuses when something is missing that such units need."""
    trade, category = catalog.get_trade(unit.trade), unit.category.code
    if (
        intake.unit_id is None and category != intake.category
    ):  # found by its number, it is of another kind than was thought
        raise Invalid(
            _(
                "This unit is on record as {kind}. Choose that kind, and look the checklist through.",
                kind=unit.category.label,
            ),
            field="category",
        )
    points, meter = trade.condition_of(category), trade.meter_of(category)
    seen = checked_sight(unit, intake.accessories, intake.condition, intake.marks)
    reminder = trade.reminder_of(category)
    rules.check_complete(
        rules.Seen(
            points,
            seen["condition"],
            meter=meter.label if meter is not None and meter.is_required else None,
            has_reading=intake.meter is not None or intake.is_meter_unreadable,
            reminder=reminder.label if reminder is not None and reminder.is_required else None,
            is_reminded=intake.is_reminded_of_valuables,
        )
    )
    return seen


def checked_sight(
    unit: Any, accessories: Sequence[str], condition: Mapping[str, str], marks: Sequence[Mapping[str, Any]]
) -> dict[str, Any]:
    """What was seen on the unit as it is kept; refuses codes that its trade does not know."""
    trade, drawing = catalog.get_trade(unit.trade), catalog.drawing_of(unit.trade, unit.category.code)
    return {
        "accessories": rules.check_codes(accessories, {item.code for item in trade.accessories}),
        "condition": rules.check_answers(condition, trade.condition_of(unit.category.code)),
        "marks": rules.check_marks(
            marks, areas={area.code for area in drawing.areas}, width=drawing.width, height=drawing.height
        ),
    }


@dataclass(frozen=True)
class _Signing:
    """What was signed, by whom, and under which terms."""

    strokes: Sequence[Any]
    is_on_paper: bool
    by: str
    terms_shown: str

    @classmethod
    def of(cls, intake: Intake, customer: str) -> _Signing:
        return cls(intake.signature, intake.is_signed_on_paper, intake.signed_by or customer, intake.terms_shown)


def _signed(station: Any, signing: _Signing, *, now: datetime) -> dict[str, Any]:
    written = strokes.checked_strokes(signing.strokes)
    if not written and not signing.is_on_paper:
        return {}
    return {
        "signature": written,
        "is_signed_on_paper": signing.is_on_paper,
        "signed_by": signing.by.strip()[:80],
        "signed_at": now,
        "signed_terms": _terms_signed(station, signing.terms_shown),
    }


def _terms_signed(station: Any, shown: str) -> SignedTerms:
    """The house's terms as they stand at this moment, kept."""
    words = staff.letterhead_of(station).terms_of(queries.INTAKE)
    digest = rules.digest_of(words)
    rules.check_terms_read(shown, digest)
    return SignedTerms.objects.get_or_create(digest=digest, defaults={"words": words})[0]


def _came_back(actor: Actor, intake: Intake, station: Any, unit_id: int, now: datetime) -> RepairOrder | None:
    """The earlier order whose fault came back, as the counter says; refuses where the counter has to say and does not."""
    found = queries.list_suspects(
        actor,
        unit_id=unit_id,
        station_id=station.pk,
        fault=Fault(intake.fault),
        today=clock.local_date(now, station.time_zone),
    )
    return chosen(found, intake.repeat_of, intake.repeat_note)


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
    rules.check_photo_count(len(photos), kept=len(files.list_photos("order", number)))
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
def sign_order(
    actor: Actor, *, number: str, signature: Sequence[Any] = (), is_signed_on_paper: bool = False, signed_by: str,
    terms_shown: str = "", now: datetime,
) -> RepairOrder:  # fmt: skip
    """The order with the customer's signature under what was written at intake; a later one takes the place of the earlier."""
    actor.require(Permission.RECEIVE)
    order = queries.get_order(actor, number, for_update=True)
    rules.check_still_editable(order.state)
    by = needed(signed_by, field="signed_by", otherwise=_("Write who signed."))
    signed = _signed(order.station, _Signing(signature, is_signed_on_paper, by, terms_shown), now=now)
    if not signed:
        raise Invalid(_("Let the customer sign, or tick that he signed on paper."), field="signature")
    for name, value in signed.items():
        setattr(order, name, value)
    order.save(update_fields=[*signed])
    journal.record(
        actor, at=now, act="sign", kind="order", key=number, scope=order.station.code,
        after={"signed_by": order.signed_by, "signed": how_signed(order.signature, is_on_paper=is_signed_on_paper)},
    )  # fmt: skip
    return order


def _keep_photos(actor: Actor, order: RepairOrder, photos: Sequence[UploadedFile[Any]], *, now: datetime) -> None:
    for upload in photos:
        photo = files.read_photo(upload, field="photos")
        files.attach_photo(actor, kind="order", key=order.number, scope=order.station.code, upload=photo, now=now)


def _as_facts(order: RepairOrder, customer: str) -> dict[str, object]:
    return {
        "state": order.state,
        "customer": customer,
        "unit": order.unit.label,
        "fault": order.fault,
        "promised_at": order.promised_at,
        "signed": how_signed(order.signature, is_on_paper=order.is_signed_on_paper),
        "repeat_of": order.repeat_of.number if order.repeat_of else "",
        "repeat_note": order.repeat_note,
    }
