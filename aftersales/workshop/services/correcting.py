"""Correcting what was written when a unit was taken in, while it is in the house."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from aftersales.catalog import queries as catalog
from aftersales.core import journal, transaction, versions
from aftersales.core.actor import Actor
from aftersales.core.errors import Invalid
from aftersales.core.text import Text, text as _
from aftersales.customers import services as customers
from aftersales.workshop import queries
from aftersales.workshop.models import RepairOrder
from aftersales.workshop.permissions import Permission
from aftersales.workshop.rules import intake as rules
from aftersales.workshop.services.finding import index_order
from aftersales.workshop.services.intake import checked_sight
from aftersales.workshop.services.steps import needed

EDITABLE: dict[str, Text] = {
    "fault": _("Fault"),
    "intake_note": _("Note"),
    "accessories": _("Accessories"),
    "condition": _("Condition"),
    "marks": _("Marks on the drawing"),
    "meter_reading": _("Meter"),
}


@transaction.act
def edit_order(
    actor: Actor,
    *,
    number: str,
    version: int,
    fault: str,
    intake_note: str,
    accessories: Sequence[str],
    condition: Mapping[str, str],
    marks: Sequence[Mapping[str, Any]] | None = None,
    meter: int | None = None,
    meter_reason: str = "",
    now: datetime,
) -> RepairOrder:
    """The order with what was written at intake corrected; refuses when somebody else changed it meanwhile."""
    actor.require(Permission.EDIT)
    order = queries.get_order(actor, number, for_update=True)
    rules.check_still_editable(order.state)
    wanted = {
        "fault": needed(fault, field="fault", otherwise=_("Write what is wrong, in the customer's words.")),
        "intake_note": intake_note.strip(),
        **checked_sight(order.unit, accessories, condition, order.marks if marks is None else marks),
        "meter_reading": _read_again(order, meter, meter_reason),
    }
    _refuse_lost_answers(order, wanted["condition"])
    current = {name: getattr(order, name) for name in wanted}
    versions.check(
        stands=order.version,
        opened=version,
        kind="order",
        key=number,
        current=_in_words(order, current),
        wanted=_in_words(order, wanted),
        labels=EDITABLE,
    )
    for name, value in wanted.items():
        setattr(order, name, value)
    order.is_meter_unreadable = order.is_meter_unreadable and order.meter_reading is None
    order.version += 1
    order.save(update_fields=[*wanted, "is_meter_unreadable", "version"])
    journal.record(
        actor,
        at=now,
        act="edit",
        kind="order",
        key=number,
        scope=order.station.code,
        before=current,
        after=wanted,
        note=meter_reason.strip() if wanted["meter_reading"] != current["meter_reading"] else "",
    )
    _carry_to_unit(actor, order, was=current["meter_reading"], reason=meter_reason, now=now)
    index_order(order)
    return order


def _refuse_lost_answers(order: RepairOrder, answers: Mapping[str, str]) -> None:
    """What had to be answered at intake is not taken back by a correction."""
    points = catalog.get_trade(order.trade).condition_of(order.category.code)
    rules.check_complete(rules.Seen([point for point in points if point.code in order.condition], answers))


def _in_words(order: RepairOrder, facts: Mapping[str, Any]) -> dict[str, str]:
    """What two people wrote, fit to be compared by a third."""
    told = {name: facts[name] for name in ("fault", "intake_note")}
    return told | {
        "meter_reading": str(facts["meter_reading"] or ""),
        "accessories": "\n".join(queries.worded_accessories(order, facts["accessories"])),
        "condition": "\n".join(map(str, queries.worded_condition(order, facts["condition"]))),
        "marks": "\n".join(map(str, queries.worded_marks(order, facts["marks"]))),
    }


def _read_again(order: RepairOrder, reading: int | None, reason: str) -> int | None:
    """The reading the order should have; refuses another one than it has without a reason. Nothing typed changes nothing."""
    if reading is None or reading == order.meter_reading:
        return order.meter_reading
    meter = catalog.get_trade(order.trade).meter_of(order.category.code)
    if meter is None:
        raise Invalid(_("Units of this category have no meter. Leave it empty."), field="meter")
    meter.read(str(reading))
    if order.meter_reading is not None and not reason.strip():
        raise Invalid(
            _(
                "The order says {reading} {unit}. Write why that was wrong.",
                reading=order.meter_reading,
                unit=meter.unit,
            ),
            field="meter_reason",
        )
    return reading


def _carry_to_unit(actor: Actor, order: RepairOrder, *, was: int | None, reason: str, now: datetime) -> None:
    """Nothing; the unit shows the corrected reading too, unless its meter was read again since."""
    reading = order.meter_reading
    if reading is None or reading == was or order.unit.meter_reading not in {was, None}:
        return
    customers.record_meter(actor, unit_id=order.unit_id, reading=reading, reason=reason, now=now)
