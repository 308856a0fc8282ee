"""What a station has decided for itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q

from aftersales.core import journal
from aftersales.core.actor import Actor
from aftersales.core.models import JournalEntry
from aftersales.staff import queries as staff
from aftersales.workshop.models import StationRules
from aftersales.workshop.permissions import Permission
from aftersales.workshop.rules.house import DEFAULTS, HouseRules, unclaimed_before
from aftersales.workshop.rules.order import PHASES

READY = [state.value for state in PHASES["handover"]]
RULES = "house_rules"
"""The kind under which the journal keeps who changed a station's rules."""


@dataclass(frozen=True)
class RulesOf:
    """A station's rules, with the version that stands; 0 while it has the defaults."""

    station: Any
    rules: HouseRules
    version: int


def house_rules(station_id: int) -> HouseRules:
    """The rules of this station, or the defaults."""
    row = StationRules.objects.filter(station_id=station_id).first()
    return row.rules() if row else DEFAULTS


def list_house_rules(actor: Actor) -> list[RulesOf]:
    """The rules of every station the actor sees that takes units in."""
    actor.require(Permission.EDIT_RULES)
    stations = [station for station in staff.list_stations(actor) if station.trades]
    rows = {row.station_id: row for row in StationRules.objects.filter(station__in=[each.pk for each in stations])}
    return [_rules_of(station, rows.get(station.pk)) for station in stations]


def get_house_rules(actor: Actor, code: str) -> RulesOf:
    """The rules of one station; refuses as missing what the actor may not see."""
    actor.require(Permission.EDIT_RULES)
    station = staff.get_station(actor, code)
    return _rules_of(station, StationRules.objects.filter(station=station).first())


def journal_of_rules(actor: Actor, code: str) -> list[JournalEntry]:
    """Who changed the rules of a station, newest first."""
    return journal.entries_of(RULES, get_house_rules(actor, code).station.code)


def _rules_of(station: Any, row: StationRules | None) -> RulesOf:
    return RulesOf(station, row.rules() if row else DEFAULTS, row.version if row else 0)


def unclaimed_is(actor: Actor, now: datetime) -> Q:
    """The condition that a unit counts as not fetched, by the rules of its station."""
    stations = list(staff.list_stations(actor))
    own = dict(StationRules.objects.filter(station__in=stations).values_list("station_id", "unclaimed_days"))
    wanted = Q(pk__in=[])
    terms: dict[tuple[str, int], list[int]] = {}
    for station in stations:
        days = own.get(station.pk, DEFAULTS.unclaimed_days)
        terms.setdefault((station.time_zone, days), []).append(station.pk)
    for (zone, days), ids in terms.items():
        wanted |= Q(station__in=ids, ready_at__lt=unclaimed_before(now, zone=zone, days=days))
    return Q(handed_over_at=None, state__in=READY) & wanted
