"""The pages of the reports: who sees what, and that each leads on."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django_tasks_db.models import DBTaskResult
from openpyxl import load_workbook

from aftersales.core import clock, jobs, outbox
from aftersales.core.jobs import registry
from aftersales.core.models import JournalEntry, OutboxMessage
from aftersales.core.outbox import messages
from aftersales.reports import services
from aftersales.reports.models import DailyReport, ReportPlan
from aftersales.workshop import services as workshop
from aftersales.workshop.rules.order import OrderState as S
from tests.factories.staff import NOW, make_manager, make_person
from tests.factories.workshop import make_house, make_order, receive

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
SIX = NOW + 9 * HOUR
DAILY = reverse("reports:daily")
STUCK = reverse("reports:stuck")


@pytest.fixture
def manager(house):
    """The manager of the station."""
    return make_person("陈主任", duty="service_manager", station="NJ", language="en")


@pytest.fixture
def office(house):
    """Somebody who only reads."""
    return make_person("周文", duty="office", station="NJ", language="en")


@pytest.fixture
def at():
    """The clock on the wall, standing still."""
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller.move_to


@pytest.fixture
def sent(house, plan):
    """An order and the report of its day, sent at six."""
    order = make_order(house, S.QUOTED)
    plan(addresses=["boss@example.cn"])
    services.make_due_reports(now=SIX)
    return order


def page(browser, address, **query):
    answer = browser.get(address, query)
    return answer, answer.content.decode()


def test_today_is_shown_as_far_as_it_has_come_and_every_figure_leads_to_its_orders(house, office, client_as, at):
    order = make_order(house, S.READY)
    at(NOW + HOUR)
    browser = client_as(office)
    answer, shown = page(browser, DAILY)
    assert answer.status_code == 200
    assert "Monday" in shown
    assert "until 10:00" in shown
    assert order.number in shown
    link = f"{reverse('reports:figure')}?station=NJ&amp;day=2026-11-23&amp;figure=announced"
    assert link in shown
    _answer, behind = page(browser, reverse("reports:figure"), station="NJ", day="2026-11-23", figure="announced")
    assert reverse("workshop:order", args=[order.number]) in behind
    assert order.unit.label in behind
    _answer, behind = page(browser, reverse("reports:figure"), day="2026-11-23", figure="phase:handover")
    assert order.number in behind
    _answer, behind = page(browser, reverse("reports:figure"), day="2026-11-23", figure="failed")
    assert "Nothing of the kind" in behind
    assert browser.get(reverse("reports:figure"), {"figure": "nonsense"}).status_code == 404


def test_a_past_day_is_shown_as_it_was_sent_and_as_it_stands_now(sent, house, office, client_as, at):
    workshop.approve_order(house.advisor, number=sent.number, way="telephone", given_by="陈静", now=SIX + HOUR)
    at(SIX + DAY)
    browser = client_as(office)
    _answer, now_stands = page(browser, DAILY, day="2026-11-23")
    _answer, as_sent = page(browser, DAILY, day="2026-11-23", version="sent")
    assert "As it was sent" in now_stands
    assert "until 18:00" in as_sent
    assert "until 18:00" not in now_stands
    assert "1 figure stands otherwise now" in as_sent
    assert DailyReport.objects.get().sha256 in as_sent
    assert "boss@example.cn" in as_sent
    assert "Send again" not in as_sent
    for address in ("reports:figure", "reports:workbook"):
        query = {"day": "2026-11-24", "version": "sent", "figure": "agreed"}
        assert browser.get(reverse(address), query).status_code == 404, "of that day nothing was sent"


def test_a_report_whose_fingerprint_is_wrong_says_so(sent, office, client_as, at):
    DailyReport.objects.update(sha256="0" * 64)
    at(SIX + HOUR)
    assert "was changed after it was sent" in page(client_as(office), DAILY, day="2026-11-23", version="sent")[1]


def test_the_workbook_is_the_same_report(house, office, client_as, at):
    order = make_order(house, S.READY)
    at(NOW + HOUR)
    answer = client_as(office).get(reverse("reports:workbook"), {"day": "2026-11-23"})
    assert answer["Content-Disposition"] == 'attachment; filename="daily-NJ-2026-11-23.xlsx"'
    assert answer["X-Content-Type-Options"] == "nosniff"
    book = load_workbook(io.BytesIO(answer.content))
    assert book["What changed since yesterday"]["A2"].value == order.number
    assert book["What changed since yesterday"]["F2"].value.hour == 9, "on the clock of the station"


@pytest.mark.parametrize("day", ["2026-11-24", "1999-01-01"])
def test_a_day_that_is_none_is_refused_with_a_sentence(office, client_as, at, day):
    answer, shown = page(client_as(office), DAILY, day=day)
    assert answer.status_code == 422
    assert "Choose a day up to today." in shown


@pytest.mark.parametrize("typed", ["", "nonsense", "2026-13-45", "\x00", "<script>"])
def test_a_day_that_cannot_be_read_is_today(office, client_as, at, typed):
    assert client_as(office).get(DAILY, {"day": typed}).status_code == 200


def test_another_stations_report_is_missing_whichever_way_it_is_asked_for(office, client_as, at):
    make_house("SZ")
    browser = client_as(office)
    for name in ("reports:daily", "reports:figure", "reports:workbook"):
        answer = browser.get(reverse(name), {"station": "SZ", "figure": "agreed"})
        assert answer.status_code == 404, name


def test_headquarters_chooses_among_the_stations(db, client_as, at):
    manager = make_manager(language="en")
    receive(make_house("NJ"))
    at(NOW + HOUR)
    browser = client_as(manager)
    _answer, everything = page(browser, DAILY)
    assert "NJ · Station NJ" in everything
    assert page(browser, DAILY, station="NJ")[0].context["report"].station == "NJ"


def test_a_figure_leads_to_no_order_of_another_station(db, client_as, at):
    """The numbers in a stored report are not enough to be shown an order's state."""
    make_house("NJ")
    order = receive(make_house("SZ"))
    at(NOW + HOUR)
    office = make_person(duty="office", station="NJ", language="en")
    answer, shown = page(client_as(office), reverse("reports:figure"), figure="taken_in")
    assert answer.status_code == 200
    assert order.number not in shown


