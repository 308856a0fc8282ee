"""Payments noted against an order."""

from __future__ import annotations

from datetime import datetime

from aftersales.core import transaction
from aftersales.core.actor import Actor
from aftersales.core.errors import Invalid
from aftersales.core.money import Money
from aftersales.core.text import text as _
from aftersales.workshop.models import Payment, RepairOrder
from aftersales.workshop.rules import quotation
from aftersales.workshop.rules.order import OrderAction
from aftersales.workshop.services.steps import open_step, take_step


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
