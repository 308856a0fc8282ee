"""What the lists of this room export; the vouchers of an account and a period are the statement as a table."""

from __future__ import annotations

from aftersales.billing.permissions import Permission
from aftersales.billing.queries import Entry
from aftersales.billing.web import listing
from aftersales.core.text import text as _
from aftersales.exchange.queries import Field, ListExport, register_list


def note_of(entry: Entry) -> str:
    """What was written to the entry."""
    written = getattr(entry, "written", None)
    return written.text if written else ""


def _deductions(entry: Entry) -> str:
    return "; ".join(f"{label} {amount}" for label, amount in entry.deductions_told)


ACCOUNTS = register_list(
    ListExport(
        code="billing:accounts",
        title=_("Customer accounts"),
        needs=Permission.SEE_ACCOUNTS,
        rows=lambda asked: listing.accounts(asked).rows,
        fields=(
            Field(_("Customer number"), lambda one: one.customer.number),
            Field(_("Customer"), lambda one: one.customer.name),
            Field(_("Balance"), lambda one: one.balance),
            Field(_("Meaning"), lambda one: str(one.side)),
            Field(_("Vouchers"), lambda one: one.entry_count),
            Field(_("Last posted"), lambda one: one.last_posted_at),
        ),
    )
)
VOUCHERS = register_list(
    ListExport(
        code="billing:vouchers",
        title=_("Vouchers"),
        needs=Permission.SEE_ACCOUNTS,
        rows=lambda asked: listing.vouchers(asked).rows,
        fields=(
            Field(_("Voucher"), lambda one: one.number),
            Field(_("Posted on"), lambda one: one.posted_on),
            Field(_("Customer number"), lambda one: one.account.customer.number),
            Field(_("Customer"), lambda one: one.account.customer.name),
            Field(_("Kind"), lambda one: str(one.kind_label)),
            Field(_("Paper"), lambda one: one.source),
            Field(_("Debit"), lambda one: one.debit),
            Field(_("Credit side"), lambda one: one.credit),
            Field(_("Balance"), lambda one: one.balance),
            Field(_("Price of the goods"), lambda one: one.goods),
            Field(_("Credited percent"), lambda one: one.percent),
            Field(_("Deductions"), _deductions),
            Field(_("Reverses"), lambda one: one.reverses.number if one.reverses else ""),
            Field(_("Note"), note_of),
            Field(_("Posted by"), lambda one: one.posted_name),
            Field(_("Posted at"), lambda one: one.posted_at),
        ),
    )
)
FREIGHT = register_list(
    ListExport(
        code="billing:freight",
        title=_("Freight documents"),
        needs=Permission.SEE_FREIGHT,
        rows=lambda asked: listing.freight(asked).rows,
        fields=(
            Field(_("Freight document"), lambda one: one.number),
            Field(_("Customer"), lambda one: one.customer.name),
            Field(_("Carrier"), lambda one: one.carrier),
            Field(_("Kind of carrier"), lambda one: str(one.carrier_label)),
            Field(_("Waybill number"), lambda one: one.waybill),
            Field(_("Amount"), lambda one: one.amount),
            Field(_("Goods came on"), lambda one: one.received_on),
            Field(_("Why the goods came back"), lambda one: str(one.cause_label)),
            Field(_("State"), lambda one: str(one.state_info.label)),
            Field(_("Salesperson"), lambda one: one.salesperson_name),
            Field(_("Liable"), lambda one: str(one.liable_label)),
            Field(_("Voucher"), lambda one: one.entry.number if one.entry else ""),
        ),
    )
)
