"""What a quotation amounts to, and how long it holds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

from aftersales.core.errors import Invalid
from aftersales.core.money import Money
from aftersales.core.text import Text, text as _

VALID_FOR_DAYS = 15
LARGEST_QUANTITY = Decimal(9999)


class LineKind(StrEnum):
    """What a line charges."""

    LABOUR = "labour"
    PART = "part"
    FEE = "fee"


LINE_LABELS: Mapping[LineKind, Text] = {
    LineKind.LABOUR: _("Labour"),
    LineKind.PART: _("Part"),
    LineKind.FEE: _("Fee"),
}


class ConsentWay(StrEnum):
    """How the customer's answer was given; it is the proof kept."""

    IN_PERSON = "in_person"
    TELEPHONE = "telephone"
    MESSAGE = "message"
    SIGNATURE = "signature"


CONSENT_LABELS: Mapping[ConsentWay, Text] = {
    ConsentWay.IN_PERSON: _("In person"),
    ConsentWay.TELEPHONE: _("By telephone"),
    ConsentWay.MESSAGE: _("By message"),
    ConsentWay.SIGNATURE: _("Signed on paper"),
}


class PaymentWay(StrEnum):
    """How was paid."""

    CASH = "cash"
    WECHAT = "wechat"
    ALIPAY = "alipay"
    CARD = "card"
    ACCOUNT = "account"


PAYMENT_LABELS: Mapping[PaymentWay, Text] = {
    PaymentWay.CASH: _("Cash"),
    PaymentWay.WECHAT: _("WeChat Pay"),
    PaymentWay.ALIPAY: _("Alipay"),
    PaymentWay.CARD: _("Bank card"),
    PaymentWay.ACCOUNT: _("On account"),
}


def line_amount(*, unit_price: Money, quantity: Decimal) -> Money:
    """The price of a line, rounded half up to a fen; refuses quantities and prices no job can have."""
    if not Decimal(0) < quantity <= LARGEST_QUANTITY:
        raise Invalid(_("The quantity must be above 0 and at most {most}.", most=LARGEST_QUANTITY), field="quantity")
    if unit_price.fen < 0:
        raise Invalid(_("A price cannot be negative."), field="unit_price")
    return unit_price.times(quantity)


def quotation_total(amounts: Iterable[Money]) -> Money:
    """What the customer is asked to agree to."""
    return Money(sum(amount.fen for amount in amounts))


def valid_until(quoted_on: date) -> date:
    """The first day on which a quotation given on `quoted_on` no longer binds."""
    return quoted_on + timedelta(days=VALID_FOR_DAYS)


def is_valid(until: date | None, today: date) -> bool:
    """Whether a quotation still binds today."""
    return until is None or today < until


def accepted_payment(*, paid: Money, due: Money) -> Money:
    """The payment as it is recorded; refuses nothing, less than nothing, and more than is due."""
    if paid.fen <= 0:
        raise Invalid(_("A payment must be above 0."), field="amount")
    if paid > due:
        raise Invalid(_("Only {due} is due. Record at most that.", due=due), field="amount")
    return paid
