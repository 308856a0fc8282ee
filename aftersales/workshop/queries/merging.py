"""What the workshop knows of two customers or units that are to become one."""

from __future__ import annotations

from django.db.models import Q

from aftersales.core.text import text as _
from aftersales.customers.queries import Bearing
from aftersales.workshop.models import RepairOrder
from aftersales.workshop.rules.order import IN_HOUSE


def bearing_of(kind: str, kept_id: int, gone_id: int) -> Bearing:
    """The orders that would come over, their stations, and that one unit cannot stand here twice.

    Asked about both records whoever asks: which of the stations he sees is for the caller to judge.
    """
    both = RepairOrder.objects.filter(Q(**{f"{kind}_id": kept_id}) | Q(**{f"{kind}_id": gone_id}))
    objections = []
    if kind == "unit":
        in_house = both.filter(state__in=[state.value for state in IN_HOUSE])
        numbers = sorted(in_house.values_list("number", flat=True))
        if len(numbers) > 1:
            objections = [
                _(
                    "Both are in the house under an open order ({numbers}). Hand one of them over, or cancel it, first.",
                    numbers=", ".join(numbers),
                )
            ]
    stations = frozenset(both.order_by().values_list("station__code", flat=True).distinct())
    count = both.filter(**{f"{kind}_id": gone_id}).count()
    return Bearing(tuple(objections), ((_("Repair orders"), count),), stations)
