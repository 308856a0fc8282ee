"""The database itself refuses to change or delete a move, or what was decided about goods that lie, whoever asks."""

from __future__ import annotations

from typing import Any

from django.db import migrations

KEPT = ("warehouse_move", "warehouse_slowdecision")
POSTGRESQL_FUNCTION = """
    CREATE OR REPLACE FUNCTION warehouse_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION 'what moved cannot be changed, only moved back'
    USING ERRCODE = 'integrity_constraint_violation'; END $$
"""


def _events(table: str) -> dict[str, str]:
    """For SQLite, whose INSERT OR REPLACE deletes the old row without asking the DELETE trigger."""
    return {
        "update": f"UPDATE ON {table}",
        "delete": f"DELETE ON {table}",
        "replace": f"INSERT ON {table} WHEN new.id IN (SELECT id FROM {table} WHERE id = new.id)",  # noqa: S608 - names of our own tables
    }


def protect(apps: Any, schema_editor: Any) -> None:
    if schema_editor.connection.vendor == "sqlite":
        for table in KEPT:
            for name, event in _events(table).items():
                schema_editor.execute(
                    f"CREATE TRIGGER {table}_no_{name} BEFORE {event} "
                    "BEGIN SELECT RAISE(ABORT, 'what moved cannot be changed, only moved back'); END"
                )
        return
    schema_editor.execute(POSTGRESQL_FUNCTION)
    for table in KEPT:
        schema_editor.execute(
            f"CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW "
            "EXECUTE FUNCTION warehouse_refuse_change()"
        )


def unprotect(apps: Any, schema_editor: Any) -> None:
    if schema_editor.connection.vendor == "sqlite":
        for table in KEPT:
            for name in _events(table):
                schema_editor.execute(f"DROP TRIGGER {table}_no_{name}")
        return
    for table in KEPT:
        schema_editor.execute(f"DROP TRIGGER {table}_no_change ON {table}")
    schema_editor.execute("DROP FUNCTION warehouse_refuse_change()")


class Migration(migrations.Migration):
    dependencies = [("warehouse", "0001_stores_items_moves")]

    operations = [migrations.RunPython(protect, unprotect)]
