"""Payments noted against an order. Accounts are kept elsewhere."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from aftersales.core.money import Money
from aftersales.workshop.models.order import RepairOrder
from aftersales.workshop.rules import quotation


class Payment(models.Model):
    """A payment noted against an order."""

    order = models.ForeignKey(RepairOrder, on_delete=models.PROTECT, related_name="payments")
    amount_fen = models.BigIntegerField()
    way = models.CharField(max_length=8, choices=[(way.value, way.value) for way in quotation.PaymentWay])
    paid_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=80)

    class Meta:
        constraints = [models.CheckConstraint(name="payment_positive", condition=Q(amount_fen__gt=0))]

    @property
    def amount(self) -> Money:
        """What was paid."""
        return Money(self.amount_fen)
