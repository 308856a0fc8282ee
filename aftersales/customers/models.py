"""The tables of customers, the ways to reach them, and their units."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import F, Q

from aftersales.core.text import Text
from aftersales.customers.rules import contacts, kinds, units


class Customer(models.Model):
    """A person or an organisation we serve, known to one or more stations."""

    number = models.CharField(max_length=24, unique=True)
    kind = models.CharField(max_length=12, default=kinds.Kind.PERSON.value)
    segment = models.CharField(max_length=12, default=kinds.Segment.RETAIL.value)
    grade = models.CharField(max_length=12, default=kinds.Grade.ORDINARY.value)
    name = models.CharField(max_length=80)
    contact_name = models.CharField(max_length=80, blank=True)
    home_station = models.ForeignKey("staff.Station", on_delete=models.PROTECT, related_name="+")
    language = models.CharField(max_length=8, blank=True)
    may_be_messaged = models.BooleanField(default=True)
    may_be_advertised_to = models.BooleanField(default=False)
    note = models.TextField(max_length=2000, blank=True)
    created_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)
    merged_into = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")
    """The record under which this one goes on; only where it is empty may anything be done with the customer."""
    erased_at = models.DateTimeField(null=True)
    """When everything personal was erased on request; the number is all that is left of the person."""

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(merged_into=F("id")), name="customer_not_merged_into_itself"),
            models.CheckConstraint(condition=~Q(name=""), name="customer_has_name"),
            models.CheckConstraint(condition=Q(kind__in=["person", "organisation"]), name="customer_kind"),
            models.CheckConstraint(condition=Q(segment__in=["retail", "dealer", "fleet"]), name="customer_segment"),
            models.CheckConstraint(condition=Q(grade__in=["ordinary", "important", "key"]), name="customer_grade"),
            models.CheckConstraint(
                condition=Q(language__in=["", "zh-hans", "zh-hant", "en"]), name="customer_language"
            ),
        ]
        indexes = [
            models.Index(fields=["name"], name="customer_by_name"),
            models.Index(fields=["created_at", "id"], name="customer_by_age"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def kind_label(self) -> Text:
        """What the customer is in law, in words."""
        return kinds.KIND_LABELS[self.kind]

    @property
    def segment_label(self) -> Text:
        """How the customer buys, in words."""
        return kinds.SEGMENT_LABELS[self.segment]

    @property
    def grade_label(self) -> Text:
        """The customer's grade in words."""
        return kinds.GRADE_LABELS[self.grade]

    @property
    def grade_tone(self) -> str:
        """The tone in which the grade is shown."""
        return kinds.GRADE_TONES[self.grade]

    @property
    def language_label(self) -> Text:
        """The language the customer is written to in."""
        return kinds.LANGUAGES[self.language]

    def facts(self) -> dict[str, Any]:
        """What the journal and the comparison of two edits look at."""
        names = (
            "kind",
            "segment",
            "grade",
            "name",
            "contact_name",
            "language",
            "may_be_messaged",
            "may_be_advertised_to",
            "note",
        )
        return {name: getattr(self, name) for name in names}


class CustomerStation(models.Model):
    """A station that serves the customer, and therefore sees him."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="stations")
    station = models.ForeignKey("staff.Station", on_delete=models.PROTECT, related_name="+")
    since_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["customer", "station"], name="customer_once_per_station")]
        indexes = [models.Index(fields=["station", "customer"], name="customers_of_station")]


class Phone(models.Model):
    """A telephone number of a customer; several customers may share one."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="phones")
    number = models.CharField(max_length=20)
    typed = models.CharField(max_length=40)
    label = models.CharField(max_length=20, blank=True)
    is_main = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["customer", "number"], name="phone_once_per_customer"),
            models.UniqueConstraint(fields=["customer"], condition=Q(is_main=True), name="one_main_phone_per_customer"),
            models.CheckConstraint(condition=Q(number__startswith="+"), name="phone_is_international"),
        ]
        indexes = [models.Index(fields=["number"], name="phone_by_number")]

    @property
    def masked(self) -> str:
        """The number with its middle hidden."""
        return contacts.masked(self.number)

    @property
    def national(self) -> str:
        """The whole number as people here read it, with the extension where one was typed."""
        return contacts.as_read(self.number, self.typed)

    @property
    def label_text(self) -> object:
        """Whose number it is, in words."""
        return kinds.PHONE_LABELS.get(self.label, self.label)


