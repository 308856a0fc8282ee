"""The workshop's plain decisions."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, strategies as st

from aftersales.core.errors import Invalid, Refused
from aftersales.core.money import Money
from aftersales.workshop.rules import intake, quotation
from aftersales.workshop.rules.house import DEFAULTS, covered_until
from aftersales.workshop.rules.order import PROMISE_RUNS, OrderState
from aftersales.workshop.rules.promise import ContactReason, new_promise, promise_tone, warning_before

DAY = date(2026, 11, 23)
DUE = datetime(2026, 11, 26, 10, 0, tzinfo=UTC)
WARN = DUE - timedelta(days=1)
MOMENT = timedelta(microseconds=1)
amounts = st.integers(min_value=0, max_value=10**12).map(Money)
quantities = st.decimals(min_value=Decimal("0.01"), max_value=Decimal(9999), places=2)


def test_a_quotation_holds_for_fifteen_days_and_no_longer() -> None:
    until = quotation.valid_until(DAY, DEFAULTS.quotation_days)
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


lines_of_a_quotation = st.lists(
    st.builds(
        quotation.LineFacts,
        position=st.just(0),
        amount=amounts,
        decision=st.sampled_from(quotation.Decision),
        choice=st.sampled_from(["", "", "屏幕"]),
        option=st.sampled_from(["原厂", "副厂"]),
    ),
    max_size=8,
).map(lambda lines: [replace(line, position=place) for place, line in enumerate(lines, start=1)])


@given(lines_of_a_quotation)
def test_the_total_is_what_is_agreed_and_what_is_asked_with_one_option_of_each_choice(
    lines: list[quotation.LineFacts],
) -> None:
    found = quotation.sums(lines)
    assert found == quotation.sums(reversed(lines))
    asked = [line for line in lines if line.position in quotation.first_choices(lines)]
    assert found.total.fen == found.agreed.fen + sum(line.amount.fen for line in asked)
    assert found.line_count >= found.open_count + found.agreed_count
    assert len({line.option for line in asked if line.choice}) <= 1


@given(lines_of_a_quotation, st.sets(st.integers(1, 9)))
def test_an_answer_decides_every_open_line_once_or_nothing_at_all(
    lines: list[quotation.LineFacts], agreed: set[int]
) -> None:
    asked = {line.position for line in lines if line.decision is quotation.Decision.OPEN}
    try:
        decisions = quotation.decide(lines, agreed=agreed)
    except Invalid:
        taken = {
            line.option
            for line in lines
            if line.choice and (line.position in agreed or line.decision is quotation.Decision.AGREED)
        }
        assert not agreed <= asked or len(taken) > 1
        return
    assert decisions.keys() == asked
    assert {place for place, each in decisions.items() if each is quotation.Decision.AGREED} == agreed


@given(amounts, quantities, amounts)
def test_a_discount_is_never_more_than_the_line_and_never_without_a_reason(
    price: Money, quantity: Decimal, off: Money
) -> None:
    gross = price.times(quantity)
    if off > gross:
        with pytest.raises(Invalid) as refused:
            quotation.line_amount(unit_price=price, quantity=quantity, discount=off, reason="老客户")
        assert refused.value.field == "discount"
        return
    assert (
        quotation.line_amount(unit_price=price, quantity=quantity, discount=off, reason="老客户").fen
        == gross.fen - off.fen
    )
    if off.fen:
        with pytest.raises(Invalid) as refused:
            quotation.line_amount(unit_price=price, quantity=quantity, discount=off, reason=" ")
        assert refused.value.field == "discount_reason"


@pytest.mark.parametrize("percent", [Decimal(0), Decimal(-5), Decimal("100.1")])
def test_a_discount_of_nothing_or_more_than_everything_is_refused(percent: Decimal) -> None:
    with pytest.raises(Invalid):
        quotation.percent_off(Money(100), percent)


def test_half_an_alternative_is_refused() -> None:
    quotation.check_option("", "")
    quotation.check_option("屏幕", "原厂")
    for choice, option, field in [("屏幕", "", "option"), ("", "原厂", "choice")]:
        with pytest.raises(Invalid) as refused:
            quotation.check_option(choice, option)
        assert refused.value.field == field


@pytest.mark.parametrize(
    ("again", "reason", "is_running", "field"),
    [
        (DUE - MOMENT, ContactReason.PARTS, True, "promised_at"),
        (DUE, ContactReason.PARTS, True, "promised_at"),
        (DUE + timedelta(days=1), ContactReason.PROGRESS, True, "reason"),
        (DUE + timedelta(days=1), ContactReason.PARTS, False, "promised_at"),
        (DUE + timedelta(days=400), ContactReason.PARTS, True, "promised_at"),
    ],
)
def test_a_new_promise_that_is_none_is_refused(
    again: datetime, reason: ContactReason, is_running: bool, field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        new_promise(promised_at=again, current=DUE, reason=reason, now=WARN, is_running=is_running)
    assert refused.value.field == field


def test_a_new_promise_lies_after_the_old_one_and_warns_as_long_before() -> None:
    again = DUE + timedelta(days=2)
    facts = {"current": DUE, "now": WARN, "is_running": True}
    assert new_promise(promised_at=again, reason=ContactReason.PARTS, **facts) == again
    assert new_promise(promised_at=None, reason=ContactReason.PROGRESS, **facts) is None
    assert warning_before(promised_at=DUE, warn_at=WARN, again_at=again, now=WARN) == WARN + timedelta(days=2)
    assert warning_before(promised_at=DUE, warn_at=WARN, again_at=again, now=again) == again


def test_rework_never_restarts_a_warranty() -> None:
    first = covered_until(handed_over_on=DAY, days=90)
    assert first == DAY + timedelta(days=90)
    assert covered_until(handed_over_on=DAY + timedelta(days=20), days=90, first_covered_until=first) == first


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
