"""The database itself refuses to change or delete a journal entry, whoever asks."""

from __future__ import annotations

from typing import Any

from django.db import migrations

POSTGRESQL_FUNCTION = """
    CREATE OR REPLACE FUNCTION journal_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION 'the journal cannot be changed' USING ERRCODE = 'integrity_constraint_violation'; END $$
"""


# SQLite's INSERT OR REPLACE deletes the old row without asking the DELETE trigger: an id that is taken is refused, too.
SQLITE_EVENTS = {
    "update": "UPDATE ON core_journalentry",
    "delete": "DELETE ON core_journalentry",
    "replace": "INSERT ON core_journalentry WHEN new.id IN (SELECT id FROM core_journalentry)",
}
# TRUNCATE touches no rows, so it has a trigger of its own.
POSTGRESQL_EVENTS = {
    "journal_no_change": "UPDATE OR DELETE ON core_journalentry FOR EACH ROW",
    "journal_no_truncate": "TRUNCATE ON core_journalentry FOR EACH STATEMENT",
}


def protect(apps: Any, schema_editor: Any) -> None:
    if schema_editor.connection.vendor == "sqlite":
        for name, event in SQLITE_EVENTS.items():
            schema_editor.execute(
                f"CREATE TRIGGER journal_no_{name} BEFORE {event} "
                "BEGIN SELECT RAISE(ABORT, 'the journal cannot be changed'); END"
            )
        return
    schema_editor.execute(POSTGRESQL_FUNCTION)
    for name, event in POSTGRESQL_EVENTS.items():
        schema_editor.execute(f"CREATE TRIGGER {name} BEFORE {event} EXECUTE FUNCTION journal_refuse_change()")


def unprotect(apps: Any, schema_editor: Any) -> None:
    if schema_editor.connection.vendor == "sqlite":
        for name in SQLITE_EVENTS:
            schema_editor.execute(f"DROP TRIGGER journal_no_{name}")
        return
    for name in POSTGRESQL_EVENTS:
        schema_editor.execute(f"DROP TRIGGER {name} ON core_journalentry")
    schema_editor.execute("DROP FUNCTION journal_refuse_change()")


class Migration(migrations.Migration):
    dependencies = [("core", "0001_initial")]

    operations = [migrations.RunPython(protect, unprotect)]
