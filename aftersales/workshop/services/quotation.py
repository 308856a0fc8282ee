"""The acts that price an order and record the customer's answer, line by line."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from aftersales.core import files, strokes, transaction
from aftersales.core.actor import Actor
from aftersales.core.errors import Invalid, Missing, Refused
from aftersales.core.money import Money
from aftersales.core.text import text as _
from aftersales.workshop import queries
from aftersales.workshop.models import Consent, Payment, Quotation, QuotationLine, RepairOrder
from aftersales.workshop.rules import quotation, repeat
from aftersales.workshop.rules.intake import check_photo_count
from aftersales.workshop.rules.order import OrderAction, OrderState, WaitingFor
from aftersales.workshop.rules.quotation import Decision
from aftersales.workshop.services.pricing import price_line
from aftersales.workshop.services.signing import how_signed
from aftersales.workshop.services.steps import (
    end_promise,
    end_wait,
    needed,
    open_step,
    start_promise,
    take_step,
)

UNANSWERED: Mapping[str, Any] = {"decision": Decision.OPEN.value, "decided_at": None, "consent": None}


@transaction.act
def add_line(
    actor: Actor,
    *,
    number: str,
    kind: str,
    description: str,
    unit_price: Money | None = None,
    quantity: Decimal | None = None,
    basis: str = "",
    code: str = "",
    discount: Money | None = None,
    discount_reason: str = "",
    choice: str = "",
    option: str = "",
    now: datetime,
) -> RepairOrder:
    """The order with one more line, which the customer has not answered; `choice` and `option` make it an alternative.

    In a repeat repair it is free of charge, unless a discount is named and a reason why the customer pays.
    """
    order, leads_to = open_step(actor, number, OrderAction.ADD_LINE, now=now)
    facts = _line_facts(
        order,
        kind=kind,
        description=description,
        unit_price=unit_price,
        quantity=quantity,
        basis=basis,
        code=code,
        discount=discount,
        discount_reason=discount_reason,
        choice=choice,
        option=option,
    )
    line = QuotationLine.objects.create(order=order, position=_next_position(order), **facts)
    told = {"line": line.description, "amount": str(line.amount)}
    return take_step(actor, order, OrderAction.ADD_LINE, leads_to, now=now, changes=_changed(order), told=told)


@transaction.act
def edit_line(
    actor: Actor,
    *,
    number: str,
    position: int,
    kind: str,
    description: str,
    unit_price: Money | None = None,
    quantity: Decimal | None = None,
    basis: str = "",
    code: str = "",
    discount: Money | None = None,
    discount_reason: str = "",
    choice: str = "",
    option: str = "",
    now: datetime,
) -> RepairOrder:
    """The order with one line changed; the customer is asked about it again, whatever he had said to it before."""
    order, leads_to = open_step(actor, number, OrderAction.EDIT_LINE, now=now)
    line = _line_to_change(order, position)
    facts = _line_facts(
        order,
        kind=kind,
        description=description,
        unit_price=unit_price,
        quantity=quantity,
        basis=basis,
        code=code,
        discount=discount,
        discount_reason=discount_reason,
        choice=choice,
        option=option,
    )
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


@transaction.act
def quote_order(actor: Actor, *, number: str, note: str = "", now: datetime) -> RepairOrder:
    """The order with a new version of its quotation given to the customer, kept as it was given and valid for the house's number of days."""
    order, leads_to = open_step(actor, number, OrderAction.QUOTE, now=now)
    rules = queries.house_rules(order.station_id)
    until = quotation.valid_until(queries.today_at(order, now), rules.quotation_days)
    given = Quotation.objects.create(
        order=order,
        number=order.quotation_no + 1,
        lines=[line.snapshot() for line in order.lines.order_by("position")],
        total_fen=order.total_fen,
        valid_until=until,
        note=note.strip(),
        given_at=now,
        given_by=actor.name,
    )
    changes = {"valid_until": until, "quotation_no": given.number, "is_quoted": True}
    told = {"total": str(order.total), "quotation_no": given.number}
    return take_step(actor, order, OrderAction.QUOTE, leads_to, now=now, changes=changes, note=given.note, told=told)


