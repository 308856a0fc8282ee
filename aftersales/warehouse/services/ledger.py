"""The one way in which stock changes: moves are written and the balances follow in the same act."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from aftersales.core import clock, journal, locks, numbering
from aftersales.core.actor import Actor
from aftersales.core.errors import Refused
from aftersales.core.text import text as _
from aftersales.warehouse.models import Balance, Item, Move, Store
from aftersales.warehouse.rules.moves import Key, Line, deltas
from aftersales.warehouse.rules.stores import StoreKind, Tracking

HOUSE = "HQ"
"""The scope of numbers of moves that touch no station's store."""


def outside(kind: StoreKind) -> Store:
    """The outsider of this kind; there is one for the whole house."""
    found = Store.objects.filter(kind=kind.value).first()
    if found is None:
        code = kind.value.upper()
        Store.objects.bulk_create([Store(code=code, name=kind.value, kind=kind.value)], ignore_conflicts=True)
        found = Store.objects.get(kind=kind.value)
    return found


def draw_number(prefix: str, stores: Sequence[Store], *, now: datetime) -> str:
    """The next number at the station whose store is touched first. Drawn before anything is locked."""
    station = next((store.station for store in stores if store.station), None)
    zone = station.time_zone if station else "Asia/Shanghai"
    scope = station.code if station else HOUSE
    return numbering.next_number(prefix, scope=scope, year=clock.local_date(now, zone).year)


def lock_balances(keys: Iterable[Key]) -> dict[Key, Balance]:
    """The balances of these, made where there was none, locked in the order of their ids."""
    wanted = sorted(set(keys))
    stores = Store.objects.in_bulk({key.store_id for key in wanted})
    items = Item.objects.in_bulk({key.item_id for key in wanted})
    found = _balances(wanted)
    missing = [key for key in wanted if key not in found]
    if missing:
        rows = [
            Balance(
                store_id=key.store_id,
                item_id=key.item_id,
                batch=key.batch,
                is_inside=stores[key.store_id].is_inside,
                is_serial=items[key.item_id].tracking == Tracking.SERIAL,
            )
            for key in missing
        ]
        Balance.objects.bulk_create(rows, ignore_conflicts=True)
        found = _balances(wanted)
    locked = locks.for_update(Balance.objects.filter(pk__in=[row.pk for row in found.values()])).order_by("pk")
    for row in locked:
        row.store, row.item = stores[row.store_id], items[row.item_id]
        found[Key(row.store_id, row.item_id, row.batch)] = row
    return found


def _balances(keys: Sequence[Key]) -> dict[Key, Balance]:
    rows = Balance.objects.filter(
        store_id__in={key.store_id for key in keys},
        item_id__in={key.item_id for key in keys},
        batch__in={key.batch for key in keys},
    ).order_by()
    wanted = set(keys)
    found = {Key(row.store_id, row.item_id, row.batch): row for row in rows}
    return {key: row for key, row in found.items() if key in wanted}


def post(
    actor: Actor,
    lines: Sequence[Line],
    balances: Mapping[Key, Balance],
    *,
    number: str,
    reference: str = "",
    note: str = "",
    reverses: Move | None = None,
    now: datetime,
) -> list[Move]:
    """The moves as written, with the balances they change; all of it, or a sentence about the first that cannot be."""
    for key, change in deltas(lines).items():
        _apply(balances[key], change, now=now)
    moves = Move.objects.bulk_create(
        Move(
            number=number,
            kind=line.kind.value,
            from_store_id=line.from_store,
            to_store_id=line.to_store,
            item_id=line.item,
            batch=line.batch,
            quantity=line.quantity,
            reference=reference,
            note=note,
            reverses=reverses,
            moved_by=actor.id,
            moved_name=actor.name,
            moved_at=now,
        )
        for line in lines
    )
    told = [
        f"{balances[line.origin].store.code} → {balances[line.goal].store.code}: "
        f"{balances[line.goal]} × {line.quantity} ({line.kind.value})"
        for line in lines
    ]
    after = {"moves": told, "reference": reference, "note": note}
    scope = number.split("-")[1]
    journal.record(actor, at=now, act="move", kind="stock_move", key=number, scope=scope, after=after)
    return moves


def _apply(balance: Balance, change: int, *, now: datetime) -> None:
    if not change:
        return
    stands = balance.quantity + change
    if balance.is_inside:
        _refuse_if_short(balance, change, stands)
        _refuse_if_twice(balance, stands)
    balance.quantity, balance.last_moved_at = stands, now
    Balance.objects.filter(pk=balance.pk).update(quantity=stands, last_moved_at=now)


def _refuse_if_short(balance: Balance, change: int, stands: int) -> None:
    if change > 0 or stands >= balance.reserved:
        return
    facts = {"item": str(balance), "store": balance.store, "free": balance.free, "wanted": -change}
    if balance.reserved:
        raise Refused(
            _(
                "Of {item} only {free} are free in “{store}”, {reserved} are reserved; {wanted} were asked for.",
                reserved=balance.reserved,
                **facts,
            ),
            field="quantity",
        )
    raise Refused(
        _("Of {item} only {free} are in “{store}”; {wanted} were asked for. Count again.", **facts), field="quantity"
    )


def _refuse_if_twice(balance: Balance, stands: int) -> None:
    if not balance.is_serial or stands < 1:
        return
    elsewhere = Balance.objects.filter(item=balance.item, batch=balance.batch, is_inside=True, quantity__gt=0)
    if stands > 1 or elsewhere.exclude(pk=balance.pk).exists():
        raise Refused(
            _("{item} is in stock already. A serial number can only be in one place.", item=balance), field="batch"
        )
