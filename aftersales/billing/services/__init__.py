"""Every write of this room, by the name of the act."""

from aftersales.billing.rules.entries import Deduction, EntryKind, Posting, credit
from aftersales.billing.services.erasing import erase_customer_in_ledger
from aftersales.billing.services.freight import (
    Freight,
    absorb_freight,
    confirm_freight,
    post_freight,
    record_freight,
    reverse_freight,
    send_back_freight,
    settle_freight,
    sign_freight,
    withdraw_freight,
)
from aftersales.billing.services.ledger import post_entry, reverse_entry
from aftersales.billing.services.merging import carry_over, give_back
from aftersales.billing.services.statements import confirm_statement

__all__ = [
    "Deduction",
    "EntryKind",
    "Freight",
    "Posting",
    "absorb_freight",
    "carry_over",
    "confirm_freight",
    "confirm_statement",
    "credit",
    "erase_customer_in_ledger",
    "give_back",
    "post_entry",
    "post_freight",
    "record_freight",
    "reverse_entry",
    "reverse_freight",
    "send_back_freight",
    "settle_freight",
    "sign_freight",
    "withdraw_freight",
]
