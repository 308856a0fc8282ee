"""Stores and items are added and changed."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from aftersales.core import clock
from aftersales.core.text import text as _
from aftersales.core.web.access import ActorRequest, needs
from aftersales.warehouse import queries, services
from aftersales.warehouse.permissions import Permission
from aftersales.warehouse.web import forms
from aftersales.warehouse.web.sending import Sheet, send

SAVED = _("Saved.")


@needs(Permission.SEE)
@require_safe
def stores(request: ActorRequest) -> HttpResponse:
    """The stores one sees."""
    context = {
        "rows": list(queries.list_stores(request.actor)),
        "here": "stores",
        "may_edit": request.actor.may(Permission.EDIT),
    }
    return render(request, "warehouse/stores.html", context)


@needs(Permission.EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def add_store(request: ActorRequest) -> HttpResponse:
    """A new store."""
    form = forms.StoreForm(request.POST or None, actor=request.actor)
    here = reverse("warehouse:stores")
    return send(
        request,
        form,
        lambda told: services.add_store(request.actor, **told, now=clock.now()),
        sheet=Sheet(_("Add a store"), _("Save"), here),
        then=lambda _store: (here, SAVED),
    )


@needs(Permission.EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def edit_store(request: ActorRequest, code: str) -> HttpResponse:
    """A store renamed, closed or opened."""
    row = queries.get_store(request.actor, code)
    initial = {"name": row.name, "is_open": row.is_open, "version": row.version}
    form = forms.EditStoreForm(request.POST or None, initial=initial, actor=request.actor)
    here = reverse("warehouse:stores")
    return send(
        request,
        form,
        lambda told: services.edit_store(request.actor, code=row.code, **told, now=clock.now()),
        sheet=Sheet(_("Edit store {code}", code=row.code), _("Save"), here),
        then=lambda _store: (here, SAVED),
    )


@needs(Permission.EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def add_item(request: ActorRequest) -> HttpResponse:
    """A new item."""
    form = forms.ItemForm(request.POST or None, actor=request.actor)
    return send(
        request,
        form,
        lambda told: services.add_item(request.actor, **told, now=clock.now()),
        sheet=Sheet(_("Add an item"), _("Save"), reverse("warehouse:items")),
        then=lambda item: (reverse("warehouse:item", args=[item.pk]), SAVED),
    )


@needs(Permission.EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def edit_item(request: ActorRequest, key: int) -> HttpResponse:
    """An item changed."""
    row = queries.get_item(request.actor, key)
    initial = {
        **{name: getattr(row, name) for name in ("version", "name", "trade", "measure", "is_active")},
        "cost": row.cost.plain,
        "part": row.part.code if row.part else "",
    }
    form = forms.EditItemForm(request.POST or None, initial=initial, actor=request.actor)
    here = reverse("warehouse:item", args=[row.pk])
    return send(
        request,
        form,
        lambda told: services.edit_item(request.actor, item_id=row.pk, **told, now=clock.now()),
        sheet=Sheet(_("Edit item {code}", code=row.code), _("Save"), here),
        then=lambda _item: (here, SAVED),
    )
