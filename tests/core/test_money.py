from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given, strategies as st

from aftersales.core.errors import Invalid
from aftersales.core.money import Money, total

amounts = st.integers(-(10**14) + 1, 10**14 - 1).map(Money)
small_amounts = st.integers(-(10**9), 10**9).map(Money)
quantities = st.decimals(min_value=-1000, max_value=1000, places=3, allow_nan=False)


@given(amounts)
def test_what_is_shown_can_be_typed_again(amount):
    assert Money.parse(str(amount)) == amount
    assert Money.parse(amount.plain) == amount


@pytest.mark.parametrize(
    ("typed", "fen"),
    [
        ("0", 0),
        ("12", 1200),
        ("12.5", 1250),
        ("12.05", 1205),
        (" 12.50 ", 1250),
        ("¥12.50", 1250),
        ("￥ 12.50", 1250),
        ("12.50元", 1250),
        ("12 元", 1200),
        ("1,234.50", 123450),
        ("１２．５０", 1250),
        ("１，２３４", 123400),
        ("-12.50", -1250),
        ("-¥12.50", -1250),
        ("¥-12.50", -1250),
        ("999999999999.99", 99999999999999),
    ],
)
def test_an_amount_is_read_as_people_type_it(typed, fen):
    assert Money.parse(typed) == Money(fen)


@pytest.mark.parametrize(
    "typed",
    ["", " ", "-", "¥", "元", "zwölf", "12,50", "1,2345", "12.345", "1.2.3", "12.", ".5", "1e3", "NaN", "--1", "-¥-1",
     "1 234", "٣", "1\n2", "0x10", "9999999999999", "12.50 USD"],
)  # fmt: skip
def test_it_refuses_what_is_no_amount_of_yuan_and_says_how_to_write_one(typed):
    with pytest.raises(Invalid) as refusal:
        Money.parse(typed, field="price")
    assert refusal.value.field == "price"
    assert refusal.value.sentence.params["typed"] == typed
    assert "128.50" in str(refusal.value)


@given(st.text(max_size=20))
def test_whatever_is_typed_becomes_an_amount_or_a_refusal(typed):
    try:
        amount = Money.parse(typed)
    except Invalid:
        return
    assert isinstance(amount.fen, int)


@given(amounts, amounts)
def test_adding_and_taking_away_lose_nothing(one, other):
    assert one + other - other == one
    assert (one - other) == -(other - one)
    assert total([one, other]) == one + other


@given(small_amounts, quantities)
def test_times_is_rounded_to_the_nearest_fen_and_halves_go_up(amount, quantity):
    exact = Decimal(amount.fen) * quantity
    rounded = amount.times(quantity)
    assert isinstance(rounded.fen, int)
    assert abs(rounded.fen - exact) <= Decimal("0.5")
    assert rounded.fen == int(exact.quantize(Decimal(1), ROUND_HALF_UP))
    assert amount.times(-quantity) == -rounded


@pytest.mark.parametrize(
    ("fen", "quantity", "expected"),
    [(5, "0.5", 3), (5, "0.49", 2), (1, "0.5", 1), (3, "0.5", 2), (-5, "0.5", -3), (199, "3", 597), (333, "1.5", 500)],
)
def test_half_a_fen_counts_as_one(fen, quantity, expected):
    assert Money(fen).times(Decimal(quantity)) == Money(expected)


@given(amounts, amounts)
def test_amounts_are_ordered_as_their_fen(one, other):
    assert (one < other) == (one.fen < other.fen)
    assert bool(one) == (one.fen != 0)


def test_amounts_are_shown_with_thousands_and_two_decimals():
    assert str(Money(123456789)) == "¥1,234,567.89"
    assert str(Money(-5)) == "-¥0.05"
    assert Money(-123450).plain == "-1234.50"
    assert str(total([])) == "¥0.00"
