"""The floor of a request: the very statements it ran, run again by the plain driver with the same durability.

A copy of the database is made before the measured requests; their statements are recorded with their parameters and
replayed on the copy, each request's writes in one transaction. What a request takes above that is ours.
"""

from __future__ import annotations

import shutil
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
from django.db import connection
from django.db.backends.sqlite3._functions import register as register_functions
from django.db.backends.sqlite3.base import FORMAT_QMARK_REGEX

from aftersales.config.databases import sqlite_pragmas

Statement = tuple[str, Any]
CONTROL = ("SAVEPOINT", "RELEASE", "ROLLBACK TO", "BEGIN", "COMMIT")


@dataclass
class Recorder:
    """The statements of each measured request."""

    requests: list[list[Statement]] = field(default_factory=list)

    @contextmanager
    def one_request(self) -> Iterator[None]:
        """Record what runs inside as one request."""
        statements: list[Statement] = []

        def record(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:  # noqa: FBT001
            if not sql.startswith(CONTROL):
                statements.append((sql, params))
            return execute(sql, params, many, context)

        with connection.execute_wrapper(record):
            yield
        self.requests.append(statements)


def copy_database(folder: Path) -> Any:
    """A plain-driver connection to a copy of the present database."""
    settings = connection.settings_dict
    if connection.vendor == "sqlite":
        connection.close()
        copy = folder / "floor.sqlite3"
        shutil.copyfile(settings["NAME"], copy)
        plain = sqlite3.connect(copy, isolation_level=None, timeout=20)
        plain.executescript(sqlite_pragmas())
        register_functions(plain)
        return plain
    connection.close()
    where = {
        "host": settings["HOST"],
        "port": settings["PORT"] or 5432,
        "user": settings["USER"],
        "password": settings["PASSWORD"],
    }
    with psycopg.connect(dbname="postgres", autocommit=True, **where) as server:
        server.execute("DROP DATABASE IF EXISTS aftersales_floor")
        server.execute(f'CREATE DATABASE aftersales_floor TEMPLATE "{settings["NAME"]}"')
    return psycopg.connect(dbname="aftersales_floor", autocommit=True, **where)


def replay(plain: Any, requests: list[list[Statement]], *, writes: bool) -> list[float]:
    """Seconds that each request's statements take by the plain driver."""
    is_sqlite = isinstance(plain, sqlite3.Connection)
    begin = "BEGIN IMMEDIATE" if is_sqlite else "BEGIN"
    seconds = []
    for statements in requests:
        prepared = [(_qmark(sql) if is_sqlite else sql, params) for sql, params in statements]
        started = time.perf_counter()
        cursor = plain.cursor()
        if writes:
            cursor.execute(begin)
        for sql, params in prepared:
            cursor.execute(sql, params or ())
            if is_sqlite or cursor.description is not None:
                cursor.fetchall()
        if writes:
            cursor.execute("COMMIT")
        seconds.append(time.perf_counter() - started)
    return seconds


def _qmark(sql: str) -> str:
    return FORMAT_QMARK_REGEX.sub("?", sql).replace("%%", "%")
