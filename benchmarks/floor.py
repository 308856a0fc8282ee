"""The floor of a request: the very statements it ran, run again by the plain driver with the same durability.

A copy of the database is made before the first write; from then on it follows in step: each request's statements are recorded
with their parameters and replayed on the copy, a write's in one transaction. Reads are replayed where they ran.
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

from django.db import connection
from django.db.backends.sqlite3._functions import register as register_functions
from django.db.backends.sqlite3.base import FORMAT_QMARK_REGEX

from aftersales.config.databases import sqlite_pragmas
from benchmarks.databases import plain_postgresql

Statement = tuple[str, Any]
CONTROL = ("SAVEPOINT", "RELEASE", "ROLLBACK TO", "BEGIN", "COMMIT")
FLOOR = "bench_floor"


@dataclass
class Request:
    """What one request asked of the database, and how long the answers took to come."""

    statements: list[Statement] = field(default_factory=list)
    seconds: float = 0.0


@contextmanager
def recorded() -> Iterator[Request]:
    """Record what runs inside as one request."""
    request = Request()

    def record(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:  # noqa: FBT001
        if not sql.startswith(CONTROL):
            request.statements.append((sql, params))
        started = time.perf_counter()
        try:
            return execute(sql, params, many, context)
        finally:
            request.seconds += time.perf_counter() - started

    with connection.execute_wrapper(record), _timed_commit(request):
        yield request


@contextmanager
def _timed_commit(request: Request) -> Iterator[None]:
    commit = connection._commit  # noqa: SLF001 - Django names no other place

    def timed() -> None:
        started = time.perf_counter()
        commit()
        request.seconds += time.perf_counter() - started

    connection._commit = timed  # type: ignore[method-assign]  # noqa: SLF001
    try:
        yield
    finally:
        connection._commit = commit  # type: ignore[method-assign]  # noqa: SLF001


def same_database() -> Any:
    """A plain-driver connection to the database at hand, for reads."""
    if connection.vendor == "sqlite":
        return _open(Path(connection.settings_dict["NAME"]))
    return plain_postgresql()


@contextmanager
def copied_database(folder: Path) -> Iterator[Any]:
    """A plain-driver connection to a copy of the present database, for writes; the copy goes when it ends."""
    name = connection.settings_dict["NAME"]
    connection.close()
    if connection.vendor == "sqlite":
        copy = folder / "floor.sqlite3"
        shutil.copyfile(name, copy)
        plain: Any = _open(copy)
        try:
            yield plain
        finally:
            plain.close()
            copy.unlink()
        return
    with plain_postgresql("postgres") as server:
        server.execute(f"DROP DATABASE IF EXISTS {FLOOR} WITH (FORCE)")
        server.execute(f'CREATE DATABASE {FLOOR} TEMPLATE "{name}"')
        plain = plain_postgresql(FLOOR)
        try:
            yield plain
        finally:
            plain.close()
            server.execute(f"DROP DATABASE {FLOOR} WITH (FORCE)")


def _open(path: Path) -> sqlite3.Connection:
    plain = sqlite3.connect(path, isolation_level=None, timeout=20)
    plain.executescript(sqlite_pragmas())
    register_functions(plain)
    return plain


def replay(plain: Any, request: Request, *, writes: bool) -> float:
    """Seconds that the request's statements take by the plain driver."""
    is_sqlite = isinstance(plain, sqlite3.Connection)
    prepared = [(sqlite_words(sql) if is_sqlite else sql, params or ()) for sql, params in request.statements]
    cursor = plain.cursor()
    started = time.perf_counter()
    if writes:
        cursor.execute("BEGIN IMMEDIATE" if is_sqlite else "BEGIN")
    for sql, params in prepared:
        cursor.execute(sql, params)
        if is_sqlite or cursor.description is not None:
            cursor.fetchall()
    if writes:
        cursor.execute("COMMIT")
    return time.perf_counter() - started


def sqlite_words(sql: str) -> str:
    """The statement with the marks for parameters that SQLite takes."""
    return FORMAT_QMARK_REGEX.sub("?", sql).replace("%%", "%")
