"""What is signed when the unit goes home: what was done, what it cost, what was paid, and what was shown and explained."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from aftersales.core.money import total
from aftersales.core.text import Text, text as _
from aftersales.ui.papers import Block, Check, Checks, Column, Fact, Facts, Paper, Row, Signatures, Sum, Table, Words
from aftersales.ui.templatetags.ui import local_date
from aftersales.workshop import queries
from aftersales.workshop.rules.handover import AUTHORITY_LABELS, OLD_PARTS_LABELS, Authority, OldParts
from aftersales.workshop.rules.order import OrderAction, OrderState
from aftersales.workshop.rules.papers import PaperKind
from aftersales.workshop.rules.quotation import PAYMENT_LABELS, Decision, PaymentWay
from aftersales.workshop.web.papers.parts import (
    Wish,
    customer_facts,
    moment,
    paper_of,
    people_facts,
    quantity,
    signature,
    terms,
    unit_facts,
    yuan,
)
from aftersales.workshop.web.papers.quotation import line_note


def settlement(order: Any, wish: Wish) -> Paper:
    """The handover and the bill in one."""
    taken_by = order.taken_by
    lines = queries.list_lines(order)
    blocks: list[Block] = [
        Facts(_facts(order, taken_by)),
        *_nothing_done(order),
        _items([line for line in lines if line.decision == Decision.AGREED], order),
        *_declined([line for line in lines if line.decision == Decision.DECLINED]),
        Checks(_shown(order), title=str(_("At handover"))),
        *terms(order, "settlement", wish),
    ]
    places = (
        signature(_("Customer's signature"), strokes=order.handover_signature, name=taken_by, at=order.handed_over_at),
        signature(_("Service advisor's signature")),
    )
    return paper_of(order, PaperKind.SETTLEMENT, wish, [*blocks, Signatures(places)])


def _facts(order: Any, taken_by: str) -> tuple[Fact, ...]:
    covered = local_date(order.covered_until - timedelta(days=1)) if order.covered_until else ""
    facts = [
        *customer_facts(order),
        *unit_facts(order),
        Fact(str(_("Taken in at")), moment(order.received_at)),
        Fact(str(_("Handed over at")), moment(order.handed_over_at)),
        Fact(str(_("Taken by")), _taken_by(order)),
        Fact(str(_("Signature")), str(_("On the printed sheet")) if order.is_handover_signed_on_paper else ""),
        Fact(str(_("Repair warranty through")), covered, is_strong=True),
        *people_facts(order),
        Fact(str(_("What was wrong")), order.fault, is_wide=True),
        Fact(str(_("What was found")), order.diagnosis, is_wide=True),
        Fact(str(_("What was done")), order.work_told or order.work_done, is_wide=True),
        Fact(str(_("Advice for the next visit")), order.advice, is_wide=True),
        Fact(str(_("Next visit advised on")), local_date(order.next_visit_on) if order.next_visit_on else ""),
    ]
    return tuple(fact for fact in facts if fact.value)


def _taken_by(order: Any) -> str:
    """The person, and why he might if he is not the customer."""
    if not order.taken_by or order.authority in {"", Authority.OWNER}:
        return str(order.taken_by)
    return str(_("{who} ({why})", who=order.taken_by, why=AUTHORITY_LABELS[Authority(order.authority)]))


def _nothing_done(order: Any) -> list[Block]:
    """Why a unit goes home as it came."""
    if order.work_done:
        return []
    if order.state == OrderState.DECLINED or queries.last_act(order, OrderAction.DECLINE) is not None:
        return [Words(str(_("The customer declined the repair. The unit goes back as it was taken in.")), look="box")]
    cancelled = queries.last_act(order, OrderAction.CANCEL)
    if cancelled is None:
        return []
    return [Words(str(_("The order was cancelled: {reason}", reason=cancelled.note)), look="box")]


def _items(lines: list[Any], order: Any) -> Table:
    off = total(line.discount for line in lines)
    sums = [Sum(str(_("Discounts")), str(-off))] if off else []
    sums.append(Sum(str(_("Total")), str(total(line.amount for line in lines)), is_strong=True))
    sums += [Sum(_paid(each), str(-each.amount)) for each in queries.list_payments(order)]
    sums.append(Sum(str(_("Still due")), str(order.due), is_strong=True))
    return Table(
        columns=(
            Column(str(_("Item")), is_main=True),
            Column(str(_("Quantity")), is_number=True),
            Column(str(_("Price of one")), is_number=True),
            Column(str(_("Amount")), is_number=True),
        ),
        rows=tuple(_row(line) for line in lines),
        sums=tuple(sums),
        title=str(_("Items and prices")),
        empty=str(_("Nothing is charged")),
    )


def _paid(payment: Any) -> str:
    if payment.way == PaymentWay.ACCOUNT:  # it is owed from now on by the month's bill, so nothing was paid yet
        return str(_("Put on account, {at}", at=moment(payment.paid_at)))
    way = PAYMENT_LABELS[PaymentWay(payment.way)]
    return str(_("Paid, {way}, {at}", way=way, at=moment(payment.paid_at)))


def _row(line: Any) -> Row:
    cells = (line.description, quantity(line.quantity), str(line.unit_price), str(line.amount))
    return Row(cells, note=line_note(line.snapshot()), brief=f"{cells[1]} × {cells[2]}")


def _declined(lines: list[Any]) -> list[Block]:
    """What the customer did not want this time: it is kept and offered at his next visit."""
    if not lines:
        return []
    columns = (Column(str(_("Item")), is_main=True), Column(str(_("Amount")), is_number=True))
    rows = tuple(Row((line.description, yuan(line.amount_fen))) for line in lines)
    return [Table(columns, rows, title=str(_("Declined this time, offered again at the next visit")))]


def _old_parts(order: Any) -> Text:
    if not order.old_parts:
        return _("Old parts shown and given back or left")
    return _("Old parts: {what}", what=OLD_PARTS_LABELS[OldParts(order.old_parts)])


def _shown(order: Any) -> tuple[Check, ...]:
    was_done = [
        (_("Told in words what was done"), bool(order.handed_over_at and order.work_done)),
        (_old_parts(order), bool(order.old_parts)),
        (_("Items and prices explained"), order.is_explained),
    ]
    points = [
        *(was_done if order.work_done else []),
        (_("Accessories as listed at intake given back"), False),
    ]
    return tuple(Check(str(label), (("", is_done),)) for label, is_done in points)
