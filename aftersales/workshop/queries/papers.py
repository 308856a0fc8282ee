"""What the papers of an order are made from, besides the order itself and its quotations."""

from __future__ import annotations

from collections.abc import Iterable

from aftersales.core import journal
from aftersales.core.models import JournalEntry
from aftersales.workshop.models import Consent, Payment, Quotation, RepairOrder
from aftersales.workshop.rules.order import OrderAction, OrderState
from aftersales.workshop.rules.papers import PaperFacts, asked_again


def paper_facts(order: RepairOrder, quotations: Iterable[Quotation], consents: Iterable[Consent]) -> PaperFacts:
    """What decides which papers the order has."""
    yes = [consent.quotation_no for consent in consents if consent.is_yes]
    return PaperFacts(
        state=OrderState(order.state),
        quotation_no=order.quotation_no,
        agreed_count=order.agreed_count,
        asked_again=asked_again((each.number for each in quotations), first_yes=min(yes, default=None)),
    )


def list_payments(order: RepairOrder) -> list[Payment]:
    """What was paid, in the order in which it was paid."""
    return list(order.payments.order_by("paid_at", "id"))


def last_act(order: RepairOrder, action: OrderAction) -> JournalEntry | None:
    """When and by whom this was last done to the order, and what was noted then."""
    return next((entry for entry in journal.entries_of("order", order.number) if entry.act == action.value), None)
