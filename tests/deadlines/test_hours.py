from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from aftersales.core.errors import Invalid
from aftersales.deadlines.rules.hours import Period, parse_periods, parse_week, plain_periods


def test_it_reads_several_periods_of_a_day():
    assert parse_periods("08:30-12:00, 13:30-18:00") == (Period(510, 720), Period(810, 1080))


@pytest.mark.parametrize(
    "typed",
    [
        "８：３０－１２：００，１３：３０－１８：００",
        "8:30~12:00；13:30至18:00",
        "08:30–12:00、13:30—18:00",
        "8:30-12:00\n13:30-18:00",
    ],
)
def test_it_reads_them_as_a_chinese_keyboard_types_them(typed):
    assert parse_periods(typed) == parse_periods("08:30-12:00, 13:30-18:00")


def test_nothing_typed_is_a_day_without_work():
    assert parse_periods(" ") == ()


def test_a_period_may_last_until_midnight():
    assert parse_periods("00:00-24:00") == (Period(0, 1440),)


@pytest.mark.parametrize("typed", ["22:00-06:00", "12:00-12:00", "09:00-24:30", "9-12", "08:60-12:00", "open"])
def test_it_refuses_what_is_no_period_and_says_how_to_write_it(typed):
    with pytest.raises(Invalid, match="24-hour clock") as refusal:
        parse_periods(typed, field="day_0")
    assert refusal.value.field == "day_0"


def test_it_refuses_overlapping_periods():
    with pytest.raises(Invalid, match="11:00–18:00 begins before 08:30–12:00 has ended"):
        parse_periods("08:30-12:00, 11:00-18:00")


def test_it_refuses_a_week_in_which_nobody_works():
    with pytest.raises(Invalid, match="No day of the week"):
        parse_week([""] * 7)


def test_it_refuses_a_week_of_six_days():
    with pytest.raises(Invalid, match="seven days"):
        parse_week(["08:00-12:00"] * 6)


@given(st.lists(st.integers(0, 1440), min_size=2, max_size=8, unique=True).map(sorted))
def test_what_is_written_reads_back_the_same(edges):
    periods = tuple(Period(*pair) for pair in zip(edges[::2], edges[1::2], strict=False))
    assert parse_periods(plain_periods(periods)) == periods
