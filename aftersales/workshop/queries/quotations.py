"""What was quoted and answered: the versions given, the answers recorded, and what was declined at earlier visits."""

from __future__ import annotations

from django.db.models import QuerySet

from aftersales.core.actor import Actor
from aftersales.workshop.models import Consent, Quotation, QuotationLine, RepairOrder
from aftersales.workshop.queries.orders import orders_of
from aftersales.workshop.rules.quotation import Decision

MOST_OFFERED = 20


def list_lines(order: RepairOrder) -> list[QuotationLine]:
    """The order's lines as they stand."""
    return list(order.lines.order_by("position"))


def list_quotations(order: RepairOrder) -> list[Quotation]:
    """The versions that were given to the customer, newest first."""
    return list(order.quotations.order_by("-number"))


def list_consents(order: RepairOrder) -> list[Consent]:
    """The answers recorded, newest first."""
    return list(order.consents.order_by("-given_at", "-id"))


def list_declined_lines(actor: Actor, order: RepairOrder) -> list[QuotationLine]:
    """What the unit's owner declined at earlier visits and nobody has offered since: newest first.

    Of alternatives only those of which no option was agreed to count as declined.
    """
    earlier = orders_of(actor).filter(unit_id=order.unit_id).exclude(pk=order.pk)
    return _still_open(QuotationLine.objects.filter(order__in=earlier))


def list_declined_lines_of_unit(actor: Actor, unit_id: int) -> list[QuotationLine]:
    """What a unit's owner declined at any visit and nobody has offered since: newest first."""
    visits = orders_of(actor).filter(unit_id=unit_id)
    return _still_open(QuotationLine.objects.filter(order__in=visits))


def _still_open(lines: QuerySet[QuotationLine]) -> list[QuotationLine]:
    declined = lines.filter(decision=Decision.DECLINED.value, offers__isnull=True).select_related("order")
    taken = set(
        lines.exclude(choice="").filter(decision=Decision.AGREED.value).values_list("order_id", "choice").distinct()
    )
    found = declined.order_by("-order_id", "position")[: MOST_OFFERED * 2]
    return [line for line in found if (line.order_id, line.choice) not in taken][:MOST_OFFERED]
