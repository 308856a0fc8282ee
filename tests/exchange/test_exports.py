from __future__ import annotations

import csv
import io
from datetime import datetime, timedelta

import openpyxl
import pytest
from django.urls import reverse
from django.utils import timezone

from aftersales.core import access, clock, jobs, journal
from aftersales.core.models import JournalEntry
from aftersales.core.sheets import shelf
from aftersales.exchange import services
from aftersales.exchange.models import Export
from aftersales.exchange.queries import lists
from aftersales.exchange.rules import exports as rules
from tests.factories import workshop as make_workshop
from tests.factories.catalog import make_categories
from tests.factories.customers import make_customer, make_unit
from tests.factories.staff import make_manager, make_person

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    (tmp_path / "sheets").mkdir()
    return tmp_path / "sheets"


@pytest.fixture
def clerk(client_as):
    return client_as(make_person("小周", duty="data_clerk", now=clock.now()))


@pytest.fixture
def supervisor(client_as):
    return client_as(make_person("陈主任", duty="reception_supervisor", now=clock.now()))


def ask(browser, code="customers:customers", query="", form="xlsx", **more):
    return browser.post(reverse("exchange:make_export"), {"code": code, "query": query, "form": form, **more})


def content(answer, browser):
    assert answer.status_code == 302, answer.content.decode()[:500]
    return b"".join(browser.get(answer["Location"]).streaming_content)


def sheet(data):
    return [[cell.value for cell in row] for row in openpyxl.load_workbook(io.BytesIO(data)).active.iter_rows()]


def rows(answer, browser):
    return sheet(content(answer, browser))


def column(table, head):
    return [row[table[0].index(head)] for row in table[1:]]


def run_jobs():
    while jobs.run_next(clock.now(), worker_id="w1"):
        pass


def test_a_short_list_is_there_at_once_as_filtered_and_sorted(clerk):
    for name, grade in (("李四", "key"), ("张三", "key"), ("王五", "ordinary")):
        make_customer(name, grade=grade)
    table = rows(ask(clerk, query="grade=key&sort=name&page=7"), clerk)
    assert column(table, "Name") == ["张三", "李四"]
    assert column(table, "Grade") == ["Key customer"] * 2


def test_another_stations_rows_are_not_exported(clerk):
    make_customer("远方", station="SZ")
    make_customer("近处")
    assert column(rows(ask(clerk), clerk), "Name") == ["近处"]


def test_telephones_are_masked_as_in_the_list(clerk):
    make_customer("张三", phone="13800138000")
    table = rows(ask(clerk), clerk)
    assert column(table, "Telephone") == ["138****8000"]


def test_who_may_not_uncover_contacts_cannot_export_them_either(clerk):
    make_customer("张三", phone="13800138000")
    answer = ask(clerk, is_uncovered="on")
    assert answer.status_code == 403
    assert not Export.objects.exists()


def test_who_may_uncover_contacts_gets_them_when_asked_and_the_journal_says_so(supervisor):
    make_customer("张三", phone="13800138000")
    assert column(rows(ask(supervisor), supervisor), "Telephone") == ["138****8000"]
    assert column(rows(ask(supervisor, is_uncovered="on"), supervisor), "Telephone") == ["13800138000"]
    entries = journal.entries_of("list", "customers:customers")
    assert [entry.after["in_full"] for entry in entries] == [True, False]


def test_the_journal_knows_who_exported_which_list_how_filtered_and_how_many_rows(clerk):
    make_customer("张三", grade="key")
    ask(clerk, query="grade=key", form="csv")
    (entry,) = journal.entries_of("list", "customers:customers")
    assert entry.actor_name == "小周"
    assert entry.act == "export"
    assert entry.after == {"filter": "grade=key", "form": "csv", "rows": 1, "in_full": False}


def test_a_technician_may_not_export(client_as):
    make_customer("张三")
    browser = client_as(make_person(duty="technician", now=clock.now()))
    assert ask(browser).status_code == 403
    assert "c-export" not in browser.get(reverse("customers:customers")).content.decode()
    assert not Export.objects.exists()
    assert not JournalEntry.objects.filter(act="export").exists()


def test_a_list_that_one_may_not_see_cannot_be_exported_either(clerk):
    answer = ask(clerk, code="staff:people")
    assert answer.status_code == 403
    assert ask(clerk, code="nonsense").status_code == 404
    assert ask(clerk, form="pdf").status_code == 422
    assert not Export.objects.exists()


def test_csv_opens_in_excel_and_no_cell_of_it_runs(clerk):
    make_customer('=HYPERLINK("http://x")')
    text = content(ask(clerk, form="csv"), clerk)
    assert text.startswith(b"\xef\xbb\xbf")
    table = list(csv.reader(io.StringIO(text.decode("utf-8-sig"))))
    assert column(table, "Name") == ['\'=HYPERLINK("http://x")']


def test_nobody_else_can_fetch_the_file_not_even_the_manager(clerk, client_as):
    make_customer("张三")
    address = ask(clerk)["Location"]
    other = client_as(make_manager(now=clock.now()))
    assert clerk.get(address).status_code == 200
    assert other.get(address).status_code == 404
    token = Export.objects.get().token
    assert other.get(reverse("exchange:export", args=[token])).status_code == 404
    assert other.post(reverse("exchange:stop_export", args=[token])).status_code == 404


def test_the_file_can_be_fetched_for_a_day_and_is_then_gone(clerk, files, django_capture_on_commit_callbacks):
    make_customer("张三")
    address = ask(clerk)["Location"]
    assert len(list(files.iterdir())) == 1
    services.clear_exports(now=clock.now() + timedelta(hours=23))
    assert clerk.get(address).status_code == 200
    with django_capture_on_commit_callbacks(execute=True):
        services.clear_exports(now=clock.now() + timedelta(hours=25))
    assert clerk.get(address).status_code == 404
    assert list(files.iterdir()) == []
    assert not Export.objects.exists()


