"""Policies in their versions, rulings on what their text leaves open, and every decision with what it was made from."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from aftersales.policies.rules.versions import OPEN, VersionState


class PolicyVersion(models.Model):
    """One version of one policy. Once approved nothing of it changes; the database itself refuses."""

    policy = models.CharField(max_length=60)
    number = models.PositiveSmallIntegerField()
    text = models.TextField()
    """The whole policy as the engine writes it; `digest` is its SHA-256."""
    cases = models.TextField(blank=True)
    """The test cases, one JSON object to a line."""
    digest = models.CharField(max_length=64)
    effective_from = models.DateField()
    state = models.CharField(max_length=10, default=VersionState.DRAFT.value)
    note = models.CharField(max_length=500, blank=True)
    based_on = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")
    drafted_by = models.CharField(max_length=40)
    drafted_name = models.CharField(max_length=80)
    drafted_at = models.DateTimeField()
    reviewed_by = models.CharField(max_length=40, blank=True)
    reviewed_name = models.CharField(max_length=80, blank=True)
    reviewed_at = models.DateTimeField(null=True)
    approved_by = models.CharField(max_length=40, blank=True)
    approved_name = models.CharField(max_length=80, blank=True)
    approved_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["policy", "number"], name="policy_version_number"),
            models.UniqueConstraint(
                fields=["policy"], condition=Q(state__in=[state.value for state in OPEN]), name="policy_one_open"
            ),
            models.UniqueConstraint(
                fields=["policy", "effective_from"],
                condition=Q(state=VersionState.APPROVED.value),
                name="policy_one_a_day",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[state.value for state in VersionState]), name="policy_version_state"
            ),
            models.CheckConstraint(
                condition=~Q(state=VersionState.APPROVED.value)
                | Q(approved_at__isnull=False)
                & ~Q(approved_by="")
                & ~Q(reviewed_by="")
                & ~Q(approved_by=F("drafted_by"))
                & ~Q(approved_by=F("reviewed_by")),
                name="policy_approved_by_another",
            ),
            models.CheckConstraint(condition=~Q(text=""), name="policy_version_text"),
        ]
        ordering = ["policy", "-number"]

    def __str__(self) -> str:
        return f"{self.policy} {self.number}"


class Ruling(models.Model):
    """What the owner of a policy ruled where its text leaves something open; never changed, only followed by another."""

    version = models.ForeignKey(PolicyVersion, on_delete=models.PROTECT, related_name="rulings")
    ambiguity = models.CharField(max_length=40)
    is_as_read = models.BooleanField()
    """Whether the reading followed so far was confirmed."""
    reading = models.TextField()
    reason = models.TextField()
    changes = models.JSONField(default=list)
    """What else was changed with it: place, before, after."""
    ruled_by = models.CharField(max_length=40)
    ruled_name = models.CharField(max_length=80)
    ruled_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(reading="") & ~Q(reason=""), name="ruling_with_reason"),
        ]
        ordering = ["-id"]


class Decision(models.Model):
    """One case as it was decided: the version and its hash, the facts, the rules, the outcome. The database lets nothing change."""

    number = models.CharField(max_length=40, unique=True)
    version = models.ForeignKey(PolicyVersion, on_delete=models.PROTECT, related_name="decisions")
    digest = models.CharField(max_length=64)
    decision = models.CharField(max_length=60)
    """Which of the policy's decisions."""
    facts = models.JSONField()
    outcome = models.JSONField()
    main = models.CharField(max_length=60)
    """The first thing of the outcome, such as the disposition."""
    rules = models.JSONField()
    cites = models.JSONField()
    flags = models.JSONField()
    subject = models.CharField(max_length=120, blank=True)
    """What it was about, in the words or the number of whoever asked."""
    amount = models.BigIntegerField(null=True)
    """Fen at stake, such as the invoice price of the goods; empty when nobody said."""
    scope = models.CharField(max_length=16, blank=True)
    on = models.DateField()
    """The day by which the version was chosen."""
    decided_by = models.CharField(max_length=40)
    decided_name = models.CharField(max_length=80)
    decided_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount__isnull=True) | Q(amount__gte=0), name="decision_amount"),
        ]
        indexes = [
            models.Index(fields=["scope", "-id"], name="decision_by_scope"),
            models.Index(fields=["version", "decision", "id"], name="decision_by_version"),
        ]
        ordering = ["-id"]
