"""What lies where, and how it came there."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from aftersales.core.web.access import ActorRequest, needs
from aftersales.exchange.web.buttons import export_button
from aftersales.ui.lists import chips, paginate
from aftersales.warehouse import queries
from aftersales.warehouse.permissions import Permission
from aftersales.warehouse.web import forms, listing


@needs(Permission.SEE)
@require_safe
def stock(request: ActorRequest) -> HttpResponse:
    """The stock of the stores one sees: searched, filtered, sorted, paged."""
    found = listing.listed_stock(request)
    context = {
        "page": paginate(found.rows, request),
        "heads": found.sorting.heads,
        "form": found.form,
        "chips": chips(request, found.form),
        "export": export_button(request, listing.STOCK_EXPORT),
        "here": "stock",
        "may_move": request.actor.may(Permission.MOVE),
    }
    return render(request, "warehouse/stock.html", context)


@needs(Permission.SEE)
@require_safe
def moves(request: ActorRequest) -> HttpResponse:
    """The moves, newest first; those of one number when asked."""
    number = request.GET.get("number", "").strip()
    page = paginate(queries.list_moves(request.actor, number=number), request)
    context = {
        "page": page,
        "number": number,
        "here": "moves",
        "may_reverse": request.actor.may(Permission.REVERSE),
    }
    return render(request, "warehouse/moves.html", context)


@needs(Permission.SEE)
@require_safe
def items(request: ActorRequest) -> HttpResponse:
    """The items that are kept."""
    form = forms.SearchForm(request.GET)
    typed = form.cleaned_data.get("q", "") if form.is_valid() else ""
    context = {
        "page": paginate(queries.list_items(request.actor, typed=typed), request),
        "form": form,
        "chips": chips(request, form),
        "here": "items",
        "may_edit": request.actor.may(Permission.EDIT),
    }
    return render(request, "warehouse/items.html", context)


@needs(Permission.SEE)
@require_safe
def item(request: ActorRequest, key: int) -> HttpResponse:
    """One item: where it lies, what of it is reserved, and its moves."""
    row = queries.get_item(request.actor, key)
    rows = queries.stock_of(request.actor, row)
    actor = request.actor
    context = {
        "item": row,
        "rows": rows,
        "total": sum(each.quantity for each in rows),
        "reserved": sum(each.reserved for each in rows),
        "reservations": list(queries.list_reservations(actor, item=row)),
        "page": paginate(queries.list_moves(actor, item=row), request, per_page=25),
        "may_edit": actor.may(Permission.EDIT),
        "may_move": actor.may(Permission.MOVE),
        "may_reverse": actor.may(Permission.REVERSE),
    }
    return render(request, "warehouse/item.html", context)
