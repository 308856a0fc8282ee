"""What a station's day amounts to, counted from what people did."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from aftersales.core.actor import SYSTEM
from aftersales.core.errors import Invalid, Missing, NotPermitted
from aftersales.core.money import Money
from aftersales.reports import queries
from aftersales.reports.models import ReportPlan
from aftersales.reports.queries import tables
from aftersales.reports.rules.daily import Figure
from aftersales.workshop import services
from aftersales.workshop.models import StationRules
from aftersales.workshop.rules.order import OrderState as S
from tests.factories.staff import NOW, actor_of, make_manager, make_person, make_station
from tests.factories.workshop import EXPLAINED, all_passed, make_house, make_order, receive
from tests.reports.conftest import MONDAY

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
TUESDAY, THURSDAY = MONDAY + DAY, MONDAY + 3 * DAY
YES = {"way": "telephone", "given_by": "陈静"}


def counts(report):
    return {figure: len(numbers) for figure, numbers in report.figures.items() if numbers}


def test_a_whole_way_on_one_day_is_counted_step_by_step(house, report):
    order = make_order(house, S.CLOSED)
    made = report(now=NOW + HOUR)
    once = (
        Figure.TAKEN_IN, Figure.DIAGNOSED, Figure.QUOTED, Figure.AGREED, Figure.FINISHED, Figure.PASSED, Figure.ANNOUNCED, Figure.PAID, Figure.HANDED_OVER,
    )  # fmt: skip
    assert counts(made) == dict.fromkeys(once, 1)
    assert all(made.figures[figure] == (order.number,) for figure in once)
    assert (made.opening, made.closing) == (0, 0)
    assert (made.sums.quoted_fen, made.sums.agreed_fen, made.sums.paid_fen) == (28000, 28000, 28000)
    assert made.sums.paid_by_way == {"wechat": 28000}
    (change,) = made.changes
    assert (change.number, change.before, change.after, change.by) == (order.number, "", "closed", "刘敏")
    assert made.units == {order.number: order.unit.label}


def test_the_stock_is_told_by_phase_with_what_changed_since_yesterday(house, report):
    stays, moves, leaves = (make_order(house, state, now=NOW - DAY) for state in (S.QUOTED, S.QUOTED, S.READY))
    services.approve_order(house.advisor, number=moves.number, now=NOW, **YES)
    services.explain_order(house.advisor, number=leaves.number, now=NOW, **EXPLAINED)
    services.record_payment(house.advisor, number=leaves.number, amount=Money(28000), way="cash", now=NOW)
    services.hand_over_order(house.advisor, number=leaves.number, taken_by="陈静", now=NOW + HOUR)
    comes = receive(house, now=NOW + HOUR)
    made = report(now=NOW + 2 * HOUR)
    assert (made.opening, made.closing) == (3, 3)
    phases = {phase.code: (phase.opening, phase.numbers) for phase in made.phases}
    assert phases == {
        "intake": (0, (comes.number,)),
        "quotation": (2, (stays.number,)),
        "workshop": (0, (moves.number,)),
        "checking": (0, ()),
        "handover": (1, ()),
    }
    assert [(each.number, each.before, each.after, each.by) for each in made.changes] == [
        (moves.number, "quoted", "approved", "王芳"),
        (leaves.number, "ready", "handed_over", "王芳"),
        (comes.number, "", "received", "王芳"),
    ]
    assert list(tables.stock_rows(made))[1][2:] == (2, 1, -1)


def test_a_day_long_past_is_counted_as_it_stood_then(house, report):
    order = make_order(house, S.REPAIRING, now=NOW)
    then = report(now=NOW + 8 * HOUR)
    at = NOW + 2 * DAY
    services.complete_order(house.technician, number=order.number, work_done="换屏", now=at)
    services.pass_check(house.supervisor, number=order.number, answers=all_passed("electronics"), now=at + HOUR)
    services.announce_order(house.advisor, number=order.number, reached="陈静", told="修好了", now=at + 2 * HOUR)
    services.explain_order(house.advisor, number=order.number, now=at + 2 * HOUR, **EXPLAINED)
    services.record_payment(house.advisor, number=order.number, amount=Money(28000), way="cash", now=at + 3 * HOUR)
    services.hand_over_order(house.advisor, number=order.number, taken_by="陈静", now=at + 4 * HOUR)
    later = report(now=NOW + 30 * DAY)
    assert later.figures == then.figures
    assert later.phases == then.phases
    assert later.is_whole
    assert not then.is_whole
    assert report(TUESDAY, now=NOW + 30 * DAY).closing == 1
    gone = report(TUESDAY + DAY, now=NOW + 30 * DAY)
    assert (gone.opening, gone.closing) == (1, 0)


def test_the_day_begins_and_ends_on_the_stations_own_wall(db, report):
    here, there = make_house("NJ"), make_house_in_the_west()
    at = datetime(
        2026, 11, 23, 17, 30, tzinfo=UTC
    )  # half past one on Tuesday in Nanjing, 20:30 on Monday in Dakar's west
    receive(here, now=at)
    receive(there, now=at)
    later = at + 40 * HOUR
    assert [report(day, now=later).count(Figure.TAKEN_IN) for day in (MONDAY, TUESDAY)] == [0, 1]
    assert [report(day, station="DK", now=later).count(Figure.TAKEN_IN) for day in (MONDAY, TUESDAY)] == [1, 0]


def make_house_in_the_west():
    make_station("DK", time_zone="Africa/Dakar")
    return make_house("DK")


def test_lines_agreed_and_declined_are_counted_with_their_amounts(house, report):
    order = make_order(house, S.DIAGNOSED)
    for price, what in ((28000, "屏幕总成"), (9000, "电池"), (1500, "贴膜")):
        services.add_line(
            house.advisor, number=order.number, kind="part", description=what, unit_price=Money(price), now=NOW + HOUR
        )
    services.quote_order(house.advisor, number=order.number, now=NOW + HOUR)
    services.approve_order(house.advisor, number=order.number, agreed=[1, 3], now=NOW + 2 * HOUR, **YES)
    sums = report(now=NOW + 3 * HOUR).sums
    assert (sums.agreed_lines, sums.declined_lines) == (2, 1)
    assert (sums.quoted_fen, sums.agreed_fen, sums.declined_fen) == (38500, 29500, 9000)


def test_a_failed_check_and_what_is_declined_or_cancelled_are_counted(house, report):
    failing = make_order(house, S.REPAIRED)
    services.fail_check(house.supervisor, number=failing.number, note="仍有异响", now=NOW + HOUR)
    make_order(house, S.DECLINED)
    make_order(house, S.CANCELLED)
    made = report(now=NOW + 2 * HOUR)
    assert [made.count(each) for each in (Figure.FAILED, Figure.DECLINED, Figure.CANCELLED, Figure.PASSED)] == [
        1,
        1,
        1,
        0,
    ]


def test_a_no_to_added_work_is_no_declined_order(house, report):
    order = make_order(house, S.REPAIRING)
    at = NOW + HOUR
    services.add_line(
        house.advisor, number=order.number, kind="part", description="电池", unit_price=Money(9000), now=at
    )
    services.quote_order(house.advisor, number=order.number, now=at)
    services.decline_order(house.advisor, number=order.number, now=at, **YES)
    made = report(now=NOW + 2 * HOUR)
    assert made.count(Figure.DECLINED) == 0
    assert made.sums.declined_lines == 1


def test_a_missed_promise_says_why_and_whether_the_customer_heard_it_in_time(house, report):
    told, late, silent, kept = (make_order(house, S.REPAIRING) for _each in range(4))
    due = told.promised_at
    assert due.date() == THURSDAY
    tell = {"way": "telephone", "reached": "陈静", "reason": "parts", "note": "屏幕缺货"}
    again = due + 2 * DAY
    services.contact_customer(house.advisor, number=told.number, promised_at=again, now=due - 5 * HOUR, **tell)
    services.contact_customer(house.advisor, number=late.number, now=due + HOUR, **tell)
    services.complete_order(house.technician, number=kept.number, work_done="换屏", now=due - 4 * HOUR)
    services.pass_check(house.supervisor, number=kept.number, answers=all_passed("electronics"), now=due - 3 * HOUR)
    services.announce_order(house.advisor, number=kept.number, reached="陈静", told="修好了", now=due - 2 * HOUR)
    made = report(THURSDAY, now=due + 2 * HOUR)
    assert (made.figures[Figure.KEPT], made.figures[Figure.TOLD]) == ((kept.number,), (told.number,))
    assert set(made.figures[Figure.MISSED]) == {late.number, silent.number}
    found = {each.number: (each.outcome, each.reason, each.note, each.told_at, each.again_at) for each in made.broken}
    assert found == {
        told.number: ("told", "parts", "屏幕缺货", due - 5 * HOUR, again),
        late.number: ("missed", "parts", "屏幕缺货", due + HOUR, None),
        silent.number: ("missed", "", "", None, None),
    }
    assert all(each.is_house_rule for each in made.broken)
    assert set(made.figures[Figure.OVERDUE]) == {late.number, silent.number}
    # The new promise is judged on its own day, as what it is.
    saturday = report(THURSDAY + 2 * DAY, now=again + HOUR)
    (broken,) = saturday.broken
    assert (broken.number, broken.is_house_rule, broken.outcome) == (told.number, False, "missed")


def test_as_long_as_the_instant_has_not_come_nothing_is_missed(house, report):
    order = make_order(house, S.REPAIRING)
    before = report(THURSDAY, now=order.promised_at - timedelta(minutes=1))
    assert (before.broken, before.figures[Figure.OVERDUE]) == ((), ())
    assert before.figures[Figure.DUE_NEXT] == (order.number,)


def test_what_is_due_by_the_end_of_the_next_working_day_is_listed_over_the_weekend(house, report):
    order = make_order(house, S.REPAIRING, now=NOW + 2 * DAY)  # from Wednesday: Monday
    assert order.promised_at.date() == MONDAY + 7 * DAY
    assert report(THURSDAY, now=NOW + 3 * DAY).due_next == ()
    friday = report(MONDAY + 4 * DAY, now=NOW + 4 * DAY)
    assert [(due.number, due.state, due.is_house_rule) for due in friday.due_next] == [
        (order.number, "repairing", True)
    ]


def test_a_promise_that_stood_still_is_judged_by_where_it_moved_to(house, report):
    StationRules.objects.create(station=make_station(house.station), pauses_for=["parts"])
    order = make_order(house, S.REPAIRING)
    services.wait_order(
        house.technician, number=order.number, waiting_for="parts", waiting_on="老周", now=NOW + 2 * HOUR
    )
    services.resume_order(house.technician, number=order.number, now=NOW + 2 * DAY + 2 * HOUR)
    order.refresh_from_db()
    assert order.promised_at.date() > THURSDAY
    assert report(THURSDAY, now=NOW + 4 * DAY).broken == ()
    assert [each.number for each in report(order.promised_at.date(), now=order.promised_at + HOUR).broken] == [
        order.number
    ]


def test_a_declined_quotation_taken_up_again_has_a_promise_of_its_own(house, report):
    order = make_order(house, S.DECLINED)
    services.revise_order(house.advisor, number=order.number, reason="客户改变主意", now=NOW + 2 * DAY)
    order.refresh_from_db()
    assert report(THURSDAY, now=NOW + 4 * DAY).broken == ()
    again = report(order.promised_at.date(), now=order.promised_at + HOUR)
    assert [each.number for each in again.broken] == [order.number]


def test_who_waits_for_whom_is_told_with_reason_owner_and_since_when_the_longest_first(house, report):
    orders = [make_order(house, S.REPAIRING) for _each in range(3)]
    for hours, order in zip((3, 2, 1), orders, strict=True):
        services.wait_order(
            house.technician,
            number=order.number,
            waiting_for="parts",
            waiting_on="库管 老周",
            expected_on=TUESDAY,
            note="向中心库调货",
            now=NOW + hours * HOUR,
        )
    services.resume_order(house.technician, number=orders[1].number, now=NOW + 5 * HOUR)
    at_noon = report(now=NOW + 4 * HOUR)
    assert [stop.number for stop in at_noon.waiting] == [order.number for order in reversed(orders)]
    first = at_noon.waiting[0]
    assert (first.reason, first.owner, first.since) == ("parts", "库管 老周", NOW + HOUR)
    assert (first.expected_on, first.note) == (TUESDAY, "向中心库调货")
    assert len(report(now=NOW + 6 * HOUR).waiting) == 2


def test_repeat_repairs_are_listed_with_the_order_before(house, report):
    before = make_order(house, S.CLOSED)
    again = receive(
        house, now=NOW + DAY, customer_id=before.customer_id, unit_id=before.unit_id, serial="", repeat_of=before.number
    )
    made = report(TUESDAY, now=NOW + DAY + HOUR)
    assert [(each.number, each.repeat_of) for each in made.repeats] == [(again.number, before.number)]
    assert made.figures[Figure.REPEATS] == (again.number,)


def test_what_nobody_fetched_is_listed_after_the_houses_number_of_days(house, report):
    order = make_order(house, S.READY)
    order.refresh_from_db()
    week = MONDAY + 7 * DAY
    assert report(week, now=order.ready_at + 7 * DAY).unclaimed == ()
    (found,) = report(week, now=order.ready_at + 7 * DAY + HOUR).unclaimed
    assert (found.number, found.ready_at, found.due_fen) == (order.number, order.ready_at, 28000)


def test_headquarters_report_is_the_sum_of_the_stations(db, report):
    make_manager()
    for code in ("NJ", "YZ"):
        here = make_house(code)
        make_order(here, S.READY)
        receive(here, now=NOW + HOUR)
    made = report(station="HQ", now=NOW + 2 * HOUR)
    assert [made.count(each) for each in (Figure.TAKEN_IN, Figure.ANNOUNCED, Figure.IN_HOUSE)] == [4, 2, 4]
    assert [(row.code, row.figures[Figure.TAKEN_IN]) for row in made.stations] == [("HQ", 0), ("NJ", 2), ("YZ", 2)]
    assert {phase.code: len(phase.numbers) for phase in made.phases if phase.numbers} == {"intake": 2, "handover": 2}
    assert made.sums.agreed_fen == 2 * 28000
    assert len(made.changes) == 4


def test_nobody_sees_another_stations_report(db):
    make_house("SZ")
    office = actor_of(make_person(duty="office", station="NJ"))
    with pytest.raises(Missing):
        queries.get_report(office, station="SZ", day=MONDAY, now=NOW)
    with pytest.raises(Missing):
        queries.find_sent(office, station="SZ", day=MONDAY)
    assert queries.get_report(office, station="", day=MONDAY, now=NOW).station == "NJ"


def test_who_may_not_read_reports_is_refused(house):
    with pytest.raises(NotPermitted):
        queries.get_report(house.technician, station="NJ", day=MONDAY, now=NOW)


@pytest.mark.parametrize("day", [MONDAY + DAY, date(1999, 12, 31)])
def test_a_day_that_has_not_come_is_refused_with_a_sentence(house, day):
    with pytest.raises(Invalid) as refused:
        queries.get_report(SYSTEM, station="NJ", day=day, now=NOW)
    assert refused.value.field == "day"
    assert not ReportPlan.objects.exists()


def test_the_chart_has_each_day_with_what_came_and_went_and_the_promises(house):
    make_order(house, S.CLOSED)
    order = make_order(house, S.REPAIRING)
    lines = queries.list_days(SYSTEM, station="NJ", last=THURSDAY, now=order.promised_at + HOUR)
    assert len(lines) == 14
    by_day = {line.day: line for line in lines}
    assert (by_day[MONDAY].taken_in, by_day[MONDAY].handed_over) == (2, 1)
    assert (by_day[THURSDAY].kept, by_day[THURSDAY].broken) == (1, 1)
    earlier = queries.list_days(SYSTEM, station="NJ", last=THURSDAY, now=order.promised_at - HOUR)
    assert (earlier[-1].kept, earlier[-1].broken) == (0, 0)
