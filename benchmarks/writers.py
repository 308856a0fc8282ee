"""Rows by the plain driver, many at once: indexes and triggers are set aside meanwhile and made anew at the end."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Protocol

import psycopg
from django.db import connection

Row = list[Any]
ESCAPED = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


class Writer(Protocol):
    """What both databases can do."""

    def read(self, table: str, columns: Sequence[str]) -> list[Row]:
        """All rows of a table by id, as they have to be written."""

    def write(self, table: str, columns: Sequence[str], rows: list[Row]) -> None:
        """Add the rows."""

    def id_text(self, number: int) -> Any:
        """An id as it has to be written."""

    def as_id(self, key: str) -> Any:
        """A journal's key as the id it was read as."""

    def note_series(self, prefix: str, scope: str, year: int, last: int) -> None:
        """Let a number series go on behind `last`."""


@contextmanager
def writer() -> Iterator[Writer]:
    """The database at hand, ready for many rows."""
    if connection.vendor == "sqlite":
        yield from _sqlite()
    else:
        yield from _postgresql()


class _Sqlite:
    def __init__(self, plain: sqlite3.Connection) -> None:
        self.plain = plain

    def read(self, table: str, columns: Sequence[str]) -> list[Row]:
        names = ", ".join(f'"{name}"' for name in columns)
        return [list(row) for row in self.plain.execute(f'SELECT {names} FROM "{table}" ORDER BY id')]

    def write(self, table: str, columns: Sequence[str], rows: list[Row]) -> None:
        names = ", ".join(f'"{name}"' for name in columns)
        marks = ", ".join("?" * len(columns))
        self.plain.executemany(f'INSERT INTO "{table}" ({names}) VALUES ({marks})', rows)

    def id_text(self, number: int) -> Any:
        return number

    def as_id(self, key: str) -> Any:
        return int(key) if key.isdigit() else None

    def note_series(self, prefix: str, scope: str, year: int, last: int) -> None:
        self.plain.execute(
            "INSERT INTO core_numberseries (prefix, scope, year, last) VALUES (?, ?, ?, ?)"
            " ON CONFLICT (prefix, scope, year) DO UPDATE SET last = excluded.last",
            (prefix, scope, year, last),
        )


def _sqlite() -> Iterator[Writer]:
    path = connection.settings_dict["NAME"]
    connection.close()
    plain = sqlite3.connect(path, isolation_level=None)
    plain.executescript("PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA cache_size=-400000;")
    aside = plain.execute(
        "SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL AND"
        " ((type = 'index' AND sql NOT LIKE 'CREATE UNIQUE%') OR (type = 'trigger' AND name LIKE 'search_entry%'))"
    ).fetchall()
    for kind, name, _sql in aside:
        plain.execute(f'DROP {kind} "{name}"')
    plain.execute("BEGIN")
    yield _Sqlite(plain)
    plain.execute("COMMIT")
    for _kind, _name, sql in aside:
        plain.execute(sql)
    plain.execute("INSERT INTO core_search_words(core_search_words) VALUES ('rebuild')")
    plain.execute("ANALYZE")
    plain.close()


class _Postgresql:
    def __init__(self, plain: psycopg.Connection[Any]) -> None:
        self.plain = plain

    def read(self, table: str, columns: Sequence[str]) -> list[Row]:
        names = ", ".join(f'"{name}"::text' for name in columns)
        found = self.plain.execute(f'SELECT {names} FROM "{table}" ORDER BY id')  # type: ignore[call-overload]
        return [list(row) for row in found]

    def write(self, table: str, columns: Sequence[str], rows: list[Row]) -> None:
        names = ", ".join(f'"{name}"' for name in columns)
        lines = "".join(
            "\t".join("\\N" if value is None else value.translate(ESCAPED) for value in row) + "\n" for row in rows
        )
        with self.plain.cursor().copy(f'COPY "{table}" ({names}) FROM STDIN') as copy:  # type: ignore[call-overload]
            copy.write(lines)

    def id_text(self, number: int) -> Any:
        return str(number)

    def as_id(self, key: str) -> Any:
        return key

    def note_series(self, prefix: str, scope: str, year: int, last: int) -> None:
        self.plain.execute(
            "INSERT INTO core_numberseries (prefix, scope, year, last) VALUES (%s, %s, %s, %s)"
            " ON CONFLICT (prefix, scope, year) DO UPDATE SET last = excluded.last",
            (prefix, scope, year, last),
        )


def _postgresql() -> Iterator[Writer]:
    from benchmarks.databases import plain_postgresql

    with plain_postgresql() as plain:
        plain.execute("SET session_replication_role = replica")
        plain.execute("SET maintenance_work_mem = '1GB'")
        aside = plain.execute(
            "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' AND indexdef NOT LIKE 'CREATE UNIQUE%'"
        ).fetchall()
        for name, _sql in aside:
            plain.execute(f'DROP INDEX "{name}"')
        yield _Postgresql(plain)
        for _name, sql in aside:
            plain.execute(sql)
        plain.execute("VACUUM ANALYZE")
