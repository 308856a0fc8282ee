"""Repairs done before this system or elsewhere."""

from __future__ import annotations

from django.db import models


class PastRepair(models.Model):
    """A repair done before this system or elsewhere, kept for history, counts and search."""

    station = models.ForeignKey("staff.Station", on_delete=models.PROTECT, related_name="+")
    source = models.CharField(max_length=32)
    source_id = models.CharField(max_length=64)
    category = models.CharField(max_length=80)
    brand = models.CharField(max_length=120, blank=True)
    model = models.CharField(max_length=300, blank=True)
    problem = models.TextField(blank=True)
    outcome = models.CharField(max_length=40, blank=True)
    place = models.CharField(max_length=120, blank=True)
    repaired_on = models.DateField(null=True)
    fingerprint = models.CharField(max_length=32)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "source_id"], name="past_repair_once")]
        indexes = [
            models.Index(fields=["station", "repaired_on", "category"], name="past_repair_by_day"),
            models.Index(fields=["station", "category", "-repaired_on"], name="past_repair_by_category"),
        ]
