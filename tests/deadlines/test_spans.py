from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given, settings, strategies as st

from aftersales.core.errors import Invalid
from aftersales.deadlines.rules.calendars import STANDARD_WEEK, DayKind, Schedule, SpecialDay, SpecialKind, by_date
from aftersales.deadlines.rules.hours import parse_periods, parse_week
from aftersales.deadlines.rules.spans import DAY_UNITS, TIMED_UNITS, Span, Unit, parse_span, reach, walk, work_out

THREE = Span(3, Unit.WORKING_DAYS)


def test_three_working_days_end_when_the_third_day_after_receipt_closes(china, shanghai):
    assert reach(china, THREE, shanghai(2026, 11, 23, 10, 0)) == shanghai(2026, 11, 26, 18, 0)


@pytest.mark.parametrize("hour", [0, 8, 12, 17, 18, 23])
def test_the_hour_of_receipt_changes_nothing_not_even_after_closing(china, shanghai, hour):
    assert reach(china, THREE, shanghai(2026, 11, 23, hour, 1)) == shanghai(2026, 11, 26, 18, 0)


def test_received_on_a_day_off_monday_is_the_first_day(china, shanghai):
    for day in (21, 22):
        assert reach(china, THREE, shanghai(2026, 11, day, 10, 0)) == shanghai(2026, 11, 25, 18, 0)


def test_a_make_up_saturday_counts(china, shanghai):
    assert reach(china, THREE, shanghai(2026, 10, 8, 10, 0)) == shanghai(2026, 10, 12, 18, 0)


def test_national_day_does_not_count(china, shanghai):
    assert reach(china, THREE, shanghai(2026, 9, 29, 10, 0)) == shanghai(2026, 10, 9, 18, 0)


def test_spring_festival_with_both_its_make_up_days(china, shanghai):
    assert reach(china, Span(2, Unit.WORKING_DAYS), shanghai(2026, 2, 13, 10, 0)) == shanghai(2026, 2, 24, 18, 0)
    assert reach(china, Span(4, Unit.WORKING_DAYS), shanghai(2026, 2, 24, 10, 0)) == shanghai(2026, 2, 28, 18, 0)


def test_natural_days_end_at_midnight_and_ask_for_no_holiday(china, shanghai):
    assert reach(china, Span(5, Unit.NATURAL_DAYS), shanghai(2026, 9, 29, 10)) == shanghai(2026, 10, 4, 23, 59, 59)


def test_working_hours_leave_out_lunch_and_night(china, shanghai):
    assert reach(china, Span(8, Unit.WORKING_HOURS), shanghai(2026, 11, 23, 11, 0)) == shanghai(2026, 11, 24, 11, 0)


def test_working_hours_that_end_with_a_period_end_there_and_not_after_lunch(china, shanghai):
    assert reach(china, Span(2, Unit.WORKING_HOURS), shanghai(2026, 11, 23, 10, 0)) == shanghai(2026, 11, 23, 12, 0)


def test_working_hours_received_on_a_day_off_begin_at_the_next_opening(china, shanghai):
    assert reach(china, Span(1, Unit.WORKING_HOURS), shanghai(2026, 11, 22, 9, 0)) == shanghai(2026, 11, 23, 9, 30)


def test_hours_run_day_and_night_and_over_holidays(china, shanghai):
    assert reach(china, Span(24, Unit.HOURS), shanghai(2026, 10, 1, 15, 20)) == shanghai(2026, 10, 2, 15, 20)


def test_twenty_four_hours_are_elapsed_hours_where_the_clocks_change():
    berlin = Schedule("Europe/Berlin", STANDARD_WEEK)
    start = datetime(2026, 3, 28, 12, 0, tzinfo=ZoneInfo("Europe/Berlin"))
    assert reach(berlin, Span(24, Unit.HOURS), start) == start.astimezone(UTC) + timedelta(hours=24)


def test_a_night_shift_loses_the_hour_the_clocks_leave_out():
    berlin = Schedule("Europe/Berlin", parse_week(["00:00-06:00"] * 7))
    start = datetime(2026, 3, 29, 0, 0, tzinfo=ZoneInfo("Europe/Berlin"))
    end = datetime(2026, 3, 30, 1, 0, tzinfo=ZoneInfo("Europe/Berlin"))
    assert reach(berlin, Span(6, Unit.WORKING_HOURS), start) == end


