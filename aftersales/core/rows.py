"""Small reads that every room makes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

T = TypeVar("T")


def only(rows: Iterable[T]) -> T | None:
    """The one row of a look-up that finds at most one, or None; unlike `first()` the database need not sort."""
    return next(iter(rows), None)
