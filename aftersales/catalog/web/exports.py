"""What the shelves of the catalog export: what their lists show, and whether it is in use."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from aftersales.catalog.permissions import Permission
from aftersales.catalog.web.forms import FilterForm
from aftersales.catalog.web.shelves import SHELVES, Shelf
from aftersales.core.text import text as _
from aftersales.core.web.access import ActorRequest
from aftersales.exchange.queries import Asked, Field, ListExport, register_list
from aftersales.ui.lists import Listed, sorting


def listed(shelf: Shelf, asked: ActorRequest | Asked) -> Listed[Any]:
    """The items asked for, for the page of a shelf and for its export."""
    form = FilterForm(asked.GET, shown=shelf.filters)
    sort = sorting(asked, shelf.columns, default=shelf.default_sort)
    return Listed(shelf.rows(**form.wanted()).order_by(*sort.order_by), form, sort)


def _value(shelf: Shelf, place: int) -> Callable[[Any], object]:
    return lambda row: shelf.cells(row)[place]


def _export(shelf: Shelf) -> ListExport:
    fields = [Field(column.label, _value(shelf, place)) for place, column in enumerate(shelf.columns)]
    return ListExport(
        code=f"catalog:{shelf.plural}",
        title=shelf.title,
        needs=Permission.SEE,
        rows=lambda asked: listed(shelf, asked).rows,
        fields=(*fields, Field(_("In use"), lambda row: row.is_active)),
    )


EXPORTS = {shelf.plural: register_list(_export(shelf)) for shelf in SHELVES}
