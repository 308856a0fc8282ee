"""What a station has decided for itself."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from aftersales.workshop.rules.house import DEFAULTS, HouseRules


class StationRules(models.Model):
    """The rules of one station where they are left to the house; a station without a row has the defaults."""

    station = models.OneToOneField("staff.Station", on_delete=models.PROTECT, related_name="+")
    quotation_days = models.PositiveSmallIntegerField(default=DEFAULTS.quotation_days)
    repeat_days = models.PositiveSmallIntegerField(default=DEFAULTS.repeat_days)
    repair_warranty_days = models.PositiveSmallIntegerField(default=DEFAULTS.repair_warranty_days)
    unclaimed_days = models.PositiveSmallIntegerField(default=DEFAULTS.unclaimed_days)
    pauses_for = models.JSONField(default=list)
    """Codes of `WaitingFor` during which the promise stands still."""
    may_check_own_work = models.BooleanField(default=DEFAULTS.may_check_own_work)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="house_days_are_believable",
                condition=Q(quotation_days__range=(1, 365), unclaimed_days__range=(1, 365))
                & Q(repeat_days__lte=730, repair_warranty_days__lte=730),
            )
        ]

    def rules(self) -> HouseRules:
        """The rules as the decisions ask for them."""
        return HouseRules(
            quotation_days=self.quotation_days,
            repeat_days=self.repeat_days,
            repair_warranty_days=self.repair_warranty_days,
            unclaimed_days=self.unclaimed_days,
            pauses_for=frozenset(self.pauses_for),
            may_check_own_work=self.may_check_own_work,
        )
