"""The lists of the warehouse as they were asked for, for their pages and their exports."""

from __future__ import annotations

from typing import Any

from aftersales.core import clock
from aftersales.core.text import text as _
from aftersales.core.web.access import ActorRequest
from aftersales.exchange.queries import Asked, Field, ListExport, register_list
from aftersales.ui.lists import Column, Listed, sorting
from aftersales.warehouse import queries
from aftersales.warehouse.permissions import Permission
from aftersales.warehouse.web.forms import SlowFilter, StockFilter

STOCK = (
    Column("item", _("Goods"), ("item__code", "store__code", "batch", "pk")),
    Column("store", _("Store"), ("store__code", "item__code", "batch", "pk")),
    Column("batch", _("Batch or serial number"), ("batch", "pk")),
    Column("bin", _("Bin"), ("bin", "item__code", "pk")),
    Column("quantity", _("Quantity"), ("quantity", "pk"), is_number=True),
    Column("reserved", _("Reserved"), ("reserved", "pk"), is_number=True),
    Column("worth", _("Worth"), ("worth", "pk"), is_number=True),
    Column("moved", _("Last moved"), ("last_moved_at", "pk")),
)
SLOW = (
    Column("item", _("Goods"), ("item__code", "store__code", "batch", "pk")),
    Column("store", _("Store"), ("store__code", "item__code", "pk")),
    Column("quantity", _("Quantity"), ("quantity", "pk"), is_number=True),
    Column("worth", _("Worth"), ("worth", "pk"), is_number=True),
    Column("moved", _("Last moved"), ("last_moved_at", "pk")),
    Column("handling", _("What is done")),
)


def listed_stock(asked: ActorRequest | Asked) -> Listed[Any]:
    """The stock asked for."""
    form = StockFilter(asked.GET, actor=asked.actor)
    sort = sorting(asked, STOCK, default="item")
    return Listed(queries.list_stock(asked.actor, **form.wanted()).order_by(*sort.order_by), form, sort)


def listed_slow(asked: ActorRequest | Asked) -> Listed[Any]:
    """The goods that lie, dearest first unless asked otherwise."""
    form = SlowFilter(asked.GET, actor=asked.actor)
    sort = sorting(asked, SLOW, default="-worth")
    rows = queries.list_slow(asked.actor, **form.wanted(), now=clock.now())
    return Listed(rows.order_by(*sort.order_by), form, sort)


_COMMON = (
    Field(_("Code"), lambda row: row.item.code),
    Field(_("Name"), lambda row: row.item.name),
    Field(_("Store"), lambda row: row.store.name),
    Field(_("Batch or serial number"), lambda row: row.batch),
    Field(_("Bin"), lambda row: row.bin),
    Field(_("Quantity"), lambda row: row.quantity),
    Field(_("Counted in"), lambda row: row.item.measure),
    Field(_("Worth"), lambda row: row.value),
    Field(_("Last moved"), lambda row: row.last_moved_at),
)
STOCK_EXPORT = register_list(
    ListExport(
        code="warehouse:stock",
        title=_("Stock"),
        needs=Permission.SEE,
        rows=lambda asked: listed_stock(asked).rows,
        fields=(*_COMMON, Field(_("Reserved"), lambda row: row.reserved)),
    )
)
SLOW_EXPORT = register_list(
    ListExport(
        code="warehouse:slow",
        title=_("Slow-moving goods"),
        needs=Permission.SEE,
        rows=lambda asked: listed_slow(asked).rows,
        fields=(
            *_COMMON,
            Field(_("What is done"), lambda row: queries.HANDLING_LABELS[row.handling] if row.handling else ""),
            Field(_("Reason"), lambda row: row.handling_reason or ""),
        ),
    )
)