def test_closing_time_follows_the_wall_clock_over_a_change_of_the_clocks():
    berlin = Schedule("Europe/Berlin", STANDARD_WEEK)
    start = datetime(2026, 3, 27, 12, 0, tzinfo=ZoneInfo("Europe/Berlin"))
    due = reach(berlin, Span(1, Unit.WORKING_DAYS), start)
    assert due.astimezone(ZoneInfo("Europe/Berlin")).isoformat() == "2026-03-30T18:00:00+02:00"


def pause(shanghai, start, end):
    return shanghai(2026, 11, *start), shanghai(2026, 11, *end)


@pytest.mark.parametrize(
    ("start", "end", "due_day"),
    [
        ((24, 9, 0), (24, 17, 0), 26),  # over before the day closes: nothing lost
        ((24, 9, 0), (25, 9, 0), 27),  # Tuesday closed during the pause
        ((24, 17, 59), (25, 8, 31), 27),
        ((24, 9, 0), (25, 19, 0), 30),  # two closings, then the weekend
        ((24, 18, 0), (25, 17, 0), 26),  # began as Tuesday closed: Tuesday was complete
        ((24, 17, 0), (24, 18, 0), 27),  # ended as Tuesday closed: Tuesday was not complete
        ((27, 9, 0), (30, 9, 0), 26),  # after the end: nothing to move
        ((23, 11, 0), (23, 23, 0), 26),  # on the day of receipt, which does not count anyway
    ],
)
def test_a_day_does_not_count_when_it_closes_during_a_pause(china, shanghai, start, end, due_day):
    due = reach(china, THREE, shanghai(2026, 11, 23, 10, 0), [pause(shanghai, start, end)])
    assert due == shanghai(2026, 11, due_day, 18, 0)


def test_a_pause_takes_from_working_hours_only_what_it_covers(china, shanghai):
    over_lunch = [pause(shanghai, (23, 11, 30), (23, 14, 0))]
    assert reach(china, Span(4, Unit.WORKING_HOURS), shanghai(2026, 11, 23, 9, 0), over_lunch) == shanghai(
        2026, 11, 23, 15, 30
    )


def test_a_weekend_pause_costs_no_working_time(china, shanghai):
    start = shanghai(2026, 11, 20, 17, 0)
    weekend = [(shanghai(2026, 11, 20, 18, 0), shanghai(2026, 11, 23, 8, 30))]
    for span in (Span(4, Unit.WORKING_HOURS), THREE):
        assert reach(china, span, start, weekend) == reach(china, span, start)


def test_the_warning_comes_one_working_day_before(china, shanghai):
    due = work_out(china, THREE, 1, shanghai(2026, 11, 23, 10, 0))
    assert due.warn_at == shanghai(2026, 11, 25, 18, 0)


def test_a_warning_without_room_comes_at_once(china, shanghai):
    start = shanghai(2026, 11, 23, 10, 0)
    assert work_out(china, Span(1, Unit.HOURS), 4, start).warn_at == start


def test_the_result_says_when_it_rests_on_a_year_without_data(china, shanghai):
    due = work_out(china, THREE, 1, shanghai(2026, 12, 30, 10, 0))
    assert ["2027" in str(doubt) for doubt in due.doubts] == [True]


def test_natural_days_and_hours_need_no_announcement(china, shanghai):
    for unit in (Unit.NATURAL_DAYS, Unit.HOURS):
        assert work_out(china, Span(30, unit), 1, shanghai(2027, 3, 1, 10, 0)).doubts == ()


@pytest.mark.parametrize("amount", [0, -1, 4001])
def test_it_refuses_an_amount_out_of_range(amount):
    with pytest.raises(Invalid, match="out of range"):
        parse_span(amount, "hours")


@pytest.mark.parametrize("unit", ["rings", "weeks", ""])
def test_it_refuses_a_unit_in_which_no_clock_runs(unit):
    with pytest.raises(Invalid, match="cannot be worked out"):
        parse_span(3, unit)


# ---- what holds for every calendar, start, span and pause ----

