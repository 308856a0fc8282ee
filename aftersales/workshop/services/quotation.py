"""The acts that price an order and record the customer's answer."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from aftersales.core import transaction
from aftersales.core.actor import Actor
from aftersales.core.errors import Invalid, Missing
from aftersales.core.money import Money
from aftersales.core.text import text as _
from aftersales.workshop import queries
from aftersales.workshop.models import Consent, Payment, QuotationLine, RepairOrder
from aftersales.workshop.rules import quotation
from aftersales.workshop.rules.order import OrderAction, OrderState, WaitingFor
from aftersales.workshop.services.steps import (
    NO_LONGER_WAITING,
    end_promise,
    needed,
    open_step,
    start_promise,
    take_step,
)


@transaction.act
def add_line(
    actor: Actor,
    *,
    number: str,
    kind: str,
    description: str,
    unit_price: Money,
    quantity: Decimal = Decimal(1),
    basis: str = "",
    now: datetime,
) -> RepairOrder:
    """The order with one more line in its quotation."""
    order, leads_to = open_step(actor, number, OrderAction.ADD_LINE, now=now)
    if kind not in quotation.LINE_LABELS:
        raise Invalid(_("Choose labour, part or fee."), field="kind")
    what = needed(description, field="description", otherwise=_("Write what the customer pays for."))
    amount = quotation.line_amount(unit_price=unit_price, quantity=quantity)
    last = order.lines.order_by("-position").values_list("position", flat=True).first() or 0
    QuotationLine.objects.create(
        order=order,
        position=last + 1,
        kind=kind,
        description=what,
        basis=basis.strip(),
        quantity=quantity,
        unit_price_fen=unit_price.fen,
        amount_fen=amount.fen,
    )
    told = {"line": what, "amount": str(amount)}
    return take_step(actor, order, OrderAction.ADD_LINE, leads_to, now=now, changes=_totals(order), told=told)


@transaction.act
def remove_line(actor: Actor, *, number: str, position: int, now: datetime) -> RepairOrder:
    """The order without the line at `position`; the journal keeps what it said."""
    order, leads_to = open_step(actor, number, OrderAction.REMOVE_LINE, now=now)
    line = order.lines.filter(position=position).first()
    if line is None:
        raise Missing(_("That line is no longer in the quotation. Reload the page."))
    told = {"line": line.description, "amount": str(line.amount)}
    line.delete()
    return take_step(actor, order, OrderAction.REMOVE_LINE, leads_to, now=now, changes=_totals(order), told=told)


@transaction.act
def quote_order(actor: Actor, *, number: str, now: datetime) -> RepairOrder:
    """The order with its quotation given to the customer and valid for the house's number of days."""
    order, leads_to = open_step(actor, number, OrderAction.QUOTE, now=now)
    changes = {"valid_until": quotation.valid_until(queries.today_at(order, now))}
    told = {"total": str(order.total)}
    return take_step(actor, order, OrderAction.QUOTE, leads_to, now=now, changes=changes, told=told)


@transaction.act
def approve_order(actor: Actor, *, number: str, way: str, given_by: str, note: str = "", now: datetime) -> RepairOrder:
    """The order with the customer's recorded yes; from here its total is due."""
    return _answer(actor, number, OrderAction.APPROVE, way=way, given_by=given_by, note=note, now=now)


@transaction.act
def decline_order(actor: Actor, *, number: str, way: str, given_by: str, note: str = "", now: datetime) -> RepairOrder:
    """The order with the customer's recorded no; nothing is due."""
    return _answer(actor, number, OrderAction.DECLINE, way=way, given_by=given_by, note=note, now=now)


def _answer(
    actor: Actor, number: str, action: OrderAction, *, way: str, given_by: str, note: str, now: datetime
) -> RepairOrder:
    order, leads_to = open_step(actor, number, action, now=now)
    if way not in quotation.CONSENT_LABELS:
        raise Invalid(_("Choose how the answer was given."), field="way")
    person = needed(given_by, field="given_by", otherwise=_("Write who gave the answer."))
    is_yes = action is OrderAction.APPROVE
    Consent.objects.create(
        order=order,
        is_yes=is_yes,
        way=way,
        given_by=person,
        note=note.strip(),
        total_fen=order.total_fen,
        given_at=now,
        recorded_by=actor.name,
    )
    told = {"given_by": person, "way": way, "total": str(order.total)}
    changes: dict[str, Any] = {"due_fen": order.total_fen if is_yes else 0}
    if order.waiting_for == WaitingFor.CUSTOMER or not is_yes:  # the answer is what was waited for
        changes |= NO_LONGER_WAITING
    if not is_yes:
        end_promise(actor, order.number, now)
    return take_step(actor, order, action, leads_to, now=now, changes=changes, note=note.strip(), told=told)


@transaction.act
def revise_order(actor: Actor, *, number: str, reason: str, now: datetime) -> RepairOrder:
    """The order back at its quotation, which the customer has to answer again before work goes on."""
    order, leads_to = open_step(actor, number, OrderAction.REVISE, now=now)
    why = needed(reason, field="reason", otherwise=_("Write why the quotation changes."))
    changes: dict[str, Any] = {"valid_until": None, "due_fen": 0}
    if order.state == OrderState.DECLINED:  # the customer thought better of it: the promise begins anew
        promise = start_promise(actor, order.number, order.station, now)
        changes |= {"promised_at": promise.due_at, "warn_at": promise.warn_at}
    return take_step(actor, order, OrderAction.REVISE, leads_to, now=now, changes=changes, note=why)


@transaction.act
def record_payment(actor: Actor, *, number: str, amount: Money, way: str, now: datetime) -> RepairOrder:
    """The order with a payment noted and less due."""
    order, leads_to = open_step(actor, number, OrderAction.RECORD_PAYMENT, now=now)
    if way not in quotation.PAYMENT_LABELS:
        raise Invalid(_("Choose how was paid."), field="way")
    paid = quotation.accepted_payment(paid=amount, due=order.due)
    Payment.objects.create(order=order, amount_fen=paid.fen, way=way, paid_at=now, recorded_by=actor.name)
    changes = {"due_fen": order.due_fen - paid.fen}
    told = {"amount": str(paid), "way": way}
    return take_step(actor, order, OrderAction.RECORD_PAYMENT, leads_to, now=now, changes=changes, told=told)


def _totals(order: RepairOrder) -> dict[str, int]:
    amounts = [Money(fen) for fen in order.lines.values_list("amount_fen", flat=True)]
    return {"line_count": len(amounts), "total_fen": quotation.quotation_total(amounts).fen}
