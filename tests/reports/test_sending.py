"""The daily report goes out by itself at its hour: once, to each address, whatever happens in between; and a missed day is an alarm."""

from __future__ import annotations

import io
import logging
from datetime import date, datetime, time, timedelta

import pytest
from openpyxl import load_workbook

from aftersales.core import jobs, outbox
from aftersales.core.actor import SYSTEM
from aftersales.core.errors import Conflict, Invalid, Missing, NotPermitted, Refused
from aftersales.core.models import JournalEntry, OutboxAttachment, OutboxMessage
from aftersales.core.outbox import messages
from aftersales.reports import queries, services
from aftersales.reports.models import DailyReport, Delivery, ReportPlan
from aftersales.reports.rules.daily import Figure
from aftersales.reports.services import sending
from aftersales.workshop import services as workshop
from aftersales.workshop.rules.order import OrderState as S
from tests.factories import mail
from tests.factories.staff import NOW, actor_of, make_manager, make_person, make_station
from tests.factories.workshop import make_house, make_order, receive
from tests.reports.conftest import MONDAY

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
SIX = NOW + 9 * HOUR
"""Monday, 18:00 in Nanjing."""
ADDRESSES = ["boss@example.cn", "office@example.cn"]


@pytest.fixture
def server(settings):
    """A mail server to which our mails go; not running yet."""
    post = mail.MailServer(mail.free_port())
    mail.use(settings, post.port)
    return post


def work(now: datetime) -> int:
    """What the worker does at that moment."""
    made = services.make_due_reports(now=now)
    outbox.deliver_due(now)
    services.settle_reports(now=now)
    return made


def days_of(station="NJ"):
    return list(DailyReport.objects.filter(station__code=station).order_by("day").values_list("day", flat=True))


# Once, at its hour


def test_it_goes_out_at_its_hour_to_every_address_once(house, plan, server):
    make_order(house, S.READY)
    plan(addresses=ADDRESSES)
    with server.running():
        assert work(SIX - MINUTE) == 0
        assert server.letters == []
        assert work(SIX) == 1
        for later in range(1, 200, 5):
            assert work(SIX + later * MINUTE) == 0
    assert sorted(server.receivers) == ADDRESSES
    letter = server.letters[0]
    assert letter["Subject"] == (
        "Daily repair report 2026-11-23, Station NJ: 1 in, 0 out, 1 in the house, 0 promises not kept"
    )
    assert "Station NJ" in letter.get_body(("plain",)).get_content()
    html = letter.get_body(("html",)).get_content()
    assert "RO-NJ-2026-000001" in html
    assert "<style" not in html
    (file,) = letter.iter_attachments()
    assert file.get_filename() == "daily-NJ-2026-11-23.xlsx"
    book = load_workbook(io.BytesIO(file.get_content()))
    assert book.sheetnames[0] == "Figures"
    figures = {row[:2]: row[2] for row in book["Figures"].iter_rows(values_only=True)}
    assert (figures["Done today", "Taken in"], figures["In the house", "Altogether"]) == (1, 1)
    assert book["What changed since yesterday"]["A2"].value == "RO-NJ-2026-000001"
    row = DailyReport.objects.get()
    assert (row.day, row.due_at, row.made_at, row.is_late) == (MONDAY, SIX, SIX, False)
    assert row.settled_at is not None
    assert not OutboxAttachment.objects.exists()


def test_it_covers_the_day_up_to_its_hour_and_the_next_one_tells_what_came_after(house, plan):
    plan(addresses=ADDRESSES)
    receive(house, now=NOW)
    work(SIX)
    late = receive(house, now=SIX + HOUR)
    work(SIX + DAY)
    monday, tuesday = (queries.find_sent(SYSTEM, station="NJ", day=day).report for day in (MONDAY, MONDAY + DAY))
    assert (monday.count(Figure.TAKEN_IN), monday.until) == (1, SIX)
    assert (tuesday.count(Figure.TAKEN_IN), tuesday.opening, tuesday.closing) == (0, 2, 2)
    assert tuesday.since == SIX
    assert [change.number for change in tuesday.earlier] == [late.number]


