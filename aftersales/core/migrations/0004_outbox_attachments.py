import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0003_search_index"),
    ]

    operations = [
        migrations.CreateModel(
            name="OutboxAttachment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=120)),
                ("content_type", models.CharField(max_length=100)),
                ("content", models.BinaryField()),
                (
                    "message",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="attachments",
                        to="core.outboxmessage",
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="outboxmessage",
            name="scope",
            field=models.CharField(blank=True, max_length=16),
        ),
        migrations.AddIndex(
            model_name="outboxmessage",
            index=models.Index(
                condition=models.Q(("state", "sent"), _negated=True), fields=["state", "-id"], name="outbox_open"
            ),
        ),
    ]
