"""Accounts with their entries, statements that were confirmed, and freight documents."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q

from aftersales.billing.rules import confirming, entries, freight
from aftersales.billing.rules.entries import EntryKind
from aftersales.billing.rules.freight import FreightState, Liable
from aftersales.core.money import Money
from aftersales.core.text import Text


class Account(models.Model):
    """What one customer owes; the balance is kept equal to the sum of the entries."""

    customer = models.OneToOneField("customers.Customer", on_delete=models.PROTECT, related_name="+")
    balance_fen = models.BigIntegerField(default=0)
    """Above zero the customer owes us, below zero we owe the customer."""
    entry_count = models.PositiveIntegerField(default=0)
    opened_at = models.DateTimeField()
    last_posted_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["-balance_fen", "id"], name="account_by_balance")]

    @property
    def balance(self) -> Money:
        """The balance as money."""
        return Money(self.balance_fen)

    @property
    def side(self) -> Text:
        """What the balance means."""
        return entries.side(self.balance)

    @property
    def side_tone(self) -> str:
        """The tone of that."""
        return entries.side_tone(self.balance)


class Entry(models.Model):
    """One posted entry, with its voucher number. The database lets nothing of it change; it is only reversed by another."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="entries")
    sequence = models.PositiveIntegerField()
    number = models.CharField(max_length=40, unique=True)
    kind = models.CharField(max_length=10)
    amount_fen = models.BigIntegerField()
    """What the customer owes more by it; below zero less."""
    balance_fen = models.BigIntegerField()
    """What the customer owes after it."""
    source = models.CharField(max_length=60)
    attempt = models.PositiveSmallIntegerField(default=0)
    """How often this paper was posted and reversed before."""
    goods_fen = models.BigIntegerField(null=True)
    percent = models.PositiveSmallIntegerField(null=True)
    deductions = models.JSONField(default=list)
    reverses = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="reversed_by")
    posted_on = models.DateField()
    posted_at = models.DateTimeField()
    posted_by = models.CharField(max_length=40)
    posted_name = models.CharField(max_length=80)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account", "sequence"], name="entry_sequence"),
            models.UniqueConstraint(fields=["kind", "source", "attempt"], name="entry_source_once"),
            models.CheckConstraint(condition=Q(kind__in=[kind.value for kind in EntryKind]), name="entry_kind"),
            models.CheckConstraint(
                condition=Q(kind__in=[kind.value for kind in entries.DEBITS], amount_fen__gt=0)
                | Q(kind__in=[kind.value for kind in entries.CREDITS], amount_fen__lt=0)
                | Q(kind__in=[EntryKind.OFFSET.value, EntryKind.REVERSAL.value]) & ~Q(amount_fen=0),
                name="entry_side",
            ),
            models.CheckConstraint(
                condition=Q(kind=EntryKind.REVERSAL.value, reverses__isnull=False)
                | ~Q(kind=EntryKind.REVERSAL.value) & Q(reverses__isnull=True),
                name="entry_reversal_names_entry",
            ),
            models.CheckConstraint(condition=~Q(source=""), name="entry_has_source"),
        ]
        indexes = [
            models.Index(fields=["account", "posted_on", "sequence"], name="entry_by_day"),
            models.Index(fields=["posted_on", "id"], name="voucher_by_day"),
        ]

    @property
    def amount(self) -> Money:
        """The amount with its sign."""
        return Money(self.amount_fen)

    @property
    def balance(self) -> Money:
        """The balance after it."""
        return Money(self.balance_fen)

    @property
    def debit(self) -> Money | None:
        """What the customer owes more by it."""
        return self.amount if self.amount_fen > 0 else None

    @property
    def credit(self) -> Money | None:
        """What the customer owes less by it."""
        return -self.amount if self.amount_fen < 0 else None

    @property
    def kind_label(self) -> Text:
        """What it is, in words."""
        return entries.KIND_LABELS[self.kind]

    @property
    def goods(self) -> Money | None:
        """What the returned goods cost."""
        return None if self.goods_fen is None else Money(self.goods_fen)

    @property
    def deductions_told(self) -> list[tuple[Text, Money]]:
        """What was taken off, in words."""
        return entries.deductions_from(self.deductions)


class EntryNote(models.Model):
    """What somebody wrote to an entry; apart from it, because names go out of it when a customer is erased."""

    entry = models.OneToOneField(Entry, on_delete=models.PROTECT, related_name="written")
    text = models.CharField(max_length=500)


