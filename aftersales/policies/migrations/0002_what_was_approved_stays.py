"""The database itself refuses to change or delete an approved version, a ruling or a decision, whoever asks."""

from __future__ import annotations

from typing import Any

from django.db import migrations

KEPT = {
    "policies_policyversion": "old.state = 'approved'",
    "policies_ruling": "",
    "policies_decision": "",
}
"""For each table the rows that stay as they are; all of them where nothing is said."""

POSTGRESQL_FUNCTION = """
    CREATE OR REPLACE FUNCTION policies_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION 'what was approved or decided cannot be changed'
    USING ERRCODE = 'integrity_constraint_violation'; END $$
"""


def _events(table: str, condition: str) -> dict[str, str]:
    """For SQLite, whose INSERT OR REPLACE deletes the old row without asking the DELETE trigger."""
    when = f" WHEN {condition}" if condition else ""
    kept = f" AND {condition.removeprefix('old.')}" if condition else ""
    return {
        "update": f"UPDATE ON {table}{when}",
        "delete": f"DELETE ON {table}{when}",
        "replace": f"INSERT ON {table} WHEN new.id IN (SELECT id FROM {table} WHERE id = new.id{kept})",  # noqa: S608 - names of our own tables
    }


def protect(apps: Any, schema_editor: Any) -> None:
    if schema_editor.connection.vendor == "sqlite":
        for table, condition in KEPT.items():
            for name, event in _events(table, condition).items():
                schema_editor.execute(
                    f"CREATE TRIGGER {table}_no_{name} BEFORE {event} "
                    "BEGIN SELECT RAISE(ABORT, 'what was approved or decided cannot be changed'); END"
                )
        return
    schema_editor.execute(POSTGRESQL_FUNCTION)
    for table, condition in KEPT.items():
        when = f" WHEN ({condition})" if condition else ""
        schema_editor.execute(
            f"CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW{when} "
            "EXECUTE FUNCTION policies_refuse_change()"
        )


def unprotect(apps: Any, schema_editor: Any) -> None:
    if schema_editor.connection.vendor == "sqlite":
        for table, condition in KEPT.items():
            for name in _events(table, condition):
                schema_editor.execute(f"DROP TRIGGER {table}_no_{name}")
        return
    for table in KEPT:
        schema_editor.execute(f"DROP TRIGGER {table}_no_change ON {table}")
    schema_editor.execute("DROP FUNCTION policies_refuse_change()")


class Migration(migrations.Migration):
    dependencies = [("policies", "0001_versions_rulings_decisions")]

    operations = [migrations.RunPython(protect, unprotect)]
