"""Questions to experts and manufacturers."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from aftersales.workshop.models.order import RepairOrder
from aftersales.workshop.models.waiting import Wait
from aftersales.workshop.rules.expert import Addressee, QuestionFacts, QuestionState


class ExpertQuestion(models.Model):
    """What a technician wants to know about one order, from whom, by when, and what he was told."""

    number = models.CharField(max_length=24, unique=True)
    order = models.ForeignKey(RepairOrder, on_delete=models.PROTECT, related_name="questions")
    asked_of = models.CharField(max_length=12, choices=[(each.value, each.value) for each in Addressee])
    expert = models.ForeignKey("staff.Person", on_delete=models.PROTECT, related_name="+", null=True)
    manufacturer = models.ForeignKey("catalog.Manufacturer", on_delete=models.PROTECT, related_name="+", null=True)
    addressee = models.CharField(max_length=80)
    """The name of whom was asked, as it was then."""
    question = models.TextField()
    state = models.CharField(max_length=12, default=QuestionState.ASKED.value)
    asked_by = models.ForeignKey("staff.Person", on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    due_at = models.DateTimeField()
    warn_at = models.DateTimeField()
    wait = models.OneToOneField(Wait, on_delete=models.PROTECT, related_name="question", null=True)
    """The wait of the order that ends with the answer, if it stands still for it."""
    answer = models.TextField(blank=True)
    answered_by = models.CharField(max_length=80, blank=True)
    """Who knew the answer; for the manufacturer whoever was spoken to."""
    recorded_by = models.CharField(max_length=80, blank=True)
    ended_at = models.DateTimeField(null=True)
    withdrawn_because = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="question_state_known", condition=Q(state__in=[state.value for state in QuestionState])
            ),
            models.CheckConstraint(
                name="question_asked_of_somebody",
                condition=Q(asked_of=Addressee.EXPERT.value, expert__isnull=False, manufacturer__isnull=True)
                | Q(asked_of=Addressee.MANUFACTURER.value, expert__isnull=True, manufacturer__isnull=False),
            ),
            models.CheckConstraint(name="question_has_words", condition=~Q(question="") & ~Q(addressee="")),
            models.CheckConstraint(
                name="question_ends_whole",
                condition=Q(state=QuestionState.ASKED.value, ended_at__isnull=True, answer="")
                | (Q(state=QuestionState.ANSWERED.value, ended_at__isnull=False) & ~Q(answer="") & ~Q(answered_by=""))
                | (Q(state=QuestionState.WITHDRAWN.value, ended_at__isnull=False) & ~Q(withdrawn_because="")),
            ),
        ]
        indexes = [
            models.Index(fields=["due_at"], name="question_open", condition=Q(ended_at__isnull=True)),
            models.Index(fields=["expert", "state", "due_at"], name="question_by_expert"),
            models.Index(fields=["state", "-id"], name="question_by_state"),
        ]

    def facts(self) -> QuestionFacts:
        """What the steps ask about this question."""
        return QuestionFacts(addressee=Addressee(self.asked_of))
