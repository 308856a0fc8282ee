"""Goods that lie too long: somebody decides what is done with them, and the decision stays."""

from __future__ import annotations

from datetime import datetime

from aftersales.core import journal, transaction
from aftersales.core.actor import Actor
from aftersales.core.errors import Invalid, Refused
from aftersales.core.text import text as _
from aftersales.warehouse import queries
from aftersales.warehouse.models import SlowDecision
from aftersales.warehouse.permissions import Permission
from aftersales.warehouse.rules.stocktakes import Handling


@transaction.act
def decide_slow(actor: Actor, *, balance_id: int, handling: str, reason: str, now: datetime) -> SlowDecision:
    """What is to be done with goods that lie, with the reason, and how much of what value they were that day."""
    actor.require(Permission.HANDLE)
    if handling not in list(Handling):
        raise Invalid(_("Choose one from the list."), field="handling")
    reason = " ".join(reason.split())
    if not reason:
        raise Invalid(_("Say why, so that the next one understands it."), field="reason")
    balance = queries.get_balance(actor, balance_id, for_update=True)
    if balance.quantity < 1 or balance.last_moved_at is None:
        raise Refused(_("Nothing of it is left in this store."))
    made = SlowDecision.objects.create(
        balance=balance,
        handling=handling,
        reason=reason,
        quantity=balance.quantity,
        value_fen=balance.value.fen,
        days=max(0, (now - balance.last_moved_at).days),
        decided_by=actor.id,
        decided_name=actor.name,
        decided_at=now,
    )
    scope = balance.store.station.code if balance.store.station else ""
    after = {"handling": handling, "reason": reason, "quantity": balance.quantity, "value": balance.value.plain}
    journal.record(actor, at=now, act="decide", kind="balance", key=balance.pk, scope=scope, after=after)
    return made
