from __future__ import annotations

import pytest
from django.db import connection

from tests.faults import databases


@pytest.fixture(scope="session")
def _kept_copy(django_db_setup, django_db_blocker, tmp_path_factory):
    """On PostgreSQL copying takes a second, so one copy serves all tests, which leave it empty."""
    with django_db_blocker.unblock(), databases.copied(tmp_path_factory.mktemp("shared")) as url:
        yield url


@pytest.fixture
def shared_database(request, transactional_db, tmp_path):
    """A database that threads share as in production; what is written in it stays written."""
    if connection.vendor == "postgresql":
        url = request.getfixturevalue("_kept_copy")
        with databases.in_use(url):
            yield url
            databases.empty()
        return
    with databases.copied(tmp_path) as url, databases.in_use(url):
        yield url
