"""What was carried out and in, kept for some days; each row belongs to one person and is nobody else's to see."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from aftersales.core.text import Text, from_data
from aftersales.exchange.rules import exports, imports


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


class Import(models.Model):
    """A table that one person sent: which column means what, what the check found, and what became of it."""

    token = models.CharField(max_length=43, unique=True)
    owner = models.CharField(max_length=40)
    person_id = models.BigIntegerField(null=True)
    once = models.CharField(max_length=255)
    code = models.CharField(max_length=60)
    name = models.CharField(max_length=200)
    language = models.CharField(max_length=8)
    time_zone = models.CharField(max_length=40)
    state = models.CharField(max_length=10, default=imports.ImportState.MAPPING.value)
    job_id = models.UUIDField(null=True)

    kind = models.CharField(max_length=4)
    encoding = models.CharField(max_length=12, blank=True)
    is_sure = models.BooleanField(default=True)
    sheets = models.JSONField(default=list)
    sheet = models.PositiveSmallIntegerField(default=0)
    head_row = models.PositiveIntegerField(default=0)
    rows = models.PositiveIntegerField(default=0)
    sample = models.JSONField(default=list)
    """The first rows as they stand in the file: number and texts."""
    columns = models.JSONField(default=list)
    options = models.JSONField(default=dict)

    counts = models.JSONField(default=dict)
    stored = models.JSONField(default=list)
    """The first rows as they will be stored."""
    problems = models.JSONField(default=list)
    problem_rows = models.PositiveIntegerField(default=0)
    problem_token = models.CharField(max_length=43, blank=True)
    refusal = models.JSONField(null=True)
    created_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["owner", "once"], name="import_once"),
            models.CheckConstraint(
                condition=Q(state__in=["mapping", "checking", "checked", "importing", "done", "stopped", "failed"]),
                name="import_state",
            ),
        ]
        indexes = [
            models.Index(fields=["owner", "-id"], name="import_by_owner"),
            models.Index(fields=["expires_at"], name="import_by_age"),
        ]

    @property
    def state_label(self) -> Text:
        """Where it stands, in words."""
        return imports.LABELS[self.state]

    @property
    def tone(self) -> str:
        """The tone of where it stands."""
        return imports.TONES[self.state]

    @property
    def is_in_work(self) -> bool:
        """Whether the worker has it in hand."""
        return self.state in imports.IN_WORK

    @property
    def sentence(self) -> Text | None:
        """Why it was not done."""
        return from_data(self.refusal) if self.refusal else None

    @property
    def effects(self) -> int:
        """How many records it makes or changes."""
        wanted = (imports.Effect.NEW.value, imports.Effect.CHANGED.value)
        return sum(count.get(effect, 0) for count in self.counts.values() for effect in wanted)

    @property
    def may_start(self) -> bool:
        """Whether it can be imported: checked, without a problem, and with anything to do."""
        return self.state == imports.ImportState.CHECKED and not self.problem_rows and bool(self.effects)


class RememberedColumns(models.Model):
    """Which column meant what the last time this person sent a table with the same headings."""

    owner = models.CharField(max_length=40)
    code = models.CharField(max_length=60)
    heads = models.CharField(max_length=64)
    columns = models.JSONField(default=dict)
    options = models.JSONField(default=dict)
    used_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["owner", "code", "heads"], name="columns_remembered_once")]