# Setting it up


def test_the_manager_sets_hour_and_addresses(manager, plan, client_as, at):
    plan()
    browser = client_as(manager)
    address = reverse("reports:edit_plan", args=["NJ"])
    assert browser.get(reverse("reports:plans")).status_code == 200
    shown = browser.get(address).content.decode()
    assert 'value="18:00"' in shown
    form = {
        "is_on": "on",
        "send_at": "07:30",
        "days": "every",
        "covers": "day_before",
        "addresses": "boss@example.cn\noffice@example.cn",
        "language": "zh-hant",
        "version": str(ReportPlan.objects.get().version),
    }
    assert browser.post(address, form).status_code == 302
    known = ReportPlan.objects.get()
    assert (f"{known.send_at:%H:%M}", known.days, known.covers, known.language) == (
        "07:30",
        "every",
        "day_before",
        "zh-hant",
    )
    assert known.addresses == ["boss@example.cn", "office@example.cn"]
    entry = JournalEntry.objects.filter(act="edit_report_plan").last()
    assert (entry.actor_name, entry.before["send_at"], entry.after["send_at"]) == ("陈主任", "18:00", "07:30")
    assert "boss@example.cn" in page(browser, reverse("reports:plans"))[1]


def test_a_wrong_address_is_refused_in_the_form_and_kept_as_it_was_typed(manager, plan, client_as, at):
    plan(addresses=["boss@example.cn"])
    form = {
        "is_on": "on",
        "send_at": "07:30",
        "days": "every",
        "covers": "day_before",
        "addresses": "boss@example",
        "language": "en",
        "version": str(ReportPlan.objects.get().version),
    }
    answer = client_as(manager).post(reverse("reports:edit_plan", args=["NJ"]), form)
    assert answer.status_code == 422
    shown = answer.content.decode()
    assert "is not an e-mail address" in shown
    assert "boss@example</textarea>" in shown
    assert ReportPlan.objects.get().addresses == ["boss@example.cn"]


def test_a_test_is_sent_from_the_page(manager, plan, client_as, at):
    plan()
    browser = client_as(manager)
    address = reverse("reports:send_test_report", args=["NJ"])
    assert browser.post(address, {"address": "me@example.cn"}).status_code == 302
    assert OutboxMessage.objects.get().payload["to"] == ["me@example.cn"]
    refused = browser.post(address, {"address": "me"})
    assert refused.status_code == 422
    assert "is not an e-mail address" in refused.content.decode()
    assert OutboxMessage.objects.count() == 1


def test_a_report_is_sent_again_from_the_page(sent, manager, client_as, at):
    at(SIX + HOUR)
    browser = client_as(manager)
    assert "Send again" in page(browser, DAILY, day="2026-11-23", version="sent")[1]
    assert browser.post(reverse("reports:send_report_again", args=["NJ", "2026-11-23"])).status_code == 302
    assert OutboxMessage.objects.count() == 2
    assert browser.post(reverse("reports:send_report_again", args=["NJ", "2026-11-22"])).status_code == 404
    assert browser.post(reverse("reports:send_report_again", args=["NJ", "yesterday"])).status_code == 404


# What is stuck


def test_a_missed_day_is_on_the_managers_home_page_in_the_menu_and_on_the_health_page(
    sent, manager, office, client_as, at
):
    at(SIX + HOUR)
    assert "The daily report was missed" not in page(client_as(manager), "/")[1]
    at(SIX + HOUR + timedelta(minutes=1))
    answer, home = page(client_as(manager), "/")
    assert "The daily report was missed" in home
    counts = [item.get("count") for group in answer.context["nav"] for item in group["items"] if item["url"] == STUCK]
    assert counts == [1]
    assert "The daily report was missed" not in page(client_as(office), "/")[1]
    assert client_as(office).get("/health/").json()["daily_reports_missed"] == 1