class StatementConfirmation(models.Model):
    """A statement as the customer confirmed it: period, closing balance, how, who, when."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="confirmations")
    since = models.DateField()
    until = models.DateField()
    closing_fen = models.BigIntegerField()
    way = models.CharField(max_length=10)
    confirmed_by = models.CharField(max_length=80)
    note = models.CharField(max_length=500, blank=True)
    recorded_by = models.CharField(max_length=40)
    recorded_name = models.CharField(max_length=80)
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account", "since", "until", "closing_fen"], name="statement_confirmed_once"
            ),
            models.CheckConstraint(condition=Q(way__in=list(confirming.WAY_LABELS)), name="statement_way"),
            models.CheckConstraint(condition=Q(until__gte=models.F("since")), name="statement_period"),
        ]

    @property
    def closing(self) -> Money:
        """The balance that was confirmed."""
        return Money(self.closing_fen)

    @property
    def way_label(self) -> Text:
        """How it was confirmed, in words."""
        return confirming.WAY_LABELS[self.way]


class FreightDocument(models.Model):
    """The freight of goods that came back: what it cost, who is liable, and how far it is."""

    number = models.CharField(max_length=40, unique=True)
    station = models.ForeignKey("staff.Station", on_delete=models.PROTECT, related_name="+")
    customer = models.ForeignKey("customers.Customer", on_delete=models.PROTECT, related_name="+")
    carrier = models.CharField(max_length=60)
    carrier_kind = models.CharField(max_length=12)
    waybill = models.CharField(max_length=40)
    amount_fen = models.BigIntegerField()
    cause = models.CharField(max_length=16)
    note = models.CharField(max_length=500, blank=True)
    state = models.CharField(max_length=10, default=FreightState.RECORDED.value)
    received_on = models.DateField()
    recorded_by = models.CharField(max_length=40)
    recorded_name = models.CharField(max_length=80)
    recorded_at = models.DateTimeField()
    salesperson = models.ForeignKey("staff.Person", on_delete=models.PROTECT, null=True, related_name="+")
    salesperson_name = models.CharField(max_length=80, blank=True)
    liable = models.CharField(max_length=12, blank=True)
    liable_reason = models.CharField(max_length=500, blank=True)
    signature = models.JSONField(default=list)
    signed_name = models.CharField(max_length=80, blank=True)
    signed_at = models.DateTimeField(null=True)
    entry = models.OneToOneField(Entry, on_delete=models.PROTECT, null=True, related_name="+")
    confirmed_by = models.CharField(max_length=80, blank=True)
    confirmed_way = models.CharField(max_length=10, blank=True)
    confirmed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount_fen__gt=0), name="freight_amount"),
            models.CheckConstraint(
                condition=Q(state__in=[state.value for state in FreightState]), name="freight_state"
            ),
            models.CheckConstraint(
                condition=Q(liable__in=["", *(each.value for each in Liable)]), name="freight_liable"
            ),
            models.CheckConstraint(
                condition=Q(carrier_kind__in=list(freight.CARRIER_LABELS), cause__in=list(freight.CAUSE_LABELS)),
                name="freight_carrier_and_cause",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["posted", "confirmed"], entry__isnull=False, liable="customer")
                | ~Q(state__in=["posted", "confirmed"]) & Q(entry__isnull=True),
                name="freight_posted_has_entry",
            ),
            models.UniqueConstraint(
                fields=["carrier", "waybill"], condition=~Q(state="withdrawn"), name="freight_waybill_once"
            ),
        ]
        indexes = [
            models.Index(fields=["station", "-id"], name="freight_by_station"),
            models.Index(fields=["customer", "-id"], name="freight_by_customer"),
        ]

    @property
    def amount(self) -> Money:
        """What the carrier asks."""
        return Money(self.amount_fen)

    @property
    def state_info(self) -> Any:
        """The state in words and tone."""
        return freight.FREIGHT.states[FreightState(self.state)]

    @property
    def carrier_label(self) -> Text:
        """What kind of carrier it was."""
        return freight.CARRIER_LABELS[self.carrier_kind]

    @property
    def cause_label(self) -> Text:
        """Why the goods came back, in words."""
        return freight.CAUSE_LABELS[self.cause]

    @property
    def liable_label(self) -> object:
        """Who is liable, in words; empty while nobody has signed."""
        return freight.LIABLE_LABELS.get(self.liable, "")

    @property
    def confirmed_way_label(self) -> object:
        """How the customer confirmed."""
        return confirming.WAY_LABELS.get(self.confirmed_way, "")

    @property
    def proposal(self) -> freight.Proposal:
        """Who should be liable by the house's rules."""
        return freight.propose(cause=self.cause, carrier_kind=self.carrier_kind)

    @property
    def proposal_label(self) -> Text:
        """The same in words."""
        return freight.LIABLE_LABELS[self.proposal.liable.value]

    def facts(self) -> dict[str, Any]:
        """What the journal keeps."""
        names = ("state", "salesperson_name", "liable", "liable_reason", "carrier", "waybill", "confirmed_way")
        return {name: getattr(self, name) for name in names} | {"amount": str(self.amount)}
