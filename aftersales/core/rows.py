"""Small reads that every room makes."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any, TypeVar

T = TypeVar("T")


def only(rows: Iterable[T]) -> T | None:
    """The one row of a look-up that finds at most one, or None; unlike `first()` the database need not sort."""
    return next(iter(rows), None)


def facts_of(row: Any) -> dict[str, Any]:
    """Everything that stands in a row, column by column, as JSON keeps it."""
    return {field.attname: _plain(getattr(row, field.attname)) for field in row._meta.concrete_fields}


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    return value if isinstance(value, (str, int, bool, list, dict, type(None))) else str(value)
