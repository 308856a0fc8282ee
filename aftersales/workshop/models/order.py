"""The repair order itself. Fields and constraints; decisions stand in `rules`."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import F, Q

from aftersales.core.money import Money
from aftersales.workshop.rules import quotation
from aftersales.workshop.rules.handover import Authority, OldParts
from aftersales.workshop.rules.order import IN_HOUSE, OrderFacts, OrderState

IN_HOUSE_VALUES = [state.value for state in IN_HOUSE]
IN_THE_HOUSE = Q(handed_over_at__isnull=True)


class SignedTerms(models.Model):
    """The house's terms of intake as they stood when a customer signed them. Each wording is kept once, and never changed."""

    digest = models.CharField(max_length=64, unique=True)
    words = models.JSONField(default=dict)
    """Name of the terms, such as `intake_zh_hans` → their words."""

    def __str__(self) -> str:
        return self.digest[:12]


class RepairOrder(models.Model):
    """One unit's stay with us, from intake to handover."""

    number = models.CharField(max_length=24, unique=True)
    # Keys without an index of their own are the beginning of one below.
    station = models.ForeignKey("staff.Station", on_delete=models.PROTECT, related_name="+", db_index=False)
    customer = models.ForeignKey("customers.Customer", on_delete=models.PROTECT, related_name="+", db_index=False)
    unit = models.ForeignKey("customers.Unit", on_delete=models.PROTECT, related_name="+", db_index=False)
    trade = models.CharField(max_length=16)
    category = models.ForeignKey("catalog.Category", on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=12, default=OrderState.RECEIVED.value)

    fault = models.TextField()
    accessories = models.JSONField(default=list)
    condition = models.JSONField(default=dict)
    """The checklist of the trade: code of each line that was answered → code of the answer."""
    marks = models.JSONField(default=list)
    """Damage marked on the drawing at intake; see `rules.intake`."""
    signature = models.JSONField(default=list)
    """The customer's signature at intake: strokes of points; see `core.strokes`."""
    is_signed_on_paper = models.BooleanField(default=False)
    signed_by = models.CharField(max_length=80, blank=True)
    signed_at = models.DateTimeField(null=True)
    signed_terms = models.ForeignKey(SignedTerms, on_delete=models.PROTECT, related_name="+", null=True, db_index=False)
    """The terms that were signed; none where nothing was, or where it was before they were kept."""
    is_reminded_of_valuables = models.BooleanField(default=False)
    intake_note = models.TextField(blank=True)
    meter_reading = models.PositiveIntegerField(null=True)
    is_meter_unreadable = models.BooleanField(default=False)
    pieces = models.PositiveIntegerField(null=True)
    """How many pieces came, in trades that count them."""
    symptoms = models.JSONField(default=list)
    cause = models.CharField(max_length=30, blank=True)
    remedy = models.CharField(max_length=30, blank=True)
    diagnosis = models.TextField(blank=True)
    work_done = models.TextField(blank=True)

    advisor = models.ForeignKey("staff.Person", on_delete=models.PROTECT, related_name="+", db_index=False)
    technician = models.ForeignKey(
        "staff.Person", on_delete=models.PROTECT, related_name="+", null=True, db_index=False
    )

    received_at = models.DateTimeField()
    house_promised_at = models.DateTimeField()
    """What the house rule promised at intake; a promise agreed later leaves it visible."""
    promised_at = models.DateTimeField()
    warn_at = models.DateTimeField()
    moved_at = models.DateTimeField()
    contacted_at = models.DateTimeField(null=True)
    """When the customer was last told how it stands."""
    ready_at = models.DateTimeField(null=True)
    """When the unit could be fetched: repaired, declined or cancelled."""
    handed_over_at = models.DateTimeField(null=True)

    waiting_for = models.CharField(max_length=12, blank=True)
    waiting_on = models.CharField(max_length=80, blank=True)
    waiting_since = models.DateTimeField(null=True)

    question_due_at = models.DateTimeField(null=True)
    """When the first answer to an open expert question is due, and from when that is pressing; see `ExpertQuestion`."""
    question_warn_at = models.DateTimeField(null=True)

    repeat_of = models.ForeignKey("self", on_delete=models.PROTECT, related_name="repeats", null=True)
    """The earlier order whose fault came back; its work is done again without charge."""
    repeat_note = models.CharField(max_length=300, blank=True)
    """Why it is another fault, or why it was first thought otherwise."""
    rework_count = models.PositiveSmallIntegerField(default=0)
    covered_until = models.DateField(null=True)
    """The first day on which the house no longer answers for this repair."""
    work_told = models.TextField(blank=True)
    """What was done, in the words in which the customer was told."""
    old_parts = models.CharField(max_length=12, blank=True)
    is_explained = models.BooleanField(default=False)
    advice = models.CharField(max_length=500, blank=True)
    next_visit_on = models.DateField(null=True)
    taken_by = models.CharField(max_length=80, blank=True)
    authority = models.CharField(max_length=12, blank=True)
    """Why the person who took the unit might: the customer himself, a slip, a letter, his word by telephone."""
    handover_signature = models.JSONField(default=list)
    is_handover_signed_on_paper = models.BooleanField(default=False)
    """Whether who took the unit signed the printed sheet instead of the screen."""

    quotation_no = models.PositiveSmallIntegerField(default=0)
    """How many versions of the quotation were given to the customer."""
    is_quoted = models.BooleanField(default=False)
    """Whether the lines as they stand were given to the customer."""
    valid_until = models.DateField(null=True)
    line_count = models.PositiveSmallIntegerField(default=0)
    open_count = models.PositiveSmallIntegerField(default=0)
    agreed_count = models.PositiveSmallIntegerField(default=0)
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
                name="order_lines_add_up", condition=Q(line_count__gte=F("open_count") + F("agreed_count"))
            ),
            models.CheckConstraint(
                name="order_old_parts_known", condition=Q(old_parts__in=["", *(each.value for each in OldParts)])
            ),
            models.CheckConstraint(
                name="order_authority_known", condition=Q(authority__in=["", *(each.value for each in Authority)])
            ),
            models.CheckConstraint(
                name="order_not_its_own_repeat", condition=Q(repeat_of__isnull=True) | ~Q(repeat_of=F("id"))
            ),
            models.CheckConstraint(
                name="order_gone_since_handover",
                condition=Q(state__in=IN_HOUSE_VALUES, handed_over_at__isnull=True)
                | (~Q(state__in=IN_HOUSE_VALUES) & Q(handed_over_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="order_signature_has_name_and_instant",
                condition=Q(signed_at__isnull=True, signed_by="", is_signed_on_paper=False)
                | (Q(signed_at__isnull=False) & ~Q(signed_by="")),
            ),
            models.CheckConstraint(
                name="order_waiting_is_whole",
                condition=Q(waiting_for="", waiting_since__isnull=True)
                | (~Q(waiting_for="") & ~Q(waiting_on="") & Q(waiting_since__isnull=False)),
            ),
            models.CheckConstraint(
                name="order_question_is_whole",
                condition=Q(question_due_at__isnull=True, question_warn_at__isnull=True)
                | Q(question_due_at__isnull=False, question_warn_at__isnull=False),
            ),
            models.UniqueConstraint(
                name="order_one_in_house_per_unit", fields=["unit"], condition=Q(state__in=IN_HOUSE_VALUES)
            ),
        ]
        indexes = [
            models.Index(fields=["station", "-id"], name="order_newest"),
            models.Index(fields=["station", "state", "-id"], name="order_by_state"),
            models.Index(fields=["state", "-id"], name="order_by_state_everywhere"),
            models.Index(fields=["station", "trade", "-id"], name="order_by_trade"),
            models.Index(fields=["trade", "-id"], name="order_by_trade_everywhere"),
            models.Index(fields=["customer", "-id"], name="order_by_customer"),
            models.Index(fields=["unit", "-id"], name="order_by_unit"),
            models.Index(fields=["technician", "-id"], name="order_of_technician"),
            models.Index(fields=["advisor", "-id"], name="order_of_advisor"),
            models.Index(fields=["station", "promised_at", "id"], name="order_by_promise"),
            models.Index(fields=["promised_at", "id"], name="order_by_promise_everywhere"),
            models.Index(fields=["station", "moved_at", "id"], name="order_by_step"),
            models.Index(fields=["moved_at", "id"], name="order_by_step_everywhere"),
            models.Index(fields=["received_at", "station", "category"], name="order_by_day"),
            models.Index(fields=["handed_over_at", "station"], name="order_by_handover"),
            # What is in the house is little, however long the history. SQLite uses an index of a part only where the
            # question names that part literally, and Django names no values; it does name what is missing.
            models.Index(fields=["station", "state", "promised_at"], name="order_in_house", condition=IN_THE_HOUSE),
            models.Index(fields=["promised_at"], name="order_in_house_anywhere", condition=IN_THE_HOUSE),
            models.Index(fields=["technician", "promised_at"], name="order_on_bench", condition=IN_THE_HOUSE),
            models.Index(fields=["station", "ready_at"], name="order_unclaimed", condition=IN_THE_HOUSE),
            models.Index(
                fields=["question_due_at"], name="order_by_question", condition=Q(question_due_at__isnull=False)
            ),
            models.Index(fields=["station", "-id"], name="order_repeats", condition=Q(repeat_of__isnull=False)),
            models.Index(fields=["station", "rework_count"], name="order_by_rework"),
        ]

    def __str__(self) -> str:
        return self.number

    def facts(self, today: date) -> OrderFacts:
        """What the steps ask about this order, on the day `today`."""
        return OrderFacts(
            line_count=self.line_count,
            open_count=self.open_count,
            agreed_count=self.agreed_count,
            is_quoted=self.is_quoted,
            has_technician=self.technician_id is not None,
            is_waiting=bool(self.waiting_for),
            is_quotation_valid=quotation.is_valid(self.valid_until, today),
            is_explained=self.is_explained,
            has_old_parts_answer=bool(self.old_parts),
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
