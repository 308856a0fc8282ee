"""Databases that several threads or processes use at once, made from the test database's tables in a moment.

On SQLite it is a real file, opened with the product's own options; on PostgreSQL a database of its own beside the test
database. Nothing is rolled back in it, and it is thrown away afterwards.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from django.db import connection, connections

from aftersales.config.databases import database_settings

_numbers = count(1)


@contextmanager
def copied(folder: Path) -> Iterator[str]:
    """The address of an own copy of the test database; none of its users may be connected when it ends."""
    if connection.vendor == "sqlite":
        path = folder / "copy.sqlite3"
        connection.ensure_connection()
        with sqlite3.connect(path) as copy:
            connection.connection.backup(copy)
        copy.close()
        yield f"sqlite:///{path}"
        return
    template = connection.settings_dict["NAME"]
    name = f"{template}_copy{next(_numbers)}"
    _aside(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)', f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    yield _url(name)
    _aside(f'DROP DATABASE "{name}" WITH (FORCE)')


@contextmanager
def in_use(url: str) -> Iterator[None]:
    """Within, this process and all its threads work on the database at `url` instead of the test database."""
    known = connections.settings["default"]
    before, standing = dict(known), connections["default"]
    known.update(database_settings(url, Path()))
    del connections["default"]
    try:
        yield
    finally:
        connections["default"].close()
        known.update(before)
        connections["default"] = standing


def empty() -> None:
    """Remove what a test wrote into a PostgreSQL copy, in whatever room."""
    kept = {"django_migrations", "django_content_type"}
    tables = ", ".join(f'"{each}"' for each in connection.introspection.table_names() if each not in kept)
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE core_journalentry DISABLE TRIGGER journal_no_truncate")
        cursor.execute(f"TRUNCATE {tables} CASCADE")
        cursor.execute("ALTER TABLE core_journalentry ENABLE TRIGGER journal_no_truncate")


def at_once(*acts: Callable[[], Any], patience: float = 60) -> list[Any]:
    """What each act gave or raised; all begin at the same moment, each in a thread with a connection of its own."""
    start = threading.Barrier(len(acts))
    results: list[Any] = [None] * len(acts)

    def run(place: int, act: Callable[[], Any]) -> None:
        try:
            start.wait(timeout=patience)
            results[place] = act()
        except BaseException as error:  # noqa: BLE001 - the test looks at whatever came out
            results[place] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=each, daemon=True) for each in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=patience)
        assert not thread.is_alive(), "a writer never came to an end"
    return results


def _url(name: str) -> str:
    known = connection.settings_dict
    place = {"host": known["HOST"], "port": known["PORT"], **known["OPTIONS"]}
    query = urlencode({each: value for each, value in place.items() if value})
    return f"postgresql://{quote(known['USER'])}:{quote(known['PASSWORD'])}@/{name}?{query}"


def _aside(*statements: str) -> None:
    """Run statements while nobody is in the test database, which PostgreSQL wants of a template."""
    connection.close()
    with connection._nodb_cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
