"""What every test may ask for."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client, TransactionTestCase
from hypothesis import HealthCheck, settings as hypothesis

from aftersales.core.actor import Actor
from aftersales.staff import queries as staff
from tests.factories.staff import NOW
from tests.faults import databases

# A busy machine makes inputs slowly; that is no fault of the code under test.
hypothesis.register_profile("house", deadline=None, suppress_health_check=[HealthCheck.too_slow])
hypothesis.load_profile("house")


@pytest.fixture
def now() -> datetime:
    """An ordinary working morning."""
    return NOW


class FormClient(Client):
    """A browser that, like our pages, sends a one-time key with every form."""

    sent = 0

    def post(self, path: str, data: Any = None, *args: Any, once: str | None = None, **kwargs: Any) -> Any:
        """Send a form; `once` names its key, otherwise each form has its own."""
        FormClient.sent += 1
        if data is None or isinstance(data, dict):
            data = {"_once": once or f"test-form-number-{FormClient.sent:08d}", **(data or {})}
        return super().post(path, data, *args, **kwargs)


@pytest.fixture
def client() -> FormClient:
    """A browser nobody has signed in with."""
    return FormClient()


@pytest.fixture
def client_as() -> Callable[[Any], FormClient]:
    """A browser in which the given person is signed in."""

    def sign_in(person: Any) -> FormClient:
        browser = FormClient()
        browser.force_login(person)
        return browser

    return sign_in


@pytest.fixture
def actor_of() -> Callable[[Any], Actor]:
    """The actor that a person's duties make."""

    def act_as(person: Any, at: datetime = NOW) -> Actor:
        return staff.actor_for(person, now=at)

    return act_as


@pytest.fixture(autouse=True, scope="session")
def journal_gives_way_between_tests() -> None:
    """Let tests that really commit empty the tables afterwards, which the triggers of what stays rightly refuse."""
    protecting = [
        importlib.import_module(name)
        for name in (
            "aftersales.core.migrations.0006_journal_may_be_blanked",
            "aftersales.policies.migrations.0002_what_was_approved_stays",
            "aftersales.billing.migrations.0002_entries_stay",
            "aftersales.warehouse.migrations.0002_what_moved_stays",
        )
    ]
    empty = TransactionTestCase._fixture_teardown

    def empty_unprotected(case: TransactionTestCase) -> None:
        with connection.schema_editor() as editor:
            for each in protecting:
                each.unprotect(None, editor)
        try:
            empty(case)
        finally:
            with connection.schema_editor() as editor:
                for each in protecting:
                    each.protect(None, editor)

    TransactionTestCase._fixture_teardown = empty_unprotected  # type: ignore[method-assign]


@pytest.fixture(scope="session")
def _kept_copy(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: Any) -> Iterator[str]:
    """On PostgreSQL copying takes a second, so one copy serves all tests, which leave it empty."""
    with django_db_blocker.unblock(), databases.copied(tmp_path_factory.mktemp("shared")) as url:
        yield url


@pytest.fixture
def shared_database(request: Any, transactional_db: None, tmp_path: Path) -> Iterator[str]:
    """A database that threads share as in production; what is written in it stays written."""
    if connection.vendor == "postgresql":
        url = request.getfixturevalue("_kept_copy")
        with databases.in_use(url):
            yield url
            databases.empty()
        return
    with databases.copied(tmp_path) as url, databases.in_use(url):
        yield url
