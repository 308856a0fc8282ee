from __future__ import annotations

import re

import pytest
from hypothesis import given, strategies as st

from aftersales.core.masking import mask_id, mask_name, mask_phone


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        ("13812345678", "138****5678"),
        (" 138 1234 5678 ", "138****5678"),
        ("+86 138-1234-5678", "+86 138****5678"),
        ("008613812345678", "+86 138****5678"),
        ("025-83456789", "025-****6789"),
        ("02583456789", "025-****6789"),
        ("(0512) 6345678", "0512-****678"),
        ("010-65551234-801", "010-****1234"),
        ("010-65551234转801", "010-****1234"),
        ("+86 25 8345 6789", "+86 25******89"),
        ("400-820-8820", "40******20"),
        ("110", "***"),
        ("95588", "9***8"),
        ("", ""),
    ],
)
def test_a_phone_number_is_recognised_but_not_usable(number, shown):
    assert mask_phone(number) == shown


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("张三", "张*"),
        ("欧阳娜娜", "欧***"),
        ("张", "张*"),
        ("John Smith", "J*** S***"),
        ("南京顺达汽车服务有限公司", "南***"),
        ("", ""),
    ],
)
def test_of_a_name_the_first_character_is_left(name, shown):
    assert mask_name(name) == shown


def test_of_an_identity_number_the_birthday_is_hidden():
    assert mask_id("320106199001011234") == "320***********1234"


@given(st.from_regex(r"(\+86 ?|0086)?[0-9][0-9 -]{0,20}", fullmatch=True))
def test_at_least_four_or_half_of_the_digits_are_hidden(number):
    before = len(re.sub(r"\D", "", number))
    after = len(re.sub(r"\D", "", mask_phone(number)))
    assert before - after >= min(4, before / 2)


@given(st.text(max_size=40))
def test_anything_may_be_masked(anything):
    mask_phone(anything)
    assert mask_name(anything) == "" or "*" in mask_name(anything) or not anything.strip()
    assert mask_id(anything).count("*") >= len(anything.strip()) / 2
