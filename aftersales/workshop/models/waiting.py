"""Standing still, telling the customer, and what was promised when."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from aftersales.core.text import Text
from aftersales.workshop.models.order import RepairOrder
from aftersales.workshop.rules.order import WaitingFor
from aftersales.workshop.rules.promise import CONTACT_REASONS, ContactReason
from aftersales.workshop.rules.quotation import ConsentWay


class Wait(models.Model):
    """One stretch during which an order stood still: for what, who saw to it, from when to when."""

    order = models.ForeignKey(RepairOrder, on_delete=models.PROTECT, related_name="waits")
    waiting_for = models.CharField(max_length=12, choices=[(each.value, each.value) for each in WaitingFor])
    owner = models.CharField(max_length=80)
    owner_person = models.ForeignKey("staff.Person", on_delete=models.PROTECT, related_name="+", null=True)
    note = models.CharField(max_length=500, blank=True)
    expected_on = models.DateField(null=True)
    is_pausing = models.BooleanField(default=False)
    """Whether the promise stood still meanwhile, as the house's rules said then."""
    started_at = models.DateTimeField()
    started_by = models.CharField(max_length=80)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="wait_one_open_per_order", fields=["order"], condition=Q(ended_at=None)),
            models.CheckConstraint(name="wait_has_owner", condition=~Q(owner="")),
            models.CheckConstraint(
                name="wait_ends_after_start", condition=Q(ended_at=None) | Q(ended_at__gte=models.F("started_at"))
            ),
        ]
        indexes = [
            models.Index(
                fields=["owner_person"],
                name="wait_open_by_owner",
                condition=Q(ended_at=None, owner_person__isnull=False),
            )
        ]


class Contact(models.Model):
    """The customer was told how it stands: the proof that he heard it before the promise was missed, or after."""

    order = models.ForeignKey(RepairOrder, on_delete=models.PROTECT, related_name="contacts")
    contacted_at = models.DateTimeField()
    way = models.CharField(max_length=12, choices=[(way.value, way.value) for way in ConsentWay])
    reached = models.CharField(max_length=80)
    reason = models.CharField(max_length=12, choices=[(each.value, each.value) for each in ContactReason])
    note = models.CharField(max_length=500, blank=True)
    promised_at = models.DateTimeField()
    """What was promised at that moment."""
    was_in_time = models.BooleanField()
    """Whether it was before that promise was missed."""
    recorded_by = models.CharField(max_length=80)

    class Meta:
        constraints = [models.CheckConstraint(name="contact_reached_somebody", condition=~Q(reached=""))]

    @property
    def reason_label(self) -> Text:
        """Why the customer was told, in words."""
        return CONTACT_REASONS[ContactReason(self.reason)]


class Promise(models.Model):
    """One promised instant; the first follows from the house rule, each later one was agreed with the customer."""

    order = models.ForeignKey(RepairOrder, on_delete=models.PROTECT, related_name="promises")
    promised_at = models.DateTimeField()
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=80)
    contact = models.OneToOneField(Contact, on_delete=models.PROTECT, related_name="new_promise", null=True)
    """The contact in which it was agreed; none for what the house rule promised."""

    class Meta:
        indexes = [models.Index(fields=["promised_at"], name="promise_by_instant")]