def test_the_morning_report_is_about_the_whole_day_before(house, plan):
    plan(addresses=ADDRESSES, send_at=time(8, 0), covers="day_before", now=NOW - 2 * HOUR)
    ReportPlan.objects.update(next_on=MONDAY, next_due_at=NOW + 23 * HOUR)
    receive(house, now=SIX + 3 * HOUR)
    assert work(NOW + 22 * HOUR) == 0
    assert work(NOW + 23 * HOUR) == 1
    sent = queries.find_sent(SYSTEM, station="NJ", day=MONDAY).report
    assert sent.is_whole
    assert sent.count(Figure.TAKEN_IN) == 1


def test_only_working_days_are_reported_unless_every_day_is_wanted(house, plan):
    make_house("YZ")
    plan(addresses=ADDRESSES)
    plan("YZ", addresses=ADDRESSES, days="every")
    for day in range(8):
        work(SIX + day * DAY)
    weekend = {MONDAY + 5 * DAY, MONDAY + 6 * DAY}
    assert len(days_of("NJ")) == 6
    assert not weekend & set(days_of("NJ"))
    assert len(days_of("YZ")) == 8
    # Nothing that happened on the weekend is lost: Monday's report tells it.
    assert queries.find_sent(SYSTEM, station="NJ", day=MONDAY + 7 * DAY).report.start == SIX + 6 * DAY + 6 * HOUR


def test_a_weekends_work_stands_in_mondays_report(house, plan):
    plan(addresses=ADDRESSES)
    for day in range(5):
        work(SIX + day * DAY)
    order = receive(house, now=NOW + 5 * DAY)
    work(SIX + 7 * DAY)
    monday = queries.find_sent(SYSTEM, station="NJ", day=MONDAY + 7 * DAY).report
    assert (monday.since, [change.number for change in monday.earlier]) == (SIX + 4 * DAY, [order.number])


def test_each_station_reports_on_its_own_clock(db, plan):
    make_station("DK", time_zone="Africa/Dakar")
    make_house("NJ")
    for code in ("NJ", "DK"):
        plan(code, addresses=[f"{code}@example.cn"])
    work(SIX)
    assert (days_of("NJ"), days_of("DK")) == ([MONDAY], [])
    work(SIX + 8 * HOUR)
    assert days_of("DK") == [MONDAY]


def test_a_second_worker_sends_nothing_twice(house, plan, server, monkeypatch):
    plan(addresses=ADDRESSES)
    stale = queries.list_due_plans(SIX)
    with server.running():
        work(SIX)
        monkeypatch.setattr(sending.queries, "list_due_plans", lambda _now: stale)
        assert work(SIX + MINUTE) == 0
    assert len(server.letters) == 2
    assert DailyReport.objects.count() == 1


def test_a_report_that_breaks_half_way_leaves_nothing_and_is_made_the_next_time(house, plan, server, monkeypatch):
    plan(addresses=ADDRESSES)
    monkeypatch.setattr(sending.letter, "write", lambda *_args: 1 / 0)
    assert work(SIX) == 0
    assert not DailyReport.objects.exists()
    assert not OutboxMessage.objects.exists()
    (known,) = queries.list_plans(SYSTEM)
    assert known.next_on == MONDAY
    assert "ZeroDivisionError" in known.failure
    monkeypatch.undo()
    mail_goes_to = server  # the settings were undone too
    assert work(SIX + 5 * MINUTE) == 1
    assert ReportPlan.objects.get().failure == ""
    assert mail_goes_to.letters == []


