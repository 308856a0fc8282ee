"""Checklists of which only the codes were ticked: each tick becomes the answer that it was, something noted and no more."""

from typing import Any

from django.db import migrations

BATCH = 2000
NOTED = "noted"


def carry_over(apps: Any, schema_editor: Any) -> None:
    orders = apps.get_model("workshop", "RepairOrder").objects  # house: a migration has no actor
    orders.filter(condition=[]).update(condition={})
    last = 0
    while rows := list(orders.exclude(condition={}).filter(pk__gt=last).only("pk", "condition").order_by("pk")[:BATCH]):
        for row in rows:
            if isinstance(row.condition, list):
                row.condition = dict.fromkeys(row.condition, NOTED)
        orders.bulk_update(rows, ["condition"])
        last = rows[-1].pk


def carry_back(apps: Any, schema_editor: Any) -> None:
    orders = apps.get_model("workshop", "RepairOrder").objects  # house: as above
    orders.filter(condition={}).update(condition=[])
    last = 0
    while rows := list(orders.exclude(condition=[]).filter(pk__gt=last).only("pk", "condition").order_by("pk")[:BATCH]):
        for row in rows:
            if isinstance(row.condition, dict):
                row.condition = list(row.condition)
        orders.bulk_update(rows, ["condition"])
        last = rows[-1].pk


class Migration(migrations.Migration):
    dependencies = [("workshop", "0007_intake_by_trade")]

    operations = [migrations.RunPython(carry_over, carry_back, elidable=True)]
