"""Stock is received, transferred, reserved, released, put away; a move that was wrong is reversed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from aftersales.core import journal, locks, transaction
from aftersales.core.actor import Actor
from aftersales.core.errors import Invalid, Missing, Refused
from aftersales.core.text import text as _
from aftersales.warehouse import queries
from aftersales.warehouse.models import Balance, Move, Reservation, Store
from aftersales.warehouse.permissions import Permission
from aftersales.warehouse.rules.moves import (
    Key,
    Line,
    MoveKind,
    checked_batch,
    checked_quantity,
    receipt_lines,
)
from aftersales.warehouse.rules.stores import SINKS, SOURCES, StoreKind
from aftersales.warehouse.services import ledger

RECEIPT, TRANSFER, REVERSAL = "SR", "ST", "SV"


@transaction.act
def receive_stock(
    actor: Actor,
    *,
    store: str,
    source: str,
    reference: str,
    item: str,
    batch: str = "",
    stated: int,
    counted: int,
    bin: str = "",  # noqa: A002 - the trade's word
    note: str = "",
    now: datetime,
) -> list[Move]:
    """The moves of a receipt: what the paper states and what was counted, with the difference where they are not the same."""
    actor.require(Permission.MOVE)
    if source not in SOURCES:
        raise Invalid(_("Choose one from the list."), field="source")
    reference = _reference(reference)
    goal, what = queries.find_store(actor, store, field="store"), queries.find_item(actor, item)
    checked_quantity(stated, least=0, field="stated")
    checked_quantity(counted, least=0, field="counted")
    if not stated and not counted:
        raise Invalid(
            _("Write what the paper states and what was counted; one of them must be more than 0."), field="counted"
        )
    batch = checked_batch(what.tracking, batch, max(stated, counted))
    origin, difference = ledger.outside(StoreKind(source)), ledger.outside(StoreKind.DIFFERENCE)
    lines = receipt_lines(
        source=origin.pk,
        store=goal.pk,
        difference=difference.pk,
        item=what.pk,
        batch=batch,
        stated=stated,
        counted=counted,
    )
    number = ledger.draw_number(RECEIPT, [goal], now=now)
    keys = [Key(place.pk, what.pk, batch) for place in (origin, goal, difference)]
    balances = ledger.lock_balances(keys)
    before = queries.received_before(source=origin, reference=reference, item=what, batch=batch)
    if before is not None:
        raise Refused(
            _(
                "{item} was received by “{reference}” already: {number}. If more came, write the paper's number of that delivery.",
                item=what,
                reference=reference,
                number=before.number,
            ),
            field="reference",
        )
    moves = ledger.post(actor, lines, balances, number=number, reference=reference, note=note.strip(), now=now)
    if bin.strip():
        _put(actor, balances[keys[1]], bin, now=now)
    return moves


@transaction.act
def transfer_stock(
    actor: Actor,
    *,
    from_store: str,
    to_store: str,
    item: str,
    batch: str = "",
    quantity: int,
    reference: str = "",
    note: str = "",
    now: datetime,
) -> Move:
    """The move from one store to another, or out of the house to an outsider (`customer`, `supplier`, `scrap`)."""
    actor.require(Permission.MOVE)
    origin = queries.find_store(actor, from_store, field="from_store")
    goal = _goal(actor, to_store)
    if origin == goal:
        raise Invalid(_("It is there already. Choose another store to move it to."), field="to_store")
    what = queries.find_item(actor, item)
    checked_quantity(quantity)
    batch = checked_batch(what.tracking, batch, quantity)
    number = ledger.draw_number(TRANSFER, [origin, goal], now=now)
    line = Line(MoveKind.TRANSFER, origin.pk, goal.pk, what.pk, batch, quantity)
    balances = ledger.lock_balances([line.origin, line.goal])
    [move] = ledger.post(
        actor, [line], balances, number=number, reference=reference.strip(), note=note.strip(), now=now
    )
    return move


def _goal(actor: Actor, code: str) -> Store:
    if code in SINKS:
        return ledger.outside(StoreKind(code))
    return queries.find_store(actor, code, field="to_store")


@transaction.act
def reverse_move(actor: Actor, *, move_id: int, reason: str, now: datetime) -> Move:
    """The move that takes another back; nothing is ever changed or deleted."""
    actor.require(Permission.REVERSE)
    wrong = queries.get_move(actor, move_id)
    if wrong.kind == MoveKind.REVERSAL:
        raise Refused(_("This move takes another back. Make the move again instead."))
    reason = " ".join(reason.split())
    if not reason:
        raise Invalid(_("Say why the move is taken back."), field="reason")
    line = Line(MoveKind.REVERSAL, wrong.to_store_id, wrong.from_store_id, wrong.item_id, wrong.batch, wrong.quantity)
    number = ledger.draw_number(REVERSAL, [wrong.to_store, wrong.from_store], now=now)
    balances = ledger.lock_balances([line.origin, line.goal])
    if Move.objects.filter(reverses=wrong).exists():
        raise Refused(_("This move has been taken back already."))
    [move] = ledger.post(
        actor, [line], balances, number=number, reference=wrong.number, note=reason, reverses=wrong, now=now
    )
    return move


@transaction.act
def reserve_stock(actor: Actor, *, balance_id: int, quantity: int, purpose: str, now: datetime) -> Reservation:
    """So much of what lies there is kept for something."""
    actor.require(Permission.MOVE)
    checked_quantity(quantity)
    purpose = " ".join(purpose.split())
    if not purpose:
        raise Invalid(_("Say what it is kept for, such as the number of an order."), field="purpose")
    balance = queries.get_balance(actor, balance_id, for_update=True)
    if quantity > balance.free:
        raise Refused(
            _("Of {item} only {free} are free in “{store}”.", item=balance, free=balance.free, store=balance.store),
            field="quantity",
        )
    _reserve(balance, quantity)
    made = Reservation.objects.create(
        balance=balance,
        quantity=quantity,
        purpose=purpose,
        reserved_by=actor.id,
        reserved_name=actor.name,
        reserved_at=now,
    )
    _tell(actor, "reserve", balance, {"quantity": quantity, "purpose": purpose}, now=now)
    return made


@transaction.act
def release_reservation(actor: Actor, *, reservation_id: int, now: datetime) -> Reservation:
    """What was kept is free again; released twice it says so."""
    actor.require(Permission.MOVE)
    found = queries.list_reservations(actor).filter(pk=reservation_id).first()
    if found is None:
        raise Missing(_("There is no such reservation any more. Somebody may have released it."))
    balance = queries.get_balance(actor, found.balance_id, for_update=True)
    kept: Reservation | None = locks.for_update(Reservation.objects.filter(pk=reservation_id, released_at=None)).first()
    if kept is None:
        raise Missing(_("There is no such reservation any more. Somebody may have released it."))
    kept.released_by, kept.released_at = actor.id, now
    kept.save()
    _reserve(balance, -kept.quantity)
    _tell(actor, "release", balance, {"quantity": kept.quantity, "purpose": kept.purpose}, now=now)
    return kept


@transaction.act
def put_away(actor: Actor, *, balance_id: int, bin: str, now: datetime) -> Balance:  # noqa: A002 - the trade's word
    """What lies in a store is said to lie in this bin."""
    actor.require(Permission.MOVE)
    balance = queries.get_balance(actor, balance_id, for_update=True)
    _put(actor, balance, bin, now=now)
    return balance


def _put(actor: Actor, balance: Balance, bin: str, *, now: datetime) -> None:  # noqa: A002 - the trade's word
    bin = "".join(bin.split()).upper()  # noqa: A001 - the trade's word
    if len(bin) > 30:
        raise Invalid(_("A bin is named by at most 30 letters, such as A-03-2."), field="bin")
    before = {"bin": balance.bin}
    balance.bin = bin
    Balance.objects.filter(pk=balance.pk).update(bin=bin)
    _tell(actor, "put_away", balance, {"bin": bin}, before=before, now=now)


def _reserve(balance: Balance, change: int) -> None:
    balance.reserved += change
    Balance.objects.filter(pk=balance.pk).update(reserved=balance.reserved)


def _tell(
    actor: Actor,
    act: str,
    balance: Balance,
    after: Mapping[str, object],
    *,
    before: Mapping[str, object] | None = None,
    now: datetime,
) -> None:
    scope = balance.store.station.code if balance.store.station else ""
    journal.record(actor, at=now, act=act, kind="balance", key=balance.pk, scope=scope, before=before, after=after)


def _reference(reference: str) -> str:
    reference = " ".join(reference.split()).upper()
    if not reference:
        raise Invalid(_("Scan or write the number of the paper the goods came with."), field="reference")
    return reference
