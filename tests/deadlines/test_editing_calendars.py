from __future__ import annotations

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from aftersales.core import journal
from aftersales.core.actor import SYSTEM
from aftersales.core.errors import Conflict, Invalid, Missing, NotPermitted
from aftersales.deadlines import queries, services
from aftersales.deadlines.events import DeadlineMoved
from aftersales.deadlines.models import Calendar, CalendarYear, SpecialDay
from aftersales.deadlines.rules.calendars import STANDARD_WEEK
from aftersales.deadlines.rules.hours import plain_week

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("calendars_installed")]
WEEK = plain_week(STANDARD_WEEK)
SIX_DAYS = ["09:00-12:00, 14:00-18:00"] * 6 + [""]


def set_off(actor, now, on=date(2026, 11, 25), *, version=1, code="CN", **facts):
    wanted = {"kind": "off", "name": "盘点"} | facts
    return services.set_special_day(actor, code=code, version=version, on=on, now=now, **wanted)


@pytest.fixture
def clock(shanghai):
    start = shanghai(2026, 11, 23, 10, 0)
    return services.start_clock(SYSTEM, rule="repair", subject="RO-1", started_at=start, scope="NJ", now=start)


def due():
    return queries.get_clock(subject="RO-1", rule="repair").due_at


def test_install_calendars_loads_twenty_years():
    assert SpecialDay.objects.count() == 678
    assert list(CalendarYear.objects.order_by("year").values_list("year", flat=True)) == list(range(2007, 2027))
    assert all("gov.cn" in source for source in CalendarYear.objects.values_list("source", flat=True))


def test_installing_again_changes_nothing_and_keeps_what_was_edited(keeper, now):
    edited = set_off(keeper, now)
    assert services.install_calendars(SYSTEM, now=now) == 0
    assert SpecialDay.objects.count() == 679
    assert Calendar.objects.get(code="CN").version == edited.calendar.version


def test_installing_again_brings_only_a_year_that_is_missing(now):
    CalendarYear.objects.filter(year=2026).delete()
    SpecialDay.objects.filter(announced_for=2026).delete()
    assert services.install_calendars(SYSTEM, now=now) == 1
    assert SpecialDay.objects.count() == 678


def test_a_special_day_moves_the_deadlines_that_run_over_it(keeper, clock, shanghai, now, heard):
    edited = set_off(keeper, now)
    assert edited.moved == 1
    assert due() == shanghai(2026, 11, 27, 18, 0)
    (moved,) = [event for event in heard if isinstance(event, DeadlineMoved)]
    assert (moved.subject, moved.due_before, moved.due_after) == ("RO-1", clock.due_at, due())
    entry = journal.entries_of("clock", "RO-1")[0]
    assert (entry.act, entry.actor_name) == ("move_deadline", "李强")
    assert journal.entries_of("calendar", "CN")[0].after == {"day": "2026-11-25 off 盘点"}


def test_removing_the_special_day_moves_them_back(keeper, clock, now):
    version = set_off(keeper, now).calendar.version
    edited = services.remove_special_day(keeper, code="CN", version=version, on=date(2026, 11, 25), now=now)
    assert edited.moved == 1
    assert due() == clock.due_at


def test_a_stopped_clock_is_left_as_it_was(keeper, clock, now, shanghai):
    services.stop_clock(SYSTEM, clock_id=clock.id, now=shanghai(2026, 11, 24, 9))
    assert set_off(keeper, now).moved == 0
    assert due() == clock.due_at


def test_pauses_still_count_after_an_edit(keeper, clock, now, shanghai):
    services.pause_clock(SYSTEM, clock_id=clock.id, reason="parts", owner="刘洋", now=shanghai(2026, 11, 24, 9))
    services.resume_clock(SYSTEM, clock_id=clock.id, now=shanghai(2026, 11, 25, 9))
    set_off(keeper, now)
    assert due() == shanghai(2026, 11, 30, 18, 0)


def test_other_closing_hours_move_the_hour(keeper, clock, now, shanghai):
    shown = queries.get_calendar(keeper, code="CN")
    services.edit_calendar(
        keeper,
        code="CN",
        version=shown.version,
        name="",
        zone=shown.zone,
        weekly=["09:00-17:00"] * 5 + ["", ""],
        based_on="",
        has_public_holidays=True,
        now=now,
    )
    assert due() == shanghai(2026, 11, 26, 17, 0)


