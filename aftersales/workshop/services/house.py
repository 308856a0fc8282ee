"""What is left to a station: changed by its leaders, with everything it was before in the journal."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from aftersales.core import journal, locks, transaction, versions
from aftersales.core.actor import Actor
from aftersales.core.text import Text, text as _
from aftersales.staff import queries as staff
from aftersales.workshop import queries
from aftersales.workshop.models import StationRules
from aftersales.workshop.permissions import Permission
from aftersales.workshop.rules import house as rules
from aftersales.workshop.rules.order import WAITING_LABELS

RULE_LABELS: dict[str, Text] = {
    "quotation_days": _("Quotations hold, in days"),
    "repeat_days": _("A fault counts as come back, in days"),
    "repair_warranty_days": _("The house answers for a repair, in days"),
    "unclaimed_days": _("A unit counts as not fetched, in days"),
    "pauses_for": _("The promise stands still while waiting for"),
    "may_check_own_work": _("Own work may be checked"),
}


@transaction.act
def edit_house_rules(
    actor: Actor,
    *,
    code: str,
    version: int,
    quotation_days: int,
    repeat_days: int,
    repair_warranty_days: int,
    unclaimed_days: int,
    pauses_for: Collection[str] = (),
    may_check_own_work: bool = False,
    now: datetime,
) -> StationRules:
    """The station's rules as they stand from now on; what was promised, quoted and covered before keeps the days it was given."""
    actor.require(Permission.EDIT_RULES)
    station = staff.get_station(actor, code)
    days = {
        "quotation_days": quotation_days,
        "repeat_days": repeat_days,
        "repair_warranty_days": repair_warranty_days,
        "unclaimed_days": unclaimed_days,
    }
    rules.check_rules(days, pauses_for=pauses_for, known=[str(each) for each in WAITING_LABELS])
    wanted: dict[str, Any] = {**days, "pauses_for": sorted(pauses_for), "may_check_own_work": may_check_own_work}
    StationRules.objects.get_or_create(station=station, defaults={"version": 0})
    row: StationRules = locks.for_update(StationRules.objects.filter(station=station)).get()
    before = {name: getattr(row, name) for name in wanted}
    versions.check(
        stands=row.version,
        opened=version,
        kind=queries.RULES,
        key=station.code,
        current=before,
        wanted=wanted,
        labels=RULE_LABELS,
    )
    for name, value in wanted.items():
        setattr(row, name, value)
    row.version += 1
    row.save()
    journal.record(
        actor,
        at=now,
        act="edit_house_rules",
        kind=queries.RULES,
        key=station.code,
        scope=station.code,
        before=before,
        after=wanted,
    )
    return row
