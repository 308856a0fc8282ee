from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, strategies as st

from aftersales.core.errors import Invalid
from aftersales.deadlines.rules.calendars import (
    STANDARD_WEEK,
    DayKind,
    Schedule,
    SpecialDay,
    SpecialKind,
    by_date,
    check_zone,
)
from aftersales.deadlines.rules.hours import parse_periods, parse_week

# Written down from the State Council's notices, independently of the shipped file.
OFF = [
    ("2007-05-07", "the last long May holiday"),
    ("2008-02-06", "New Year's Eve became a holiday"),
    ("2009-10-08", "eight days, National Day with Mid-Autumn"),
    ("2012-01-23", "Spring Festival"),
    ("2015-09-03", "seventy years after the victory, by a notice of its own"),
    ("2019-05-02", "by the second notice of the year"),
    ("2020-01-31", "Spring Festival lengthened in the epidemic"),
    ("2020-10-08", "National Day with Mid-Autumn"),
    ("2023-10-06", "National Day with Mid-Autumn"),
    ("2024-10-07", "National Day"),
    ("2025-10-08", "National Day with Mid-Autumn"),
    ("2026-02-17", "Spring Festival, the day itself"),
    ("2026-02-23", "the ninth day of Spring Festival"),
    ("2026-10-01", "National Day"),
    ("2026-10-07", "National Day, the last day"),
]
MAKE_UP = [
    "2007-02-17",
    "2008-02-02",
    "2010-09-25",
    "2014-10-11",
    "2018-12-29",
    "2020-09-27",
    "2022-10-08",
    "2024-02-04",
    "2024-02-18",
    "2025-01-26",
    "2025-10-11",
    "2026-02-14",
    "2026-02-28",
    "2026-05-09",
    "2026-09-20",
    "2026-10-10",
]


@pytest.mark.parametrize(("on", "why"), OFF)
def test_it_knows_days_off_of_twenty_years(china, on, why):
    assert china.day(date.fromisoformat(on)).kind is DayKind.OFF, why


@pytest.mark.parametrize("on", MAKE_UP)
def test_it_knows_make_up_workdays_of_twenty_years(china, on):
    day = china.day(date.fromisoformat(on))
    assert day.kind is DayKind.MAKE_UP
    assert day.on.weekday() >= 5
    assert day.periods == STANDARD_WEEK[0]


def test_the_shipped_file_holds_each_announced_day_once(china):
    assert len(china.special) == 678
    assert {on.year for on in china.special} == set(range(2006, 2027))


def test_every_make_up_workday_falls_on_a_weekend(china):
    worked = [on for on in china.special if china.day(on).kind is DayKind.MAKE_UP]
    assert len(worked) > 100
    assert all(on.weekday() >= 5 for on in worked)


def test_a_day_on_which_work_only_begins_again_is_an_ordinary_working_day(china):
    """The notice of January 2020 says so of Monday 3 February."""
    assert china.day(date(2020, 2, 3)).kind is DayKind.WORKING


@pytest.mark.parametrize(
    ("years", "statutory"), [([2009, 2010, 2013, 2014, *range(2016, 2020), *range(2021, 2025)], 11), ([2025, 2026], 13)]
)
def test_days_off_are_only_moved_about_and_leave_the_statutory_holidays(china, years, statutory):
    """The regulation gives 11 free days a year from 2008 on and 13 from 2025 on; the rest of a long holiday is made up."""
    for year in years:
        dates = [on for n in range(366) if (on := date(year, 1, 1) + timedelta(days=n)).year == year]
        ordinary = sum(on.weekday() < 5 for on in dates)
        assert ordinary - sum(china.day(on).is_worked for on in dates) == statutory, year


def test_a_make_up_workday_may_follow_another_weekday():
    week = parse_week(["08:00-12:00"] * 4 + ["08:00-11:00"] + [""] * 2)
    saturday = date(2026, 10, 10)
    schedule = Schedule("Asia/Shanghai", week, by_date([SpecialDay(saturday, SpecialKind.WORKDAY, follows=4)]))
    assert schedule.day(saturday).periods == parse_periods("08:00-11:00")


