"""Lists, items and forms of the catalog, made once for every shelf; and the trades as the profiles describe them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from aftersales.catalog import queries
from aftersales.catalog.permissions import Permission
from aftersales.catalog.web.exports import EXPORTS, listed
from aftersales.catalog.web.shelves import SHELVES, Shelf
from aftersales.core import clock
from aftersales.core.errors import Refused
from aftersales.core.text import text as _
from aftersales.core.web.access import ActorRequest, needs
from aftersales.exchange.web.buttons import export_button
from aftersales.ui.forms import add_refusal
from aftersales.ui.lists import chips, paginate

View = Callable[..., HttpResponse]


def list_view(shelf: Shelf) -> View:
    """The view that lists a shelf: searched, filtered, sorted, paged."""

    @needs(Permission.SEE)
    @require_safe
    def items(request: ActorRequest) -> HttpResponse:
        found = listed(shelf, request)
        page = paginate(found.rows, request)
        context = {
            "shelf": shelf,
            "page": page,
            "rows": [(row, f"catalog:{shelf.noun}", shelf.drawn(row)) for row in page],
            "heads": found.sorting.heads,
            "form": found.form,
            "chips": chips(request, found.form),
            "export": export_button(request, EXPORTS[shelf.plural]),
            **_frame(request, shelf),
        }
        return render(request, "catalog/items.html", context)

    return _named(items, shelf.plural)


def item_view(shelf: Shelf) -> View:
    """The view that shows one item with its history."""

    @needs(Permission.SEE)
    @require_safe
    def item(request: ActorRequest, key: int) -> HttpResponse:
        row = shelf.get(request.actor, key)
        history = queries.history_of(request.actor, shelf.noun, row.pk)
        context = {"row": row, "cells": shelf.drawn(row), "history": history, **_frame(request, shelf)}
        return render(request, "catalog/item.html", context)

    return _named(item, shelf.noun)


def add_view(shelf: Shelf) -> View:
    """The view that adds an item."""

    @needs(Permission.EDIT)
    @require_http_methods(["GET", "HEAD", "POST"])
    def add(request: ActorRequest) -> HttpResponse:
        form = shelf.form(request.POST or None, is_new=True)

        def write() -> Any:
            return shelf.add(request.actor, **form.cleaned_data, now=clock.now())

        return _form_page(request, shelf, form, write, row=None)

    return _named(add, f"add_{shelf.noun}")


def edit_view(shelf: Shelf) -> View:
    """The view that changes an item; two people at once are told of each other."""

    @needs(Permission.EDIT)
    @require_http_methods(["GET", "HEAD", "POST"])
    def edit(request: ActorRequest, key: int) -> HttpResponse:
        row = shelf.get(request.actor, key)
        initial = {**shelf.initial(row), "version": row.version, "is_active": row.is_active}
        form = shelf.form(request.POST or None, initial=initial, is_new=False)

        def write() -> Any:
            return shelf.change(request.actor, row, form.cleaned_data, clock.now())

        return _form_page(request, shelf, form, write, row=row)

    return _named(edit, f"edit_{shelf.noun}")


def _form_page(request: ActorRequest, shelf: Shelf, form: Any, write: Callable[[], Any], *, row: Any) -> HttpResponse:
    status = 422 if request.method == "POST" else 200
    if request.method == "POST" and form.is_valid():
        try:
            written = write()
        except Refused as refused:
            add_refusal(form, refused)
            status = refused.status
        else:
            messages.success(request, str(_("“{name}” is saved.", name=written)))
            return redirect(f"catalog:{shelf.noun}", written.pk)
    row_url = reverse(f"catalog:{shelf.noun}", args=[row.pk]) if row else ""
    context = {
        "form": form,
        "row": row,
        "row_url": row_url,
        "cancel_url": row_url or reverse(f"catalog:{shelf.plural}"),
        **_frame(request, shelf),
    }
    return render(request, "catalog/form.html", context, status=status)


@needs(Permission.SEE)
@require_safe
def trades(request: ActorRequest) -> HttpResponse:
    """The trades with their words, numbers and lists, as the profiles describe them."""
    return render(request, "catalog/trades.html", {"trades": queries.list_trades(), **_frame(request, None)})


def _frame(request: ActorRequest, shelf: Shelf | None) -> dict[str, Any]:
    tabs = [(f"catalog:{each.plural}", each.title, each is shelf) for each in SHELVES]
    names = (
        {}
        if shelf is None
        else {
            "list_url": f"catalog:{shelf.plural}",
            "add_url": f"catalog:add_{shelf.noun}",
            "edit_url": f"catalog:edit_{shelf.noun}",
        }
    )
    return {
        "shelf": shelf,
        "tabs": tabs,
        "is_trades": shelf is None,
        "may_edit": request.actor.may(Permission.EDIT),
        **names,
    }


def _named(view: View, name: str) -> View:
    view.__name__ = view.__qualname__ = name
    return view
