"""The quality check before handover: passed, or back to repair with what was found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from aftersales.catalog import queries as catalog
from aftersales.core import files, transaction
from aftersales.core.actor import Actor
from aftersales.workshop.models import CHECK_PHOTOS, QualityCheck, RepairOrder
from aftersales.workshop.rules import checking as rules
from aftersales.workshop.rules.checking import Findings
from aftersales.workshop.rules.intake import check_photo_count
from aftersales.workshop.rules.order import OrderAction
from aftersales.workshop.services.steps import open_step, take_step

NOTHING: Mapping[str, str] = {}


@transaction.act
def pass_check(
    actor: Actor,
    *,
    number: str,
    answers: Mapping[str, str],
    notes: Mapping[str, str] = NOTHING,
    note: str = "",
    photos: Sequence[Any] = (),
    now: datetime,
) -> RepairOrder:
    """The order with a passed quality check: `answers` has the verdict on every point of the trade's checklist."""
    order, leads_to = open_step(actor, number, OrderAction.PASS_CHECK, now=now)
    points = _points(order)
    found = rules.read_findings(points, answers=answers, notes=notes, note=note)
    rules.check_passing(points, found)
    _keep(actor, order, found, photos, has_passed=True, now=now)
    return take_step(
        actor, order, OrderAction.PASS_CHECK, leads_to, now=now, note=found.note, told=_told(points, found)
    )


@transaction.act
def fail_check(
    actor: Actor,
    *,
    number: str,
    answers: Mapping[str, str] = NOTHING,
    notes: Mapping[str, str] = NOTHING,
    note: str = "",
    photos: Sequence[Any] = (),
    now: datetime,
) -> RepairOrder:
    """The order sent back to repair with what the check found; what was agreed and done stays, and nothing is charged for it."""
    order, leads_to = open_step(actor, number, OrderAction.FAIL_CHECK, now=now)
    points = _points(order)
    found = rules.read_findings(points, answers=answers, notes=notes, note=note)
    rules.check_failing(found)
    _keep(actor, order, found, photos, has_passed=False, now=now)
    changes = {"rework_count": order.rework_count + 1}
    told = _told(points, found)
    return take_step(
        actor, order, OrderAction.FAIL_CHECK, leads_to, now=now, changes=changes, note=found.note, told=told
    )


def _points(order: RepairOrder) -> dict[str, Any]:
    return {point.code: point.label for point in catalog.get_trade(order.trade).quality}


def _keep(
    actor: Actor, order: RepairOrder, found: Findings, photos: Sequence[Any], *, has_passed: bool, now: datetime
) -> None:
    check_photo_count(len(photos))
    check = QualityCheck.objects.create(
        order=order,
        has_passed=has_passed,
        answers=dict(found.answers),
        notes=dict(found.notes),
        note=found.note,
        technician_id=order.technician_id,
        checked_at=now,
        checked_by=actor.name,
    )
    for photo in photos:
        files.attach_photo(actor, kind=CHECK_PHOTOS, key=check.pk, scope=order.station.code, upload=photo, now=now)


def _told(points: Mapping[str, Any], found: Findings) -> dict[str, Any]:
    """What the journal keeps: every verdict, and what failed in words."""
    failed = ", ".join(
        f"{points[code]}: {found.notes[code]}" if code in found.notes else str(points[code]) for code in found.failed
    )
    return {"answers": dict(found.answers), "failed_points": failed}
