"""What a station has decided for itself."""

from __future__ import annotations

from aftersales.workshop.models import StationRules
from aftersales.workshop.rules.house import DEFAULTS, HouseRules


def house_rules(station_id: int) -> HouseRules:
    """The rules of this station, or the defaults."""
    row = StationRules.objects.filter(station_id=station_id).first()
    return row.rules() if row else DEFAULTS
