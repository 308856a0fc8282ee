"""The catalog's tables. Trade profiles are files, not tables; their categories are rows so that units can point at them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db import models
from django.db.models import Q

from aftersales.catalog.rules.labels import Label, label
from aftersales.catalog.rules.prices import hours_of, labour_price
from aftersales.core.money import Money


class Category(models.Model):
    """A kind of unit by which work is counted, such as rice harvesters."""

    trade = models.CharField(max_length=30)
    code = models.CharField(max_length=30)
    position = models.PositiveSmallIntegerField(default=0)
    name_en = models.CharField(max_length=80)
    name_zh_hans = models.CharField(max_length=80)
    name_zh_hant = models.CharField(max_length=80)
    is_active = models.BooleanField(default=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["trade", "code"], name="category_code_once_per_trade")]

    def __str__(self) -> str:
        return str(self.label)

    @property
    def label(self) -> Label:
        """The category's name in the reader's language."""
        return label(self.name_en, self.name_zh_hans, self.name_zh_hant)


class Manufacturer(models.Model):
    """Who makes the units, or the parts."""

    name = models.CharField(max_length=80, unique=True)
    other_names = models.CharField(max_length=200, blank=True)
    hotline = models.CharField(max_length=40, blank=True)
    note = models.CharField(max_length=300, blank=True)
    is_active = models.BooleanField(default=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(name=""), name="manufacturer_has_name")]

    def __str__(self) -> str:
        return self.name

    def facts(self) -> dict[str, Any]:
        """What the journal and the comparison of two edits look at."""
        return {name: getattr(self, name) for name in ("name", "other_names", "hotline", "note", "is_active")}


class UnitModel(models.Model):
    """A model that a manufacturer makes, and the warranty it usually has."""

    manufacturer = models.ForeignKey(Manufacturer, on_delete=models.PROTECT, related_name="+")
    category = models.ForeignKey(Category, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=80)
    code = models.CharField(max_length=40, blank=True)
    warranty_months = models.PositiveSmallIntegerField(default=12)
    is_active = models.BooleanField(default=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["manufacturer", "name"], name="model_name_once_per_manufacturer"),
            models.CheckConstraint(condition=~Q(name=""), name="model_has_name"),
            models.CheckConstraint(condition=Q(warranty_months__lte=240), name="model_warranty_is_believable"),
        ]

    def __str__(self) -> str:
        return f"{self.manufacturer.name} {self.name}"

    def facts(self) -> dict[str, Any]:
        """What the journal and the comparison of two edits look at."""
        return {
            "manufacturer": self.manufacturer.name,
            "category": self.category.code,
            "name": self.name,
            "code": self.code,
            "warranty_months": self.warranty_months,
            "is_active": self.is_active,
        }


class Operation(models.Model):
    """A labour operation with its standard time and the rate it is charged at."""

    trade = models.CharField(max_length=30)
    code = models.CharField(max_length=30)
    name = models.CharField(max_length=120)
    category = models.ForeignKey(Category, on_delete=models.PROTECT, null=True, related_name="+")
    standard_minutes = models.PositiveIntegerField()
    rate_fen = models.PositiveIntegerField()
    is_active = models.BooleanField(default=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["trade", "code"], name="operation_code_once_per_trade"),
            models.CheckConstraint(condition=~Q(code="") & ~Q(name=""), name="operation_has_code_and_name"),
            models.CheckConstraint(
                condition=Q(standard_minutes__gte=1, standard_minutes__lte=60_000), name="operation_time_is_believable"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"

    @property
    def hours(self) -> Decimal:
        """Its standard time in hours."""
        return hours_of(self.standard_minutes)

    @property
    def rate(self) -> Money:
        """What an hour of it costs."""
        return Money(self.rate_fen)

    @property
    def price(self) -> Money:
        """What it costs at its standard time."""
        return labour_price(minutes=self.standard_minutes, rate=self.rate)

    def facts(self) -> dict[str, Any]:
        """What the journal and the comparison of two edits look at."""
        return {
            "code": self.code,
            "name": self.name,
            "category": self.category.code if self.category else "",
            "hours": str(self.hours),
            "rate": self.rate.plain,
            "is_active": self.is_active,
        }


class Part(models.Model):
    """A spare part and its price."""

    code = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=120)
    manufacturer = models.ForeignKey(Manufacturer, on_delete=models.PROTECT, null=True, related_name="+")
    measure = models.CharField(max_length=10, blank=True)
    price_fen = models.PositiveIntegerField()
    is_active = models.BooleanField(default=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(code="") & ~Q(name=""), name="part_has_code_and_name")]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"

    @property
    def price(self) -> Money:
        """What one of it costs."""
        return Money(self.price_fen)

    def facts(self) -> dict[str, Any]:
        """What the journal and the comparison of two edits look at."""
        return {
            "code": self.code,
            "name": self.name,
            "manufacturer": self.manufacturer.name if self.manufacturer else "",
            "measure": self.measure,
            "price": self.price.plain,
            "is_active": self.is_active,
        }
