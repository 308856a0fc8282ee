"""SQLite locked by a program that knows nothing of our turns, such as somebody's backup."""

from __future__ import annotations

import sqlite3

import pytest
from django.db import connection, connections

from aftersales.core.models import IdempotencyKey, JournalEntry
from tests.conftest import FormClient
from tests.factories import staff as make
from tests.faults import databases

KEY = "a-form-that-is-sent-again"


@pytest.fixture
def browser(copy, settings):
    """A person at a file database that is waited for only a moment."""
    settings.ROOT_URLCONF = "tests.faults.site"
    with databases.in_use(copy):
        options = connections.settings["default"]["OPTIONS"]
        connections.settings["default"]["OPTIONS"] = {**options, "timeout": 0.2}
        browser = FormClient()
        browser.force_login(make.make_person("王芳"))
        assert browser.post("/probe/take/", {"note": "before"}).status_code == 200
        yield browser


def test_a_lock_that_does_not_end_is_503_and_the_same_form_can_be_sent_afterwards(browser, copy, caplog):
    other = sqlite3.connect(connection.settings_dict["NAME"], isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    answer = browser.post("/probe/take/", {"note": "a"}, once=KEY)
    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
    assert [record.msg["cause"] for record in caplog.records if "cause" in record.msg] == ["database is locked"]
    assert browser.get("/probe/see/").status_code == 200  # reading goes on
    other.execute("ROLLBACK")
    other.close()
    assert (JournalEntry.objects.filter(kind="number").count(), IdempotencyKey.objects.count()) == (1, 1)
    assert browser.post("/probe/take/", {"note": "a"}, once=KEY).content == b"T-TEST-2026-000002"


def test_a_lock_on_the_whole_file_is_503_for_readers_too_and_passes(browser):
    other = sqlite3.connect(connection.settings_dict["NAME"], isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    browser.raise_request_exception = False
    answer = browser.get("/probe/see/")
    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
    assert "wait a little" in answer.content.decode()
    other.execute("ROLLBACK")
    other.close()
    assert browser.get("/probe/see/").status_code == 200