ZONES = st.sampled_from(["Asia/Shanghai", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Africa/Cairo"])
WEEKS = st.sampled_from(
    [
        STANDARD_WEEK,
        parse_week(["09:00-17:00"] * 6 + [""]),
        parse_week(["00:00-24:00"] * 7),
        parse_week(["00:00-02:30, 20:00-24:00", "", "08:00-09:00"] + [""] * 3 + ["01:30-03:30"]),
    ]
)
INSTANTS = st.datetimes(datetime(2025, 2, 1), datetime(2026, 11, 30), timezones=st.just(UTC))
SPECIAL_DAYS = st.lists(
    st.builds(
        SpecialDay,
        on=st.dates(date(2025, 2, 1), date(2026, 12, 31)),
        kind=st.sampled_from([SpecialKind.OFF, SpecialKind.WORKDAY]),
    )
    | st.builds(
        SpecialDay,
        on=st.dates(date(2025, 2, 1), date(2026, 12, 31)),
        kind=st.just(SpecialKind.HOURS),
        periods=st.just(parse_periods("10:00-10:30, 21:00-24:00")),
    ),
    max_size=60,
).map(by_date)
SCHEDULES = st.builds(Schedule, zone=ZONES, week=WEEKS, special=SPECIAL_DAYS)
SPANS = st.builds(Span, amount=st.integers(1, 12), unit=st.sampled_from(TIMED_UNITS))
LENGTHS = st.timedeltas(timedelta(), timedelta(days=12)).map(
    lambda length: timedelta(seconds=length // timedelta(seconds=1))
)


@st.composite
def pause_lists(draw, near):
    """Up to four pauses near the start, one after another as the services keep them."""
    pauses, at = [], near - timedelta(days=1)
    for _number in range(draw(st.integers(0, 4))):
        start = at + draw(LENGTHS)
        at = start + draw(LENGTHS)
        pauses.append((start, at))
    return pauses


@settings(max_examples=150, deadline=None)
@given(st.data(), SCHEDULES, SPANS, INSTANTS, LENGTHS)
def test_what_starts_later_is_never_due_earlier(data, schedule, span, start, delay):
    pauses = data.draw(pause_lists(start))
    assert reach(schedule, span, start, pauses) <= reach(schedule, span, start + delay, pauses)


@settings(max_examples=150, deadline=None)
@given(st.data(), SCHEDULES, SPANS, INSTANTS)
def test_more_is_due_later(data, schedule, span, start):
    pauses = data.draw(pause_lists(start))
    assert (
        start < reach(schedule, span, start, pauses) < reach(schedule, Span(span.amount + 1, span.unit), start, pauses)
    )


@settings(max_examples=150, deadline=None)
@given(st.data(), SCHEDULES, SPANS, INSTANTS)
def test_a_pause_never_brings_the_due_instant_earlier(data, schedule, span, start):
    pauses = data.draw(pause_lists(start))
    dues = [reach(schedule, span, start, pauses[:number]) for number in range(len(pauses) + 1)]
    assert dues == sorted(dues)


@settings(max_examples=150, deadline=None)
@given(st.data(), SCHEDULES, SPANS, INSTANTS, st.integers(1, 12))
def test_two_spans_one_after_the_other_are_their_sum(data, schedule, span, start, more):
    pauses = data.draw(pause_lists(start))
    middle = reach(schedule, span, start, pauses)
    at_once = reach(schedule, Span(span.amount + more, span.unit), start, pauses)
    assert reach(schedule, Span(more, span.unit), middle, pauses) == at_once


@settings(max_examples=150, deadline=None)
@given(st.data(), SCHEDULES, SPANS, INSTANTS)
def test_a_pause_cut_in_two_is_the_same_pause(data, schedule, span, start):
    begin = start + data.draw(LENGTHS)
    middle = begin + data.draw(LENGTHS)
    end = middle + data.draw(LENGTHS)
    whole = reach(schedule, span, start, [(begin, end)])
    assert reach(schedule, span, start, [(begin, middle), (middle, end)]) == whole
    assert reach(schedule, span, start, [(middle, end), (begin, middle)]) == whole


@settings(max_examples=150, deadline=None)
@given(SCHEDULES, SPANS, INSTANTS, ZONES)
def test_how_the_start_is_written_changes_nothing(schedule, span, start, zone):
    assert reach(schedule, span, start.astimezone(ZoneInfo(zone))) == reach(schedule, span, start)


@settings(max_examples=100, deadline=None)
@given(WEEKS, SPECIAL_DAYS, SPANS, st.datetimes(datetime(2025, 2, 1), datetime(2026, 11, 30)))
def test_the_same_wall_clock_gives_the_same_wall_clock_in_zones_without_summer_time(week, special, span, wall):
    dues = set()
    for zone in ("Asia/Shanghai", "Asia/Tokyo", "UTC", "America/Phoenix"):
        due = reach(Schedule(zone, week, special), span, wall.replace(tzinfo=ZoneInfo(zone)))
        dues.add(due.astimezone(ZoneInfo(zone)).replace(tzinfo=None))
    assert len(dues) == 1


@settings(max_examples=150, deadline=None)
@given(st.data(), SCHEDULES, st.integers(1, 12), INSTANTS)
def test_a_pause_moves_working_days_by_the_closings_within_it(data, schedule, amount, start):
    """Neither side can gain: over time a pause costs exactly the working days that ended while it lasted."""
    span = Span(amount, Unit.WORKING_DAYS)
    pauses = data.draw(pause_lists(start))
    due = reach(schedule, span, start, pauses)
    days = [walked.day.on for walked in walk(schedule, span, start, pauses)]
    closings = [closing for on in days[1:] if (closing := schedule.closing(on))]
    within = sum(any(begin < closing <= end for begin, end in pauses) for closing in closings)
    assert closings[-1] == due
    assert len(closings) == amount + within


@settings(max_examples=150, deadline=None)
@given(st.data(), SCHEDULES, st.integers(1, 40), INSTANTS)
def test_hours_move_by_exactly_what_the_clock_stood_still(data, schedule, amount, start):
    pauses = data.draw(pause_lists(start))
    due = reach(schedule, Span(amount, Unit.HOURS), start, pauses)
    stood = sum((max(timedelta(), min(end, due) - max(begin, start)) for begin, end in pauses), start=timedelta())
    assert due == start + timedelta(hours=amount) + stood


@settings(max_examples=150, deadline=None)
@given(st.data(), SCHEDULES, SPANS, INSTANTS)
def test_the_due_instant_lies_in_working_time_and_outside_every_pause(data, schedule, span, start):
    pauses = data.draw(pause_lists(start))
    due = reach(schedule, span, start, pauses)
    assert not any(begin < due <= end for begin, end in pauses)
    if span.unit is Unit.WORKING_HOURS:
        on = schedule.local_date(due - timedelta(microseconds=1))
        assert any(opens < due <= closes for opens, closes in schedule.opened(on))
    if span.unit is Unit.WORKING_DAYS:
        assert schedule.closing(schedule.local_date(due)) == due


@settings(max_examples=150, deadline=None)
@given(st.data(), SCHEDULES, SPANS, INSTANTS)
def test_the_days_told_add_up_to_the_span(data, schedule, span, start):
    pauses = data.draw(pause_lists(start))
    walked = list(walk(schedule, span, start, pauses))
    assert sum((step.counted for step in walked), start=timedelta()) == span.length
    assert [step.day.on for step in walked] == [walked[0].day.on + timedelta(days=n) for n in range(len(walked))]
    assert [step.reached_at is not None for step in walked] == [False] * (len(walked) - 1) + [True]
    if span.unit in DAY_UNITS:
        assert walked[0].counted == timedelta()


@settings(max_examples=100, deadline=None)
@given(SCHEDULES, st.integers(1, 12), INSTANTS, st.dates(date(2025, 2, 1), date(2026, 12, 31)))
def test_one_more_day_off_never_brings_the_due_instant_earlier(schedule, amount, start, off):
    assume(schedule.day(off).kind is not DayKind.OFF)
    more = Schedule(schedule.zone, schedule.week, {**schedule.special, off: SpecialDay(off, SpecialKind.OFF)})
    span = Span(amount, Unit.WORKING_DAYS)
    assert reach(schedule, span, start) <= reach(more, span, start)
