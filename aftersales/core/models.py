"""The ground floor's tables. Fields and constraints only; each is written by the module of the same subject beside this file."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class NumberSeries(models.Model):
    """The last number given out for one kind of paper, place and year."""

    prefix = models.CharField(max_length=8)
    scope = models.CharField(max_length=16)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["prefix", "scope", "year"], name="number_series_once")]


class JournalEntry(models.Model):
    """One act on one record: who, when, what, before and after. The database refuses to change or delete it.

    One change it lets through: values may be blanked when the person they name is erased; `erased_at` says when.
    """

    at = models.DateTimeField()
    recorded_at = models.DateTimeField(auto_now_add=True)
    actor_id = models.CharField(max_length=40)
    actor_name = models.CharField(max_length=80)
    act = models.CharField(max_length=40)
    kind = models.CharField(max_length=40)
    key = models.CharField(max_length=40)
    scope = models.CharField(max_length=16, blank=True)
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)
    note = models.TextField(blank=True)
    request_id = models.CharField(max_length=36, blank=True)
    erased_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["kind", "key", "id"], name="journal_by_subject"),
            models.Index(fields=["actor_id", "id"], name="journal_by_actor"),
            models.Index(fields=["scope", "at"], name="journal_by_scope_and_time"),
        ]


class OutboxMessage(models.Model):
    """An effect that leaves the process, written in the transaction of the act that wants it."""

    class State(models.TextChoices):
        WAITING = "waiting"
        SENT = "sent"
        PARKED = "parked"

    kind = models.CharField(max_length=40)
    key = models.CharField(max_length=120, unique=True)
    scope = models.CharField(max_length=16, blank=True)
    payload = models.JSONField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField()
    next_attempt_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    last_error = models.TextField(blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["next_attempt_at"], name="outbox_waiting", condition=Q(state="waiting")),
            models.Index(fields=["state", "-id"], name="outbox_open", condition=~Q(state="sent")),
        ]


class OutboxAttachment(models.Model):
    """A file that goes along with a message; once that is sent it is forgotten."""

    message = models.ForeignKey(OutboxMessage, on_delete=models.CASCADE, related_name="attachments")
    name = models.CharField(max_length=120)
    content_type = models.CharField(max_length=100)
    content = models.BinaryField()


class JobSchedule(models.Model):
    """When a recurring job is next to run."""

    name = models.CharField(max_length=80, unique=True)
    next_run_at = models.DateTimeField()
    last_enqueued_at = models.DateTimeField(null=True)
    last_job_id = models.UUIDField(null=True)


class JobProgress(models.Model):
    """How far a long job has come, and whether somebody asked it to stop."""

    job_id = models.UUIDField(unique=True)
    done = models.PositiveBigIntegerField(default=0)
    total = models.PositiveBigIntegerField(null=True)
    is_stop_requested = models.BooleanField(default=False)
    updated_at = models.DateTimeField()


class WorkerBeat(models.Model):
    """A living worker says so every few seconds; the jobs of one that fell silent are taken up by another."""

    worker_id = models.CharField(max_length=64, unique=True)
    started_at = models.DateTimeField()
    beat_at = models.DateTimeField()


class IdempotencyKey(models.Model):
    """A POST that was carried out, and the answer it got; the same POST again gets the same answer and no second effect."""

    key = models.CharField(max_length=255)
    actor_id = models.CharField(max_length=40)
    fingerprint = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(default=0)
    headers = models.JSONField(default=dict)
    body = models.BinaryField(default=b"")
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["actor_id", "key"], name="idempotency_key_once")]
        indexes = [models.Index(fields=["created_at"], name="idempotency_by_age")]


class SearchEntry(models.Model):
    """One findable record: what the result list shows. Its words stand in the full-text index beside it."""

    kind = models.CharField(max_length=40)
    key = models.CharField(max_length=40)
    title = models.CharField(max_length=200)
    detail = models.CharField(max_length=300, blank=True)
    words = models.TextField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "key"], name="search_entry_once")]


class Attachment(models.Model):
    """A photo on any case, re-encoded and without position data; `kind` and `key` say whose it is."""

    token = models.CharField(max_length=43, unique=True)
    kind = models.CharField(max_length=40)
    key = models.CharField(max_length=40)
    scope = models.CharField(max_length=16)
    caption = models.CharField(max_length=120, blank=True)
    content_type = models.CharField(max_length=40)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    source_sha256 = models.CharField(max_length=64)
    """Of the file as it was sent: the same photo sent again to the same subject is kept once."""
    added_at = models.DateTimeField()
    added_by = models.CharField(max_length=80)

    class Meta:
        indexes = [models.Index(fields=["kind", "key", "id"], name="attachment_by_subject")]
        constraints = [models.UniqueConstraint(fields=["kind", "key", "source_sha256"], name="attachment_once")]
