"""What the lists of the workshop export."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

from django.utils import timezone

from aftersales.catalog import queries as catalog
from aftersales.core import clock
from aftersales.core.text import text as _
from aftersales.customers import queries as customers
from aftersales.exchange.queries import Asked, Field, ListExport, register_list
from aftersales.workshop import queries
from aftersales.workshop.permissions import Permission
from aftersales.workshop.rules.quality import FIGURE_LABELS
from aftersales.workshop.web import asking, listing, quality_listing


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
            Field(_("Symptoms"), lambda line: _picked(line.order, "faults", line.order.symptoms)),
            Field(_("Cause"), lambda line: _picked(line.order, "causes", [line.order.cause])),
            Field(_("Remedy"), lambda line: _picked(line.order, "remedies", [line.order.remedy])),
            Field(_("Diagnosis"), lambda line: line.order.diagnosis),
            Field(_("Work done"), lambda line: line.order.work_done),
        ),
    )
)


def _picked(order: Any, name: str, codes: Sequence[str]) -> str:
    items = getattr(catalog.get_trade(order.trade), name)
    return " · ".join(str(item.label) for item in items if item.code in codes)


QUESTIONS = register_list(
    ListExport(
        code="workshop:questions",
        title=_("Expert questions"),
        needs=Permission.SEE,
        rows=lambda asked: asking.listed(asked, asked.now).rows,
        prepare=lambda asked, rows: [queries.question_row(question, asked.now) for question in rows],
        fields=(
            Field(_("Question"), lambda row: row.question.number),
            Field(_("Order"), lambda row: row.question.order.number),
            Field(_("Station"), lambda row: row.question.order.station.name),
            Field(_("Unit"), lambda row: row.question.order.unit.label),
            Field(_("Asked of"), lambda row: row.question.addressee),
            Field(_("Asked by"), lambda row: row.question.asked_by.name),
            Field(_("Asked at"), lambda row: row.question.asked_at),
            Field(_("What is asked"), lambda row: row.question.question),
            Field(_("State"), lambda row: row.info.label),
            Field(_("Answer due"), lambda row: row.question.due_at),
            Field(_("The answer"), lambda row: row.question.answer),
            Field(_("Answered by"), lambda row: row.question.answered_by),
            Field(_("Ended at"), lambda row: row.question.ended_at),
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
    return queries.count_by_category(asked.actor, first=first, last=last)


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


def _quality(asked: Asked) -> Any:
    zone = timezone.get_current_timezone_name()
    return quality_listing.listed(asked, today=clock.local_date(asked.now, zone), zone=zone).rows


QUALITY = register_list(
    ListExport(
        code="workshop:quality",
        title=_("Quality of repairs"),
        needs=Permission.SEE_OWN_QUALITY,
        rows=_quality,
        fields=(
            Field(_("Technician"), lambda row: row.technician),
            Field(_("Station"), lambda row: row.station_name),
            *(Field(label, attrgetter(figure.value)) for figure, label in FIGURE_LABELS.items()),
        ),
    )
)
