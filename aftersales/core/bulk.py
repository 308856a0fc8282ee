"""Writing thousands of rows of one table at once, for imports.

Django's `bulk_create` builds an object and a statement's text for each row; with eleven rows for each line of a table that is most of
the time. Here the values go to the database as they are: by COPY on PostgreSQL, by one prepared statement on SQLite. Constraints and
triggers hold as ever; defaults, `save()` and what else Django does for an object do not happen, so every column must be given.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from operator import attrgetter
from typing import Any

from django.db import connection, models


class JsonText(str):
    """JSON that was spelled before and goes into the database as it is."""

    __slots__ = ()


@contextmanager
def without_collecting() -> Iterator[None]:
    """Around work that makes very many objects and no circles of them: Python does not search for circles meanwhile.

    Of an import that search is a tenth; what is no longer needed is given back all the same.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def take_ids(model: type[models.Model], count: int) -> list[int]:
    """So many ids that no row of this table has or will get; within the caller's transaction."""
    if not count:
        return []
    table, column = model._meta.db_table, str(_field(model, "id").column)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)",
                [connection.ops.quote_name(table), column, count],
            )
            return [row[0] for row in cursor.fetchall()]
        # one writer at a time: nobody else can take an id until this transaction ends
        cursor.execute("SELECT COALESCE(MAX(seq), 0) FROM sqlite_sequence WHERE name = %s", [table])
        last = int(cursor.fetchone()[0])
        cursor.execute("UPDATE sqlite_sequence SET seq = %s WHERE name = %s", [last + count, table])
        if not cursor.rowcount:
            cursor.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)", [table, last + count])
    return list(range(last + 1, last + count + 1))


def insert(model: type[models.Model], names: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
    """The number of rows written; `names` are the fields (of a relation its `_id`) in the order of the values."""
    fields = [_field(model, name) for name in names]
    converters = [(place, convert) for place, field in enumerate(fields) if (convert := _converter(field))]
    values = [_converted(row, converters) for row in rows]
    if values:
        columns = ", ".join(connection.ops.quote_name(field.column) for field in fields)
        _write(connection.ops.quote_name(model._meta.db_table), columns, len(fields), values)
    return len(values)


def insert_objects(model: type[models.Model], objects: Sequence[models.Model]) -> int:
    """The number of objects written; each has its id already, see `take_ids`."""
    names = [field.attname for field in model._meta.concrete_fields]
    values = attrgetter(*names)
    return insert(model, names, map(values, objects))


def _write(table: str, columns: str, width: int, values: Sequence[Sequence[Any]]) -> None:
    with connection.cursor() as cursor, connection.wrap_database_errors:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
                for row in values:
                    copy.write_row(row)
        else:
            marks = ", ".join(["%s"] * width)
            cursor.executemany(f"INSERT INTO {table} ({columns}) VALUES ({marks})", values)  # noqa: S608 - names of our own tables


def _field(model: type[models.Model], name: str) -> Any:
    return next(field for field in model._meta.concrete_fields if name in {field.name, field.attname})


def _converted(row: Sequence[Any], converters: Sequence[tuple[int, Callable[[Any], Any]]]) -> list[Any]:
    values = list(row)
    for place, convert in converters:
        values[place] = convert(values[place])
    return values


def _converter(field: Any) -> Callable[[Any], Any] | None:
    """Makes of a value of this field what the database driver must be given; None where that is the value itself."""
    if isinstance(field, models.DateTimeField):  # thousands of rows are of the same moment
        return lru_cache(maxsize=16)(connection.ops.adapt_datetimefield_value)
    if isinstance(field, models.DateField):
        return connection.ops.adapt_datefield_value
    if isinstance(field, models.JSONField):
        return lambda value: (
            value
            if value is None or isinstance(value, JsonText)
            else connection.ops.adapt_json_value(value, field.encoder)
        )
    return None
