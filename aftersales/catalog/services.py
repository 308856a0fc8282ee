"""Every write of the catalog."""

from __future__ import annotations

from datetime import datetime
from typing import Any, TypeVar

from django.db import IntegrityError
from django.db.models import Model

from aftersales.catalog import queries
from aftersales.catalog.models import Category, Manufacturer, Operation, Part, UnitModel
from aftersales.catalog.permissions import Permission
from aftersales.catalog.rules.history import LABELS
from aftersales.catalog.rules.identifiers import plain
from aftersales.core import journal, locks, search, transaction, versions
from aftersales.core.actor import Actor
from aftersales.core.errors import Invalid, Missing
from aftersales.core.money import Money
from aftersales.core.text import text as _

M = TypeVar("M", bound=Model)
R = TypeVar("R", bound=Manufacturer | UnitModel | Operation | Part)


# Profiles


@transaction.act
def install_profiles(actor: Actor, *, now: datetime) -> int:
    """How many categories were added or renamed to stand as the profiles say; run again, it changes nothing."""
    actor.require(Permission.EDIT)
    changed = 0
    for trade in queries.list_trades():
        for position, category in enumerate(trade.categories):
            names = dict(zip(("name_en", "name_zh_hans", "name_zh_hant"), _names(category.label), strict=True))
            changed += _install_category(actor, trade.code, category.code, {**names, "position": position}, now=now)
    return changed


def _names(label: queries.Label) -> tuple[str, str, str]:
    return label.source, label.zh_hans, label.zh_hant


def _install_category(actor: Actor, trade: str, code: str, wanted: dict[str, Any], *, now: datetime) -> bool:
    row = Category.objects.filter(trade=trade, code=code).first()
    before = {name: getattr(row, name) for name in wanted} if row else None
    if before == wanted:
        return False
    row, _is_new = Category.objects.update_or_create(trade=trade, code=code, defaults=wanted)
    journal.record(actor, at=now, act="install", kind="category", key=row.pk, before=before, after=wanted)
    return True


# Manufacturers


@transaction.act
def add_manufacturer(
    actor: Actor, *, name: str, other_names: str = "", hotline: str = "", note: str = "", now: datetime
) -> Manufacturer:
    """The new manufacturer."""
    actor.require(Permission.EDIT)
    row = Manufacturer(
        name=_given(name, "name"), other_names=other_names.strip(), hotline=hotline.strip(), note=note.strip()
    )
    return _added(actor, row, kind="manufacturer", now=now)


@transaction.act
def edit_manufacturer(
    actor: Actor,
    *,
    manufacturer_id: int,
    version: int,
    name: str,
    other_names: str = "",
    hotline: str = "",
    note: str = "",
    is_active: bool = True,
    now: datetime,
) -> Manufacturer:
    """The manufacturer as changed; refuses when somebody else changed it meanwhile."""
    row = _opened(actor, Manufacturer, manufacturer_id)
    before = row.facts()
    row.name, row.other_names, row.hotline = _given(name, "name"), other_names.strip(), hotline.strip()
    row.note, row.is_active = note.strip(), is_active
    return _edited(actor, row, before, kind="manufacturer", version=version, now=now)


# Models


@transaction.act
def add_model(
    actor: Actor,
    *,
    manufacturer_id: int,
    category_id: int,
    name: str,
    code: str = "",
    warranty_months: int = 12,
    now: datetime,
) -> UnitModel:
    """The new model."""
    actor.require(Permission.EDIT)
    row = UnitModel(
        manufacturer=_found(Manufacturer, manufacturer_id, "manufacturer"),
        category=_found(Category, category_id, "category"),
        name=_given(name, "name"),
        code=plain(code),
        warranty_months=_months(warranty_months),
    )
    return _added(actor, row, kind="model", now=now)


@transaction.act
def edit_model(
    actor: Actor,
    *,
    model_id: int,
    version: int,
    manufacturer_id: int,
    category_id: int,
    name: str,
    code: str = "",
    warranty_months: int = 12,
    is_active: bool = True,
    now: datetime,
) -> UnitModel:
    """The model as changed; refuses when somebody else changed it meanwhile."""
    row = _opened(actor, UnitModel, model_id)
    before = row.facts()
    row.manufacturer = _found(Manufacturer, manufacturer_id, "manufacturer")
    row.category = _found(Category, category_id, "category")
    row.name, row.code = _given(name, "name"), plain(code)
    row.warranty_months, row.is_active = _months(warranty_months), is_active
    return _edited(actor, row, before, kind="model", version=version, now=now)


# Labour operations


@transaction.act
def add_operation(
    actor: Actor,
    *,
    trade: str,
    code: str,
    name: str,
    standard_minutes: int,
    rate: Money,
    category_id: int | None = None,
    now: datetime,
) -> Operation:
    """The new labour operation."""
    actor.require(Permission.EDIT)
    row = Operation(
        trade=queries.get_trade(trade).code,
        code=_given(plain(code), "code"),
        name=_given(name, "name"),
        category=_category_of(trade, category_id),
        standard_minutes=_minutes(standard_minutes),
        rate_fen=_not_negative(rate, "rate"),
    )
    return _added(actor, row, kind="operation", now=now)


