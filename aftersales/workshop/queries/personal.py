"""What the workshop holds of one customer, for his copy, and why he cannot be erased yet."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import Q

from aftersales.core import files, journal
from aftersales.core.rows import facts_of
from aftersales.core.text import Text, text as _
from aftersales.customers.queries import Part, Subject
from aftersales.workshop.models import (
    CHECK_PHOTOS,
    Consent,
    Contact,
    ExpertQuestion,
    Payment,
    Promise,
    QualityCheck,
    Quotation,
    QuotationLine,
    RepairOrder,
    Wait,
)
from aftersales.workshop.rules.order import IN_HOUSE, STATES, OrderState

TABLES: Mapping[str, tuple[Text, type[Any]]] = {
    "order_quotations": (_("Quotations"), Quotation),
    "order_lines": (_("Quotation lines"), QuotationLine),
    "order_answers": (_("Answers to quotations"), Consent),
    "order_checks": (_("Quality checks"), QualityCheck),
    "order_questions": (_("Questions to experts"), ExpertQuestion),
    "order_waits": (_("Waits"), Wait),
    "order_contacts": (_("Contacts"), Contact),
    "order_promises": (_("Promises"), Promise),
    "order_payments": (_("Payments"), Payment),
}
"""What hangs on an order; a test names whatever is missing here."""
_ORDER = (
    ("number", _("Repair order")),
    ("received_at", _("Taken in on")),
    ("state_in_words", _("State")),
    ("unit", _("Unit")),
    ("fault", _("Fault")),
    ("diagnosis", _("Diagnosis")),
    ("work_done", _("Work done")),
    ("total", _("Total")),
    ("due", _("Still due")),
    ("handed_over_at", _("Handed over")),
)
MOST_ENTRIES = 20_000


def parts_of(subject: Subject) -> list[Part]:
    """The customer's orders with all that hangs on them, their photos, and what the journal says of them."""
    orders = RepairOrder.objects.filter(customer__in=subject.customer_ids).select_related("unit").order_by("pk")
    numbers = [order.number for order in orders]
    checks = QualityCheck.objects.filter(order__in=orders).values_list("pk", flat=True)
    photos = [photo for number in numbers for photo in files.list_photos("order", number)]
    photos += [photo for check in checks for photo in files.list_photos(CHECK_PHOTOS, check)]
    entries = journal.entries_of_many({"order": numbers, "clock": numbers}, limit=MOST_ENTRIES) if numbers else []
    told = ("at", "act", "kind", "key", "before", "after", "note")
    return [
        Part("orders", _("Repair orders"), [_told(order) for order in orders], _ORDER, photos),
        *(
            Part(name, title, [facts_of(row) for row in model.objects.filter(order__in=orders).order_by("pk")])
            for name, (title, model) in TABLES.items()
        ),
        Part(
            "order_journal",
            _("What was done to the orders"),
            [{name: value for name, value in facts_of(entry).items() if name in told} for entry in entries],
        ),
    ]


def _told(order: RepairOrder) -> Mapping[str, Any]:
    words = {
        "state_in_words": str(STATES[OrderState(order.state)].label),
        "unit": order.unit.label,
        "total": str(order.total),
        "due": str(order.due),
    }
    return facts_of(order) | words


def holds_of(subject: Subject) -> list[Text]:
    """Why the customer cannot be erased yet: an order that is not closed, a unit that stands here, money that is due."""
    his = RepairOrder.objects.filter(customer__in=subject.customer_ids)
    here = Q(unit__in=subject.unit_ids, state__in=[state.value for state in IN_HOUSE])
    open_ones = his.exclude(state=OrderState.CLOSED.value) | RepairOrder.objects.filter(here)
    numbers = sorted(open_ones.values_list("number", flat=True))
    found = []
    if numbers:
        found.append(_("Orders are still open: {numbers}. Hand over and close them first.", numbers=_few(numbers)))
    due = sorted(his.filter(due_fen__gt=0).values_list("number", flat=True))
    if due:
        found.append(_("Money is still due: {numbers}. Settle it first.", numbers=_few(due)))
    return found


def _few(numbers: list[str]) -> str:
    return ", ".join(numbers[:3]) + (" …" if len(numbers) > 3 else "")