def test_one_station_that_breaks_does_not_hold_up_the_others(db, plan, monkeypatch):
    for code in ("NJ", "YZ"):
        make_house(code)
        plan(code, addresses=ADDRESSES)
    real = queries.report_of
    broken = lambda place, day, now: 1 / 0 if place.code == "NJ" else real(place, day, now=now)  # noqa: E731
    monkeypatch.setattr(sending.queries, "report_of", broken)
    assert work(SIX) == 1
    assert (days_of("NJ"), days_of("YZ")) == ([], [MONDAY])


def test_a_letter_in_chinese_is_chinese_throughout(house, plan):
    make_order(house, S.READY)
    plan(addresses=["a@example.cn"], language="zh-hant")
    services.make_due_reports(now=SIX)
    payload = OutboxMessage.objects.get().payload
    assert payload["subject"].startswith("維修日報 2026-11-23 Station NJ：接修 1，交付 0，在店 1")
    assert "與昨日相比的變化" in payload["html"]
    book = load_workbook(io.BytesIO(bytes(OutboxAttachment.objects.get().content)))
    assert book.sheetnames == ["彙總", "與昨日相比的變化"]


def test_what_people_wrote_is_no_markup_in_the_letter_and_no_formula_in_the_workbook(house, plan):
    order = make_order(house, S.REPAIRING)
    workshop.wait_order(
        house.technician,
        number=order.number,
        waiting_for="parts",
        waiting_on="<b>老周</b>",
        note='=HYPERLINK("http://x")',
        now=NOW + 2 * HOUR,
    )
    plan(addresses=["a@example.cn"])
    services.make_due_reports(now=SIX)
    payload = OutboxMessage.objects.get().payload
    assert "<b>老周</b>" not in payload["html"]
    assert "&lt;b&gt;老周&lt;/b&gt;" in payload["html"]
    assert "<b>老周</b>" in payload["text"]
    book = load_workbook(io.BytesIO(bytes(OutboxAttachment.objects.get().content)))
    cell = book["Who waits for whom"]["H2"]
    assert (cell.value, cell.data_type) == ('=HYPERLINK("http://x")', "s")


# As it was sent


def test_later_corrections_do_not_rewrite_what_was_sent(house, plan):
    plan(addresses=ADDRESSES)
    order = make_order(house, S.QUOTED)
    work(SIX)
    workshop.approve_order(house.advisor, number=order.number, way="telephone", given_by="陈静", now=SIX + HOUR)
    sent = queries.find_sent(SYSTEM, station="NJ", day=MONDAY)
    now_stands = queries.get_report(SYSTEM, station="NJ", day=MONDAY, now=SIX + DAY)
    assert (sent.report.count(Figure.AGREED), now_stands.count(Figure.AGREED)) == (0, 1)
    assert sent.is_untouched
    assert sent.row.sha256 in OutboxMessage.objects.first().payload.get("html", sent.row.sha256)


def test_a_report_that_somebody_changed_in_the_database_is_noticed(house, plan):
    plan(addresses=ADDRESSES)
    work(SIX)
    row = DailyReport.objects.get()
    row.snapshot["opening"] = 99
    row.save()
    assert not queries.find_sent(SYSTEM, station="NJ", day=MONDAY).is_untouched


# When something is in the way


def test_while_the_mail_server_is_away_for_a_day_every_report_waits_and_goes_out_once_in_order(db, plan, server):
    for code in ("NJ", "YZ"):
        make_house(code)
        plan(code, addresses=[f"{code.lower()}@example.cn"], days="every")
    at = SIX
    while at < SIX + DAY + HOUR:
        work(at)
        at += 10 * MINUTE
    assert DailyReport.objects.filter(settled_at=None).count() == 4
    with server.running():
        work(at + messages.BLOCKED_PAUSE)
        work(at + 2 * HOUR)
    subjects = [letter["Subject"].split(":")[0] for letter in server.letters]
    assert subjects == [
        f"Daily repair report {day}, Station {code}" for day in ("2026-11-23", "2026-11-24") for code in ("NJ", "YZ")
    ]
    assert not DailyReport.objects.filter(settled_at=None).exists()


