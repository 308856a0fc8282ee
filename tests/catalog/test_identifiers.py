from __future__ import annotations

import string

import pytest
from hypothesis import given, strategies as st

from aftersales.catalog import queries
from aftersales.catalog.rules import identifiers
from aftersales.core.errors import Invalid

VIN_SIGNS = "0123456789ABCDEFGHJKLMNPRSTUVWXYZ"
PLATE_SIGNS = "ABCDEFGHJKLMNPQRSTUVWXYZ0123456789"


def vin_with_check_digit(vin: str) -> str:
    return next(made for sign in "0123456789X" if identifiers.has_vin_check_digit(made := vin[:8] + sign + vin[9:]))


def imei_with_check_digit(digits: str) -> str:
    return next(made for sign in string.digits if identifiers.has_luhn_check_digit(made := digits + sign))


def read_vin(typed: str):
    return queries.get_trade("automotive").serial_of("car").read(typed)


def read_imei(typed: str):
    return queries.get_trade("electronics").serial_of("phone").read(typed)


@pytest.mark.parametrize("vin", ["11111111111111111", "1M8GDM9AXKP042788", "LSVAA4186C2184847", "5GZCZ43D13S812715"])
def test_published_vins_have_the_right_check_digit(vin):
    assert identifiers.has_vin_check_digit(vin)


@given(st.text(VIN_SIGNS, min_size=17, max_size=17))
def test_every_vin_has_exactly_one_check_digit(vin):
    fitting = [sign for sign in "0123456789X" if identifiers.has_vin_check_digit(vin[:8] + sign + vin[9:])]
    assert len(fitting) == 1


@given(st.text(VIN_SIGNS, min_size=17, max_size=17), st.integers(0, 16), st.sampled_from("0123456789"))
def test_one_wrong_digit_in_a_vin_is_noticed(vin, place, digit):
    right = vin_with_check_digit(vin)
    if place == 8 or not right[place].isdigit() or right[place] == digit:
        return
    assert not identifiers.has_vin_check_digit(right[:place] + digit + right[place + 1 :])


@given(st.text(VIN_SIGNS, min_size=17, max_size=17))
def test_a_vin_is_read_the_same_with_blanks_hyphens_small_and_full_width_letters(vin):
    right = vin_with_check_digit(vin)
    scanned = " ".join([right[:3], right[3:8], right[8:]]).lower()
    wide = "".join(chr(ord(sign) + 0xFEE0) for sign in right)
    assert read_vin(scanned).value == read_vin(wide).value == read_vin(f"{right[:9]}-{right[9:]}").value == right


def test_a_vin_with_a_wrong_check_digit_is_taken_with_a_doubt():
    reading = read_vin("LSVAA4187C2184847")
    assert reading.value == "LSVAA4187C2184847"
    assert "check digit" in str(reading.warnings[0])
    assert not read_vin("LSVAA4186C2184847").warnings


@pytest.mark.parametrize("letter", "IOQ")
def test_a_vin_with_a_letter_that_looks_like_a_digit_is_refused_with_the_reason(letter):
    with pytest.raises(Invalid, match="never has the letters") as refused:
        read_vin(f"LSVAA418{letter}C2184847")
    assert refused.value.field == "serial"


@pytest.mark.parametrize("typed", ["LSVAA4186C218484", "LSVAA4186C21848477", "LSVAA4186C21848_7"])
def test_a_vin_of_another_form_is_refused_with_an_example(typed):
    with pytest.raises(Invalid, match="LSVAA4186C2184847"):
        read_vin(typed)


@given(st.text(string.digits, min_size=14, max_size=14))
def test_an_imei_needs_its_own_check_digit(digits):
    right = imei_with_check_digit(digits)
    assert read_imei(f"{right[:2]} {right[2:8]}-{right[8:]}").value == right
    wrong = digits + str((int(right[-1]) + 1) % 10)
    with pytest.raises(Invalid, match="check digit"):
        read_imei(wrong)


@given(st.text(string.digits, min_size=14, max_size=14), st.integers(0, 12))
def test_two_neighbours_swapped_in_an_imei_are_noticed(digits, place):
    right = imei_with_check_digit(digits)
    one, other = right[place], right[place + 1]
    if one == other or {one, other} == {"0", "9"}:  # the one pair Luhn's rule cannot tell apart
        return
    assert not identifiers.has_luhn_check_digit(right[:place] + other + one + right[place + 2 :])


def test_nothing_typed_is_no_number():
    assert read_vin("  ").value == ""
    assert identifiers.read_plate(" ", kinds=["road"]) == ""


@given(
    st.sampled_from(identifiers.PROVINCES),
    st.sampled_from("ABCDEFGHJKLMNPQRSTUVWXYZ"),
    st.text(PLATE_SIGNS, min_size=5, max_size=5),
)
def test_an_ordinary_plate_is_read_however_it_is_typed(province, letter, rest):
    plate = f"{province}{letter}{rest}"
    for typed in (
        plate,
        f"{province}{letter}·{rest}",
        f" {province}{letter} {rest} ".lower(),
        f"{province}{letter}-{rest}",
    ):
        assert identifiers.read_plate(typed, kinds=["road"]) == plate


@given(st.text(max_size=12))
def test_whatever_is_typed_a_plate_is_read_to_itself_or_refused(typed):
    try:
        value = identifiers.read_plate(typed, kinds=["road", "tractor"])
    except Invalid as refused:
        assert refused.field == "plate"  # noqa: PT017 - either outcome is right, each in its own way
    else:
        assert identifiers.read_plate(value, kinds=["road", "tractor"]) == value


@pytest.mark.parametrize(
    "plate",
    [
        "苏A12345", "苏AD12345", "京A12345F", "粤Z1234港", "粤Z1234澳", "沪A1234挂", "鲁B1234学", "皖A1234警", "沪A0023领",
        "224578使", "使224578", "WJ苏1234T", "临苏A12345", "新A1B2C3",
    ],
)  # fmt: skip
def test_every_kind_of_road_plate_is_known(plate):
    assert identifiers.read_plate(plate, kinds=["road"]) == plate


def test_plates_in_traditional_characters_are_the_same_plates():
    assert identifiers.read_plate("蘇A·12345", kinds=["road"]) == "苏A12345"
    assert identifiers.read_plate("粵B1234學", kinds=["road"]) == "粤B1234学"
    assert identifiers.read_plate("滬A0023領", kinds=["road"]) == "沪A0023领"


@pytest.mark.parametrize(
    "typed", ["苏A1234", "苏A1234567", "X A12345", "苏I12345", "苏A12O45", "苏A1234I", "12345", "苏01 12345"]
)
def test_what_no_authority_gives_out_is_refused(typed):
    with pytest.raises(Invalid, match="not a Chinese plate"):
        identifiers.read_plate(typed, kinds=["road"])


def test_farm_machinery_carries_its_own_plates():
    plate = queries.get_trade("agri").plate_of("tractor-wheeled")
    assert plate is not None
    assert plate.read("苏01·12345") == "苏0112345"
    assert queries.get_trade("agri").plate_of("implement") is None


def test_a_meter_is_a_whole_number_within_reason():
    meter = queries.get_trade("automotive").meter_of("car")
    assert meter is not None
    assert meter.read(" 12,345 ") == 12345
    assert meter.read("") is None
    for typed in ("-1", "12.5", "1e5", "2000000", "abc"):
        with pytest.raises(Invalid):
            meter.read(typed)
