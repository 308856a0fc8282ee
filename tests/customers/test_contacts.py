from __future__ import annotations

import string

import pytest
from hypothesis import given, strategies as st

from aftersales.core.errors import Invalid
from aftersales.customers.rules import contacts, units

MOBILES = st.builds(
    lambda second, rest: f"1{second}{rest}", st.sampled_from("3456789"), st.text(string.digits, min_size=9, max_size=9)
)
SEPARATORS = st.sampled_from(["", " ", "-", "  ", "－"])


@given(MOBILES, st.sampled_from(["", "+86", "86", "0086", "+86 ", "(+86)"]), SEPARATORS, SEPARATORS)
def test_a_mobile_number_is_one_number_however_it_is_typed(mobile, country, first, second):
    typed = f"{country.strip('()')}{mobile[:3]}{first}{mobile[3:7]}{second}{mobile[7:]}"
    assert contacts.read_phone(typed) == f"+86{mobile}"


@given(MOBILES)
def test_full_width_digits_are_digits(mobile):
    assert contacts.read_phone("".join(chr(ord(digit) + 0xFEE0) for digit in mobile)) == f"+86{mobile}"


@given(st.one_of(st.text(max_size=20), st.text(string.digits + "+-() #转", max_size=20)))
def test_whatever_is_typed_a_number_is_read_to_itself_or_refused(typed):
    try:
        number = contacts.read_phone(typed)
    except Invalid as refused:
        assert refused.field == "phone"  # noqa: PT017 - either outcome is right, each in its own way
    else:
        assert number.startswith("+")
        assert contacts.read_phone(number) == number
        assert contacts.read_phone(contacts.national(number)) == number


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("025-84220000", "+862584220000"),
        ("(0514) 8788 1234", "+8651487881234"),
        ("010 88888888", "+861088888888"),
        ("025-84220000转801", "+862584220000"),
        ("400-820-8820", "+864008208820"),
        ("95533", "+8695533"),
        ("+852 2345 6789", "+85223456789"),
        ("00852 23456789", "+85223456789"),
        ("+1 650 253 0000", "+16502530000"),
    ],
)
def test_fixed_lines_service_numbers_and_foreign_numbers_are_known(typed, number):
    assert contacts.read_phone(typed) == number


@pytest.mark.parametrize("typed", ["", "12345", "84220000", "1380013800", "138001380001", "abc", "0912345678"])
def test_what_cannot_be_called_is_refused_with_a_way_out(typed):
    with pytest.raises(Invalid, match="11 digits, or a fixed line with its area code"):
        contacts.read_phone(typed)


@given(MOBILES)
def test_a_masked_number_hides_the_middle(mobile):
    masked = contacts.masked(f"+86{mobile}")
    assert masked == f"{mobile[:3]}****{mobile[-4:]}"


def test_an_extension_is_read_with_the_number_and_never_shown_masked():
    assert contacts.as_read("+862584220000", "025-84220000转801") == "025-8422-0000-801"
    assert contacts.masked("+862584220000") == "****0000"


@pytest.mark.parametrize(
    ("one", "other"),
    [("张三", "張三"), ("张 三", "张三"), ("Ana-María", "ana maria"), ("ＡＢＣ有限公司", "abc有限公司")],
)
def test_names_are_the_same_in_either_script_width_and_case(one, other):
    assert contacts.is_same_name(one, other)


@pytest.mark.parametrize(("one", "other"), [("张三", "张三丰"), ("", ""), ("张三", "三张"), ("-", "·")])
def test_other_names_are_other_names(one, other):
    assert not contacts.is_same_name(one, other)


def test_a_name_is_cleaned_and_needed():
    assert contacts.read_name("  张\u200b 三\t ") == "张 三"
    for typed in ("", " \u200b ", "名" * 81):
        with pytest.raises(Invalid) as refused:
            contacts.read_name(typed)
        assert refused.value.field == "name"


def test_a_serial_number_is_one_within_its_trade_category_or_owner():
    def key(one_per, category="phone", owner=1):
        return units.serial_key(one_per=one_per, trade="electronics", category=category, serial="A1", owner_id=owner)

    assert key("trade") == key("trade", "laptop", 2)
    assert key("category") == key("category", owner=2) != key("category", "laptop")
    assert key("owner") != key("owner", owner=2)
    assert units.serial_key(one_per="trade", trade="electronics", category="phone", serial="", owner_id=1) is None


@given(st.integers(0, 10**6), st.integers(0, 10**6))
def test_a_meter_goes_forward_unless_a_reason_is_given(last, reading):
    if reading >= last:
        units.check_meter(last=last, reading=reading, reason="", unit="km")
    else:
        with pytest.raises(Invalid):
            units.check_meter(last=last, reading=reading, reason="  ", unit="km")
        units.check_meter(last=last, reading=reading, reason="new dashboard", unit="km")
