"""What the ledger does when something happens to a customer."""

from __future__ import annotations

from aftersales.billing import services
from aftersales.core.events import on
from aftersales.customers.events import CustomerErased, CustomersMerged, MergeUndone


@on(CustomersMerged)
def carry_over_account(event: CustomersMerged) -> None:
    """Carry the balance of the one that is gone over to the other."""
    services.carry_over(merge_id=event.merge_id, kept_id=event.kept_id, gone_id=event.gone_id, now=event.at)


@on(MergeUndone)
def give_back_account(event: MergeUndone) -> None:
    """Carry it back."""
    if event.kind == "customer":
        services.give_back(merge_id=event.merge_id, now=event.at)


@on(CustomerErased)
def erase_customer_in_ledger(event: CustomerErased) -> None:
    """Take out of the ledger what names him."""
    services.erase_customer_in_ledger(customer_ids=event.customer_ids, traces=event.traces, now=event.at)
