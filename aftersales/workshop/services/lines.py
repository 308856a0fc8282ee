"""The acts that write a quotation, line by line, before it is given and when more is found during the work."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any, NotRequired, TypedDict, Unpack

from aftersales.core import transaction
from aftersales.core.actor import Actor
from aftersales.core.errors import Invalid, Missing, Refused
from aftersales.core.money import Money
from aftersales.core.text import text as _
from aftersales.workshop import queries
from aftersales.workshop.models import QuotationLine, RepairOrder
from aftersales.workshop.rules import quotation, repeat
from aftersales.workshop.rules.order import OrderAction
from aftersales.workshop.rules.quotation import Decision
from aftersales.workshop.services.pricing import price_line
from aftersales.workshop.services.steps import needed, open_step, take_step

UNANSWERED: Mapping[str, Any] = {"decision": Decision.OPEN.value, "decided_at": None, "consent": None}


class TypedLine(TypedDict):
    """A line as it is typed; what is left out is taken from the price list, or is nothing. `choice` and `option` make it an alternative."""

    kind: str
    description: str
    unit_price: NotRequired[Money | None]
    quantity: NotRequired[Decimal | None]
    basis: NotRequired[str]
    code: NotRequired[str]
    discount: NotRequired[Money | None]
    discount_reason: NotRequired[str]
    choice: NotRequired[str]
    option: NotRequired[str]


@transaction.act
def add_line(actor: Actor, *, number: str, now: datetime, **typed: Unpack[TypedLine]) -> RepairOrder:
    """The order with one more line, which the customer has not answered.

    In a repeat repair it is free of charge, unless a discount is named and a reason why the customer pays.
    """
    order, leads_to = open_step(actor, number, OrderAction.ADD_LINE, now=now)
    facts = _line_facts(order, typed)
    line = QuotationLine.objects.create(order=order, position=_next_position(order), **facts)
    told = {"line": line.description, "amount": str(line.amount)}
    return take_step(actor, order, OrderAction.ADD_LINE, leads_to, now=now, changes=_changed(order), told=told)


@transaction.act
def edit_line(actor: Actor, *, number: str, position: int, now: datetime, **typed: Unpack[TypedLine]) -> RepairOrder:
    """The order with one line changed; the customer is asked about it again, whatever he had said to it before."""
    order, leads_to = open_step(actor, number, OrderAction.EDIT_LINE, now=now)
    line = _line_to_change(order, position)
    facts = _line_facts(order, typed)
    was = f"{line.description} {line.amount}"
    for name, value in {**facts, **UNANSWERED}.items():
        setattr(line, name, value)
    line.save()
    told = {"line_before": was, "line": line.description, "amount": str(line.amount)}
    return take_step(actor, order, OrderAction.EDIT_LINE, leads_to, now=now, changes=_changed(order), told=told)


@transaction.act
def remove_line(actor: Actor, *, number: str, position: int, now: datetime) -> RepairOrder:
    """The order without the line at `position`; the journal keeps what it said, and declined lines stay."""
    order, leads_to = open_step(actor, number, OrderAction.REMOVE_LINE, now=now)
    line = _line_to_change(order, position)
    if line.decision == Decision.DECLINED:
        raise Refused(_("The customer declined this line. It is kept, to be offered at the next visit."))
    told = {"line": line.description, "amount": str(line.amount)}
    line.delete()
    return take_step(
        actor, order, OrderAction.REMOVE_LINE, leads_to, now=now, changes=_changed(order, is_asked=False), told=told
    )


@transaction.act
def discount_lines(actor: Actor, *, number: str, percent: Decimal, reason: str, now: datetime) -> RepairOrder:
    """The order with so many per cent off every line that the customer has not answered, for a stated reason."""
    order, leads_to = open_step(actor, number, OrderAction.DISCOUNT, now=now)
    why = needed(reason, field="reason", otherwise=_("Write why there is a discount."))
    off = quotation.NOTHING
    for line in order.lines.filter(decision=Decision.OPEN.value, amount_fen__gt=0):  # what is free stays free
        gross = line.unit_price.times(line.quantity)
        line.discount_fen = quotation.percent_off(gross, percent).fen
        line.discount_reason = why if line.discount_fen else ""
        line.amount_fen = gross.fen - line.discount_fen
        line.save(update_fields=["discount_fen", "discount_reason", "amount_fen"])
        off += line.discount
    told = {"amount": str(off)}
    return take_step(
        actor, order, OrderAction.DISCOUNT, leads_to, now=now, changes=_changed(order), note=why, told=told
    )


@transaction.act
def offer_again(actor: Actor, *, number: str, line_id: int, now: datetime) -> RepairOrder:
    """The order with a line that its unit's owner declined at an earlier visit; its price is today's business to check."""
    order, leads_to = open_step(actor, number, OrderAction.OFFER_AGAIN, now=now)
    earlier = next((each for each in queries.list_declined_lines(actor, order) if each.pk == line_id), None)
    if earlier is None:
        raise Missing(_("That line is not open to be offered again. Reload the page."))
    line = QuotationLine.objects.create(
        order=order,
        position=_next_position(order),
        kind=earlier.kind,
        code=earlier.code,
        description=earlier.description,
        basis=earlier.basis,
        quantity=earlier.quantity,
        unit_price_fen=earlier.unit_price_fen,
        amount_fen=earlier.unit_price.times(earlier.quantity).fen,
        offered_from=earlier,
    )
    told = {"line": line.description, "amount": str(line.amount), "declined_in": earlier.order.number}
    return take_step(actor, order, OrderAction.OFFER_AGAIN, leads_to, now=now, changes=_changed(order), told=told)


def _line_facts(order: RepairOrder, typed: TypedLine) -> dict[str, Any]:
    if typed["kind"] not in quotation.LINE_LABELS:
        raise Invalid(_("Choose labour, part or fee."), field="kind")
    what = needed(
        typed["description"] or typed.get("code", ""),
        field="description",
        otherwise=_("Write what the customer pays for."),
    )
    choice, option = typed.get("choice", "").strip(), typed.get("option", "").strip()
    quotation.check_option(choice, option)
    priced = price_line(
        trade=order.trade,
        kind=typed["kind"],
        code=typed.get("code", ""),
        description=what,
        quantity=typed.get("quantity"),
        unit_price=typed.get("unit_price"),
        basis=typed.get("basis", ""),
    )
    off, why = repeat.discount_on(
        priced.unit_price.times(priced.quantity),
        named=typed.get("discount"),
        reason=typed.get("discount_reason", ""),
        repeat_of=order.repeat_of.number if order.repeat_of else "",
    )
    amount = quotation.line_amount(unit_price=priced.unit_price, quantity=priced.quantity, discount=off, reason=why)
    return {
        "kind": typed["kind"],
        "code": priced.code,
        "description": priced.description,
        "basis": priced.basis,
        "quantity": priced.quantity,
        "unit_price_fen": priced.unit_price.fen,
        "discount_fen": off.fen,
        "discount_reason": why,
        "amount_fen": amount.fen,
        "choice": choice,
        "option": option,
    }


def without_charge(order: RepairOrder, why: str) -> dict[str, Any]:
    """Make every line free that was not declined, for this reason; the changes to the order's sums.

    What the customer agreed to stays agreed: he pays less than he said yes to.
    """
    for line in order.lines.exclude(decision=Decision.DECLINED.value).filter(amount_fen__gt=0):
        line.discount_fen, line.discount_reason, line.amount_fen = line.discount_fen + line.amount_fen, why, 0
        line.save(update_fields=["discount_fen", "discount_reason", "amount_fen"])
    return _changed(order)


def _line_to_change(order: RepairOrder, position: int) -> QuotationLine:
    line = order.lines.filter(position=position).first()
    if line is None:
        raise Missing(_("That line is no longer in the quotation. Reload the page."))
    if line.done_at is not None:
        raise Refused(_("The work on this line is done. Add another line instead of changing it."))
    return line


def _next_position(order: RepairOrder) -> int:
    return (order.lines.order_by("-position").values_list("position", flat=True).first() or 0) + 1


def sums_of(order: RepairOrder) -> quotation.Sums:
    """What the order's lines come to as they stand."""
    return quotation.sums(line.facts() for line in order.lines.all())


def as_changes(sums: quotation.Sums) -> dict[str, int]:
    """The sums as the order keeps them."""
    return {
        "line_count": sums.line_count,
        "open_count": sums.open_count,
        "agreed_count": sums.agreed_count,
        "total_fen": sums.total.fen,
    }


def _changed(order: RepairOrder, *, is_asked: bool = True) -> dict[str, Any]:
    """The sums after a change of the lines; what is due follows what is agreed, and new questions have not been put yet."""
    sums = sums_of(order)
    changes: dict[str, Any] = {**as_changes(sums), "due_fen": sums.agreed.fen}
    return changes | ({"is_quoted": False} if is_asked else {})
