"""Intakes are counted by day, station and category; those so far are counted here."""

from typing import Any
from zoneinfo import ZoneInfo

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Count
from django.db.models.functions import TruncDate


def count_what_is_there(apps: Any, schema_editor: Any) -> None:
    """The orders so far, by the days of their stations."""
    count_of = apps.get_model("workshop", "IntakeCount")
    counts = count_of.objects  # house: a migration has no actor
    orders = apps.get_model("workshop", "RepairOrder").objects  # house: as above
    stations = apps.get_model("staff", "Station").objects  # house: as above
    for station in stations.all():
        day = TruncDate("received_at", tzinfo=ZoneInfo(station.time_zone))
        by_day = orders.filter(station=station).annotate(day=day).values_list("day", "category_id")
        counts.bulk_create(
            [
                count_of(day=day, station=station, category_id=category, count=count)
                for day, category, count in by_day.annotate(count=Count("pk")).order_by()
            ],
            batch_size=1000,
        )


class Migration(migrations.Migration):
    dependencies = [
        ("catalog", "0001_initial"),
        ("staff", "0002_letterhead_of_a_station"),
        ("workshop", "0011_whose_work_was_checked"),
    ]

    operations = [
        migrations.CreateModel(
            name="IntakeCount",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("day", models.DateField()),
                ("count", models.PositiveIntegerField(default=0)),
                (
                    "category",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="catalog.category",
                    ),
                ),
                (
                    "station",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="staff.station",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("day", "station", "category"), name="intake_counted_once")
                ],
            },
        ),
        migrations.RunPython(count_what_is_there, migrations.RunPython.noop),
    ]
