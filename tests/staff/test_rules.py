from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, strategies as st

from aftersales.core.errors import Invalid
from aftersales.staff import rules
from aftersales.staff.permissions import Permission
from tests.factories.staff import NOW


def post(station="NJ", *, headquarters=False, from_on=date(2026, 1, 1), until_on=None, duty="technician"):
    return rules.Post(duty, station, headquarters, "Asia/Shanghai", from_on, until_on)


@pytest.mark.parametrize("typed", ["Zhang.San", "  zhang.san ", "ＺＨＡＮＧ．ＳＡＮ"])
def test_a_login_is_kept_in_lower_case_and_half_width(typed):
    assert rules.login_name(typed) == "zhang.san"


@pytest.mark.parametrize("typed", ["", "a", "张三", ".zhang", "zhang san", "x" * 41, "zhang@san", "zhang\n"[:-1] + "/"])
def test_it_refuses_a_login_that_not_every_keyboard_can_type(typed):
    with pytest.raises(Invalid) as refused:
        rules.login_name(typed)
    assert refused.value.field == "login"


@pytest.mark.parametrize(("typed", "code"), [("nj", "NJ"), (" SUZ ", "SUZ"), ("ＨＱ", "HQ")])
def test_a_station_code_is_kept_in_capitals(typed, code):
    assert rules.station_code(typed) == code


@pytest.mark.parametrize("typed", ["", "N", "NANJI", "N1", "南京"])
def test_it_refuses_a_station_code_that_is_not_two_to_four_letters(typed):
    with pytest.raises(Invalid):
        rules.station_code(typed)


@given(st.integers(-3, 3), st.one_of(st.none(), st.integers(0, 3)))
def test_a_duty_is_held_from_its_first_day_until_the_day_before_its_end(start, length):
    today = date(2026, 11, 23)
    from_on = today + timedelta(start)
    until_on = None if length is None else from_on + timedelta(length)
    expected = from_on <= today and (until_on is None or today < until_on)
    assert post(from_on=from_on, until_on=until_on).is_held_on(today) is expected


def test_a_duty_at_headquarters_opens_all_stations():
    assert rules.scopes_of([post("NJ"), post("HQ", headquarters=True)]) is None
    assert rules.scopes_of([post("NJ"), post("SUZ")]) == {"NJ", "SUZ"}
    assert rules.scopes_of([]) == frozenset()


def test_home_is_the_oldest_post_outside_headquarters():
    headquarters = post("HQ", headquarters=True, from_on=date(2020, 1, 1))
    assert rules.home_of([headquarters, post("SUZ", from_on=date(2025, 1, 1)), post("NJ")]) == post(
        "SUZ", from_on=date(2025, 1, 1)
    )
    assert rules.home_of([headquarters]) == headquarters
    assert rules.home_of([]) is None


def test_nobody_hands_on_an_administrative_permission_he_lacks():
    giver = frozenset({Permission.ASSIGN_DUTIES})
    assert rules.beyond(giver, frozenset({Permission.EDIT_PEOPLE, "workshop:order:repair"})) == {Permission.EDIT_PEOPLE}
    assert not rules.beyond(giver, frozenset({Permission.ASSIGN_DUTIES, "workshop:order:repair"}))


@pytest.mark.parametrize(
    ("giver", "held", "expected"),
    [
        (None, None, True),
        (None, frozenset({"NJ"}), True),
        (frozenset({"NJ"}), frozenset({"NJ"}), True),
        (frozenset({"NJ"}), frozenset({"NJ", "SUZ"}), False),
        (frozenset({"NJ"}), None, False),
        (frozenset(), frozenset({"NJ"}), False),
    ],
)
def test_one_decides_only_about_people_whose_stations_he_sees_all(giver, held, expected):
    assert rules.reaches(giver, held) is expected


def test_an_invitation_is_open_until_its_hour_and_only_once():
    until = NOW + rules.INVITATION_LASTS
    times = {"created_at": NOW, "expires_at": until}
    assert rules.is_open(**times, used_at=None, now=until - timedelta(seconds=1))
    assert not rules.is_open(**times, used_at=None, now=until)
    assert not rules.is_open(**times, used_at=NOW, now=NOW)


def test_trades_stand_in_the_order_of_the_house_and_unknown_ones_are_refused():
    assert rules.known_trades(["automotive", "agri", "agri"]) == ["agri", "automotive"]
    with pytest.raises(Invalid):
        rules.known_trades(["boats"])


@pytest.mark.parametrize("password", ["AfterSales-2026!", "我的售后密码很长的"])
def test_a_password_does_not_lean_on_the_name_of_the_program(password):
    assert rules.has_house_word(password)
    assert not rules.has_house_word("eleven quiet cranes")
