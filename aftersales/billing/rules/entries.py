"""What may be posted to a customer's account, on which side it stands, and what a return is credited with."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from aftersales.core.errors import Invalid
from aftersales.core.money import Money, total
from aftersales.core.text import Text, text as _

LONGEST_SOURCE = 60
WHOLE = 100
MOST = Money(100_000_000_00)
"""A hundred million yuan: whoever types more has mistyped."""


class EntryKind(StrEnum):
    """What an entry is."""

    CHARGE = "charge"
    CREDIT = "credit"
    FREIGHT = "freight"
    PAYMENT = "payment"
    OFFSET = "offset"
    REVERSAL = "reversal"


KIND_LABELS: Mapping[str, Text] = {
    EntryKind.CHARGE.value: _("Charge"),
    EntryKind.CREDIT.value: _("Credit for a return"),
    EntryKind.FREIGHT.value: _("Freight charge"),
    EntryKind.PAYMENT.value: _("Payment received"),
    EntryKind.OFFSET.value: _("Offset"),
    EntryKind.REVERSAL.value: _("Reversal entry"),
}
DEBITS = (EntryKind.CHARGE, EntryKind.FREIGHT)
"""The customer owes more by them."""
CREDITS = (EntryKind.CREDIT, EntryKind.PAYMENT)
"""The customer owes less by them."""
POSTED_BY_HAND = (EntryKind.CHARGE, EntryKind.CREDIT, EntryKind.PAYMENT, EntryKind.OFFSET)
"""Kinds that finance posts with a form; freight comes from its document, a reversal from the entry it undoes."""

DEDUCTION_LABELS: Mapping[str, Text] = {
    "bag": _("Missing carrier bags"),
    "box": _("Missing or unfit packing"),
    "other": _("Other deduction"),
}


@dataclass(frozen=True)
class Deduction:
    """What is taken off a credit, and for what."""

    kind: str
    amount: Money


@dataclass(frozen=True)
class Posting:
    """What is to be posted. The amount is above zero; only an offset says its side by its sign.

    `source` is the paper it rests on: the same paper is not posted twice as the same kind. `goods`, `percent` and
    `deductions` tell how a credit was worked out.
    """

    kind: EntryKind
    amount: Money
    source: str
    note: str = ""
    goods: Money | None = None
    percent: int | None = None
    deductions: Sequence[Deduction] = ()


def credit(*, goods: Money, percent: int, deductions: Sequence[Deduction] = (), source: str, note: str = "") -> Posting:
    """The credit for a return: so many percent of what the goods cost, less the deductions; refused when nothing is left."""
    if not 1 <= percent <= WHOLE:
        raise Invalid(_("Credit between 1 and 100 percent."), field="percent")
    if any(each.amount.fen < 0 or each.kind not in DEDUCTION_LABELS for each in deductions):
        raise Invalid(_("A deduction cannot be below zero."), field="deductions")
    kept = tuple(each for each in deductions if each.amount)
    amount = goods.times(Decimal(percent) / WHOLE) - total(each.amount for each in kept)
    if amount.fen <= 0:
        raise Invalid(_("Nothing is left to credit: the deductions take all of it."), field="goods")
    return Posting(EntryKind.CREDIT, amount, source, note, goods, percent, kept)


def source_of(typed: str) -> str:
    """The paper a posting rests on, written the one way in which it is known again."""
    source = " ".join(typed.split()).upper()
    if not source:
        raise Invalid(
            _("Name the paper this rests on, such as the number of the return slip or receipt."), field="source"
        )
    if len(source) > LONGEST_SOURCE:
        raise Invalid(_("The number of a paper has at most {most} signs.", most=LONGEST_SOURCE), field="source")
    return source


def signed(posting: Posting) -> Money:
    """The amount as it changes what the customer owes; refused when it is nothing, below zero or beyond all measure."""
    amount = posting.amount
    if not amount or (amount.fen < 0 and posting.kind is not EntryKind.OFFSET):
        raise Invalid(_("The amount must be above zero."), field="amount")
    if abs(amount.fen) > MOST.fen:
        raise Invalid(_("That is more than a hundred million yuan. Check the amount."), field="amount")
    return -amount if posting.kind in CREDITS else amount


def side(balance: Money) -> Text:
    """What a balance means: the customer owes us, we owe the customer, or neither."""
    if balance.fen > 0:
        return _("Receivable")
    return _("Received in advance") if balance.fen < 0 else _("Even")


def side_tone(balance: Money) -> str:
    """The tone in which a balance is shown."""
    return "warning" if balance.fen > 0 else "info" if balance.fen < 0 else "neutral"


def deductions_from(kept: Iterable[Mapping[str, int | str]]) -> list[tuple[Text, Money]]:
    """The deductions of an entry in words."""
    return [(DEDUCTION_LABELS[str(each["kind"])], Money(int(each["amount"]))) for each in kept]