class Address(models.Model):
    """A place where the customer can be visited or sent to."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="addresses")
    text = models.CharField(max_length=200)
    label = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["customer", "text"], name="address_once_per_customer"),
            models.CheckConstraint(condition=~Q(text=""), name="address_has_text"),
        ]

    @property
    def masked(self) -> str:
        """The beginning of the address; the rest is uncovered on demand."""
        return contacts.masked_address(self.text)


class Unit(models.Model):
    """A machine, product, device or vehicle that is brought to us."""

    owner = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="units")
    trade = models.CharField(max_length=30)
    category = models.ForeignKey("catalog.Category", on_delete=models.PROTECT, related_name="+")
    model = models.ForeignKey("catalog.UnitModel", on_delete=models.PROTECT, null=True, related_name="+")
    model_text = models.CharField(max_length=120, blank=True)
    serial = models.CharField(max_length=40, blank=True)
    serial_key = models.CharField(max_length=120, null=True, unique=True)  # noqa: DJ001 - many units have none, and "" would be one
    plate = models.CharField(max_length=12, blank=True)
    pieces = models.PositiveIntegerField(null=True)
    purchased_on = models.DateField(null=True)
    shipped_on = models.DateField(null=True)
    meter_reading = models.PositiveIntegerField(null=True)
    meter_at = models.DateTimeField(null=True)
    note = models.TextField(max_length=2000, blank=True)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)
    merged_into = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")
    """The record under which this one goes on; a merged unit is never in use."""

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(merged_into=F("id")), name="unit_not_merged_into_itself"),
            models.CheckConstraint(
                condition=Q(merged_into__isnull=True) | Q(is_active=False), name="unit_merged_is_out_of_use"
            ),
            models.UniqueConstraint(
                fields=["plate"], condition=Q(is_active=True) & ~Q(plate=""), name="plate_on_one_unit_in_use"
            ),
            models.CheckConstraint(
                condition=Q(serial="", serial_key__isnull=True) | (~Q(serial="") & Q(serial_key__isnull=False)),
                name="unit_serial_has_key",
            ),
            models.CheckConstraint(
                condition=Q(meter_reading__isnull=True, meter_at__isnull=True)
                | Q(meter_reading__isnull=False, meter_at__isnull=False),
                name="unit_meter_has_instant",
            ),
            models.CheckConstraint(
                condition=Q(purchased_on__isnull=True)
                | Q(shipped_on__isnull=True)
                | Q(purchased_on__gte=F("shipped_on")),
                name="unit_bought_after_shipment",
            ),
        ]
        indexes = [
            models.Index(fields=["owner", "-id"], name="unit_by_owner"),
            models.Index(fields=["serial"], name="unit_by_serial"),
            models.Index(fields=["plate"], name="unit_by_plate"),
            models.Index(fields=["model_text"], name="unit_by_model_text"),
            models.Index(fields=["created_at", "id"], name="unit_by_age"),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """What the unit is called in lists: its model, and the number people know it by."""
        known = units.unit_label(model=self.model_text, plate=self.plate, serial=self.serial)
        return known or str(self.category.label)

    def facts(self) -> dict[str, Any]:
        """What the journal and the comparison of two edits look at."""
        return {
            "category": self.category.code,
            "model": self.model_text,
            **{name: getattr(self, name) for name in ("serial", "plate", "pieces", "note", "is_active")},
            "purchased_on": self.purchased_on.isoformat() if self.purchased_on else None,
            "shipped_on": self.shipped_on.isoformat() if self.shipped_on else None,
        }


class UnitOwnership(models.Model):
    """Who owned a unit from when to when; the present owner's row is open."""

    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="ownerships")
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="ownerships")
    since_at = models.DateTimeField()
    until_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["unit"], condition=Q(until_at__isnull=True), name="one_present_owner_per_unit"
            ),
            models.CheckConstraint(
                condition=Q(until_at__isnull=True) | Q(until_at__gte=F("since_at")),
                name="ownership_ends_after_it_begins",
            ),
        ]
        indexes = [models.Index(fields=["customer", "-since_at"], name="ownership_by_customer")]


