"""One transaction per act, decided once for the whole house.

On PostgreSQL an act is an ordinary transaction. On SQLite only one writer can work at a time, and waiting writers are not
served in turn: under load some starve for a second and more. So the outermost act there first takes a file lock, which the
operating system hands out fairly, and only then begins its immediate transaction. Inner acts are savepoints.
"""

from __future__ import annotations

import fcntl
import functools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import ParamSpec, TypeVar

from django.db import connection, transaction

P = ParamSpec("P")
R = TypeVar("R")


def act(service: Callable[P, R]) -> Callable[P, R]:
    """Run `service` as one act: all of it is written, or nothing."""

    @functools.wraps(service)
    def whole(*args: P.args, **kwargs: P.kwargs) -> R:
        with atomic():
            return service(*args, **kwargs)

    return whole


@contextmanager
def atomic() -> Iterator[None]:
    """A transaction (or savepoint within one) in which writers take fair turns."""
    if connection.in_atomic_block:
        with transaction.atomic():
            yield
        return
    with _writers_turn(), transaction.atomic():
        yield


@contextmanager
def large() -> Iterator[None]:
    """Around an act that writes very much: while it lasts, others may go on reading.

    SQLite without WAL would shut readers out as soon as the changed pages no longer fit its cache; so here the cache grows instead.
    With WAL it may set them aside in its log, which hinders nobody, and the cache stays as small as ever.
    """
    if connection.vendor != "sqlite" or _has_wal():
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA cache_spill=OFF")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA cache_spill=ON")


def undo_all() -> None:
    """Mark the running transaction as one that must be rolled back when it ends."""
    if connection.in_atomic_block:
        transaction.set_rollback(True)


def _has_wal() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA journal_mode")
        return bool(cursor.fetchone()[0] == "wal")


@contextmanager
def _writers_turn() -> Iterator[None]:
    path = _lock_path()
    if path is None:
        yield
        return
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _lock_path() -> Path | None:
    name = str(connection.settings_dict["NAME"])
    if connection.vendor != "sqlite" or ":memory:" in name or "mode=memory" in name:
        return None
    return Path(f"{name}.turn")
