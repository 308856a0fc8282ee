"""What was carried out and in, kept for some days; each row belongs to one person and is nobody else's to see."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from aftersales.core.text import Text, from_data
from aftersales.exchange.rules import exports


class Export(models.Model):
    """A list that one person exported, and the file it became."""

    token = models.CharField(max_length=43, unique=True)
    owner = models.CharField(max_length=40)
    person_id = models.BigIntegerField(null=True)
    once = models.CharField(max_length=255)
    code = models.CharField(max_length=60)
    query = models.TextField(blank=True)
    form = models.CharField(max_length=4)
    is_uncovered = models.BooleanField(default=False)
    language = models.CharField(max_length=8)
    time_zone = models.CharField(max_length=40)
    state = models.CharField(max_length=8, default=exports.ExportState.MAKING.value)
    job_id = models.UUIDField(null=True)
    name = models.CharField(max_length=200)
    rows = models.PositiveIntegerField(default=0)
    size = models.PositiveBigIntegerField(default=0)
    refusal = models.JSONField(null=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["owner", "once"], name="export_once"),
            models.CheckConstraint(condition=Q(form__in=["xlsx", "csv"]), name="export_form"),
            models.CheckConstraint(
                condition=Q(state__in=["making", "ready", "stopped", "failed"]), name="export_state"
            ),
        ]
        indexes = [
            models.Index(fields=["owner", "-id"], name="export_by_owner"),
            models.Index(fields=["expires_at"], name="export_by_age"),
        ]

    @property
    def state_label(self) -> Text:
        """Where it stands, in words."""
        return exports.LABELS[self.state]

    @property
    def tone(self) -> str:
        """The tone of where it stands."""
        return exports.TONES[self.state]

    @property
    def is_ready(self) -> bool:
        """Whether the file can be fetched."""
        return self.state == exports.ExportState.READY

    @property
    def is_making(self) -> bool:
        """Whether it is still being made."""
        return self.state == exports.ExportState.MAKING

    @property
    def sentence(self) -> Text | None:
        """Why it was not made."""
        return from_data(self.refusal) if self.refusal else None