def test_a_double_click_makes_one_export(clerk):
    make_customer("张三")
    data = {"code": "customers:customers", "query": "", "form": "xlsx"}
    answers = [clerk.post(reverse("exchange:make_export"), data, once="the-very-same-key-000") for _each in range(2)]
    assert answers[0]["Location"] == answers[1]["Location"]
    assert Export.objects.count() == 1
    assert len(journal.entries_of("list", "customers:customers")) == 1


def test_a_long_list_is_made_by_the_worker_and_its_page_watches(clerk, monkeypatch):
    monkeypatch.setattr(rules, "SMALL", 2)
    monkeypatch.setattr(lists, "BATCH", 2)
    for number in range(5):
        make_customer(f"客户{number}")
    answer = ask(clerk)
    export = Export.objects.get()
    assert answer["Location"] == reverse("exchange:export", args=[export.token])
    page = clerk.get(answer["Location"]).content.decode()
    assert "Waits for the worker" in page
    assert clerk.get(reverse("exchange:export_file", args=[export.token])).status_code == 302
    run_jobs()
    export.refresh_from_db()
    assert (export.state, export.rows) == ("ready", 5)
    part = clerk.get(answer["Location"], headers={"HX-Request": "true"}).content.decode()
    assert "5 rows" in part
    assert "<html" not in part
    file = b"".join(clerk.get(reverse("exchange:export_file", args=[export.token])).streaming_content)
    assert column(sheet(file), "Name") == [f"客户{number}" for number in (4, 3, 2, 1, 0)]
    assert clerk.get(reverse("exchange:exports")).content.decode().count(export.name) == 1


def test_a_long_export_can_be_stopped_and_leaves_nothing(clerk, monkeypatch, files):
    monkeypatch.setattr(rules, "SMALL", 2)
    for number in range(5):
        make_customer(f"客户{number}")
    ask(clerk)
    export = Export.objects.get()
    clerk.post(reverse("exchange:stop_export", args=[export.token]))
    run_jobs()
    export.refresh_from_db()
    assert export.state == "stopped"
    assert list(files.iterdir()) == []
    assert not JournalEntry.objects.filter(act="export").exists()
    assert "was stopped" in clerk.get(reverse("exchange:export", args=[export.token])).content.decode()


def test_who_lost_the_duty_meanwhile_gets_no_file(clerk, monkeypatch, files):
    monkeypatch.setattr(rules, "SMALL", 0)
    make_customer("张三")
    ask(clerk)
    export = Export.objects.get()
    Export.objects.update(person_id=make_person(duty="technician", now=clock.now()).pk)
    run_jobs()
    export.refresh_from_db()
    assert export.state == "failed"
    assert (
        "Your duties do not include this" in clerk.get(reverse("exchange:export", args=[export.token])).content.decode()
    )
    assert list(files.iterdir()) == []


def test_only_three_long_exports_of_one_person_are_made_at_once(clerk, monkeypatch):
    monkeypatch.setattr(rules, "SMALL", 0)
    make_customer("张三")
    assert [ask(clerk).status_code for _each in range(4)] == [302, 302, 302, 409]
    assert Export.objects.count() == 3


def test_the_worker_writes_in_the_language_and_on_the_clock_of_who_asked(clerk, monkeypatch):
    monkeypatch.setattr(rules, "SMALL", 0)
    make_customer("张三")  # on a Monday, one o'clock in the morning UTC
    clerk.defaults["HTTP_ACCEPT_LANGUAGE"] = "zh-hans"
    ask(clerk)
    with timezone.override("UTC"):
        run_jobs()
    export = Export.objects.get()
    assert export.name.startswith("客户-")
    table = sheet(shelf.path_of(export.token).read_bytes())
    assert column(table, "名称") == ["张三"]
    assert column(table, "建档") == [datetime(2026, 11, 23, 9, 0)]


def test_every_declared_list_can_be_exported_by_the_manager_in_both_forms(client_as):
    now = clock.now()
    make_categories()
    house = make_workshop.make_house(now=now)
    make_workshop.receive(house, now=now)
    make_unit(make_customer("张三"))
    browser = client_as(make_manager(now=now))
    browser.get(reverse("customers:customers"))  # the addresses are known, and with them every declaration
    known = {permission.code for permission in access.permissions()}
    queries = {"deadlines:special_days": "calendar=CN&year=2026"}
    assert len(lists._lists) >= 14
    for code, declared in lists._lists.items():
        assert {str(declared.needs), str(declared.uncovers or declared.needs)} <= known
        for form in rules.Form:
            answer = ask(browser, code=code, query=queries.get(code, ""), form=form)
            assert len(content(answer, browser)) > 10, code


@pytest.mark.parametrize(
    "name",
    [
        "workshop:orders", "workshop:past_repairs", "workshop:work_by_category", "workshop:quality", "customers:customers",
        "customers:units", "customers:duplicate_customers", "customers:duplicate_units", "catalog:models",
        "catalog:operations", "catalog:parts", "catalog:manufacturers", "staff:people", "staff:stations", "deadlines:calendars",
    ],
)  # fmt: skip
def test_every_list_page_carries_its_button(client_as, name):
    browser = client_as(make_manager(now=clock.now()))
    page = browser.get(reverse(name) + "?q=abc&page=2").content.decode()
    assert f'name="code" value="{name}"' in page
    assert 'name="query" value="q=abc"' in page
