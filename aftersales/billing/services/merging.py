"""Two records that were one customer: the balance of the one that is gone is carried over, and back when that is undone."""

from __future__ import annotations

from datetime import datetime

from aftersales.billing.models import Account, Entry, FreightDocument
from aftersales.billing.rules.entries import EntryKind, Posting
from aftersales.billing.services import ledger
from aftersales.billing.services.freight import index_freight
from aftersales.core import transaction
from aftersales.core.actor import SYSTEM
from aftersales.core.money import Money
from aftersales.core.rows import only
from aftersales.customers import services as customers

FREIGHT = "freight_of_customer"


@transaction.act
def carry_over(*, merge_id: int, kept_id: int, gone_id: int, now: datetime) -> None:
    """Nothing; the account of the one that is gone is even, its balance stands in the other one, as do open freight documents."""
    customers.hand_over(
        merge_id,
        kind=FREIGHT,
        rows=FreightDocument.objects.all(),
        field="customer_id",
        from_key=gone_id,
        to_key=kept_id,
    )
    for document in FreightDocument.objects.filter(customer_id=kept_id).select_related("customer", "station"):
        index_freight(document)
    if only(Account.objects.filter(customer_id=gone_id)) is None:
        return
    first, second = (ledger.locked_account(each, now=now) for each in sorted((kept_id, gone_id)))
    gone, kept = (first, second) if first.customer_id == gone_id else (second, first)
    if gone.balance_fen:
        carried = Money(gone.balance_fen)
        for account, amount in ((gone, -carried), (kept, carried)):
            ledger.post(
                SYSTEM,
                account=account,
                posting=Posting(EntryKind.OFFSET, amount, f"MERGE-{merge_id}-{account.customer.number}"),
                now=now,
            )


@transaction.act
def give_back(*, merge_id: int, now: datetime) -> None:
    """Nothing; what a merge carried over is reversed on both sides, and freight documents go back."""
    for key in customers.take_back(merge_id, kind=FREIGHT, rows=FreightDocument.objects.all()):
        index_freight(FreightDocument.objects.select_related("customer", "station").get(pk=key))
    carried = Entry.objects.filter(kind=EntryKind.OFFSET.value, source__startswith=f"MERGE-{merge_id}-")
    for entry in carried.filter(reversed_by__isnull=True).order_by("account_id"):
        ledger.reverse(SYSTEM, entry=entry, reason=f"MERGE-{merge_id}", now=now)
