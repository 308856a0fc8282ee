"""Whether an earlier fault came back: said at intake or later, and what follows from it for the price."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from aftersales.core import transaction
from aftersales.core.actor import Actor
from aftersales.core.errors import Invalid
from aftersales.core.text import text as _
from aftersales.workshop import queries
from aftersales.workshop.models import RepairOrder
from aftersales.workshop.queries import EarlierRepair
from aftersales.workshop.rules import repeat as rules
from aftersales.workshop.rules.order import OrderAction, OrderState
from aftersales.workshop.services.lines import without_charge
from aftersales.workshop.services.steps import open_step, take_step

PRICE_STANDS = frozenset({OrderState.READY, OrderState.HANDED_OVER, OrderState.DECLINED, OrderState.CANCELLED})
"""Where the customer has been told what it costs, or pays nothing: the lines stay as they are."""


@transaction.act
def judge_repeat(actor: Actor, *, number: str, repeat_of: str, repeat_note: str = "", now: datetime) -> RepairOrder:
    """The order marked as doing an earlier repair again, or as another fault; what was said before is corrected with a reason.

    What has not been paid for becomes free of charge; a correction the other way charges nothing by itself.
    """
    order, leads_to = open_step(actor, number, OrderAction.JUDGE_REPEAT, now=now)
    if not repeat_of:
        raise Invalid(_("Choose the earlier repair, or say that it is another fault."), field="repeat_of")
    found = queries.list_suspects_of(actor, order)
    earlier = chosen(found, repeat_of, repeat_note)
    note = repeat_note.strip()
    if not note and (repeat_of == rules.OTHER or order.repeat_of_id or order.repeat_note):
        raise Invalid(_("Write why."), field="repeat_note")
    changes: dict[str, Any] = {"repeat_of": earlier, "repeat_note": note}
    if earlier is not None and OrderState(order.state) not in PRICE_STANDS:
        changes |= without_charge(order, str(rules.free_because(earlier.number)))
    return take_step(actor, order, OrderAction.JUDGE_REPEAT, leads_to, now=now, changes=changes, note=note)


def chosen(found: Sequence[EarlierRepair], answer: str, reason: str) -> RepairOrder | None:
    """The earlier order that was named, or None; refuses when an answer or its reason is missing."""
    number = rules.judge(answer, reason=reason, found=[each.suspect for each in found])
    return next((each.order for each in found if each.order.number == number), None)
