"""Freight documents on their way: recorded, settled, signed, posted or closed, confirmed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction as django_transaction

from aftersales.billing import queries
from aftersales.billing.models import FreightDocument
from aftersales.billing.permissions import Permission
from aftersales.billing.rules import confirming, freight as rules
from aftersales.billing.rules.entries import MOST, EntryKind, Posting
from aftersales.billing.rules.freight import FREIGHT, FreightAction, FreightState
from aftersales.billing.services import ledger
from aftersales.core import journal, locks, search, strokes, transaction
from aftersales.core.actor import Actor
from aftersales.core.errors import Invalid, Refused
from aftersales.core.money import Money
from aftersales.core.numbering import next_number
from aftersales.core.rows import only
from aftersales.core.text import text as _
from aftersales.customers import queries as customers, services as customer_services
from aftersales.staff import queries as staff

KIND = "freight"
PREFIX = "YF"


@dataclass(frozen=True)
class Freight:
    """What stands on the carrier's paper, and why the goods came."""

    carrier: str
    carrier_kind: str
    waybill: str
    amount: Money
    cause: str
    received_on: date
    note: str = ""


@transaction.act
def record_freight(actor: Actor, *, customer_id: int, freight: Freight, now: datetime) -> FreightDocument:
    """The freight document, recorded by receiving; refused when its waybill was recorded before."""
    actor.require(Permission.RECORD_FREIGHT)
    station = staff.station_of(actor)
    _check(freight, today=staff.today_at(station, now=now))
    number = next_number(PREFIX, scope=station.code, year=staff.today_at(station, now=now).year)
    customer = customer_services.locked_customer(actor, customer_id)
    carrier, waybill = " ".join(freight.carrier.split()), "".join(freight.waybill.split()).upper()
    same = FreightDocument.objects.filter(carrier=carrier, waybill=waybill)
    known = only(same.exclude(state=FreightState.WITHDRAWN.value).select_related("station"))
    if known is not None:
        told = known.number if actor.sees(known.station.code) else _("another station")
        raise Refused(_("This waybill is recorded already: {where}.", where=told), field="waybill")
    try:
        with django_transaction.atomic():
            document = FreightDocument.objects.create(
                number=number, station=station, customer=customer, carrier=carrier,
                carrier_kind=freight.carrier_kind, waybill=waybill, amount_fen=freight.amount.fen,
                cause=freight.cause, note=freight.note.strip(), received_on=freight.received_on, recorded_by=actor.id,
                recorded_name=actor.name, recorded_at=now,
            )  # fmt: skip
    except IntegrityError as error:
        raise Refused(_("Somebody else has just recorded this waybill."), field="waybill") from error
    journal.record(
        actor, at=now, act="record_freight", kind=KIND, key=number, scope=station.code, after=document.facts()
    )
    index_freight(document)
    return document


def _check(freight: Freight, *, today: date) -> None:
    if not freight.carrier.strip() or not freight.waybill.strip():
        raise Invalid(_("Copy carrier and number from the waybill."), field="waybill")
    if freight.carrier_kind not in rules.CARRIER_LABELS:
        raise Invalid(_("Choose what kind of carrier it was."), field="carrier_kind")
    if freight.cause not in rules.CAUSE_LABELS:
        raise Invalid(_("Choose why the goods came back."), field="cause")
    if not 0 < freight.amount.fen <= MOST.fen:
        raise Invalid(_("The amount must be above zero."), field="amount")
    if freight.received_on > today:
        raise Invalid(_("The goods cannot have come in the future."), field="received_on")


@transaction.act
def settle_freight(actor: Actor, *, number: str, salesperson: int, now: datetime) -> FreightDocument:
    """The document in the hands of the salesperson who is to sign who is liable."""
    document, leads_to = _open(actor, number, FreightAction.SETTLE)
    person = only(each for each in queries.list_signers(actor, document) if each.pk == salesperson)
    if person is None:
        raise Invalid(_("Choose a salesperson of this station."), field="salesperson")
    changes = {"salesperson_id": person.pk, "salesperson_name": person.name}
    return _step(actor, document, FreightAction.SETTLE, leads_to, changes, now=now)


@transaction.act
def sign_freight(
    actor: Actor, *, number: str, liable: str, reason: str = "", signature: strokes.Strokes | None = None, now: datetime
) -> FreightDocument:
    """The document, signed by its salesperson with who is liable; another one than the rules propose needs a reason."""
    document, leads_to = _open(actor, number, FreightAction.SIGN)
    if liable not in rules.LIABLE_LABELS:
        raise Invalid(_("Choose who is liable."), field="liable")
    if liable != document.proposal.liable.value and not reason.strip():
        raise Invalid(
            _(
                "The rules propose another one (clause {clause}). Say why it is otherwise.",
                clause=document.proposal.clause,
            ),
            field="reason",
        )
    changes = {
        "liable": liable, "liable_reason": reason.strip()[:500], "signature": signature or [],
        "signed_name": actor.name, "signed_at": now,
    }  # fmt: skip
    return _step(actor, document, FreightAction.SIGN, leads_to, changes, now=now)


