from __future__ import annotations

import errno
import sqlite3

import pytest
from django.db import DatabaseError, IntegrityError, InterfaceError, OperationalError, connection
from django.test import Client

from aftersales.core.models import IdempotencyKey, JournalEntry, NumberSeries
from aftersales.core.web import refusals
from tests.factories import staff as make

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _probe_pages(settings):
    settings.ROOT_URLCONF = "tests.faults.site"


@pytest.fixture
def browser(client_as):
    return client_as(make.make_person("王芳"))


@pytest.mark.parametrize(
    ("name", "status", "said"),
    [
        ("refused", 409, "Not now: first do the other thing."),
        ("invalid", 422, "Write a number."),
        ("missing", 404, "There is nothing here under that number."),
        ("404", 404, "There is no such page."),
        ("403", 403, "This was not allowed."),
        ("400", 400, "This request could not be understood."),
    ],
)
@pytest.mark.parametrize("way", ["get", "post"])
def test_a_refusal_is_a_page_with_its_sentence_and_status(browser, name, status, said, way):
    path = f"/probe/fail/{name}/" if way == "get" else f"/probe/fail-after-writing/{name}/"
    answer = getattr(browser, way)(path)
    assert answer.status_code == status
    text = answer.content.decode()
    assert text.count(said) >= 1
    assert "<h1>" in text
    assert not JournalEntry.objects.filter(kind="number").exists()
    assert not NumberSeries.objects.filter(prefix="T").exists()
    assert not IdempotencyKey.objects.exists()


@pytest.mark.parametrize("way", ["get", "post"])
def test_htmx_gets_the_refusal_as_a_part_and_not_as_a_page(browser, way):
    path = "/probe/fail/refused/" if way == "get" else "/probe/fail-after-writing/refused/"
    answer = getattr(browser, way)(path, headers={"HX-Request": "true"})
    text = answer.content.decode()
    assert answer.status_code == 409
    assert "Not now: first do the other thing." in text
    assert "data-refusal" in text
    assert "<html" not in text


def test_a_conflict_shows_both_versions_and_what_people_typed_is_escaped(browser):
    answer = browser.get("/probe/fail/conflict/")
    text = answer.content.decode()
    assert answer.status_code == 409
    assert "王芳" in text
    assert "张三" in text
    assert "&lt;b&gt;张叁&lt;/b&gt;" in text
    assert "<b>张叁" not in text


def test_a_page_of_other_duties_is_refused_and_the_permission_not_told(browser):
    answer = browser.get("/probe/forbidden/")
    assert answer.status_code == 403
    assert "Your duties do not include this." in answer.content.decode()
    assert "probe:never" not in answer.content.decode()


def test_a_refusal_is_answered_also_to_people_who_are_not_signed_in(client):
    assert client.get("/probe/fail/refused/").status_code == 409
    assert client.get("/no/such/page/").status_code == 404


def test_a_refusal_is_logged_with_its_source_and_without_what_was_typed(browser, caplog):
    browser.get("/probe/fail/invalid/")
    (line,) = [
        record.msg for record in caplog.records if isinstance(record.msg, dict) and record.msg["event"] == "refused"
    ]
    assert (line["sentence"], line["status"], line["refusal"]) == ("Write a number.", 422, "Invalid")


@pytest.mark.parametrize("method", ["get", "put", "delete", "patch"])
def test_the_wrong_method_is_a_page_that_says_what_to_do(browser, method):
    answer = getattr(browser, method)("/probe/take/")
    assert answer.status_code == 405
    assert answer["Allow"] == "POST"
    assert "only takes forms" in answer.content.decode()


@pytest.mark.parametrize("name", ["operational", "interface", "full", "quota"])
@pytest.mark.parametrize("way", ["get", "post"])
def test_a_sick_database_or_a_full_disk_is_503_with_the_cause_in_the_log(browser, caplog, name, way):
    path = f"/probe/fail/{name}/" if way == "get" else f"/probe/fail-after-writing/{name}/"
    answer = getattr(browser, way)(path)
    assert answer.status_code == 503
    assert answer["Retry-After"] == "5"
    assert answer["Content-Type"] == "text/html; charset=utf-8"
    assert "wait a little and send it again" in answer.content.decode()
    causes = [
        record.msg["cause"] for record in caplog.records if isinstance(record.msg, dict) and "cause" in record.msg
    ]
    assert len(causes) == 1
    assert causes[0] not in answer.content.decode()
    assert any(word in causes[0] for word in ("connection", "space", "quota"))
    assert not JournalEntry.objects.filter(kind="number").exists()
    assert not IdempotencyKey.objects.exists()


@pytest.mark.parametrize("name", ["bug", "no file"])
def test_a_mistake_of_ours_is_500_and_in_the_log_and_tells_nothing(browser, caplog, name):
    browser.raise_request_exception = False
    answer = browser.get(f"/probe/fail/{name}/")
    assert answer.status_code == 500
    assert "mistake of ours" not in answer.content.decode()
    assert "Traceback" not in answer.content.decode()
    assert any(record.exc_info for record in caplog.records)


def test_a_database_that_is_away_before_any_page_is_reached_is_503_too(browser, monkeypatch):
    """The session and the person are read before the view."""
    browser.raise_request_exception = False

    def gone(*_args, **_kwargs):
        raise OperationalError("connection refused")

    monkeypatch.setattr("aftersales.staff.queries.standing_of", gone)
    answer = browser.get("/probe/see/")
    assert answer.status_code == 503
    assert answer["Retry-After"] == "5"
    assert "X-Request-Id" in answer


def test_a_stale_form_is_refused_with_a_sentence():
    browser = Client(enforce_csrf_checks=True)
    answer = browser.post("/account/login/", {"login": "a", "password": "b"})
    assert answer.status_code == 403
    assert "This form has expired." in answer.content.decode()


def test_a_host_that_is_not_ours_is_refused_politely(client, settings):
    settings.ALLOWED_HOSTS = ["service.example"]
    answer = client.get("/health/", headers={"Host": "evil.example"})
    assert answer.status_code == 400
    assert "could not be understood" in answer.content.decode()


def caused(error, cause):
    try:
        raise error from cause
    except DatabaseError as raised:
        return raised


def test_a_misspelt_statement_is_a_mistake_of_ours_on_both_databases(browser):
    from django.db import transaction

    with pytest.raises(DatabaseError) as failure, transaction.atomic():
        connection.cursor().execute("SELECT * FROM no_such_table")
    assert not refusals.is_outage(failure.value)


def test_what_is_an_outage_and_what_is_not():
    class StandbyError(Exception):
        sqlstate = "25006"

    assert refusals.is_outage(OperationalError("gone"))
    assert refusals.is_outage(InterfaceError("closed"))
    assert refusals.is_outage(caused(DatabaseError("cannot execute INSERT in a read-only transaction"), StandbyError()))
    assert refusals.is_outage(caused(DatabaseError("x"), OSError(errno.ENOSPC, "full")))
    assert not refusals.is_outage(IntegrityError("duplicate"))
    assert not refusals.is_outage(ValueError("x"))
    assert not refusals.is_outage(None)
    locked = sqlite3.OperationalError("database is locked")
    locked.sqlite_errorcode = sqlite3.SQLITE_BUSY
    assert refusals.is_outage(caused(OperationalError("database is locked"), locked))