@transaction.act
def approve_order(
    actor: Actor,
    *,
    number: str,
    way: str,
    given_by: str,
    note: str = "",
    agreed: Collection[int] | None = None,
    quotation_no: int | None = None,
    signature: Sequence[Any] = (),
    photos: Sequence[Any] = (),
    now: datetime,
) -> RepairOrder:
    """The order with the customer's recorded yes to the lines at the positions `agreed` (all, unless named; of alternatives the first); the other open ones are declined.

    `quotation_no` is the version he answered: when another was given meanwhile, the answer is refused.
    """
    order, leads_to = open_step(actor, number, OrderAction.APPROVE, now=now)
    lines = [line.facts() for line in order.lines.all()]
    if agreed is None:
        agreed = quotation.first_choices(lines)
    if not agreed:
        raise Invalid(
            _("Tick what the customer agrees to. When it is nothing, record that the customer declines."),
            field="agreed",
        )
    decisions = quotation.decide(lines, agreed=agreed)
    _refuse_stale(order, quotation_no)
    consent = _consent(
        actor, order, decisions, is_yes=True, way=way, given_by=given_by, note=note, signature=signature, now=now
    )
    _keep_proof(actor, order, photos, now=now)
    return _answered(actor, order, OrderAction.APPROVE, leads_to, consent, now=now)


@transaction.act
def decline_order(
    actor: Actor,
    *,
    number: str,
    way: str,
    given_by: str,
    note: str = "",
    quotation_no: int | None = None,
    signature: Sequence[Any] = (),
    photos: Sequence[Any] = (),
    now: datetime,
) -> RepairOrder:
    """The order with the customer's recorded no to everything that was not answered; what was agreed before stays agreed."""
    order, leads_to = open_step(actor, number, OrderAction.DECLINE, now=now)
    decisions = quotation.decide([line.facts() for line in order.lines.all()], agreed=())
    _refuse_stale(order, quotation_no)
    consent = _consent(
        actor, order, decisions, is_yes=False, way=way, given_by=given_by, note=note, signature=signature, now=now
    )
    _keep_proof(actor, order, photos, now=now)
    return _answered(actor, order, OrderAction.DECLINE, leads_to, consent, now=now)


def _refuse_stale(order: RepairOrder, quotation_no: int | None) -> None:
    if quotation_no is not None and quotation_no != order.quotation_no:
        raise Refused(
            _(
                "Version {current} of the quotation was given meanwhile; this answer was about version {answered}. Ask the customer about the new one.",
                current=order.quotation_no,
                answered=quotation_no,
            )
        )


def _consent(
    actor: Actor,
    order: RepairOrder,
    decisions: Mapping[int, Decision],
    *,
    is_yes: bool,
    way: str,
    given_by: str,
    note: str,
    signature: Sequence[Any],
    now: datetime,
) -> Consent:
    if way not in quotation.CONSENT_LABELS:
        raise Invalid(_("Choose how the answer was given."), field="way")
    person = needed(given_by, field="given_by", otherwise=_("Write who gave the answer."))
    answered = [line for line in order.lines.order_by("position") if line.position in decisions]
    wanted = Decision.AGREED if is_yes else Decision.DECLINED
    consent = Consent.objects.create(
        order=order,
        quotation_no=order.quotation_no,
        is_yes=is_yes,
        answers=[
            {
                "position": line.position,
                "description": line.description,
                "decision": decisions[line.position].value,
                "amount_fen": line.amount_fen,
            }
            for line in answered
        ],
        way=way,
        given_by=person,
        note=note.strip(),
        signature=strokes.checked_strokes(signature),
        total_fen=sum(line.amount_fen for line in answered if decisions[line.position] is wanted),
        given_at=now,
        recorded_by=actor.name,
    )
    for line in answered:
        line.decision, line.decided_at, line.consent = decisions[line.position].value, now, consent
        line.save(update_fields=["decision", "decided_at", "consent"])
    return consent


def _keep_proof(actor: Actor, order: RepairOrder, photos: Sequence[Any], *, now: datetime) -> None:
    """A photo of the signed paper or of the message, kept with the order's other photos."""
    check_photo_count(len(photos), kept=len(files.list_photos("order", order.number)) if photos else 0)
    for photo in photos:
        files.attach_photo(
            actor,
            kind="order",
            key=order.number,
            scope=order.station.code,
            upload=files.read_photo(photo, field="photos"),
            caption=str(_("Proof of the answer")),
            now=now,
        )


