"""What this room adds to a customer's page and copy, and why he cannot be erased yet."""

from __future__ import annotations

from typing import Any

from aftersales.billing.models import Account, Entry, FreightDocument, StatementConfirmation
from aftersales.billing.permissions import Permission
from aftersales.billing.rules.freight import FREIGHT
from aftersales.core.actor import Actor
from aftersales.core.rows import facts_of, only
from aftersales.core.text import Text, text as _
from aftersales.customers.queries import Panel, Part, Subject

OPEN = [state.value for state, info in FREIGHT.states.items() if info.is_open]


def panels_of(actor: Actor, customer_id: int | None, unit_id: int | None) -> list[Panel]:
    """The balance on the customer's page, with the way to the account."""
    if customer_id is None or unit_id is not None or not actor.may(Permission.SEE_ACCOUNTS):
        return []
    account = only(Account.objects.filter(customer_id=customer_id))
    data = {"account": account, "customer_id": customer_id}
    return [Panel(_("Customer account"), "billing/customer_panel.html", data)]


def holds_of(subject: Subject) -> list[Text]:
    """Why the customer cannot be erased yet: an account that is not even, freight that nobody has settled."""
    found = []
    if Account.objects.filter(customer__in=subject.customer_ids).exclude(balance_fen=0).exists():
        found.append(_("The customer's account is not even. Settle it first."))
    freight = FreightDocument.objects.filter(customer__in=subject.customer_ids, state__in=OPEN)
    numbers = list(freight.order_by("pk").values_list("number", flat=True)[:3])
    if numbers:
        found.append(_("Freight documents are still open: {numbers}. Finish them first.", numbers=", ".join(numbers)))
    return found


def parts_of(subject: Subject) -> list[Part]:
    """The customer's ledger, confirmed statements and freight, for his copy; our people's names are not about him."""
    ids = subject.customer_ids
    entries = Entry.objects.filter(account__customer__in=ids).select_related("written").order_by("pk")
    confirmed = StatementConfirmation.objects.filter(account__customer__in=ids).order_by("pk")
    freight = FreightDocument.objects.filter(customer__in=ids).order_by("pk")
    return [
        Part("account", _("Customer account"), [_entry(row) for row in entries]),
        Part("statements", _("Confirmed statements"), [_told(row) for row in confirmed]),
        Part("freight", _("Freight documents"), [_told(row) for row in freight]),
    ]


OURS = ("posted_by", "posted_name", "recorded_by", "recorded_name", "salesperson_name", "signed_name", "signature")


def _told(row: Any) -> dict[str, Any]:
    return {name: value for name, value in facts_of(row).items() if name not in OURS}


def _entry(row: Entry) -> dict[str, Any]:
    written = getattr(row, "written", None)
    told = {"kind": str(row.kind_label), "amount": str(row.amount), "note": written.text if written else ""}
    return _told(row) | told
