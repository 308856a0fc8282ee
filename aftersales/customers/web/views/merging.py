"""Merging two records of one customer or one unit, and undoing it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.forms import BoundField
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from aftersales.core import clock
from aftersales.core.text import Text, text as _
from aftersales.core.web.access import ActorRequest, needs
from aftersales.customers import queries, services
from aftersales.customers.permissions import Permission
from aftersales.customers.rules.merging import UNDO_DAYS
from aftersales.customers.web.merge_forms import MergeForm, PickForm
from aftersales.customers.web.saving import save


@dataclass(frozen=True)
class _Kind:
    """What differs between customers and units."""

    word: str
    title: Text
    get: Callable[..., Any]
    find: Callable[..., Any]
    compare: Callable[..., queries.Comparison]
    merge: Callable[..., Any]


CUSTOMERS = _Kind(
    "customer",
    _("Merge two records of one customer"),
    queries.get_customer,
    queries.find_customers,
    queries.compare_customers,
    services.merge_customers,
)
UNITS = _Kind(
    "unit",
    _("Merge two records of one unit"),
    queries.get_unit,
    queries.find_units,
    queries.compare_units,
    services.merge_units,
)


@needs(Permission.MERGE_CUSTOMERS)
@require_http_methods(["GET", "HEAD", "POST"])
def merge_customers(request: ActorRequest, customer_id: int) -> HttpResponse:
    """Find the other record of this customer, compare the two field by field, and make them one."""
    return _merge(request, CUSTOMERS, customer_id)


@needs(Permission.MERGE_UNITS)
@require_http_methods(["GET", "HEAD", "POST"])
def merge_units(request: ActorRequest, unit_id: int) -> HttpResponse:
    """Find the other record of this unit, compare the two field by field, and make them one."""
    return _merge(request, UNITS, unit_id)


@needs(Permission.MERGE_CUSTOMERS)
@require_http_methods(["GET", "HEAD", "POST"])
def undo_merge_of_customers(request: ActorRequest, merge_id: int) -> HttpResponse:
    """Say what undoing the merge gives back and what stays, and undo it."""
    return _undo(request, CUSTOMERS, merge_id)


@needs(Permission.MERGE_UNITS)
@require_http_methods(["GET", "HEAD", "POST"])
def undo_merge_of_units(request: ActorRequest, merge_id: int) -> HttpResponse:
    """Say what undoing the merge gives back and what stays, and undo it."""
    return _undo(request, UNITS, merge_id)


def _merge(request: ActorRequest, kind: _Kind, key: int) -> HttpResponse:
    kept = kind.get(request.actor, key)
    picked = PickForm(request.POST or request.GET)
    here = reverse(f"customers:merge_{kind.word}s", args=[kept.pk])
    context = {"kind": kind.word, "title": kind.title, "kept": kept, "here": here, "typed": picked.typed}
    if picked.other_id is None:
        found = kind.find(request.actor, picked.typed) if picked.typed else []
        context["found"] = [one for one in found if one.pk != kept.pk]
        return render(request, "customers/merge_find.html", context)
    comparison = kind.compare(request.actor, kept.pk, picked.other_id)
    form = MergeForm(request.POST or None, comparison=comparison)

    def write() -> Any:
        return kind.merge(request.actor, kept_id=key, gone_id=picked.other_id, choices=form.choices(), now=clock.now())

    made, status = save(form, write)
    if made:
        done = _("The two records are one now. For {count} days this can be undone from this page.", count=UNDO_DAYS)
        messages.success(request, str(done))
        return redirect(f"customers:{kind.word}", made.kept_key)
    turned = reverse(f"customers:merge_{kind.word}s", args=[comparison.gone.pk]) + f"?with={kept.pk}"
    context |= {"form": form, "comparison": comparison, "rows": _rows(comparison, form), "turned": turned}
    return render(request, "customers/merge.html", context, status=status)


@dataclass(frozen=True)
class _Row:
    """One line of the comparison: the field as it is, with its choice where the two differ."""

    field: queries.FieldChoice
    choice: BoundField | None


def _rows(comparison: queries.Comparison, form: MergeForm) -> list[_Row]:
    return [_Row(each, None if each.is_same else form[each.name]) for each in comparison.fields]


def _undo(request: ActorRequest, kind: _Kind, merge_id: int) -> HttpResponse:
    if request.method == "POST":
        queries.get_merge(request.actor, merge_id, kind=kind.word)
        undone = services.undo_merge(request.actor, merge_id=merge_id, now=clock.now())
        messages.success(request, str(_("The two records are two again.")))
        return redirect(f"customers:{kind.word}", undone.kept_key)
    view = queries.preview_undo(request.actor, merge_id, kind=kind.word, now=clock.now())
    return render(request, "customers/merge_undo.html", {"kind": kind.word, "view": view})