def test_what_is_stuck_is_shown_with_its_reason_and_can_be_tried_again_or_given_up(
    sent, manager, client_as, at, monkeypatch
):
    monkeypatch.setattr(messages, "_deliverers", {"email": _refuse})
    outbox.deliver_due(SIX)
    at(SIX + 2 * HOUR)
    browser = client_as(manager)
    _answer, shown = page(browser, STUCK)
    assert "550 no such mailbox" in shown
    assert "Parked" in shown
    assert "boss@example.cn" in shown
    assert "No worker runs" in shown
    (parked,) = outbox.list_parked()
    assert browser.post(reverse("reports:retry_message", args=[parked.id])).status_code == 302
    assert OutboxMessage.objects.get().state == "waiting"
    assert browser.post(reverse("reports:cancel_message", args=[parked.id])).status_code == 302
    assert not OutboxMessage.objects.exists()
    assert browser.post(reverse("reports:cancel_message", args=[parked.id])).status_code == 404
    acts = set(JournalEntry.objects.filter(kind="message").values_list("act", "actor_name"))
    assert acts == {("retry_message", "陈主任"), ("cancel_message", "陈主任")}
    services.settle_reports(now=clock.now())
    assert "Everything has gone out" in page(browser, STUCK)[1]


def _refuse(_message):
    raise outbox.Undeliverable("550 no such mailbox")


def test_what_is_on_its_way_is_left_alone(sent, manager, client_as, at):
    row = OutboxMessage.objects.get()
    at(SIX + HOUR)
    messages._claim(row, SIX + HOUR)
    assert client_as(manager).post(reverse("reports:retry_message", args=[row.pk])).status_code == 409
    row.refresh_from_db()
    assert row.attempts == 1


def test_a_missed_report_is_given_up_from_the_page(sent, manager, client_as, at):
    at(SIX + 2 * HOUR)
    browser = client_as(manager)
    assert browser.post(reverse("reports:give_up_report", args=["NJ", "2026-11-23"])).status_code == 302
    assert not OutboxMessage.objects.exists()
    assert "Daily reports that were missed" not in page(browser, STUCK)[1]
    assert browser.post(reverse("reports:give_up_report", args=["NJ", "2026-11-23"])).status_code == 409


def test_messages_of_another_station_are_neither_shown_nor_touched(sent, client_as, at):
    make_house("SZ")
    stranger = make_person(duty="service_manager", station="SZ", language="en")
    outbox.add_email(key="no place", to=["a@example.cn"], subject="Your way in", text="", now=NOW)
    at(SIX + 2 * HOUR)
    browser = client_as(stranger)
    shown = page(browser, STUCK)[1]
    assert "boss@example.cn" not in shown
    assert "Your way in" not in shown
    for row in OutboxMessage.objects.all():
        assert browser.post(reverse("reports:cancel_message", args=[row.pk])).status_code == 404
    assert browser.post(reverse("reports:give_up_report", args=["NJ", "2026-11-23"])).status_code == 404
    assert OutboxMessage.objects.count() == 2


@pytest.fixture
def parked_job(db, monkeypatch):
    """A job that gave up at once."""
    monkeypatch.setattr(registry, "_jobs", {})
    jobs.job("test.broken", attempts=1)(lambda _payload, _now: 1 / 0)
    job_id = jobs.enqueue("test.broken", now=NOW)
    jobs.run_next(NOW, worker_id="w1")
    return job_id


def test_a_job_that_gave_up_is_shown_to_who_sees_all_stations_and_tried_again_or_given_up(parked_job, client_as, at):
    browser = client_as(make_manager(language="en"))
    shown = page(browser, STUCK)[1]
    assert "test.broken" in shown
    assert "ZeroDivisionError: division by zero" in shown
    assert browser.post(reverse("reports:retry_job", args=[parked_job])).status_code == 302
    assert jobs.get_state(parked_job).state == "READY"
    assert browser.post(reverse("reports:retry_job", args=[parked_job])).status_code == 404
    jobs.run_next(NOW, worker_id="w1")
    assert browser.post(reverse("reports:cancel_job", args=[parked_job])).status_code == 302
    assert not DBTaskResult.objects.exists()
    assert browser.post(reverse("reports:cancel_job", args=[parked_job])).status_code == 404


def test_a_stations_manager_neither_sees_nor_touches_the_houses_jobs(parked_job, manager, client_as, at):
    browser = client_as(manager)
    assert "test.broken" not in page(browser, STUCK)[1]
    for name in ("reports:retry_job", "reports:cancel_job"):
        assert browser.post(reverse(name, args=[parked_job])).status_code == 404
    assert jobs.get_state(parked_job).state == "FAILED"


def test_pages_for_managers_are_not_for_readers(sent, office, client_as, at):
    browser = client_as(office)
    for name, args in (("reports:plans", []), ("reports:edit_plan", ["NJ"]), ("reports:stuck", [])):
        assert browser.get(reverse(name, args=args)).status_code == 403, name
    assert browser.post(reverse("reports:send_report_again", args=["NJ", "2026-11-23"])).status_code == 403
    assert OutboxMessage.objects.count() == 1
