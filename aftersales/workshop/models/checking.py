"""What was looked at before handover."""

from __future__ import annotations

from django.db import models

from aftersales.workshop.models.order import RepairOrder

CHECK_PHOTOS = "check"
"""The kind under which photos of a check are kept; the key is the check's."""


class QualityCheck(models.Model):
    """One check before handover: passed or not, the answer to each point of the trade's checklist, whose work, and by whom."""

    order = models.ForeignKey(RepairOrder, on_delete=models.PROTECT, related_name="checks")
    has_passed = models.BooleanField()
    answers = models.JSONField(default=dict)
    """Code of the point → code of its answer."""
    notes = models.JSONField(default=dict)
    """Code of the point → what was noted about it."""
    note = models.TextField(blank=True)
    technician = models.ForeignKey("staff.Person", on_delete=models.PROTECT, related_name="+", null=True)
    """Whose work was looked at: the order may have gone to other hands since."""
    checked_at = models.DateTimeField()
    checked_by = models.CharField(max_length=80)

    class Meta:
        indexes = [models.Index(fields=["checked_at"], name="check_by_instant")]