def test_a_make_up_workday_has_the_hours_of_the_first_working_weekday():
    week = parse_week(["", "10:00-12:00"] + ["08:00-18:00"] * 3 + [""] * 2)
    saturday = date(2026, 10, 10)
    schedule = Schedule("Asia/Shanghai", week, by_date([SpecialDay(saturday, SpecialKind.WORKDAY)]))
    assert schedule.day(saturday).periods == parse_periods("10:00-12:00")


def test_a_day_may_have_hours_of_its_own():
    monday = date(2026, 11, 23)
    short = SpecialDay(monday, SpecialKind.HOURS, "Stocktaking", parse_periods("08:30-10:00"))
    schedule = Schedule("Asia/Shanghai", STANDARD_WEEK, by_date([short]))
    assert schedule.closing(monday) == datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
    assert schedule.day(monday).kind is DayKind.OWN_HOURS


def test_a_day_off_has_no_closing_time(china):
    assert china.closing(date(2026, 10, 1)) is None


def test_a_day_worked_until_midnight_closes_in_its_last_second():
    schedule = Schedule("Asia/Shanghai", parse_week(["00:00-24:00"] * 7))
    assert schedule.closing(date(2026, 11, 23)) == datetime(2026, 11, 23, 15, 59, 59, tzinfo=UTC)


def test_a_year_without_data_is_said(china):
    (said,) = china.doubts(date(2027, 3, 1), date(2027, 3, 5))
    assert "2027" in str(said)
    assert "no public holiday is counted" in str(said)


def test_a_known_year_leaves_no_doubt(china):
    assert china.doubts(date(2007, 1, 1), date(2026, 12, 28)) == ()


def test_the_next_announcement_may_still_change_the_last_days_of_december(china):
    (said,) = china.doubts(date(2026, 12, 1), date(2026, 12, 31))
    assert "2027" in str(said)
    assert "last days of 2026" in str(said)
    assert china.doubts(date(2025, 12, 1), date(2025, 12, 31)) == ()


def test_a_calendar_without_public_holidays_lacks_no_year():
    schedule = Schedule("Asia/Shanghai", STANDARD_WEEK, known_years=None)
    assert schedule.doubts(date(2030, 1, 1), date(2031, 12, 31)) == ()


def test_it_refuses_a_zone_that_does_not_exist():
    with pytest.raises(Invalid, match="Asia/Shanghai"):
        check_zone("Asia/Peking", field="zone")


def test_an_hour_the_clocks_leave_out_is_where_they_jump():
    berlin = Schedule("Europe/Berlin", STANDARD_WEEK)
    spring = date(2026, 3, 29)
    assert berlin.instant(spring, 150) == berlin.instant(spring, 180) == datetime(2026, 3, 29, 1, 0, tzinfo=UTC)


def test_of_an_hour_that_comes_twice_it_is_the_first():
    berlin = Schedule("Europe/Berlin", STANDARD_WEEK)
    assert berlin.instant(date(2026, 10, 25), 150) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


ZONES = ["Asia/Shanghai", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Africa/Cairo", "Asia/Beirut"]


@given(
    zone=st.sampled_from(ZONES),
    on=st.dates(date(2007, 1, 1), date(2030, 12, 31)),
    earlier=st.integers(0, 1440),
    later=st.integers(0, 1440),
)
def test_later_on_the_wall_is_never_earlier_in_time(zone, on, earlier, later):
    earlier, later = sorted((earlier, later))
    schedule = Schedule(zone, STANDARD_WEEK)
    assert schedule.instant(on, earlier) <= schedule.instant(on, later)


@given(zone=st.sampled_from(ZONES), at=st.datetimes(datetime(2007, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)))
def test_every_instant_lies_within_its_own_day(zone, at):
    schedule = Schedule(zone, STANDARD_WEEK)
    on = schedule.local_date(at)
    start, end = schedule.whole_day(on)
    assert start <= at < end
    assert on == at.astimezone(ZoneInfo(zone)).date()
