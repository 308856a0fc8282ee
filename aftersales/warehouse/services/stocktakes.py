"""A store is counted, handed in, and approved by somebody who did not count: then the differences become moves."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import IntegrityError

from aftersales.core import journal, locks, transaction
from aftersales.core.actor import Actor
from aftersales.core.errors import Refused
from aftersales.core.text import text as _
from aftersales.warehouse import queries
from aftersales.warehouse.models import CountedLine, Stocktake
from aftersales.warehouse.permissions import Permission
from aftersales.warehouse.rules.moves import Key, checked_batch, checked_quantity, count_line as line_of
from aftersales.warehouse.rules.stocktakes import StocktakeState
from aftersales.warehouse.rules.stores import StoreKind
from aftersales.warehouse.services import ledger

STOCKTAKE = "SK"


@transaction.act
def begin_stocktake(actor: Actor, *, store: str, note: str = "", now: datetime) -> Stocktake:
    """The new stocktake; a store is counted once at a time."""
    actor.require(Permission.COUNT)
    place = queries.find_store(actor, store, field="store")
    row = Stocktake(
        number=ledger.draw_number(STOCKTAKE, [place], now=now),
        store=place,
        note=" ".join(note.split()),
        begun_by=actor.id,
        begun_name=actor.name,
        begun_at=now,
    )
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        raise Refused(
            _("“{store}” is being counted already. Finish that stocktake first.", store=place), field="store"
        ) from error
    _tell(actor, "begin", row, {"store": place.code, "note": row.note}, now=now)
    return row


@transaction.act
def count_line(
    actor: Actor, *, number: str, item: str, batch: str = "", counted: int, is_again: bool = False, now: datetime
) -> CountedLine:
    """What was counted of an item, beside what the books say at this instant. Counted before, it must be said to be counted again."""
    actor.require(Permission.COUNT)
    what = queries.find_item(actor, item)
    checked_quantity(counted, least=0, field="counted")
    batch = checked_batch(what.tracking, batch, counted)
    take = _opened(actor, number, StocktakeState.COUNTING)
    [balance] = ledger.lock_balances([Key(take.store_id, what.pk, batch)]).values()
    before = take.lines.filter(item=what, batch=batch).first()
    if before is not None and not is_again:
        raise Refused(
            _(
                "{who} has counted {item} already: {counted}. To count it again, tick the box and send it once more.",
                who=before.counted_name,
                item=before,
                counted=before.counted,
            ),
            field="is_again",
        )
    row = before or CountedLine(stocktake=take, item=what, batch=batch)
    row.expected, row.counted = balance.quantity, counted
    row.counted_by, row.counted_name, row.counted_at = actor.id, actor.name, now
    row.save()
    _tell(actor, "count", take, {"item": str(row), "expected": row.expected, "counted": counted}, now=now)
    return row


@transaction.act
def hand_in_stocktake(actor: Actor, *, number: str, now: datetime) -> Stocktake:
    """The stocktake waits for somebody who did not count."""
    actor.require(Permission.COUNT)
    take = _opened(actor, number, StocktakeState.COUNTING)
    if not take.lines.exists():
        raise Refused(_("Nothing has been counted yet."))
    take.state = StocktakeState.HANDED_IN
    take.handed_in_by, take.handed_in_name, take.handed_in_at = actor.id, actor.name, now
    take.save()
    _tell(actor, "hand_in", take, {"lines": take.lines.count()}, now=now)
    return take


@transaction.act
def approve_stocktake(actor: Actor, *, number: str, now: datetime) -> Stocktake:
    """The stocktake as approved: every difference has become a move. What moved since the counting stays as it moved."""
    actor.require(Permission.APPROVE)
    take = _opened(actor, number, StocktakeState.HANDED_IN)
    if queries.has_counted(actor, take):
        raise Refused(_("Whoever counted cannot approve. Somebody else must look at the differences."))
    difference = ledger.outside(StoreKind.DIFFERENCE)
    found = [
        line_of(
            store=take.store_id,
            difference=difference.pk,
            item=line.item_id,
            batch=line.batch,
            expected=line.expected,
            counted=line.counted,
        )
        for line in queries.lines_of(take)
    ]
    lines = [line for line in found if line is not None]
    if lines:
        balances = ledger.lock_balances([key for line in lines for key in (line.origin, line.goal)])
        ledger.post(actor, lines, balances, number=take.number, now=now)
    take.state = StocktakeState.APPROVED
    take.approved_by, take.approved_name, take.approved_at = actor.id, actor.name, now
    take.save()
    _tell(actor, "approve", take, {"differences": len(lines)}, now=now)
    return take


@transaction.act
def withdraw_stocktake(actor: Actor, *, number: str, now: datetime) -> Stocktake:
    """The stocktake comes to nothing: no stock changes."""
    actor.require(Permission.COUNT)
    take: Stocktake | None = locks.for_update(queries.list_stocktakes(actor).filter(number=number)).first()
    if take is None or take.state not in {StocktakeState.COUNTING, StocktakeState.HANDED_IN}:
        raise Refused(_("This stocktake is not open any more."))
    take.state = StocktakeState.WITHDRAWN
    take.save()
    _tell(actor, "withdraw", take, {}, now=now)
    return take


def _opened(actor: Actor, number: str, state: StocktakeState) -> Stocktake:
    take = queries.get_stocktake(actor, number, for_update=True)
    if take.state != state:
        raise Refused(
            _("This stocktake is not at that point any more: {state}. Load the page again.", state=take.state_label)
        )
    return take


def _tell(actor: Actor, act: str, take: Stocktake, after: dict[str, Any], *, now: datetime) -> None:
    scope = take.store.station.code if take.store.station else ""
    journal.record(actor, at=now, act=act, kind="stocktake", key=take.number, scope=scope, after=after)
