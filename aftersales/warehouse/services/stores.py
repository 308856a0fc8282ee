"""Stores and items are added and changed."""

from __future__ import annotations

from datetime import datetime
from typing import Any, TypeVar

from django.db import IntegrityError

from aftersales.catalog import queries as catalog
from aftersales.core import journal, locks, transaction, versions
from aftersales.core.actor import Actor
from aftersales.core.errors import Invalid, Missing
from aftersales.core.money import Money
from aftersales.core.text import Text, text as _
from aftersales.staff import queries as staff
from aftersales.warehouse import queries
from aftersales.warehouse.models import Balance, Item, Store
from aftersales.warehouse.permissions import Permission
from aftersales.warehouse.rules.stores import SHARED, StoreKind, Tracking, is_inside

R = TypeVar("R", bound=Store | Item)
LABELS: dict[str, Text] = {
    "code": _("Code"),
    "name": _("Name"),
    "kind": _("Kind"),
    "trade": _("Trade"),
    "measure": _("Counted in"),
    "cost": _("Cost"),
    "tracking": _("Told apart"),
    "part": _("Part"),
    "is_open": _("Open for use"),
    "is_active": _("In use"),
}


@transaction.act
def add_store(actor: Actor, *, code: str, name: str, kind: str, station: str = "", now: datetime) -> Store:
    """The new store of ours, at a station; one in transit or at the factory may be shared by all of them."""
    actor.require(Permission.EDIT)
    if kind not in list(StoreKind) or not is_inside(kind):
        raise Invalid(_("Choose one from the list."), field="kind")
    row = Store(code=_given(code, "code").upper(), name=_given(name, "name"), kind=kind)
    if station:
        row.station = staff.get_station(actor, station)
    elif kind not in SHARED:
        raise Invalid(
            _("Say at which station the store is. Only goods in transit or at the factory are shared."), field="station"
        )
    elif actor.scopes is not None:
        raise Invalid(_("A shared store is added by headquarters. Choose your station."), field="station")
    return _added(actor, row, kind="store", now=now)


@transaction.act
def edit_store(actor: Actor, *, code: str, version: int, name: str, is_open: bool = True, now: datetime) -> Store:
    """The store as changed; one that goods lie in is not closed."""
    actor.require(Permission.EDIT)
    row: Store | None = locks.for_update(queries.list_stores(actor).filter(code=code)).first()
    if row is None:
        raise Missing
    before = row.facts()
    row.name, row.is_open = _given(name, "name"), is_open
    if not is_open and Balance.objects.filter(store=row, quantity__gt=0).exists():
        raise Invalid(_("There are still goods in this store. Transfer them first, then close it."), field="is_open")
    return _edited(actor, row, before, kind="store", version=version, now=now)


@transaction.act
def add_item(
    actor: Actor,
    *,
    code: str,
    name: str,
    trade: str = "",
    measure: str = "",
    cost: Money = Money(0),  # noqa: B008 - it cannot be changed
    tracking: str = Tracking.NONE.value,
    part: str = "",
    now: datetime,
) -> Item:
    """The new item; how its pieces are told apart never changes."""
    actor.require(Permission.EDIT)
    if tracking not in list(Tracking):
        raise Invalid(_("Choose one from the list."), field="tracking")
    row = Item(code="".join(_given(code, "code").split()).upper(), tracking=tracking)
    _fill(row, name=name, trade=trade, measure=measure, cost=cost, part=part)
    return _added(actor, row, kind="item", now=now)


@transaction.act
def edit_item(
    actor: Actor,
    *,
    item_id: int,
    version: int,
    name: str,
    trade: str = "",
    measure: str = "",
    cost: Money = Money(0),  # noqa: B008 - it cannot be changed
    part: str = "",
    is_active: bool = True,
    now: datetime,
) -> Item:
    """The item as changed; refuses when somebody else changed it meanwhile."""
    actor.require(Permission.EDIT)
    row: Item | None = locks.for_update(Item.objects.filter(pk=item_id)).first()
    if row is None:
        raise Missing
    before = row.facts()
    _fill(row, name=name, trade=trade, measure=measure, cost=cost, part=part)
    row.is_active = is_active
    return _edited(actor, row, before, kind="item", version=version, now=now)


def _fill(row: Item, *, name: str, trade: str, measure: str, cost: Money, part: str) -> None:
    row.name, row.measure = _given(name, "name"), measure.strip()
    row.trade = catalog.get_trade(trade).code if trade else ""
    if not 0 <= cost.fen <= 2_000_000_000:
        raise Invalid(_("Write an amount from ¥0.00 up to ¥20,000,000."), field="cost")
    row.cost_fen = cost.fen
    row.part = None
    if part.strip():
        row.part = catalog.find_part_named(part)
        if row.part is None:
            raise Invalid(_("There is no part “{part}” in the catalog.", part=part.strip()), field="part")


def _added(actor: Actor, row: R, *, kind: str, now: datetime) -> R:
    _write(row)
    journal.record(actor, at=now, act="add", kind=kind, key=row.pk, scope=_scope(row), after=row.facts())
    return row


def _edited(actor: Actor, row: R, before: dict[str, Any], *, kind: str, version: int, now: datetime) -> R:
    versions.check(
        stands=row.version, opened=version, kind=kind, key=row.pk, current=before, wanted=row.facts(), labels=LABELS
    )
    row.version += 1
    _write(row)
    journal.record(
        actor, at=now, act="edit", kind=kind, key=row.pk, scope=_scope(row), before=before, after=row.facts()
    )
    return row


def _scope(row: Store | Item) -> str:
    return row.station.code if isinstance(row, Store) and row.station else ""


def _write(row: Store | Item) -> None:
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        if isinstance(row, Item) and row.part and Item.objects.filter(part=row.part).exclude(pk=row.pk).exists():
            raise Invalid(_("Another item stands for this part already."), field="part") from error
        raise Invalid(
            _("The code “{code}” is taken. Look it up and change it there.", code=row.code), field="code"
        ) from error


def _given(value: str, field: str) -> str:
    value = " ".join(value.split())
    if not value:
        raise Invalid(_("Fill in “{label}”.", label=LABELS[field]), field=field)
    return value
