"""What the customer is asked to pay for, what was shown to him, and what he answered, line by line."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q

from aftersales.core.money import Money
from aftersales.workshop.models.order import RepairOrder
from aftersales.workshop.rules import quotation
from aftersales.workshop.rules.quotation import Decision


class Quotation(models.Model):
    """One version of a quotation as it was given to the customer: a copy of its lines that nothing changes any more."""

    order = models.ForeignKey(RepairOrder, on_delete=models.PROTECT, related_name="quotations")
    number = models.PositiveSmallIntegerField()
    lines = models.JSONField(default=list)
    total_fen = models.BigIntegerField()
    valid_until = models.DateField()
    note = models.CharField(max_length=500, blank=True)
    given_at = models.DateTimeField()
    given_by = models.CharField(max_length=80)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["order", "number"], name="quotation_number_once"),
            models.CheckConstraint(name="quotation_total_not_negative", condition=Q(total_fen__gte=0)),
        ]

    @property
    def total(self) -> Money:
        """What it amounts to."""
        return Money(self.total_fen)


class Consent(models.Model):
    """The customer's recorded answer: which lines, yes or no, from whom, how, to what amount, and its proof."""

    order = models.ForeignKey(RepairOrder, on_delete=models.PROTECT, related_name="consents")
    quotation_no = models.PositiveSmallIntegerField(default=1)
    is_yes = models.BooleanField()
    answers = models.JSONField(default=list)
    """For each line: position, description, decision, amount in fen."""
    way = models.CharField(max_length=12, choices=[(way.value, way.value) for way in quotation.ConsentWay])
    given_by = models.CharField(max_length=80)
    note = models.TextField(blank=True)
    signature = models.JSONField(default=list)
    total_fen = models.BigIntegerField()
    given_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=80)

    @property
    def total(self) -> Money:
        """The amount that was agreed to, or refused."""
        return Money(self.total_fen)


class QuotationLine(models.Model):
    """One thing the customer is asked to pay for, with the basis of its price and his answer."""

    order = models.ForeignKey(RepairOrder, on_delete=models.CASCADE, related_name="lines")
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=8, choices=[(kind.value, kind.value) for kind in quotation.LineKind])
    code = models.CharField(max_length=40, blank=True)
    """The labour operation or part of the catalog, if it is one."""
    description = models.CharField(max_length=200)
    basis = models.CharField(max_length=200, blank=True)
    quantity = models.DecimalField(max_digits=8, decimal_places=2, validators=[MinValueValidator(Decimal("0.01"))])
    unit_price_fen = models.BigIntegerField()
    discount_fen = models.BigIntegerField(default=0)
    discount_reason = models.CharField(max_length=200, blank=True)
    amount_fen = models.BigIntegerField()
    """Quantity times price, less the discount."""
    choice = models.CharField(max_length=40, blank=True)
    """Lines with the same word here are alternatives: the customer takes one option of them at most."""
    option = models.CharField(max_length=40, blank=True)
    decision = models.CharField(max_length=8, default=Decision.OPEN.value)
    decided_at = models.DateTimeField(null=True)
    consent = models.ForeignKey(Consent, on_delete=models.PROTECT, related_name="+", null=True)
    done_at = models.DateTimeField(null=True)
    done_by = models.CharField(max_length=80, blank=True)
    offered_from = models.ForeignKey("self", on_delete=models.PROTECT, related_name="offers", null=True)
    """The line declined at an earlier visit that is offered again here."""

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["order", "position"], name="quotation_line_position_once"),
            models.CheckConstraint(name="quotation_line_quantity_positive", condition=Q(quantity__gt=0)),
            models.CheckConstraint(name="quotation_line_price_not_negative", condition=Q(unit_price_fen__gte=0)),
            models.CheckConstraint(name="quotation_line_amount_not_negative", condition=Q(amount_fen__gte=0)),
            models.CheckConstraint(
                name="quotation_line_discount_has_reason",
                condition=Q(discount_fen=0) | (Q(discount_fen__gt=0) & ~Q(discount_reason="")),
            ),
            models.CheckConstraint(
                name="quotation_line_decision_known", condition=Q(decision__in=[each.value for each in Decision])
            ),
            models.CheckConstraint(
                name="quotation_line_answer_has_proof",
                condition=Q(decision=Decision.OPEN.value, consent__isnull=True, decided_at__isnull=True)
                | (~Q(decision=Decision.OPEN.value) & Q(consent__isnull=False, decided_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="quotation_line_done_only_if_agreed",
                condition=Q(done_at__isnull=True) | Q(decision=Decision.AGREED.value),
            ),
            models.CheckConstraint(
                name="quotation_line_option_is_whole",
                condition=Q(choice="", option="") | (~Q(choice="") & ~Q(option="")),
            ),
            models.UniqueConstraint(
                name="quotation_line_offered_once_per_order",
                fields=["order", "offered_from"],
                condition=Q(offered_from__isnull=False),
            ),
            models.CheckConstraint(
                name="quotation_line_not_offered_from_itself",
                condition=Q(offered_from__isnull=True) | ~Q(offered_from=F("id")),
            ),
        ]

    @property
    def unit_price(self) -> Money:
        """The price of one."""
        return Money(self.unit_price_fen)

    @property
    def discount(self) -> Money:
        """What is taken off."""
        return Money(self.discount_fen)

    @property
    def amount(self) -> Money:
        """The price of the line."""
        return Money(self.amount_fen)

    def facts(self) -> quotation.LineFacts:
        """What the sums and the customer's answer ask about this line."""
        return quotation.LineFacts(
            position=self.position,
            amount=self.amount,
            decision=Decision(self.decision),
            choice=self.choice,
            option=self.option,
            is_done=self.done_at is not None,
        )

    def snapshot(self) -> dict[str, Any]:
        """The line as a given version of the quotation keeps it."""
        kept = (
            "position", "kind", "code", "description", "basis", "unit_price_fen", "discount_fen", "discount_reason",
            "amount_fen", "choice", "option", "decision",
        )  # fmt: skip
        return {name: getattr(self, name) for name in kept} | {"quantity": str(self.quantity)}
