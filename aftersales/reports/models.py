"""When and to whom each station reports, and each day's report as it was sent."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from aftersales.reports.rules.schedule import Covers, Days


class ReportPlan(models.Model):
    """When a station's daily report is due and to whom it goes."""

    station = models.OneToOneField("staff.Station", on_delete=models.PROTECT, related_name="+")
    is_on = models.BooleanField(default=True)
    send_at = models.TimeField()
    days = models.CharField(max_length=8, default=Days.WORKING.value)
    covers = models.CharField(max_length=12, default=Covers.SAME_DAY.value)
    addresses = models.JSONField(default=list)
    language = models.CharField(max_length=8)
    next_on = models.DateField()
    """The first day whose report has not been made."""
    next_due_at = models.DateTimeField()
    failure = models.TextField(blank=True)
    """What went wrong when the report that is due was last tried to be made."""
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.CheckConstraint(name="report_plan_days_known", condition=Q(days__in=[each.value for each in Days])),
            models.CheckConstraint(
                name="report_plan_covers_known", condition=Q(covers__in=[each.value for each in Covers])
            ),
        ]


class DailyReport(models.Model):
    """A day's report as it was made for sending; nothing that is corrected later changes it."""

    station = models.ForeignKey("staff.Station", on_delete=models.PROTECT, related_name="+")
    day = models.DateField()
    snapshot = models.JSONField()
    sha256 = models.CharField(max_length=64)
    made_at = models.DateTimeField()
    due_at = models.DateTimeField()
    is_late = models.BooleanField(default=False)
    settled_at = models.DateTimeField(null=True)
    """When it had gone out to everybody, as far as nobody gave it up."""
    alarmed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["station", "day"], name="daily_report_once")]
        indexes = [
            models.Index(fields=["due_at"], name="daily_report_unsettled", condition=Q(settled_at=None)),
        ]


class Delivery(models.Model):
    """One address to which a report goes, and the key of the message that carries it."""

    report = models.ForeignKey(DailyReport, on_delete=models.PROTECT, related_name="deliveries")
    address = models.CharField(max_length=254)
    key = models.CharField(max_length=120, unique=True)
    added_at = models.DateTimeField()