def test_after_days_without_a_worker_all_missed_reports_are_sent_once_later_and_say_so(house, plan, server):
    plan(addresses=["boss@example.cn"])
    receive(house, now=NOW)
    with server.running():
        work(NOW + 3 * DAY)  # Thursday morning: Monday, Tuesday and Wednesday were missed
        work(NOW + 3 * DAY + HOUR)
    assert days_of() == [MONDAY, MONDAY + DAY, MONDAY + 2 * DAY]
    assert [letter["Subject"].split(",")[0] for letter in server.letters] == [
        f"[Late] Daily repair report {day}" for day in ("2026-11-23", "2026-11-24", "2026-11-25")
    ]
    assert "This report is late" in server.letters[0].get_body(("html",)).get_content()
    assert all(queries.find_sent(SYSTEM, station="NJ", day=day).report.is_whole for day in days_of())


def test_what_fell_due_more_than_a_month_ago_is_not_sent_any_more(house, plan):
    plan(addresses=["boss@example.cn"], days="every")
    work(SIX + 40 * DAY)
    assert len(days_of()) == 32
    assert days_of()[0] == MONDAY + 9 * DAY


def test_a_refused_address_is_an_alarm_with_the_servers_words_and_the_others_got_it(house, plan, server):
    plan(addresses=ADDRESSES)
    server.refuses["boss@example.cn"] = "550 5.1.1 no such mailbox"
    with server.running():
        work(SIX)
        assert server.receivers == ["office@example.cn"]
        assert queries.list_alarms(SYSTEM, SIX + HOUR) == []
        (alarm,) = queries.list_alarms(SYSTEM, SIX + HOUR + MINUTE)
        assert (alarm.day, alarm.trouble) == (MONDAY, "parked")
        assert "boss@example.cn: Undeliverable: 550 5.1.1 no such mailbox" in alarm.detail
        server.refuses.clear()
        (parked,) = queries.list_stuck_messages(SYSTEM)
        services.retry_message(SYSTEM, message_id=parked.id, now=SIX + 2 * HOUR)
        work(SIX + 2 * HOUR)
    assert server.receivers == ["office@example.cn", "boss@example.cn"]
    assert queries.list_alarms(SYSTEM, SIX + 3 * HOUR) == []


def test_a_mail_server_that_cannot_be_reached_is_an_alarm_after_an_hour_and_one_line_in_the_log(
    house, plan, server, caplog
):
    plan(addresses=ADDRESSES)
    with caplog.at_level(logging.ERROR):
        for minutes in range(0, 180, 5):
            work(SIX + minutes * MINUTE)
    (alarm,) = queries.list_alarms(SYSTEM, SIX + 3 * HOUR)
    assert alarm.trouble == "waiting"
    assert "refused" in alarm.detail.lower()
    assert DailyReport.objects.get().alarmed_at == SIX + HOUR + 5 * MINUTE


def test_a_worker_that_does_not_run_is_an_alarm_too(house, plan):
    plan(addresses=ADDRESSES)
    assert queries.count_alarms(SYSTEM, SIX + HOUR) == 0
    (alarm,) = queries.list_alarms(SYSTEM, SIX + HOUR + MINUTE)
    assert (alarm.day, alarm.trouble, alarm.is_made) == (MONDAY, "not_made", False)


def test_without_an_address_the_report_is_kept_and_an_alarm_and_goes_out_when_one_is_set(house, plan, server):
    plan()
    work(SIX)
    assert [alarm.trouble for alarm in queries.list_alarms(SYSTEM, SIX + 2 * HOUR)] == ["no_address"]
    plan(addresses=["boss@example.cn"], now=SIX + 3 * HOUR)
    with server.running():
        work(SIX + 3 * HOUR + 5 * MINUTE)
        work(SIX + 4 * HOUR)
    (letter,) = server.letters
    assert letter["Subject"].startswith("[Late] Daily repair report 2026-11-23")
    assert queries.count_alarms(SYSTEM, SIX + 5 * HOUR) == 0


