"""Calendars with their special days and announced years, and the clocks that run on them."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q


class Calendar(models.Model):
    """A working week in a time zone. A calendar based on another has that one's special days, unless it has its own."""

    code = models.CharField(max_length=16, unique=True)
    name = models.CharField(max_length=80, blank=True)
    zone = models.CharField(max_length=40)
    weekly = models.JSONField()
    """Seven strings, Monday first, such as "08:30-12:00, 13:30-18:00"; written only after `rules.hours.parse_week`."""
    based_on = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="derived")
    has_public_holidays = models.BooleanField(default=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(code=""), name="calendar_has_code"),
            models.CheckConstraint(condition=~Q(based_on=F("id")), name="calendar_not_on_itself"),
        ]


class SpecialDay(models.Model):
    """A date that does not follow its weekday."""

    calendar = models.ForeignKey(Calendar, on_delete=models.PROTECT, related_name="special_days")
    date = models.DateField()
    kind = models.CharField(max_length=8)
    name = models.CharField(max_length=40, blank=True)
    periods = models.CharField(max_length=120, blank=True)
    follows = models.PositiveSmallIntegerField(null=True)
    announced_for = models.PositiveSmallIntegerField(null=True)
    """The year whose announcement named this day; empty for a day that somebody entered."""

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["calendar", "date"], name="special_day_once"),
            models.CheckConstraint(condition=Q(kind__in=["off", "workday", "hours"]), name="special_day_kind"),
            models.CheckConstraint(
                condition=(Q(kind="hours") & ~Q(periods="")) | (~Q(kind="hours") & Q(periods="")),
                name="special_day_periods",
            ),
            models.CheckConstraint(
                condition=Q(follows=None) | Q(kind="workday", follows__lte=6), name="special_day_follows"
            ),
        ]


class CalendarYear(models.Model):
    """A year whose holidays are known, and from where."""

    calendar = models.ForeignKey(Calendar, on_delete=models.PROTECT, related_name="years")
    year = models.PositiveSmallIntegerField()
    source = models.TextField(blank=True)
    loaded_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["calendar", "year"], name="calendar_year_once")]


class Clock(models.Model):
    """A promise that runs. `due_at` is worked out when it starts, pauses, goes on, stops, or when its calendar is edited."""

    subject = models.CharField(max_length=40)
    rule = models.CharField(max_length=40)
    scope = models.CharField(max_length=16, blank=True)
    calendar = models.ForeignKey(Calendar, on_delete=models.PROTECT, related_name="+")
    unit = models.CharField(max_length=16)
    amount = models.PositiveSmallIntegerField()
    warn_before = models.PositiveSmallIntegerField(default=0)
    started_at = models.DateTimeField()
    due_at = models.DateTimeField()
    warn_at = models.DateTimeField()
    warnings = models.JSONField(default=list)
    stopped_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["subject", "rule"], condition=Q(stopped_at=None), name="clock_one_running_per_rule"
            ),
            models.CheckConstraint(
                condition=Q(unit__in=["working_days", "natural_days", "working_hours", "hours"]), name="clock_unit"
            ),
            models.CheckConstraint(condition=Q(amount__gte=1), name="clock_amount"),
            models.CheckConstraint(
                condition=Q(warn_at__gte=F("started_at"), warn_at__lte=F("due_at")), name="clock_warns_before_due"
            ),
            models.CheckConstraint(
                condition=Q(stopped_at=None) | Q(stopped_at__gte=F("started_at")), name="clock_stops_after_start"
            ),
        ]
        indexes = [
            models.Index(fields=["subject", "rule", "id"], name="clock_by_subject"),
            models.Index(fields=["warn_at"], condition=Q(stopped_at=None), name="clock_running_by_warning"),
            models.Index(fields=["calendar"], condition=Q(stopped_at=None), name="clock_running_by_calendar"),
        ]


class Pause(models.Model):
    """A stretch during which a clock stands still, why, and who has to act."""

    clock = models.ForeignKey(Clock, on_delete=models.PROTECT, related_name="pauses")
    reason = models.CharField(max_length=16)
    note = models.CharField(max_length=200, blank=True)
    owner = models.CharField(max_length=80)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["clock"], condition=Q(ended_at=None), name="pause_one_open_per_clock"),
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(ended_at__gte=F("started_at")), name="pause_ends_after_start"
            ),
            models.CheckConstraint(condition=~Q(owner=""), name="pause_has_owner"),
        ]
