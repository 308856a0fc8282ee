"""One change of the journal is let through: values and notes may be blanked when a person is erased, and nothing else.

The database compares: whoever changes an entry must set `erased_at`, may put `[erased]` in place of a value or an empty note, and
leaves all the rest (who, when, which act on which record, which fields) as it was. Deleting and rewriting stay impossible.
"""

from __future__ import annotations

from typing import Any

from django.db import migrations, models

FIXED = ("id", "at", "recorded_at", "actor_id", "actor_name", "act", "kind", "key", "scope", "request_id")
SQLITE_ONLY_BLANKED = """
    (new.FIELD IS old.FIELD OR (new.FIELD IS NOT NULL AND old.FIELD IS NOT NULL
        AND (SELECT count(*) FROM json_each(new.FIELD)) = (SELECT count(*) FROM json_each(old.FIELD))
        AND NOT EXISTS (
            SELECT 1 FROM json_each(new.FIELD) AS n LEFT JOIN json_each(old.FIELD) AS o ON o.key = n.key
            WHERE o.key IS NULL
            OR ((n.type IS NOT o.type OR n.value IS NOT o.value) AND (n.type <> 'text' OR n.value <> '[erased]')))))
"""
SQLITE_BLANKED = " AND ".join(
    [
        "new.erased_at IS NOT NULL",
        *(f'new."{name}" IS old."{name}"' for name in FIXED),
        "(new.note IS old.note OR new.note = '')",
        SQLITE_ONLY_BLANKED.replace("FIELD", '"before"'),
        SQLITE_ONLY_BLANKED.replace("FIELD", '"after"'),
    ]
)
# SQLite's INSERT OR REPLACE deletes the old row without asking the DELETE trigger: an id that is taken is refused, too.
SQLITE_EVENTS = {
    "update": f"UPDATE ON core_journalentry WHEN NOT ({SQLITE_BLANKED})",
    "delete": "DELETE ON core_journalentry",
    "replace": "INSERT ON core_journalentry WHEN new.id IN (SELECT id FROM core_journalentry)",
}
POSTGRESQL_BLANKED = """
    CREATE OR REPLACE FUNCTION journal_only_blanked(was jsonb, becomes jsonb) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
    SELECT was IS NOT DISTINCT FROM becomes OR (was IS NOT NULL AND becomes IS NOT NULL
        AND (SELECT count(*) FROM jsonb_object_keys(was)) = (SELECT count(*) FROM jsonb_object_keys(becomes))
        AND NOT EXISTS (
            SELECT 1 FROM jsonb_each(becomes) AS n
            WHERE NOT jsonb_exists(was, n.key)
            OR (n.value <> was -> n.key AND n.value <> to_jsonb('[erased]'::text))))
    $$
"""
POSTGRESQL_FUNCTION = """
    CREATE OR REPLACE FUNCTION journal_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF TG_OP = 'UPDATE' THEN
            IF NEW.erased_at IS NOT NULL
                AND (NEW_FIXED) IS NOT DISTINCT FROM (OLD_FIXED)
                AND (NEW.note = OLD.note OR NEW.note = '')
                AND journal_only_blanked(OLD.before, NEW.before) AND journal_only_blanked(OLD.after, NEW.after)
            THEN RETURN NEW; END IF;
        END IF;
        RAISE EXCEPTION 'the journal cannot be changed' USING ERRCODE = 'integrity_constraint_violation';
    END $$
"""
for row in ("NEW", "OLD"):
    POSTGRESQL_FUNCTION = POSTGRESQL_FUNCTION.replace(f"{row}_FIXED", ", ".join(f'{row}."{name}"' for name in FIXED))
# TRUNCATE touches no rows, so it has a trigger of its own.
POSTGRESQL_EVENTS = {
    "journal_no_change": "UPDATE OR DELETE ON core_journalentry FOR EACH ROW",
    "journal_no_truncate": "TRUNCATE ON core_journalentry FOR EACH STATEMENT",
}
REFUSES_ALL = """
    CREATE OR REPLACE FUNCTION journal_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION 'the journal cannot be changed' USING ERRCODE = 'integrity_constraint_violation'; END $$
"""


def protect(apps: Any, schema_editor: Any) -> None:
    """Both protections stand: the exact one of this migration, in place of the one before."""
    if schema_editor.connection.vendor == "sqlite":
        for name, event in SQLITE_EVENTS.items():
            schema_editor.execute(f"DROP TRIGGER IF EXISTS journal_no_{name}")
            schema_editor.execute(
                f"CREATE TRIGGER journal_no_{name} BEFORE {event} "
                "BEGIN SELECT RAISE(ABORT, 'the journal cannot be changed'); END"
            )
        return
    schema_editor.execute(POSTGRESQL_BLANKED)
    schema_editor.execute(POSTGRESQL_FUNCTION)
    for name, event in POSTGRESQL_EVENTS.items():
        schema_editor.execute(f"DROP TRIGGER IF EXISTS {name} ON core_journalentry")
        schema_editor.execute(f"CREATE TRIGGER {name} BEFORE {event} EXECUTE FUNCTION journal_refuse_change()")


def unprotect(apps: Any, schema_editor: Any) -> None:
    """No protection at all; for tests that empty the tables."""
    if schema_editor.connection.vendor == "sqlite":
        for name in SQLITE_EVENTS:
            schema_editor.execute(f"DROP TRIGGER journal_no_{name}")
        return
    for name in POSTGRESQL_EVENTS:
        schema_editor.execute(f"DROP TRIGGER {name} ON core_journalentry")


def refuse_all(apps: Any, schema_editor: Any) -> None:
    """The protection of before, which lets nothing through."""
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute("DROP TRIGGER journal_no_update")
        schema_editor.execute(
            "CREATE TRIGGER journal_no_update BEFORE UPDATE ON core_journalentry "
            "BEGIN SELECT RAISE(ABORT, 'the journal cannot be changed'); END"
        )
        return
    schema_editor.execute(REFUSES_ALL)


class Migration(migrations.Migration):
    dependencies = [("core", "0005_journal_by_scope_and_time")]

    operations = [
        migrations.AddField(
            model_name="journalentry",
            name="erased_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.RunPython(protect, refuse_all),
    ]