def test_an_alarm_is_for_those_who_look_after_that_station(house, plan):
    plan(addresses=ADDRESSES)
    here = actor_of(make_person(duty="service_manager", station="NJ"))
    there = actor_of(make_person(duty="service_manager", station="SZ"))
    late = SIX + 2 * HOUR
    ReportPlan.objects.exclude(station__code="NJ").delete()
    assert (queries.count_alarms(here, late), queries.count_alarms(there, late)) == (1, 0)


def test_a_report_can_be_given_up(house, plan):
    plan(addresses=ADDRESSES)
    services.make_due_reports(now=SIX)
    services.give_up_report(SYSTEM, station="NJ", day=MONDAY, now=SIX + 2 * HOUR)
    assert queries.list_alarms(SYSTEM, SIX + 3 * HOUR) == []
    assert not OutboxMessage.objects.exists()
    assert JournalEntry.objects.filter(act="give_up_report", key="NJ").count() == 1
    with pytest.raises(Refused):
        services.give_up_report(SYSTEM, station="NJ", day=MONDAY, now=SIX + 3 * HOUR)
    with pytest.raises(Missing):
        services.give_up_report(SYSTEM, station="NJ", day=MONDAY + DAY, now=SIX + 3 * HOUR)


def test_the_job_runs_every_few_minutes(house, plan):
    plan(addresses=ADDRESSES)
    job = jobs.find_job("reports.daily")
    assert job.every == 5 * MINUTE
    job.function({}, SIX)
    assert days_of() == [MONDAY]


# The plan


def test_a_new_station_gets_the_usual_hour_and_nobody_to_send_to(house):
    services.make_missing_plans(now=NOW)
    services.make_missing_plans(now=NOW)
    known = ReportPlan.objects.get()
    assert (known.send_at, known.addresses, known.next_on, known.next_due_at) == (time(18, 0), [], MONDAY, SIX)
    make_station("YZ")
    services.make_missing_plans(now=SIX + HOUR)
    assert ReportPlan.objects.get(station__code="YZ").next_on == MONDAY + DAY


@pytest.mark.parametrize(
    ("wanted", "field"),
    [
        ({"addresses": "boss@example.cn, nonsense"}, "addresses"),
        ({"addresses": "a@b"}, "addresses"),
        ({"addresses": "a@example.cn\nBcc:x@example.cn"}, "addresses"),
        ({"addresses": "老板@example.cn"}, "addresses"),
        ({"addresses": ".a@example.cn"}, "addresses"),
        ({"addresses": "a@" + "x" * 250 + ".cn"}, "addresses"),
        ({"addresses": [f"a{n}@example.cn" for n in range(21)]}, "addresses"),
        ({"days": "sometimes"}, "days"),
        ({"covers": "tomorrow"}, "covers"),
        ({"language": "la"}, "language"),
    ],
)
def test_a_plan_that_could_not_work_is_refused_with_a_sentence_and_nothing_changes(house, plan, wanted, field):
    plan(addresses=ADDRESSES)
    before = ReportPlan.objects.values().get()
    with pytest.raises(Invalid) as refused:
        plan(**wanted)
    assert refused.value.field == field
    assert ReportPlan.objects.values().get() == before


def test_addresses_are_read_as_they_are_typed_each_once(house, plan):
    known = plan(addresses="Boss@Example.cn；office@example.cn，\n  boss@example.cn ")
    assert known.addresses == ["Boss@Example.cn", "office@example.cn"]


def test_an_hour_that_has_passed_today_sends_at_once_and_is_not_late(house, plan):
    plan(addresses=["boss@example.cn"], send_at=time(8, 0), now=NOW + HOUR)
    work(NOW + HOUR + 5 * MINUTE)
    row = DailyReport.objects.get()
    assert (row.day, row.is_late) == (MONDAY, False)
    work(NOW + 10 * HOUR)
    assert days_of() == [MONDAY]


