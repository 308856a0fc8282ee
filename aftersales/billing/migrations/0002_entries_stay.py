"""The database itself refuses to change or delete a posted entry, whoever asks."""

from __future__ import annotations

from typing import Any

from django.db import migrations

TABLE = "billing_entry"
WHY = "what was posted is not changed, only reversed"
EVENTS = {
    "update": f"UPDATE ON {TABLE}",
    "delete": f"DELETE ON {TABLE}",
    "replace": f"INSERT ON {TABLE} WHEN new.id IN (SELECT id FROM {TABLE} WHERE id = new.id)",  # noqa: S608 - our own table
}
"""For SQLite, whose INSERT OR REPLACE deletes the old row without asking the DELETE trigger."""


def protect(apps: Any, schema_editor: Any) -> None:
    if schema_editor.connection.vendor == "sqlite":
        for name, event in EVENTS.items():
            schema_editor.execute(
                f"CREATE TRIGGER {TABLE}_no_{name} BEFORE {event} BEGIN SELECT RAISE(ABORT, '{WHY}'); END"
            )
        return
    schema_editor.execute(
        "CREATE OR REPLACE FUNCTION billing_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$ "
        f"BEGIN RAISE EXCEPTION '{WHY}' USING ERRCODE = 'integrity_constraint_violation'; END $$"
    )
    schema_editor.execute(
        f"CREATE TRIGGER {TABLE}_no_change BEFORE UPDATE OR DELETE ON {TABLE} FOR EACH ROW "
        "EXECUTE FUNCTION billing_refuse_change()"
    )


def unprotect(apps: Any, schema_editor: Any) -> None:
    if schema_editor.connection.vendor == "sqlite":
        for name in EVENTS:
            schema_editor.execute(f"DROP TRIGGER {TABLE}_no_{name}")
        return
    schema_editor.execute(f"DROP TRIGGER {TABLE}_no_change ON {TABLE}")
    schema_editor.execute("DROP FUNCTION billing_refuse_change()")


class Migration(migrations.Migration):
    dependencies = [("billing", "0001_ledger")]

    operations = [migrations.RunPython(protect, unprotect)]
