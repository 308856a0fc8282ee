"""What SQLite keeps in memory while very much is written. PostgreSQL has no such cache of ours: this file is not collected there."""

from __future__ import annotations

import pytest
from django.db import connection

from aftersales.core import transaction


@pytest.mark.parametrize("journal", ["truncate", "wal"])
def test_a_large_act_keeps_its_pages_in_memory_only_where_readers_would_be_shut_out(shared_database, journal):
    def asked(pragma):
        with connection.cursor() as cursor:
            cursor.execute(f"PRAGMA {pragma}")
            return cursor.fetchone()[0]

    assert asked(f"journal_mode={journal}") == journal
    before = asked("cache_spill")
    assert before > 0
    with transaction.large(), transaction.atomic():
        assert (asked("cache_spill") == 0) == (journal == "truncate")
    assert asked("cache_spill") > 0
