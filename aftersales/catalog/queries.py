"""Every read of the catalog. What it holds belongs to no station: whoever may see the catalog sees all of it."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from importlib import resources
from typing import Any, TypeVar

from django.db.models import Model, Q, QuerySet, Value
from django.db.models.functions import Concat

from aftersales.catalog.models import Category, Manufacturer, Operation, Part, UnitModel
from aftersales.catalog.permissions import Permission
from aftersales.catalog.rules import drawings, trades
from aftersales.catalog.rules.drawings import Drawing
from aftersales.catalog.rules.history import Change, Moment, told
from aftersales.catalog.rules.identifiers import Reading
from aftersales.catalog.rules.labels import Label
from aftersales.catalog.rules.prices import minutes_of
from aftersales.catalog.rules.tables import ProfileError
from aftersales.catalog.rules.trades import ChecklistItem, Meter, PlateField, Reminder, SerialField, Trade
from aftersales.core import journal, search
from aftersales.core.actor import SYSTEM, Actor
from aftersales.core.errors import Missing
from aftersales.core.rows import only
from aftersales.core.text import text as _

__all__ = [
    "Change",
    "ChecklistItem",
    "Drawing",
    "Label",
    "Meter",
    "Moment",
    "PlateField",
    "Reading",
    "Reminder",
    "SerialField",
    "Trade",
    "minutes_of",
]

M = TypeVar("M", bound=Model)
_ANSWERS = "answers.toml"


# Trades


@cache
def _trades() -> dict[str, Trade]:
    folder = resources.files("aftersales.catalog") / "profiles"
    answers = trades.read_answers(_ANSWERS, tomllib.loads((folder / _ANSWERS).read_text(encoding="utf-8")))
    files = sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".toml") and entry.name != _ANSWERS)
    found = [
        trades.read_trade(name, tomllib.loads((folder / name).read_text(encoding="utf-8")), answers) for name in files
    ]
    by_code = {trade.code: trade for trade in sorted(found, key=lambda trade: trade.position)}
    if len(by_code) != len(found):
        raise ProfileError(f"{', '.join(files)}: two profiles have the same code")
    for trade in found:
        for code in {trade.drawing, *(category.drawing for category in trade.categories)} - set(_drawings()):
            raise ProfileError(f"{trade.code}: there is no drawing {code}")
    return by_code


@cache
def _drawings() -> dict[str, Drawing]:
    folder = resources.files("aftersales.catalog") / "drawings"
    names = sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".toml"))
    read = [drawings.read_drawing(name, tomllib.loads((folder / name).read_text(encoding="utf-8"))) for name in names]
    return {drawing.code: drawing for drawing in read}


def list_trades(codes: Iterable[str] | None = None) -> tuple[Trade, ...]:
    """Every trade in its order, or those with these codes."""
    wanted = None if codes is None else set(codes)
    return tuple(trade for trade in _trades().values() if wanted is None or trade.code in wanted)


def get_trade(code: str) -> Trade:
    """The trade with this code: its words, its numbers, its checklists."""
    trade = _trades().get(code)
    if trade is None:
        raise Missing(_("There is no trade “{code}”.", code=code))
    return trade


def drawing_of(trade: str, category: str) -> Drawing:
    """The outline on which damage of a unit of this category is marked."""
    return _drawings()[get_trade(trade).drawing_of(category)]


def drawing_svg(drawing: Drawing, marks: Iterable[Mapping[str, Any]] = ()) -> str:
    """The drawing as the text of an SVG picture, its marks numbered from 1 in their order; for papers and files.

    `marks` is what `RepairOrder.marks` holds; what each number means is told beside the picture, see `workshop.queries.worded_marks`.
    """
    return drawings.to_svg(drawing, marks)


# Categories


def list_categories(trade: str | None = None, *, only_active: bool = True) -> QuerySet[Category]:
    """The categories of a trade (or of all) in the order of the profile."""
    rows = Category.objects.filter(
        **({"trade": trade} if trade else {}), **({"is_active": True} if only_active else {})
    )
    return rows.order_by("trade", "position", "pk")


def get_category(trade: str, code: str) -> Category:
    """The category with this code in this trade."""
    return _the(Category.objects.filter(trade=trade, code=code))


def find_category_by_alias(trade: str, alias: str) -> Category | None:
    """The category that a foreign data standard calls `alias`, or None."""
    codes = [category.code for category in get_trade(trade).categories if alias in category.aliases]
    return Category.objects.filter(trade=trade, code__in=codes).first()


def choices_of_categories(trade: str | None = None) -> list[tuple[str, str]]:
    """The active categories as choices for a form, in the reader's language, the trade's name before where there are several."""
    rows = list_categories(trade)
    if trade:
        return [(str(row.pk), str(row.label)) for row in rows]
    return [(str(row.pk), f"{get_trade(row.trade).label} · {row.label}") for row in rows]


# Manufacturers, models, operations, parts


def list_manufacturers(*, typed: str = "", only_active: bool = False) -> QuerySet[Manufacturer]:
    """The manufacturers by name."""
    rows = Manufacturer.objects.filter(**({"is_active": True} if only_active else {}))
    if typed.strip():
        rows = rows.filter(_typed(typed, "manufacturer", "name", "other_names"))
    return rows.order_by("name")


def list_models(
    *,
    trade: str = "",
    category_id: int | None = None,
    manufacturer_id: int | None = None,
    typed: str = "",
    only_active: bool = False,
) -> QuerySet[UnitModel]:
    """The models with manufacturer and category, narrowed and by code."""
    given: dict[str, Any] = {"category__trade": trade, "category_id": category_id, "manufacturer_id": manufacturer_id}
    rows = UnitModel.objects.filter(**{path: value for path, value in given.items() if value})
    if only_active:
        rows = rows.filter(is_active=True)
    if typed.strip():
        rows = rows.filter(_typed(typed, "model", "name", "code", "manufacturer__name", "manufacturer__other_names"))
    return rows.select_related("manufacturer", "category").order_by("manufacturer__name", "name")


def find_models(typed: str, trade: str = "", *, limit: int = 12) -> list[UnitModel]:
    """The active models that fit what was typed so far, for pick lists."""
    return list(list_models(trade=trade, typed=typed, only_active=True)[:limit])


def find_model_named(typed: str, trade: str) -> UnitModel | None:
    """The only active model of the trade with exactly this name (with or without its maker) or code, or None."""
    named = " ".join(typed.split())
    if not named:
        return None
    rows = UnitModel.objects.filter(category__trade=trade, is_active=True)
    rows = rows.annotate(full=Concat("manufacturer__name", Value(" "), "name"))
    found = rows.filter(Q(full__iexact=named) | Q(name__iexact=named) | (Q(code__iexact=named) & ~Q(code="")))
    twin = list(found.select_related("manufacturer", "category")[:2])
    return twin[0] if len(twin) == 1 else None


FindModel = Callable[[str, str], UnitModel | None]


def model_finder() -> FindModel:
    """The same as `find_model_named`, for thousands of names: every active model is read once."""
    named: dict[tuple[str, str], dict[int, UnitModel]] = {}
    for model in list_models(only_active=True):
        for name in {f"{model.manufacturer.name} {model.name}", model.name, model.code} - {""}:
            named.setdefault((model.category.trade, name.casefold()), {})[model.pk] = model

    def find(typed: str, trade: str) -> UnitModel | None:
        twin = named.get((trade, " ".join(typed.split()).casefold()), {})
        return next(iter(twin.values())) if len(twin) == 1 else None

    return find


def list_operations(*, trade: str = "", typed: str = "", only_active: bool = False) -> QuerySet[Operation]:
    """The labour operations, narrowed and by code."""
    rows = Operation.objects.filter(
        **({"trade": trade} if trade else {}), **({"is_active": True} if only_active else {})
    )
    if typed.strip():
        rows = rows.filter(_typed(typed, "operation", "code", "name"))
    return rows.select_related("category").order_by("trade", "code")


def find_operations(typed: str, trade: str = "", *, limit: int = 12) -> list[Operation]:
    """The active operations that fit what was typed so far, for pick lists."""
    return list(list_operations(trade=trade, typed=typed, only_active=True)[:limit])


def find_operation_named(typed: str, trade: str) -> Operation | None:
    """The one active operation of the trade with exactly this code or name."""
    exact = Q(code__iexact=typed.strip()) | Q(name__iexact=typed.strip())
    return only(Operation.objects.filter(exact, trade=trade, is_active=True).order_by("code")[:1])


def find_part_named(typed: str) -> Part | None:
    """The one active part with exactly this code or name."""
    exact = Q(code__iexact=typed.strip()) | Q(name__iexact=typed.strip())
    return only(Part.objects.filter(exact, is_active=True).order_by("code")[:1])


def list_parts(*, typed: str = "", manufacturer_id: int | None = None, only_active: bool = False) -> QuerySet[Part]:
    """The parts, narrowed and by code."""
    rows = Part.objects.filter(**({"manufacturer_id": manufacturer_id} if manufacturer_id else {}))
    if only_active:
        rows = rows.filter(is_active=True)
    if typed.strip():
        rows = rows.filter(_typed(typed, "part", "code", "name"))
    return rows.select_related("manufacturer").order_by("code")


def find_parts(typed: str, *, limit: int = 12) -> list[Part]:
    """The active parts that fit what was typed so far, for pick lists."""
    return list(list_parts(typed=typed, only_active=True)[:limit])


def get_manufacturer(actor: Actor, manufacturer_id: int) -> Manufacturer:
    """The manufacturer with this id."""
    return _seen(actor, Manufacturer.objects.filter(pk=manufacturer_id))


def get_model(actor: Actor, model_id: int) -> UnitModel:
    """The model with this id, with manufacturer and category."""
    return _seen(actor, UnitModel.objects.filter(pk=model_id).select_related("manufacturer", "category"))


def find_model(model_id: int | None) -> UnitModel | None:
    """The model with this id, or None; for those who only point at it."""
    if not model_id:
        return None
    return only(UnitModel.objects.filter(pk=model_id).select_related("manufacturer", "category"))


def get_operation(actor: Actor, operation_id: int) -> Operation:
    """The operation with this id."""
    return _seen(actor, Operation.objects.filter(pk=operation_id).select_related("category"))


def get_part(actor: Actor, part_id: int) -> Part:
    """The part with this id."""
    return _seen(actor, Part.objects.filter(pk=part_id).select_related("manufacturer"))


def history_of(actor: Actor, kind: str, key: int) -> list[Moment]:
    """What was done to one item, newest first, in words."""
    actor.require(Permission.SEE)
    entries = journal.entries_of(kind, key)
    return [told(at=e.at, who=e.actor_name, act=e.act, before=e.before, after=e.after) for e in entries]


def _seen(actor: Actor, rows: QuerySet[M]) -> M:
    actor.require(Permission.SEE)
    return _the(rows)


def _the(rows: QuerySet[M]) -> M:
    row = rows.first()
    if row is None:
        raise Missing
    return row


def _typed(typed: str, kind: str, *paths: str) -> Q:
    # The index knows pinyin, initials and parts of codes; the columns know any other piece of a word.
    wanted = Q(pk__in=search.match_filter(kind, typed, SYSTEM, numeric=True))
    for path in paths:
        wanted |= Q(**{f"{path}__icontains": typed.strip()})
    return wanted
