from __future__ import annotations

from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.urls import reverse

from aftersales.core import clock, jobs, journal, search, transaction
from aftersales.core.models import JournalEntry
from aftersales.customers.models import Customer
from aftersales.customers.services import CustomerImporter
from aftersales.exchange import services
from aftersales.exchange.models import Import
from aftersales.exchange.rules import imports as rules
from tests.exchange.conftest import Sender, run_jobs
from tests.exchange.tables import CAR, HEADS, OTHER_VIN, everything, latest
from tests.factories.customers import make_actor, make_customer, make_unit
from tests.factories.staff import make_manager, make_person

pytestmark = pytest.mark.django_db


# Sending


def test_what_is_no_table_is_refused_in_the_form_and_nothing_is_kept(sender, files):
    answer = sender.send(b"%PDF-1.7\n\x01\x02\x03", name="a.pdf")
    assert answer.status_code == 422
    assert "neither an Excel workbook nor a CSV" in answer.content.decode()
    assert not Import.objects.exists()
    assert list(files.iterdir()) == []
    assert sender.send(b"", name="a.csv").status_code == 422


def test_a_table_sent_twice_by_a_double_click_is_kept_once(sender):
    for _each in range(2):
        sender.send([["姓名", "手机"], ["张三", "13800138000"]], once="the-very-same-key-001")
    assert Import.objects.count() == 1


def test_nobody_else_sees_the_table_not_even_the_manager(sender, client_as):
    sender.send([["姓名", "手机"], ["张三", "13800138000"]])
    found = latest()
    other = Sender(client_as(make_manager(now=clock.now())))
    assert other.browser.get(reverse("exchange:import", args=[found.token])).status_code == 404
    assert other.browser.get(reverse("exchange:import_problems", args=[found.token])).status_code == 404
    for verb in ("look_again", "check_import", "start_import", "stop_import", "reopen_import", "discard_import"):
        assert other.press(verb, found).status_code == 404
    assert latest() == found


@pytest.mark.parametrize("duty", ["service_advisor", "technician", "auditor"])
def test_who_may_not_import_cannot(client_as, duty):
    browser = client_as(make_person(duty=duty, now=clock.now()))
    assert browser.get(reverse("exchange:imports")).status_code == 403
    assert Sender(browser).send([["姓名"], ["张三"]]).status_code == 403
    assert not Import.objects.exists()


def test_who_lost_the_duty_meanwhile_imports_nothing(sender, client_as):
    sender.send([["姓名", "手机"], ["张三", "13800138000"]])
    sender.check()
    sender.press("start_import")
    Import.objects.update(person_id=make_person(duty="auditor", now=clock.now()).pk)
    run_jobs()
    assert latest().state == "failed"
    assert not Customer.objects.exists()


# Stopping, going back, throwing away


@pytest.mark.parametrize(("press", "before"), [("check_import", "checking"), ("start_import", "importing")])
def test_work_can_be_stopped_and_leaves_nothing_behind(sender, press, before):
    sender.send([["姓名", "手机"], ["张三", "13800138000"]])
    if press == "start_import":
        sender.check()
        sender.press(press)
    else:
        sender.press(press, column_0="name", column_1="phone", mode="gaps")
    assert latest().state == before
    assert "Waits for the worker" in sender.page()
    sender.press("stop_import")
    run_jobs()
    assert latest().state == "stopped"
    assert not Customer.objects.exists()
    assert not JournalEntry.objects.filter(kind="table").exists()
    sender.press("reopen_import")
    sender.check()
    sender.press("start_import")
    run_jobs()
    assert Customer.objects.count() == 1


