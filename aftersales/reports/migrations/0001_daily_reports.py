import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("staff", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="DailyReport",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("day", models.DateField()),
                ("snapshot", models.JSONField()),
                ("sha256", models.CharField(max_length=64)),
                ("made_at", models.DateTimeField()),
                ("due_at", models.DateTimeField()),
                ("is_late", models.BooleanField(default=False)),
                ("settled_at", models.DateTimeField(null=True)),
                ("alarmed_at", models.DateTimeField(null=True)),
                (
                    "station",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="staff.station"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Delivery",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("address", models.CharField(max_length=254)),
                ("key", models.CharField(max_length=120, unique=True)),
                ("added_at", models.DateTimeField()),
                (
                    "report",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="deliveries", to="reports.dailyreport"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ReportPlan",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("is_on", models.BooleanField(default=True)),
                ("send_at", models.TimeField()),
                ("days", models.CharField(default="working", max_length=8)),
                ("covers", models.CharField(default="same_day", max_length=12)),
                ("addresses", models.JSONField(default=list)),
                ("language", models.CharField(max_length=8)),
                ("next_on", models.DateField()),
                ("next_due_at", models.DateTimeField()),
                ("failure", models.TextField(blank=True)),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "station",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="staff.station"
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="dailyreport",
            index=models.Index(
                condition=models.Q(("settled_at", None)), fields=["due_at"], name="daily_report_unsettled"
            ),
        ),
        migrations.AddConstraint(
            model_name="dailyreport",
            constraint=models.UniqueConstraint(fields=("station", "day"), name="daily_report_once"),
        ),
        migrations.AddConstraint(
            model_name="reportplan",
            constraint=models.CheckConstraint(
                condition=models.Q(("days__in", ["working", "every"])), name="report_plan_days_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="reportplan",
            constraint=models.CheckConstraint(
                condition=models.Q(("covers__in", ["same_day", "day_before"])), name="report_plan_covers_known"
            ),
        ),
    ]
