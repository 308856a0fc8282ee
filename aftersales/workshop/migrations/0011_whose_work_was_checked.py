"""Earlier checks looked at the work of the technician their order had."""

from __future__ import annotations

from typing import Any

from django.db import migrations
from django.db.models import OuterRef, Subquery


def name_technicians(apps: Any, schema_editor: Any) -> None:
    """Take over the order's technician."""
    checks = apps.get_model("workshop", "QualityCheck").objects  # house: a migration has no actor
    orders = apps.get_model("workshop", "RepairOrder").objects  # house: as above
    technician = orders.filter(pk=OuterRef("order_id")).values("technician_id")[:1]
    checks.filter(technician=None).update(technician_id=Subquery(technician))


class Migration(migrations.Migration):
    dependencies = [("workshop", "0010_checks_handover_and_repeats")]

    operations = [migrations.RunPython(name_technicians, migrations.RunPython.noop)]
