from __future__ import annotations

import json
import sqlite3

import pytest
from django.db import OperationalError, connection

from aftersales.config.databases import database_settings

pytestmark = pytest.mark.django_db


def test_it_says_that_the_database_answers_and_which_one_it_is(client):
    answer = client.get("/health/")
    assert answer.status_code == 200
    assert answer.json()["status"] == "ok"
    assert answer.json()["database"] == connection.vendor


def test_it_tells_visitors_nothing_about_people_or_places(client, tmp_path):
    counts = {"workers", "jobs_parked", "messages_waiting", "messages_parked", "daily_reports_missed"}
    facts = client.get("/health/").json()
    assert set(facts) <= {"status", "database", "sqlite", "journal", "keeps_commits"} | counts
    assert {facts[each] for each in counts} == {0}


def test_it_is_503_when_the_database_does_not_answer(client, monkeypatch):
    class Gone:
        def cursor(self):
            raise OperationalError("connection refused")

    monkeypatch.setattr("aftersales.config.views.connection", Gone())
    answer = client.get("/health/")
    assert answer.status_code == 503
    assert answer["Retry-After"] == "5"


def test_a_visitor_may_ask_without_a_session_being_made(client):
    answer = client.get("/health/")
    assert not answer.cookies


@pytest.fixture
def on_file(tmp_path):
    """How the health page sees a real file opened in this way."""
    from django.db.backends.sqlite3.base import DatabaseWrapper

    from aftersales.config import views

    made = []

    def look(monkeypatch, init_command=None):
        settings = {**connection.settings_dict, **database_settings(f"sqlite:///{tmp_path}/shop.sqlite3", tmp_path)}
        if init_command:
            settings["OPTIONS"] = {**settings["OPTIONS"], "init_command": init_command}
        made.append(DatabaseWrapper(settings, "default"))
        monkeypatch.setattr(views, "connection", made[-1])
        return json.loads(views.health(None).content)

    yield look
    for each in made:
        each.close()


def test_on_sqlite_it_says_what_is_in_force_and_that_commits_are_kept(on_file, monkeypatch):
    facts = on_file(monkeypatch)
    assert facts["sqlite"] == sqlite3.sqlite_version
    assert facts["journal"] in {"truncate", "wal"}
    assert facts["keeps_commits"] is True


@pytest.mark.parametrize("pragmas", ["PRAGMA synchronous=NORMAL", "PRAGMA synchronous=OFF"])
def test_it_does_not_hide_that_commits_could_be_lost(on_file, monkeypatch, pragmas):
    assert on_file(monkeypatch, pragmas)["keeps_commits"] is False


def test_a_write_ahead_log_is_safe_only_with_an_sqlite_that_has_the_fix(on_file, monkeypatch):
    pragmas = "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL"
    monkeypatch.setattr(sqlite3, "sqlite_version_info", (3, 51, 2))
    assert on_file(monkeypatch, pragmas)["keeps_commits"] is False
    monkeypatch.setattr(sqlite3, "sqlite_version_info", (3, 51, 3))
    assert on_file(monkeypatch, pragmas)["keeps_commits"] is True
