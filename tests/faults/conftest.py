from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client

from aftersales.core.models import JournalEntry
from tests.factories import staff as make
from tests.faults import databases
from tests.faults.servers import Server

collect_ignore = (
    ["test_postgresql_stops.py"] if connection.vendor == "sqlite" else ["test_disk_full.py", "test_sqlite_locked.py"]
)
"""Each pass has the faults of its own database; what can befall both runs in both."""


def _signed_in(person):
    browser = Client()
    browser.force_login(person)
    return f"session={browser.cookies['session'].value}"


@pytest.fixture
def serve(transactional_db, tmp_path):
    """Starts a server on a database, with a person signed in, and ends it afterwards."""
    started = []

    def begin(url, *, workers=1, **environment):
        server = Server(tmp_path, url, workers=workers, **environment)
        started.append(server)
        with databases.in_use(url):
            person = make.make_person("王芳")
            server.cookie, server.unused_cookie = _signed_in(person), _signed_in(person)
        server.start()
        return server

    yield begin
    for server in started:
        server.kill()


@pytest.fixture
def copy(transactional_db, tmp_path):
    """The address of a database of one's own."""
    with databases.copied(tmp_path) as url:
        yield url


@pytest.fixture
def ledger(transactional_db):
    """What stands in a database: the note of each form and the number it was given."""

    def read(url):
        with databases.in_use(url):
            return list(JournalEntry.objects.filter(kind="number").order_by("id").values_list("note", "key"))

    return read