def _answered(
    actor: Actor, order: RepairOrder, action: OrderAction, leads_to: OrderState, consent: Consent, *, now: datetime
) -> RepairOrder:
    sums = _sums(order)
    told = {
        "given_by": consent.given_by,
        "way": consent.way,
        "total": str(consent.total),
        "signed": how_signed(consent.signature),
        "declined": "、".join(each["description"] for each in consent.answers if each["decision"] == Decision.DECLINED),
    }
    changes: dict[str, Any] = {**_as_changes(sums), "due_fen": sums.agreed.fen}
    if leads_to is OrderState.DECLINED:
        end_promise(actor, order.number, now)
        changes["ready_at"] = now
    if leads_to is OrderState.DECLINED or order.waiting_for == WaitingFor.CUSTOMER:  # the answer was waited for
        changes |= end_wait(actor, order, now=now)
    return take_step(actor, order, action, leads_to, now=now, changes=changes, note=consent.note, told=told)


@transaction.act
def revise_order(actor: Actor, *, number: str, reason: str, now: datetime) -> RepairOrder:
    """The order back at its quotation, which the customer has to be given and asked again; of a declined one everything is open again."""
    order, leads_to = open_step(actor, number, OrderAction.REVISE, now=now)
    why = needed(reason, field="reason", otherwise=_("Write why the quotation changes."))
    changes: dict[str, Any] = {"valid_until": None, "is_quoted": False, "ready_at": None}
    if order.state == OrderState.DECLINED:  # the customer thought better of it: the promise begins anew
        order.lines.update(**UNANSWERED)
        changes |= _as_changes(_sums(order))
        promise = start_promise(actor, order, now)
        changes |= {"promised_at": promise.due_at, "warn_at": promise.warn_at, "house_promised_at": promise.due_at}
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


def _line_facts(
    order: RepairOrder,
    *,
    kind: str,
    description: str,
    unit_price: Money | None,
    quantity: Decimal | None,
    basis: str,
    code: str,
    discount: Money | None,
    discount_reason: str,
    choice: str,
    option: str,
) -> dict[str, Any]:
    if kind not in quotation.LINE_LABELS:
        raise Invalid(_("Choose labour, part or fee."), field="kind")
    what = needed(description or code, field="description", otherwise=_("Write what the customer pays for."))
    quotation.check_option(choice.strip(), option.strip())
    priced = price_line(
        trade=order.trade,
        kind=kind,
        code=code,
        description=what,
        quantity=quantity,
        unit_price=unit_price,
        basis=basis,
    )
    off, why = repeat.discount_on(
        priced.unit_price.times(priced.quantity),
        named=discount,
        reason=discount_reason,
        repeat_of=order.repeat_of.number if order.repeat_of else "",
    )
    amount = quotation.line_amount(unit_price=priced.unit_price, quantity=priced.quantity, discount=off, reason=why)
    return {
        "kind": kind,
        "code": priced.code,
        "description": priced.description,
        "basis": priced.basis,
        "quantity": priced.quantity,
        "unit_price_fen": priced.unit_price.fen,
        "discount_fen": off.fen,
        "discount_reason": why,
        "amount_fen": amount.fen,
        "choice": choice.strip(),
        "option": option.strip(),
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


def _sums(order: RepairOrder) -> quotation.Sums:
    return quotation.sums(line.facts() for line in order.lines.all())


def _as_changes(sums: quotation.Sums) -> dict[str, int]:
    return {
        "line_count": sums.line_count,
        "open_count": sums.open_count,
        "agreed_count": sums.agreed_count,
        "total_fen": sums.total.fen,
    }


def _changed(order: RepairOrder, *, is_asked: bool = True) -> dict[str, Any]:
    """The sums after a change of the lines; what is due follows what is agreed, and new questions have not been put yet."""
    sums = _sums(order)
    changes: dict[str, Any] = {**_as_changes(sums), "due_fen": sums.agreed.fen}
    return changes | ({"is_quoted": False} if is_asked else {})
