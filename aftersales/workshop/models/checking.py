"""What was looked at before handover."""

from __future__ import annotations

from django.db import models

from aftersales.workshop.models.order import RepairOrder


class QualityCheck(models.Model):
    """One check before handover: passed or not, the answer to each point of the trade's checklist, and by whom."""

    order = models.ForeignKey(RepairOrder, on_delete=models.PROTECT, related_name="checks")
    has_passed = models.BooleanField()
    answers = models.JSONField(default=dict)
    """Code of the point → code of its answer."""
    note = models.TextField(blank=True)
    checked_at = models.DateTimeField()
    checked_by = models.CharField(max_length=80)