def test_the_announcement_of_a_year_takes_its_warning_away(keeper, shanghai, now):
    start = shanghai(2026, 12, 30, 10, 0)
    services.start_clock(SYSTEM, rule="repair", subject="RO-1", started_at=start, now=start)
    assert queries.get_clock(subject="RO-1", rule="repair").warnings
    days = "2027-01-01, off, 元旦\n2027-01-02, 休, 元旦\n2027-01-03\t休\t元旦"
    edited = services.import_year(keeper, code="CN", year=2027, version=1, days=days, source="gov.cn", now=now)
    assert edited.moved == 1
    after = queries.get_clock(subject="RO-1", rule="repair")
    assert after.warnings == ()
    assert after.due_at == shanghai(2027, 1, 5, 18, 0)


def test_import_year_replaces_the_announcement_and_keeps_days_entered_by_hand(keeper, now):
    version = set_off(keeper, now).calendar.version
    services.import_year(keeper, code="CN", year=2026, version=version, days="2026-10-01, off, 国庆节", now=now)
    assert list(SpecialDay.objects.filter(announced_for=2026).values_list("date", flat=True)) == [date(2026, 10, 1)]
    assert SpecialDay.objects.filter(date=date(2026, 11, 25)).exists()
    assert SpecialDay.objects.filter(announced_for=2025).count() == 33


def test_preview_year_names_what_would_change_and_changes_nothing(keeper):
    days = queries.list_announced_days(keeper, code="CN", year=2026)
    same = queries.preview_year(keeper, code="CN", year=2026, days=days)
    assert same.changes == ()
    assert (same.days_off, same.workdays) == (33, 6)
    other = days.replace("2026-10-10, workday, 国庆节", "2026-10-11, workday, 国庆节").replace(
        "2026-01-01, off", "2026-01-01, workday"
    )
    shown = queries.preview_year(keeper, code="CN", year=2026, days=other)
    assert [change.kind for change in shown.changes] == ["changed", "removed", "added"]
    assert any("is worked anyway" in str(remark) for remark in shown.remarks)
    assert queries.list_announced_days(keeper, code="CN", year=2026) == days


@pytest.mark.parametrize(
    ("days", "sentence"),
    [
        ("", "No day was given"),
        ("2027-01-01; maybe; 元旦", "Line 1: .* cannot be read"),
        ("# remark\n2027-02-30, off, 春节", "Line 2: .* cannot be read"),
        ("2028-01-01, off, 元旦", "does not belong to the announcement for 2027"),
        ("2027-01-01, off\n2027-01-01, workday", "Line 2: .* stands here twice"),
    ],
)
def test_it_refuses_an_announcement_it_cannot_read_and_names_the_line(keeper, now, days, sentence):
    with pytest.raises(Invalid, match=sentence):
        services.import_year(keeper, code="CN", year=2027, version=1, days=days, now=now)
    assert not CalendarYear.objects.filter(year=2027).exists()
    assert SpecialDay.objects.count() == 678


def test_two_people_at_once_are_told_of_each_other(keeper, now):
    set_off(keeper, now)
    with pytest.raises(Conflict, match="李强 changed this record"):
        set_off(keeper, now, on=date(2026, 11, 26))
    assert not SpecialDay.objects.filter(date=date(2026, 11, 26)).exists()


def test_a_conflict_shows_both_versions(keeper, now):
    set_off(keeper, now)
    with pytest.raises(Conflict) as refusal:
        set_off(keeper, now, kind="hours", periods="9:00-12:00")
    (difference,) = refusal.value.differences
    assert (difference.theirs, difference.yours) == ("2026-11-25 off 盘点", "2026-11-25 hours 09:00-12:00 盘点")


@pytest.mark.parametrize("act", ["set", "remove", "create", "import", "install", "load"])
def test_it_refuses_edits_without_the_permission(stranger, now, act):
    acts = {
        "set": lambda: set_off(stranger, now),
        "remove": lambda: services.remove_special_day(stranger, code="CN", version=1, on=date(2026, 10, 1), now=now),
        "create": lambda: services.create_calendar(
            stranger, code="NJ", name="", zone="Asia/Shanghai", weekly=WEEK, based_on="CN", now=now
        ),
        "import": lambda: services.import_year(stranger, code="CN", year=2027, version=1, days="x", now=now),
        "install": lambda: services.install_calendars(stranger, now=now),
        "load": lambda: services.load_calendar_year(stranger, code="CN", year=2027, days=[], source="", now=now),
    }
    with pytest.raises(NotPermitted):
        acts[act]()
    assert Calendar.objects.count() == 1
    assert SpecialDay.objects.count() == 678


def test_queries_refuse_without_the_permission(stranger):
    with pytest.raises(NotPermitted):
        queries.get_calendar(stranger, code="CN")
    with pytest.raises(NotPermitted):
        queries.get_year(stranger, code="CN", year=2026)


