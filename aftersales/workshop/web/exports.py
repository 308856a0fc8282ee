"""What the lists of the workshop export."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from aftersales.catalog import queries as catalog
from aftersales.core import clock
from aftersales.core.text import text as _
from aftersales.customers import queries as customers
from aftersales.exchange.queries import Asked, Field, ListExport, register_list
from aftersales.workshop import queries
from aftersales.workshop.permissions import Permission
from aftersales.workshop.web import listing


@dataclass(frozen=True)
class Line:
    """An order with what is looked up for many at once."""

    order: Any
    shown: queries.Row
    phone: Any


def _lines(asked: Asked, orders: list[Any]) -> Sequence[Line]:
    phones = customers.main_phones(order.customer_id for order in orders)
    return [Line(order, queries.row(order, asked.now), phones.get(order.customer_id)) for order in orders]


ORDERS = register_list(
    ListExport(
        code="workshop:orders",
        title=_("Repair orders"),
        needs=Permission.SEE,
        uncovers="customers:customer:see-contact",
        rows=lambda asked: listing.listed(asked, asked.now).rows,
        prepare=_lines,
        fields=(
            Field(_("Order"), lambda line: line.order.number),
            Field(_("Station"), lambda line: line.order.station.name),
            Field(_("Customer"), lambda line: line.order.customer.name),
            Field(
                _("Telephone"),
                lambda line: line.phone.masked if line.phone else "",
                lambda line: line.phone.national if line.phone else "",
            ),
            Field(_("Unit"), lambda line: line.order.unit.label),
            Field(_("Serial number"), lambda line: line.order.unit.serial),
            Field(_("Plate"), lambda line: line.order.unit.plate),
            Field(_("Trade"), lambda line: catalog.get_trade(line.order.trade).label),
            Field(_("Category"), lambda line: line.order.category.label),
            Field(_("State"), lambda line: line.shown.info.label),
            Field(_("Waits for"), lambda line: line.shown.waiting),
            Field(_("Fault"), lambda line: line.order.fault),
            Field(_("Received"), lambda line: line.order.received_at),
            Field(_("Promised"), lambda line: line.order.promised_at),
            Field(_("Last step"), lambda line: line.order.moved_at),
            Field(_("Handed over"), lambda line: line.order.handed_over_at),
            Field(_("Advisor"), lambda line: line.order.advisor.name),
            Field(_("Technician"), lambda line: line.order.technician.name if line.order.technician else ""),
            Field(_("Total"), lambda line: line.order.total),
            Field(_("Still due"), lambda line: line.order.due),
            Field(_("Work done"), lambda line: line.order.work_done),
        ),
    )
)


def _past_repairs(asked: Asked) -> Any:
    return queries.list_past_repairs(asked.actor, **listing.wanted_past(asked.GET))


PAST_REPAIRS = register_list(
    ListExport(
        code="workshop:past_repairs",
        title=_("Repair history"),
        needs=Permission.SEE,
        rows=_past_repairs,
        fields=(
            Field(_("Day"), lambda past: past.repaired_on),
            Field(_("Category"), lambda past: past.category),
            Field(_("Brand"), lambda past: past.brand),
            Field(_("Model"), lambda past: past.model),
            Field(_("Problem"), lambda past: past.problem),
            Field(_("Outcome"), lambda past: past.outcome),
            Field(_("Place"), lambda past: past.place),
            Field(_("Source"), lambda past: past.source),
            Field(_("Number there"), lambda past: past.source_id),
        ),
    )
)


def _counts(asked: Asked) -> Any:
    zone = timezone.get_current_timezone_name()
    first, last, _form = listing.period(asked.GET, today=clock.local_date(asked.now, zone))
    return queries.count_by_category(asked.actor, first=first, last=last, zone=zone)


WORK_BY_CATEGORY = register_list(
    ListExport(
        code="workshop:work_by_category",
        title=_("Work by category"),
        needs=Permission.SEE_COUNTS,
        rows=_counts,
        fields=(
            Field(_("Category"), lambda row: row.label),
            Field(_("Repair orders"), lambda row: row.orders),
            Field(_("Repair history"), lambda row: row.past),
            Field(_("Total"), lambda row: row.total),
        ),
    )
)