@transaction.act
def post_freight(actor: Actor, *, number: str, now: datetime) -> FreightDocument:
    """The document with its freight in the customer's account."""
    actor.require(Permission.POST)
    seen = queries.get_freight(actor, number=number)
    customer = customers.get_customer(actor, seen.customer_id, with_reach=False)
    customer_services.locked_customer(actor, customer.pk)
    document, leads_to = _open(actor, number, FreightAction.POST)
    posting = Posting(EntryKind.FREIGHT, document.amount, document.number)
    entry = ledger.post(actor, account=ledger.locked_account(customer.pk, now=now), posting=posting, now=now)
    return _step(actor, document, FreightAction.POST, leads_to, {"entry": entry}, now=now)


@transaction.act
def absorb_freight(actor: Actor, *, number: str, now: datetime) -> FreightDocument:
    """The document, closed: somebody else than the customer bears it."""
    document, leads_to = _open(actor, number, FreightAction.ABSORB)
    return _step(actor, document, FreightAction.ABSORB, leads_to, {}, now=now)


@transaction.act
def send_back_freight(actor: Actor, *, number: str, reason: str, now: datetime) -> FreightDocument:
    """The document, back with its salesperson, to be signed anew."""
    document, leads_to = _open(actor, number, FreightAction.SEND_BACK)
    if not reason.strip():
        raise Invalid(_("Say what should be changed."), field="reason")
    changes: dict[str, Any] = {"liable": "", "liable_reason": "", "signature": [], "signed_name": "", "signed_at": None}
    return _step(actor, document, FreightAction.SEND_BACK, leads_to, changes, now=now, note=reason)


@transaction.act
def confirm_freight(actor: Actor, *, number: str, way: str, who: str, now: datetime) -> FreightDocument:
    """The document, confirmed by the customer."""
    document, leads_to = _open(actor, number, FreightAction.CONFIRM)
    confirming.check(way=way, who=who)
    changes = {"confirmed_by": who.strip()[:80], "confirmed_way": way, "confirmed_at": now}
    return _step(actor, document, FreightAction.CONFIRM, leads_to, changes, now=now)


@transaction.act
def reverse_freight(actor: Actor, *, number: str, reason: str, now: datetime) -> FreightDocument:
    """The document without its entry, which is reversed; finance may post it anew or send it back."""
    document, leads_to = _open(actor, number, FreightAction.REVERSE)
    if document.entry is not None:
        ledger.reverse(actor, entry=document.entry, reason=reason, now=now)
    changes = {"entry": None, "confirmed_by": "", "confirmed_way": "", "confirmed_at": None}
    return _step(actor, document, FreightAction.REVERSE, leads_to, changes, now=now, note=reason)


@transaction.act
def withdraw_freight(actor: Actor, *, number: str, reason: str, now: datetime) -> FreightDocument:
    """The document, given up; it stays to be read, and its waybill may be recorded again."""
    document, leads_to = _open(actor, number, FreightAction.WITHDRAW)
    if not reason.strip():
        raise Invalid(_("Say why it is given up."), field="reason")
    return _step(actor, document, FreightAction.WITHDRAW, leads_to, {}, now=now, note=reason)


def _open(actor: Actor, number: str, action: FreightAction) -> tuple[FreightDocument, FreightState]:
    """The document, locked, and the state the action leads to; refused with the reason that stands against it."""
    key = queries.get_freight(actor, number=number).pk
    document = locks.for_update(FreightDocument.objects.select_related("customer", "station", "entry")).get(pk=key)
    facts = queries.facts_of(actor, document)
    return document, FREIGHT.take(FreightState(document.state), action, facts, actor.may)


def _step(
    actor: Actor, document: FreightDocument, action: FreightAction, leads_to: FreightState, changes: dict[str, Any],
    *, now: datetime, note: str = "",
) -> FreightDocument:  # fmt: skip
    before = document.facts()
    for name, value in (changes | {"state": leads_to.value}).items():
        setattr(document, name, value)
    document.save()
    journal.record(
        actor, at=now, act=f"{action.value}_freight", kind=KIND, key=document.number, scope=document.station.code,
        before=before, after=document.facts(), note=note.strip(),
    )  # fmt: skip
    return document


def index_freight(document: FreightDocument) -> None:
    """Nothing; the document is found by its number, its waybill, the customer and the carrier."""
    search.index(
        KIND, document.number, title=document.number, detail=f"{document.customer.name} · {document.carrier}",
        names=[document.customer.name, document.carrier], codes=[document.number, document.waybill],
        scopes=[document.station.code],
    )  # fmt: skip