def test_what_fell_due_while_the_report_was_switched_off_is_not_made_up_for(house, plan):
    plan(addresses=ADDRESSES, is_on=False)
    assert work(SIX + 2 * DAY) == 0
    assert queries.count_alarms(SYSTEM, SIX + 3 * DAY) == 0
    plan(is_on=True, now=SIX + 2 * DAY + HOUR)
    assert work(SIX + 3 * DAY) == 1
    assert days_of() == [MONDAY + 3 * DAY]


def test_two_who_edit_a_plan_at_once_are_told_of_each_other(house, plan):
    plan(addresses=ADDRESSES)
    with pytest.raises(Conflict):
        plan(addresses=["x@example.cn"], version=1)
    assert ReportPlan.objects.get().addresses == ADDRESSES


def test_who_may_not_set_the_plan_is_refused_and_another_stations_is_missing(house, plan):
    plan(addresses=ADDRESSES)
    facts = {"version": 2, "is_on": False, "send_at": time(9), "days": "every", "covers": "same_day", "language": "en"}
    with pytest.raises(NotPermitted):
        services.edit_plan(house.supervisor, station="NJ", addresses=[], now=NOW, **facts)
    elsewhere = actor_of(make_person(duty="service_manager", station="SZ"))
    with pytest.raises(Missing):
        services.edit_plan(elsewhere, station="NJ", addresses=[], now=NOW, **facts)
    assert ReportPlan.objects.get(station__code="NJ").is_on


# By hand


def test_a_test_goes_to_one_address_and_nothing_of_it_is_kept(house, plan, server):
    plan(addresses=ADDRESSES)
    receive(house, now=NOW)
    with server.running():
        services.send_test_report(SYSTEM, station="NJ", address=" me@example.cn ", now=NOW + HOUR)
        outbox.deliver_due(NOW + HOUR)
    (letter,) = server.letters
    assert letter["Subject"].startswith("[Test] Daily repair report 2026-11-23, Station NJ: 1 in")
    assert server.receivers == ["me@example.cn"]
    assert not DailyReport.objects.exists()
    for wrong in ("", "nobody", "a@example.cn, b@example.cn"):
        with pytest.raises(Invalid) as refused:
            services.send_test_report(SYSTEM, station="NJ", address=wrong, now=NOW + HOUR)
        assert refused.value.field == "address"


def test_a_report_can_be_sent_again_as_it_was_the_first_time(house, plan, server):
    plan(addresses=["boss@example.cn"])
    order = receive(house, now=NOW)
    with server.running():
        work(SIX)
        workshop.cancel_order(house.advisor, number=order.number, reason="客户不修了", now=SIX + HOUR)
        services.send_report_again(SYSTEM, station="NJ", day=MONDAY, now=SIX + 2 * HOUR)
        outbox.deliver_due(SIX + 2 * HOUR)
    first, second = server.letters
    assert first["Subject"] == second["Subject"]
    assert first["Message-ID"] != second["Message-ID"]
    assert first.get_body(("html",)).get_content() == second.get_body(("html",)).get_content()
    plan(addresses=[])
    with pytest.raises(Refused):
        services.send_report_again(SYSTEM, station="NJ", day=MONDAY, now=SIX + 3 * HOUR)
    with pytest.raises(Missing):
        services.send_report_again(SYSTEM, station="NJ", day=date(2026, 11, 20), now=SIX)


def test_headquarters_letter_has_a_line_for_every_station(db, plan, server):
    make_manager()
    for code in ("NJ", "YZ"):
        make_order(make_house(code), S.READY)
    plan("HQ", addresses=["chief@example.cn"])
    with server.running():
        work(SIX)
    (letter,) = server.letters
    assert letter["Subject"].endswith("2 in, 0 out, 2 in the house, 0 promises not kept")
    html = letter.get_body(("html",)).get_content()
    assert "NJ · Station NJ" in html
    assert "YZ · Station YZ" in html
    assert Delivery.objects.count() == 1
