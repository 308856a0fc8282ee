"""Repair orders and what belongs to them. Fields and constraints; decisions stand in `rules`."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q

from aftersales.core.money import Money
from aftersales.workshop.rules import quotation
from aftersales.workshop.rules.order import IN_HOUSE, OrderFacts, OrderState

IN_HOUSE_VALUES = [state.value for state in IN_HOUSE]


class RepairOrder(models.Model):
    """One unit's stay with us, from intake to handover."""

    number = models.CharField(max_length=24, unique=True)
    station = models.ForeignKey("staff.Station", on_delete=models.PROTECT, related_name="+")
    customer = models.ForeignKey("customers.Customer", on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey("customers.Unit", on_delete=models.PROTECT, related_name="+")
    trade = models.CharField(max_length=16)
    category = models.ForeignKey("catalog.Category", on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=12, default=OrderState.RECEIVED.value)

    fault = models.TextField()
    accessories = models.JSONField(default=list)
    condition = models.JSONField(default=list)
    intake_note = models.TextField(blank=True)
    meter_reading = models.PositiveIntegerField(null=True)
    diagnosis = models.TextField(blank=True)
    work_done = models.TextField(blank=True)

    advisor = models.ForeignKey("staff.Person", on_delete=models.PROTECT, related_name="+")
    technician = models.ForeignKey("staff.Person", on_delete=models.PROTECT, related_name="+", null=True)

    received_at = models.DateTimeField()
    promised_at = models.DateTimeField()
    warn_at = models.DateTimeField()
    moved_at = models.DateTimeField()
    handed_over_at = models.DateTimeField(null=True)

    waiting_for = models.CharField(max_length=12, blank=True)
    waiting_on = models.CharField(max_length=80, blank=True)
    waiting_since = models.DateTimeField(null=True)

    valid_until = models.DateField(null=True)
    line_count = models.PositiveSmallIntegerField(default=0)
    total_fen = models.BigIntegerField(default=0)
    due_fen = models.BigIntegerField(default=0)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.CheckConstraint(name="order_state_known", condition=Q(state__in=[s.value for s in OrderState])),
            models.CheckConstraint(name="order_total_not_negative", condition=Q(total_fen__gte=0)),
            models.CheckConstraint(
                name="order_due_within_total", condition=Q(due_fen__gte=0, due_fen__lte=F("total_fen"))
            ),
            models.CheckConstraint(
                name="order_waiting_is_whole",
                condition=Q(waiting_for="", waiting_since__isnull=True)
                | (~Q(waiting_for="") & ~Q(waiting_on="") & Q(waiting_since__isnull=False)),
            ),
            models.UniqueConstraint(
                name="order_one_in_house_per_unit", fields=["unit"], condition=Q(state__in=IN_HOUSE_VALUES)
            ),
        ]
        indexes = [
            models.Index(fields=["station", "-id"], name="order_newest"),
            models.Index(fields=["station", "state", "-id"], name="order_by_state"),
            models.Index(fields=["state", "-id"], name="order_by_state_everywhere"),
            models.Index(fields=["customer", "-id"], name="order_by_customer"),
            models.Index(fields=["unit", "-id"], name="order_by_unit"),
            models.Index(fields=["received_at", "category"], name="order_by_day"),
            models.Index(fields=["promised_at"], name="order_promised", condition=Q(state__in=IN_HOUSE_VALUES)),
            models.Index(fields=["technician", "state"], name="order_by_technician"),
            models.Index(fields=["advisor", "state"], name="order_by_advisor"),
        ]

    def facts(self, today: date) -> OrderFacts:
        """What the steps ask about this order, on the day `today`."""
        return OrderFacts(
            line_count=self.line_count,
            has_technician=self.technician_id is not None,
            is_waiting=bool(self.waiting_for),
            is_quotation_valid=quotation.is_valid(self.valid_until, today),
            due_fen=self.due_fen,
        )

    @property
    def total(self) -> Money:
        """What the quotation amounts to."""
        return Money(self.total_fen)

    @property
    def due(self) -> Money:
        """What the customer still has to pay."""
        return Money(self.due_fen)


class QuotationLine(models.Model):
    """One thing the customer is asked to pay for, with the basis of its price."""

    order = models.ForeignKey(RepairOrder, on_delete=models.CASCADE, related_name="lines")
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=8, choices=[(kind.value, kind.value) for kind in quotation.LineKind])
    description = models.CharField(max_length=200)
    basis = models.CharField(max_length=200, blank=True)
    quantity = models.DecimalField(max_digits=8, decimal_places=2, validators=[MinValueValidator(Decimal("0.01"))])
    unit_price_fen = models.BigIntegerField()
    amount_fen = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["order", "position"], name="quotation_line_position_once"),
            models.CheckConstraint(name="quotation_line_quantity_positive", condition=Q(quantity__gt=0)),
            models.CheckConstraint(name="quotation_line_price_not_negative", condition=Q(unit_price_fen__gte=0)),
            models.CheckConstraint(name="quotation_line_amount_not_negative", condition=Q(amount_fen__gte=0)),
        ]

    @property
    def unit_price(self) -> Money:
        """The price of one."""
        return Money(self.unit_price_fen)

    @property
    def amount(self) -> Money:
        """The price of the line."""
        return Money(self.amount_fen)


class Consent(models.Model):
    """The customer's recorded answer to a quotation: yes or no, from whom, how, and to what amount."""

    order = models.ForeignKey(RepairOrder, on_delete=models.PROTECT, related_name="consents")
    is_yes = models.BooleanField()
    way = models.CharField(max_length=12, choices=[(way.value, way.value) for way in quotation.ConsentWay])
    given_by = models.CharField(max_length=80)
    note = models.TextField(blank=True)
    total_fen = models.BigIntegerField()
    given_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=80)

    @property
    def total(self) -> Money:
        """The amount the answer was about."""
        return Money(self.total_fen)


class QualityCheck(models.Model):
    """One check before handover: passed or not, what was looked at, and by whom."""

    order = models.ForeignKey(RepairOrder, on_delete=models.PROTECT, related_name="checks")
    has_passed = models.BooleanField()
    points = models.JSONField(default=list)
    note = models.TextField(blank=True)
    checked_at = models.DateTimeField()
    checked_by = models.CharField(max_length=80)


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


class PastRepair(models.Model):
    """A repair done before this system or elsewhere, kept for history, counts and search."""

    station = models.ForeignKey("staff.Station", on_delete=models.PROTECT, related_name="+")
    source = models.CharField(max_length=32)
    source_id = models.CharField(max_length=64)
    category = models.CharField(max_length=80)
    brand = models.CharField(max_length=120, blank=True)
    model = models.CharField(max_length=300, blank=True)
    problem = models.TextField(blank=True)
    outcome = models.CharField(max_length=40, blank=True)
    place = models.CharField(max_length=120, blank=True)
    repaired_on = models.DateField(null=True)
    fingerprint = models.CharField(max_length=32)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "source_id"], name="past_repair_once")]
        indexes = [
            models.Index(fields=["station", "repaired_on", "category"], name="past_repair_by_day"),
            models.Index(fields=["station", "category", "-repaired_on"], name="past_repair_by_category"),
        ]
