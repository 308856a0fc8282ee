"""Who stands at the counter, and with what: from one scanned or typed word to the unit, its owner, and what is known of both."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from aftersales.catalog import queries as catalog
from aftersales.core.actor import Actor
from aftersales.core.errors import Invalid, Missing
from aftersales.core.rows import only
from aftersales.customers import queries as customers
from aftersales.workshop.models import QuotationLine, RepairOrder
from aftersales.workshop.permissions import Permission
from aftersales.workshop.queries.covers import Cover, covers_in
from aftersales.workshop.queries.orders import SHOWN_WITH, orders_of
from aftersales.workshop.queries.quotations import list_declined_lines_of_unit
from aftersales.workshop.queries.visits import list_orders_of_unit
from aftersales.workshop.rules.order import IN_HOUSE

MOST_FOUND = 6
MOST_UNITS = 4
SHOWN_VISITS = 5
_NUMBER = re.compile(r"\bRO-[A-Z0-9]+-\d{4}-\d+\b", re.IGNORECASE)


@dataclass(frozen=True)
class Found:
    """One customer that may be meant, and those of his units that may be."""

    customer: Any
    phone: Any
    units: list[Any]


@dataclass(frozen=True)
class Guess:
    """What a word that is known nowhere looks like: the box it belongs in, and the trade and category whose number it is."""

    box: str = "name"
    value: str = ""
    trade: str = ""
    category: str = ""


@dataclass(frozen=True)
class Known:
    """What is known of the unit and its owner before anything is written down."""

    customer: Any
    phone: Any
    unit: Any = None
    here: RepairOrder | None = None
    """The order under which this unit is in the house already."""
    also_here: list[RepairOrder] = field(default_factory=list)
    """The customer's other orders in the house."""
    visits: list[RepairOrder] = field(default_factory=list)
    visit_count: int = 0
    declined: list[QuotationLine] = field(default_factory=list)
    """What was declined at earlier visits and may be offered again."""
    covers: list[Cover] = field(default_factory=list)
    """The repairs of this unit that the house still answers for."""


def find_unit_at_counter(actor: Actor, typed: str) -> Any | None:
    """The one unit that a scanned word means: by serial number, plate, or the number of one of its orders (also within a QR code's address)."""
    actor.require(Permission.RECEIVE)
    order_number = _NUMBER.search(typed)
    if order_number:
        order = only(orders_of(actor).filter(number=order_number[0].upper()).select_related("unit"))
        return order.unit if order else None
    return customers.find_unit_by_serial(actor, typed) or customers.find_unit_by_plate(actor, typed)


def find_at_counter(actor: Actor, typed: str) -> list[Found]:
    """The customers that may be meant, by telephone, name, or a part of one of their units' numbers, with their units."""
    actor.require(Permission.RECEIVE)
    exact = customers.find_customers_by_phone(actor, typed)
    found = exact or customers.find_customers(actor, typed, limit=MOST_FOUND)
    matching = [] if exact else customers.find_units(actor, typed, limit=MOST_FOUND)
    meant = {unit.pk for unit in matching}
    phones = customers.main_phones([customer.pk for customer in found])
    return [
        Found(customer, phones.get(customer.pk), _in_order(customer.units.all(), meant))
        for customer in found[:MOST_FOUND]
    ]


def _in_order(units: Iterable[Any], meant: set[int]) -> list[Any]:
    return sorted(units, key=lambda unit: unit.pk not in meant)[:MOST_UNITS]


def guess(typed: str, trades: Iterable[catalog.Trade]) -> Guess:
    """Where an unknown word belongs: a number with the right check digit, a plate, a telephone number, else a name."""
    known = list(trades)
    by_serial = _guess_serial(typed, known)
    if by_serial:
        return by_serial
    for trade in known:
        if trade.plate and _reads(trade.plate.read, typed):
            return Guess("plate", typed, trade.code)
    digits = re.sub(r"[\s()+-]", "", typed)
    if digits.isascii() and digits.isdigit():
        return Guess("phone", typed)
    if re.fullmatch(r"[0-9A-Za-z./-]{6,30}", typed) and re.search(r"\d", typed):
        return Guess("serial", typed)
    return Guess("name", typed)


def _guess_serial(typed: str, trades: Iterable[catalog.Trade]) -> Guess | None:
    for trade in trades:
        for category in trade.categories:
            if category.serial.checksum and _reads(category.serial.read, typed):
                return Guess("serial", typed, trade.code, category.code)
    return None


def _reads(read: Any, typed: str) -> bool:
    try:
        reading = read(typed)
    except Invalid:
        return False
    return bool(reading) and not getattr(reading, "warnings", ())


def known_at_counter(actor: Actor, *, unit_id: int | None = None, customer_id: int | None = None) -> Known | None:
    """What is known of a unit and its owner, or of a customer who brings another one; None when neither is visible to the actor."""
    actor.require(Permission.RECEIVE)
    try:
        if unit_id is not None:
            unit = customers.get_unit(actor, unit_id)
            return _known(actor, unit.owner, unit)
        if customer_id is not None:
            return _known(actor, customers.get_customer(actor, customer_id, with_reach=False), None)
    except Missing:
        return None
    return None


def _known(actor: Actor, customer: Any, unit: Any) -> Known:
    open_orders = list(
        orders_of(actor)
        .filter(customer_id=customer.pk, state__in=[state.value for state in IN_HOUSE])
        .select_related(*SHOWN_WITH)
        .order_by("-id")[:SHOWN_VISITS]
    )
    visits = list_orders_of_unit(actor, unit.pk) if unit is not None else []
    here = next((visit for visit in visits if visit.state in IN_HOUSE), None)
    return Known(
        customer=customer,
        phone=customers.main_phones([customer.pk]).get(customer.pk),
        unit=unit,
        here=here,
        also_here=[order for order in open_orders if here is None or order.pk != here.pk],
        visits=[visit for visit in visits if here is None or visit.pk != here.pk][:SHOWN_VISITS],
        visit_count=len(visits),
        declined=list_declined_lines_of_unit(actor, unit.pk) if unit is not None else [],
        covers=covers_in(visits),
    )
