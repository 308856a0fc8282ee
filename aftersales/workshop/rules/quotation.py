"""What a quotation amounts to, how long it holds, and what the customer's answer means line by line."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

from aftersales.core.errors import Invalid
from aftersales.core.money import Money
from aftersales.core.text import Text, text as _

LARGEST_QUANTITY = Decimal(9999)
NOTHING = Money()


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


class Decision(StrEnum):
    """What the customer said to a line."""

    OPEN = "open"
    AGREED = "agreed"
    DECLINED = "declined"


DECISION_LABELS: Mapping[Decision, Text] = {
    Decision.OPEN: _("Not answered yet"),
    Decision.AGREED: _("Agreed"),
    Decision.DECLINED: _("Declined"),
}
DECISION_TONES: Mapping[Decision, str] = {
    Decision.OPEN: "warning",
    Decision.AGREED: "success",
    Decision.DECLINED: "neutral",
}


@dataclass(frozen=True)
class LineFacts:
    """All that the sums and the answer ask about a line."""

    position: int
    amount: Money
    decision: Decision = Decision.OPEN
    choice: str = ""
    option: str = ""
    is_done: bool = False


@dataclass(frozen=True)
class Sums:
    """What the lines of a quotation come to."""

    line_count: int
    open_count: int
    agreed_count: int
    agreed: Money
    total: Money
    """What is agreed, and what is asked besides; of alternatives the first one stands for all."""


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


def line_amount(
    *,
    unit_price: Money,
    quantity: Decimal,
    discount: Money = NOTHING,
    reason: str = "",
) -> Money:
    """The price of a line, rounded half up to a fen and less its discount; refuses what no job can have."""
    if not Decimal(0) < quantity <= LARGEST_QUANTITY:
        raise Invalid(_("The quantity must be above 0 and at most {most}.", most=LARGEST_QUANTITY), field="quantity")
    if unit_price.fen < 0:
        raise Invalid(_("A price cannot be negative."), field="unit_price")
    gross = unit_price.times(quantity)
    if not 0 <= discount.fen <= gross.fen:
        raise Invalid(_("The discount must be between 0 and {most}.", most=gross), field="discount")
    if discount and not reason.strip():
        raise Invalid(_("Write why there is a discount."), field="discount_reason")
    return gross - discount


def labour_basis(code: str, hours: Decimal, rate: Money) -> Text:
    """Where the price of a standard operation comes from."""
    return _("Standard operation {code}: {hours} h at {rate}", code=code, hours=hours, rate=rate)


def part_basis(code: str) -> Text:
    """Where the price of a part comes from."""
    return _("Price list, part {code}", code=code)


def percent_off(amount: Money, percent: Decimal) -> Money:
    """A discount of so many per cent, rounded half up to a fen; refuses less than nothing and more than everything."""
    if not Decimal(0) < percent <= Decimal(100):
        raise Invalid(_("The discount must be above 0 % and at most 100 %."), field="percent")
    return amount.times(percent / 100)


def sums(lines: Iterable[LineFacts]) -> Sums:
    """What these lines come to; a declined line costs nothing and stays on the list."""
    known = sorted(lines, key=lambda line: line.position)
    agreed = [line for line in known if line.decision is Decision.AGREED]
    asked = [line for line in known if line.decision is Decision.OPEN]
    counted = set(first_choices(known))
    agreed_sum = Money(sum(line.amount.fen for line in agreed))
    return Sums(
        line_count=len(known),
        open_count=len(asked),
        agreed_count=len(agreed),
        agreed=agreed_sum,
        total=agreed_sum + Money(sum(line.amount.fen for line in asked if line.position in counted)),
    )


def decide(lines: Iterable[LineFacts], *, agreed: Collection[int]) -> dict[int, Decision]:
    """The decision on each line that was not answered yet, when the customer agrees to those at the positions `agreed`.

    Refuses positions that have an answer already or do not exist, and two options where one can be taken.
    """
    known = list(lines)
    asked = {line.position: line for line in known if line.decision is Decision.OPEN}
    if not set(agreed) <= asked.keys():
        raise Invalid(
            _("One of these lines has been answered already, or was taken out. Reload the page to see how it stands."),
            field="agreed",
        )
    taken: dict[str, set[str]] = {}
    for line in known:
        if line.choice and (line.decision is Decision.AGREED or line.position in agreed):
            taken.setdefault(line.choice, set()).add(line.option)
    twice = next((choice for choice, options in taken.items() if len(options) > 1), None)
    if twice is not None:
        raise Invalid(_("Of “{choice}” only one option can be taken.", choice=twice), field="agreed")
    return {place: Decision.AGREED if place in agreed else Decision.DECLINED for place in asked}


def first_choices(lines: Iterable[LineFacts]) -> list[int]:
    """The positions the customer would agree to if he took everything that is asked, of alternatives the first option."""
    known = sorted(lines, key=lambda line: line.position)
    asked = [line for line in known if line.decision is Decision.OPEN]
    taken = _options_taken(known)
    return [line.position for line in asked if not line.choice or taken[line.choice] == line.option]


def _options_taken(known: list[LineFacts]) -> dict[str, str]:
    """For each choice the option that counts: the one agreed to, else the first that is asked."""
    asked = {line.choice: line.option for line in reversed(known) if line.choice and line.decision is Decision.OPEN}
    return asked | {line.choice: line.option for line in known if line.choice and line.decision is Decision.AGREED}


def check_option(choice: str, option: str) -> None:
    """Refuse half an alternative: what is chosen between needs a word, and the option one too."""
    if bool(choice) != bool(option):
        raise Invalid(
            _(
                "For alternatives write both: what is chosen between, such as “screen”, and this option, such as “original”."
            ),
            field="option" if choice else "choice",
        )


def valid_until(quoted_on: date, days: int) -> date:
    """The first day on which a quotation given on `quoted_on` no longer binds."""
    return quoted_on + timedelta(days=days)


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