@transaction.act
def edit_operation(
    actor: Actor,
    *,
    operation_id: int,
    version: int,
    code: str,
    name: str,
    standard_minutes: int,
    rate: Money,
    category_id: int | None = None,
    is_active: bool = True,
    now: datetime,
) -> Operation:
    """The labour operation as changed; refuses when somebody else changed it meanwhile."""
    row = _opened(actor, Operation, operation_id)
    before = row.facts()
    row.code, row.name = _given(plain(code), "code"), _given(name, "name")
    row.category = _category_of(row.trade, category_id)
    row.standard_minutes, row.rate_fen = _minutes(standard_minutes), _not_negative(rate, "rate")
    row.is_active = is_active
    return _edited(actor, row, before, kind="operation", version=version, now=now)


# Parts


@transaction.act
def add_part(
    actor: Actor,
    *,
    code: str,
    name: str,
    price: Money,
    manufacturer_id: int | None = None,
    measure: str = "",
    now: datetime,
) -> Part:
    """The new part."""
    actor.require(Permission.EDIT)
    row = Part(
        code=_given(plain(code), "code"),
        name=_given(name, "name"),
        manufacturer=_found(Manufacturer, manufacturer_id, "manufacturer") if manufacturer_id else None,
        measure=measure.strip(),
        price_fen=_not_negative(price, "price"),
    )
    return _added(actor, row, kind="part", now=now)


@transaction.act
def edit_part(
    actor: Actor,
    *,
    part_id: int,
    version: int,
    code: str,
    name: str,
    price: Money,
    manufacturer_id: int | None = None,
    measure: str = "",
    is_active: bool = True,
    now: datetime,
) -> Part:
    """The part as changed; refuses when somebody else changed it meanwhile."""
    row = _opened(actor, Part, part_id)
    before = row.facts()
    row.code, row.name, row.measure = _given(plain(code), "code"), _given(name, "name"), measure.strip()
    row.manufacturer = _found(Manufacturer, manufacturer_id, "manufacturer") if manufacturer_id else None
    row.price_fen, row.is_active = _not_negative(price, "price"), is_active
    return _edited(actor, row, before, kind="part", version=version, now=now)


# What adding and editing have in common


def _opened(actor: Actor, table: type[R], key: int) -> R:
    actor.require(Permission.EDIT)
    row: R | None = locks.for_update(table._default_manager.filter(pk=key)).first()
    if row is None:
        raise Missing
    return row


def _added(actor: Actor, row: R, *, kind: str, now: datetime) -> R:
    _write(row)
    journal.record(actor, at=now, act="add", kind=kind, key=row.pk, after=row.facts())
    _index(kind, row)
    return row


def _edited(actor: Actor, row: R, before: dict[str, Any], *, kind: str, version: int, now: datetime) -> R:
    versions.check(
        stands=row.version, opened=version, kind=kind, key=row.pk, current=before, wanted=row.facts(), labels=LABELS
    )
    row.version += 1
    _write(row)
    journal.record(actor, at=now, act="edit", kind=kind, key=row.pk, before=before, after=row.facts())
    _index(kind, row)
    if isinstance(row, Manufacturer) and before["name"] != row.name:
        for model in UnitModel.objects.filter(manufacturer=row).select_related("manufacturer", "category"):
            _index("model", model)
    return row


def _write(row: R) -> None:
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        field = "code" if isinstance(row, (Operation, Part)) else "name"
        raise Invalid(
            _("“{value}” is already in the catalog. Look it up and change it there.", value=getattr(row, field)),
            field=field,
        ) from error


def _index(kind: str, row: Manufacturer | UnitModel | Operation | Part) -> None:
    if isinstance(row, Manufacturer):
        search.index(kind, row.pk, title=row.name, detail=row.other_names, names=[row.name, row.other_names])
    elif isinstance(row, UnitModel):
        made_by = [row.manufacturer.name, row.manufacturer.other_names]
        search.index(
            kind,
            row.pk,
            title=str(row),
            detail=row.code,
            names=[row.name, *made_by],
            codes=[row.code] if row.code else [],
        )
    else:
        search.index(kind, row.pk, title=row.name, detail=row.code, names=[row.name], codes=[row.code])


def _found(table: type[M], key: int, field: str) -> M:
    row = table._default_manager.filter(pk=key).first()
    if row is None:
        raise Invalid(_("Choose one from the list."), field=field)
    return row


def _category_of(trade: str, category_id: int | None) -> Category | None:
    if category_id is None:
        return None
    category = _found(Category, category_id, "category")
    if category.trade != trade:
        raise Invalid(_("This category belongs to another trade. Choose one from the list."), field="category")
    return category


def _given(value: str, field: str) -> str:
    value = " ".join(value.split())
    if not value:
        raise Invalid(_("Fill in “{label}”.", label=LABELS[field]), field=field)
    return value


def _months(months: int) -> int:
    if not 0 <= months <= 240:
        raise Invalid(_("Write the warranty as 0 to 240 months."), field="warranty_months")
    return months


def _minutes(minutes: int) -> int:
    if not 1 <= minutes <= 60_000:
        raise Invalid(_("Write the standard time as more than 0 and at most 1000 hours."), field="hours")
    return minutes


def _not_negative(amount: Money, field: str) -> int:
    if amount.fen < 0 or amount.fen > 2_000_000_000:
        raise Invalid(_("Write an amount from ¥0.00 up to ¥20,000,000."), field=field)
    return amount.fen