def test_an_import_that_broke_in_the_middle_is_done_once_when_it_is_run_again(sender, monkeypatch):
    sender.send([["姓名", "手机"], ["张三", "13800138000"]])
    sender.check()
    sender.press("start_import")
    now = clock.now()
    with monkeypatch.context() as broken:
        broken.setattr(journal, "record", lambda *_a, **_k: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            services.run_import(latest().token, now=now)
    assert not Customer.objects.exists()
    assert latest().state == "importing"
    for _each in range(2):
        services.run_import(latest().token, now=now)
    assert Customer.objects.count() == 1
    assert len(journal.entries_of("table", "customers")) == 1


def test_what_changed_since_the_check_keeps_all_out(sender):
    sender.send([HEADS, CAR, ["李四", "13900139000", "", "", "A4", OTHER_VIN, "", "轿车"]], "units")
    sender.check()
    sender.press("start_import")
    other = make_customer("王五")
    make_unit(other, trade="automotive", category="car", serial=OTHER_VIN)
    before = everything()
    run_jobs()
    assert latest().state == "failed"
    assert "Since the check something has changed" in sender.page()
    assert everything() == before


# Read first, then written


@pytest.fixture
def steps(sender, monkeypatch):
    """A table of two rows that is about to be imported row by row; the steps of its importer, and the progress that is told."""
    done: list[object] = []

    def told(of: str):
        real = getattr(CustomerImporter, of)

        def step(self, *arguments):
            done.append(of)
            return real(self, *arguments)

        return step

    monkeypatch.setattr(rules, "BATCH", 1)
    sender.send([HEADS, CAR, ["李四", "13900139000", "", "", "A4", OTHER_VIN, "", "轿车"]], "units")
    sender.check()
    sender.press("start_import")
    for name in ("read", "begin_writing", "take"):
        monkeypatch.setattr(CustomerImporter, name, told(name))
    monkeypatch.setattr(jobs, "progress", lambda at, total, *, now: done.append((at, total)) or True)
    return done


def test_all_rows_are_read_before_the_first_is_written_and_progress_only_grows(steps, files):
    run_jobs()
    reading, writing = ["read", (0, 2), "read", (1, 2)], ["take", (1, 2), "take", (2, 2)]
    assert steps == [*reading, "begin_writing", *writing]
    assert latest().state == "done"
    assert search.keys(make_actor("NJ"), "customer", "lisi")
    assert search.keys(make_actor("NJ"), "unit", "A4")
    assert len(list(files.iterdir())) == 1, "what was set aside is gone"


@pytest.mark.parametrize("at", range(4))
def test_an_import_can_be_stopped_at_each_of_its_steps(steps, monkeypatch, at):
    goes_on = iter([each != at for each in range(4)])
    monkeypatch.setattr(jobs, "progress", lambda *_a, **_k: next(goes_on))
    before = everything()
    run_jobs()
    assert latest().state == "stopped"
    assert everything() == before


def test_a_number_that_another_gets_between_reading_and_writing_keeps_all_out(steps, monkeypatch):
    other = make_customer("王五")
    after: list[object] = []

    @contextmanager
    def meanwhile():
        make_unit(other, trade="automotive", category="car", serial=OTHER_VIN)
        after.extend(everything())
        yield

    monkeypatch.setattr(transaction, "large", meanwhile)
    run_jobs()
    assert steps.count("read") == 2
    assert latest().state == "failed"
    assert "Since the check something has changed" in str(latest().sentence)
    assert everything() == after


# Throwing away


def test_a_table_that_is_not_thrown_away_after_all_keeps_its_file(sender, files):
    sender.send([["姓名", "手机"], ["张三", "13800138000"]])
    with pytest.raises(RuntimeError), transaction.atomic():
        services.clear_imports(now=clock.now() + timedelta(days=8))
        raise RuntimeError
    assert Import.objects.count() == len(list(files.iterdir())) == 1


def test_a_table_can_be_thrown_away_and_is_cleared_after_a_week(sender, files, django_capture_on_commit_callbacks):
    sender.send([["姓名", "手机"], ["张三", ""]])
    sender.check()
    assert len(list(files.iterdir())) == 2
    with django_capture_on_commit_callbacks(execute=True):
        sender.press("discard_import")
    assert list(files.iterdir()) == []
    sender.send([["姓名", "手机"], ["张三", "13800138000"]])
    services.clear_imports(now=clock.now() + timedelta(days=6))
    assert Import.objects.count() == 1
    with django_capture_on_commit_callbacks(execute=True):
        services.clear_imports(now=clock.now() + timedelta(days=8))
    assert not Import.objects.exists()
    assert list(files.iterdir()) == []


def test_progress_is_a_part_of_the_page_for_htmx(sender):
    sender.send([["姓名", "手机"], ["张三", "13800138000"]])
    sender.press("check_import", column_0="name", column_1="phone", mode="gaps")
    part = sender.browser.get(
        reverse("exchange:import", args=[latest().token]), headers={"HX-Request": "true"}
    ).content.decode()
    assert "<html" not in part
    assert "every 1s" in part
    run_jobs()
    whole = sender.browser.get(
        reverse("exchange:import", args=[latest().token]), headers={"HX-Request": "true"}
    ).content.decode()
    assert "<html" in whole  # a whole page: the script opens it
