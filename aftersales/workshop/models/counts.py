"""What is counted as it happens, so that no report has to count a long history."""

from __future__ import annotations

from django.db import models


class IntakeCount(models.Model):
    """How many units of a category a station took in on a day of its calendar; raised in the act that takes one in."""

    day = models.DateField()
    station = models.ForeignKey("staff.Station", on_delete=models.PROTECT, related_name="+", db_index=False)
    category = models.ForeignKey("catalog.Category", on_delete=models.PROTECT, related_name="+", db_index=False)
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["day", "station", "category"], name="intake_counted_once")]
