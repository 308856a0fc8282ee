"""The workshop's plain decisions."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, strategies as st

from aftersales.core.errors import Invalid, Refused
from aftersales.core.money import Money
from aftersales.workshop.rules import intake, quotation
from aftersales.workshop.rules.order import PROMISE_RUNS, OrderState
from aftersales.workshop.rules.promise import promise_tone

DAY = date(2026, 11, 23)
DUE = datetime(2026, 11, 26, 10, 0, tzinfo=UTC)
WARN = DUE - timedelta(days=1)
MOMENT = timedelta(microseconds=1)
amounts = st.integers(min_value=0, max_value=10**12).map(Money)
quantities = st.decimals(min_value=Decimal("0.01"), max_value=Decimal(9999), places=2)


def test_a_quotation_holds_for_fifteen_days_and_no_longer() -> None:
    until = quotation.valid_until(DAY)
    assert quotation.is_valid(until, DAY + timedelta(days=14))
    assert not quotation.is_valid(until, DAY + timedelta(days=15))
    assert quotation.is_valid(None, DAY)


@pytest.mark.parametrize(
    ("now", "tone"),
    [(WARN - MOMENT, "success"), (WARN, "warning"), (DUE, "warning"), (DUE + MOMENT, "danger")],
)
def test_a_promise_is_in_time_then_due_soon_then_missed(now: datetime, tone: str) -> None:
    assert promise_tone(OrderState.REPAIRING, promised_at=DUE, warn_at=WARN, now=now) == tone


@pytest.mark.parametrize("state", [state for state in OrderState if state not in PROMISE_RUNS])
def test_no_promise_is_missed_once_nothing_is_promised(state: OrderState) -> None:
    assert promise_tone(state, promised_at=DUE, warn_at=WARN, now=DUE + timedelta(days=99)) == "neutral"


@given(amounts, quantities)
def test_a_line_is_never_off_by_more_than_half_a_fen(price: Money, quantity: Decimal) -> None:
    amount = quotation.line_amount(unit_price=price, quantity=quantity)
    assert abs(Decimal(amount.fen) - Decimal(price.fen) * quantity) <= Decimal("0.5")


@given(st.lists(amounts, max_size=20))
def test_the_total_is_the_sum_of_its_lines_in_any_order(lines: list[Money]) -> None:
    assert quotation.quotation_total(lines) == quotation.quotation_total(reversed(lines))
    assert quotation.quotation_total(lines).fen == sum(line.fen for line in lines)


@given(amounts, amounts)
def test_a_payment_is_taken_exactly_when_it_is_above_nothing_and_not_above_what_is_due(paid: Money, due: Money) -> None:
    if 0 < paid.fen <= due.fen:
        assert quotation.accepted_payment(paid=paid, due=due) == paid
    else:
        with pytest.raises(Invalid) as refused:
            quotation.accepted_payment(paid=paid, due=due)
        assert refused.value.field == "amount"


def test_twelve_photos_are_taken_and_thirteen_refused() -> None:
    intake.check_photo_count(12)
    with pytest.raises(Invalid):
        intake.check_photo_count(13)


@pytest.mark.parametrize("state", [OrderState.HANDED_OVER, OrderState.CLOSED])
def test_the_intake_is_settled_once_the_unit_has_left(state: OrderState) -> None:
    with pytest.raises(Refused):
        intake.check_still_editable(state)
    intake.check_still_editable(OrderState.READY)