def make_station_calendar(keeper, now, **facts):
    wanted = {"code": "nj", "name": "南京站", "zone": "Asia/Shanghai", "weekly": SIX_DAYS, "based_on": "CN"}
    return services.create_calendar(keeper, now=now, **(wanted | facts))


def test_a_station_calendar_has_own_hours_and_the_holidays_of_its_basis(keeper, now, shanghai):
    made = make_station_calendar(keeper, now)
    assert made.code == "NJ"
    start = shanghai(2026, 9, 29, 10, 0)
    clock = services.start_clock(SYSTEM, rule="repair", subject="RO-1", calendar="NJ", started_at=start, now=start)
    assert clock.due_at == shanghai(2026, 10, 9, 18, 0)
    assert clock.warnings == ()


def test_editing_the_basis_moves_deadlines_of_the_calendars_on_it(keeper, now, shanghai):
    make_station_calendar(keeper, now)
    start = shanghai(2026, 11, 23, 10, 0)
    services.start_clock(SYSTEM, rule="repair", subject="RO-1", calendar="NJ", started_at=start, now=start)
    assert set_off(keeper, now).moved == 1
    assert due() == shanghai(2026, 11, 27, 18, 0)


def test_a_day_of_its_own_holds_against_the_basis(keeper, now, shanghai):
    make_station_calendar(keeper, now)
    set_off(keeper, now, code="NJ", on=date(2026, 10, 6), kind="hours", periods="10:00-16:00", name="值班")
    start = shanghai(2026, 9, 29, 10, 0)
    clock = services.start_clock(SYSTEM, rule="repair", subject="RO-1", calendar="NJ", started_at=start, now=start)
    assert clock.due_at == shanghai(2026, 10, 8, 18, 0)
    year = queries.get_year(keeper, code="NJ", year=2026)
    assert [day.is_own for day in year.special_days if day.on == date(2026, 10, 6)] == [True]


def test_it_refuses_to_remove_a_day_of_the_basis(keeper, now):
    make_station_calendar(keeper, now)
    with pytest.raises(Missing, match="is changed there"):
        services.remove_special_day(keeper, code="NJ", version=1, on=date(2026, 10, 1), now=now)


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"code": "南京"}, "code"),
        ({"code": "CN"}, "code"),
        ({"zone": "Asia/Peking"}, "zone"),
        ({"weekly": ["", "25:00-26:00", *[""] * 5]}, "day_1"),
        ({"weekly": [""] * 7}, "day_0"),
    ],
)
def test_it_refuses_a_calendar_that_cannot_be(keeper, now, facts, field):
    with pytest.raises(Invalid) as refusal:
        make_station_calendar(keeper, now, **facts)
    assert refusal.value.field == field
    assert Calendar.objects.count() == 1


def test_it_refuses_a_basis_that_has_a_basis(keeper, now):
    make_station_calendar(keeper, now)
    with pytest.raises(Invalid, match="cannot be the basis"):
        make_station_calendar(keeper, now, code="SZ", based_on="NJ")


def test_it_refuses_own_hours_that_are_not_given(keeper, now):
    with pytest.raises(Invalid, match="Give the hours") as refusal:
        set_off(keeper, now, kind="hours", periods=" ")
    assert refusal.value.field == "periods"


@pytest.mark.parametrize(
    ("facts", "field"),
    [({"on": date(9999, 12, 31)}, "on"), ({"kind": "maybe"}, "kind"), ({"kind": "workday", "follows": 7}, "follows")],
)
def test_it_refuses_a_special_day_that_cannot_be(keeper, now, facts, field):
    with pytest.raises(Invalid) as refusal:
        set_off(keeper, now, **facts)
    assert refusal.value.field == field
    assert SpecialDay.objects.count() == 678


def test_the_database_itself_refuses_own_hours_without_periods():
    calendar = Calendar.objects.get(code="CN")
    with pytest.raises(IntegrityError), transaction.atomic():
        SpecialDay.objects.create(calendar=calendar, date=date(2026, 11, 25), kind="hours")


def test_the_year_view_counts_working_days_and_marks_special_ones(keeper):
    year = queries.get_year(keeper, code="CN", year=2026)
    assert year.working_days == 248
    assert year.is_known
    assert year.months[9].working_days == 18
    cells = {cell.on: cell for month in year.months for week in month.weeks for cell in week if cell}
    assert len(cells) == 365
    assert str(cells[date(2026, 10, 10)].mark) == "work"
    assert str(cells[date(2026, 10, 1)].title) == "Thursday 1 Oct: day off (National Day)"
    assert cells[date(2026, 11, 25)].mark is None


def test_the_view_of_a_year_without_data_says_so(keeper):
    year = queries.get_year(keeper, code="CN", year=2027)
    assert not year.is_known
    assert "2027" in str(year.doubts[0])
