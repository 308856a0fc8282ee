from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0004_outbox_attachments"),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="journalentry",
            name="journal_by_scope",
        ),
        migrations.AddIndex(
            model_name="journalentry",
            index=models.Index(fields=["scope", "at"], name="journal_by_scope_and_time"),
        ),
    ]