class Merge(models.Model):
    """Two records found to be one: which was kept, what it was before and after, and whether it was undone."""

    kind = models.CharField(max_length=8)
    kept_key = models.BigIntegerField()
    gone_key = models.BigIntegerField()
    merged_at = models.DateTimeField()
    merged_by = models.CharField(max_length=80)
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    undone_at = models.DateTimeField(null=True)
    undone_by = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=["customer", "unit"]), name="merge_kind"),
            models.CheckConstraint(condition=~Q(kept_key=F("gone_key")), name="merge_of_two"),
            models.UniqueConstraint(
                fields=["kind", "gone_key"], condition=Q(undone_at__isnull=True), name="merged_once_at_a_time"
            ),
        ]
        indexes = [models.Index(fields=["kind", "kept_key", "-id"], name="merge_by_kept")]


class MergeMove(models.Model):
    """One row that a merge gave to the kept record, whichever room it belongs to: what it held before, and after."""

    merge = models.ForeignKey(Merge, on_delete=models.PROTECT, related_name="moves")
    kind = models.CharField(max_length=24)
    key = models.BigIntegerField()
    was = models.JSONField(default=dict)
    became = models.JSONField(default=dict)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["merge", "kind", "key"], name="merge_moves_a_row_once")]


class MatchKey(models.Model):
    """One of the keys under which a record is looked for among possible duplicates; a hash, never the words themselves."""

    kind = models.CharField(max_length=8)
    record = models.BigIntegerField()
    key = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "key", "record"], name="match_key_once")]
        indexes = [models.Index(fields=["kind", "record"], name="match_key_by_record")]


class MatchScan(models.Model):
    """How far the search for duplicates has come through the records and through the journal."""

    kind = models.CharField(max_length=8, unique=True)
    last_record = models.BigIntegerField(default=0)
    last_entry = models.BigIntegerField(default=0)
    scanned_at = models.DateTimeField(null=True)


class Pair(models.Model):
    """Two records that may be one; `low` is the older. A pair that somebody found different is kept, so that it stays away."""

    points = models.PositiveSmallIntegerField()
    reasons = models.JSONField(default=list)
    found_at = models.DateTimeField()
    dismissed_at = models.DateTimeField(null=True)
    dismissed_by = models.CharField(max_length=80, blank=True)

    class Meta:
        abstract = True


class CustomerPair(Pair):
    """Two customers that may be one."""

    low = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="+")
    high = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["low", "high"], name="customer_pair_once"),
            models.CheckConstraint(condition=Q(low__lt=F("high")), name="customer_pair_in_order"),
        ]
        indexes = [
            models.Index(fields=["-points", "id"], condition=Q(dismissed_at=None), name="customer_pair_by_points"),
        ]


class UnitPair(Pair):
    """Two units that may be one."""

    low = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="+")
    high = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["low", "high"], name="unit_pair_once"),
            models.CheckConstraint(condition=Q(low__lt=F("high")), name="unit_pair_in_order"),
        ]
        indexes = [
            models.Index(fields=["-points", "id"], condition=Q(dismissed_at=None), name="unit_pair_by_points"),
        ]


class PersonalCopy(models.Model):
    """A copy of everything about one customer, made for him on request; its file is kept for some days."""

    token = models.CharField(max_length=43, unique=True)
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="+")
    owner = models.CharField(max_length=40)
    owner_name = models.CharField(max_length=80)
    once = models.CharField(max_length=255)
    language = models.CharField(max_length=8, default="en")
    job_id = models.UUIDField(null=True)
    size = models.PositiveBigIntegerField(null=True)
    """Bytes of the file; none while the worker makes it."""
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["owner", "once"], name="personal_copy_once")]
        indexes = [models.Index(fields=["expires_at"], name="personal_copy_by_age")]

    @property
    def is_ready(self) -> bool:
        """Whether its file can be fetched."""
        return self.size is not None


class Erasure(models.Model):
    """A customer who was erased on request. Whom it names is nobody any more: the number, and when, by whom and why."""

    customer = models.OneToOneField(Customer, on_delete=models.PROTECT, related_name="+")
    erased_at = models.DateTimeField()
    erased_by = models.CharField(max_length=80)
    reason = models.CharField(max_length=200)
