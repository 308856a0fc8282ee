"""Stores, items, moves, the balances kept of them, reservations and stocktakes."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import F, Q

from aftersales.core.money import Money
from aftersales.core.text import Text
from aftersales.warehouse.rules import moves, stocktakes, stores
from aftersales.warehouse.rules.stocktakes import StocktakeState
from aftersales.warehouse.rules.stores import StoreKind, Tracking


class Store(models.Model):
    """A place where goods are, or one of the outsides they come from and go to. Its kind and station never change."""

    code = models.CharField(max_length=20, unique=True)
    name = models.CharField(max_length=80)
    kind = models.CharField(max_length=12)
    station = models.ForeignKey("staff.Station", null=True, on_delete=models.PROTECT, related_name="+")
    is_open = models.BooleanField(default=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(code="") & ~Q(name=""), name="store_has_code_and_name"),
            models.CheckConstraint(condition=Q(kind__in=[kind.value for kind in StoreKind]), name="store_kind"),
            models.CheckConstraint(
                condition=Q(station__isnull=False) & Q(kind__in=[kind.value for kind in stores.INSIDE])
                | Q(station__isnull=True) & Q(kind__in=[kind.value for kind in (*stores.OUTSIDE, *stores.SHARED)]),
                name="store_station_fits_kind",
            ),
            models.UniqueConstraint(
                fields=["kind"],
                condition=Q(kind__in=[kind.value for kind in stores.OUTSIDE]),
                name="store_one_of_each_outside",
            ),
        ]
        ordering = ["code"]

    def __str__(self) -> str:
        return str(self.kind_label) if not self.is_inside else self.name

    @property
    def is_inside(self) -> bool:
        """Whether goods here are stock of ours."""
        return stores.is_inside(self.kind)

    @property
    def kind_label(self) -> Text:
        """What the store is for, in words."""
        return stores.LABELS[self.kind]

    def facts(self) -> dict[str, Any]:
        """What the journal and the comparison of two edits look at."""
        return {"code": self.code, "name": self.name, "kind": self.kind, "is_open": self.is_open}


class Item(models.Model):
    """Something that is kept: goods, or a part of the catalog."""

    code = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=120)
    trade = models.CharField(max_length=30, blank=True)
    measure = models.CharField(max_length=10, blank=True)
    """The smallest measure it is counted in."""
    cost_fen = models.PositiveIntegerField(default=0)
    tracking = models.CharField(max_length=8, default=Tracking.NONE.value)
    part = models.OneToOneField("catalog.Part", null=True, on_delete=models.PROTECT, related_name="+")
    is_active = models.BooleanField(default=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(code="") & ~Q(name=""), name="item_has_code_and_name"),
            models.CheckConstraint(
                condition=Q(tracking__in=[tracking.value for tracking in Tracking]), name="item_tracking"
            ),
        ]
        ordering = ["code"]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"

    @property
    def cost(self) -> Money:
        """What one of it costs us."""
        return Money(self.cost_fen)

    @property
    def tracking_label(self) -> Text:
        """How its pieces are told apart, in words."""
        return stores.TRACKING_LABELS[self.tracking]

    def facts(self) -> dict[str, Any]:
        """What the journal and the comparison of two edits look at."""
        return {
            "code": self.code,
            "name": self.name,
            "trade": self.trade,
            "measure": self.measure,
            "cost": self.cost.plain,
            "tracking": self.tracking,
            "part": self.part.code if self.part else "",
            "is_active": self.is_active,
        }


class Move(models.Model):
    """So much of an item went from one store to another. The database lets nothing of it change; what was wrong is moved back."""

    number = models.CharField(max_length=40)
    """All moves of one act have one number."""
    kind = models.CharField(max_length=10)
    from_store = models.ForeignKey(Store, on_delete=models.PROTECT, related_name="+")
    to_store = models.ForeignKey(Store, on_delete=models.PROTECT, related_name="+")
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="+")
    batch = models.CharField(max_length=60, blank=True)
    quantity = models.PositiveBigIntegerField()
    reference = models.CharField(max_length=60, blank=True)
    """The paper it goes by, such as the delivery note."""
    note = models.CharField(max_length=300, blank=True)
    reverses = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="reversed_by")
    moved_by = models.CharField(max_length=40)
    moved_name = models.CharField(max_length=80)
    moved_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(quantity__gt=0), name="move_of_something"),
            models.CheckConstraint(condition=~Q(from_store=F("to_store")), name="move_to_another_store"),
            models.CheckConstraint(condition=Q(kind__in=[kind.value for kind in moves.MoveKind]), name="move_kind"),
            models.CheckConstraint(
                condition=Q(kind=moves.MoveKind.REVERSAL.value, reverses__isnull=False)
                | ~Q(kind=moves.MoveKind.REVERSAL.value) & Q(reverses__isnull=True),
                name="move_reverses_or_not",
            ),
        ]
        indexes = [
            models.Index(fields=["item", "-id"], name="move_by_item"),
            models.Index(fields=["number"], name="move_by_number"),
            models.Index(fields=["reference", "item"], condition=~Q(reference=""), name="move_by_reference"),
        ]
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.number

    @property
    def kind_label(self) -> Text:
        """Why it moved, in words."""
        return moves.MOVE_LABELS[self.kind]


class Balance(models.Model):
    """How much of an item is in a store: the sum of its moves, kept in the same act. Inside it is never below zero."""

    store = models.ForeignKey(Store, on_delete=models.PROTECT, related_name="+")
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="+")
    batch = models.CharField(max_length=60, blank=True)
    bin = models.CharField(max_length=30, blank=True)
    """Where in the store it lies."""
    quantity = models.BigIntegerField(default=0)
    reserved = models.BigIntegerField(default=0)
    is_inside = models.BooleanField()
    is_serial = models.BooleanField()
    last_moved_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["store", "item", "batch"], name="balance_once"),
            models.CheckConstraint(condition=Q(is_inside=False) | Q(quantity__gte=0), name="balance_not_below_zero"),
            models.CheckConstraint(
                condition=Q(reserved=0) | Q(is_inside=True, reserved__gt=0, reserved__lte=F("quantity")),
                name="balance_reserved_is_there",
            ),
            models.UniqueConstraint(
                fields=["item", "batch"],
                condition=Q(is_inside=True, is_serial=True, quantity__gt=0),
                name="balance_serial_in_one_place",
            ),
            models.CheckConstraint(
                condition=Q(is_inside=False) | Q(is_serial=False) | Q(quantity__lte=1), name="balance_serial_is_one"
            ),
        ]
        indexes = [
            models.Index(
                fields=["last_moved_at"], condition=Q(is_inside=True, quantity__gt=0), name="balance_lies_since"
            ),
        ]
        ordering = ["store__code", "item__code", "batch"]

    def __str__(self) -> str:
        return f"{self.item.code} {self.batch}".strip()

    @property
    def free(self) -> int:
        """How much of it nobody has reserved."""
        return self.quantity - self.reserved

    @property
    def value(self) -> Money:
        """What it cost us."""
        return self.item.cost.times(self.quantity)


class Reservation(models.Model):
    """So much of what lies in a store is kept for something."""

    balance = models.ForeignKey(Balance, on_delete=models.PROTECT, related_name="reservations")
    quantity = models.PositiveBigIntegerField()
    purpose = models.CharField(max_length=120)
    reserved_by = models.CharField(max_length=40)
    reserved_name = models.CharField(max_length=80)
    reserved_at = models.DateTimeField()
    released_by = models.CharField(max_length=40, blank=True)
    released_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(quantity__gt=0) & ~Q(purpose=""), name="reservation_of_something"),
        ]
        ordering = ["id"]

    def __str__(self) -> str:
        return self.purpose


class Stocktake(models.Model):
    """A store is counted. Differences become moves when somebody else approves them."""

    number = models.CharField(max_length=40, unique=True)
    """Also the number of the moves that its differences become."""
    store = models.ForeignKey(Store, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, default=StocktakeState.COUNTING.value)
    note = models.CharField(max_length=300, blank=True)
    begun_by = models.CharField(max_length=40)
    begun_name = models.CharField(max_length=80)
    begun_at = models.DateTimeField()
    handed_in_by = models.CharField(max_length=40, blank=True)
    handed_in_name = models.CharField(max_length=80, blank=True)
    handed_in_at = models.DateTimeField(null=True)
    approved_by = models.CharField(max_length=40, blank=True)
    approved_name = models.CharField(max_length=80, blank=True)
    approved_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["store"],
                condition=Q(state__in=[state.value for state in stocktakes.OPEN]),
                name="stocktake_one_open",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[state.value for state in StocktakeState]), name="stocktake_state"
            ),
            models.CheckConstraint(
                condition=~Q(state=StocktakeState.APPROVED.value)
                | ~Q(approved_by="")
                & ~Q(handed_in_by="")
                & ~Q(approved_by=F("handed_in_by"))
                & Q(approved_at__isnull=False),
                name="stocktake_approved_by_another",
            ),
        ]
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.number

    @property
    def state_label(self) -> Text:
        """How far it is, in words."""
        return stocktakes.STATE_LABELS[self.state]

    @property
    def state_tone(self) -> str:
        """The tone in which the state is shown."""
        return stocktakes.STATE_TONES[self.state]


class CountedLine(models.Model):
    """What was counted of one item, beside what the books said at that instant."""

    stocktake = models.ForeignKey(Stocktake, on_delete=models.PROTECT, related_name="lines")
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="+")
    batch = models.CharField(max_length=60, blank=True)
    expected = models.PositiveBigIntegerField()
    counted = models.PositiveBigIntegerField()
    counted_by = models.CharField(max_length=40)
    counted_name = models.CharField(max_length=80)
    counted_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["stocktake", "item", "batch"], name="counted_line_once"),
        ]
        ordering = ["item__code", "batch"]

    def __str__(self) -> str:
        return f"{self.item.code} {self.batch}".strip()

    @property
    def difference(self) -> int:
        """How much more was there than the books said; less where negative."""
        return self.counted - self.expected

    @property
    def value(self) -> Money:
        """What the difference cost us."""
        return self.item.cost.times(self.difference)


class SlowDecision(models.Model):
    """What was decided about goods that had not moved for long; never changed, only followed by another."""

    balance = models.ForeignKey(Balance, on_delete=models.PROTECT, related_name="decisions")
    handling = models.CharField(max_length=10)
    reason = models.CharField(max_length=300)
    quantity = models.PositiveBigIntegerField()
    value_fen = models.BigIntegerField()
    days = models.PositiveIntegerField()
    decided_by = models.CharField(max_length=40)
    decided_name = models.CharField(max_length=80)
    decided_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(handling__in=[handling.value for handling in stocktakes.Handling]), name="slow_handling"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="slow_with_reason"),
        ]
        ordering = ["-id"]

    def __str__(self) -> str:
        return str(self.handling_label)

    @property
    def handling_label(self) -> Text:
        """What is to be done, in words."""
        return stocktakes.HANDLING_LABELS[self.handling]
