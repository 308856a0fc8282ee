"""The full-text index beside the search entries. The database keeps it in step by itself, whoever writes the entries.

On SQLite the triggers hang on the table: a later migration that rebuilds `core_searchentry` must run `build` again.
"""

from __future__ import annotations

from typing import Any

from django.db import migrations

# Words come ready-made and separated by spaces, so the plainest splitter is the right one: `ascii` never splits a character.
SQLITE = """
    CREATE VIRTUAL TABLE core_search_words USING fts5(
        words, content='core_searchentry', content_rowid='id',
        tokenize='ascii', prefix='2 3 4 5 6 7', detail=none, columnsize=0
    );;
    CREATE TRIGGER search_entry_added AFTER INSERT ON core_searchentry BEGIN
        INSERT INTO core_search_words(rowid, words) VALUES (new.id, new.words);
    END;;
    CREATE TRIGGER search_entry_removed AFTER DELETE ON core_searchentry BEGIN
        INSERT INTO core_search_words(core_search_words, rowid, words) VALUES ('delete', old.id, old.words);
    END;;
    CREATE TRIGGER search_entry_changed AFTER UPDATE ON core_searchentry
    WHEN old.words IS NOT new.words OR old.id IS NOT new.id BEGIN
        INSERT INTO core_search_words(core_search_words, rowid, words) VALUES ('delete', old.id, old.words);
        INSERT INTO core_search_words(rowid, words) VALUES (new.id, new.words);
    END;;
    INSERT INTO core_search_words(core_search_words) VALUES ('rebuild')
"""
# array_to_tsvector takes the words as they are; PostgreSQL's own parser would take numbers and addresses apart.
POSTGRESQL = """
    ALTER TABLE core_searchentry ADD COLUMN vector tsvector
        GENERATED ALWAYS AS (array_to_tsvector(string_to_array(words, ' '))) STORED;;
    CREATE INDEX search_entry_words ON core_searchentry USING gin (vector)
"""


def build(apps: Any, schema_editor: Any) -> None:
    statements = SQLITE if schema_editor.connection.vendor == "sqlite" else POSTGRESQL
    for statement in statements.split(";;"):
        schema_editor.execute(statement)


def tear_down(apps: Any, schema_editor: Any) -> None:
    if schema_editor.connection.vendor == "sqlite":
        for trigger in ("search_entry_added", "search_entry_removed", "search_entry_changed"):
            schema_editor.execute(f"DROP TRIGGER {trigger}")
        schema_editor.execute("DROP TABLE core_search_words")
        return
    schema_editor.execute("ALTER TABLE core_searchentry DROP COLUMN vector")


class Migration(migrations.Migration):
    dependencies = [("core", "0002_journal_append_only")]

    operations = [migrations.RunPython(build, tear_down)]
