"""Two counters that take in the same telephone number or serial number at the same moment go one after the other.

SQLite has one writer at a time anyway. On PostgreSQL a lock on the number itself stands in, because the row that could be locked does
not exist yet. It is taken before any row is locked, telephone before serial before plate, and ends with the transaction.
"""

from __future__ import annotations

from django.db import connection

EVERYBODYS = 20262


def wait_for_turn(*names: str) -> None:
    """Hold each of these names until the act ends; whoever wants one of them waits until then."""
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock_shared(%s)", [EVERYBODYS])
        for name in names:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 20261))", [name])


def wait_for_all_turns() -> None:
    """Hold every name there is until the act ends: for an import, which writes thousands of them."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [EVERYBODYS])
