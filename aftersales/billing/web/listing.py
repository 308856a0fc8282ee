"""The lists as their addresses ask for them, for the pages and for the exports."""

from __future__ import annotations

from aftersales.billing import queries
from aftersales.billing.queries import Account, Entry, FreightDocument
from aftersales.billing.web import forms
from aftersales.core.text import text as _
from aftersales.core.web.access import ActorRequest
from aftersales.exchange.queries import Asked
from aftersales.ui.lists import Column, Listed, sorting

ACCOUNT_COLUMNS = (
    Column("customer", _("Customer"), ("customer__name", "pk")),
    Column("balance", _("Balance"), ("balance_fen", "pk"), is_number=True),
    Column("side", _("Meaning")),
    Column("entries", _("Vouchers"), ("entry_count", "pk"), is_number=True),
    Column("last", _("Last posted"), ("last_posted_at", "pk")),
)
VOUCHER_COLUMNS = (
    Column("number", _("Voucher"), ("pk",)),
    Column("on", _("Posted on"), ("posted_on", "pk")),
    Column("customer", _("Customer"), ("account__customer__name", "pk")),
    Column("kind", _("Kind")),
    Column("source", _("Paper"), ("source", "pk")),
    Column("debit", _("Debit"), is_number=True),
    Column("credit", _("Credit side"), is_number=True),
)
FREIGHT_COLUMNS = (
    Column("number", _("Freight document"), ("pk",)),
    Column("customer", _("Customer"), ("customer__name", "pk")),
    Column("carrier", _("Carrier"), ("carrier", "pk")),
    Column("amount", _("Amount"), ("amount_fen", "pk"), is_number=True),
    Column("state", _("State"), ("state", "pk")),
    Column("liable", _("Liable"), ("liable", "pk")),
    Column("salesperson", _("Salesperson"), ("salesperson_name", "pk")),
)


def accounts(asked: ActorRequest | Asked) -> Listed[Account]:
    """The accounts, filtered and in order."""
    form = forms.AccountFilterForm(asked.GET)
    said = form.cleaned_data if form.is_valid() else {}
    rows = queries.list_accounts(asked.actor, typed=said.get("q", ""), standing=said.get("standing", ""))
    order = sorting(asked, ACCOUNT_COLUMNS, default="-balance")
    return Listed(rows.order_by(*order.order_by), form, order)


def vouchers(asked: ActorRequest | Asked) -> Listed[Entry]:
    """The vouchers, filtered and in order."""
    form = forms.VoucherFilterForm(asked.GET)
    said = form.cleaned_data if form.is_valid() else {}
    rows = queries.list_entries(asked.actor, **said)
    order = sorting(asked, VOUCHER_COLUMNS, default="-number")
    return Listed(rows.order_by(*order.order_by), form, order)


def freight(asked: ActorRequest | Asked) -> Listed[FreightDocument]:
    """The freight documents, filtered and in order."""
    form = forms.FreightFilterForm(asked.GET)
    said = form.cleaned_data if form.is_valid() else {}
    rows = queries.list_freight(
        asked.actor,
        typed=said.get("q", ""),
        state=said.get("state", ""),
        liable=said.get("liable", ""),
        mine=bool(said.get("mine")),
    )
    order = sorting(asked, FREIGHT_COLUMNS, default="-number")
    return Listed(rows.order_by(*order.order_by), form, order)
