"""Every read of the warehouse. A station sees its own stores, and the shared ones (in transit, at the factory)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar

from django.db.models import Case, Exists, F, IntegerField, Model, OuterRef, Q, QuerySet, Sum, Value, When
from django.db.models.functions import Coalesce

from aftersales.core import journal, locks
from aftersales.core.actor import Actor
from aftersales.core.errors import Invalid, Missing
from aftersales.core.rows import only
from aftersales.core.text import text as _
from aftersales.warehouse.models import (
    Balance,
    CountedLine,
    Item,
    Move,
    Reservation,
    SlowDecision,
    Stocktake,
    Store,
)
from aftersales.warehouse.permissions import Permission
from aftersales.warehouse.rules import stores
from aftersales.warehouse.rules.moves import MOST_DAYS, MoveKind
from aftersales.warehouse.rules.stocktakes import HANDLING_LABELS, OPEN, STATE_LABELS, StocktakeState
from aftersales.warehouse.rules.stores import INSIDE, LABELS, SHARED, SINKS, SOURCES, TRACKING_LABELS, StoreKind

__all__ = [
    "HANDLING_LABELS",
    "INSIDE",
    "LABELS",
    "MOST_DAYS",
    "SHARED",
    "SINKS",
    "SOURCES",
    "STATE_LABELS",
    "TRACKING_LABELS",
    "Balance",
    "CountedLine",
    "Item",
    "Move",
    "Reservation",
    "SlowDecision",
    "Stocktake",
    "StocktakeState",
    "Store",
    "StoreKind",
]

M = TypeVar("M", bound=Model)
SLOW_DAYS = 90


# Stores and items


def list_stores(actor: Actor, *, only_open: bool = False) -> QuerySet[Store]:
    """Our own stores that the actor sees, by code."""
    actor.require(Permission.SEE)
    rows = Store.objects.filter(kind__in=[kind.value for kind in INSIDE]).filter(_own(actor, ""))
    return (rows.filter(is_open=True) if only_open else rows).select_related("station").order_by("code")


def get_store(actor: Actor, code: str) -> Store:
    """The store of ours with this code."""
    return _the(list_stores(actor).filter(code=code))


def find_store(actor: Actor, code: str, *, field: str) -> Store:
    """The open store that a form names."""
    row = only(list_stores(actor, only_open=True).filter(code=code.strip().upper()))
    if row is None:
        raise Invalid(_("There is no open store “{code}” that you may see.", code=code.strip()), field=field)
    return row


def list_items(actor: Actor, *, typed: str = "") -> QuerySet[Item]:
    """The items by code."""
    actor.require(Permission.SEE)
    rows = Item.objects.select_related("part")
    return rows.filter(_typed(typed, "")) if typed.strip() else rows


def get_item(actor: Actor, item_id: int) -> Item:
    """The item with this id."""
    return _the(list_items(actor).filter(pk=item_id))


def find_item(actor: Actor, code: str) -> Item:
    """The item in use that was scanned or written."""
    row = only(list_items(actor).filter(code=code.strip().upper(), is_active=True))
    if row is None:
        raise Invalid(_("There is no item “{code}” in use. Scan it again, or add it.", code=code.strip()), field="item")
    return row


def history_of(actor: Actor, kind: str, key: str | int) -> list[Any]:
    """What was done to one store or item, newest first."""
    actor.require(Permission.SEE)
    return journal.entries_of(kind, key)


# Stock


def list_stock(
    actor: Actor, *, typed: str = "", store: str = "", kind: str = "", with_empty: bool = False
) -> QuerySet[Balance]:
    """What lies in the stores the actor sees."""
    actor.require(Permission.SEE)
    rows = Balance.objects.filter(_own(actor, "store__"), is_inside=True)
    if typed.strip():
        rows = rows.filter(_typed(typed, "item__") | Q(batch__icontains=typed.strip()) | Q(bin__iexact=typed.strip()))
    if store:
        rows = rows.filter(store__code=store)
    if kind:
        rows = rows.filter(store__kind=kind)
    if not with_empty:
        rows = rows.filter(quantity__gt=0)
    return rows.select_related("store__station", "item").annotate(worth=F("quantity") * F("item__cost_fen"))


def stock_of(actor: Actor, item: Item) -> list[Balance]:
    """Where this item lies, store by store."""
    return list(list_stock(actor).filter(item=item).order_by("store__code", "batch"))


def get_balance(actor: Actor, balance_id: int, *, for_update: bool = False) -> Balance:
    """One item in one store."""
    rows: QuerySet[Balance] = list_stock(actor, with_empty=True).filter(pk=balance_id)
    if for_update:
        rows = locks.for_update(rows)
    return _the(rows)


def list_moves(actor: Actor, *, item: Item | None = None, number: str = "") -> QuerySet[Move]:
    """The moves into and out of the stores the actor sees, newest first."""
    actor.require(Permission.SEE)
    inside = [kind.value for kind in INSIDE]
    seen = Q(_own(actor, "from_store__"), from_store__kind__in=inside) | Q(
        _own(actor, "to_store__"), to_store__kind__in=inside
    )
    if actor.scopes is None:  # what was short on receipt touches no store of ours
        seen = Q()
    rows = Move.objects.filter(seen | Q(moved_by=actor.id))
    rows = rows.filter(item=item) if item else rows
    rows = rows.filter(number=number) if number else rows
    return rows.select_related("from_store", "to_store", "item", "reversed_by").order_by("-id")


def get_move(actor: Actor, move_id: int) -> Move:
    """One move, if the actor sees every store of ours that it touches."""
    move = _the(list_moves(actor).filter(pk=move_id))
    seen = {store.pk for store in list_stores(actor)}
    if any(store.is_inside and store.pk not in seen for store in (move.from_store, move.to_store)):
        raise Missing
    return move


def received_before(*, source: Store, reference: str, item: Item, batch: str) -> Move | None:
    """The receipt that already brought this item by this delivery note, and was not taken back."""
    return only(
        Move.objects.filter(
            kind__in=[MoveKind.RECEIPT, MoveKind.SHORT],
            from_store=source,
            reference=reference,
            item=item,
            batch=batch,
            reversed_by=None,
        )
    )


def list_reservations(actor: Actor, *, item: Item | None = None) -> QuerySet[Reservation]:
    """What is kept for something and not released yet."""
    actor.require(Permission.SEE)
    rows = Reservation.objects.filter(_own(actor, "balance__store__"), released_at=None)
    rows = rows.filter(balance__item=item) if item else rows
    return rows.select_related("balance__store", "balance__item").order_by("id")


# Stocktakes


def list_stocktakes(actor: Actor) -> QuerySet[Stocktake]:
    """The stocktakes of the stores the actor sees, newest first."""
    actor.require(Permission.SEE)
    return Stocktake.objects.filter(_own(actor, "store__")).select_related("store__station").order_by("-id")


def get_stocktake(actor: Actor, number: str, *, for_update: bool = False) -> Stocktake:
    """The stocktake with this number."""
    rows: QuerySet[Stocktake] = list_stocktakes(actor).filter(number=number)
    if for_update:
        rows = locks.for_update(rows)
    return _the(rows)


def lines_of(stocktake: Stocktake) -> list[CountedLine]:
    """What was counted so far, by item."""
    return list(stocktake.lines.select_related("item").order_by("item__code", "batch"))


def uncounted_of(actor: Actor, stocktake: Stocktake) -> QuerySet[Balance]:
    """What should lie in the store by the books and nobody has counted yet."""
    counted = CountedLine.objects.filter(stocktake=stocktake, item=OuterRef("item"), batch=OuterRef("batch"))
    rows = list_stock(actor).filter(~Exists(counted), store=stocktake.store)
    return rows.order_by("bin", "item__code", "batch")


def has_counted(actor: Actor, stocktake: Stocktake) -> bool:
    """Whether the actor took part in the counting."""
    counted = stocktake.lines.filter(counted_by=actor.id).exists()
    return counted or actor.id in {stocktake.begun_by, stocktake.handed_in_by}


# Goods that lie too long


def list_slow(actor: Actor, *, days: int, now: datetime, store: str = "") -> QuerySet[Balance]:
    """What has not moved for so many days, with the last decision about it."""
    before = now - timedelta(days=max(1, min(days, MOST_DAYS)))
    last = SlowDecision.objects.filter(balance=OuterRef("pk"), decided_at__gte=OuterRef("last_moved_at"))
    rows = list_stock(actor, store=store).filter(last_moved_at__lte=before)
    return rows.annotate(
        handling=last.order_by("-id").values("handling")[:1],
        handling_reason=last.order_by("-id").values("reason")[:1],
        handled_by=last.order_by("-id").values("decided_name")[:1],
    )


def decisions_about(balance: Balance) -> list[SlowDecision]:
    """What was decided about it, newest first."""
    return list(balance.decisions.order_by("-id"))


# The ledger


@dataclass(frozen=True)
class Gap:
    """A balance that is not the sum of its moves."""

    store: str
    item: str
    batch: str
    kept: int
    moved: int


def find_gaps() -> list[Gap]:
    """Every balance that differs from the sum of its moves; there is none unless the tables were changed by hand."""
    moved = _sums()
    kept = {(row.store_id, row.item_id, row.batch): row.quantity for row in Balance.objects.all()}
    wrong = sorted(key for key in {**kept, **moved} if kept.get(key, 0) != moved.get(key, 0))
    return [_gap(key, kept.get(key, 0), moved.get(key, 0)) for key in wrong]


def _gap(key: tuple[int, int, str], kept: int, moved: int) -> Gap:
    store, item = Store.objects.get(pk=key[0]), Item.objects.get(pk=key[1])
    return Gap(store.code, item.code, key[2], kept, moved)


def _sums() -> dict[tuple[int, int, str], int]:
    total: dict[tuple[int, int, str], int] = {}
    for side, sign in (("from_store", -1), ("to_store", 1)):
        rows: Iterable[Any] = (
            Move.objects.order_by()
            .values_list(side, "item", "batch")
            .annotate(sum=Coalesce(Sum("quantity"), Value(0), output_field=IntegerField()))
        )
        for store, item, batch, quantity in rows:
            key = (store, item, batch)
            total[key] = total.get(key, 0) + sign * quantity
    return total


def reserved_sums() -> dict[int, int]:
    """Balance → how much of it is reserved by what stands in the reservations."""
    amount = Case(When(released_at=None, then=F("quantity")), default=Value(0))
    rows = Reservation.objects.order_by().values_list("balance").annotate(sum=Sum(amount))
    return dict(rows)


def has_open_stocktake(store: Store) -> bool:
    """Whether the store is being counted."""
    return Stocktake.objects.filter(store=store, state__in=OPEN).exists()


def _own(actor: Actor, path: str) -> Q:
    narrowed = actor.scope_filter(f"{path}station__code")
    if not narrowed:
        return Q()
    return Q(**narrowed) | Q(**{f"{path}station__isnull": True, f"{path}kind__in": list(stores.SHARED)})


def _typed(typed: str, path: str) -> Q:
    typed = typed.strip()
    return Q(**{f"{path}code__icontains": typed}) | Q(**{f"{path}name__icontains": typed})


def _the(rows: QuerySet[M]) -> M:
    row = rows.first()
    if row is None:
        raise Missing
    return row
